"""References between entries: which template points how far, and at what."""

from __future__ import annotations

from lxml import etree

from mockregister.document import templates as t
from mockregister.document.elements import templates
from mockregister.document.places import Places
from mockregister.document.statements import Statement
from mockregister.document.values import own_id
from mockregister.model import EntryKind, ProcedureForm, Reference, Scope

Target = tuple[Scope, EntryKind, ProcedureForm | None]

TARGETS: dict[str, Target] = {
    t.INTERNAL_EPISODE_OF_CARE: (Scope.INTERNAL, EntryKind.EPISODE_OF_CARE, None),
    t.INTERNAL_MARKER: (Scope.INTERNAL, EntryKind.MARKER, None),
    t.INTERNAL_ENCOUNTER: (Scope.INTERNAL, EntryKind.ENCOUNTER, None),
    t.INTERNAL_CONDITION: (Scope.INTERNAL, EntryKind.CONDITION, None),
    t.INTERNAL_PROCEDURE_ACT: (Scope.INTERNAL, EntryKind.PROCEDURE, ProcedureForm.ACT),
    t.INTERNAL_PROCEDURE_OBSERVATION: (Scope.INTERNAL, EntryKind.PROCEDURE, ProcedureForm.OBSERVATION),
    t.INTERNAL_PROCEDURE_PROCEDURE: (Scope.INTERNAL, EntryKind.PROCEDURE, ProcedureForm.PROCEDURE),
    t.EXTERNAL_EPISODE_OF_CARE: (Scope.EXTERNAL, EntryKind.EPISODE_OF_CARE, None),
    t.EXTERNAL_MARKER: (Scope.EXTERNAL, EntryKind.MARKER, None),
    t.EXTERNAL_ENCOUNTER: (Scope.EXTERNAL, EntryKind.ENCOUNTER, None),
    t.EXTERNAL_CONDITION: (Scope.EXTERNAL, EntryKind.CONDITION, None),
    t.EXTERNAL_PROCEDURE_ACT: (Scope.EXTERNAL, EntryKind.PROCEDURE, ProcedureForm.ACT),
    t.EXTERNAL_PROCEDURE_OBSERVATION: (Scope.EXTERNAL, EntryKind.PROCEDURE, ProcedureForm.OBSERVATION),
    t.EXTERNAL_PROCEDURE_PROCEDURE: (Scope.EXTERNAL, EntryKind.PROCEDURE, ProcedureForm.PROCEDURE),
    t.EXTERNAL_OBSERVATION_ORGANIZER: (Scope.EXTERNAL, EntryKind.OBSERVATION_ORGANIZER, None),
    t.SET_EXTERNAL_EPISODE_OF_CARE: (Scope.SET_EXTERNAL, EntryKind.EPISODE_OF_CARE, None),
}


def reference(statement: Statement, places: Places, *kinds: EntryKind) -> Reference | None:
    """The first reference of a statement to an entry of one of these kinds (of any, when none is given)."""
    for template, elements in statement.related.items():
        target = TARGETS.get(template)
        if target is not None and (not kinds or target[1] in kinds):
            return _pointing(target, elements[0], places)
    return None


def replaced(statement: Statement, places: Places) -> Reference | None:
    """What a statement replaces: its reference of type RPLC, templates .117 and .120 to .124, and .100 and .119 alone."""
    for element in statement.replaced:
        for template in templates(element):
            if template in TARGETS:
                return _pointing(TARGETS[template], element, places)
    return None


def _pointing(target: Target, element: etree._Element, places: Places) -> Reference:
    scope, kind, form = target
    return places.put(Reference(scope, kind, own_id(element, places), form), element)
