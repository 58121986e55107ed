"""The guarded parser: whatever arrives is parsed cheaply, or refused in one sentence."""

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
        UTF_8_DECLARED.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
    ],
)
def test_well_formed_xml_in_the_encoding_it_declares_is_parsed(content: bytes) -> None:
    assert safexml.parse(content).tag == "a"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "not well-formed"),
        (b"<a>", "not well-formed"),
        (b"<a>&undefined;</a>", "not well-formed"),
        (b"<a>" * 5000 + b"</a>" * 5000, "Excessive depth in document: 256, line"),
        (b"<a><b %b/></a>" % b" ".join(b'a%d="x"' % number for number in range(10_001)), "more than 10000 attributes"),
        ("<a>æ</a>".encode("latin-1"), "not well-formed"),
        (b"<!DOCTYPE a><a/>", "DOCTYPE"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "DOCTYPE"),
        (b'<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><a>&z;</a>', "DOCTYPE"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', ""),
        (codecs.BOM_UTF16_LE + UTF_8_DECLARED.encode("utf-16-le"), "begins as UTF-16 but declares UTF-8"),
        (codecs.BOM_UTF8 + UTF_16_DECLARED.encode(), "begins as UTF-8 but declares UTF-16"),
    ],
)
def test_anything_else_is_refused_in_one_sentence(content: bytes, word: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        safexml.parse(content)
    assert word in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_arbitrary_bytes_are_parsed_or_refused_and_nothing_else(content: bytes) -> None:
    with suppress(UnreadableDocument):
        assert safexml.parse(content).tag
