"""Receive and decompress the body of a request within its limits; compress the answer if the caller allows it."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import BytesIO
from typing import IO

from flask import Request, Response
from flask import request as current_request
from werkzeug.exceptions import RequestEntityTooLarge

from mockregister.errors import UnreadableRequest
from mockregister.settings import Settings

GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
CODINGS = {"gzip", "x-gzip", "deflate"}
CHUNK = 64 * 1024
DRAINED, DRAIN_SECONDS = 64 * 1024 * 1024, 5.0  # most bytes that are discarded, and seconds to wait for the next byte
PIECE = 1024  # bytes that are inflated at once; a small number, because the bytes after the end of a gzip member are copied
ATTRIBUTES = 2  # most attributes of an element on average
PADDING = re.compile(rb"\0*")  # gzip allows it after each member
IS_JSON = re.compile(rb"\s*[\[{]")
COMPRESS_LEVEL = 1  # fast rather than small: an answer is read once, usually over a local network


class InMemory(Request):
    """A request whose files stay in memory, limited by ``max_body``: there may be no folder for temporary files."""

    def _get_file_stream(self, *_: object, **__: object) -> IO[bytes]:
        return BytesIO()


def receive(request: Request, settings: Settings) -> bytes:
    """Return the whole body, without its Content-Encoding.

    Raise UnreadableRequest with HTTP status 413 for a body over ``max_body`` bytes (before or after decompression) or
    ``max_elements`` elements, 408 for one that takes longer than ``body_timeout`` seconds, 415 for an unknown coding and 400 for
    one that is cut off.
    """
    request.max_content_length = settings.max_body
    _wait_at_most(settings.body_timeout, request)
    body = _whole(request, settings)
    coding = request.headers.get("Content-Encoding", "").strip().lower()
    content = body if coding in ("", "identity") else _decoded(body, coding, settings.max_body)
    limit_elements([content], settings)
    return content


def limit_elements(contents: Iterable[bytes], settings: Settings) -> None:
    """Check that ``contents`` hold at most ``max_elements`` XML elements or JSON values, and twice as many attributes.

    They are counted before parsing, by the characters that each needs, so comments count as elements. Raise UnreadableRequest
    with HTTP status 413, also if ``contents`` have more than ``max_body`` bytes: several documents may refer to one MIME part.
    """
    most, elements, attributes, held = settings.max_elements, 0, 0, tuple(contents)
    size = sum(map(len, held))
    if size > settings.max_body:
        found = f"{len(held)} documents of {size} bytes, over the limit of {settings.max_body} bytes"
        raise UnreadableRequest(f"The request has {found}; send fewer documents at once.", 413)
    if size <= most:
        return  # each element and each value needs at least one character
    for content in held:
        if IS_JSON.match(content):
            elements += content.count(b",") + content.count(b"[") + content.count(b"{")
        else:
            elements += content.count(b"<") - content.count(b"</") - content.count(b"<\0/")  # the last is "</" in UTF-16
        attributes += content.count(b"=")
    if elements > most or attributes > ATTRIBUTES * most:
        found = f"{most} elements" if elements > most else f"{ATTRIBUTES * most} attributes"
        raise UnreadableRequest(f"The request has more than {found}; send fewer documents, or less in each.", 413)


def take_in_rest(request: Request) -> None:
    """Read and discard the rest of a body that the answer does not need, within limits."""
    with suppress(Exception):  # each server has its own exception for a body that breaks off
        _wait_at_most(DRAIN_SECONDS, request)
        _drain(request.stream, None)


def compress(response: Response) -> Response:
    """Return the response, its body gzipped when the current request's Accept-Encoding allows that."""
    response.vary.add("Accept-Encoding")
    if current_request.accept_encodings["gzip"] > 0 and "Content-Encoding" not in response.headers and not response.is_streamed:
        response.set_data(gzip.compress(response.get_data(), COMPRESS_LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _whole(request: Request, settings: Settings) -> bytes:
    try:
        body = b"".join(iter(lambda: request.stream.read(CHUNK), b""))
    except RequestEntityTooLarge as error:
        with suppress(Exception):  # the rest of the body may break off
            _drain(request.environ["wsgi.input"], request.content_length)
        raise _too_large(settings.max_body) from error
    except Exception as error:  # each server has its own exception for a broken body
        is_late = isinstance(error.__context__, TimeoutError)  # werkzeug wraps it
        raise _broken_off(settings, is_late) from error
    if len(body) < (request.content_length or 0):
        raise _broken_off(settings, is_late=False)
    return body


def _broken_off(settings: Settings, is_late: bool) -> UnreadableRequest:
    if is_late:
        return UnreadableRequest(f"The body did not arrive within {settings.body_timeout} seconds; send it faster.", 408)
    return UnreadableRequest("The request was cut off, or broke, before the end of its body.")


def _decoded(body: bytes, coding: str, limit: int) -> bytes:
    if coding not in CODINGS:
        raise UnreadableRequest(f"The Content-Encoding '{coding[:80]}' is not known here; use gzip or deflate, or none.", 415)
    try:
        return b"".join(_inflated(body, limit))
    except zlib.error as error:
        raise UnreadableRequest(
            f"The body, which begins with {body[:4].hex(' ')}, is not {coding} as its Content-Encoding says ({_reason(error)}); "
            "send gzip (1f 8b), deflate in zlib's format (78), or no Content-Encoding."
        ) from error


def _reason(error: zlib.error) -> str:
    """Return what zlib says, without its number: ``incorrect header check``."""
    return str(error).rpartition(": ")[2]


def _inflated(body: bytes, limit: int) -> Iterator[bytes]:
    """Yield the content of each member of a gzip body; stop one byte after ``limit``."""
    room, position = limit, 0
    while position < len(body):
        member = zlib.decompressobj(GZIP_OR_ZLIB)
        while not member.eof:
            piece = body[position : position + PIECE]
            if not piece:
                raise UnreadableRequest("The compressed body is cut off before its end; send all of it.")
            content = member.decompress(piece, room + 1)
            room -= len(content)
            if room < 0:
                raise _too_large(limit)
            yield content
            position += len(piece) - len(member.unused_data)
        padding = PADDING.match(body, position)
        position = padding.end() if padding else position


def _too_large(limit: int) -> UnreadableRequest:
    return UnreadableRequest(f"The body is over the limit of {limit} bytes; send fewer documents at once.", 413)


def _drain(source: IO[bytes], length: int | None) -> None:
    """Read and discard what a sender still sends: a sender that is cut off never reads the answer."""
    remaining = DRAINED if length is None else min(length, DRAINED)
    while remaining > 0 and (chunk := source.read(min(CHUNK, remaining))):
        remaining -= len(chunk)


def _wait_at_most(seconds: float, request: Request) -> None:
    """Let a read of the body raise TimeoutError if it waits that long for the next byte.

    Only werkzeug's server, which test suites run, reads a body while it arrives. ``mockregister serve`` calls the application
    when the body is complete or has timed out.
    """
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        connection.settimeout(seconds)
