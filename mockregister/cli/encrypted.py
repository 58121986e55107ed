"""A connection with TLS, which the worker's loop uses as it does one without: nothing of it ever waits."""

from __future__ import annotations

import ssl
from contextlib import suppress
from socket import socket
from typing import Any

WANTING = (ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Encrypted:
    """A socket that speaks TLS; the handshake is made by the first bytes that are received.

    Raise OSError, and closes the socket, where the other side has hung up already.
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
        """Return what has come, decrypted. Raise BlockingIOError if nothing has, OSError if it is no TLS."""
        try:
            data = self._sock.recv(size)
            while self._sock.pending():  # a selector does not see what is decrypted already
                data += self._sock.recv(self._sock.pending())
        except WANTING as error:
            raise BlockingIOError from error
        except ssl.SSLEOFError:
            return b""
        return data

    def send(self, data: Any) -> int:
        """Send what the other side takes now, and return how much. Raise BlockingIOError if that is nothing."""
        try:
            return self._sock.send(data)
        except WANTING as error:
            raise BlockingIOError from error

    def shutdown(self, how: int) -> None:
        """Say that nothing more will come, in TLS and below."""
        with suppress(OSError, ValueError):
            self._sock.unwrap()
        self._sock.shutdown(how)

    def setblocking(self, flag: bool) -> None:
        """Do nothing: it never blocks."""

    def getsockname(self) -> Any:
        """Return the address that was called."""
        return self._sock.getsockname()

    def fileno(self) -> int:
        """Return what selectors know it by."""
        return self._sock.fileno()

    def close(self) -> None:
        """Close it."""
        self._sock.close()
