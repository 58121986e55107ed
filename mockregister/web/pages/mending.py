"""How a refused document can be mended: the difference first, then the remaining findings, and the document to download."""

from __future__ import annotations

from itertools import islice

from flask import Blueprint, Response, render_template

from mockregister.errors import NotFound
from mockregister.validation.mending.mending import Mending, mended
from mockregister.web.pages.preferences import language
from mockregister.web.registers import namespace

blueprint = Blueprint("mending", __name__)


@blueprint.get("/exchanges/<exchange_id>/mended/<int:number>")
def shown(exchange_id: str, number: int) -> str:
    """Return the page with what mending changes in the ``number``-th document of an exchange, from 1. Raise NotFound."""
    mending = _mended(exchange_id, number)
    lines = [(line, {"+": "added", "-": "removed"}.get(line[:1], "")) for line in islice(mending.diff(), 2, None)]
    return render_template("mending.html", mending=mending, lines=lines, exchange_id=exchange_id, number=number)


@blueprint.get("/exchanges/<exchange_id>/mended/<int:number>.xml")
def document(exchange_id: str, number: int) -> Response:
    """Return the mended document as a file. Raise NotFound."""
    headers = {"Content-Disposition": f"attachment; filename=mended-{exchange_id[:8]}-{number}.xml"}
    return Response(_mended(exchange_id, number).after, content_type="application/xml", headers=headers)


def _mended(exchange_id: str, number: int) -> Mending:
    documents = namespace().journal.get(exchange_id).documents
    if not 0 < number <= len(documents):
        raise NotFound(f"The exchange has no document {number}; it has {len(documents)}.")
    return mended(documents[number - 1].content, namespace().register, namespace().edition, language())
