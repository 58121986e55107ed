"""Requests take turns: one thread of this process computes at a time, in the order in which the requests came.

lxml lets other threads run about ten times in each submission. Without turns, eight submissions would be half done at the same
time: each would take as long as all eight together and, on two cores, cost a third more, because threads disturb each other's
caches.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, local
from time import monotonic

LONGEST = 0.05  # seconds; the others do not wait any longer for a request, which then computes at the same time as they do


class Turns:
    """Lets one thread compute at a time. A turn is a lock that its thread can acquire once the turn has begun.

    After ``longest`` seconds the next turn begins, even if the thread still computes. So a thread that waits for something
    within its turn can delay the others, but not stop them.
    """

    def __init__(self, longest: float = LONGEST) -> None:
        self._longest = longest
        self._lock, self._own = Lock(), local()
        self._queue: deque[Lock] = deque()
        self._current: Lock | None = None
        self._began = 0.0

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Wait until it is this thread's turn, and run the block in it."""
        self._take(self._queue.append)
        try:
            yield
        finally:
            self._end()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Let other threads compute while the block waits for something; after the block, the next turn is this thread's.

        A lock that the block takes must be released within the block, because the thread whose turn it is may need it. If this
        thread has no turn, the block just runs.
        """
        if getattr(self._own, "turn", None) is None:
            yield
            return
        self._end()
        try:
            yield
        finally:
            self._take(self._queue.appendleft)

    def _take(self, queue_up: Callable[[Lock], None]) -> None:
        turn = Lock()
        turn.acquire()
        with self._lock:
            queue_up(turn)
            if self._current is None:
                self._begin_next()
        while not turn.acquire(timeout=self._longest):
            self._end_if_long()
        self._own.turn = turn

    def _end(self) -> None:
        turn, self._own.turn = self._own.turn, None
        with self._lock:
            if self._current is turn:  # else it took too long, and the next turn has begun already
                self._begin_next()

    def _end_if_long(self) -> None:
        with self._lock:
            if monotonic() - self._began >= self._longest:
                self._begin_next()

    def _begin_next(self) -> None:
        self._current, self._began = self._queue.popleft() if self._queue else None, monotonic()
        if self._current is not None:
            self._current.release()


_turns = Turns()
computing, waiting = _turns.computing, _turns.waiting
