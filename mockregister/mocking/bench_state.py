"""The state of a bench: what was set on a register (its clock, rules, faults …), as a value that other processes read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mockregister.clock import Clock
from mockregister.finding import Severity
from mockregister.mocking.checkpoints import SavedRegister
from mockregister.mocking.faults import Fault, Match
from mockregister.mocking.outcomes import Action
from mockregister.mocking.sitting import Sitting
from mockregister.register.rule_settings import RuleSettings
from mockregister.register.store import Store

if TYPE_CHECKING:
    from mockregister.mocking.registers import Namespace


@dataclass(frozen=True)
class ClockState:
    """The state of a clock; ``moved_by`` is in seconds."""

    frozen_at: datetime | None = None
    moved_by: float = 0.0

    @classmethod
    def of(cls, clock: Clock) -> ClockState:
        """Return the state of a clock."""
        return cls(clock.frozen_at, clock.moved_by.total_seconds())

    def clock(self) -> Clock:
        """Return a clock in this state."""
        return Clock(self.frozen_at, timedelta(seconds=self.moved_by))


@dataclass(frozen=True)
class RulesState:
    """How a register applies the rules; ``off_at_start`` holds the ids of the rules that the server's settings switch off."""

    version: str
    off_at_start: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()
    severities: dict[str, Severity] | None = None
    texts: dict[str, str] | None = None

    @classmethod
    def of(cls, settings: RuleSettings) -> RulesState:
        """Return how the rules are applied now."""
        return cls(settings.version, settings.off_at_start, settings.off, dict(settings.severities), dict(settings.texts))

    def settings(self) -> RuleSettings:
        """Return the settings of the rules."""
        made = RuleSettings(self.version, self.off_at_start)
        made.off, made.severities, made.texts = self.off, self.severities or {}, self.texts or {}
        return made


@dataclass(frozen=True)
class FaultState:
    """The state of a fault; ``written`` is JSON."""

    id: str
    match: Match
    fault: Action
    seed: int
    written: str
    times: int | None = None
    probability: float = 1.0
    calls: int = 0
    fired: int = 0

    @classmethod
    def of(cls, fault: Fault) -> FaultState:
        """Return the state of a fault."""
        names = ("id", "match", "fault", "seed", "times", "probability", "calls", "fired")
        return cls(written=json.dumps(fault.written), **{name: getattr(fault, name) for name in names})

    def made(self) -> Fault:
        """Return the fault."""
        return Fault(
            self.match,
            self.fault,
            self.times,
            self.probability,
            self.seed,
            json.loads(self.written),
            self.id,
            self.calls,
            self.fired,
        )


@dataclass(frozen=True)
class CheckpointState:
    """A checkpoint; ``mark`` is in the store's written form."""

    name: str
    made_at: datetime
    clock: ClockState
    mark: str

    @classmethod
    def of(cls, checkpoint: SavedRegister) -> CheckpointState:
        """Return a checkpoint as a value."""
        return cls(checkpoint.name, checkpoint.made_at, ClockState.of(checkpoint.clock), str(checkpoint.stored))

    def checkpoint(self, store: Store) -> SavedRegister:
        """Return the checkpoint, with a mark of the store."""
        return SavedRegister(self.name, self.made_at, store.mark_of(self.mark), self.clock.clock())


@dataclass(frozen=True)
class BenchState:
    """Everything that was set on a register; None means as in the settings."""

    clock: ClockState | None = None
    edition: str = ""
    rules: RulesState | None = None
    faults: tuple[FaultState, ...] = ()
    last_fault: int = 0
    checkpoints: tuple[CheckpointState, ...] = ()
    sitting: Sitting | None = None

    @classmethod
    def of(cls, namespace: Namespace) -> BenchState:
        """Return what was set on a register."""
        register, faults = namespace.register, namespace.faults
        return cls(
            ClockState.of(register.clock),
            namespace.edition.name,
            RulesState.of(register.rule_settings),
            tuple(map(FaultState.of, faults.all())),
            faults.last,
            tuple(map(CheckpointState.of, namespace.checkpoints.all())),
            namespace.sitting,
        )

    def set_on(self, namespace: Namespace) -> None:
        """Set all of this on a register."""
        register, editions = namespace.register, namespace.editions
        namespace.use(editions.get(self.edition) if self.edition else editions.start)
        register.clock.follow(self.clock.clock() if self.clock else register.settings.start_clock())
        at_start = RuleSettings.of(register.settings, namespace.edition.version)
        register.rule_settings = self.rules.settings() if self.rules else at_start
        namespace.faults.follow([fault.made() for fault in self.faults], self.last_fault)
        namespace.checkpoints.follow([checkpoint.checkpoint(register.store) for checkpoint in self.checkpoints])
        namespace.sitting = self.sitting
