"""Answers to wrong requests say what was found, where, and what to send instead."""

from __future__ import annotations

import gzip
from base64 import b64encode, encodebytes, urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from zlib import compress

import pytest
from flask.testing import FlaskClient

from mockregister.client import Answer, read_answer
from mockregister.envelope.author_institution import DOCUMENT_ENTRY_SCHEME, SCHEME
from mockregister.envelope.xdr import DOCUMENT, REQUEST
from mockregister.finding import Finding
from mockregister.safexml import NAMESPACES
from mockregister.settings import Settings
from tests.applications import application
from tests.builders import an_episode, as_xml
from tests.cards import a_card, a_header
from tests.envelope.stacks import Built, cxf, envelope, include, metadata, multipart, plain

SAVE = "/cda-ws/DocumentRepository_Service/PatientHealthcareReportingService"
CDA = as_xml(episodes=[an_episode()])
XON = "Prøvehospitalet^^^^^&amp;1.2.208.176.1.1&amp;ISO^^^^999011000016000"
AS_XON = "as Name^^^^^&1.2.208.176.1.1&ISO^^^^<SOR id>"
EACH = f"; send each as {DOCUMENT} directly within {REQUEST}"
KIND = 'multipart/related; boundary=b; type="application/xop+xml"; start-info="application/soap+xml"'
SAML1 = "urn:oasis:names:tc:SAML:1.0:assertion"


@pytest.fixture(scope="module")
def http() -> Iterator[FlaskClient]:
    yield from serving(Settings())


@pytest.fixture(scope="module")
def listed() -> Iterator[FlaskClient]:
    yield from serving(Settings(producers="listed"))


@pytest.fixture(scope="module")
def guarded() -> Iterator[FlaskClient]:
    yield from serving(Settings(auth="headers", clock=datetime(2019, 6, 1, 12, tzinfo=UTC)))


def serving(settings: Settings) -> Iterator[FlaskClient]:
    with application(settings) as app:
        yield app.test_client()


def post(http: FlaskClient, built: Built) -> Answer:
    response = http.post(SAVE, data=built[1], headers={"Content-Type": built[0]})
    return read_answer(response.status_code, dict(response.headers), response.data)


def finding(http: FlaskClient, built: Built, code: str) -> Finding:
    """Return the only finding of this code in the answer, and assert that it is one sentence."""
    answer = post(http, built)
    [found] = [found for found in answer.findings if found.code == code]
    assert "\n" not in found.text
    return found


def fault(http: FlaskClient, built: Built) -> str:
    """Return the reason of the fault followed by its hint."""
    answer = post(http, built)
    assert answer.fault is not None
    return f"{answer.fault.reason} {answer.fault.hint}"


def packed(root: bytes, *parts: tuple[list[str], bytes]) -> Built:
    """Return a package with this root part, and a part named doc with a document."""
    return KIND, multipart(b"b", [([], root), (["Content-ID: <doc>"], CDA), *parts])


def about(change: Callable[[str], str]) -> Built:
    """Return a submission with changed metadata."""
    return cxf([CDA], about=change(metadata()))


def requested(change: Callable[[bytes], bytes]) -> Built:
    """Return a submission of a document with a changed envelope."""
    return packed(change(envelope([include("doc")])))


# the author institution


