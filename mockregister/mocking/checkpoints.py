"""Checkpoints: named states of a register, to which it can be set back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from mockregister.clock import Clock
from mockregister.errors import Conflict, NotFound
from mockregister.mocking.names import check_name
from mockregister.register.register import Register
from mockregister.register.store import Mark

MAX_CHECKPOINTS = 100


@dataclass(frozen=True, slots=True)
class SavedRegister:
    """What was stored, and the state of the clock. Faults, rules and the journal are not included: they belong to the test.

    ``made_at`` is the register's time. ``stored`` marks the rows without copying them, so a checkpoint costs next to nothing.
    """

    name: str
    made_at: datetime
    stored: Mark
    clock: Clock


class Checkpoints:
    """The checkpoints of one register."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self._known: dict[str, SavedRegister] = {}
        self._lock = Lock()

    def save(self, name: str) -> tuple[SavedRegister, bool]:
        """Save the current state as ``name``; return the checkpoint, and whether its name is new.

        Raise InvalidRequest for an unusable name, Conflict if there are too many checkpoints.
        """
        clock = self.register.clock
        check_name(name, "checkpoint")
        return self.put(SavedRegister(name, clock.now(), self.register.store.mark(), Clock(clock.frozen_at, clock.moved_by)))

    def put(self, made: SavedRegister) -> tuple[SavedRegister, bool]:
        """Add a checkpoint; return it, and whether its name is new. Raise Conflict if there are too many."""
        name = made.name
        with self._lock:
            is_new = name not in self._known
            if is_new and len(self._known) >= MAX_CHECKPOINTS:
                raise Conflict(f"There are {MAX_CHECKPOINTS} checkpoints already; delete one.")
            self._known[name] = made
        return made, is_new

    def get(self, name: str) -> SavedRegister:
        """Return the checkpoint of this name. Raise InvalidRequest and NotFound."""
        with self._lock:
            found = self._known.get(check_name(name, "checkpoint"))
        if found is None:
            raise NotFound(f"There is no checkpoint '{name}'; GET /__admin/checkpoints lists them.")
        return found

    def restore(self, name: str) -> SavedRegister:
        """Go back to a checkpoint. Raise InvalidRequest, NotFound and StoreError."""
        checkpoint = self.get(name)
        self.register.store.restore(checkpoint.stored)
        self.register.clock.follow(checkpoint.clock)
        return checkpoint

    def remove(self, name: str) -> None:
        """Forget a checkpoint. Raise InvalidRequest and NotFound."""
        self.get(name)
        with self._lock:
            self._known.pop(name, None)

    def follow(self, checkpoints: Sequence[SavedRegister]) -> None:
        """Replace all checkpoints with these."""
        with self._lock:
            self._known = {checkpoint.name: checkpoint for checkpoint in checkpoints}

    def all(self) -> list[SavedRegister]:
        """Return every checkpoint, by name."""
        with self._lock:
            return [self._known[name] for name in sorted(self._known)]
