"""ITI-41 requests are read, and their answers are written."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mockregister.envelope import author_institution, mime, soap, xdr
from mockregister.envelope.soap import Caller, Version
from mockregister.errors import UnreadableRequest
from mockregister.finding import Finding, Level, Severity
from mockregister.model import AuthorInstitution, SentDocument, Submission
from mockregister.safexml import NAMESPACES, qname
from tests.envelope import stacks
from tests.envelope.stacks import STACKS, V12, cxf, envelope, include, metadata, multipart

DOCUMENTS = [b"<ClinicalDocument/>", "<ClinicalDocument>Prøve</ClinicalDocument>".encode()]
KIND = 'multipart/related; boundary=b; type="application/xop+xml"'


def submitted(content_type: str, body: bytes) -> Submission:
    return xdr.read(soap.read(content_type, body))


def rooted(root: bytes, kind: str = KIND) -> Submission:
    return submitted(kind, multipart(b"b", [([], root), (["Content-ID: <doc>"], b"<a/>")]))


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize("stack", STACKS)
def test_requests_of_every_stack_are_read_as_the_same_submission(stack: str, version: Version) -> None:
    sent = submitted(*STACKS[stack](DOCUMENTS, version, header=stacks.security()))
    assert sent == Submission(
        documents=(SentDocument("Document01", DOCUMENTS[0]), SentDocument("Document02", DOCUMENTS[1])),
        author=AuthorInstitution("Prøvehospitalet", "1.2.208.176.1.1", "999011000016000"),
        care_provider=stacks.CVR,
        unique_id="1.2.3.4",
    )


def test_the_danish_headers_are_read() -> None:
    header = (
        f'<m:Header xmlns:m="{NAMESPACES["dgws101"]}"><m:Linking><m:MessageID>abc</m:MessageID></m:Linking></m:Header>'
        f'<h:HsuidHeader xmlns:h="{NAMESPACES["hsuid"]}"><h:Assertion><h:AttributeStatement>'
        '<h:Attribute Name="nsi:SystemName"><h:AttributeValue>EPJ</h:AttributeValue></h:Attribute>'
        '<h:Attribute Name="nsi:SystemVersion"><h:AttributeValue>7</h:AttributeValue></h:Attribute>'
        "</h:AttributeStatement></h:Assertion></h:HsuidHeader>"
    )
    sent = submitted(*cxf(DOCUMENTS, header=header))
    assert (sent.message_id, sent.system, sent.care_provider) == ("abc", "EPJ 7", "")


def test_a_certificate_may_be_an_attachment() -> None:
    header = stacks.security(inside=include("certificate"))
    assert submitted(*cxf(DOCUMENTS, header=header)).care_provider == stacks.CVR


def test_two_documents_may_refer_to_the_same_part() -> None:
    sent = rooted(envelope([include("doc"), include("doc")]))
    assert [document.content for document in sent.documents] == [b"<a/>", b"<a/>"]


def test_the_number_of_documents_that_refer_to_a_part_is_limited() -> None:
    with pytest.raises(UnreadableRequest, match="1001 documents; send at most 1000"):
        rooted(envelope([include("doc")] * 1001))


@pytest.mark.parametrize(
    ("xon", "author"),
    [
        ("Name^^^^^&1.2.208.176.1.1&ISO^^^^123", AuthorInstitution("Name", "1.2.208.176.1.1", "123")),
        ("  Name ^^^^^&1.2.208.176.1.1&ISO^^^^ 123 ", AuthorInstitution("Name", "1.2.208.176.1.1", "123")),
        ("Name^L^1^2^M11^a&1.2.3&ISO^XX^F^A^123^more", AuthorInstitution("Name", "1.2.3", "123")),
        ("25469364", None),
        ("^^^^^&1.2.208.176.1.1&ISO^^^^123", None),
        ("Name^^^^^&1.2.208.176.1.1&ISO", None),
        ("Name^^^^^&&ISO^^^^123", None),
        ("Name^^^^^&sor&ISO^^^^123", None),
        ("Name^^^^^1.2.208.176.1.1^^^^123", None),
        ("", None),
    ],
)
def test_an_author_institution_that_is_not_a_danish_xon_is_ignored(xon: str, author: AuthorInstitution | None) -> None:
    assert author_institution.read_xon(xon) == author


@pytest.mark.parametrize(
    "about",
    ["", "<x/>", metadata("25469364"), metadata().replace("a7058bb9", "93606bcf"), metadata().replace("authorI", "i")],
)
def test_a_submission_without_an_author_institution_is_accepted(about: str) -> None:
    assert submitted(*cxf(DOCUMENTS, about=about)).author is None


def test_an_author_classification_may_be_outside_the_package_that_it_classifies() -> None:
    about = metadata().replace('<RegistryPackage id="Set">', "").replace("</RegistryPackage>", "")
    assert submitted(*cxf(DOCUMENTS, about=about)).author is not None


def test_a_request_without_documents_is_accepted() -> None:
    assert rooted(envelope([])).documents == ()


REFUSED = {
    "but no part has that Content-ID": envelope([include("elsewhere")]),
    "is empty": envelope([" "]),
    "begins with 'no base64!' and is not base64": envelope(["no base64!"]),
    "holds x as XML": envelope(["<x>no</x>"]),
    "holds {urn:x}Other": envelope([])
    .replace(b"xds:ProvideAndRegisterDocumentSetRequest", b"xds:Other")
    .replace(NAMESPACES["xds"].encode(), b"urn:x"),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_an_invalid_submission_is_refused_in_one_sentence(sentence: str) -> None:
    with pytest.raises(UnreadableRequest) as refusal:
        rooted(REFUSED[sentence])
    assert sentence in str(refusal.value)
    assert refusal.value.http_status == 400


def test_base64_in_a_multipart_that_is_not_xop_is_refused() -> None:
    with pytest.raises(UnreadableRequest, match="not an XOP attachment") as refusal:
        rooted(envelope(["PGEvPg=="]), 'multipart/related; boundary=b; type="text/xml"')
    assert refusal.value.http_status == 415


@given(st.binary(max_size=120), st.sampled_from(range(3)))
def test_any_damaged_request_is_either_read_or_refused_in_one_sentence(noise: bytes, where: int) -> None:
    kind, body = cxf(DOCUMENTS, header=stacks.security())
    cut = (where + 1) * len(body) // 4
    for damaged in (body[:cut] + noise + body[cut:], body[:cut] + noise + body[cut + len(noise) :], body[:cut] + noise):
        with suppress(UnreadableRequest):
            assert submitted(kind, damaged).documents


# answers


def a_finding(level: Level, **fields: object) -> Finding:
    return Finding(level, "Sådan & sådan", document="R^E", where="there", **fields)  # type: ignore[arg-type]


def answered(status: str, *findings: Finding) -> etree._Element:
    package = mime.read(*xdr.write_answer(Caller(V12), status, findings, NAMESPACES["dgws101"]))
    return etree.fromstring(package.root.content)


def test_an_answer_has_the_medcom_header_of_the_path_called() -> None:
    header = answered("Failure").find(f".//{qname('dgws101', 'Header')}")
    assert header is not None
    texts = {etree.QName(element).localname: element.text for element in header.iter() if element.text}
    assert len(texts.pop("MessageID")) == 32
    assert texts == {"SecurityLevel": "3", "FlowStatus": "flow_finalized_succesfully"}


def test_a_clean_answer_has_no_error_list() -> None:
    response = answered("Success").find(f".//{qname('rs', 'RegistryResponse')}")
    assert response is not None
    assert response.get("status") == "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
    assert len(response) == 0


@pytest.mark.parametrize(
    ("finding", "context", "location"),
    [
        (a_finding(Level.XSD, code="cvc-elt.1"), "XSD|||Sådan & sådan", "R^E|||there"),
        (a_finding(Level.SCHEMATRON, code="II"), "SCHEMATRON|||Sådan & sådan", "R^E|||there"),
        (
            a_finding(Level.INTEGRITY_CHECK, code="SKS_CODE_NOT_FOUND", params=("A", "B", "C")),
            "INTEGRITY_CHECK|||Sådan & sådan|||SKS_CODE_NOT_FOUND|||A|||B|||C",
            "R^E|||there",
        ),
        (
            a_finding(Level.BUSINESS_RULE, code="05.53", rule_set="sds:lpr:3.0.6"),
            "BUSINESS_RULE|||Sådan & sådan",
            "R^E|||there|||sds:lpr:3.0.6|||05.53",
        ),
        (Finding(Level.INTEGRITY_CHECK, "No author", code="X"), "INTEGRITY_CHECK|||No author|||X", None),
        (Finding(Level.INTEGRITY_CHECK, "x", document="R^E"), "INTEGRITY_CHECK|||x", "R^E"),
    ],
)
def test_a_finding_is_written_in_the_form_of_its_level(finding: Finding, context: str, location: str | None) -> None:
    error = answered("Failure", finding).find(f".//{qname('rs', 'RegistryError')}")
    assert error is not None
    assert (error.get("codeContext"), error.get("location")) == (context, location)
    assert error.get("errorCode") == "InvalidDocumentContent"


def test_missing_metadata_has_its_own_error_code() -> None:
    assert xdr.error_code(Finding(Level.INTEGRITY_CHECK, "x", missing_metadata=True)) == "XDSMissingDocumentMetadata"


@pytest.mark.parametrize(
    ("severities", "highest"),
    [([Severity.WARNING], "Warning"), ([Severity.WARNING, Severity.ERROR], "Error"), ([Severity.ERROR], "Error")],
)
def test_the_error_list_names_its_highest_severity(severities: list[Severity], highest: str) -> None:
    findings = [Finding(Level.BUSINESS_RULE, "x", severity) for severity in severities]
    errors = answered("Success", *findings).find(f".//{qname('rs', 'RegistryErrorList')}")
    assert errors is not None
    prefix = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:"
    assert errors.get("highestSeverity") == prefix + highest
    assert [error.get("severity") for error in errors] == [prefix + severity.value for severity in severities]


@given(st.text(), st.lists(st.text(), max_size=3))
def test_a_finding_with_any_text_is_well_formed(text: str, params: list[str]) -> None:
    finding = Finding(Level.INTEGRITY_CHECK, text, code="X", params=tuple(params), where=text, document=text)
    assert answered("Failure", finding).tag == V12.tag("Envelope")
