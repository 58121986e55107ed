"""Elements in the JSON API: the fields of the model, and what the register knows about them.

A list holds each element by itself. A single element comes with its history and the elements below it, each with its findings, so
a single episode of care shows everything that was done in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from marshmallow import Schema, fields

from mockregister import model
from mockregister.finding import Finding
from mockregister.model import EntryKind
from mockregister.register.elements import Element, Standing
from mockregister.register.identity import patient_key
from mockregister.register.rows import Happening, key_of
from mockregister.web.api.model_schemas import model_fields
from mockregister.web.api.schemas import findings
from mockregister.web.values import Moment

CLASSES: dict[EntryKind, type] = {
    EntryKind.EPISODE_OF_CARE: model.EpisodeOfCare,
    EntryKind.MARKER: model.Marker,
    EntryKind.ENCOUNTER: model.Encounter,
    EntryKind.CONDITION: model.Condition,
    EntryKind.PROCEDURE: model.Procedure,
    EntryKind.OBSERVATION_ORGANIZER: model.ObservationOrganizer,
}
# The elements that can belong to each kind of element, by field name.
BELOW: dict[EntryKind, dict[str, EntryKind]] = {
    EntryKind.EPISODE_OF_CARE: {
        "markers": EntryKind.MARKER,
        "encounters": EntryKind.ENCOUNTER,
        "procedures": EntryKind.PROCEDURE,
        "result_reports": EntryKind.OBSERVATION_ORGANIZER,
    },
    EntryKind.ENCOUNTER: {
        "conditions": EntryKind.CONDITION,
        "procedures": EntryKind.PROCEDURE,
        "result_reports": EntryKind.OBSERVATION_ORGANIZER,
    },
    EntryKind.CONDITION: {"result_reports": EntryKind.OBSERVATION_ORGANIZER},
    EntryKind.PROCEDURE: {"result_reports": EntryKind.OBSERVATION_ORGANIZER},
    EntryKind.MARKER: {"result_reports": EntryKind.OBSERVATION_ORGANIZER},
    EntryKind.OBSERVATION_ORGANIZER: {},
}


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A marker without an id, of which the register knows the content only."""

    entry: model.Marker
    findings: tuple[Finding, ...] = ()
    found: dict[str, list[Element]] = field(default_factory=dict)


class EventSchema(Schema):
    """What a document did to an element."""

    happening = fields.Enum(
        Happening,
        by_value=True,
        metadata={"description": "What happened. fell: nullified with its owner; dropped: left out by a replacement."},
    )
    at = Moment(metadata={"description": "When it happened, by the register's clock."})
    document = fields.String(attribute="document.id", metadata={"description": "The id of the document."})
    version = fields.Integer(
        attribute="document.row.version", metadata={"description": "The version of the document in its set."}
    )
    set_id = fields.String(attribute="document.row.set", metadata={"description": "The document set (dokumentsæt)."})


class MetaSchema(Schema):
    """What the register knows about an element besides its content."""

    kind = fields.Enum(EntryKind, by_value=True, metadata={"description": "The kind of element."})
    status = fields.Enum(Standing, attribute="standing", by_value=True, metadata={"description": "Its status."})
    set_id = fields.String(attribute="row.set", metadata={"description": "Its document set (dokumentsæt)."})
    authority = fields.String(metadata={"description": "The CVR number of the reporting authority (indberettende myndighed)."})
    patient = fields.Function(
        lambda element: patient_key(element.patient),
        metadata={"type": "string", "description": "The CPR number of the patient, or root^extension of an alternative id."},
    )
    episode_of_care = fields.String(attribute="episode", metadata={"description": "The id of its episode of care."})
    owner = fields.String(attribute="row.owner", metadata={"description": "The id of the element that it belongs to."})
    document = fields.String(attribute="document.id", metadata={"description": "The last document that stated or removed it."})
    version = fields.Integer(attribute="document.row.version", metadata={"description": "The version of that document."})
    submitted = Moment(attribute="document.row.received", metadata={"description": "When that document was received."})


class RemovedSchema(Schema):
    """An element that was nullified, or dropped by a replacement."""

    kind = fields.Enum(EntryKind, by_value=True, metadata={"description": "The kind of element."})
    id = fields.String(attribute="key", metadata={"description": "Its id."})
    status = fields.Enum(Standing, attribute="standing", by_value=True, metadata={"description": "Its status."})
    history = fields.List(fields.Nested(EventSchema), metadata={"description": "What documents did to it, oldest first."})


class ElementSchema(Schema):
    """Reads the fields of the model from the element's content, and the others from what the register knows."""

    of_model: frozenset[str] = frozenset()

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Return the value of a field."""
        if attr in self.of_model:
            return super().get_attribute(obj.entry, attr, default)
        if attr == "meta":
            return obj
        if attr in BELOW[EntryKind.EPISODE_OF_CARE] or attr in BELOW[EntryKind.ENCOUNTER]:
            return _children(obj, attr)
        return super().get_attribute(obj, attr, default)


def _children(element: Element | Unnamed, name: str) -> Sequence[Element | Unnamed]:
    """Return the elements that belong to an element, in the field of this name."""
    if isinstance(element, Unnamed):
        return ()
    kind = BELOW[element.kind][name]
    found = [child for child in element.children() if child.kind is kind]
    return _markers(element, found) if kind is EntryKind.MARKER else found


def _markers(episode: Element, known: Iterable[Element]) -> list[Element | Unnamed]:
    """Return the markers of an episode of care in the order in which they were sent, including those without an id."""
    by_key = {element.key: element for element in known}
    assert isinstance(episode.entry, model.EpisodeOfCare)
    found = [(by_key.get(key_of(marker.id)) if marker.id else None, marker) for marker in episode.entry.markers]
    return [element or Unnamed(marker) for element, marker in found]


def _schema(name: str, kind: EntryKind, more: dict[str, Any]) -> type[Schema]:
    cls = CLASSES[kind]
    modelled = model_fields(cls)
    summary = (cls.__doc__ or "").splitlines()[0]
    own = {"findings": findings("The findings on it."), **more}
    return type(name, (ElementSchema,), {"__doc__": summary, "of_model": frozenset(modelled) - set(own), **modelled, **own})


@cache
def item_schema(kind: EntryKind) -> type[Schema]:
    """Return the schema of an element in a list."""
    return _schema(f"{CLASSES[kind].__name__}ItemSchema", kind, {"meta": fields.Nested(MetaSchema)})


@cache
def node_schema(kind: EntryKind) -> type[Schema]:
    """Return the schema of an element in a tree."""
    return _schema(f"{CLASSES[kind].__name__}NodeSchema", kind, _lists(kind))


@cache
def single_schema(kind: EntryKind) -> type[Schema]:
    """Return the schema of a single element."""
    more = {
        "meta": fields.Nested(MetaSchema),
        "history": fields.List(fields.Nested(EventSchema), metadata={"description": "What documents did to it, oldest first."}),
        "removed": fields.List(
            fields.Nested(RemovedSchema),
            metadata={"description": "Elements that once belonged to it and are no longer in force."},
        ),
    }
    return _schema(f"{CLASSES[kind].__name__}ElementSchema", kind, _lists(kind) | more)


def _lists(kind: EntryKind) -> dict[str, Any]:
    return {
        name: fields.List(
            fields.Nested(node_schema(below)), metadata={"description": f"The {name.replace('_', ' ')} that belong to it."}
        )
        for name, below in BELOW[kind].items()
    }
