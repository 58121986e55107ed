"""The threads of a server that answer requests."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread

Task = Callable[[], None]


class Threads:
    """At most ``most`` threads, which are started when they are needed and run tasks. A task must not raise.

    The next task goes to the thread that became idle last, because the cache of its core still has what it needs. The threads of
    ThreadPoolExecutor take turns, and on two cores a request then costs a tenth more CPU. ``after`` is called after each task, in
    its thread, once that thread is ready for another task.
    """

    def __init__(self, most: int, name: str, after: Callable[[], None]) -> None:
        self._most, self._name, self._after = most, name, after
        self._lock, self._started, self._is_over = Lock(), 0, False
        self._idle: list[SimpleQueue[Task | None]] = []  # the mailboxes of idle threads, in the order in which they became idle
        self._waiting: deque[Task] = deque()

    def submit(self, task: Task) -> None:
        """Run a task in a thread, as soon as one is free."""
        with self._lock:
            if self._idle:
                self._idle.pop().put(task)
            elif self._started < self._most:
                self._started += 1
                Thread(target=self._run, args=(task,), name=f"{self._name}-{self._started}", daemon=True).start()
            else:
                self._waiting.append(task)

    def stop(self) -> None:
        """Let each thread end when it has nothing left to do."""
        with self._lock:
            self._is_over = True
            for mailbox in self._idle:
                mailbox.put(None)
            self._idle.clear()

    def _run(self, task: Task | None) -> None:
        mailbox = SimpleQueue[Task | None]()
        while task is not None:
            task()
            with self._lock:
                if self._waiting:
                    mailbox.put(self._waiting.popleft())
                elif self._is_over:
                    mailbox.put(None)
                else:
                    self._idle.append(mailbox)
            self._after()
            task = mailbox.get()
