"""The report of a failed test: what was sent to its register, and what was answered."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from mockregister import safexml
from mockregister.envelope import mime
from mockregister.errors import UnreadableDocument, UnreadableRequest
from mockregister.testing import Lpr3, describe

Json = dict[str, Any]

EXCHANGES = 5  # how many exchanges are shown, the latest
LINES, WIDTH = 250, 160  # how many lines of a document or answer are shown, and how many characters of a line


def last_exchanges(lpr3: Lpr3) -> str:
    """Return the last exchanges of a register, oldest first, with findings, documents and answers.

    Raise NoAnswer and Refused.
    """
    found = lpr3.requests.find()
    lines = [f"{lpr3.url}: {len(found) or 'no'} exchange{'' if len(found) == 1 else 's'}"]
    if len(found) > EXCHANGES:
        lines.append(f"the last {EXCHANGES} of them:")
    for exchange in reversed(found[:EXCHANGES]):
        lines += ["", *_exchange(lpr3.requests.get(exchange["id"]))]
    return "\n".join(lines)


def _exchange(exchange: Json) -> Iterator[str]:
    yield f"{exchange['at']} {describe(exchange)}"
    for finding in exchange["findings"]:
        yield f"  {finding['severity']} {finding['level']} {finding['code']}: {finding['text']}"
        if finding["where"]:
            yield _fitting(f"    at {finding['where']}")
    if exchange["faults"]:
        yield f"  fault asked for: {', '.join(exchange['faults'])}"
    for document in exchange["documents"]:
        yield f"  sent {document['id']}:"
        yield from _shown(_content(document))
    if not exchange["documents"]:
        yield "  sent:"
        yield from _shown(_content(exchange["request"]))
    yield "  answered:"
    yield from _shown(_content(exchange["answer"]))


def _content(message: Json) -> bytes:
    """Return the bytes of a document or message; for a multipart message, those of its root part."""
    text: str = message["text"]
    content = base64.b64decode(text) if message.get("encoding") == "base64" else text.encode()
    kind = next((value for name, value in message.get("headers", ()) if name.lower() == "content-type"), "")
    with suppress(UnreadableRequest):
        return mime.read(kind, content).root.content if kind.lower().startswith("multipart/") else content
    return content


def _shown(content: bytes) -> Iterator[str]:
    """Yield the beginning of a content, indented if it is XML."""
    try:
        text = safexml.indented(safexml.parse(content))
    except UnreadableDocument:
        text = content.decode("utf-8", "replace")
    lines = text.strip().splitlines()
    yield from (_fitting(f"    {line}") for line in lines[:LINES])
    if len(lines) > LINES:
        yield f"    … and {len(lines) - LINES} lines more"


def _fitting(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 2]} …"
