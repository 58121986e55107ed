"""The threads of a server run every task, and the one that became idle last takes the next."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Thread, current_thread

import pytest

from mockregister.cli.threads import Threads
from tests.serving import PATIENCE


class Tasks:
    """Tasks that each wait until they may end; ``ready`` has the thread of each ended task, in order."""

    def __init__(self, most: int) -> None:
        self.begun, self.ready = SimpleQueue[Thread](), SimpleQueue[Thread]()
        self.threads = Threads(most, "answering", lambda: self.ready.put(current_thread()))

    def begin(self) -> Callable[[], None]:
        """Submit a task, and return what lets it end."""
        may_end = Event()

        def task() -> None:
            self.begun.put(current_thread())
            may_end.wait(PATIENCE)

        self.threads.submit(task)
        return may_end.set


@pytest.fixture
def tasks() -> Tasks:
    return Tasks(2)


def ended(queue: SimpleQueue[Thread]) -> Thread:
    return queue.get(timeout=PATIENCE)


def test_the_thread_that_became_idle_last_takes_the_next_task(tasks: Tasks) -> None:
    for last in (0, 1):
        ends = [tasks.begin(), tasks.begin()]
        running = [ended(tasks.begun), ended(tasks.begun)]
        assert running[0] is not running[1]
        for end in (ends[1 - last], ends[last]):
            end()
            latest = ended(tasks.ready)
        end = tasks.begin()
        assert ended(tasks.begun) is latest
        end()
        assert ended(tasks.ready) is latest
    tasks.threads.stop()


def test_tasks_wait_while_all_threads_are_busy(tasks: Tasks) -> None:
    ends = [tasks.begin() for _ in range(5)]
    busy = {ended(tasks.begun), ended(tasks.begun)}
    assert tasks.begun.empty()
    for end in ends:
        end()
    assert {ended(tasks.ready) for _ in ends} == busy
    tasks.threads.stop()


def test_threads_end_when_they_are_stopped_and_have_nothing_left_to_do(tasks: Tasks) -> None:
    ends = [tasks.begin() for _ in range(3)]
    threads = [ended(tasks.begun), ended(tasks.begun)]
    tasks.threads.stop()
    for end in ends:
        end()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert tasks.ready.qsize() == 3
