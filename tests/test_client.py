"""The client: what it sends, and how it reads what comes back."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from mockregister.client import SERVICES, Client, NoAnswer, Sending, read_answer, write_request
from mockregister.envelope import dgws, soap, xdr
from mockregister.envelope.soap import Caller, Fault, Message, Version
from mockregister.finding import Finding, Level, Severity
from mockregister.safexml import NAMESPACES
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


def test_author_and_care_provider_are_the_documents_own() -> None:
    sent = xdr.read(message(DOCUMENT))
    assert sent.author is not None
    assert (sent.author.sor_id, sent.care_provider) == ("999011000016000", "99999993")


def test_author_and_care_provider_can_be_others() -> None:
    sent = xdr.read(message(DOCUMENT, author="123", care_provider="12345678"))
    assert sent.author is not None
    assert (sent.author.sor_id, sent.care_provider) == ("123", "12345678")


@pytest.mark.parametrize("document", ["<a/>", "no XML"])
def test_a_document_that_says_nothing_has_no_author(document: str) -> None:
    sent = xdr.read(message(document))
    assert (sent.author, sent.care_provider) == (None, "")


def test_the_author_can_be_left_out() -> None:
    assert xdr.read(message(DOCUMENT, author="")).author is None


def test_the_id_card_is_in_force_from_when_it_was_issued() -> None:
    issued = datetime(2019, 6, 1, 12, tzinfo=UTC)
    sent = message(DOCUMENT, at=issued)
    dgws.check(sent, issued, lambda cvr: cvr == "99999993")
    assert dgws.id_card(message(DOCUMENT, id_card=False).header) is None


@pytest.mark.parametrize(("medcom", "namespace"), [("1.0", NAMESPACES["dgws"]), ("1.0.1", NAMESPACES["dgws101"])])
def test_the_edition_of_the_header_is_that_of_the_path(medcom: str, namespace: str) -> None:
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
def test_findings_come_back_as_they_were_written(version: Version, compressed: bool) -> None:
    kind, body = xdr.write_answer(Caller(version), "Failure", FINDINGS, NAMESPACES["dgws"])
    headers = {"Content-Type": kind, **({"content-encoding": "gzip"} if compressed else {})}
    answer = read_answer(200, headers, gzip.compress(body) if compressed else body)
    assert (answer.status, answer.fault) == ("Failure", None)
    assert list(answer.findings) == FINDINGS
    assert answer.raw == body


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize(
    "fault",
    [Fault("Sender", "No & no", "not_authorized", "why"), Fault("Receiver", "No", "processing_problem"), Fault("Receiver", "x")],
)
def test_a_fault_comes_back_as_it_was_written(version: Version, fault: Fault) -> None:
    kind, body = soap.write_fault(Caller(version), fault)
    answer = read_answer(500, {"Content-Type": kind}, body)
    assert (answer.status, answer.fault) == ("", fault)


def test_a_fault_of_a_front_end_is_no_multipart() -> None:
    body = (
        f'<e:Envelope xmlns:e="{NAMESPACES["soap11"]}"><e:Header/><e:Body><e:Fault><faultcode>e:66</faultcode>'
        "<faultstring>Unknown</faultstring></e:Fault></e:Body></e:Envelope>"
    ).encode()
    answer = read_answer(500, {"Content-Type": "text/xml; charset=UTF-8"}, body)
    assert answer.fault == Fault("66", "Unknown")


@pytest.mark.parametrize("body", [b"<html><h2>Service Unavailable</h2>", b"", b"<a/>"])
def test_a_page_comes_back_raw(body: bytes) -> None:
    answer = read_answer(503, {"Content-Type": "text/html"}, body)
    assert (answer.http_status, answer.raw, answer.status, answer.fault) == (503, body, "", None)


def test_nobody_there_is_no_answer() -> None:
    with pytest.raises(NoAnswer, match="No answer from 127"):
        Client("http://127.0.0.1:1", timeout=5).submit([DOCUMENT])