AUTHORS = {
    "the slot is absent": (lambda text: text.replace('"authorInstitution"', '"authorPerson"'), "only the Slot authorPerson"),
    "no slot at all": (lambda text: text[: text.index("<Slot")] + text[text.index("</Slot>") + 7 :], "its author has no Slot"),
    "a bare SOR code": (lambda text: text.replace(XON, "999011000016000"), "it is '999011000016000', a number alone"),
    "a text of no form": (lambda text: text.replace(XON, "Aarhus"), "it is 'Aarhus', which has no fields between ^"),
    "no name": (lambda text: text.replace("Prøvehospitalet", ""), "it is '^^^^^&1.2.208.176.1.1&ISO^^^^999011000016000', which"),
    "no id": (lambda text: text.replace("999011000016000", ""), "which has no id in the tenth field"),
    "no OID": (lambda text: text.replace("1.2.208.176.1.1", "SOR"), "whose sixth field (XON.6) is '&SOR&ISO'"),
    "no ISO": (lambda text: text.replace("ISO", "DNS"), "whose sixth field (XON.6) is '&1.2.208.176.1.1&DNS'"),
    "another system's OID": (
        lambda text: text.replace("176.1.1", "176.1.4"),
        "'1.2.208.176.1.4' instead of SOR's 1.2.208.176.1.1",
    ),
    "an id of letters": (lambda text: text.replace("999011000016000", "A1"), "its id (XON.10) is 'A1', which is not a number"),
    "escaped twice": (
        lambda text: text.replace("&amp;", "&amp;amp;"),
        "it is 'Prøvehospitalet^^^^^&amp;1.2.208.176.1.1&amp;ISO^^^^999011000016000', whose & is escaped twice",
    ),
    "empty": (lambda text: text.replace(XON, " "), "it is empty"),
    "without a Value": (
        lambda text: text.replace(f"<Value>{XON}</Value>", ""),
        f"its Slot has no Value in a ValueList, it holds {{{NAMESPACES['rim']}}}ValueList",
    ),
    "the document entry's scheme": (
        lambda text: text.replace(SCHEME, DOCUMENT_ENTRY_SCHEME),
        f"'{DOCUMENT_ENTRY_SCHEME}' of a document entry's author instead of '{SCHEME}'",
    ),
    "another scheme": (lambda text: text.replace(SCHEME, "urn:uuid:0"), f"'urn:uuid:0' instead of '{SCHEME}'"),
    "in capitals": (lambda text: text.replace('"authorInstitution"', '"AuthorInstitution"'), "is named 'AuthorInstitution'"),
    "in a place of its own": (
        lambda text: text.replace("<Classification ", "<Author ").replace("</Classification>", "</Author>"),
        f"its Slot stands in {{{NAMESPACES['rim']}}}Author instead of a Classification",
    ),
    "rim in another namespace": (
        lambda text: text.replace(NAMESPACES["rim"], "urn:oasis:names:tc:ebxml-regrep:rim:xsd:2.1"),
        f"its Slot is in the namespace 'urn:oasis:names:tc:ebxml-regrep:rim:xsd:2.1' instead of '{NAMESPACES['rim']}'",
    ),
    "no SubmitObjectsRequest": (
        lambda text: "<SubmitObjects/>",
        f"the request has no {{{NAMESPACES['lcm']}}}SubmitObjectsRequest, it holds SubmitObjects, {DOCUMENT}",
    ),
    "an empty SubmitObjectsRequest": (
        lambda text: f'<SubmitObjectsRequest xmlns="{NAMESPACES["lcm"]}"/>',
        f"nothing in its SubmitObjectsRequest is a Classification with the classificationScheme '{SCHEME}'",
    ),
}


@pytest.mark.parametrize("mistake", AUTHORS)
def test_the_finding_on_a_wrong_author_institution_shows_what_was_found(http: FlaskClient, mistake: str) -> None:
    change, found = AUTHORS[mistake]
    told = finding(http, about(change), "AUTHOR_INSTITUTION_NOT_FOUND")
    assert (told.missing_metadata, told.params) == (True, ())
    assert AS_XON in told.text
    assert found in told.text
    assert "registered" not in told.text


def test_the_finding_on_an_unregistered_author_institution_shows_its_number(listed: FlaskClient) -> None:
    told = finding(listed, cxf([CDA]), "AUTHOR_INSTITUTION_NOT_FOUND")
    assert "no data producer is registered for the unit '999011000016000'" in told.text


# the documents


XDS, LCM = NAMESPACES["xds"].encode(), NAMESPACES["lcm"].encode()
DOCUMENTS = {
    "in no namespace": (
        lambda root: root.replace(b"xds:Document ", b"Document ").replace(b"</xds:Document>", b"</Document>"),
        "but Document in no namespace",
    ),
    "in lower case": (
        lambda root: root.replace(b"xds:Document ", b"xds:document ").replace(b"</xds:Document>", b"</xds:document>"),
        f"but {{{NAMESPACES['xds']}}}document",
    ),
    "in another namespace": (
        lambda root: root.replace(b"<xds:Document ", b'<xds:Document xmlns:xds="urn:ihe:iti:xds:2007" '),
        "but {urn:ihe:iti:xds:2007}Document",
    ),
    "within SubmitObjectsRequest": (
        lambda root: root.replace(b"</lcm:SubmitObjectsRequest>", b"").replace(
            b"</xds:ProvideAndRegister", b"</lcm:SubmitObjectsRequest></xds:ProvideAndRegister"
        ),
        f"but {DOCUMENT} within {{{NAMESPACES['lcm']}}}SubmitObjectsRequest",
    ),
    "the CDA itself": (
        lambda root: root.replace(b"xds:Document ", b'ClinicalDocument xmlns="urn:hl7-org:v3" ').replace(
            b"</xds:Document>", b"</ClinicalDocument>"
        ),
        f"but only {{{NAMESPACES['lcm']}}}SubmitObjectsRequest, {{urn:hl7-org:v3}}ClinicalDocument",
    ),
}


