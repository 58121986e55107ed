"""docs/exam.md names everything that a story can say."""

from __future__ import annotations

from pathlib import Path

from mockregister.exam.facets import FACETS
from mockregister.exam.story import OF_THE_WAY
from mockregister.exam.units import DEFAULTS

PAGE = (Path(__file__).parents[2] / "docs" / "exam.md").read_text("utf-8")


def test_every_kind_and_facet_is_told() -> None:
    for kind, facets in FACETS.items():
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{kind}` |"))
        assert [name for name in facets if f"`{name}`" not in row] == []


def test_every_role_and_every_expectation_of_the_way_is_told() -> None:
    assert [role for role in DEFAULTS if f"`{role}`" not in PAGE] == []
    assert [way for way in OF_THE_WAY if f"`{way}" not in PAGE] == []
