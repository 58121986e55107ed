"""The command ``mockregister generate``."""

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


def test_without_an_output_folder_it_prints_what_it_would_write() -> None:
    assert "documents, 0 courses with a mistake" in run(*FEW)


def test_two_runs_write_the_same_files_whose_names_sort_in_the_order_of_sending(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        run(*FEW, "--out", str(tmp_path / folder))
    files = contents(tmp_path / "one")
    assert files == contents(tmp_path / "two")
    assert min(files).endswith("-v1.xml")


def test_documents_are_sent_to_a_running_register_patient_by_patient() -> None:
    with server() as url:
        said = run(*FEW, "--into", url)
        stored = Lpr3(url, "default").stored()
    assert f"{stored['submissions']} patients, {stored['documents']} documents" in said
    assert 3 <= stored["submissions"] < stored["documents"]


def test_documents_that_the_register_refuses_are_reported() -> None:
    with server() as url:
        run(*FEW, "--into", url)
        documents = Lpr3(url, "default").stored()["documents"]
        refusals = re.findall(r"^(\d+) not stored: INTEGRITY_CHECK Set ", run(*FEW, "--into", url, expected=1), re.MULTILINE)
    assert sum(map(int, refusals)) == documents


def test_some_of_many_reasons_for_refusals_are_printed_with_the_number_of_all() -> None:
    many = ("--patients", "12", "--seed", "7", "--until", "2026-06-30")
    with server() as url:
        run(*many, "--into", url)
        said = run(*many, "--into", url, expected=1)
    assert len(re.findall(r"^\d+ not stored: ", said, re.MULTILINE)) == 10
    assert re.search(r"^\d+ not stored in all, for \d\d reasons$", said, re.MULTILINE)


def test_documents_that_break_a_rule_are_not_sent() -> None:
    assert "leave out --into" in run("--breaking", "05.53", "--into", "http://127.0.0.1:1", expected=2)


def test_the_clock_that_is_advised_for_a_broken_rule_is_never_in_the_future(tmp_path: Path) -> None:
    said = run("--breaking", "05.53", "--until", "2050-06-30", "--out", str(tmp_path))
    assert "--clock 20" in said
    assert "--clock 2050" not in said


def test_documents_that_provoke_an_integrity_code_are_written(tmp_path: Path) -> None:
    assert "2 documents" in run("--breaking", "EOC_ALREADY_EXISTS", "--out", str(tmp_path))
    assert set(contents(tmp_path)) == {"EOC_ALREADY_EXISTS-1.xml", "EOC_ALREADY_EXISTS-2.xml"}


@pytest.mark.parametrize(
    ("code", "needs"),
    [
        ("NO_PATIENT_ID_IN_COMMON", "the last 2 documents are one submission"),
        ("AUTHOR_INSTITUTION_NOT_FOUND", "must name no author institution"),
        ("CUSTODIAN_NOT_FOUND", "--producers listed"),
        ("EOC_ALREADY_EXISTS", ""),
    ],
)
def test_conditions_for_provoking_an_integrity_code_are_printed(code: str, needs: str, tmp_path: Path) -> None:
    told, *rest = run("--breaking", code, "--out", str(tmp_path)).splitlines()
    assert told.endswith(f"documents in {tmp_path}")
    assert [needs in line for line in rest if "submit --with" not in line] == ([True] if needs else [])


def test_the_code_tables_that_a_rule_needs_are_written_with_its_documents(tmp_path: Path) -> None:
    said = run("--breaking", "05.53", "--until", "2026-06-30", "--out", str(tmp_path))
    assert "05.53-1.xml" in contents(tmp_path)
    assert ("codes.csv" in contents(tmp_path)) == ("practice tables" in said)


def test_an_unknown_rule_or_code_is_reported(tmp_path: Path) -> None:
    assert "There is no rule 'FLUE'" in run("--breaking", "FLUE", "--out", str(tmp_path), expected=2)


def test_an_unknown_scenario_is_reported() -> None:
    assert "There is no scenario 'flue'" in run("--scenario", "flue", expected=2)


def test_a_date_for_which_no_patients_can_be_generated_is_reported() -> None:
    for day in ("1850-01-01", "1969-03-01", "2058-06-01", "9999-12-31"):
        assert f"Patients until {day} cannot be generated" in run("--until", day, expected=2)


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "Not a directory" in run(*FEW, "--out", str(tmp_path / "file" / "folder"), expected=2)


def test_an_invalid_date_is_reported() -> None:
    assert "'soon' is not a date; write it as 2026-06-30." in run("--until", "soon", expected=2)


def test_documents_that_break_a_rule_of_an_edition_are_written(tmp_path):
    assert "1 documents" in run("--breaking", "11.107", "--edition", "2018-09-12", "--out", str(tmp_path))
    assert "is listed and not reported" in run(
        "--breaking", "05.11", "--edition", "2018-06-13", "--out", str(tmp_path), expected=2
    )
    assert "--edition goes with --breaking" in run("--edition", "2018-09-12", expected=2)
