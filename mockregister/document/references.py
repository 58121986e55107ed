"""References between entries: one row for each referring template, used for reading and writing."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from mockregister.document import templates as t
from mockregister.document.markup import ID, ClinicalStatement, first, templates
from mockregister.document.places import Places
from mockregister.document.values import named_id
from mockregister.model import EntryKind, ProcedureForm, Reference, Scope


@dataclass(frozen=True, slots=True)
class Pointer:
    """How the profile writes a reference of one scope to one kind of entry."""

    template: str
    scope: Scope
    kind: EntryKind
    element: str
    class_code: str
    cda_template: str
    form: ProcedureForm | None = None


_IN, _EX, _SET = Scope.INTERNAL, Scope.EXTERNAL, Scope.SET_EXTERNAL
_EPISODE, _MARKER, _ENCOUNTER = EntryKind.EPISODE_OF_CARE, EntryKind.MARKER, EntryKind.ENCOUNTER
_CONDITION, _PROCEDURE, _ORGANIZER = EntryKind.CONDITION, EntryKind.PROCEDURE, EntryKind.OBSERVATION_ORGANIZER
_ACT, _OBS, _PROC = ProcedureForm.ACT, ProcedureForm.OBSERVATION, ProcedureForm.PROCEDURE

POINTERS = (
    Pointer(t.INTERNAL_EPISODE_OF_CARE, _IN, _EPISODE, "act", "PCPR", t.CDA_ACT),
    Pointer(t.INTERNAL_MARKER, _IN, _MARKER, "act", "REG", t.CDA_ACT),
    Pointer(t.INTERNAL_ENCOUNTER, _IN, _ENCOUNTER, "encounter", "ENC", t.CDA_ACT),
    Pointer(t.INTERNAL_CONDITION, _IN, _CONDITION, "observation", "OBS", t.CDA_ACT),
    Pointer(t.INTERNAL_PROCEDURE_ACT, _IN, _PROCEDURE, "act", "ACT", t.CDA_ACT, _ACT),
    Pointer(t.INTERNAL_PROCEDURE_OBSERVATION, _IN, _PROCEDURE, "observation", "OBS", t.CDA_OBSERVATION, _OBS),
    Pointer(t.INTERNAL_PROCEDURE_PROCEDURE, _IN, _PROCEDURE, "procedure", "PROC", t.CDA_PROCEDURE, _PROC),
    Pointer(t.EXTERNAL_EPISODE_OF_CARE, _EX, _EPISODE, "externalAct", "PCPR", t.CDA_EXTERNAL_ACT),
    Pointer(t.EXTERNAL_MARKER, _EX, _MARKER, "externalAct", "ACT", t.CDA_EXTERNAL_ACT),
    Pointer(t.EXTERNAL_ENCOUNTER, _EX, _ENCOUNTER, "externalAct", "ACT", t.CDA_EXTERNAL_ACT),
    Pointer(t.EXTERNAL_CONDITION, _EX, _CONDITION, "externalObservation", "OBS", t.CDA_EXTERNAL_OBSERVATION),
    Pointer(t.EXTERNAL_PROCEDURE_ACT, _EX, _PROCEDURE, "externalAct", "ACT", t.CDA_EXTERNAL_ACT, _ACT),
    Pointer(t.EXTERNAL_PROCEDURE_OBSERVATION, _EX, _PROCEDURE, "externalObservation", "OBS", t.CDA_EXTERNAL_OBSERVATION, _OBS),
    Pointer(t.EXTERNAL_PROCEDURE_PROCEDURE, _EX, _PROCEDURE, "externalProcedure", "PROC", t.CDA_EXTERNAL_PROCEDURE, _PROC),
    Pointer(t.EXTERNAL_OBSERVATION_ORGANIZER, _EX, _ORGANIZER, "externalAct", "REG", t.CDA_EXTERNAL_ACT),
    Pointer(t.SET_EXTERNAL_EPISODE_OF_CARE, _SET, _EPISODE, "externalAct", "PCPR", t.CDA_EXTERNAL_ACT),
)

_BY_TEMPLATE = {pointer.template: pointer for pointer in POINTERS}


def reference(statement: ClinicalStatement, places: Places, *kinds: EntryKind) -> Reference | None:
    """Return the first reference of a statement to an entry of one of these kinds (of any kind if none is given)."""
    for template, elements in statement.related.items():
        pointer = _BY_TEMPLATE.get(template)
        if pointer is not None and (not kinds or pointer.kind in kinds):
            return _reference(pointer, elements[0], places)
    return None


def replaced(
    statement: ClinicalStatement, places: Places, kind: EntryKind | None = None, form: ProcedureForm | None = None
) -> Reference | None:
    """Return what a statement replaces or removes: its reference of type RPLC, templates .117 and .120 to .125.

    An external act without a template gets ``kind`` and ``form``, which are those of the statement. The submission scheme in the
    register's documentation shows such an act: a minor condition becomes the main one.
    """
    for element in statement.replaced:
        for template in templates(element):
            if template in _BY_TEMPLATE:
                return _reference(_BY_TEMPLATE[template], element, places)
    for element in statement.replaced:
        around = next(element.iterancestors(), element)
        if kind is not None and first(element, ID) is not None and t.REPLACEMENT_REFERENCE in templates(around):
            return places.put(Reference(Scope.EXTERNAL, kind, named_id(element, places), form), element)
    return None


def _reference(pointer: Pointer, element: etree._Element, places: Places) -> Reference:
    return places.put(Reference(pointer.scope, pointer.kind, named_id(element, places), pointer.form), element)
