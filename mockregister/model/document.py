"""A clinical document: one sender's statements about one patient, a link in the chain of its set.

``KINDS``, ``OWNERS`` and ``PLACES`` give for each of the five classes of entry its kind, the field that names its owner, and the
field of a document that holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from mockregister.model.condition import Condition
from mockregister.model.encounter import Encounter
from mockregister.model.episode import EpisodeOfCare
from mockregister.model.patient import Author, Patient
from mockregister.model.procedure import Procedure
from mockregister.model.reference import Nullification, ParentDocument
from mockregister.model.result import ObservationOrganizer
from mockregister.model.values import EntryKind, Identifier, Reference, Scope

Entry = EpisodeOfCare | Encounter | Condition | Procedure | ObservationOrganizer
KINDS: dict[type[Entry], EntryKind] = {
    EpisodeOfCare: EntryKind.EPISODE_OF_CARE,
    Encounter: EntryKind.ENCOUNTER,
    Procedure: EntryKind.PROCEDURE,
    Condition: EntryKind.CONDITION,
    ObservationOrganizer: EntryKind.OBSERVATION_ORGANIZER,
}
OWNERS: dict[type[Entry], str] = {  # the field with the owner of an entry; an episode of care has no owner
    Encounter: "episode",
    Procedure: "owner",
    Condition: "encounter",
    ObservationOrganizer: "cause",
}
PLACES: dict[type[Entry], str] = {  # the field of a document that holds these entries
    EpisodeOfCare: "episodes",
    Encounter: "encounters",
    Procedure: "procedures",
    Condition: "conditions",
    ObservationOrganizer: "organizers",
}


@dataclass(frozen=True, slots=True)
class ClinicalDocument:
    """An episode of care summaries document (indberetning), template .71.

    ``set_id`` is the root that the document's set and all ids in it share. ``effective_time`` is the report's timestamp
    (dannelsestidspunkt); no time in the document may be after it (rule 00.01). ``custodian`` is the CVR number of the
    reporting authority.
    """

    id: Identifier
    set_id: str
    version: int
    effective_time: datetime | None
    patient: Patient
    author: Author
    custodian: str
    title: str = ""
    parent: ParentDocument | None = None
    episodes: tuple[EpisodeOfCare, ...] = ()
    encounters: tuple[Encounter, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    conditions: tuple[Condition, ...] = ()
    organizers: tuple[ObservationOrganizer, ...] = ()
    nullified: tuple[Nullification, ...] = ()

    def entries(self) -> Iterator[Entry]:
        """Yield every stated entry, owners before what they own."""
        yield from self.episodes
        yield from self.encounters
        yield from self.procedures
        yield from self.conditions
        yield from self.organizers


def owner_of(entry: Entry) -> Reference | None:
    """Return a reference to the owner that an entry names, None if it has none."""
    field = OWNERS.get(type(entry))
    owner: Reference | None = getattr(entry, field) if field else None
    return owner


def reference_to(entry: Entry, scope: Scope) -> Reference:
    """Return a reference to an entry."""
    form = entry.form if isinstance(entry, Procedure) else None
    return Reference(scope, KINDS[type(entry)], entry.id, form)


def nullification_of(entry: Entry) -> Nullification:
    """Return the nullification by which a later document of the same set removes an entry."""
    return Nullification(reference_to(entry, Scope.EXTERNAL))


def by_place(entries: Iterable[Entry]) -> dict[str, tuple[Entry, ...]]:
    """Return the entries for each document field that holds entries, in their order."""
    found: dict[str, tuple[Entry, ...]] = dict.fromkeys(PLACES.values(), ())
    for entry in entries:
        found[PLACES[type(entry)]] += (entry,)
    return found
