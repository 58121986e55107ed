"""docs/profile.md is generated from the declarations."""

from __future__ import annotations

from pathlib import Path

import mockregister.model
from mockregister.validation.profile import TEMPLATES, docs

PAGE = Path(__file__).parents[3] / "docs" / "profile.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == docs.page(), "run: python -m mockregister.validation.profile.docs > docs/profile.md"


def test_every_template_is_on_the_page_with_its_id_and_meaning() -> None:
    page = docs.page()
    assert all(f"### {found.name}\n\n{found.meaning}\n\n{found.id} of " in page for found in TEMPLATES)


def test_every_model_class_that_a_template_names_exists() -> None:
    assert {template.model for template in TEMPLATES if template.model} <= set(mockregister.model.__all__)
