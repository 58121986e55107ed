"""Seeds as a register sees them: each name stands for certain rows, made once and shared by every register."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from threading import Lock
from typing import Protocol

from mockregister.errors import NotFound, did_you_mean
from mockregister.mocking.editions import Editions
from mockregister.model import ClinicalDocument
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.register.store import Rows
from mockregister.settings import Settings
from mockregister.validation.edition import Edition

NONE = "none"

#: Gives the documents that are being loaded, and shows somebody how far it is; ``nullcontext`` shows nobody.
Watch = Callable[[Sequence[ClinicalDocument]], AbstractContextManager[Iterable[ClinicalDocument]]]


class Seeds(Protocol):
    """Where named seeds come from; ``synthetic`` has them, which stands above this package."""

    def names(self) -> Sequence[str]:
        """The names of the seeds there are."""

    def load(self, register: Register, name: str, edition: Edition) -> None:
        """Put what the seed holds into an empty register of an edition."""


class NoSeeds:
    """A server without seeds."""

    def names(self) -> Sequence[str]:
        """None."""
        return ()

    def load(self, register: Register, name: str, edition: Edition) -> None:
        """Nothing."""


class SeededRows:
    """The rows that each seed makes: the first register that asks pays for them, all others have them at once."""

    def __init__(self, settings: Settings, editions: Editions, seeds: Seeds) -> None:
        self.settings, self.editions, self.seeds = settings, editions, seeds
        self._made: dict[str, Rows] = {}
        self._lock = Lock()

    def names(self) -> list[str]:
        """Every name that can be loaded."""
        return [NONE, *self.seeds.names()]

    def rows(self, name: str) -> Rows:
        """What a register holds that holds this seed and nothing else. Raises NotFound."""
        names = self.names()
        if name not in names:
            raise NotFound(f"There is no seed '{name[:80]}'; there are {', '.join(names)}.{did_you_mean(name, names)}")
        with self._lock:
            if name not in self._made:
                self._made[name] = self._make(name)
            return self._made[name]

    def _make(self, name: str) -> Rows:
        codes = self.editions.tables(self.editions.start)
        scratch = Register(MemoryStore(), codes, self.settings.start_clock(), self.settings)
        if name != NONE:
            self.seeds.load(scratch, name, self.editions.start)
        with scratch.look() as rows:  # of a register in memory, which outlive it
            return rows
