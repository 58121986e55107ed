"""Build CDA elements: what the writer does in the same way for every document, statement and reference.

Elements are made as text. Building them with lxml would take several times as long, and a seed of hundreds of documents is
written while someone waits for the register.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache, lru_cache
from typing import NewType
from xml.sax.saxutils import escape, quoteattr

from mockregister.document import templates as t
from mockregister.document.references import POINTERS, Pointer
from mockregister.model import SKS, SOR, Code, EntryKind, Identifier, ProcedureForm, Reference, Scope
from mockregister.safexml import NOT_XML

Markup = NewType("Markup", str)  # finished XML; mypy refuses any other text that has not gone through ``text``

_CODE_SYSTEM_NAMES = {SKS: "Sundhedsvæsenets Klassifikations System"}
_POINTERS = {(pointer.scope, pointer.kind, pointer.form): pointer for pointer in POINTERS}
_ACT, _OBS, _PROC = ProcedureForm.ACT, ProcedureForm.OBSERVATION, ProcedureForm.PROCEDURE

# The replacement of a procedure act lacks CDA's template id, because the profile takes every reference in a procedure act that
# has this id for the one to its owner.
_REPLACEMENTS: dict[tuple[EntryKind, ProcedureForm | None], tuple[str, ...]] = {
    (EntryKind.EPISODE_OF_CARE, None): (t.EPISODE_OF_CARE_REPLACEMENT, t.REPLACEMENT_REFERENCE, t.CDA_REFERENCE),
    (EntryKind.ENCOUNTER, None): (t.ENCOUNTER_REPLACEMENT, t.REPLACEMENT_REFERENCE, t.CDA_REFERENCE),
    (EntryKind.PROCEDURE, _ACT): (t.PROCEDURE_ACT_REPLACEMENT, t.REPLACEMENT_REFERENCE),
    (EntryKind.PROCEDURE, _OBS): (t.PROCEDURE_OBSERVATION_REPLACEMENT, t.REPLACEMENT_REFERENCE, t.CDA_REFERENCE),
    (EntryKind.PROCEDURE, _PROC): (t.PROCEDURE_PROCEDURE_REPLACEMENT, t.REPLACEMENT_REFERENCE, t.CDA_REFERENCE),
}
often = lru_cache(maxsize=10_000)  # remembers elements that many documents have in common
XSI_TYPE = "xsi:type"
SPECIAL = re.compile(f'[\x01-\x1f&<>"]|{NOT_XML.pattern}')  # a character that must be escaped, or is not allowed


def element(name: str, *content: Markup | None, **attributes: str) -> Markup:
    """Return a CDA element with its content, in order; None, and attributes without a value, are left out.

    Raise ValueError for a text that XML cannot hold, such as a control character.
    """
    start = name + (_often_attributes(**attributes) if attributes else "")
    inside = "".join(filter(None, content))
    return Markup(f"<{start}>{inside}</{name}>" if inside else f"<{start}/>")


def _attributes(**values: str) -> str:
    return "".join([f" {name}={_quoted(value)}" for name, value in values.items() if value])


_often_attributes = often(_attributes)


def _quoted(value: str) -> str:
    return quoteattr(value) if _has_special(value) else f'"{value}"'


def text(value: str) -> Markup:
    """Return the content of an element that is text. Raise ValueError for a text that XML cannot hold."""
    return Markup(escape(value, {"\r": "&#13;"}) if _has_special(value) else value)


def _has_special(value: str) -> bool:
    """Return whether a text has characters that must be escaped. Raise ValueError for a text that XML cannot hold."""
    if not SPECIAL.search(value):  # as in nearly all texts
        return False
    found = NOT_XML.search(value)
    if found:
        raise ValueError(f"XML cannot hold the character U+{ord(found[0]):04X}, which is in {value[:80]!r}; leave it out.")
    return True


@cache
def template_ids(*roots: str) -> Markup:
    """Return the templateId elements of an element."""
    return Markup("".join([element("templateId", root=root) for root in roots]))


def statement(name: str, class_code: str, template: str, cda_template: str, *content: Markup | None) -> Markup:
    """Return a clinical statement about something that happened."""
    beginning = _beginning(name, class_code, template, cda_template)
    return Markup(f"{beginning}{''.join(filter(None, content))}</{name}>")


@often
def _beginning(name: str, class_code: str, *templates: str) -> str:
    return f"<{name}{_attributes(classCode=class_code, moodCode='EVN')}>{template_ids(*templates)}"


@often
def null(name: str, flavor: str = "NI") -> Markup:
    """Return an element without a value: NA if there never is a value, NI if it is unknown."""
    return element(name, nullFlavor=flavor)


def identifier(value: Identifier) -> Markup:
    """Return an II."""
    known = _attributes(root=value.root, extension=value.extension)
    return Markup(f"<id{known}/>") if known else null("id")


@often
def organization_id(unit: str) -> Markup:
    """Return the id of an organization in SOR."""
    return element("id", root=SOR, extension=unit, assigningAuthorityName="SOR") if unit else null("id")


@often
def code(name: str, value: Code | None) -> Markup | None:
    """Return a CD, CE or CV; nothing if there is no code."""
    if value is None or not value.code:
        return None
    system_name = _CODE_SYSTEM_NAMES.get(value.system, "")
    attributes = {"codeSystem": value.system, "codeSystemName": system_name, "displayName": value.display}
    return element(name, code=value.code, **attributes)


def own_code(value: Code | None) -> Markup:
    """Return the code element of a statement; CDA requires it even if the profile has no code for it."""
    made = code("code", value)
    return null("code", "NA") if made is None else made


def timestamp(moment: datetime) -> str:
    """Return a moment as ``YYYYMMDDhhmmss±ZZzz``."""
    text = moment.isoformat(timespec="seconds")  # strftime takes several times as long, and documents have dozens
    return text.replace("-", "", 2).replace(":", "").replace("T", "")[:19]  # without the seconds of an offset before 1894


def point(name: str, moment: datetime | None) -> Markup | None:
    """Return a TS, or an IVL_TS that is a single moment; nothing if there is no moment."""
    return None if moment is None else Markup(f'<{name} value="{timestamp(moment)}"/>')


def period(name: str, start: datetime | None, end: datetime | None, **attributes: str) -> Markup | None:
    """Return an IVL_TS, open where a moment is missing; nothing if both are."""
    if start is None and end is None:
        return None
    return element(name, point("low", start), point("high", end), **attributes)


def related(type_code: str, inner: Markup | None, *roots: str) -> Markup | None:
    """Return an entry relationship to a statement; nothing if there is no statement."""
    if inner is None:
        return None
    return Markup(f'<entryRelationship typeCode="{type_code}">{template_ids(*roots)}{inner}</entryRelationship>')


@often
def coded(type_code: str, class_code: str, template: str, value: Code | None, *more: Markup | None) -> Markup | None:
    """Return an entry relationship to an act that only has a code; nothing if there is no code."""
    if value is None:
        return None
    return related(type_code, statement("act", class_code, template, t.CDA_ACT, own_code(value), *more))


@often
def observed(type_code: str, template: str, value: Code | None, *more: Markup | None) -> Markup | None:
    """Return an entry relationship to an observation that only has a code; nothing if there is no code."""
    if value is None:
        return None
    return related(type_code, statement("observation", "OBS", template, t.CDA_OBSERVATION, own_code(value), *more))


@often
def participant(type_code: str, template: str, unit: str) -> Markup | None:
    """Return a unit that takes part; nothing if there is no unit."""
    if not unit:
        return None
    role = element("participantRole", organization(unit), classCode="ROL")
    return element("participant", template_ids(template, t.CDA_PARTICIPANT), role, typeCode=type_code)


@often
def organization(unit: str) -> Markup:
    """Return the organization behind a role."""
    return element("scopingEntity", organization_id(unit), classCode="ORG")


def pointing(reference: Reference | None, internal: tuple[str, ...] = (), external: tuple[str, ...] = ()) -> Markup | None:
    """Return a reference to another entry, with the template ids required in its place; nothing if there is no reference."""
    if reference is None:
        return None
    target = _target(reference)
    if reference.scope is Scope.INTERNAL:
        return related("REFR", target, *internal)
    return element("reference", template_ids(*external, t.CDA_REFERENCE), target, typeCode="REFR")


def replacing(reference: Reference | None, *roots: str) -> Markup | None:
    """Return the reference that makes an entry an update, or removes an entry; nothing if there is no reference."""
    if reference is None:
        return None
    declared = roots or _REPLACEMENTS.get((reference.kind, reference.form), ())
    return element("reference", template_ids(*declared), _target(reference), typeCode="RPLC")


def _target(reference: Reference) -> Markup:
    pointer = _pointer(reference)
    content = null("code", "NA") if reference.scope is Scope.INTERNAL else None
    own_id = identifier(reference.id)
    return statement(pointer.element, pointer.class_code, pointer.template, pointer.cda_template, own_id, content)


def _pointer(reference: Reference) -> Pointer:
    """Return how the profile writes a reference.

    Raise ValueError for a reference that it cannot write, such as an internal one to a result report.
    """
    pointer = _POINTERS.get((reference.scope, reference.kind, reference.form))
    if pointer is None:
        raise ValueError(f"The profile has no {reference.scope.value} reference to a {reference.kind.value}: {reference.id}.")
    return pointer
