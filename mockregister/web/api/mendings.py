"""``/mendings``: mend errors of a document if only one correction is possible or clearly intended; nothing is stored."""

from __future__ import annotations

from typing import Any

from flask import request
from marshmallow import Schema, fields

from mockregister.validation.mending.mending import mended
from mockregister.web import body
from mockregister.web.api.resource import XML, Blueprint
from mockregister.web.api.schemas import findings
from mockregister.web.explaining import ExplainSchema
from mockregister.web.registers import namespace, registers

blueprint = Blueprint("mendings", "Mend errors of a document if only one correction is possible or clearly intended.")


class MendSchema(Schema):
    """One thing that was mended."""

    what = fields.String(metadata={"description": "What was done, with the value before and after."})
    line = fields.Integer(metadata={"description": "The line of the document, as it was at that step."})


class MendingSchema(Schema):
    """A document before and after mending."""

    mends = fields.List(fields.Nested(MendSchema), metadata={"description": "What was mended, in order; empty if nothing was."})
    diff = fields.String(metadata={"description": "The unified difference of the document before and after."})
    document = fields.String(metadata={"description": "The mended document."})
    left = findings("The findings that are left, with explanations.")


@blueprint.asking(ExplainSchema, MendingSchema, {XML: {"type": "string"}})
def mend(query: dict[str, str]) -> dict[str, Any]:
    """Mend a clinical document (CDA).

    The document is validated against what the register holds, mended, and validated again. Nothing is stored.
    """
    content = body.receive(request, registers().settings)
    mending = mended(content, namespace().register, namespace().edition, query.get("explain", "en"))
    return {
        "mends": mending.mends,
        "diff": "\n".join(mending.diff()),
        "document": mending.text,
        "left": mending.left,
    }
