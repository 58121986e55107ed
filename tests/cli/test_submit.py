"""``mockregister submit`` tells people and scripts what the register answered."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockregister.cli import main
from mockregister.testing import Lpr3, server
from tests.builders import a_document, an_encounter, an_episode, as_xml, uuid
from tests.serving import nobody_listens

NEW, MALFORMED = "new.xml", "malformed.xml"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with server(clock=None) as found:
        yield found


@pytest.fixture
def lpr3(url: str) -> Iterator[Lpr3]:
    register = Lpr3(url)
    yield register
    register.delete()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write three files: a document of a new set, an addendum to it, and a file that is not XML."""
    (tmp_path / NEW).write_bytes(as_xml(episodes=[an_episode()]))
    (tmp_path / MALFORMED).write_text("<ClinicalDocument>")
    return tmp_path


def submit(lpr3: Lpr3, *words: str | Path) -> Result:
    return CliRunner().invoke(main, ["submit", "--url", lpr3.url, *map(str, words)])


def test_the_exit_code_is_0_after_success(lpr3: Lpr3, folder: Path) -> None:
    outcome = submit(lpr3, "--service", "save", folder / NEW)
    assert outcome.exit_code == 0
    said, link = outcome.output.splitlines()
    assert said == "new.xml: Success"
    (exchange,) = lpr3.requests.find()
    assert link == f"    see {lpr3.url}/exchanges/{exchange['id']}"
    assert lpr3.stored()["documents"] == 1


def test_the_exit_code_is_1_after_failure_and_the_findings_are_printed(lpr3: Lpr3, folder: Path) -> None:
    outcome = submit(lpr3, folder / MALFORMED)
    assert outcome.exit_code == 1
    assert outcome.output.startswith(
        "malformed.xml: Failure\nmalformed.xml:1:1: Error INTEGRITY_CHECK MALFORMED_DOCUMENT_FOUND\n    "
    )


def test_a_finding_is_printed_with_its_code_parameters_sentence_and_place(lpr3: Lpr3, folder: Path) -> None:
    submit(lpr3, "--service", "save", folder / NEW)
    finding, sentence, place, _ = submit(lpr3, "--xpath", folder / NEW).output.splitlines()[1:]
    assert finding == f"new.xml:2:1: Error INTEGRITY_CHECK SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT {uuid('set').lower()}"
    assert sentence.startswith("    Set ")
    assert place.startswith("    at //*[local-name()='ClinicalDocument'")
    assert place.endswith(" (line 2)")


def test_line_numbers_are_printed_only_if_the_finding_names_its_document(lpr3: Lpr3, folder: Path) -> None:
    (folder / "early.xml").write_bytes(as_xml(episodes=[an_episode()], encounters=[an_encounter()]))
    told = submit(lpr3, "--together", folder / MALFORMED, folder / NEW).output.splitlines()
    assert not any(line.startswith("    at ") for line in told)
    places = [line for line in submit(lpr3, folder / "early.xml").output.splitlines() if line.startswith("    at ")]
    assert places
    assert all(re.search(r" \(line \d+\)$", place) for place in places)


def test_a_clean_document_is_called_clean_although_validate_answers_failure(lpr3: Lpr3, folder: Path) -> None:
    outcome = submit(lpr3, "--service", "validate", folder / NEW)
    assert outcome.exit_code == 1
    assert outcome.output.startswith("new.xml: Failure, though nothing is wrong: ")


def test_each_file_is_a_submission_and_the_worst_answer_decides_the_exit_code(lpr3: Lpr3, folder: Path) -> None:
    outcome = submit(lpr3, "--service", "save", folder / NEW, folder / MALFORMED)
    assert outcome.exit_code == 1
    told = [line for line in outcome.output.splitlines() if line.startswith(("new.xml: ", "malformed.xml: "))]
    assert told == ["new.xml: Success", "malformed.xml: Failure"]


def test_the_registers_explanation_is_printed_on_demand(lpr3: Lpr3, folder: Path) -> None:
    submit(lpr3, "--service", "save", folder / NEW)
    plain, told = submit(lpr3, folder / NEW).output, submit(lpr3, "--explain", folder / NEW).output
    assert "is version 1" not in plain
    assert "is version 1" in told
    assert "    do: Add a relatedDocument" in told
    assert told.index("is version 1") < told.index("found: 4a14b4ce-b8be-5411-b6f5-60b193e80ad4 (lines ")
    assert "    gør: Tilføj et relatedDocument" in submit(lpr3, "--explain", "--language", "da", folder / NEW).output


def test_the_answer_is_printed_in_the_requested_form(lpr3: Lpr3, folder: Path) -> None:
    outcome = submit(lpr3, "--service", "save", "--format", "json", folder / NEW, folder / MALFORMED)
    assert outcome.exit_code == 1
    new, malformed = json.loads(outcome.output)
    assert (new["summary"], new["failed"], malformed["failed"]) == ("Success", False, True)
    assert malformed["findings"][0]["code"] == "MALFORMED_DOCUMENT_FOUND"
    assert malformed["link"].startswith(lpr3.url)


