"""The README is up to date: its table of settings, the files that it links to, and the test command that it shares with CI."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from mockregister.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
TABLE = re.compile(r"(<!-- settings: .*? -->\n)(.*?)(<!-- /settings -->)", re.DOTALL)


def settings_table() -> str:
    """Return the table of settings. ``python -m tests.test_readme`` writes it into the README."""
    rows = ["| flag | variable | default | meaning |", "|---|---|---|---|"]
    for setting in fields(Settings):
        flag, variable = setting.name.replace("_", "-"), PREFIX + setting.name.upper()
        rows.append(f"| `--{flag}` | `{variable}` | {setting.metadata['shown'] or 'empty'} | {setting.metadata['text']} |")
    return "\n".join(rows) + "\n"


def test_the_beginning_says_what_the_project_is_for() -> None:
    first = README.read_text("utf-8").splitlines()[0]
    assert "testing only" in first
    assert "no real patient data" in first


def test_the_table_of_settings_is_up_to_date() -> None:
    found = TABLE.search(README.read_text("utf-8"))
    assert found is not None
    assert found[2] == settings_table(), "run python -m tests.test_readme"


def test_every_file_that_the_readme_links_to_exists() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README.read_text("utf-8")):
        assert (ROOT / target).is_file(), target


def test_ci_can_read_the_test_command() -> None:
    assert re.search(r"^.*&& \.venv/bin/pytest", README.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", ["CHANGELOG.md", "CONTRIBUTING.md", "docs/deviations.md"])
def test_no_text_contains_a_path_of_a_developers_machine(name: str) -> None:
    assert not re.search(r"/(home|root|work)/|[A-Z]:\\\\", (ROOT / name).read_text("utf-8"))


if __name__ == "__main__":
    text = README.read_text("utf-8")
    README.write_text(TABLE.sub(lambda found: found[1] + settings_table() + found[3], text), "utf-8")
