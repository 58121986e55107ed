"""A register in memory: gone when the process ends."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from mockregister.register.state import Change, State


class MemoryStore:
    """Keeps a state for as long as the process lives."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._state = State()
        self.is_new = True

    @property
    def state(self) -> State:
        """What is kept now."""
        return self._state

    def commit(self, changes: Sequence[Change]) -> None:
        """Make all of these changes."""
        with self._lock:
            self._state, self.is_new = self._state.apply(changes), False

    def restore(self, state: State) -> None:
        """Go to ``state``."""
        with self._lock:
            self._state, self.is_new = state, False

    def check_place(self) -> None:
        """Nothing: memory is where it is."""

    def check(self) -> None:
        """Nothing: there is always room."""

    def discard(self) -> None:
        """Forget everything."""
        self.restore(State())

    close = discard
