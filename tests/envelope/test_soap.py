"""Envelopes of both SOAP versions are read and written, with faults and WS-Addressing."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mockregister.envelope import mime, soap
from mockregister.envelope.soap import ANONYMOUS, Addressing, Caller, Message, SoapFault, Version
from mockregister.errors import UnreadableRequest
from mockregister.safexml import NAMESPACES
from tests.envelope.stacks import STACKS, V11, V12, cxf, envelope, multipart

WSA = NAMESPACES["wsa"]
ADDRESSED = f'<a:Action xmlns:a="{WSA}">urn:x</a:Action><a:MessageID xmlns:a="{WSA}">urn:uuid:1</a:MessageID>'


def opened(content: bytes, kind: str = "application/xop+xml") -> Message:
    return soap.read("multipart/related; boundary=b", multipart(b"b", [([f"Content-Type: {kind}"], content)]))


def enveloped(body: str, version: Version = V12, header: str = "") -> str:
    return f'<s:Envelope xmlns:s="{version.namespace}"><s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>'


def written(kind: str, body: bytes) -> etree._Element:
    """Check how an answer is packed (facts 175, 214), and return its envelope."""
    package = mime.read(kind, body)
    assert not package.attachments
    return etree.fromstring(package.root.content)


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("version", Version)
def test_the_namespace_of_the_envelope_decides_the_soap_version(stack: str, version: Version) -> None:
    assert soap.read(*STACKS[stack]([b"<a/>"], version)).caller == Caller(version)


@pytest.mark.parametrize("namespace", ANONYMOUS)
def test_both_editions_of_ws_addressing_are_recognised(namespace: str) -> None:
    header = f'<MessageID xmlns="{namespace}"> urn:uuid:1 </MessageID>'
    assert opened(enveloped("<a/>", header=header).encode()).caller.addressing == Addressing(namespace, "urn:uuid:1")


def test_ws_addressing_without_a_message_id_is_recognised_too() -> None:
    assert opened(enveloped("<a/>", header=f'<To xmlns="{WSA}">x</To>').encode()).caller.addressing == Addressing(WSA, "")


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("utf-8", "utf-8"), ("UTF-8", "utf-8-sig"), ("utf-16", "utf-16"), ("UTF-16LE", "utf-16-le"), ("ISO-8859-1", "latin-1")],
)
@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0" encoding="{}"?>'])
def test_the_envelope_is_decoded_with_the_charset_of_its_part(charset: str, encoding: str, declaration: str) -> None:
    content = (declaration.format(charset) + enveloped("<a>Prøve</a>")).encode(encoding)
    assert opened(content, f'application/xop+xml; charset="{charset}"').payload.text == "Prøve"


def test_a_byte_order_mark_needs_no_charset() -> None:
    assert opened(enveloped("<a>Prøve</a>").encode("utf-16")).payload.text == "Prøve"


REFUSED = {
    "cannot be read: The XML is not well-formed": b"<soap",
    "soap-envelope}Body, it holds body": f'<s:Envelope xmlns:s="{V12.namespace}"><body/></s:Envelope>'.encode(),
    "document type declaration": b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + enveloped("<a>&a;</a>").encode(),
    "is {urn:x}Envelop; send a SOAP envelope": b"<Envelop xmlns='urn:x'/>",
    "has 2 {http://www.w3.org/2003/05/soap-envelope}Header": enveloped("<a/>").replace("<s:H", "<s:Header/><s:H").encode(),
    "has 2 {http://www.w3.org/2003/05/soap-envelope}Body": enveloped("<a/>").replace("<s:B", "<s:Body/><s:B").encode(),
    "must hold one element and holds 0": enveloped("<!-- nothing -->").encode(),
    "must hold one element and holds 2: a, b": enveloped("<a/><b/>").encode(),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_anything_but_an_envelope_is_refused_in_one_sentence(sentence: str) -> None:
    with pytest.raises(UnreadableRequest) as refusal:
        opened(REFUSED[sentence])
    assert sentence in str(refusal.value)
    assert (refusal.value.http_status, refusal.value.fault_code) == (400, "Sender")


def test_a_very_deeply_nested_envelope_is_refused() -> None:
    with pytest.raises(UnreadableRequest):
        opened(enveloped("<a>" * 5000 + "</a>" * 5000).encode())


@pytest.mark.parametrize("namespace", ["", "urn:soap-1.3"])
def test_an_unknown_version_of_soap_is_a_version_mismatch(namespace: str) -> None:
    with pytest.raises(UnreadableRequest, match=r"use SOAP 1\.2 or 1\.1") as refusal:
        opened(f'<Envelope xmlns="{namespace}"/>'.encode())
    assert (refusal.value.http_status, refusal.value.fault_code) == (500, "VersionMismatch")


@pytest.mark.parametrize("charset", ["punycode", "utf-7", "klingon"])
def test_an_unusual_charset_is_refused(charset: str) -> None:
    with pytest.raises(UnreadableRequest, match="use UTF-8") as refusal:
        opened(b"<a/>", f"application/xop+xml; charset={charset}")
    assert refusal.value.http_status == 415


def test_bytes_that_are_not_in_their_charset_are_refused() -> None:
    with pytest.raises(UnreadableRequest, match="not in the charset 'us-ascii'"):
        opened(enveloped("<a>ø</a>").encode(), "application/xop+xml; charset=us-ascii")


@pytest.mark.parametrize(
    ("kind", "action", "version"),
    [
        ("application/soap+xml; charset=utf-8", False, V12),
        ("text/xml", False, V11),
        ('multipart/related; type="application/xop+xml"; start-info="text/xml"', False, V11),
        (r'multipart/related; start-info="application/soap+xml; action=\"a\""', True, V12),
        ("", True, V11),
        ("", False, V11),
        ("application/json", False, V11),
        ("multipart/related", False, V12),
    ],
)
def test_the_version_of_an_unreadable_envelope_is_guessed(kind: str, action: bool, version: Version) -> None:
    assert soap.guess(kind, action).version is version


@pytest.mark.parametrize("kind", ["", "text/plain", "text/xml", "application/json"])
@pytest.mark.parametrize("version", Version)
def test_the_caller_of_an_envelope_outside_a_package_is_known_whatever_the_media_type(kind: str, version: Version) -> None:
    caller = soap.guess(kind, True, envelope([], version, ADDRESSED))
    assert (caller.version, caller.packaged, caller.addressing is not None) == (version, False, True)


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize("must", ["1", "true"])
def test_an_unknown_header_with_must_understand_is_refused(version: Version, must: str) -> None:
    header = f'<x:Odd xmlns:x="urn:odd" s:mustUnderstand="{must}"/>'
    with pytest.raises(UnreadableRequest, match="leave it out") as refusal:
        soap.refuse_unknown_headers(opened(enveloped("<a/>", version, header).encode()))
    assert refusal.value.fault_code == "MustUnderstand"


@pytest.mark.parametrize(
    "header",
    [
        f'<a:Action xmlns:a="{WSA}" s:mustUnderstand="1">x</a:Action>',
        f'<w:Security xmlns:w="{NAMESPACES["wsse"]}" s:mustUnderstand="1"/>',
        '<x:Odd xmlns:x="urn:odd" s:mustUnderstand="0"/>',
        '<x:Odd xmlns:x="urn:odd"/>',
        '<x:Odd xmlns:x="urn:odd" s:mustUnderstand="1" s:role="urn:somebody-else"/>',
        "<!-- a comment -->",
    ],
)
def test_other_headers_are_accepted(header: str) -> None:
    message = opened(enveloped("<a/>", header=header).encode())
    soap.refuse_unknown_headers(message)
    assert message.payload.tag == "a"


@pytest.mark.parametrize("version", Version)
def test_an_answer_is_a_package_of_one_part_in_the_callers_version(version: Version) -> None:
    kind, body = soap.write(Caller(version), "<h/>", "<b/>")
    parameters = mime.content_type(kind)[1]
    assert parameters["type"] == "application/xop+xml"
    assert parameters["start"] == "<root.message@cxf.apache.org>"
    assert parameters["start-info"] == version.media_type
    root = written(kind, body)
    assert [etree.QName(child).localname for child in root] == ["Header", "Body"]
    assert root.tag == version.tag("Envelope")


def test_an_answer_mirrors_ws_addressing_before_the_other_headers() -> None:
    header = written(*soap.write(Caller(V12, Addressing(WSA, "urn:uuid:1 & more")), "<h/>", "<b/>"))[0]
    assert [etree.QName(block).localname for block in header] == ["Action", "MessageID", "To", "RelatesTo", "h"]
    assert header.findtext(f"{{{WSA}}}Action") == soap.ACTION + "Response"
    assert header.findtext(f"{{{WSA}}}To") == WSA + "/anonymous"
    assert header.findtext(f"{{{WSA}}}RelatesTo") == "urn:uuid:1 & more"


def test_an_answer_has_no_relates_to_if_the_request_had_no_message_id() -> None:
    header = written(*soap.write(Caller(V12, Addressing(WSA, "")), "", "<b/>"))[0]
    assert [etree.QName(block).localname for block in header] == ["Action", "MessageID", "To"]


def test_a_fault_is_written_in_soap_11() -> None:
    root = written(*soap.write_fault(Caller(V11), SoapFault("Receiver", "Internal server error", "processing_problem")))
    fault = root.find(f"{V11.tag('Body')}/{V11.tag('Fault')}")
    assert fault is not None
    assert [child.tag for child in fault] == ["faultcode", "faultstring", "detail"]
    assert (fault[0].text, fault[1].text) == ("soap:Server", "Internal server error")
    assert fault[2][0].tag == f"{{{NAMESPACES['dgws']}}}FaultCode"
    assert not len(root[0])


@pytest.mark.parametrize(
    ("fault", "subcode", "language", "details"),
    [
        (SoapFault("Receiver", "x", "processing_problem"), "soap:Server", "en", 1),
        (SoapFault("Sender", "x", "not_authorized"), None, "en-DK", 1),
        (SoapFault("Receiver", "x"), None, "en", 0),
        (SoapFault("Sender", "x", "", "a hint"), None, "en", 1),
    ],
)
def test_a_fault_is_written_in_soap_12(fault: SoapFault, subcode: str | None, language: str, details: int) -> None:
    node = written(*soap.write_fault(Caller(V12), fault)).find(f".//{V12.tag('Fault')}")
    assert node is not None
    found = {"s": V12.namespace}
    assert node.findtext("s:Code/s:Value", namespaces=found) == "soap:" + fault.code
    assert node.findtext("s:Code/s:Subcode/s:Value", namespaces=found) == subcode
    assert node.xpath("string(s:Reason/s:Text/@xml:lang)", namespaces=found) == language
    assert len(node.findall("s:Detail/*", found)) == details


def test_a_fault_mirrors_ws_addressing_with_the_fault_action() -> None:
    root = written(*soap.write_fault(soap.read(*cxf([b""], header=ADDRESSED)).caller, SoapFault("Sender", "x")))
    assert ":Fault:" in root.findtext(f".//{{{WSA}}}Action", "")
    assert root.findtext(f".//{{{WSA}}}RelatesTo") == "urn:uuid:1"


@given(st.text(), st.text(), st.sampled_from(list(Version)))
def test_a_fault_with_any_text_is_well_formed(sentence: str, hint: str, version: Version) -> None:
    said = sentence.encode("utf-8", "replace").decode()
    root = written(*soap.write_fault(Caller(version), SoapFault("Sender", said, said, hint)))
    assert root.tag == version.tag("Envelope")


@given(st.binary(max_size=200), st.sampled_from(["", "; charset=utf-16", "; charset=latin1"]))
def test_any_root_part_is_either_read_or_refused(noise: bytes, charset: str) -> None:
    for content in (noise, enveloped("<a/>").encode()[: len(noise)], enveloped("<a/>").encode().replace(b"<a/>", noise)):
        with suppress(UnreadableRequest):
            assert opened(content, "application/xop+xml" + charset).payload.tag
