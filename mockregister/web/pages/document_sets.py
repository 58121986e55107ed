"""A document set: its versions, and what changed from one to another."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from flask import Blueprint, render_template, request
from lxml import etree

from mockregister import safexml
from mockregister.errors import NotFound, UnreadableDocument
from mockregister.register.elements import Document
from mockregister.web.registers import reader

AROUND = 3  # lines that are shown around what changed
MOST = 4000  # lines of a difference that are shown

blueprint = Blueprint("sets", __name__, url_prefix="/sets")


@blueprint.get("/<key>")
def show(key: str) -> str:
    """Return the page with the versions of a set and the difference between two, by default the last two. Raise NotFound."""
    documents = list(reader().documents_of_set(key))
    if not documents:
        raise NotFound("The register does not have this document set.")
    last = len(documents)
    older, newer = (
        min(max(1, request.args.get(name, usual, int)), last) for name, usual in (("from", max(1, last - 1)), ("to", last))
    )
    return render_template(
        "document_set.html",
        key=key,
        documents=documents,
        older=older,
        newer=newer,
        lines=list(_difference(documents[older - 1], documents[newer - 1])),
    )


def _difference(older: Document, newer: Document) -> Iterator[tuple[str, str]]:
    """Yield the lines of the difference, each with its kind: added, removed, place, or empty for unchanged."""
    found = unified_diff(_lines(older.content), _lines(newer.content), lineterm="", n=AROUND)
    for number, line in enumerate(found):
        if number > MOST:
            return
        if number > 1:  # the first two lines name files
            yield {"+": "added", "-": "removed", "@": "place"}.get(line[:1], ""), line


def _lines(content: bytes) -> list[str]:
    """Return a document with each element on its own line."""
    try:
        root = safexml.parse(content)
    except UnreadableDocument:
        return content.decode("utf-8", "replace").splitlines()
    etree.indent(root)
    return etree.tostring(root, encoding="unicode").splitlines()
