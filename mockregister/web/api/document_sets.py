"""``/document-sets``: chains of documents about one patient, and the elements that they made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from mockregister import model
from mockregister.errors import NotFound
from mockregister.model import EntryKind
from mockregister.register.elements import Standing
from mockregister.register.filters import Filter
from mockregister.register.rows import SetRow
from mockregister.web.api.model_schemas import schema_of
from mockregister.web.api.resource import Blueprint
from mockregister.web.api.schemas import DocumentItemSchema
from mockregister.web.registers import reader

blueprint = Blueprint("document-sets", "Document sets (dokumentsæt): chains of documents about one patient.")


class MemberSchema(Schema):
    """An element that a document set made."""

    kind = fields.Enum(EntryKind, by_value=True, metadata={"description": "The kind of element."})
    id = fields.String(attribute="key", metadata={"description": "Its id."})
    status = fields.Enum(Standing, attribute="standing", by_value=True, metadata={"description": "Its status."})


class DocumentSetItemSchema(Schema):
    """A document set (dokumentsæt)."""

    set_id = fields.Function(lambda row: row.root.lower(), metadata={"type": "string", "description": "Its UUID."})
    version = fields.Integer(metadata={"description": "The version of its last document."})
    document = fields.Function(
        lambda row: row.document.rpartition("^")[2], metadata={"type": "string", "description": "The id of its last document."}
    )
    authority = fields.String(attribute="custodian", metadata={"description": "The CVR number of the reporting authority."})
    patient = fields.Nested(schema_of(model.Patient), metadata={"description": "The patient that it is about."})


class DocumentSetSchema(DocumentSetItemSchema):
    """A document set with its documents and all elements that they made."""

    documents = fields.List(
        fields.Nested(DocumentItemSchema),
        metadata={"description": "Its documents, oldest first, including those that were replaced."},
    )
    elements = fields.List(
        fields.Nested(MemberSchema),
        metadata={"description": "The elements that the documents made, including those that are no longer in force."},
    )

    def get_attribute(self, obj: SetRow, attr: str, default: Any) -> Any:
        """Return a field; documents and elements are looked up."""
        looked_up = {"documents": reader().documents_of_set, "elements": reader().elements_of_set}
        return list(looked_up[attr](obj.root)) if attr in looked_up else super().get_attribute(obj, attr, default)


@blueprint.listing(DocumentSetItemSchema, "patient", "authority", "set", "submitted_since")
def listed(**filters: Any) -> Iterator[SetRow]:
    """List document sets, newest first."""
    return reader().sets(Filter(**filters))


@blueprint.single("<uuid:set_id>", DocumentSetSchema, "Its UUID, in any letter case.")
def show(set_id: UUID) -> SetRow:
    """Return one document set, with its documents and the elements that they made."""
    found = reader().set(str(set_id))
    if found is None:
        raise NotFound(f"There is no document set {set_id}; GET /api/v1/document-sets lists those there are.")
    return found
