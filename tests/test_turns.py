"""Threads compute one after the other, in the order in which they came, and nobody keeps the others waiting for long."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from queue import SimpleQueue
from threading import Event, Lock, Thread

import pytest

from mockregister import turns
from mockregister.mocking.journal import Criteria, Journal, JournalRoom
from mockregister.mocking.waiting_room import WaitingRoom
from mockregister.register.locks import KeyLocks
from mockregister.register.shared_writes import SharedWrites
from mockregister.turns import Turns
from mockregister.web.outcomes import _trickle
from tests.serving import PATIENCE

OFTEN = 0.005  # seconds between two looks at the clock of the test


class Queue(deque[Lock]):
    """A queue that announces who lines up."""

    def __init__(self) -> None:
        super().__init__()
        self.news = SimpleQueue[None]()

    def append(self, turn: Lock) -> None:
        super().append(turn)
        self.news.put(None)

    def appendleft(self, turn: Lock) -> None:
        super().appendleft(turn)
        self.news.put(None)


class Room:
    """Threads that take turns. The clock stands still, except when a test moves it."""

    def __init__(self) -> None:
        self.turns, self.queue, self.now = Turns(OFTEN), Queue(), 0.0
        self.turns._queue = self.queue
        self.log = SimpleQueue[str]()
        self.threads = ThreadPoolExecutor(8)

    def line_up(self, name: str, work: Callable[[], object] = lambda: None) -> Future[None]:
        """Let a new thread compute, and return once it is in the queue."""

        def compute() -> None:
            with self.turns.computing():
                self.log.put(name)
                work()
                self.log.put(f"{name} ends")

        begun = self.threads.submit(compute)
        self.has_queued()
        return begun

    def has_queued(self) -> None:
        """Wait until one more thread has queued up."""
        self.queue.news.get(timeout=PATIENCE)

    def logged(self, count: int) -> list[str]:
        """Return what happens next, once it has happened."""
        return [self.log.get(timeout=PATIENCE) for _ in range(count)]


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    room = Room()
    monkeypatch.setattr(turns, "monotonic", lambda: room.now)
    with room.threads:
        yield room


@contextmanager
def held(room: Room, name: str) -> Iterator[Future[None]]:
    """Let a thread compute during the block."""
    may_end = Event()
    computing = room.line_up(name, lambda: may_end.wait(PATIENCE))
    try:
        assert room.logged(1) == [name]
        yield computing
    finally:
        may_end.set()


def test_one_thread_computes_at_a_time_in_the_order_of_arrival(room: Room) -> None:
    with held(room, "a"):
        for name in "bcd":
            room.line_up(name)
    assert room.logged(7) == ["a ends", "b", "b ends", "c", "c ends", "d", "d ends"]


def test_a_thread_that_waits_lets_others_compute_and_is_next_after_them(room: Room) -> None:
    has_come = Event()

    def work() -> None:
        with room.turns.waiting(), room.turns.waiting():
            has_come.wait(PATIENCE)
        room.log.put("a goes on")

    room.line_up("a", work)
    assert room.logged(1) == ["a"]
    with held(room, "b"):
        room.line_up("c")
        has_come.set()
        room.has_queued()
    assert room.logged(5) == ["b ends", "a goes on", "a ends", "c", "c ends"]


def test_a_turn_that_is_too_long_ends_for_the_others_and_only_once(room: Room) -> None:
    b_may_end = Event()
    with held(room, "a"):
        room.line_up("b", lambda: b_may_end.wait(PATIENCE))
        room.line_up("c")
        room.now += 1
        assert room.logged(1) == ["b"]
    assert room.logged(1) == ["a ends"]
    b_may_end.set()
    assert room.logged(3) == ["b ends", "c", "c ends"]


def test_a_turn_ends_if_the_block_raises_an_error(room: Room) -> None:
    failed = room.line_up("a", lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        failed.result(PATIENCE)
    assert room.logged(1) == ["a"]
    with held(room, "b"):
        pass


def test_outside_of_a_turn_a_thread_waits_as_it_would_without_turns(room: Room) -> None:
    with held(room, "a"), room.turns.waiting():
        pass
    assert room.queue.news.empty()


# Each of these waits for something that happens when ``until`` is set.


def for_delays(until: Event) -> None:
    WaitingRoom().wait(PATIENCE, until)


def for_slow_answers(until: Event) -> None:
    list(_trickle(b"ab", PATIENCE / 2, until))


def for_exchanges(until: Event) -> None:
    journal = Journal(1, JournalRoom(1))
    Thread(target=lambda: until.wait(PATIENCE) and journal.dismiss()).start()
    journal.wait(Criteria(), 1, PATIENCE)


def for_writes(until: Event) -> None:
    SharedWrites[int](Lock()).add(1, lambda _: until.wait(PATIENCE))


def for_keys(until: Event) -> None:
    for_holders(until, lambda locks: locks.hold(frozenset("a")))


def for_all_keys(until: Event) -> None:
    for_holders(until, KeyLocks.hold_all)


def for_holders(until: Event, hold: Callable[[KeyLocks], AbstractContextManager[None]]) -> None:
    locks, is_held = KeyLocks(), Event()

    def keep() -> None:
        with locks.hold(frozenset("a")):
            is_held.set()
            until.wait(PATIENCE)

    Thread(target=keep).start()
    assert is_held.wait(PATIENCE)
    with hold(locks):
        pass


def others_compute_during(wait: Callable[[Event], None], monkeypatch: pytest.MonkeyPatch) -> bool:
    """Return whether another thread can compute while one waits, within its turn, for what ``until.set()`` brings about."""
    monkeypatch.setattr(turns._turns, "_longest", 10 * PATIENCE)  # so that a turn does not end by itself
    until, computes = Event(), Event()

    def request() -> None:
        with turns.computing():
            computes.set()
            wait(until)

    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(request)
        assert computes.wait(PATIENCE)
        with turns.computing():
            still_waits = not waiting.done()
            until.set()
        waiting.result(PATIENCE)
    return still_waits


@pytest.mark.parametrize("wait", [for_delays, for_slow_answers, for_exchanges, for_writes, for_keys, for_all_keys])
def test_a_request_that_waits_lets_others_compute(wait: Callable[[Event], None], monkeypatch: pytest.MonkeyPatch) -> None:
    assert others_compute_during(wait, monkeypatch)
