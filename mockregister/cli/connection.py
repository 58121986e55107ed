"""An HTTP connection that no thread waits for: it receives and sends what is possible now, and keeps the rest.

The worker's loop owns a connection, except in the stage ANSWERING, when the answering thread owns it.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from time import monotonic
from typing import Any

from gunicorn.config import Config
from gunicorn.http import get_parser

from mockregister.cli.encrypted import Encrypted
from mockregister.cli.framing import Chunked, Sized, framing
from mockregister.cli.refusals import LoneLineFeed

CHUNK = 64 * 1024
END_OF_HEAD = b"\r\n\r\n"
LONE_LF = re.compile(rb"(?<!\r)\n")  # RFC 9112 (2.2) lets it end a line; gunicorn's parser does not
TLS_HELLO = b"\x16\x03"  # first bytes of a client that takes this server for an HTTPS one; no head follows
HEAD_LIMIT = 64 * 1024  # bytes; gunicorn has limits of its own for the lines of a head
DRAINED = 64 * 1024 * 1024  # bytes of a request that are read and discarded, so that its sender reads the answer


class ConnectionStage(Enum):
    """What a connection is waiting for."""

    IDLE = auto()  # the first byte of a request
    HEAD = auto()
    BODY = auto()
    WHOLE = auto()  # a thread
    ANSWERING = auto()  # the application
    SENDING = auto()  # the other side, to take the answer
    LINGERING = auto()  # the other side, to hang up
    OVER = auto()


@dataclass(frozen=True)
class Patience:
    """How long each stage may take, in seconds, and how large a body may be, in bytes."""

    body: float
    max_body: int
    head: float = 10.0
    idle: float = 5.0
    send: float = 30.0  # until the next bytes of an answer are taken
    linger: float = 2.0  # after an answer, until the other side hangs up
    drain: float = 5.0  # instead of linger, after an answer to a request that had not arrived completely


class Connection:
    """One connection: it waits for ``stage``, from ``since`` until ``due`` (monotonic seconds)."""

    def __init__(self, config: Config, sock: socket.socket | Encrypted, peer: Any, patience: Patience) -> None:
        sock.setblocking(False)
        self.sock, self.peer, self.name = sock, peer, sock.getsockname()
        self.request: Any = None
        self.has_answered = self.keeps = self.is_incomplete = self.is_cut = False
        self.held = self._drained = 0  # bytes kept of a request or an answer, and bytes discarded
        self._config, self._patience = config, patience
        self._began = bytearray()  # the received part of a head that is not complete yet
        self._came: deque[bytes] = deque()
        self._unsent: deque[memoryview] = deque()
        self._is_gathering = False
        self._failure: Exception | None = None
        self._body: Sized | Chunked = Sized(0)
        self._enter(ConnectionStage.IDLE, patience.head)

    def receive(self) -> None:
        """Receive the bytes that have arrived. Raise LoneLineFeed or an error of gunicorn's parser for a bad head."""
        try:
            data = self.sock.recv(CHUNK)
        except BlockingIOError:
            return
        except ssl.SSLError:
            self._half_close()  # OpenSSL has sent the reason to the other side; closing at once would discard it
            return
        except OSError:
            self.stage = ConnectionStage.OVER
            return
        if not data:
            self._ended()
        elif self.stage is ConnectionStage.LINGERING:
            self._drained += len(data)
            if self._drained > DRAINED:
                self.stage = ConnectionStage.OVER
        else:
            self._take(data)

    def time_out(self) -> None:
        """Stop waiting for late bytes: hand an incomplete body over as it is, or close the connection."""
        if self.stage is ConnectionStage.BODY:
            self._hand_over(TimeoutError())
        else:
            self.stage = ConnectionStage.OVER

    def sendall(self, data: bytes) -> None:
        """Send the bytes as soon as the other side accepts them; never wait."""
        if not self.is_cut:
            self.has_answered = True
            self._unsent.append(memoryview(data))
            self.held += len(data)
            if not self._is_gathering:
                self.flush()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Hold back what the block sends until its end, so that the head and a small body of an answer are one packet."""
        self._is_gathering = True
        try:
            yield
        finally:
            self._is_gathering = False
            self.flush()

    def send(self, data: bytes) -> None:
        """Do nothing: gunicorn uses it only for 100 Continue, which was sent when the head arrived."""

    def shutdown(self, how: int) -> None:
        """Cut the connection after the bytes sent so far, whatever ``how`` says; a simulated fault calls this."""
        self.is_cut = True
        if not self._unsent:
            self._cut()

    def flush(self) -> None:
        """Send as many of the remaining bytes as the other side accepts now."""
        try:
            while self._unsent:
                self._join()
                sent = self.sock.send(self._unsent[0])
                self.held -= sent
                self.due = monotonic() + self._patience.send
                self._unsent[0] = self._unsent[0][sent:]
                if not self._unsent[0]:
                    self._unsent.popleft()
        except BlockingIOError:
            return
        except OSError:
            self._unsent.clear()
            self.is_cut = True

    def _join(self) -> None:
        """Join the first unsent pieces while they are at most CHUNK bytes: joining copies the bytes."""
        while len(self._unsent) > 1 and len(self._unsent[0]) + len(self._unsent[1]) <= CHUNK:
            self._unsent.appendleft(memoryview(b"".join((self._unsent.popleft(), self._unsent.popleft()))))

    def proceed(self) -> None:
        """Go on after an answer: send the rest of it, then wait for another request or for the other side to hang up.

        Raise the errors of ``receive`` for a bad head of a request that was sent right after the previous one.
        """
        self.request = None
        self._came.clear()
        self.held = sum(map(len, self._unsent))
        if self._unsent:
            self._enter(ConnectionStage.SENDING, self._patience.send)
        elif self.is_cut:
            self._cut()
            self.stage = ConnectionStage.OVER
        elif self.keeps:
            self._start_again()
        else:
            self._half_close()

    @property
    def is_sending(self) -> bool:
        """Return whether there are bytes left to send."""
        return bool(self._unsent)

    def refuse(self) -> None:
        """Go on after the answer to something that is not a request; read no further requests."""
        self.keeps, self.is_incomplete = False, True
        self.proceed()

    def close(self) -> None:
        """Hang up."""
        self.sock.close()

    def _enter(self, stage: ConnectionStage, seconds: float) -> None:
        self.stage, self.since = stage, monotonic()
        self.due = self.since + seconds

    def _ended(self) -> None:
        """Note that the other side sends nothing more."""
        if self.stage is ConnectionStage.BODY:
            self._hand_over(None)
        else:
            self.stage = ConnectionStage.OVER

    def _take(self, data: bytes) -> None:
        if self.stage is ConnectionStage.IDLE:
            self._enter(ConnectionStage.HEAD, self._patience.head)
        if self.stage is ConnectionStage.BODY:
            self._take_body(data)
            return
        seen = max(0, len(self._began) - len(END_OF_HEAD))
        self._began += data if self._began else data.lstrip(b"\r\n")
        if is_tls := self._began.startswith(TLS_HELLO):
            self._began += END_OF_HEAD  # so that it is refused at once
        end = self._began.find(END_OF_HEAD, seen)
        if not is_tls and LONE_LF.search(self._began, seen, len(self._began) if end < 0 else end):
            raise LoneLineFeed()
        if end >= 0 or len(self._began) > HEAD_LIMIT:
            self._take_head(len(self._began) if end < 0 else end + len(END_OF_HEAD))

    def _take_head(self, length: int) -> None:
        head, rest = bytes(self._began[:length]), bytes(self._began[length:])
        self._began.clear()
        self._came.append(head)
        self.request = next(get_parser(self._config, self._pieces(), self.peer))
        self.keeps = self.has_answered = self.is_incomplete = False
        self.held, self._failure = 0, None
        self._enter(ConnectionStage.BODY, self._patience.body)
        headers = dict(self.request.headers)
        self._body = framing(head, headers)
        if self._body.expected > self._patience.max_body:
            self._hand_over(None)
            return
        if "EXPECT" in headers and not rest:
            self._unsent.append(memoryview(b"HTTP/1.1 100 Continue\r\n\r\n"))
            self.flush()
        self._take_body(rest)

    def _take_body(self, data: bytes) -> None:
        rest = self._body.feed(data)
        if mine := data[: len(data) - len(rest)]:  # gunicorn's parser reads an empty piece as the end
            self._came.append(mine)
        self.held += len(data)
        if self._body.is_whole:
            self._began += rest
            self.stage = ConnectionStage.WHOLE
        elif self._body.received > self._patience.max_body or self._body.is_broken:
            self._hand_over(None)

    def _hand_over(self, failure: Exception | None) -> None:
        """Hand an incomplete body over, so that the application tells the sender what is wrong."""
        self._failure, self.is_incomplete, self.stage = failure, True, ConnectionStage.WHOLE

    def _pieces(self) -> Iterator[bytes]:
        """Yield the received bytes to gunicorn's parser; raise the failure if they did not arrive in time."""
        while self._came:
            yield self._came.popleft()
        if self._failure is not None:
            raise self._failure

    def _start_again(self) -> None:
        self._enter(ConnectionStage.IDLE, self._patience.idle)
        if self._began:
            data = bytes(self._began)
            self._began.clear()
            self._take(data)

    def _half_close(self) -> None:
        """Close the sending side only: closing a socket with unread bytes would reset it before the other side has read."""
        self._enter(ConnectionStage.LINGERING, self._patience.drain if self.is_incomplete else self._patience.linger)
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self.stage = ConnectionStage.OVER

    def _cut(self) -> None:
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
