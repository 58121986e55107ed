"""An EHR's record of one course of disease, and the documents it sends about it.

A chart is written as clinicians write: they open an episode of care, and record, change and take back visits, conditions,
procedures and reports. ``send`` makes a document of the changes: the first of a set, then addenda that replace known entries
(reference RPLC) and nullify removed ones; ``start_over`` replaces the whole set. References to entries of the same document are
internal, all others external.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha1
from typing import Any, TypeVar, cast
from uuid import NAMESPACE_OID, UUID, uuid5

from mockregister.builders.terms import sks
from mockregister.model import (
    Author,
    ClinicalDocument,
    Code,
    Condition,
    Encounter,
    Entry,
    EntryKind,
    EpisodeLink,
    EpisodeOfCare,
    Identifier,
    Marker,
    Nullification,
    ObservationOrganizer,
    ParentDocument,
    Patient,
    Payment,
    Procedure,
    ProcedureForm,
    Reference,
    Referral,
    ReferralReason,
    Relation,
    Result,
    Scope,
    Stay,
)
from mockregister.model.document import OWNERS, by_place, owner_of, reference_to

Some = TypeVar("Some", bound=Entry)

# An EHR derives its ids from the OID of a template (fact 6): the last arc of that OID, by the kind of the id.
_PROFILE = "1.2.208.176.7.1.10"
_ARCS = {"set": "71", "document": "71", "episode": "80", "encounter": "74", "condition": "36", "procedure": "30", "report": "90"}
_ARCS["marker"] = "82"

ACUTE, PLANNED = "ATA1", "ATA3"
VISIT, VIRTUAL, DIAGNOSIS_REPORT, DEATH = "ALCA00", "ALCA03", "ALCA10", "ALCA20"
ILLNESS, ACCIDENT = "ALCC01", "ALCC02"
MAIN, MINOR = "ALGA01", "ALGA02"
COMPLETE = "RAS01"
PAYER = Code("ALFB01")  # the profile writes a payer as an identifier without a term


def status_of(code: str) -> Code:
    """Return the status of a report; the profile has no place for its term."""
    return Code(code)


def chained(kind: str, author: str, local: str) -> str:
    """Return the UUIDv5 of a local id within an author within a template (facts 6 and 107), in upper case."""
    digest = sha1(_namespace(kind, author).bytes + local.encode()).digest()  # as uuid5 does, which takes longer
    return str(UUID(bytes=digest[:16], version=5)).upper()


@cache
def _namespace(kind: str, author: str) -> UUID:
    return uuid5(uuid5(NAMESPACE_OID, f"{_PROFILE}.{_ARCS[kind]}"), author)


class Chart:
    """The record that one author keeps of one patient in one document set; ``local`` is its id in the author's own system.

    ``author`` is a SOR id, ``custodian`` a CVR number. ``also`` is called with the code of every main condition; it returns the
    code of a minor condition (bidiagnose) to record beside it, or an empty text.
    """

    def __init__(
        self, patient: Patient, local: str, author: str, custodian: str, also: Callable[[str], str] = lambda main: ""
    ) -> None:
        self.patient, self.local, self.author, self.custodian, self._also = patient, local, author, custodian, also
        self.set_id = chained("set", author, f"{local}/set")
        self.documents: list[ClinicalDocument] = []
        self._record: dict[str, Entry] = {}
        self._fresh: dict[str, None] = {}
        self._known: set[str] = set()
        self._gone: list[Nullification] = []
        self._count = 0

    # what happened

    def episode(
        self,
        start: datetime,
        unit: str,
        label: str,
        *,
        origin: str = "ALDA30",
        reason: str = "",
        referrer: str = "",
        choice: str = "ALDB00",
        referred: datetime | None = None,
        follows: EpisodeOfCare | None = None,
        relation: str = "ALAA01",
    ) -> EpisodeOfCare:
        """Open an episode of care. ``follows`` is an episode of any set to which it is related."""
        why = ReferralReason(sks(reason)) if reason else None
        referral = Referral(referred or start, sks(choice), sks(origin), why, referrer)
        link = EpisodeLink(sks(relation), anywhere(follows)) if follows else None
        return self.put(EpisodeOfCare(self._new("episode"), start, None, unit, referral, sks(label), link=link))

    def encounter(
        self,
        episode: EpisodeOfCare,
        start: datetime,
        end: datetime | None,
        unit: str,
        type: str = VISIT,
        priority: str = PLANNED,
        reason: str = "",
        *,
        agreement: str = "ALFA2",
        stays: tuple[Stay, ...] | None = None,
        treated: datetime | None = None,
    ) -> Encounter:
        """Record an encounter with its payment and, if the patient came, a stay in its unit."""
        stay = (Stay(start, end, unit),) if type == VISIT else ()
        payment = Payment(sks(agreement), start, end, PAYER, sks("ALFC2"))
        return self.put(
            Encounter(
                self._new("encounter"),
                self.to(episode),
                sks(type),
                start,
                end,
                sks(priority),
                unit,
                stay if stays is None else stays,
                (payment,),
                sks(reason) if reason else None,
                treatment_start=treated,
            )
        )

    def condition(self, encounter: Encounter, code: str, *, main: bool = True, **more: Any) -> Condition:
        """Record a condition; ``more`` are further fields of it."""
        kind = sks(MAIN if main else MINOR)
        condition = self.put(Condition(self._new("condition"), main, self.to(encounter), sks(code), kind, **more))
        if main and (other := self._also(code)):
            self.condition(encounter, other, main=False)
        return condition

    def procedure(
        self, owner: Encounter | EpisodeOfCare, code: str, start: datetime, minutes: int, unit: str, **more: Any
    ) -> Procedure:
        """Record a procedure; on an episode of care it has its own payment."""
        end = start + timedelta(minutes=minutes)
        if isinstance(owner, EpisodeOfCare):
            more["payment"] = Payment(sks("ALFA2"), start, end, PAYER, sks("ALFC2"))
        form = ProcedureForm.PROCEDURE
        return self.put(Procedure(self._new("procedure"), form, self.to(owner), sks(code), start, end, unit, **more))

    def report(
        self,
        cause: Entry,
        name: str,
        unit: str,
        results: dict[str, str],
        status: str = COMPLETE,
        *,
        found: datetime | None = None,
    ) -> ObservationOrganizer:
        """Record a result report: values by result type, all found at the same time, by default when their cause began."""
        when = found or self._began(cause)
        values = tuple(Result(sks(type), value, when) for type, value in results.items())
        entry = ObservationOrganizer(self._new("report"), self.to(cause), sks(name), status_of(status), unit, values)
        return self.put(entry)

    def mark(self, episode: EpisodeOfCare, code: str, time: datetime) -> EpisodeOfCare:
        """Put a marker on an episode of care."""
        marker = Marker(sks(code), time, self._new("marker"))
        now = cast("EpisodeOfCare", self._record[episode.id.extension])
        return self.change(episode, markers=(*now.markers, marker))

    def change(self, entry: Some, **fields: Any) -> Some:
        """Change fields of an entry, and return the changed entry."""
        changed = replace(self._record[entry.id.extension], **fields)
        return cast("Some", self.put(changed))

    def end(self, encounter: Encounter, end: datetime) -> Encounter:
        """End an encounter that was sent open, and the last stay and payment with it."""
        now = cast("Encounter", self._record[encounter.id.extension])
        stays = (*now.stays[:-1], replace(now.stays[-1], end=end)) if now.stays else ()
        return self.change(encounter, end=end, stays=stays, payments=(*now.payments[:-1], replace(now.payments[-1], end=end)))

    def close(self, episode: EpisodeOfCare, end: datetime, completion: str = "ALAC01") -> EpisodeOfCare:
        """End an episode of care."""
        return self.change(episode, end=end, completion=sks(completion))

    def remove(self, *entries: Entry) -> None:
        """Take entries back, each with the entries that belong to it."""
        for entry in entries:
            self._gone.append(Nullification(self.to(entry)))
            self._forget(entry.id.extension)

    def to(self, entry: Entry) -> Reference:
        """Return a reference to an entry; it becomes internal or external when a document is made."""
        return reference_to(entry, Scope.EXTERNAL)

    def _began(self, entry: Entry) -> datetime | None:
        """Return when an entry, or the entry that it belongs to, began."""
        if isinstance(entry, Condition) and entry.encounter is not None:
            return self._began(self._record[entry.encounter.id.extension])
        return entry.start if isinstance(entry, EpisodeOfCare | Encounter | Procedure) else None

    # what is sent

    def send(self, when: datetime) -> ClinicalDocument:
        """Return a document with the changes, made at this time."""
        entries = [self._stated(self._record[key], self._fresh, self._known) for key in self._fresh]
        return self._made(when, entries, Relation.APPEND, tuple(self._gone))

    def start_over(self, when: datetime) -> ClinicalDocument:
        """Return a document with everything that is in force, which replaces all earlier documents."""
        entries = [self._stated(entry, self._record, ()) for entry in self._record.values()]
        return self._made(when, entries, Relation.REPLACE, ())

    def _made(
        self, when: datetime, entries: Iterable[Entry], relation: Relation, gone: tuple[Nullification, ...]
    ) -> ClinicalDocument:
        version = len(self.documents) + 1
        last = self.documents[-1] if self.documents else None
        document = ClinicalDocument(
            id=Identifier(self.set_id, chained("document", self.author, f"{self.local}/{version}")),
            set_id=self.set_id,
            version=version,
            effective_time=when,
            patient=self.patient,
            author=Author(self.author, when),
            custodian=self.custodian,
            parent=ParentDocument(relation, last.id, self.set_id, last.version) if last else None,
            nullified=gone,
            **cast("dict[str, Any]", by_place(entries)),
        )
        self.documents.append(document)
        self._known.update(self._record)
        self._fresh, self._gone = {}, []
        return document

    def _stated(self, entry: Entry, here: Iterable[str], known: Iterable[str]) -> Entry:
        """Return an entry for a document that states the entries ``here`` after the ``known`` ones."""
        fields: dict[str, Any] = {}
        owner = owner_of(entry)
        if owner and owner.id.extension in here:
            fields[OWNERS[type(entry)]] = Reference(Scope.INTERNAL, owner.kind, owner.id, owner.form)
        if entry.id.extension in known:
            fields["replaces"] = self.to(entry)
        return replace(entry, **fields)

    def put(self, entry: Some) -> Some:
        """Record an entry as it is given: a new entry, or a new version of one."""
        self._record[entry.id.extension] = entry
        self._fresh[entry.id.extension] = None
        return entry

    def _new(self, kind: str) -> Identifier:
        self._count += 1
        return Identifier(self.set_id, chained(kind, self.author, f"{self.local}/{kind}-{self._count}"))

    def _forget(self, key: str) -> None:
        """Remove an entry from the record, with all entries that belong to it."""
        below = [name for name, entry in self._record.items() if (owner := owner_of(entry)) and owner.id.extension == key]
        for name in (*below, key):
            if name != key:
                self._forget(name)
            self._record.pop(name, None)
            self._fresh.pop(name, None)


def anywhere(episode: EpisodeOfCare) -> Reference:
    """Return a set-external reference, which names an episode of care only by its UUID (fact 141)."""
    return Reference(Scope.SET_EXTERNAL, EntryKind.EPISODE_OF_CARE, Identifier(episode.id.extension))
