"""``/patients``: the patients in the register, by CPR number or alternative id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import fields

from mockregister import model
from mockregister.errors import NotFound
from mockregister.mocking.call import folded
from mockregister.model import EntryKind
from mockregister.register.elements import PatientRecord
from mockregister.register.filters import Filter
from mockregister.web.api.element_schemas import item_schema
from mockregister.web.api.model_schemas import model_fields, schema_of
from mockregister.web.api.resource import Blueprint
from mockregister.web.registers import reader

blueprint = Blueprint("patients", "Patients; each is found by any of his or her ids.")
SAID = frozenset(model_fields(model.Patient))


class PatientItemSchema(schema_of(model.Patient)):  # type: ignore[misc]
    """A patient (patient), with the data of the last document."""

    key = fields.String(metadata={"description": "The id to use in paths: the CPR number or, without one, root^extension."})
    document_sets = fields.List(
        fields.String(), attribute="sets", metadata={"description": "The document sets (dokumentsæt) about the patient."}
    )

    def get_attribute(self, obj: PatientRecord, attr: str, default: Any) -> Any:
        """Return a field; the fields of the model are those of the patient."""
        return super().get_attribute(obj.patient if attr in SAID else obj, attr, default)


class PatientRecordSchema(PatientItemSchema):
    """A patient with the episodes of care that are in force."""

    episodes_of_care = fields.List(
        fields.Nested(item_schema(EntryKind.EPISODE_OF_CARE)),
        metadata={"description": "The episodes of care (forløbselementer), without the elements that belong to them."},
    )

    def get_attribute(self, obj: PatientRecord, attr: str, default: Any) -> Any:
        """Return a field; the episodes of care are looked up."""
        if attr == "episodes_of_care":
            return list(reader().elements(EntryKind.EPISODE_OF_CARE, Filter(patient=obj.key)))
        return super().get_attribute(obj, attr, default)


@blueprint.listing(PatientItemSchema, "patient", "authority", "set", "submitted_since")
def listed(**filters: Any) -> Iterator[PatientRecord]:
    """List patients, the one with the newest document set first."""
    return reader().patients(Filter(**filters))


@blueprint.single("<patient>", PatientRecordSchema, "A CPR number, the extension of an alternative id, or root^extension.")
def show(patient: str) -> PatientRecord:
    """Return one patient, with his or her episodes of care."""
    found = reader().patient(folded(patient))
    if found is None:
        raise NotFound("There is no such patient; GET /api/v1/patients lists those there are.")
    return found
