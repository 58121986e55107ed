"""Checkpoints: what a register held at a moment, by name, to be gone back to."""

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
    """What was stored, and how the clock stood. Faults, rules and the journal belong to the test, not to the register.

    ``made_at`` is the register's time. What is stored is only marked, so a checkpoint costs next to nothing.
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
        """Keep the present as ``name``, and tell whether that name is new. Raises InvalidRequest and Conflict."""
        clock = self.register.clock
        check_name(name, "checkpoint")
        return self.put(SavedRegister(name, clock.now(), self.register.store.mark(), Clock(clock.frozen_at, clock.moved_by)))

    def put(self, made: SavedRegister) -> tuple[SavedRegister, bool]:
        """Keep a checkpoint, and tell whether its name is new. Raises Conflict."""
        name = made.name
        with self._lock:
            is_new = name not in self._known
            if is_new and len(self._known) >= MAX_CHECKPOINTS:
                raise Conflict(f"There are {MAX_CHECKPOINTS} checkpoints already; delete one.")
            self._known[name] = made
        return made, is_new

    def get(self, name: str) -> SavedRegister:
        """The checkpoint of this name. Raises InvalidRequest and NotFound."""
        with self._lock:
            found = self._known.get(check_name(name, "checkpoint"))
        if found is None:
            raise NotFound(f"There is no checkpoint '{name}'; GET /__admin/checkpoints lists them.")
        return found

    def restore(self, name: str) -> SavedRegister:
        """Go back to a checkpoint. Raises InvalidRequest, NotFound and StoreError."""
        checkpoint = self.get(name)
        self.register.store.restore(checkpoint.stored)
        self.register.clock.follow(checkpoint.clock)
        return checkpoint

    def remove(self, name: str) -> None:
        """Forget a checkpoint. Raises InvalidRequest and NotFound."""
        self.get(name)
        with self._lock:
            self._known.pop(name, None)

    def follow(self, checkpoints: Sequence[SavedRegister]) -> None:
        """Have these checkpoints."""
        with self._lock:
            self._known = {checkpoint.name: checkpoint for checkpoint in checkpoints}

    def all(self) -> list[SavedRegister]:
        """Every checkpoint, by name."""
        with self._lock:
            return [self._known[name] for name in sorted(self._known)]
