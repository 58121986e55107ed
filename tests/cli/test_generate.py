"""``mockregister generate``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from mockregister.cli import main
from mockregister.testing import Lpr3, server

FEW = ("--patients", "3", "--seed", "7", "--until", "2026-06-30")


def run(*words: str, expected: int = 0) -> str:
    outcome = CliRunner().invoke(main, ["generate", *words])
    assert outcome.exit_code == expected, outcome.output
    return outcome.output


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_without_a_place_to_go_it_tells_what_there_would_be() -> None:
    assert "documents, 0 courses with a mistake" in run(*FEW)


def test_files_are_the_same_on_two_runs_and_sort_in_the_order_of_sending(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        run(*FEW, "--out", str(tmp_path / folder))
    files = contents(tmp_path / "one")
    assert files == contents(tmp_path / "two")
    assert min(files).endswith("-v1.xml")


def test_documents_go_into_a_running_register_each_patient_s_together() -> None:
    with server() as url:
        said = run(*FEW, "--into", url)
        stored = Lpr3(url, "default").stored()
    assert f"{stored['submissions']} patients, {stored['documents']} documents" in said
    assert 3 <= stored["submissions"] < stored["documents"]


def test_what_a_register_refuses_is_told() -> None:
    with server() as url:
        run(*FEW, "--into", url)
        documents = Lpr3(url, "default").stored()["documents"]
        refusals = re.findall(r"^(\d+) not stored: INTEGRITY_CHECK Set ", run(*FEW, "--into", url, expected=1), re.MULTILINE)
    assert sum(map(int, refusals)) == documents


def test_of_many_reasons_for_refusals_some_are_told_and_their_number() -> None:
    many = ("--patients", "12", "--seed", "7", "--until", "2026-06-30")
    with server() as url:
        run(*many, "--into", url)
        said = run(*many, "--into", url, expected=1)
    assert len(re.findall(r"^\d+ not stored: ", said, re.MULTILINE)) == 10
    assert re.search(r"^\d+ not stored in all, for \d\d reasons$", said, re.MULTILINE)


def test_what_breaks_a_rule_is_not_sent() -> None:
    assert "leave out --into" in run("--breaking", "05.53", "--into", "http://127.0.0.1:1", expected=2)


def test_a_day_to_come_is_not_the_clock_of_what_breaks_a_rule(tmp_path: Path) -> None:
    said = run("--breaking", "05.53", "--until", "2050-06-30", "--out", str(tmp_path))
    assert "--clock 20" in said
    assert "--clock 2050" not in said


def test_a_code_s_documents_are_written(tmp_path: Path) -> None:
    assert "2 documents" in run("--breaking", "EOC_ALREADY_EXISTS", "--out", str(tmp_path))
    assert set(contents(tmp_path)) == {"EOC_ALREADY_EXISTS-1.xml", "EOC_ALREADY_EXISTS-2.xml"}


@pytest.mark.parametrize(
    ("code", "needs"),
    [
        ("NO_PATIENT_ID_IN_COMMON", "the last 2 are one submission"),
        ("AUTHOR_INSTITUTION_NOT_FOUND", "must name no author institution"),
        ("CUSTODIAN_NOT_FOUND", "--producers listed"),
        ("EOC_ALREADY_EXISTS", ""),
    ],
)
def test_what_a_code_needs_beside_its_documents_is_told(code: str, needs: str, tmp_path: Path) -> None:
    told, *rest = run("--breaking", code, "--out", str(tmp_path)).splitlines()
    assert told.endswith(f"documents in {tmp_path}")
    assert [needs in line for line in rest if "submit --with" not in line] == ([True] if needs else [])


def test_a_rule_s_documents_come_with_the_tables_that_it_needs(tmp_path: Path) -> None:
    said = run("--breaking", "05.53", "--until", "2026-06-30", "--out", str(tmp_path))
    assert "05.53-1.xml" in contents(tmp_path)
    assert ("codes.csv" in contents(tmp_path)) == ("practice tables" in said)


def test_what_is_neither_a_rule_nor_a_code_is_told(tmp_path: Path) -> None:
    assert "There is no rule 'FLUE'" in run("--breaking", "FLUE", "--out", str(tmp_path), expected=2)


def test_an_unknown_scenario_is_told() -> None:
    assert "There is no scenario 'flue'" in run("--scenario", "flue", expected=2)


def test_a_day_that_no_patient_can_be_told_of_is_told() -> None:
    for day in ("1850-01-01", "1969-03-01", "2058-06-01", "9999-12-31"):
        assert f"Patients until {day} cannot be generated" in run("--until", day, expected=2)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "Not a directory" in run(*FEW, "--out", str(tmp_path / "file" / "folder"), expected=2)


def test_a_date_that_is_none_is_told() -> None:
    assert "'soon' is not a date; write it as 2026-06-30." in run("--until", "soon", expected=2)


def test_what_breaks_a_rule_of_an_edition_is_written(tmp_path):
    assert "1 documents" in run("--breaking", "11.107", "--edition", "2018-09-12", "--out", str(tmp_path))
    assert "is listed and not reported" in run(
        "--breaking", "05.11", "--edition", "2018-06-13", "--out", str(tmp_path), expected=2
    )
    assert "--edition goes with --breaking" in run("--edition", "2018-09-12", expected=2)
