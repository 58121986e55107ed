"""Multipart packages with XOP attachments, as CXF, Axis2, .NET, SoapUI, Metro and Python's ``email`` write them.

RFC 2046 (multipart), RFC 2387 (related), XOP 1.0 and RFC 2392 (``cid:``). Attachments are found by Content-ID, never by
position or type.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote
from uuid import uuid4

from mockregister.errors import UnreadableRequest, shown

XOP = "application/xop+xml"
ROOT_ID = "root.message@cxf.apache.org"
MAX_PARTS = 1000
MAX_PART_HEADERS = 16 * 1024
AROUND_ID = ' \t"<>'  # around a Content-ID; some toolkits leave the brackets out, others double them or write quotes
IDENTITY_ENCODINGS = ("", "7bit", "8bit", "binary")
AFTER_BOUNDARY = re.compile(rb"(--)|[ \t]*(\r?)\n")
GZIP = b"\x1f\x8b"
BLANK_LINE = re.compile(rb"\r?\n\r?\n")
PART = "--{}\r\nContent-Type: {}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <{}>\r\n\r\n"
PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))')
EXPECTED = (
    'LPR3 takes MTOM only: send multipart/related with type="application/xop+xml", the SOAP envelope as its root part and '
    "each document in a part of its own that an xop:Include names by Content-ID."
)


def content_type(text: str) -> tuple[str, dict[str, str]]:
    """Return the media type of a Content-Type, and its parameters unquoted, by lower-case name; the first of each name wins."""
    parameters: dict[str, str] = {}
    for name, quoted, bare in PARAMETER.findall(text):
        parameters.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) or bare)
    return text.partition(";")[0].strip().lower(), parameters


@dataclass(frozen=True)
class Part:
    """One part of a package: its headers by lower-case name, and its bytes as they were transferred.

    ``content_id`` is its Content-ID without brackets, empty if there is none.
    """

    headers: Mapping[str, str]
    raw: bytes
    content_id: str = ""

    @cached_property  # decoded once, because any number of elements may name one part
    def content(self) -> bytes:
        """Return the bytes without their transfer encoding. Raise UnreadableRequest if they cannot be decoded."""
        encoding = self.headers.get("content-transfer-encoding", "").strip().lower()
        if encoding in IDENTITY_ENCODINGS:
            return self.raw
        if encoding == "base64":
            return decode_base64(self.raw, f"The part '{shown(self.content_id)}'")
        if encoding == "quoted-printable":
            return quopri.decodestring(self.raw)
        raise UnreadableRequest(
            f"The part '{shown(self.content_id)}' has the Content-Transfer-Encoding '{shown(encoding)}'; use binary."
        )


@dataclass(frozen=True, slots=True)
class Package:
    """A multipart/related body: the root part, the other parts by Content-ID, and whether it is declared as XOP."""

    root: Part
    attachments: Mapping[str, Part]
    is_xop: bool

    def attached(self, href: str) -> bytes:
        """Return the bytes that an ``xop:Include`` names. Raise UnreadableRequest if no part has that Content-ID."""
        if not href[:4].lower() == "cid:":
            raise UnreadableRequest(f"The xop:Include has the href '{shown(href)}'; use cid: and the Content-ID of a part.")
        part = self.attachments.get(href[4:]) or self.attachments.get(unquote(href[4:]))
        if part is None:
            names = _content_ids(self.attachments.values())
            raise UnreadableRequest(f"The xop:Include names '{shown(href)}', but no part has that Content-ID; {names}.")
        return part.content


def read(content_type_header: str, body: bytes) -> Package:
    """Return the package in a request's body, read as its Content-Type says.

    Raise UnreadableRequest if it cannot be read, with HTTP status 415 if it is not multipart/related.
    """
    kind, parameters = content_type(content_type_header)
    if kind != "multipart/related":
        raise UnreadableRequest(f"The request is '{shown(kind) or 'of no type'}'. {EXPECTED}", 415)
    parts = [_part(piece) for piece in _pieces(body, parameters.get("boundary", "").rstrip())]
    root = _root(parts, parameters.get("start", "").strip(AROUND_ID))
    declared = (parameters.get("type", "").lower(), content_type(root.headers.get("content-type", ""))[0])
    return Package(root, _by_id(parts, root), XOP in declared)


def write(root: bytes, media_type: str, attachments: Sequence[tuple[str, bytes]] = (), action: str = "") -> tuple[str, bytes]:
    """Return Content-Type and body of a package as CXF writes it (facts 175, 214).

    ``media_type`` is that of the SOAP version; ``attachments`` are pairs of Content-ID and bytes.
    """
    boundary = f"uuid:{uuid4()}"
    kind = f'{XOP}; charset=UTF-8; type="{media_type}"'
    written = [(kind, ROOT_ID, root), *(("application/octet-stream", name, content) for name, content in attachments)]
    parts = [PART.format(boundary, kind, name).encode() + content + b"\r\n" for kind, name, content in written]
    header = f'multipart/related; type="{XOP}"; boundary="{boundary}"; start="<{ROOT_ID}>"; start-info="{media_type}"'
    return header + (f'; action="{action}"' if action else ""), b"".join(parts) + f"--{boundary}--\r\n".encode()


def decode_base64(text: bytes, subject: str) -> bytes:
    """Return the bytes of a base64 text, which may have white space.

    Raise UnreadableRequest for other text; ``subject`` is the subject of its sentence.
    """
    try:
        return base64.b64decode(text.translate(None, b" \t\r\n"), validate=True)
    except binascii.Error as error:
        advice = "send the bytes as they are, in a part of their own with Content-Transfer-Encoding binary"
        raise UnreadableRequest(f"{subject} begins with '{_beginning(text)}' and is not base64 ({error}); {advice}.") from error


def _beginning(content: bytes) -> str:
    """Return the first line of what a sender wrote, short enough for a sentence."""
    lines = content[:1000].strip().splitlines() or [b""]
    return shown(lines[0].decode("utf-8", "backslashreplace"))


def _pieces(body: bytes, boundary: str) -> list[bytes]:
    """Return what follows each boundary line, from its line end on, without preamble and epilogue.

    The first line end shows whether the sender also writes carriage returns. Raise UnreadableRequest for a body without the
    boundary, or without its end.
    """
    if not boundary:
        raise UnreadableRequest("The Content-Type multipart/related names no boundary; give it its boundary parameter.")
    lines, mark = b"\n" + body, b"\n--" + boundary.encode("latin-1", "replace")
    pieces: list[bytes] = []
    start, carriage_return = 0, b""
    for begin, found in _boundaries(lines, mark):
        if start:
            pieces.append(lines[start:begin].removesuffix(carriage_return))
        if found[1]:
            return pieces
        start, carriage_return = found.start(2), carriage_return if start else found[2]
    if not start:
        raise _without_boundary(body, boundary)
    closing = f"{shown(mark[1:].decode('latin-1'))}--"
    raise UnreadableRequest(
        f"The multipart body of {len(body)} bytes ends before its closing boundary {closing}; the request was cut off."
    )


def _without_boundary(body: bytes, boundary: str) -> UnreadableRequest:
    if body.startswith(GZIP):
        return UnreadableRequest("The body is compressed with gzip; say so in the header Content-Encoding: gzip.")
    begins = f", which begins with '{_beginning(body)}'" if body else ""
    where = f"in the body of {len(body)} bytes{begins}"
    return UnreadableRequest(f"The boundary '{shown(boundary)}' that the Content-Type names is not {where}.")


def _boundaries(body: bytes, mark: bytes) -> Iterator[tuple[int, re.Match[bytes]]]:
    """Yield the start of each boundary line and the match of its rest.

    Lines that only begin like a boundary are not yielded, but count for the limit of parts.
    """
    begin = body.find(mark)
    for _ in range(MAX_PARTS + 1):
        if begin < 0:
            return
        end = begin + len(mark)
        if found := AFTER_BOUNDARY.match(body, end):
            yield begin, found
        begin = body.find(mark, end)
    raise UnreadableRequest(f"The body has more than {MAX_PARTS} parts; send fewer documents at once.")


def _part(piece: bytes) -> Part:
    blank = BLANK_LINE.search(piece)
    if blank is None or blank.start() > MAX_PART_HEADERS:
        wrong = f"no empty line between its headers and its content, or headers of over {MAX_PART_HEADERS} bytes"
        raise UnreadableRequest(f"The part that begins with '{_beginning(piece)}' has {wrong}.")
    headers = _headers(piece[: blank.start()])
    return Part(headers, piece[blank.end() :], headers.get("content-id", "").strip(AROUND_ID))


def _headers(head: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    unfolded = re.sub(rb"\r?\n[ \t]+", b" ", head).decode("utf-8", "backslashreplace")
    for line in filter(None, re.split(r"\r?\n", unfolded)):
        name, colon, value = line.partition(":")
        if not colon:
            raise UnreadableRequest(f"'{shown(line)}' among the headers of a part is not a header; write 'Name: value'.")
        if name.strip().lower() == "content-id" and "content-id" in headers:
            both = f"'{shown(headers['content-id'])}' and '{shown(value.strip())}'"
            raise UnreadableRequest(f"A part has two Content-ID headers, {both}; give it one.")
        headers.setdefault(name.strip().lower(), value.strip())
    return headers


def _root(parts: list[Part], start: str) -> Part:
    """Return the part that ``start`` names, else the first (RFC 2387, section 3.2)."""
    if not parts:
        raise UnreadableRequest("The multipart body holds no part; send the SOAP envelope as its root part.")
    if not start:
        return parts[0]
    for part in parts:
        if part.content_id == start:
            return part
    names = _content_ids(parts)
    raise UnreadableRequest(f"The Content-Type's start names <{shown(start)}>, but no part has that Content-ID; {names}.")


def _content_ids(parts: Iterable[Part]) -> str:
    names = ", ".join(f"<{part.content_id}>" for part in parts if part.content_id)
    return f"the parts are {shown(names)}" if names else "the parts are without any"


def _by_id(parts: list[Part], root: Part) -> dict[str, Part]:
    """Return the parts without the root by Content-ID, and also by percent-decoded Content-ID; the exact spelling wins."""
    exact: dict[str, Part] = {}
    for part in parts:
        if part.content_id and part.content_id in exact:
            raise UnreadableRequest(f"Two parts have the Content-ID <{shown(part.content_id)}>; give each its own.")
        exact[part.content_id] = part
    named = {name: part for name, part in exact.items() if name and part is not root}
    return {unquote(name): part for name, part in named.items()} | named