@pytest.mark.parametrize("mistake", DOCUMENTS)
def test_the_fault_for_a_document_in_a_wrong_place_names_it(http: FlaskClient, mistake: str) -> None:
    change, found = DOCUMENTS[mistake]
    told = finding(http, requested(change), "CLINICAL_DOCUMENT_NOT_FOUND")
    assert told.text.startswith("The submission has no ClinicalDocument, ")
    assert told.text.endswith(EACH)
    assert found in told.text


def test_a_document_that_would_be_ignored_beside_another_is_reported(http: FlaskClient) -> None:
    stray = include("doc").encode()
    built = requested(lambda root: root.replace(b"</xds:Provide", b"<Document>" + stray + b"</Document></xds:Provide"))
    told = finding(http, built, "CLINICAL_DOCUMENT_NOT_FOUND")
    assert "Document in no namespace" in told.text


CONTENTS = {
    "base64 text": (b64encode(CDA), "it begins with 'PD94bWwgdmVyc2lv' and is XML in base64"),
    "base64 text in lines": (encodebytes(CDA), "and is XML in base64"),
    "base64 text of gzip": (
        b64encode(gzip.compress(CDA, mtime=0)),
        "it begins with 'H4sI",
    ),
    "gzip": (gzip.compress(CDA, mtime=0), "it begins with 1f 8b 08 00 and is compressed with gzip"),
    "a zip archive": (b"PK\x03\x04" + CDA, "it begins with 50 4b 03 04 and is a zip archive"),
    "JSON": (b'{"cda": 1}', """it begins with '{"cda": 1}' and is JSON"""),
    "nothing": (b"", "it is empty"),
    "base64 text for URLs": (urlsafe_b64encode(b"<!--\xff\xfe\xfb-->" + CDA), "and is XML in base64"),
    "base64 text twice": (b64encode(b64encode(CDA)), "and is in base64, and in that XML in base64"),
    "base64 text behind a mark": (b"\xef\xbb\xbf" + b64encode(CDA), "it begins with 'PD94bWwgdmVyc2lv' and is XML in base64"),
    "escaped XML": (CDA.replace(b"<", b"&lt;"), "it begins with '&lt;?xml version' and is XML whose < are escaped"),
    "a page in HTML": (b"<!DOCTYPE html><html></html>", "is a page in HTML"),
    "a data URL": (b"data:text/xml;base64," + b64encode(CDA), "is a data URL"),
    "what nobody can tell": (b"CDA follows!", "it begins with 'CDA follows!'; send"),
    "bytes that nobody can tell": (compress(CDA), "it begins with 78 9c"),
}


@pytest.mark.parametrize("mistake", CONTENTS)
def test_the_finding_on_an_attachment_that_is_not_xml_says_what_it_is(http: FlaskClient, mistake: str) -> None:
    content, found = CONTENTS[mistake]
    told = finding(http, cxf([content]), "MALFORMED_DOCUMENT_FOUND")
    assert found in told.text
    assert "send the XML itself" in told.text
    assert "Start tag expected" not in told.text


ELEMENTS = {
    "the CDA as XML": (
        CDA.decode().partition("?>")[2],
        "holds {urn:hl7-org:v3}ClinicalDocument as XML; send it as a part of its",
    ),
    "an Include too deep": (f"<data>{include('doc')}</data>", "has its xop:Include within data; put it directly"),
    "an Include in another namespace": (
        include("doc").replace(NAMESPACES["xop"], "http://www.w3.org/2003/12/xop/include"),
        f"an Include in the namespace 'http://www.w3.org/2003/12/xop/include'; use '{NAMESPACES['xop']}'",
    ),
    "an Include in no namespace": ('<Include href="cid:doc"/>', f"an Include in the namespace ''; use '{NAMESPACES['xop']}'"),
    "nothing": ("", "is empty; name its part with an xop:Include"),
    "no base64": ("CDA follows!", "begins with 'CDA follows!' and is not base64"),
    "two Includes": (include("doc") * 2, "xop/include}Include; it must hold one xop:Include alone"),
    "text beside an Include": (f"PD94 {include('doc')}", f"holds {{{NAMESPACES['xop']}}}Include and 'PD94'; it must hold one"),
    "an Include of a file": (include("doc").replace("cid:", "file:"), "has the href 'file:doc'; use cid:"),
    "an Include without href": (include("doc").replace("href", "ref"), "has the href ''; use cid:"),
    "an Include of another part": (include("document"), "'cid:document', but no part has that Content-ID; the parts are <doc>"),
}


@pytest.mark.parametrize("mistake", ELEMENTS)
def test_the_fault_for_a_document_element_without_attachment_shows_its_content(http: FlaskClient, mistake: str) -> None:
    content, found = ELEMENTS[mistake]
    told = fault(http, packed(envelope([content])))
    assert found in told
    assert told.startswith("The Document 'Document01'") or "xop:Include" in told


# the package and the envelope


