"""``mockregister compare`` shows which documents two registers, or a register and an edition, judge differently."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockregister.builders import a_visit, as_xml
from mockregister.cli import main
from mockregister.comparing.sources import documents
from mockregister.security import pki as pki_maker
from mockregister.testing import Lpr3, server

EDITION = "edition:2023-09-18"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with server() as address:
        yield address


@pytest.fixture
def both(url: str) -> tuple[Lpr3, Lpr3]:
    return Lpr3(url), Lpr3(url)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a good document, and a document whose encounter has ended without a main condition."""
    visit = a_visit()
    (tmp_path / "good.xml").write_bytes(as_xml(visit))
    (tmp_path / "wrong.xml").write_bytes(as_xml(episodes=visit.episodes, encounters=visit.encounters))
    return tmp_path


def compare(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["compare", *map(str, arguments)])


def test_two_registers_that_give_the_same_answers_do_not_differ(both: tuple[Lpr3, Lpr3], folder: Path) -> None:
    done = compare(*(register.url for register in both), folder)
    assert (done.exit_code, "2 submissions compared, none answered differently" in done.output) == (0, True)
    assert both[0].requests.find()[0]["service"] == "PatientHealthcareValidateReportingService"
    assert both[0].stored()["documents"] == 0


def test_a_rule_that_is_switched_off_on_one_side_is_reported(both: tuple[Lpr3, Lpr3], folder: Path) -> None:
    both[1].rules.change("05.14", enabled=False)
    done = compare(*(register.url for register in both), folder, "--format", "json")
    told = {submission["name"]: submission for submission in json.loads(done.output)["submissions"]}
    assert (done.exit_code, told["good.xml"]["same"]) == (1, True)
    assert [finding["code"] for finding in told["wrong.xml"]["only_a"]] == ["05.14"]


def test_an_edition_is_compared_with_a_register(both: tuple[Lpr3, Lpr3], folder: Path) -> None:
    done = compare(both[0].url, EDITION, *folder.iterdir(), "--texts")
    assert done.exit_code == 0, done.output


def test_a_seed_is_stored_on_both_sides_on_demand(both: tuple[Lpr3, Lpr3]) -> None:
    done = compare(both[0].url, EDITION, "injury", "--service", "save")
    assert (done.exit_code, both[0].stored()["documents"] > 0) == (0, True), done.output


def test_the_documents_that_a_register_holds_are_compared(both: tuple[Lpr3, Lpr3]) -> None:
    both[0].submit(a_visit())
    assert "1 submission compared, none" in compare(EDITION, "edition:2019-02-01", both[0].url).output


def test_documents_can_be_sent_together(both: tuple[Lpr3, Lpr3], folder: Path) -> None:
    assert "1 submission compared" in compare(both[0].url, EDITION, folder, "--together").output


def test_the_exit_code_is_2_if_there_is_no_answer(folder: Path) -> None:
    assert compare(EDITION, "http://127.0.0.1:1", folder).exit_code == 2


def test_nothing_is_sent_to_another_machine_without_the_option_yes(folder: Path) -> None:
    done = compare(EDITION, "https://lpr3.example", folder)
    assert "to be sent to https://lpr3.example: 2 documents about 1 patient, for the service validate" in done.output
    assert (done.exit_code, "nothing was sent; add --yes to send it" in done.output) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("edition:1999", EDITION, "injury"), "There is no edition '1999'"),
        ((EDITION, EDITION, "nothing"), "'nothing' is not a file, a folder, an address or a seed."),
    ],
)
def test_an_unknown_edition_or_source_of_documents_is_reported(arguments: tuple[str, ...], sentence: str) -> None:
    done = compare(*arguments)
    assert (done.exit_code, sentence in done.output) == (2, True)


def test_a_folder_without_documents_is_reported(tmp_path: Path) -> None:
    assert "There are no documents in" in compare(EDITION, EDITION, tmp_path).output


def test_an_id_card_is_sent_to_a_register_that_requires_one(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    pki = tmp_path_factory.mktemp("pki")
    pki_maker.init(pki)
    with server(auth="signed", pki=pki) as url:
        assert "+ fault: " in compare(EDITION, url, folder).output
        assert compare(EDITION, url, folder, "--pki", pki).exit_code == 0
        card = CliRunner().invoke(main, ["idcard", "--pki", str(pki), "--url", url])
        (pki / "card.xml").write_text(f'<?xml version="1.0"?>\n{card.output.strip()}')
        done = compare(EDITION, url, folder, "--idcard", pki / "card.xml", "--client-cert", pki / "ca.pem")
        assert "holds a certificate and no private key" in done.output
        assert compare(EDITION, url, folder, "--idcard", pki / "card.xml").exit_code == 0, done.output


def test_the_seed_broken_has_documents() -> None:
    found = list(islice(documents("broken"), 3))
    assert [name.rpartition("-")[0] for name, _ in found]
    assert all(content.startswith(b"<?xml") for _, content in found)


def test_documents_of_a_register_with_a_private_ca_are_compared(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    pki = tmp_path_factory.mktemp("tls")
    pki_maker.init(pki)
    with server(tls_cert=pki / "tls.pem", tls_key=pki / "tls.key", tls_client_ca=pki / "ca.pem", pki=pki) as url:
        assert compare(url, url, folder, "--service", "save", "--pki", pki).exit_code in (0, 1)
        done = compare(EDITION, EDITION, url, "--pki", pki)
    assert "1 submission compared" in done.output
