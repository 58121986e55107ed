"""The client sends documents and reads the answers."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Semaphore, Thread
from typing import Any

import pytest

from mockregister.client import SERVICES, Client, NoAnswer, Sending, read_answer, write_request
from mockregister.envelope import soap, xdr
from mockregister.envelope.soap import Caller, Message, SoapFault, Version
from mockregister.finding import Finding, Level, Severity
from mockregister.safexml import NAMESPACES
from mockregister.security import idcard
from mockregister.submission import Service

DOCUMENT = """
<ClinicalDocument xmlns="urn:hl7-org:v3">
  <author><assignedAuthor><representedOrganization><id root="1.2.208.176.1.1" extension="999011000016000"/>
  </representedOrganization></assignedAuthor></author>
  <custodian><assignedCustodian><representedCustodianOrganization><id extension="99999993"/>
  </representedCustodianOrganization></assignedCustodian></custodian>
</ClinicalDocument>"""
FINDINGS = [
    Finding(Level.XSD, "cvc-elt.1: …", document="R^E", where="12:34"),
    Finding(Level.SCHEMATRON, "(Some): missing", document="R^E", where="/*:ClinicalDocument[1]"),
    Finding(Level.INTEGRITY_CHECK, "x not found", code="SKS_CODE_NOT_FOUND", params=("x", "a", "b"), document="R^E", where="//*"),
    Finding(Level.INTEGRITY_CHECK, "no author", code="AUTHOR_INSTITUTION_NOT_FOUND", missing_metadata=True),
    Finding(Level.INTEGRITY_CHECK, "no place", code="SET_NOT_FOUND", document="R^E"),
    Finding(
        Level.BUSINESS_RULE,
        "Noget er galt",
        Severity.WARNING,
        code="05.53",
        document="R^E",
        where="//*",
        rule_set="sds:lpr:3.0.6",
    ),
]


def message(*documents: str, **fields: object) -> Message:
    headers, body = write_request([document.encode() for document in documents], Sending(**fields))  # type: ignore[arg-type]
    body = gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body
    return soap.read(headers["Content-Type"], body)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("compressed", [False, True])
def test_documents_arrive_in_order(version: str, compressed: bool) -> None:
    sent = xdr.read(message("<a/>", "<b/>", soap=version, compressed=compressed))
    assert [document.content for document in sent.documents] == [b"<a/>", b"<b/>"]


def test_author_and_care_provider_are_taken_from_the_document() -> None:
    sent = xdr.read(message(DOCUMENT))
    assert sent.author is not None
    assert (sent.author.sor_id, sent.care_provider) == ("999011000016000", "99999993")


def test_author_and_care_provider_can_be_given() -> None:
    sent = xdr.read(message(DOCUMENT, author="123", care_provider="12345678"))
    assert sent.author is not None
    assert (sent.author.sor_id, sent.care_provider) == ("123", "12345678")


@pytest.mark.parametrize("document", ["<a/>", "no XML"])
def test_a_document_without_an_author_is_sent_without_author(document: str) -> None:
    sent = xdr.read(message(document))
    assert (sent.author, sent.care_provider) == (None, "")


def test_the_author_can_be_left_out() -> None:
    assert xdr.read(message(DOCUMENT, author="")).author is None


def test_the_id_card_is_valid_from_the_moment_of_sending() -> None:
    issued = datetime(2019, 6, 1, 12, tzinfo=UTC)
    sent = message(DOCUMENT, at=issued)
    card = idcard.id_card(sent.header)
    assert card is not None
    assert (card.not_before, card.not_on_or_after) == ("2019-06-01T12:00:00Z", "2019-06-02T12:00:00Z")
    assert card.care_provider == "99999993"
    assert idcard.id_card(message(DOCUMENT, id_card=False).header) is None


@pytest.mark.parametrize(("medcom", "namespace"), [("1.0", NAMESPACES["dgws"]), ("1.0.1", NAMESPACES["dgws101"])])
def test_header_and_path_have_the_same_medcom_edition(medcom: str, namespace: str) -> None:
    header = message(DOCUMENT, medcom=medcom).header
    assert header is not None
    assert header.find(f"{{{namespace}}}Header") is not None
    assert ("medcom-1.0.1" in Sending(medcom=medcom).path) is (medcom == "1.0.1")


def test_a_register_is_named_in_the_path() -> None:
    assert Sending(register="mine", service="validate").path == (
        "/r/mine/cda-ws/DocumentRepository_Service/PatientHealthcareValidateReportingService"
    )


def test_the_services_are_those_of_the_register() -> None:
    assert set(SERVICES.values()) == {service.url_name for service in Service}


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize("compressed", [False, True])
def test_findings_are_read_as_they_were_written(version: Version, compressed: bool) -> None:
    kind, body = xdr.write_answer(Caller(version), "Failure", FINDINGS, NAMESPACES["dgws"])
    headers = {"Content-Type": kind, **({"content-encoding": "gzip"} if compressed else {})}
    answer = read_answer(200, headers, gzip.compress(body) if compressed else body)
    assert (answer.status, answer.fault) == ("Failure", None)
    assert list(answer.findings) == FINDINGS
    assert answer.raw == body


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize(
    "fault",
    [
        SoapFault("Sender", "No & no", "not_authorized", "why"),
        SoapFault("Receiver", "No", "processing_problem"),
        SoapFault("Receiver", "x"),
    ],
)
def test_a_fault_is_read_as_it_was_written(version: Version, fault: SoapFault) -> None:
    kind, body = soap.write_fault(Caller(version), fault)
    answer = read_answer(500, {"Content-Type": kind}, body)
    assert (answer.status, answer.fault) == ("", fault)


def test_a_fault_outside_of_a_multipart_is_read() -> None:
    body = (
        f'<e:Envelope xmlns:e="{NAMESPACES["soap11"]}"><e:Header/><e:Body><e:Fault><faultcode>e:66</faultcode>'
        "<faultstring>Unknown</faultstring></e:Fault></e:Body></e:Envelope>"
    ).encode()
    answer = read_answer(500, {"Content-Type": "text/xml; charset=UTF-8"}, body)
    assert answer.fault == SoapFault("66", "Unknown")


@pytest.mark.parametrize("body", [b"<html><h2>Service Unavailable</h2>", b"", b"<a/>"])
def test_an_html_page_is_returned_unread(body: bytes) -> None:
    answer = read_answer(503, {"Content-Type": "text/html"}, body)
    assert (answer.http_status, answer.raw, answer.status, answer.fault) == (503, body, "", None)


def test_an_answer_that_was_cut_off_is_returned_unread() -> None:
    body = gzip.compress(b"<Envelope/>")[:-4]
    answer = read_answer(200, {"Content-Type": "text/xml", "Content-Encoding": "gzip"}, body)
    assert (answer.raw, answer.status, answer.fault) == (body, "", None)


@pytest.mark.parametrize("url", ["http://127.0.0.1:many", "ftp://127.0.0.1", "http://" + "a" * 64])
def test_an_impossible_address_is_reported_as_no_answer(url: str) -> None:
    with pytest.raises(NoAnswer, match="No answer from "):
        Client(url, timeout=5).submit([DOCUMENT])


class Desk(ThreadingHTTPServer):
    """A server that answers every submission with Success, until ``is_gone``. It records the ports of its callers."""

    is_gone = False

    def __init__(self, *, hangs_up: bool) -> None:
        super().__init__(("127.0.0.1", 0), Clerk)
        self.hangs_up, self.ports, self.hung_up = hangs_up, list[int](), Semaphore(0)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.hung_up.release()


class Clerk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Desk

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.ports.append(self.client_address[1])
        if self.server.is_gone:
            self.close_connection = True
            return
        kind, body = xdr.write_answer(Caller(Version.SOAP12), "Success", [], NAMESPACES["dgws"])
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.server.hangs_up

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@contextmanager
def desk(*, hangs_up: bool) -> Iterator[Desk]:
    with Desk(hangs_up=hangs_up) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def test_submissions_share_a_connection() -> None:
    with desk(hangs_up=False) as server:
        client = Client(f"http://127.0.0.1:{server.server_port}")
        assert [client.submit([DOCUMENT]).status for _ in range(3)] == ["Success"] * 3
        assert len(set(server.ports)) == 1


def test_the_client_connects_again_after_the_server_has_hung_up() -> None:
    with desk(hangs_up=True) as server:
        client = Client(f"http://127.0.0.1:{server.server_port}")
        for _ in range(3):
            assert client.submit([DOCUMENT]).status == "Success"
            assert server.hung_up.acquire(timeout=10)
        assert len(set(server.ports)) == 3


def test_a_missing_answer_is_reported_with_its_cause() -> None:
    with desk(hangs_up=False) as server:
        server.is_gone = True
        with pytest.raises(NoAnswer, match=r"^No answer from [\d.:]+: Remote end closed connection without response\.$"):
            Client(f"http://127.0.0.1:{server.server_port}").submit([DOCUMENT])
    with pytest.raises(NoAnswer, match=r"^No answer from 127\.0\.0\.1:1: \[Errno \d+\] Connection refused\.$"):
        Client("http://127.0.0.1:1").submit([DOCUMENT])
