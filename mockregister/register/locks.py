"""Locks: submissions that share a patient, a set or an id run one after the other, all others at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

from mockregister.errors import Busy
from mockregister.turns import waiting


class KeyLocks:
    """Locks on any number of keys at once. All are taken together or none, which rules out deadlocks.

    Raise Busy after ``end``: the register is being closed.
    """

    def __init__(self) -> None:
        self._held: set[str] = set()
        self._all_held = self._over = False
        self._released = Condition()

    @contextmanager
    def hold(self, keys: frozenset[str]) -> Iterator[None]:
        """Hold ``keys``, waiting until nobody holds any of them."""
        if not self._taken_at_once(keys):
            with waiting(), self._released:
                self._wait_until(lambda: self._are_free(keys))
                self._held |= keys
        try:
            yield
        finally:
            with self._released:
                self._held -= keys
                self._released.notify_all()

    @contextmanager
    def hold_all(self) -> Iterator[None]:
        """Hold every possible key: wait for the current holders and admit no new ones."""
        with waiting(), self._released:
            self._wait_until(lambda: not self._all_held)
            self._all_held = True
            self._released.wait_for(lambda: not self._held)
        try:
            yield
        finally:
            with self._released:
                self._all_held = False
                self._released.notify_all()

    def end(self) -> None:
        """Admit nobody any more, and wait for the current holders; may be called more than once."""
        with self._released:
            self._over = True
            self._released.notify_all()
            self._released.wait_for(lambda: not self._all_held and not self._held)

    def _taken_at_once(self, keys: frozenset[str]) -> bool:
        """Take the keys if nobody holds any of them; return whether they were taken."""
        with self._released:
            if are_free := not self._over and self._are_free(keys):
                self._held |= keys
            return are_free

    def _are_free(self, keys: frozenset[str]) -> bool:
        return not self._all_held and self._held.isdisjoint(keys)

    def _wait_until(self, free: Callable[[], bool]) -> None:
        self._released.wait_for(lambda: self._over or free())
        if self._over:
            raise Busy("The register was closed before the request was done; send it again.")
