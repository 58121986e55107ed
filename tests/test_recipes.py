"""The recipes in docs/ can be run as they stand: every curl line, every piece of YAML, and the JUnit project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from mockregister.testing import server

DOCS = Path(__file__).parents[1] / "docs"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PAGES = sorted([*DOCS.glob("testing-with-*.md"), DOCS / "controls.md"])


def blocks(language: str) -> list[pytest.ParameterSet]:
    """Every code block of this language in the recipes."""
    found = [(page.stem, text) for page in PAGES for kind, text in BLOCK.findall(page.read_text("utf-8")) if kind == language]
    return [pytest.param(text, id=f"{page}-{number}") for number, (page, text) in enumerate(found)]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A server that the recipes talk to."""
    with server() as address:
        yield address


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
@pytest.mark.parametrize("script", blocks("bash"))
def test_every_line_of_a_shell_block_succeeds(script: str, url: str, tmp_path: Path) -> None:
    lines = script.replace("http://localhost:8080", url)
    done = subprocess.run(["bash", "-ec", lines], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{lines}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("text", blocks("yaml"))
def test_every_piece_of_yaml_is_yaml(text: str) -> None:
    assert {"services", "jobs"} & set(yaml.safe_load(text))


def test_every_recipe_tells_how_it_was_checked() -> None:
    assert len(PAGES) == 6
    assert [page.name for page in PAGES if "Checked" not in page.read_text("utf-8") and page.name != "controls.md"] == []


@pytest.mark.skipif("MOCKREGISTER_TEST_MAVEN" not in os.environ, reason="Maven is asked for with MOCKREGISTER_TEST_MAVEN=1")
def test_the_junit_project_passes(url: str, tmp_path: Path) -> None:
    project = shutil.copytree(DOCS / "junit", tmp_path / "junit")
    environment = {**os.environ, "MOCKREGISTER_URL": url}
    done = subprocess.run(["mvn", "-o", "-B", "test"], cwd=project, env=environment, capture_output=True, text=True, timeout=300)
    assert "Tests run: 3, Failures: 0, Errors: 0" in done.stdout, done.stdout
