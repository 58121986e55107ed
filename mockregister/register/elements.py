"""What the register holds, as readers see it: elements, documents and patients, each with everything known about it.

An element is an entry that some document stated: an episode of care, an encounter, a condition, a procedure, a result report
or a marker. It stays readable after it was removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TypeVar

from mockregister.finding import Finding
from mockregister.lazy import lazy
from mockregister.model import Encounter, EntryKind, EpisodeOfCare, Patient, Period, Procedure
from mockregister.register.codings import period_of
from mockregister.register.compressed import decompress
from mockregister.register.error_list import aged
from mockregister.register.identity import sets_of
from mockregister.register.indexes import DOCUMENTS_OF_SET, ENTRIES_OF_SET, EVENTS_OF_ENTRY, EVER_OWNED, units_in
from mockregister.register.rows import (
    DocumentRow,
    EntryRow,
    EventRow,
    Happening,
    SetRow,
    Stated,
    Status,
    SubmissionRow,
    Table,
)
from mockregister.register.store import Rows
from mockregister.register.view import View

S = TypeVar("S")
PATIENT = "patient"


class Standing(Enum):
    """The state of an element: open, closed, nullified (also with the element it belongs to), or left out by a replacement."""

    OPEN = "open"
    CLOSED = "closed"
    NULLIFIED = "nullified"
    DROPPED = "dropped"


class DocumentStanding(Enum):
    """The state of a document: current, replaced by a later one of its whole set, or removed: no entry of its set is live."""

    CURRENT = "current"
    REPLACED = "replaced"
    REMOVED = "removed"


_GONE = {
    Status.NULLIFIED: Standing.NULLIFIED,
    Status.FELL: Standing.NULLIFIED,
    Status.DROPPED: Standing.DROPPED,
}


class Look(View):
    """Rows as they look at a moment, ``now``: after its deadline a warning counts as an error (fact 112)."""

    def __init__(self, rows: Rows, now: datetime) -> None:
        super().__init__(rows)
        self.now = now

    def findings(self, episode: str) -> tuple[Finding, ...]:
        """Return the findings against an episode of care and everything in it."""
        checked = self.checked(episode)
        return tuple(aged(finding, self.now) for finding in checked.findings) if checked is not None else ()


@dataclass(frozen=True, slots=True)
class Event:
    """What a document did to an element, and when by the register's clock."""

    happening: Happening
    at: datetime
    document: Document