ROOT = envelope([include("doc")])
PACKAGES = {
    "no multipart": (plain([CDA]), "The request is 'application/soap+xml'."),
    "no boundary": (("multipart/related", b""), "names no boundary"),
    "another boundary": (
        (KIND, b"--c\r\n\r\nx\r\n--c--"),
        "The boundary 'b' that the Content-Type names is not in the body of 15 bytes",
    ),
    "what begins with another boundary": ((KIND, b"--c\r\n\r\nx\r\n--c--"), "which begins with '--c'"),
    "gzip unsaid": ((KIND, gzip.compress(packed(ROOT)[1])), "compressed with gzip; say so in the header Content-Encoding: gzip"),
    "cut off": ((KIND, packed(ROOT)[1][:-9]), "ends before its closing boundary --b--"),
    "no part": ((KIND, b"--b--"), "holds no part; send the SOAP envelope"),
    "a part without headers' end": (
        (KIND, b"--b\r\nContent-ID: <a>\r\n--b--"),
        "The part that begins with 'Content-ID: <a>' has",
    ),
    "a header without a colon": ((KIND, b"--b\r\nContent-ID\r\n\r\n\r\n--b--"), "'Content-ID' among the headers of a part"),
    "two ids": (
        (KIND, multipart(b"b", [(["Content-ID: <a>", "Content-ID: <b>"], ROOT)])),
        "two Content-ID headers, '<a>' and '<b>'",
    ),
    "one id twice": (packed(ROOT, (["Content-ID: <doc>"], CDA)), "Two parts have the Content-ID <doc>"),
    "a start that is not there": (
        (f'{KIND}; start="<a>"', packed(ROOT)[1]),
        "start names <a>, but no part has that Content-ID; the parts are <doc>",
    ),
    "the envelope in base64": (packed(b64encode(ROOT)), "cannot be read: it begins with 'PHNvYXA6RW52ZW' and is XML in base64"),
    "the envelope in gzip": (packed(gzip.compress(ROOT)), "and is compressed with gzip"),
    "the document first": (
        (KIND, multipart(b"b", [(["Content-Type: text/xml"], CDA), (["Content-Type: text/xml"], ROOT)])),
        "The root part is {urn:hl7-org:v3}ClinicalDocument",
    ),
    "no Body": (
        packed(ROOT.replace(b"soap:Body", b"soap:Torso")),
        "Body, it holds {http://www.w3.org/2003/05/soap-envelope}Header, {",
    ),
    "an empty Body": (
        packed(envelope([]).partition(b"<xds:P")[0] + b"</soap:Body></soap:Envelope>"),
        "must hold one element and holds 0",
    ),
    "two requests": (packed(ROOT.replace(b"</soap:Body>", b"<more/></soap:Body>")), f"holds 2: {REQUEST}, more"),
    "another request": (
        packed(ROOT.replace(b"ProvideAndRegister", b"Register")),
        "Body holds {urn:ihe:iti:xds-b:2007}RegisterDocumentSetRequest; send",
    ),
}


@pytest.mark.parametrize("mistake", PACKAGES)
def test_the_fault_for_an_unreadable_request_shows_what_was_found(http: FlaskClient, mistake: str) -> None:
    built, found = PACKAGES[mistake]
    assert found in fault(http, built)


# the security headers


SECURED = {
    "no header": ("", "The SOAP header has no wsse:Security"),
    "another header": ("<Security/>", "it holds Security; send the ID card"),
    "no assertion": (
        a_header().replace("saml:Assertion", "saml:Affirmation"),
        "Timestamp, {urn:oasis:names:tc:SAML:2.0:assertion}Affirmation",
    ),
    "SAML 1": (a_header().replace(NAMESPACES["saml"], SAML1), f"{{{SAML1}}}Assertion; send the ID card"),
    "no wsu:Created": (
        a_header().replace("wsu:Created", "wsu:Expires"),
        "wsu:Timestamp/wsu:Created is absent; write it as 2019-06-01T",
    ),
    "no saml:Conditions": (
        a_header().replace("saml:Conditions", "saml:Advice"),
        "must have one saml:Conditions",
    ),
    "a date for a moment": (a_header(created="1 June 2019"), "Created is '1 June 2019', not a date and time; write it as"),
    "no CareProviderID": (
        a_header().replace("medcom:Care", "Care"),
        "medcom:CareProviderID is absent or empty; write the CVR number",
    ),
    "an empty CareProviderID": (a_header(a_card("")), "medcom:CareProviderID is absent or empty; write the CVR number"),
}


@pytest.mark.parametrize("mistake", SECURED)
def test_the_fault_for_refused_security_headers_shows_what_was_found(guarded: FlaskClient, mistake: str) -> None:
    header, found = SECURED[mistake]
    assert found in fault(guarded, cxf([CDA], header=header))
