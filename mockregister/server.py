"""HTTP connections to a server; clients, commands and test suites all use them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from mockregister.errors import InvalidRequest, MockRegisterError, NotFound

if TYPE_CHECKING:  # imported lazily: the server starts without it
    from ssl import SSLContext

    from urllib3 import BaseHTTPResponse

CONNECTIONS = 256  # kept open for later; more are opened when more threads send at once


class NoAnswer(MockRegisterError):
    """Nobody answered, the connection broke before the answer was complete, or the answer is not usable."""


def bearer(token: str) -> dict[str, str]:
    """Return the HTTP header for an admin token, which is sent in UTF-8; no header if the token is empty."""
    return {"Authorization": f"Bearer {token}".encode().decode("latin-1")} if token else {}


class Server:
    """One server and the open connections to it, for any number of threads.

    ``register`` is the name of a register (empty: the default one), ``token`` the admin token, ``timeout`` in seconds,
    ``context`` the TLS context. Every path is relative to ``url`` and the register.
    """

    def __init__(
        self, url: str, register: str = "", token: str = "", timeout: float = 60, context: SSLContext | None = None
    ) -> None:
        import urllib3

        parts = urlsplit(url if "://" in url else f"http://{url}")
        self.host = parts.netloc
        self.path = parts.path.rstrip("/") + (f"/r/{quote(register, safe='')}" if register else "")
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._token = bearer(token)
        self._connections = urllib3.PoolManager(timeout=timeout, maxsize=CONNECTIONS, retries=False, ssl_context=context)

    def exchange(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None) -> BaseHTTPResponse:
        """Send a request and return the answer; the connection stays open for the next one. Raise NoAnswer."""
        from urllib3.exceptions import HTTPError

        try:
            pool = self._connections.connection_from_url(self._origin)
            return pool.urlopen(method, self.path + path, body, {**self._token, **headers}, decode_content=False)
        except (HTTPError, UnicodeError) as error:
            cause = error.__context__ or error  # urllib3 wraps the error of the socket, which says more
            raise NoAnswer(f"No answer from {self.host}: {cause}.") from error

    def get(self, path: str, accept: str) -> bytes:
        """Return the content of an answer with status 200. Raise NoAnswer."""
        answer = self.exchange("GET", path, {"Accept": accept})
        if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise NoAnswer(f"{self._origin}{self.path}{path} answered {answer.status}; give its admin token.")
        if answer.status != HTTPStatus.OK:
            raise NoAnswer(f"{self._origin}{self.path}{path} answered {answer.status}; is that a mockregister?")
        return answer.data


def refusal(status: int, content: bytes, path: str) -> MockRegisterError:
    """Return the exception for a refused call (NotFound, InvalidRequest or NoAnswer), with the sentence of the answer."""
    try:
        detail = str(json.loads(content)["detail"])
    except (ValueError, KeyError, TypeError):
        return NoAnswer(f"{path} answered {status}; is that a mockregister?")
    kinds: dict[int, type[MockRegisterError]] = {404: NotFound, 422: InvalidRequest}
    return kinds.get(status, NoAnswer)(detail)
