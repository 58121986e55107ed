"""Our own generator passes all shipped stories, and each expectation can fail alone."""

from __future__ import annotations

import pytest

from mockregister.exam import library
from mockregister.exam.answering import Solution
from mockregister.exam.lint import lint
from mockregister.exam.notation import read
from mockregister.exam.spoiling import Spoiling, Trial
from mockregister.exam.verdict import ExamStanding
from tests.exam.conftest import NAMES, NOW, TABLES, Room

QUICK = ("diagnosis-report", "private-hospital", "wrong-patient")


def trial(name: str) -> Trial:
    written = library.shipped()[name]
    return Trial(read(written.file, written.text), written, NOW, TABLES)


def test_there_are_at_least_25_stories_in_both_languages() -> None:
    stories = library.stories_of(library.chosen([]))
    assert len(stories) >= 25
    assert all(step.texts["da"] and step.texts["en"] for story in stories for step in story.steps)
    assert len({story.titles["da"] for story in stories}) == len({story.titles["en"] for story in stories}) == len(stories)


@pytest.mark.parametrize("name", NAMES)
def test_a_story_has_no_unknown_codes_or_roles(name: str) -> None:
    assert lint(trial(name).story, TABLES, NOW.date(), {}) == []


def test_documents_of_our_own_generator_pass_every_story(every_story: Room) -> None:
    missed = [
        (story.name, each.wanted, each.found)
        for story in every_story.judged()
        for each in story.expectations
        if each.standing is not ExamStanding.MET
    ]
    assert missed == []


def test_no_expectation_is_met_before_documents_are_sent() -> None:
    judged = Room(library.chosen([])).judged()
    assert {each.standing for story in judged for each in story.expectations} == {ExamStanding.UNTRIED}


@pytest.mark.parametrize("name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in NAMES])
def test_for_every_expectation_there_is_a_mistake_that_makes_only_it_fail(name: str) -> None:
    tried = trial(name)
    assert tried.failing(Spoiling(Solution(tried.story))) == []
    assert [
        (each.line, each.kind, each.name) for number, each in enumerate(tried.story.expectations) if tried.mistake(number) is None
    ] == []
