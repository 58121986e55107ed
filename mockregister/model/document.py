"""A clinical document: one sender's statements about one patient, a link in the chain of its set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mockregister.model.condition import Condition
from mockregister.model.encounter import Encounter
from mockregister.model.episode import EpisodeOfCare
from mockregister.model.patient import Author, Patient
from mockregister.model.procedure import Procedure
from mockregister.model.reference import Nullification, ParentDocument
from mockregister.model.result import ObservationOrganizer
from mockregister.model.values import Identifier

Entry = EpisodeOfCare | Encounter | Condition | Procedure | ObservationOrganizer


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
