"""``/documents``: the stored clinical documents, as JSON or as the CDA that was sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields

from mockregister import model, safexml
from mockregister.document import reader as cda_reader
from mockregister.document.lines import with_lines
from mockregister.errors import NotFound
from mockregister.register.elements import Document
from mockregister.register.filters import Filter
from mockregister.web.api.model_schemas import model_fields
from mockregister.web.api.resource import JSON, XML, Blueprint
from mockregister.web.api.schemas import DocumentItemSchema, DocumentMetaSchema, findings
from mockregister.web.registers import reader

CDA = (XML, "text/xml")
blueprint = Blueprint("documents", "Clinical documents (indberetninger), as JSON or as the CDA that was sent.", JSON, *CDA)
USUAL = ("patient", "from", "to", "sor", "has", "rule", "authority", "set", "submitted_since")

DocumentSchema = Schema.from_dict(
    model_fields(model.ClinicalDocument)
    | {
        "findings": findings("What was found in it when it was submitted."),
        "meta": fields.Nested(DocumentMetaSchema, metadata={"description": "What the register knows about it."}),
    },
    name="DocumentSchema",
)


@blueprint.listing(DocumentItemSchema, *USUAL)
def listed(**filters: Any) -> Iterator[Document]:
    """List documents, newest first.

    from and to apply to the time stamp of the report, sor to the author's unit, has and rule to the findings on submission.
    """
    return reader().documents(Filter(**filters))


def show(id: str) -> Any:
    """Return one document: its content as the logical model or, with Accept: application/xml, the CDA exactly as it was sent."""
    found = reader().document(id)
    if found is None:
        raise NotFound(f"There is no document {id[:80]}; GET /api/v1/documents lists those there are.")
    if request.accept_mimetypes.best_match([JSON, *CDA], JSON) != JSON:
        return Response(found.content, content_type=XML)
    document = cda_reader.read(safexml.parse(found.content)).document
    lines = list(with_lines(found.findings, {found.key: found.content}))
    return {name: getattr(document, name) for name in model_fields(type(document))} | {"findings": lines, "meta": found}


ID = "The extension of its id, a UUID in any letter case; root^extension if documents of two sets have the same extension."
blueprint.single("<id>", DocumentSchema, ID, other={XML: {"type": "string"}})(show)
