"""The command ``mockregister exam``, with a running server and without."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockregister.cli import main
from mockregister.testing import server
from tests.exam.conftest import NOW, VISIT


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["exam", *map(str, words)])


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Serve a register on which exams are started."""
    with server(clock=NOW) as address:
        yield address


def test_an_exam_is_started_checked_taken_and_ended(url: str, tmp_path: Path) -> None:
    units, sheet, report = tmp_path / "units.csv", tmp_path / "sheet.html", tmp_path / "report.html"
    units.write_text("role,sor_id\nmedical,6071000016008\n", "utf-8")
    begun = run("start", "team", "--stories", "diagnosis-report", "--units", units, "--sheet", sheet, "--url", url)
    assert begun.exit_code == 0, begun.output
    assert f"1 story, day 0 is 2026-06-17; report to {url}/r/team/" in begun.output
    assert "6071000016008" in sheet.read_text("utf-8")
    assert run("check", "team", "--url", url).exit_code == 1
    assert run("sit", "team", "--stories", "nothing", "--url", url).exit_code == 2
    sat = run("sit", "team", "--stories", "diagnosis-report", "--url", url)
    assert sat.exit_code == 0, sat.output
    assert "ok diagnosis-report: 6 of 6 met" in sat.output
    assert run("check", "team", "--url", url, "--format", "html", "--out", report).exit_code == 0
    assert "6071000016008" not in report.read_text("utf-8")
    assert json.loads(run("check", "team", "--url", url, "--format", "json").output)["register"] == "team"
    assert run("end", "team", "--url", url).exit_code == 0
    again = run("start", "team", "--stories", "diagnosis-report", "--url", url).output
    assert "The register 'team' already has 1 report about these people, and the verdict counts them." in again
    assert f"reset the register: POST {url}/r/team/__admin/reset" in again
    assert run("end", "team", "--url", url).exit_code == 0
    gone = run("check", "team", "--url", url)
    assert gone.exit_code == 2
    assert "'team' is not a sitting" in gone.output


def test_an_exam_uses_the_stories_of_a_folder(url: str, tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text(VISIT, "utf-8")
    assert run("start", "own", "--stories", tmp_path, "--url", url).exit_code == 0
    assert "-- own: not begun (A visit)" in run("check", "own", "--url", url).output


@pytest.mark.parametrize(
    ("units", "sentence"),
    [
        ("sor_id,role\n", "units.csv:1: The first line must be 'role,sor_id', not 'sor_id,role'."),
        ("role,sor_id\nmedical,123\n", "units.csv:2: The role 'medical' needs a SOR id, not '123'."),
        ("role,sor_id\nmars,6071000016008\n", "units.csv:2: There is no role 'mars'; there are acute, audiology"),
    ],
)
def test_impossible_units_are_reported_with_their_line(url: str, tmp_path: Path, units: str, sentence: str) -> None:
    (tmp_path / "units.csv").write_text(units, "utf-8")
    told = run("start", "bad", "--stories", "diagnosis-report", "--units", tmp_path / "units.csv", "--url", url)
    assert told.exit_code == 2
    assert sentence in told.output


def test_a_new_story_has_no_errors_and_can_be_used_in_an_exam(url: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    assert run("new", file).exit_code == 0
    assert run("new", file).exit_code == 2
    checked = run("lint", file)
    assert (checked.exit_code, checked.output) == (0, "")
    assert run("start", "mine", "--stories", file, "--url", url).exit_code == 0
    assert run("sit", "mine", "--url", url).exit_code == 0


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("on: visit", "on: visits", "own.yml:17: 'visits' is not the name of any encounter of this story; there is visit."),
        ("code: DI109", "code: DI999999", "own.yml:16: code: SKS has no code 'DI999999', and no role"),
        ("main: yes", "main: no", "own.yml:20: The answer of our own generator does not meet this: in the error list: 05.14."),
        ("    start: day -2 10:00\n    end: day -2 11:00\n", "", "own.yml:1: Our own generator cannot report this: give every"),
        ("  - error_list: empty", "  - error_list: empty\n  - error_list: empty", "own.yml:20: No mistake makes only this"),
    ],
)
def test_lint_names_the_file_and_the_line(tmp_path: Path, before: str, after: str, problem: str) -> None:
    assert before in VISIT
    file = tmp_path / "own.yml"
    file.write_text(VISIT.replace(before, after), "utf-8")
    checked = run("lint", file)
    assert checked.exit_code == 1
    assert checked.output.startswith(problem)