class Document:
    """A stored document. ``key`` is ``root^extension`` in lower case."""

    def __init__(self, view: Look, key: str, row: DocumentRow) -> None:
        self.view, self.key, self.row = view, key, row

    @property
    def id(self) -> str:
        """The extension of its id, in lower case."""
        return self.row.id.extension.lower()

    @lazy
    def standing(self) -> DocumentStanding:
        """Its state."""
        if not has_live_entries(self.view, self.row.set):
            return DocumentStanding.REMOVED
        chain, row = self.view.rows.find(DOCUMENTS_OF_SET, self.row.set), self.view.set(self.row.set)
        replaced = row is not None and chain.index(self.key) < chain.index(row.base)
        return DocumentStanding.REPLACED if replaced else DocumentStanding.CURRENT

    @property
    def parent(self) -> str | None:
        """The extension of the id of the parent document; None if there is none."""
        return self.row.parent.rpartition("^")[2] or None

    @property
    def patient(self) -> Patient:
        """The patient of its set, with all ids known today."""
        return self.view.patient_of(self.row.set)

    @property
    def content(self) -> bytes:
        """The CDA as it was sent."""
        return decompress(self.row.content)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings when it was submitted."""
        sent = self.view.rows.get(Table.SUBMISSIONS, SubmissionRow, self.row.submission)
        return tuple(finding for finding in sent.findings if finding.document.lower() == self.key) if sent is not None else ()


class Element:
    """An entry with everything the register knows about it. ``key`` is the extension of its id in lower case."""

    def __init__(self, view: Look, key: str, row: EntryRow) -> None:
        self.view, self.key, self.row = view, key, row

    @property
    def entry(self) -> Stated:
        """The entry as its last document stated it."""
        return self.row.entry

    @property
    def kind(self) -> EntryKind:
        """The kind of the entry."""
        return self.row.kind

    @lazy
    def lineage(self) -> tuple[tuple[str, EntryRow], ...]:
        """The keys and rows of the element and its owners, up to the episode of care."""
        return tuple(self.view.with_owners(self.key))

    @property
    def episode(self) -> str:
        """The key of its episode of care; empty if that was never sent."""
        key, row = self.lineage[-1]
        return key if row.kind is EntryKind.EPISODE_OF_CARE else ""

    def around(self, kind: type[S]) -> S | None:
        """Return the entry of this class among the element and its owners; None if there is none."""
        return next((row.entry for _, row in self.lineage if isinstance(row.entry, kind)), None)

    @property
    def standing(self) -> Standing:
        """Its state; an element without an end of its own is open as long as its owner is."""
        if self.row.status in _GONE:
            return _GONE[self.row.status]
        entries = (row.entry for _, row in self.lineage)
        ends = [entry.end for entry in entries if isinstance(entry, EpisodeOfCare | Encounter | Procedure)]
        return Standing.CLOSED if ends and ends[0] is not None else Standing.OPEN

    @property
    def period(self) -> Period:
        """Its own period, or that of its owner."""
        return period_of(self.row.entry, self.row.owner, self.view)

    @property
    def units(self) -> frozenset[str]:
        """The SOR ids of its own units, or of its owner's units."""
        return next(filter(None, (units_in(row.entry) for _, row in self.lineage)), frozenset())

    @property
    def set(self) -> SetRow | None:
        """Its document set."""
        return self.view.set(self.row.set)

    @property
    def authority(self) -> str:
        """The CVR number of the authority that reports it."""
        return self.set.custodian if self.set is not None else ""

    @property
    def patient(self) -> Patient:
        """The patient that it is about."""
        return self.view.patient_of(self.row.set)

    @property
    def document(self) -> Document | None:
        """The last document that stated, changed or removed it."""
        return document(self.view, self.row.document)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings against it."""
        return tuple(finding for finding in self.episode_findings if self._is_subject(finding))

    @property
    def episode_findings(self) -> tuple[Finding, ...]:
        """The findings against its episode of care and everything in it."""
        return self.view.findings(self.episode)

    def _is_subject(self, finding: Finding) -> bool:
        """Return whether the finding is about this element; a finding about the patient has the id of the episode of care."""
        subject, kinds = finding.subject, (self.kind.value, PATIENT) if self.key == self.episode else (self.kind.value,)
        return subject is not None and subject.kind in kinds and subject.id[1].lower() == self.key

    @property
    def history(self) -> list[Event]:
        """What documents did to it, oldest first."""
        return list(_events(self.view, self.key))

    def children(self, *, live: bool = True) -> Iterator[Element]:
        """Yield the elements that belong directly to it, oldest first: live ones, or with ``live=False`` removed ones."""
        for key in self.view.rows.find(EVER_OWNED, self.key):
            child = element(self.view, key)
            if child is not None and child.row.is_live is live:
                yield child

    @property
    def removed(self) -> list[Element]:
        """Everything below it, at any depth, that was removed."""
        children = (*self.children(), *self.children(live=False))
        return [removed for child in children for removed in ((child,) if not child.row.is_live else ()) + tuple(child.removed)]


class KeptSubmission:
    """A stored submission. ``key`` is its id, a UUID without dashes."""

    def __init__(self, view: Look, key: str, row: SubmissionRow) -> None:
        self.view, self.key, self.row = view, key, row

    @lazy
    def documents(self) -> tuple[Document, ...]:
        """Its documents, in the order sent."""
        return tuple(filter(None, (document(self.view, document_key) for document_key in self.row.documents)))


class PatientRecord:
    """A patient. ``key`` is the CPR number, or ``root^extension`` of an alternative id."""

    def __init__(self, view: Look, key: str) -> None:
        self.view, self.key = view, key

    @lazy
    def sets(self) -> list[str]:
        """The keys of the document sets about the patient, under any of the patient's ids."""
        return sets_of(self.view, self.key)

    @property
    def patient(self) -> Patient:
        """The patient as the last of the sets describes them."""
        return self.view.patient_of(self.sets[-1])


def element(view: Look, key: str) -> Element | None:
    """Return the element of this key, whatever its state; None if there is none."""
    row = view.entry(key)
    return Element(view, key, row) if row is not None else None


def document(view: Look, key: str) -> Document | None:
    """Return the document of this key; None if there is none."""
    row = view.rows.get(Table.DOCUMENTS, DocumentRow, key)
    return Document(view, key, row) if row is not None else None


def documents_of(view: Look, sets: Iterable[str]) -> Iterator[Document]:
    """Yield the documents of these sets, set by set, oldest first."""
    for key in sets:
        yield from filter(None, (document(view, document_key) for document_key in view.rows.find(DOCUMENTS_OF_SET, key)))


def submission(view: Look, key: str) -> KeptSubmission | None:
    """Return the submission with this id; None if there is none."""
    row = view.rows.get(Table.SUBMISSIONS, SubmissionRow, key)
    return KeptSubmission(view, key, row) if row is not None else None


def has_live_entries(view: View, set_key: str) -> bool:
    """Return whether the set has an entry that is live."""
    rows = (view.entry(key) for key in view.rows.posted(ENTRIES_OF_SET, set_key))
    return any(row is not None and row.is_live and row.set == set_key for row in rows)


def _events(view: Look, key: str) -> Iterator[Event]:
    for id in view.rows.find(EVENTS_OF_ENTRY, key):
        event = view.rows.get(Table.EVENTS, EventRow, id)
        made_by = document(view, event.document) if event is not None else None
        if event is not None and made_by is not None:
            yield Event(event.happening, event.at, made_by)
