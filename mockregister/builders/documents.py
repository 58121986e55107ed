"""Whole documents: a first report of a visit or an admission, and what follows it in its set.

What a test does not give has a synthetic default. Times may be texts: Danish time in ISO 8601. Codes may be texts: SKS codes.
Any field of ``ClinicalDocument`` can be given by keyword, such as ``patient``, ``author``, ``custodian`` and
``effective_time``. A builder that takes ``after`` raises ValueError if that document has no ``effective_time`` and none is given.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import uuid4

from mockregister.builders.elements import (
    AUTHOR_UNIT,
    UNIT,
    a_condition,
    a_document,
    a_minor_condition,
    a_payment,
    a_procedure,
    a_referral,
    a_stay,
    an_encounter,
    an_episode,
    at,
    uuid,
)
from mockregister.builders.terms import sks
from mockregister.model import (
    Author,
    ClinicalDocument,
    Code,
    Encounter,
    Entry,
    Identifier,
    ParentDocument,
    Reference,
    Relation,
    Scope,
)
from mockregister.model.document import OWNERS, by_place, nullification_of, owner_of, reference_to
from mockregister.model.plain import from_plain, to_plain

UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
ACUTE = Code("ATA1", "Akut")
ILLNESS = Code("ALCC01", "sygdom")
Moment = datetime | str


def a_visit(
    *,
    main_condition: Code | str = "DI109",
    minor_conditions: Iterable[Code | str] = (),
    procedures: Iterable[Code | str] = (),
    start: Moment = "2019-05-02 08:00",
    end: Moment | None = "2019-05-02 12:00",
    unit: str = UNIT,
    **fields: Any,
) -> ClinicalDocument:
    """Return the first report of a planned visit: an episode of care, an encounter, and what was found and done.

    The episode was opened the day before the visit and stays open. ``unit`` is a SOR id. With ``end=None`` the
    visit has not ended.
    """
    began, ended = _moment(start), _moment(end) if end else None
    referral = a_referral(time=began - timedelta(days=2))
    episode = an_episode(start=began - timedelta(days=1), responsible_unit=unit, referral=referral)
    encounter = _encounter(to(episode), "", began, ended, unit)
    entries = _with_what_was_found(encounter, "", main_condition, minor_conditions, procedures)
    return _first([episode, *entries], (ended or began) + timedelta(hours=1), fields)


def an_admission(
    *,
    main_condition: Code | str = "DJ189",
    minor_conditions: Iterable[Code | str] = (),
    procedures: Iterable[Code | str] = (),
    start: Moment = "2019-05-02 14:30",
    end: Moment | None = "2019-05-06 11:00",
    unit: str = UNIT,
    **fields: Any,
) -> ClinicalDocument:
    """Return the first report of an acute admission: an episode of care that begins with it, an encounter, and its conditions.

    With ``end=None`` the patient is still admitted.
    """
    began, ended = _moment(start), _moment(end) if end else None
    referral = a_referral(time=began, origin=Code("ALDA11", "Akutordning"))
    episode = an_episode(start=began, responsible_unit=unit, referral=referral, label=Code("ALAL99", "Andre forløb"))
    encounter = _encounter(to(episode), "", began, ended, unit, priority=ACUTE, reason=ILLNESS)
    entries = _with_what_was_found(encounter, "", main_condition, minor_conditions, procedures)
    return _first([episode, *entries], (ended or began) + timedelta(hours=1), fields)


def an_addendum(
    after: ClinicalDocument,
    *entries: Entry,
    main_condition: Code | str = "DI109",
    minor_conditions: Iterable[Code | str] = (),
    procedures: Iterable[Code | str] = (),
    start: Moment | None = None,
    end: Moment | None = None,
    unit: str | None = None,
    **fields: Any,
) -> ClinicalDocument:
    """Return a document that adds to the set of ``after``: these entries, or a further visit.

    The visit belongs to the last episode of care without a known end or, if there is none, to a new one. By default it takes
    place three weeks after the last document, lasts an hour, and is at the unit of the last encounter. Raise ValueError if
    ``after`` has no time.
    """
    if not entries:
        began = _moment(start) if start else _time_of(after) + timedelta(weeks=3)
        ended = _moment(end) if end else began + timedelta(hours=1)
        before, unit, known = after.id.extension, unit or _unit_of(after), _open_episode(after)
        own_id = _id(after.set_id, before, "episode")
        new = [] if known else [an_episode(id=own_id, start=began, responsible_unit=unit, referral=a_referral(time=began))]
        encounter = _encounter(known or to(new[0]), before, began, ended, unit)
        entries = (*new, *_with_what_was_found(encounter, before, main_condition, minor_conditions, procedures))
        fields.setdefault("effective_time", ended + timedelta(hours=1))
    return _next(after, Relation.APPEND, entries, fields)


def a_correction(after: ClinicalDocument, *changed: Entry, **fields: Any) -> ClinicalDocument:
    """Return a document that corrects entries of the set, each by a reference RPLC to itself (fact 45).

    An entry is corrected as a whole: what ``changed`` leaves out is removed (fact 145)::

        visit = a_visit()
        a_correction(visit, shortened(visit.encounters[0], end="2019-05-02 11:30"))
    """
    return _next(after, Relation.APPEND, [replace(entry, replaces=to(entry)) for entry in changed], fields)


def a_replacement(after: ClinicalDocument, *entries: Entry, **fields: Any) -> ClinicalDocument:
    """Return an RPLC document: from now on the set holds these entries and nothing else (facts 12 and 66).

    Without entries, the set is empty.
    """
    return _next(after, Relation.REPLACE, [replace(entry, replaces=None) for entry in entries], fields)


def a_nullifying_document(after: ClinicalDocument, *entries: Entry, **fields: Any) -> ClinicalDocument:
    """Return a document that nullifies entries of the set, and with them the entries that belong to them (fact 172)."""
    return _next(after, Relation.APPEND, (), {"nullified": tuple(map(nullification_of, entries)), **fields})


def a_move(after: ClinicalDocument, entry: Entry, onto: Entry, **fields: Any) -> ClinicalDocument:
    """Return a document that moves an entry of the set to another owner, such as an encounter onto another episode of care.

    ``onto`` is an entry of the set or a new one, which the document then states, too. The entry keeps its id. A procedure
    that moves onto an episode of care needs a payment of its own (rule 11.31).
    """
    changes: dict[str, Any] = {OWNERS[type(entry)]: to(onto), "replaces": to(entry)}
    moved = replace(entry, **changes)
    known = any(stated.id == onto.id for stated in after.entries())
    return _next(after, Relation.APPEND, [moved] if known else [onto, moved], fields)


def shortened(encounter: Encounter, end: Moment, **fields: Any) -> Encounter:
    """Return an encounter that ends at another moment, and with it its last stay and payment."""
    ended = _moment(end)
    stays = (*encounter.stays[:-1], *(replace(stay, end=ended) for stay in encounter.stays[-1:]))
    payments = (*encounter.payments[:-1], *(replace(payment, end=ended) for payment in encounter.payments[-1:]))
    return replace(encounter, **{"end": ended, "stays": stays, "payments": payments, **fields})


def to(entry: Entry) -> Reference:
    """Return a reference to an entry; a whole document makes it internal if the document holds the entry."""
    return reference_to(entry, Scope.EXTERNAL)


def as_it_stands(*chain: ClinicalDocument) -> ClinicalDocument:
    """Return the last document of a set with every entry that is in force after all its documents, given in their order.

    Use it as ``after`` of a correction, a replacement or a nullifying document.
    """
    entries: dict[str, Entry] = {}
    for document in chain:
        if document.parent is not None and document.parent.relation is Relation.REPLACE:
            entries.clear()
        entries.update((entry.id.key, entry) for entry in document.entries())
        for gone in document.nullified:
            _forget(entries, gone.target.id.key)
    return replace(chain[-1], nullified=(), **_stated(entries.values()))


def _forget(entries: dict[str, Entry], key: str) -> None:
    """Remove an entry and the entries that belong to it."""
    entries.pop(key, None)
    for below in [entry_key for entry_key, entry in entries.items() if (owner := owner_of(entry)) and owner.id.key == key]:
        _forget(entries, below)


def with_new_ids(*documents: ClinicalDocument, seed: str = "") -> tuple[ClinicalDocument, ...]:
    """Return the documents with new ids throughout, so that a register that already has them accepts them again.

    Equal ids stay equal in all of the documents, so a set remains a set. With a seed the new ids are the same every time.
    """
    new: dict[str, str] = {}

    def renewed(found: re.Match[str]) -> str:
        old = found[0].upper()
        return new.setdefault(old, uuid(f"{seed} {old}") if seed else str(uuid4()).upper())

    return tuple(
        from_plain(ClinicalDocument, json.loads(UUID.sub(renewed, json.dumps(to_plain(document))))) for document in documents
    )


def _moment(given: Moment) -> datetime:
    return at(given) if isinstance(given, str) else given


def _encounter(episode: Reference, after: str, start: datetime, end: datetime | None, unit: str, **fields: Any) -> Encounter:
    """Return an encounter; its id is derived from ``after``, the id of the document before it."""
    times = {"start": start, "end": end}
    stays, payments = [a_stay(unit=unit, **times)], [a_payment(**times)]
    own = {"id": _id(episode.id.root, after, "encounter"), "episode": episode, "responsible_unit": unit}
    return an_encounter(**{**own, **times, "stays": stays, "payments": payments, **fields})


def _with_what_was_found(
    encounter: Encounter,
    after: str,
    main_condition: Code | str,
    minor_conditions: Iterable[Code | str],
    procedures: Iterable[Code | str],
) -> tuple[Entry, ...]:
    """Return an encounter with its conditions, and with procedures of ten minutes each."""
    here, start = to(encounter), encounter.start or at("2019-05-02 08:00")

    def own(name: str, code: Code | str) -> dict[str, Any]:
        return {"id": _id(encounter.id.root, after, name), "code": sks(code) if isinstance(code, str) else code}

    done = [
        a_procedure(
            **own(f"procedure {number}", code),
            owner=here,
            producer=encounter.responsible_unit,
            start=start + timedelta(minutes=20 * number),
            end=start + timedelta(minutes=20 * number + 10),
        )
        for number, code in enumerate(procedures, 1)
    ]
    main = a_condition(**own("condition", main_condition), encounter=here)
    minor = [
        a_minor_condition(**own(f"minor condition {number}", code), encounter=here)
        for number, code in enumerate(minor_conditions, 1)
    ]
    return (encounter, *done, main, *minor)


def _id(root: str, after: str, name: str) -> Identifier:
    """Return the id that ``name`` has in a first document, and a different one in each document that follows."""
    return Identifier(root, uuid(f"{after} {name}" if after else name))


def _first(entries: Iterable[Entry], time: datetime, fields: dict[str, Any]) -> ClinicalDocument:
    return a_document(**{"effective_time": time, "author": Author(AUTHOR_UNIT, time), **_stated(entries), **fields})


def _next(after: ClinicalDocument, relation: Relation, entries: Iterable[Entry], fields: dict[str, Any]) -> ClinicalDocument:
    """Return the document that follows ``after``: by default a day later, by the same author, about the same patient."""
    time = fields.get("effective_time") or _time_of(after) + timedelta(days=1)
    usual = {
        "id": _id(after.set_id, after.id.extension, "next document"),
        "version": after.version + 1,
        "effective_time": time,
        "author": replace(after.author, time=time),
        "parent": ParentDocument(relation, after.id, after.set_id, after.version),
        "title": "",
        "nullified": (),
    }
    return replace(after, **{**usual, **_stated(entries), **fields})


def _stated(entries: Iterable[Entry]) -> dict[str, Any]:
    """Return the entries by the field of the document that holds them; references among them are internal."""
    entries = tuple(entries)
    here = {entry.id for entry in entries}
    return cast("dict[str, Any]", by_place(_hanging(entry, here) for entry in entries))


def _hanging(entry: Entry, here: set[Identifier]) -> Entry:
    """Return an entry with an internal reference to its owner if ``here`` has the owner's id, else with an external one."""
    owner = owner_of(entry)
    if owner is None or owner.scope is Scope.SET_EXTERNAL:
        return entry
    scope = Scope.INTERNAL if owner.id in here else Scope.EXTERNAL
    changes: dict[str, Any] = {OWNERS[type(entry)]: replace(owner, scope=scope)}
    return replace(entry, **changes)


def _open_episode(after: ClinicalDocument) -> Reference | None:
    """Return the last episode of care that a document states without an end, or names without stating it."""
    stated = {episode.id for episode in after.episodes}
    named = [encounter.episode for encounter in after.encounters if encounter.episode and encounter.episode.id not in stated]
    named += [to(episode) for episode in after.episodes if episode.end is None]
    return replace(named[-1], scope=Scope.EXTERNAL) if named else None


def _unit_of(after: ClinicalDocument) -> str:
    units = [episode.responsible_unit for episode in after.episodes]
    units += [encounter.responsible_unit for encounter in after.encounters]
    return units[-1] if units else UNIT


def _time_of(document: ClinicalDocument) -> datetime:
    if document.effective_time is None:
        raise ValueError("The document to follow has no time stamp; give effective_time.")
    return document.effective_time
