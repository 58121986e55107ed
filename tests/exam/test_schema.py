"""The schema for editors accepts all valid stories, and rejects others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from mockregister.exam import library
from mockregister.exam.schema import schema
from tests.exam.conftest import NAMES, VISIT

FILE = Path(__file__).parents[2] / "docs" / "exam-story.schema.json"
VALIDATOR = Draft202012Validator(schema())


def problems(text: str) -> list[Any]:
    """Return the problems of a story that is read as editors read it: in YAML 1.2, where ``on`` is a text."""
    return list(VALIDATOR.iter_errors(yaml.load(text, Loader=yaml.BaseLoader)))


def test_the_file_is_up_to_date_with_the_schema() -> None:
    assert json.loads(FILE.read_text("utf-8")) == schema(), "python -m mockregister.exam.schema makes it anew"


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_story_is_valid(name: str) -> None:
    assert problems(library.shipped()[name].text) == []


def test_the_story_template_is_valid() -> None:
    assert problems(library.template()) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [("priority:", "urgency:"), ("day -2 11:00", "yesterday"), ("main: yes", "main: perhaps"), ("people:", "persons:")],
)
def test_impossible_stories_are_rejected(before: str, after: str) -> None:
    assert before in VISIT
    assert problems(VISIT.replace(before, after))
