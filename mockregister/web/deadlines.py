"""What is to happen at a time unless it is called off before, as it almost always is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition, Thread
from time import monotonic


@dataclass(eq=False, slots=True)
class _Deadline:
    due: float
    miss: Callable[[], None]


class Deadlines:
    """Any number of deadlines under the eye of one thread; with ``threading.Timer`` every request would start one."""

    def __init__(self) -> None:
        self._pending: set[_Deadline] = set()
        self._changed = Condition()
        self._watched_until: float | None = None  # None while nobody watches

    @contextmanager
    def within(self, seconds: float, miss: Callable[[], None]) -> Iterator[None]:
        """Call ``miss``, from another thread, when the block takes longer; it must be quick and must not raise."""
        deadline = _Deadline(monotonic() + seconds, miss)
        try:
            with self._changed:
                self._expect(deadline)
            yield
        finally:
            with self._changed:
                self._pending.discard(deadline)

    def _expect(self, deadline: _Deadline) -> None:
        self._pending.add(deadline)
        if self._watched_until is None:
            Thread(target=self._watch, name="deadlines", daemon=True).start()
            self._watched_until = deadline.due
        elif deadline.due < self._watched_until:
            self._changed.notify()

    def _watch(self) -> None:
        """As long as anything is pending; what was called off is noticed when it would have been due."""
        with self._changed:
            try:
                while self._pending:
                    self._await(min(self._pending, key=lambda one: one.due))
            finally:
                self._watched_until = None  # whoever comes next gets another thread, whatever ended this one

    def _await(self, first: _Deadline) -> None:
        self._watched_until = first.due
        is_overtaken = self._changed.wait(first.due - monotonic())
        if not is_overtaken and first in self._pending:
            self._pending.discard(first)
            first.miss()
