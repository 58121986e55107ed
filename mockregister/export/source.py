"""The content of a running register, rebuilt here from its documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from mockregister import safexml
from mockregister.codes.tables import CodeTables
from mockregister.document import reader
from mockregister.model import SentDocument, Submission
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.server import Server
from mockregister.settings import Settings

API = "/api/v1"
PAGE = 1000


def copy_of(server: Server, codes: CodeTables) -> Register:
    """Return a register in memory with the documents of a running one, stored in the same order. Raise NoAnswer."""
    # A document that is stored meanwhile moves others to the next page, where they are listed again.
    listed = dict.fromkeys(f"{item['id']['root']}^{item['id']['extension']}" for item in _documents(server))
    documents = ((key, server.get(f"{API}/documents/{quote(key)}", "application/xml")) for key in reversed(listed))
    return register_with(documents, codes)


def register_with(documents: Iterable[tuple[str, bytes]], codes: CodeTables) -> Register:
    """Return a register in memory that holds these documents, stored in this order without validation.

    Each document is given by name and content.
    """
    settings = Settings()
    register = Register(MemoryStore(), codes, settings.start_clock(), settings)
    for name, content in documents:
        with register.draft([reader.read(safexml.parse(content)).document]) as draft:
            draft.commit(Submission((SentDocument(name, content),)), ())
    return register


def _documents(server: Server) -> Iterator[dict[str, Any]]:
    """Yield the items of the list of documents, newest first. Raise NoAnswer."""
    number: int | None = 1
    while number:
        page = json.loads(server.get(f"{API}/documents?page={number}&page_size={PAGE}", "application/json"))
        yield from page["items"]
        number = number + 1 if page["next"] else None
