"""What bytes are that were to be XML: text in base64, an archive, another format."""

from __future__ import annotations

import base64
import binascii
import re

BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]+\Z")
BEGINNINGS = {
    b"\x1f\x8b": "compressed with gzip",
    b"PK\x03\x04": "a zip archive",
    b"%PDF": "a PDF",
    b"{": "JSON",
    b"--": "a multipart package of its own",
}
XML_BEGINNINGS = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def mistaken(content: bytes) -> str:
    """Return what ``content`` is instead of XML, as the end of a sentence that says what to send; empty if nobody can tell."""
    if not content.strip():
        return "it is empty; send the XML itself"
    what = _other_format(content) or _base64(content[:4096].strip())
    return f"it begins with {_shown(content)} and is {what}; send the XML itself, as it is" if what else ""


def _other_format(content: bytes) -> str:
    start = content.lstrip()
    return next((what for mark, what in BEGINNINGS.items() if start.startswith(mark)), "")


def _base64(start: bytes) -> str:
    """What a text is that base64 makes of XML or of another format."""
    if len(start) < 4 or not BASE64.match(start):
        return ""
    letters = start.translate(None, b" \t\r\n=")
    try:
        decoded = base64.b64decode(letters[: len(letters) // 4 * 4])
    except binascii.Error:
        return ""
    if decoded.lstrip().startswith(XML_BEGINNINGS):
        return "XML in base64"
    inside = _other_format(decoded)
    return f"in base64, and in that {inside}" if inside else ""


def _shown(content: bytes) -> str:
    text = content[:16].decode("latin-1").strip()
    return f"'{text}'" if text.isascii() and text.isprintable() else content[:4].hex(" ")
