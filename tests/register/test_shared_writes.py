"""Writes that callers share: nothing is lost, nothing comes twice, and an error reaches everyone whose data it concerns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier, Event, Lock, Semaphore

import pytest

from mockregister.errors import StoreError
from mockregister.register.shared_writes import SharedWrites

MANY = 400

Write = Callable[[Sequence[int]], None]


class Disk:
    """Keeps what is written, each write on its own, and whether one began while another was in progress."""

    def __init__(self) -> None:
        self.writes: list[list[int]] = []
        self.busy, self.met = Lock(), False

    def write(self, items: Sequence[int]) -> None:
        if not self.busy.acquire(blocking=False):
            self.met = True
            return
        self.writes.append(list(items))
        self.busy.release()

    @property
    def all(self) -> list[int]:
        return [item for write in self.writes for item in write]


class Turn:
    """A lock that shows when a thread asks for it, before the thread waits."""

    def __init__(self) -> None:
        self.lock, self.came = Lock(), Semaphore(0)

    def __enter__(self) -> None:
        self.came.release()
        self.lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.lock.release()


def fails(items: Sequence[int]) -> None:
    raise StoreError(f"no room for {sorted(items)}")


def test_items_of_many_threads_are_written_once_and_before_each_thread_returns() -> None:
    disk, writes, start = Disk(), SharedWrites[int](Lock()), Barrier(8)

    def add(first: int) -> None:
        start.wait()
        for item in range(first, first + MANY):
            writes.add(item, disk.write)
            assert item in disk.all

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(0, 8 * MANY, MANY)))
    assert sorted(disk.all) == list(range(8 * MANY))
    assert not disk.met


def queued(items: Sequence[int], write: Write, threads: ThreadPoolExecutor) -> list[Future[None]]:
    """Return the results of adding ``items`` in this order while another write is in progress, which then ends."""
    turn, begun, end = Turn(), Event(), Event()
    writes = SharedWrites[int](turn)  # type: ignore[arg-type]

    def first(_: Sequence[int]) -> None:
        begun.set()
        end.wait()

    threads.submit(writes.add, -1, first)
    begun.wait()
    turn.came.acquire()
    added = []
    for item in items:
        added.append(threads.submit(writes.add, item, write))
        turn.came.acquire()
    end.set()
    return added


def test_callers_during_a_write_share_the_next_write_in_their_order() -> None:
    disk = Disk()
    with ThreadPoolExecutor(4) as threads:
        for added in queued([3, 1, 2], disk.write, threads):
            added.result()
    assert disk.writes == [[3, 1, 2]]


def test_an_error_of_a_write_is_raised_for_every_caller_of_that_write() -> None:
    with ThreadPoolExecutor(4) as threads:
        for added in queued([3, 1, 2], fails, threads):
            with pytest.raises(StoreError, match=r"no room for \[1, 2, 3\]"):
                added.result()


def test_an_error_of_a_write_is_not_raised_for_later_callers() -> None:
    disk, writes = Disk(), SharedWrites[int](Lock())
    with pytest.raises(StoreError):
        writes.add(1, fails)
    writes.add(2, disk.write)
    assert disk.writes == [[2]]


def test_no_write_begins_while_the_owner_holds_the_lock() -> None:
    disk, turn = Disk(), Turn()
    writes = SharedWrites[int](turn)  # type: ignore[arg-type]
    with ThreadPoolExecutor(1) as threads:
        with turn.lock:
            added = threads.submit(writes.add, 1, disk.write)
            turn.came.acquire()
            assert not disk.writes
        added.result()
    assert disk.writes == [[1]]
