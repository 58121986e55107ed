"""An episode of care with everything that belongs to it, as clinicians think of it.

The register builds these trees from its rows, with references resolved; the business rules and the JSON API read them. A tree
is not changed once it is built; nodes are compared by identity.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from mockregister.model.condition import Condition
from mockregister.model.encounter import Encounter
from mockregister.model.episode import EpisodeOfCare, Marker
from mockregister.model.patient import Patient
from mockregister.model.procedure import Procedure
from mockregister.model.result import ObservationOrganizer


@dataclass(slots=True, eq=False)
class ProcedureNode:
    """A procedure, the result reports that it caused, and its encounter; None if it is directly on an episode of care."""

    entry: Procedure
    organizers: list[OrganizerNode] = field(default_factory=list)
    encounter: EncounterNode | None = None


@dataclass(slots=True, eq=False)
class ConditionNode:
    """A condition, the encounter that it belongs to, and the result reports that it caused."""

    entry: Condition
    encounter: EncounterNode
    organizers: list[OrganizerNode] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class EncounterNode:
    """An encounter with its conditions, procedures and result reports."""

    entry: Encounter
    conditions: list[ConditionNode] = field(default_factory=list)
    procedures: list[ProcedureNode] = field(default_factory=list)
    organizers: list[OrganizerNode] = field(default_factory=list)

    @property
    def main_condition(self) -> ConditionNode | None:
        """The main condition (aktionsdiagnose), by template; the register keeps at most one."""
        return next((node for node in self.conditions if node.entry.main), None)

    @property
    def minor_conditions(self) -> list[ConditionNode]:
        """The minor conditions (bidiagnoser), by template."""
        return [node for node in self.conditions if not node.entry.main]


@dataclass(slots=True, eq=False)
class OrganizerNode:
    """A result report and its cause."""

    entry: ObservationOrganizer
    cause: EpisodeTree | Marker | EncounterNode | ConditionNode | ProcedureNode

    @property
    def marker(self) -> Marker | None:
        """The marker that caused it; None if it has another cause."""
        return self.cause if isinstance(self.cause, Marker) else None


@dataclass(slots=True, eq=False)
class EpisodeTree:
    """An episode of care with everything below it, and its patient.

    ``reported`` is the report time of the last document that touched the episode. ``received`` is the register's time at which
    that document arrived; it is None except where stored episodes are validated again. ``procedures`` are those directly on the
    episode, ``organizers`` the reports caused by the episode itself or by one of its markers. ``linked`` is the episode of care
    that its link points at, None if the register does not know it.
    """

    entry: EpisodeOfCare
    patient: Patient
    reported: datetime | None
    set_id: str
    encounters: list[EncounterNode] = field(default_factory=list)
    procedures: list[ProcedureNode] = field(default_factory=list)
    organizers: list[OrganizerNode] = field(default_factory=list)
    linked: EpisodeTree | None = None
    received: datetime | None = None

    def all_procedures(self) -> Iterator[ProcedureNode]:
        """Yield the procedures of the episode itself and of its encounters."""
        yield from self.procedures
        for encounter in self.encounters:
            yield from encounter.procedures

    def all_conditions(self) -> Iterator[ConditionNode]:
        """Yield the conditions of all encounters."""
        for encounter in self.encounters:
            yield from encounter.conditions
