"""A server as users run it: ``mockregister serve`` in a process of its own, spoken to over TCP."""

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
PATIENCE = 60  # seconds until a test gives up


@dataclass
class Running:
    """A process that serves."""

    process: subprocess.Popen[str]
    url: str

    @property
    def stored(self) -> dict[str, int]:
        """How many rows of each kind the default register holds."""
        with urlopen(f"{self.url}/__admin/registers/default", timeout=PATIENCE) as response:
            stored: dict[str, int] = json.load(response)["stored"]
            return stored

    def connect(self) -> Client:
        """A connection of one's own."""
        parts = urlsplit(self.url)
        assert parts.hostname is not None
        assert parts.port is not None
        return Client((parts.hostname, parts.port))

    def send(self, *pieces: bytes, ended: bool = False) -> Answered:
        """What the bytes are answered with; ``ended`` says that no more will come."""
        with self.connect() as connection:
            for piece in pieces:
                connection.sendall(piece)
            if ended:
                connection.shutdown(socket.SHUT_WR)
            return answered(connection)

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, and give the exit code."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


class Client(socket.socket):
    """A connection whose answers are read through one buffer, so that an answer that came with the one before is kept."""

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(socket.AF_INET, socket.SOCK_STREAM)
        self.settimeout(PATIENCE)
        self.connect(address)
        self._reader = _Reader(socket.SocketIO(self, "r"))

    def makefile(self, *_: Any, **__: Any) -> _Reader:  # type: ignore[override]
        """The one reader: ``HTTPResponse`` asks for one for each answer."""
        return self._reader


class _Reader(BufferedReader):
    """A reader that stays open when ``HTTPResponse`` has read an answer; it is closed with its socket."""

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
        """The media type."""
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def detail(self) -> Any:
        """The sentence of a problem."""
        return json.loads(self.body)["detail"]


def answered(connection: socket.socket) -> Answered:
    """The next answer on a connection."""
    response = HTTPResponse(connection)
    response.begin()
    return Answered(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """The command with these arguments, in this environment and no other settings."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MOCKREGISTER_")}
    return subprocess.Popen(
        (*COMMAND, *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=inherited | environment
    )


@contextmanager
def running(*flags: str, command: str = "serve", **environment: str) -> Iterator[Running]:
    """A server on a free port, killed in the end if it still runs."""
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
    """The head of a request."""
    return "\r\n".join((f"{method} {path} {version}", "Host: lpr3.test", *lines, "", "")).encode("latin-1")


def request(path: str, headers: dict[str, str], body: bytes, *lines: str, **how: str) -> bytes:
    """A whole request, after which the connection is closed; ``lines`` take the place of its Content-Length."""
    length = lines or (f"Content-Length: {len(body)}",)
    return head(path, *(f"{name}: {value}" for name, value in headers.items()), *length, "Connection: close", **how) + body
