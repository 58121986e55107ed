"""A proxy between a sender and a register that writes requests and answers to a HAR file."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

from werkzeug.wrappers import Request, Response

from mockregister.comparing.recording import OF_THE_CONNECTION
from mockregister.mocking import har
from mockregister.mocking.journal import Headers, HttpMessage, redacted
from mockregister.server import NoAnswer, Server

Pairs = list[tuple[str, str]]
BAD_GATEWAY = 502


class HarFile:
    """A HAR file that is complete after every entry. Several threads may add entries. Only the file's owner can read it."""

    def __init__(self, path: Path) -> None:
        self.path, self.count = path, 0
        self._lock = Lock()
        start, mark, self._end = json.dumps(har.log([])).partition("[]}}")[0], "[", "]}}"
        with open(path, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(start + mark + self._end)

    def add(self, entry: har.Json) -> None:
        """Add an entry at the end."""
        written = json.dumps(entry)
        with self._lock, open(self.path, "r+b") as file:
            file.seek(-len(self._end), os.SEEK_END)
            file.write((("," if self.count else "") + "\n" + written + self._end).encode())
            self.count += 1


class Recorder:
    """A WSGI application that forwards every request to ``target`` and records both sides in a file, without secrets."""

    def __init__(self, target: str, server: Server, file: HarFile) -> None:
        self._target, self._server, self._file = target.rstrip("/"), server, file

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        return self._answered(request)(environ, start_response)

    def _answered(self, request: Request) -> Response:
        received, began = datetime.now(UTC), monotonic()
        path, sent = request.full_path.rstrip("?"), request.get_data()
        headers = _passed_on(request.headers.items())
        try:
            answer = self._server.exchange(request.method, path, dict(headers), sent or None)
        except NoAnswer as error:
            return Response(f"{error}\n", BAD_GATEWAY, content_type="text/plain; charset=utf-8")
        back = _passed_on(answer.headers.items())
        sent_message, answer_message = _message(headers, sent), _message(back, answer.data)
        url, seconds = self._target + path, monotonic() - began
        self._file.add(har.entry(request.method, url, received, seconds, sent_message, answer.status, answer_message))
        return Response(self._own_address(request, answer.data), answer.status, back)

    def _own_address(self, request: Request, body: bytes) -> bytes:
        """Return the body; in a WSDL, this proxy's address replaces the register's, so that senders that use it are recorded."""
        if request.method != "GET" or ("wsdl" not in request.args and "WSDL" not in request.args):
            return body
        return body.replace(self._target.encode(), request.host_url.rstrip("/").encode())


def _passed_on(headers: Iterable[tuple[str, str]]) -> Pairs:
    return [(name, value) for name, value in headers if name.lower() not in OF_THE_CONNECTION]


def _message(headers: Pairs, body: bytes) -> HttpMessage:
    """Return a message for the recording: without secrets, and decompressed."""
    encoding = next((value.lower() for name, value in headers if name.lower() == "content-encoding"), "")
    with suppress(OSError, EOFError, zlib.error):
        body = gzip.decompress(body) if encoding == "gzip" else body
    kept: Headers = redacted(tuple(headers))
    return HttpMessage(kept, body)
