"""docs/exam.md names everything that can be written in a story."""

from __future__ import annotations

from pathlib import Path

from mockregister.exam.facets import FACETS
from mockregister.exam.story import OF_THE_WAY
from mockregister.exam.units import DEFAULTS

PAGE = (Path(__file__).parents[2] / "docs" / "exam.md").read_text("utf-8")


def test_every_kind_and_every_detail_is_documented() -> None:
    for kind, facets in FACETS.items():
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{kind}` |"))
        assert [name for name in facets if f"`{name}`" not in row] == []


def test_every_role_and_every_expectation_about_the_way_of_reporting_is_documented() -> None:
    assert [role for role in DEFAULTS if f"`{role}`" not in PAGE] == []
    assert [way for way in OF_THE_WAY if f"`{way}" not in PAGE] == []
