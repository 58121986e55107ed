"""A register in memory; it is lost when the process ends."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from mockregister.register.embedded_store import EmbeddedStore
from mockregister.register.rows import Change
from mockregister.register.state import State


class MemoryStore(EmbeddedStore):
    """Keeps a state while the process runs."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._state, self._is_new = State(), True

    @property
    def state(self) -> State:
        """The current state."""
        return self._state

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever stored here."""
        return self._is_new

    def commit(self, changes: Sequence[Change]) -> None:
        """Make all of these changes."""
        with self._lock:
            self._state, self._is_new = self._state.apply(changes), False

    def go_to(self, state: State) -> None:
        """Hold exactly this state."""
        with self._lock:
            self._state, self._is_new = state, False

    def check_place(self) -> None:
        """Do nothing: memory cannot be moved."""

    def check(self) -> None:
        """Do nothing: there is always room."""

    def close(self) -> None:
        """Forget everything."""
        self.go_to(State())

    delete = close
