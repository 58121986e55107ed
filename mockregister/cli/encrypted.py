"""A connection with TLS, which the worker's loop uses like one without: it never blocks."""

from __future__ import annotations

import ssl
from contextlib import suppress
from http import HTTPStatus
from socket import socket
from typing import Any

from mockregister.cli.refusals import problem

PLAIN = problem(HTTPStatus.BAD_REQUEST, "This server speaks HTTPS; write https:// in its address.")
WANTING = (ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Encrypted:
    """A socket that speaks TLS; the handshake takes place when the first bytes are received or sent.

    Raise OSError, and close the socket, if the other side has already hung up.
    """

    def __init__(self, sock: socket, context: ssl.SSLContext) -> None:
        sock.setblocking(False)
        try:
            sock.getpeername()  # wrap_socket would raise without closing
        except OSError:
            sock.close()
            raise
        self._sock = context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)

    def recv(self, size: int) -> bytes:
        """Return the received bytes, decrypted. Raise BlockingIOError if there are none, OSError if they are not TLS."""
        try:
            data = self._sock.recv(size)
            while self._sock.pending():  # a selector does not see bytes that are already decrypted
                data += self._sock.recv(self._sock.pending())
        except WANTING as error:
            raise BlockingIOError from error
        except ssl.SSLEOFError:
            return b""
        except ssl.SSLError as error:
            if error.reason == "HTTP_REQUEST":
                socket.send(self._sock, PLAIN)
            raise
        return data

    def send(self, data: Any) -> int:
        """Send what the other side accepts now, and return the number of bytes. Raise BlockingIOError if it accepts none."""
        try:
            return self._sock.send(data)
        except WANTING as error:
            raise BlockingIOError from error

    def shutdown(self, how: int) -> None:
        """End TLS, then shut the socket down as ``how`` says."""
        with suppress(OSError, ValueError):
            self._sock.unwrap()
        self._sock.shutdown(how)

    def setblocking(self, flag: bool) -> None:
        """Do nothing: this socket never blocks."""

    def getsockname(self) -> Any:
        """Return the local address, which the other side called."""
        return self._sock.getsockname()

    def fileno(self) -> int:
        """Return the file number for selectors."""
        return self._sock.fileno()

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()
