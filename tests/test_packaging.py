"""What a stranger finds around the package: versions, licences, a lock file that fits, a wheel that holds all it needs."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from mockregister import __version__
from mockregister.cli import main

ROOT = Path(__file__).resolve().parents[1]


def test_the_command_names_its_version() -> None:
    assert CliRunner().invoke(main, ["--version"]).output == f"mockregister, version {__version__}\n"


def test_the_topmost_section_of_the_changelog_is_this_version() -> None:
    headings = re.findall(r"^## (\d+\.\d+\.\d+)( \(unreleased\))?$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    version, unreleased = headings[0]
    assert __version__ == version + (".dev0" if unreleased else "")
    assert [mark for _, mark in headings[1:] if mark] == []
