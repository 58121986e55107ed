"""The guarded parser parses any input at limited cost, or refuses it in one sentence."""

from __future__ import annotations

import codecs
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockregister import safexml
from mockregister.errors import UnreadableDocument

UTF_8_DECLARED = '<?xml version="1.0" encoding="UTF-8"?><a>æ</a>'
UTF_16_DECLARED = UTF_8_DECLARED.replace("UTF-8", "UTF-16")


@pytest.mark.parametrize(
    "content",
    [
        b"<a/>",
        UTF_8_DECLARED.encode(),
        codecs.BOM_UTF8 + UTF_8_DECLARED.encode(),
        codecs.BOM_UTF8 + "<a>æ</a>".encode(),
        UTF_16_DECLARED.encode("utf-16"),
        codecs.BOM_UTF16_BE + "<a>æ</a>".encode("utf-16-be"),
        UTF_16_DECLARED.encode("utf-16-le"),
        UTF_8_DECLARED.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        UTF_8_DECLARED.replace("UTF-8", "windows-1252").encode("cp1252"),
        UTF_8_DECLARED.replace("1.0", "1.1").encode(),
        codecs.BOM_UTF8 + UTF_8_DECLARED.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        codecs.BOM_UTF16_LE + UTF_8_DECLARED.replace("UTF-8", "ISO-10646-UCS-2").encode("utf-16-le"),
    ],
)
def test_well_formed_xml_in_the_encoding_it_declares_is_parsed(content: bytes) -> None:
    root = safexml.parse(content)
    assert (root.tag, root.text) in (("a", "æ"), ("a", None))


NAMES = "UTF8 ASCII iso_8859-15 iso8859-16 latin1 L5 CP1252 windows-1258 IBM850 KOI8-U Big5-HKSCS Shift_JIS ISO-2022-JP TIS-620"


@pytest.mark.parametrize("name", NAMES.split())
def test_the_encodings_that_java_can_read_are_read(name: str) -> None:
    assert safexml.parse(f'<?xml version="1.0" encoding="{name}"?><a>b</a>'.encode(name)).text == "b"


@pytest.mark.parametrize("uri", ["urn:a b", "%", "%zz", "http://[", "æ", "{x}", " ", "../relative", "urn:hl7-org:v3 CDA.xsd"])
@pytest.mark.parametrize("written", ['<a xmlns:q="{}"/>', '<a><q:b xmlns:q="{}"/></a>', '<a xml:space="x"><b xmlns="{}"/></a>'])
def test_a_namespace_name_may_be_any_text(written: str, uri: str) -> None:
    assert safexml.parse(written.format(uri).encode()).tag == "a"


def test_errors_are_found_in_spite_of_many_namespace_names_that_are_not_uris() -> None:
    names = '<b xmlns:q="urn:a b"/>' * 200
    assert len(safexml.parse(f"<a>{names}</a>".encode())) == 200
    for wrong in (f"<a>{names}</a>x", f"<a>{names}<p:b/></a>", f"<a>{names}", f"<a>{names}{'<b>' * 300}{'</b>' * 300}</a>"):
        with pytest.raises(UnreadableDocument, match="not well-formed"):
            safexml.parse(wrong.encode())


@pytest.mark.parametrize("harmless", ['xml:space="x"', 'xml:lang="1 1"', 'xml:id="1"', 'xmlns:p="relative"', 'xmlns:p="urn:a b"'])
@pytest.mark.parametrize("wrong", ["<q:a>{}</q:a>", '<a q:b="">{}</a>', '<a xmlns:p="u" xmlns:q="u" p:b="" q:b="">{}</a>'])
def test_an_error_of_a_prefix_is_reported_with_any_content_after_it(wrong: str, harmless: str) -> None:
    assert safexml.parse(f"<a><b {harmless}/></a>".encode()).tag == "a"
    with pytest.raises(UnreadableDocument, match="not well-formed"):
        safexml.parse(wrong.format(f"<b {harmless}/>").encode())


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "not well-formed"),
        (b"<a>", "not well-formed"),
        (b"<a>&undefined;</a>", "not well-formed"),
        (b"<a>" * 5000 + b"</a>" * 5000, "Excessive depth in document: 256, line"),
        (b"<a><b %b/></a>" % b" ".join(b'a%d="x"' % number for number in range(10_001)), "more than 10000 attributes"),
        (b"<a %b/>" % b" ".join(b'xmlns:n%d="x"' % number for number in range(257)), "more than 256 namespace declarations"),
        (('<a xmlns="x" xmlns:x="x">' * 129 + "</a>" * 129).encode("utf-16"), "256 namespace declarations"),
        ("<a>æ</a>".encode("latin-1"), "not well-formed"),
        (b"<!DOCTYPE a><a/>", "DOCTYPE"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "DOCTYPE"),
        (b'<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><a>&z;</a>', "DOCTYPE"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', ""),
        (codecs.BOM_UTF16_LE + UTF_8_DECLARED.encode("utf-16-le"), "begins as UTF-16LE but declares UTF-8"),
        (codecs.BOM_UTF8 + UTF_16_DECLARED.encode(), "begins as UTF-8 but declares UTF-16"),
        (codecs.BOM_UTF16_LE + UTF_16_DECLARED.replace("16", "16BE").encode("utf-16-le"), "as UTF-16LE but declares UTF-16BE"),
        (UTF_8_DECLARED.encode("utf-16-le"), "begins as UTF-16LE but declares UTF-8"),
        (UTF_8_DECLARED.encode("utf-16-be"), "begins as UTF-16BE but declares UTF-8"),
        (UTF_8_DECLARED.replace("UTF-8", "UTF-7").encode("utf-7"), "declares UTF-7"),
        (UTF_8_DECLARED.replace("UTF-8", "macintosh").encode("mac-roman"), "declares macintosh"),
        (codecs.BOM_UTF8 * 2 + b"<a/>", "two byte order marks"),
        ("<a/>".encode("utf-32"), "UTF-32"),
        ("<a/>".encode("utf-32-le"), "UTF-32"),
        (UTF_8_DECLARED.replace("UTF-8", "UTF-32").encode("utf-32-be"), "UTF-32"),
        (b'<?xml version="1.2"?><a/>', "XML 1.2"),
        (b'<?xml version="1.00"?><a/>', "XML 1.00"),
        (b"<a>" + b"x" * 10_000_100 + b"</a>", "Text node too long"),
    ],
)
def test_anything_else_is_refused_in_one_sentence(content: bytes, word: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        safexml.parse(content)
    assert word in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_element_may_declare_the_same_namespaces_again() -> None:
    assert len(safexml.parse(b"<a>" + b'<b xmlns="x" xmlns:x="x"/>' * 1000 + b"</a>")) == 1000


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_either_parsed_or_refused(content: bytes) -> None:
    with suppress(UnreadableDocument):
        assert safexml.parse(content).tag
