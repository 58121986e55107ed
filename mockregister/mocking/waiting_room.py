"""Threads for waiting: each wait, delay and slow answer holds a thread, and together they must never hold all threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Event

from mockregister.errors import Busy
from mockregister.turns import waiting

ROOM = 32  # threads that the server has for waiting, besides those for work


class WaitingRoom:
    """Limits how many requests may wait at once, so that /__admin and health always find a thread."""

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self._places = BoundedSemaphore(room)

    def enter(self) -> None:
        """Take a place. Raise Busy if there is none."""
        if not self._places.acquire(blocking=False):
            raise Busy(f"{self.room} requests are waiting or delayed on purpose already; try again when some are done.")

    def leave(self) -> None:
        """Give back the place that ``enter`` took."""
        self._places.release()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place during the block. Raise Busy if there is none."""
        self.enter()
        try:
            yield
        finally:
            self.leave()

    def wait(self, seconds: float, until: Event) -> None:
        """Wait for ``seconds`` of real time, or until ``until`` is set. Raise Busy if there is no place."""
        if seconds > 0:
            with self.place(), waiting():
                until.wait(seconds)
