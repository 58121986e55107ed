"""``mockregister validate`` checks documents on four levels without a server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockregister.cli import main
from mockregister.cli.demo import example
from mockregister.testing import Lpr3, server
from tests.builders import a_document, a_parent, an_encounter, an_episode, as_xml

NOON = "2019-06-01T12:00:00+02:00"
CODES = "code,term,valid_from,valid_to,lists\nALCA00,fysisk fremmøde,2017-01-01,,admin.konttype\n"


def validate(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["validate", "--clock", NOON, *map(str, words)])


def written(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def test_the_shipped_example_is_clean(tmp_path: Path) -> None:
    outcome = validate(written(tmp_path, "example.xml", example()))
    assert (outcome.exit_code, outcome.output) == (0, "example.xml: nothing wrong\n")


@pytest.mark.parametrize(
    ("content", "summary"),
    [
        (b"<ClinicalDocument>", "1 error, no warnings; stopped at INTEGRITY_CHECK"),
        (b"", "1 error, no warnings; stopped at INTEGRITY_CHECK"),
        (b"<ClinicalDocument/>", "1 error, no warnings; stopped at XSD"),
        (as_xml(episodes=[an_episode()], encounters=[an_encounter()]), "2 errors, no warnings"),
    ],
)
def test_errors_are_counted_and_the_level_that_stopped_validation_is_named(tmp_path: Path, content: bytes, summary: str) -> None:
    outcome = validate(written(tmp_path, "wrong.xml", content))
    assert outcome.exit_code == 1
    assert outcome.output.splitlines()[0] == f"wrong.xml: {summary}"


def test_a_document_may_build_on_an_earlier_one(tmp_path: Path) -> None:
    first = written(tmp_path, "first.xml", as_xml(episodes=[an_episode()]))
    second = written(tmp_path, "second.xml", as_xml(a_document(version=2, parent=a_parent())))
    assert validate(first, second).exit_code == 0
    assert "SET_NOT_FOUND" in validate(second, first).output


def test_a_rule_can_be_switched_off(tmp_path: Path) -> None:
    file = written(tmp_path, "wrong.xml", as_xml(episodes=[an_episode()], encounters=[an_encounter()]))
    assert "BUSINESS_RULE 05.14" in validate(file).output
    assert validate("--rules-off", "05.14,05.15", file).exit_code == 0


def test_an_unknown_rule_is_reported_in_one_line(tmp_path: Path) -> None:
    outcome = validate("--rules-off", "99.99", written(tmp_path, "a.xml", b""))
    assert outcome.exit_code == 2
    assert outcome.stderr == "mockregister: There is no rule '99.99'; `mockregister rules list` shows them.\n"


def test_codes_are_checked_against_the_given_file(tmp_path: Path) -> None:
    codes = written(tmp_path, "codes.csv", CODES.encode())
    outcome = validate("--codes", codes, written(tmp_path, "example.xml", example()))
    assert outcome.exit_code == 1
    assert "SKS_CODE_NOT_FOUND" in outcome.output


def test_a_place_is_printed_with_its_line(tmp_path: Path) -> None:
    outcome = validate(written(tmp_path, "wrong.xml", example().replace(b'"DI109"', b'"DZZZZ"')))
    assert "SKS_CODE_NOT_FOUND" in outcome.output
    assert "(line " in outcome.output


def test_level_2_is_explained_beside_the_lines_that_break_it(tmp_path: Path) -> None:
    wrong = example().replace(b"<country>5100</country>", b"")
    file = written(tmp_path, "wrong.xml", wrong)
    plain, explained = validate(file), validate("--explain", file)
    assert (plain.exit_code, explained.exit_code) == (1, 1)
    assert "SCHEMATRON" in plain.output
    assert len(explained.output.splitlines()) > len(plain.output.splitlines())


def test_schema_errors_are_reported_although_no_author_may_report(tmp_path: Path) -> None:
    assert "XSD" in validate(written(tmp_path, "empty.xml", b"<ClinicalDocument xmlns='urn:hl7-org:v3'/>")).output


def test_validate_finds_the_same_as_a_server(tmp_path: Path) -> None:
    documents = [
        example(),
        example().replace(b'"DI109"', b'"DZZZZ"'),
        as_xml(episodes=[an_episode()], encounters=[an_encounter()]),
        example().replace(b"<setId", b"<set"),
    ]
    with server() as url:
        for number, document in enumerate(documents):
            lpr3 = Lpr3(url, f"register-{number}")
            lpr3.clock.freeze(NOON)
            found = lpr3.submit(document).findings
            told = json.loads(validate("--format", "json", written(tmp_path, "document.xml", document)).output)
            assert [finding["text"] for finding in told[0]["findings"]] == [finding.text for finding in found]


def test_fix_shows_the_difference_and_writes_the_mended_document(tmp_path: Path) -> None:
    wrong = written(tmp_path, "wrong.xml", example().replace(b'code="DI109"', b'code="di109"'))
    outcome = validate(wrong, "--fix", tmp_path / "right.xml")
    assert outcome.exit_code == 0
    assert (tmp_path / "right.xml").read_bytes() == example()
    for said in ("wrong.xml:247: @code of main condition 1", "--- wrong.xml", "+++ right.xml", "right.xml: nothing wrong"):
        assert said in outcome.output


def test_fix_writes_nothing_if_no_mending_is_certain(tmp_path: Path) -> None:
    wrong = written(tmp_path, "wrong.xml", example().replace(b"DI109", b"DI1X9"))
    outcome = validate(wrong, "--fix", tmp_path / "right.xml")
    assert (outcome.exit_code, (tmp_path / "right.xml").exists()) == (1, False)
    assert "wrong.xml: nothing can be mended with certainty" in outcome.output


def test_fix_overwrites_no_file(tmp_path: Path) -> None:
    wrong = written(tmp_path, "wrong.xml", example())
    assert validate(wrong, "--fix", wrong).exit_code == 2


def test_an_explanation_is_danish_throughout(tmp_path: Path) -> None:
    wrong = written(tmp_path, "wrong.xml", example().replace(b"20190501100000", b"20190510100000"))
    told = validate(wrong, "--explain", "--language", "da").output
    assert {"fordi:", "linjer:", "gør:", "erklæret:", "ved", "og"} <= set(told.split())
    assert not {"because", "lines:", "do:", "declared:", "at", "and"} & {line.split()[0] for line in told.splitlines() if line}
