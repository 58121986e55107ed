"""Pages of the journal are searched and paged. Exchanges are read in turn, downloaded and sent again."""

from __future__ import annotations

import json

import pytest

from mockregister.client import Sending, write_request
from tests.builders import CPR_NUMBER
from tests.web.pages.conftest import Reader, clean_document, document_with_a_violation


@pytest.fixture
def busy(reader: Reader) -> Reader:
    """Return a reader of a journal with a document refused on the page, a document stored by SOAP, and one by JSON."""
    reader.drop(document_with_a_violation(), service="validate")
    headers, body = write_request([clean_document()], Sending(service="save"))
    reader.ask("POST", Sending(service="save").path, data=body, headers=headers)
    reader.ask("POST", "/api/v1/submissions", data=b"<no xml", content_type="application/xml")
    return reader


def found(reader: Reader, query: str = "") -> list[list[str]]:
    """Return the rows of the journal: outcome, service and way."""
    rows = reader.page(f"/exchanges{query}").xpath("//tbody/tr")
    return [
        [" ".join(cell.text_content().split()) for cell in row.xpath("td[position() > 1 and position() < 5]")] for row in rows
    ]


def ids(reader: Reader) -> list[str]:
    return [address.rpartition("/")[2] for address in reader.page("/exchanges").xpath("//tbody/tr/td[1]/a/@href")]


def test_exchanges_are_named_by_their_service_for_every_way_of_sending(busy: Reader) -> None:
    assert found(busy) == [
        ["Refused", "Reporting", "JSON API"],
        ["Stored", "Reporting", "SOAP"],
        ["Refused", "Validate", "This page"],
    ]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("?outcome=refused", 2),
        ("?outcome=stored", 1),
        ("?outcome=fault", 0),
        ("?service=PatientHealthcareValidateReportingService", 1),
        ("?code=05.104", 1),
        (f"?patient={CPR_NUMBER}", 2),
        ("?cvr=29190941&outcome=refused", 1),
        ("?author=1", 0),
        ("?from=2001-01-01&to=2001-12-31", 0),
        ("?from=2001-01-01&order=slowest", 3),
        ("?from=nonsense&order=oldest&outcome=nonsense", 3),
    ],
)
def test_the_journal_is_searched(busy: Reader, query: str, number: int) -> None:
    assert len(found(busy, query)) == number


def test_all_exchanges_of_the_journal_are_paged(reader: Reader) -> None:
    for _ in range(52):
        reader.ask("POST", "/api/v1/submissions", data=b"<", content_type="application/xml")
    assert (len(found(reader)), len(found(reader, "?page=2"))) == (50, 2)


def test_an_exchange_links_to_its_neighbours(busy: Reader) -> None:
    newest, middle, oldest = ids(busy)
    page = busy.page(f"/exchanges/{middle}")
    assert [address.rpartition("/")[2] for address in page.xpath("//nav/a[@rel]/@href")] == [newest, oldest]
    assert not busy.page(f"/exchanges/{newest}").xpath("//a[@rel='next']")


def test_request_and_answer_can_be_downloaded(busy: Reader) -> None:
    _, soap, page = ids(busy)
    assert b"ProvideAndRegisterDocumentSet" in busy.ask("GET", f"/exchanges/{soap}/request.bin").data
    assert b"RegistryResponse" in busy.ask("GET", f"/exchanges/{soap}/answer.bin").data
    document = busy.ask("GET", f"/exchanges/{page}/document-1.xml")
    assert document.data == document_with_a_violation()
    assert document.headers["Content-Disposition"].startswith("attachment")
    assert busy.ask("GET", f"/exchanges/{page}/document-2.xml").status_code == 404
    assert busy.ask("GET", f"/exchanges/{soap}/exchange.json").json["id"] == soap
    assert len(json.loads(busy.ask("GET", f"/exchanges/{soap}/exchange.har").data)["log"]["entries"]) == 1


def test_the_shown_command_sends_the_same_request(busy: Reader) -> None:
    _, soap, page = ids(busy)
    command = busy.page(f"/exchanges/{soap}").get_element_by_id("curl").text_content()
    assert "/cda-ws/DocumentRepository_Service/PatientHealthcareReportingService" in command
    assert "-H 'Content-Type: multipart/related" in command
    assert "Host:" not in command
    command = busy.page(f"/exchanges/{page}").get_element_by_id("curl").text_content()
    assert "/api/v1/submissions?service=validate" in command


def test_a_submission_can_be_sent_again_to_the_same_service(busy: Reader) -> None:
    _, soap, page = ids(busy)
    assert "SET_ALREADY_EXISTS" in busy.send(f"/exchanges/{page}/again").text
    assert "SET_ALREADY_EXISTS" in busy.send(f"/exchanges/{soap}/again").text
    assert [row[1] for row in found(busy)][:2] == ["Reporting", "Validate"]


def test_a_refused_submission_has_the_same_id_everywhere(reader: Reader) -> None:
    answer = reader.ask("POST", "/api/v1/submissions?service=validate", data=document_with_a_violation(), content_type="text/xml")
    listed = reader.ask("GET", "/api/v1/submissions?stored=false").json["items"]
    assert answer.json["id"] == listed[0]["id"]
    assert answer.json["id"].replace("-", "") == ids(reader)[0] == answer.headers["X-Mock-Exchange"]
