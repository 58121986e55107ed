"""Seeds: each name stands for certain rows, made once and shared by every register."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from threading import Lock
from typing import Protocol

from mockregister.clock import COPENHAGEN, Clock
from mockregister.errors import NotFound, did_you_mean
from mockregister.mocking.editions import Editions
from mockregister.model import ClinicalDocument
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.register.store import Rows
from mockregister.settings import Settings
from mockregister.validation.edition import Edition

NONE = "none"
DAYS = 4  # days for which the rows of a seed are kept

#: Yields the documents that are being loaded and may show progress; ``nullcontext`` shows none.
Watch = Callable[[Sequence[ClinicalDocument]], AbstractContextManager[Iterable[ClinicalDocument]]]


class Seeds(Protocol):
    """Where named seeds come from; implemented in ``synthetic``, which may not be imported here."""

    def names(self) -> Sequence[str]:
        """Return the names of the seeds."""

    def load(self, register: Register, name: str, edition: Edition) -> None:
        """Load the seed into an empty register of an edition."""

    def follows_clock(self, name: str) -> bool:
        """Return whether the seed's content depends on the day on which it is loaded."""


class NoSeeds:
    """A server without seeds."""

    def names(self) -> Sequence[str]:
        """Return no names."""
        return ()

    def load(self, register: Register, name: str, edition: Edition) -> None:
        """Do nothing."""

    def follows_clock(self, name: str) -> bool:
        """Return False."""
        return False


class SeededRows:
    """The rows of each seed: the first register that asks for them waits until they are made, all others get them at once.

    For a seed that follows the clock, the rows of the last few days are kept.
    """

    def __init__(self, settings: Settings, editions: Editions, seeds: Seeds) -> None:
        self.settings, self.editions, self.seeds = settings, editions, seeds
        self._made: dict[tuple[str, date | None], Rows] = {}
        self._lock = Lock()

    def names(self) -> list[str]:
        """Return every name that can be loaded."""
        return [NONE, *self.seeds.names()]

    def rows(self, name: str, clock: Clock) -> Rows:
        """Return the rows of a register that holds only this seed, loaded at this clock's time. Raise NotFound."""
        names = self.names()
        if name not in names:
            raise NotFound(f"There is no seed '{name[:80]}'; there are {', '.join(names)}.{did_you_mean(name, names)}")
        follows = name != NONE and self.seeds.follows_clock(name)
        key = name, clock.now().astimezone(COPENHAGEN).date() if follows else None
        with self._lock:
            if key not in self._made:
                for old in [known for known in self._made if known[0] == name][: 1 - DAYS]:
                    del self._made[old]
                self._made[key] = self._make(name, clock)
            return self._made[key]

    def _make(self, name: str, clock: Clock) -> Rows:
        codes = self.editions.tables(self.editions.start)
        scratch = Register(MemoryStore(), codes, replace(clock), self.settings)
        if name != NONE:
            self.seeds.load(scratch, name, self.editions.start)
        with scratch.look() as rows:  # the store is in memory, so its rows can be read after the block
            return rows
