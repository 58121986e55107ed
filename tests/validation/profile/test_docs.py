"""docs/profile.md is made from the declarations."""

from __future__ import annotations

from pathlib import Path

import mockregister.model
from mockregister.validation.profile import TEMPLATES, docs

PAGE = Path(__file__).parents[3] / "docs" / "profile.md"


def test_the_page_is_not_stale() -> None:
    assert PAGE.read_text("utf-8") == docs.page(), "run: python -m mockregister.validation.profile.docs > docs/profile.md"


def test_every_template_is_on_the_page_with_its_id_and_meaning() -> None:
    page = docs.page()
    assert all(f"### {one.name}\n\n{one.meaning}\n\n{one.id} of " in page for one in TEMPLATES)


def test_every_model_that_a_template_becomes_is_there() -> None:
    assert {one.model for one in TEMPLATES if one.model} <= set(mockregister.model.__all__)
