"""Recognise what was sent instead of XML: text in base64, an archive, another format."""

from __future__ import annotations

import base64
import binascii
import re

BASE64 = re.compile(rb"[A-Za-z0-9+/=_\s-]+\Z")
BEGINNINGS = {
    b"\x1f\x8b": "compressed with gzip",
    b"PK\x03\x04": "a zip archive",
    b"%PDF": "a PDF",
    b"{": "JSON",
    b"--": "a multipart package of its own",
    b"&lt;": "XML whose < are escaped",
    b"<!DOCTYPE html": "a page in HTML",
    b"<html": "a page in HTML",
    b"data:": "a data URL",
}
MARK = b"\xef\xbb\xbf"
XML_BEGINNINGS = (b"<", MARK, b"\xff\xfe", b"\xfe\xff")
OTHER_ENCODINGS = (b"\0", b"\x4c\x6f\xa7\x94")  # the parser has a better message for these
URL_SAFE = bytes.maketrans(b"-_", b"+/")


def mistaken(content: bytes) -> str:
    """Return what ``content`` is instead of XML and what to send, as the end of a sentence; empty if it begins like XML."""
    if not content.strip():
        return "it is empty; send the XML itself"
    text = content.removeprefix(MARK)
    if format_name := _other_format(text) or _base64(text[:4096].strip()):
        return f"it begins with {_shown(text)} and is {format_name}; send the XML itself, as it is"
    is_xml = content.lstrip().startswith(XML_BEGINNINGS + OTHER_ENCODINGS)
    return "" if is_xml else f"it begins with {_shown(text)}; send the XML itself, as it is"


def _other_format(content: bytes) -> str:
    start = content.lstrip()
    return next((format_name for mark, format_name in BEGINNINGS.items() if start.startswith(mark)), "")


def _base64(start: bytes) -> str:
    """Return what a text in base64 decodes to, XML or another format; empty if it is neither, or not base64."""
    if len(start) < 4 or not BASE64.match(start):
        return ""
    letters = start.translate(URL_SAFE, b" \t\r\n=")
    try:
        decoded = base64.b64decode(letters[: len(letters) // 4 * 4])
    except binascii.Error:
        return ""
    if decoded.lstrip().startswith(XML_BEGINNINGS):
        return "XML in base64"
    inside = _other_format(decoded) or _base64(decoded)
    return f"in base64, and in that {inside}" if inside else ""


def _shown(content: bytes) -> str:
    text = content[:16].decode("latin-1").strip()
    return f"'{text}'" if text.isascii() and text.isprintable() else content[:4].hex(" ")