def test_files_that_are_sent_together_are_stored_together_or_not_at_all(lpr3: Lpr3, folder: Path) -> None:
    outcome = submit(lpr3, "--service", "save", "--together", folder / NEW, folder / MALFORMED)
    assert outcome.exit_code == 1
    assert outcome.output.startswith("new.xml, malformed.xml: Failure\n")
    assert lpr3.stored()["documents"] == 0


@pytest.mark.parametrize("service", ["save", "save-if-no-errors", "validate"])
@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_the_requested_service_and_soap_version_are_used(lpr3: Lpr3, folder: Path, service: str, version: str) -> None:
    submit(lpr3, "--service", service, "--soap", version, folder / NEW)
    (exchange,) = lpr3.requests.find()
    assert exchange["service"] == Lpr3(lpr3.url).service_url(service).rpartition("/")[2]


def test_raw_prints_the_answer_unchanged(lpr3: Lpr3, folder: Path) -> None:
    outcome = submit(lpr3, "--raw", folder / MALFORMED)
    assert outcome.exit_code == 1
    assert outcome.output.startswith("--uuid:")
    assert "MALFORMED_DOCUMENT_FOUND" in outcome.output


def test_documents_are_sent_to_the_named_register(url: str, lpr3: Lpr3, folder: Path) -> None:
    words = ["submit", "--url", url, "--register", lpr3.name, "--service", "save", str(folder / NEW)]
    assert CliRunner().invoke(main, words).exit_code == 0
    assert lpr3.stored()["documents"] == 1


def test_the_exit_code_is_2_after_a_fault_and_its_reason_is_printed(url: str, folder: Path) -> None:
    outcome = CliRunner().invoke(main, ["submit", "--url", url, "--register", "no name", str(folder / NEW)])
    assert outcome.exit_code == 2
    assert outcome.stderr.startswith("new.xml: fault: name: 'no name' cannot name a register")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{port}", "https://127.0.0.1:{port}", "127.0.0.1:{port}", "nonsense", "ftp://x"]
)
def test_the_exit_code_is_2_without_an_answer_and_the_error_is_one_line(url: str, folder: Path) -> None:
    with nobody_listens() as port:
        outcome = CliRunner().invoke(main, ["submit", "--url", url.format(port=port), str(folder / NEW)])
    assert outcome.exit_code == 2
    assert outcome.stderr.startswith("new.xml: No answer from ")
    assert outcome.stderr.count("\n") == 1


def test_an_answer_of_a_proxy_is_not_an_answer_of_the_register(lpr3: Lpr3, folder: Path) -> None:
    lpr3.faults.add("http_status", status=503)
    outcome = submit(lpr3, folder / NEW)
    assert (outcome.exit_code, outcome.stderr) == (2, "new.xml: HTTP 503, no SOAP\n")


def test_the_environment_gives_the_address_of_the_register(url: str, folder: Path) -> None:
    port = url.rpartition(":")[2]
    outcome = CliRunner().invoke(main, ["submit", str(folder / MALFORMED)], env={"MOCKREGISTER_PORT": port})
    assert outcome.exit_code == 1


def test_a_file_that_does_not_exist_is_reported(lpr3: Lpr3, folder: Path) -> None:
    outcome = submit(lpr3, folder / "none.xml")
    assert outcome.exit_code == 2
    assert "does not exist" in outcome.stderr


def test_documents_are_sent_without_changing_a_byte(lpr3: Lpr3, tmp_path: Path) -> None:
    document = replace(a_document(episodes=[an_episode()]), title="æøå")
    content = as_xml(document).decode().replace("UTF-8", "ISO-8859-1").encode("latin-1")
    (tmp_path / "latin.xml").write_bytes(content)
    submit(lpr3, tmp_path / "latin.xml")
    (exchange,) = lpr3.requests.find()
    journaled = lpr3.requests.get(exchange["id"])["documents"][0]
    assert b64decode(journaled["text"]) == content


@pytest.mark.parametrize("name", ["05.53", "12.102", "CUSTODIAN_NOT_FOUND", "WEBSERVICE_CHANGE_NOT_ALLOWED"])
def test_generated_documents_break_their_rule_on_a_register_that_is_set_up_as_advised(
    name: str, lpr3: Lpr3, tmp_path: Path
) -> None:
    made = CliRunner().invoke(main, ["generate", "--breaking", name, "--out", str(tmp_path)])
    assert made.exit_code == 0, made.output
    more = ["--with", tmp_path / "register.json"] if (tmp_path / "register.json").exists() else []
    outcome = submit(lpr3, "--service", "save", *more, *sorted(tmp_path.glob("*.xml")))
    assert f" {name}" in outcome.output
    lpr3.reset()


def test_a_file_that_says_no_needs_is_refused(lpr3: Lpr3, folder: Path) -> None:
    outcome = submit(lpr3, "--with", folder / NEW, folder / NEW)
    assert (outcome.exit_code, "does not say what a register needs" in outcome.output) == (2, True)
