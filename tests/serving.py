"""A server as users run it: ``mockregister serve`` in its own process, called over TCP."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from io import BufferedReader
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

COMMAND = (sys.executable, "-c", "from mockregister.cli import main; main()")
PATIENCE = 60  # seconds after which a test fails


@dataclass
class Running:
    """A running server process."""

    process: subprocess.Popen[str]
    url: str

    @property
    def stored(self) -> dict[str, int]:
        """Return how many rows of each kind the default register has."""
        with urlopen(f"{self.url}/__admin/registers/default", timeout=PATIENCE) as response:
            stored: dict[str, int] = json.load(response)["stored"]
            return stored

    def connect(self) -> Client:
        """Open a connection."""
        parts = urlsplit(self.url)
        assert parts.hostname is not None
        assert parts.port is not None
        return Client((parts.hostname, parts.port))

    def send(self, *pieces: bytes, ended: bool = False) -> Answered:
        """Send bytes, and return the answer. ``ended`` closes our half of the connection after them."""
        with self.connect() as connection:
            for piece in pieces:
                connection.sendall(piece)
            if ended:
                connection.shutdown(socket.SHUT_WR)
            return answered(connection)

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, and return the exit code."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


class Client(socket.socket):
    """A connection with a single read buffer, so that an answer that arrived together with an earlier one is not lost."""

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(socket.AF_INET, socket.SOCK_STREAM)
        self.settimeout(PATIENCE)
        self.connect(address)
        self._reader = _Reader(socket.SocketIO(self, "r"))

    def makefile(self, *_: Any, **__: Any) -> _Reader:  # type: ignore[override]
        """Return always the same reader. ``HTTPResponse`` asks for a reader for each answer."""
        return self._reader


class _Reader(BufferedReader):
    """A reader that stays open after ``HTTPResponse`` has read an answer. It is closed with its socket."""

    def close(self) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Answered:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """Return the media type."""
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def detail(self) -> Any:
        """Return the ``detail`` of a problem."""
        return json.loads(self.body)["detail"]


def answered(connection: socket.socket) -> Answered:
    """Read the next answer on a connection."""
    response = HTTPResponse(connection)
    response.begin()
    return Answered(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start the command with these arguments. The settings of this process's environment are removed."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MOCKREGISTER_")}
    return subprocess.Popen(
        (*COMMAND, *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=inherited | environment
    )


@contextmanager
def running(*flags: str, command: str = "serve", **environment: str) -> Iterator[Running]:
    """Run a server on a free port. It is killed at the end if it still runs."""
    process = start(command, "--port", "0", *flags, **environment)
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        assert " is ready on " in line, line + process.communicate(timeout=PATIENCE)[1]
        yield Running(process, line.partition(" is ready on ")[2].partition(",")[0])
    finally:
        process.kill()
        process.communicate()


@contextmanager
def nobody_listens() -> Iterator[int]:
    """Yield a port that refuses connections and that nobody else can take."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def head(path: str, *lines: str, method: str = "POST", version: str = "HTTP/1.1") -> bytes:
    """Return the head of a request."""
    return "\r\n".join((f"{method} {path} {version}", "Host: lpr3.test", *lines, "", "")).encode("latin-1")


def request(path: str, headers: dict[str, str], body: bytes, *lines: str, **how: str) -> bytes:
    """Return a whole request, after which the connection is closed. ``lines`` replace its Content-Length."""
    length = lines or (f"Content-Length: {len(body)}",)
    return head(path, *(f"{name}: {value}" for name, value in headers.items()), *length, "Connection: close", **how) + body
