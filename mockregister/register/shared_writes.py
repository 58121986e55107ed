"""Writes that callers share: those who come while a write is in progress are all served by the next one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

from mockregister.turns import waiting

Item = TypeVar("Item")


class SharedWrites(Generic[Item]):
    """Writes what callers bring, in the order in which they came, one write at a time.

    Each write is made while ``lock`` is held; another thread that holds the lock can thus prevent writing for a while.
    """

    def __init__(self, lock: Lock) -> None:
        self._lock, self._queueing = lock, Lock()
        self._queue: list[tuple[Item, Future[None]]] = []

    def add(self, item: Item, write: Callable[[Sequence[Item]], None]) -> None:
        """Return once ``item`` is written, by the ``write`` of this caller or of another one. Raise what that write raised."""
        done = Future[None]()
        with self._queueing:
            self._queue.append((item, done))
        with waiting():
            with self._lock:
                if not done.done():
                    self._write_all(write)
            done.result()

    def _write_all(self, write: Callable[[Sequence[Item]], None]) -> None:
        with self._queueing:
            batch, self._queue = self._queue, []
        try:
            write([item for item, _ in batch])
        except BaseException as error:
            for _, done in batch:
                done.set_exception(error)
        else:
            for _, done in batch:
                done.set_result(None)
