"""What a running register holds: its documents, told over again here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlsplit

from mockregister import safexml
from mockregister.codes.tables import CodeTables
from mockregister.document import reader
from mockregister.errors import MockRegisterError
from mockregister.model import SentDocument, Submission
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.register.state import State
from mockregister.settings import Settings

API = "/api/v1"
PAGE = 1000


class Unreachable(MockRegisterError):
    """A running register did not give what it holds."""


def told_by(url: str, register: str, codes: CodeTables) -> State:
    """What a running register holds, from the documents that it kept, in the order in which they came. Raises Unreachable."""
    door = _Door(url, register)
    settings = Settings()
    again = Register(MemoryStore(), codes, settings.start_clock(), settings)
    listed = {_key(item): None for item in door.documents()}  # once: what comes meanwhile moves others to the next page
    for key in reversed(listed):
        content = door.get(f"/documents/{quote(key)}", "application/xml")
        with again.draft([reader.read(safexml.parse(content)).document]) as draft:
            draft.commit(Submission((SentDocument(key, content),)), ())
    return again.state


def _key(item: dict[str, Any]) -> str:
    return f"{item['id']['root']}^{item['id']['extension']}"


class _Door:
    """One connection to the JSON API of a running register."""

    def __init__(self, url: str, register: str) -> None:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._server, self._connection = f"{parts.scheme}://{parts.netloc}", connect(parts.netloc, timeout=60)
        within = f"/r/{quote(register, safe='')}" if register else ""
        self._base = f"{parts.path.rstrip('/')}{within}{API}"

    def documents(self) -> Iterator[dict[str, Any]]:
        """What the list of documents says of each, newest first."""
        number: int | None = 1
        while number:
            page = json.loads(self.get(f"/documents?page={number}&page_size={PAGE}", "application/json"))
            yield from page["items"]
            number = number + 1 if page["next"] else None

    def get(self, path: str, accept: str) -> bytes:
        """The body of an answer. Raises Unreachable."""
        try:
            self._connection.request("GET", self._base + path, headers={"Accept": accept})
            answer = self._connection.getresponse()
            body = answer.read()
        except (OSError, HTTPException) as error:
            raise Unreachable(f"No answer from {self._server}: {error}.") from error
        if answer.status != HTTPStatus.OK:
            raise Unreachable(f"{self._server}{self._base}{path} answered {answer.status}; is that a mockregister?")
        return body
