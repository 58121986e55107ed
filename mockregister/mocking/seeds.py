"""Seeds as a register sees them: each name stands for one state, made once and shared by every register."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from threading import Lock
from typing import Protocol

from mockregister.codes.tables import CodeTables
from mockregister.errors import NotFound
from mockregister.model import ClinicalDocument
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.register.state import State
from mockregister.settings import Settings

NONE = "none"

#: Gives the documents that are being loaded, and shows somebody how far it is; ``nullcontext`` shows nobody.
Watch = Callable[[Sequence[ClinicalDocument]], AbstractContextManager[Iterable[ClinicalDocument]]]


class Seeds(Protocol):
    """Where named seeds come from; ``synthetic`` has them, which stands above this package."""

    def names(self) -> Sequence[str]:
        """The names of the seeds there are."""

    def load(self, register: Register, name: str) -> None:
        """Put what the seed holds into an empty register."""


class NoSeeds:
    """A server without seeds."""

    def names(self) -> Sequence[str]:
        """None."""
        return ()

    def load(self, register: Register, name: str) -> None:
        """Nothing."""


class SeededStates:
    """The state that each seed makes: the first register that asks pays for it, all others go there at once."""

    def __init__(self, settings: Settings, codes: CodeTables, seeds: Seeds) -> None:
        self.settings, self.codes, self.seeds = settings, codes, seeds
        self._made: dict[str, State] = {}
        self._lock = Lock()

    def names(self) -> list[str]:
        """Every name that can be loaded."""
        return [NONE, *self.seeds.names()]

    def state(self, name: str) -> State:
        """What a register holds that holds this seed and nothing else. Raises NotFound."""
        if name == NONE:
            return State()
        if name not in self.seeds.names():
            raise NotFound(f"There is no seed '{name[:80]}'; there are {', '.join(self.names())}.")
        with self._lock:
            if name not in self._made:
                self._made[name] = self._make(name)
            return self._made[name]

    def _make(self, name: str) -> State:
        scratch = Register(MemoryStore(), self.codes, self.settings.start_clock(), self.settings)
        self.seeds.load(scratch, name)
        return scratch.state
