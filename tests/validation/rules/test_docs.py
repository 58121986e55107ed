"""docs/rules.md is generated from the declarations."""

from __future__ import annotations

from pathlib import Path

from mockregister.validation.rules import docs

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"


def test_the_page_is_up_to_date_with_the_declarations():
    assert PAGE.read_text("utf-8") == docs.page(), "run: python -m mockregister.validation.rules.docs > docs/rules.md"
