"""Hospital stays (sygehusophold): the visits of a patient that belong together, as esundhed.dk defines them for key figures.

Visits that overlap, or have at most four hours between them, are one stay, at whatever hospitals they are. Stays of twelve hours
or more are admissions. Of visits that have not ended, only psychiatric ones belong to a stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mockregister.export.cells import Units, code, number
from mockregister.export.lpr2 import VISIT
from mockregister.model import EncounterNode, EpisodeTree, Patient

PAUSE, LONG = timedelta(hours=4), timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class HospitalStay:
    """Visits of a patient that are one stay, in the order in which they began."""

    patient: Patient
    visits: Sequence[EncounterNode]
    start: datetime

    @property
    def key(self) -> str:
        """The key of the stay, which is that of its first visit."""
        return self.visits[0].entry.id.extension.lower()

    @property
    def end(self) -> datetime | None:
        """The moment at which all visits have ended; None while one goes on."""
        return _latest_end(self.visits)

    @property
    def is_admission(self) -> bool:
        """Whether the stay lasts twelve hours or more, or has not ended."""
        return self.end is None or self.end - self.start >= LONG


def stays(known: Iterable[EpisodeTree], units: Units) -> Iterator[HospitalStay]:
    """Yield the stays of every patient."""
    people: dict[str, tuple[Patient, list[tuple[datetime, EncounterNode]]]] = {}
    for tree in known:
        patient, visits = people.setdefault(number(tree.patient), (tree.patient, []))
        visits.extend((node.entry.start, node) for node in tree.encounters if node.entry.start and _counts(node, units))
    for patient, visits in people.values():
        yield from _stays_of(patient, sorted(visits, key=lambda visit: visit[0]))


def _counts(node: EncounterNode, units: Units) -> bool:
    ended = node.entry.end is not None
    return code(node.entry.type) == VISIT and (ended or units.is_psychiatric(node.entry.responsible_unit))


def _stays_of(patient: Patient, visits: Iterable[tuple[datetime, EncounterNode]]) -> Iterator[HospitalStay]:
    together: list[EncounterNode] = []
    began: datetime | None = None
    for start, node in visits:
        if began is not None and _is_over(together, start):
            yield HospitalStay(patient, together, began)
            together, began = [], None
        began = began or start
        together.append(node)
    if began is not None:
        yield HospitalStay(patient, together, began)


def _is_over(visits: Sequence[EncounterNode], at: datetime) -> bool:
    """Return whether more than four hours have passed since the last of the visits ended."""
    end = _latest_end(visits)
    return end is not None and at - end > PAUSE


def _latest_end(visits: Iterable[EncounterNode]) -> datetime | None:
    ends = [node.entry.end for node in visits]
    return None if None in ends else max(filter(None, ends))
