"""What the register stores, one frozen row per fact. Rows refer to each other by key, in lower case (fact 106).

The key of a document is the ``root^extension`` of its id, that of an entry the extension alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from mockregister.finding import Finding
from mockregister.model import (
    Author,
    Condition,
    Encounter,
    EntryKind,
    EpisodeOfCare,
    Identifier,
    Marker,
    ObservationOrganizer,
    Patient,
    Procedure,
    Relation,
)
from mockregister.sharing import shared

Stated = EpisodeOfCare | Encounter | Condition | Procedure | ObservationOrganizer | Marker


class Status(Enum):
    """The state of an entry.

    Only LIVE entries can be referenced. A document removed a NULLIFIED entry by its id; a FELL entry was removed because its
    owner was (fact 172). Their ids are never free again. A DROPPED entry was discarded by a replacing document, or left out of a
    replacement of its owner; only a document that replaces the whole set may use its id again (fact 154).
    """

    LIVE = "live"
    NULLIFIED = "nullified"
    FELL = "fell"
    DROPPED = "dropped"


class Happening(Enum):
    """What a document did to an entry."""

    MADE = "made"
    CHANGED = "changed"
    MOVED = "moved"
    NULLIFIED = "nullified"
    FELL = "fell"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class SetRow:
    """A document set. ``document`` is the key of its latest document, ``version`` that document's version.

    ``base`` is the key of the first document that still counts: the set's first, or the last that replaced everything.
    """

    root: str
    document: str
    version: int
    base: str
    patient: Patient
    custodian: str


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A stored document; ``content`` is the compressed CDA as it was sent, ``received`` the register's time.

    ``set``, ``parent`` (empty if there is none) and ``submission`` are keys.
    """

    id: Identifier
    set: str
    version: int
    relation: Relation | None
    parent: str
    submission: str
    received: datetime
    effective_time: datetime | None
    patient: Patient
    author: Author
    custodian: str
    title: str
    content: bytes


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry as its last document stated it; ``owner`` is the key of its owner, empty for an episode of care.

    ``document`` is the last document that stated, changed or removed it, ``custodian`` the CVR number of the reporting
    authority.
    """

    kind: EntryKind
    entry: Stated
    set: str
    owner: str
    status: Status
    document: str
    custodian: str = ""

    @property
    def is_live(self) -> bool:
        """Whether the entry counts."""
        return self.status is Status.LIVE


@dataclass(frozen=True, slots=True)
class EventRow:
    """What a document did to an entry, and likewise to ``others``, and when by the register's clock."""

    entry: str
    document: str
    happening: Happening
    at: datetime
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """The findings against an episode of care since the last document that touched it.

    ``reported`` is that document's effective time, ``checked`` the register's time of the check. ``by_hand`` says that someone
    has since edited the episode in the register's own user interface, so that no document may change it. ``custodian`` is the
    CVR number of the reporting authority.
    """

    document: str
    reported: datetime | None
    findings: tuple[Finding, ...]
    checked: datetime
    by_hand: bool = False
    custodian: str = ""


@dataclass(frozen=True, slots=True)
class LinkRow:
    """The CPR number to which an alternative patient id is linked (template .133, fact 34)."""

    cpr: str


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """A stored submission: when and by which service it was received, from whom, with which documents, and what was found.

    ``documents`` are keys; ``seconds`` has the seconds that each level took, by its name. ``unique_id`` and
    ``source_id`` are the submission set's own ids, if the sender gave it any.
    """

    received: datetime
    service: str
    author_unit: str
    author_name: str
    care_provider: str
    documents: tuple[str, ...]
    findings: tuple[Finding, ...]
    seconds: dict[str, float]
    unique_id: str = ""
    source_id: str = ""


Row = SetRow | DocumentRow | EntryRow | EventRow | EpisodeRow | LinkRow | SubmissionRow


class Table(Enum):
    """The tables by name, each with the class of its rows."""

    SETS = ("sets", SetRow)
    DOCUMENTS = ("documents", DocumentRow)
    ENTRIES = ("entries", EntryRow)
    EVENTS = ("events", EventRow)
    EPISODES = ("episodes", EpisodeRow)
    LINKS = ("links", LinkRow)
    SUBMISSIONS = ("submissions", SubmissionRow)

    __hash__ = object.__hash__  # each time a row is read, its table is hashed; Enum's own method is slower, as it is Python

    def __init__(self, label: str, row: type[Row]) -> None:
        self.label = label
        self.row = row


@dataclass(frozen=True, slots=True)
class Change:
    """A row that is written, or removed if ``row`` is None."""

    table: Table
    id: str
    row: Row | None


def key_of(identifier: Identifier) -> str:
    """Return the key of an entry: its extension alone, unique in the whole register (facts 141, 208)."""
    return shared(identifier.extension.lower())


def event_key(document: str, happening: Happening, number: int = 0) -> str:
    """Return the key of the event in which a document, given by its key, did something to entries.

    If an event cannot hold all of the entries, there are several, each with a ``number``.
    """
    return f"{document} {happening.value} {number or ''}".rstrip()


def patient_keys(patient: Patient) -> frozenset[str]:
    """Return the patient's keys: ``root^extension`` of each alternative id, and the CPR number without a root."""
    return frozenset((*(identifier.key for identifier in patient.alternative_ids), *filter(None, (patient.cpr,))))


def named_by(row: Row) -> Iterator[tuple[Table, str]]:
    """Yield the tables and keys of the rows that a row refers to."""
    match row:
        case EntryRow():
            yield from ((Table.ENTRIES, row.owner), (Table.EPISODES, row.owner))
            yield from ((Table.SETS, row.set), (Table.DOCUMENTS, row.document))
        case SetRow() | EpisodeRow():
            yield Table.DOCUMENTS, row.document
        case DocumentRow():
            yield from ((Table.SETS, row.set), (Table.SUBMISSIONS, row.submission))
        case SubmissionRow():
            yield from ((Table.DOCUMENTS, key) for key in row.documents)
        case EventRow():
            yield from ((Table.ENTRIES, row.entry), (Table.DOCUMENTS, row.document))
