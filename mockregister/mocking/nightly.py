"""The nightly job: the accumulated error list, written at 01:55 Danish time by each register's own clock.

When a clock is moved over a night, the list is written at the next look at it, so a test can turn the night on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from threading import Event, Thread

from mockregister.clock import COPENHAGEN
from mockregister.errors import StoreError
from mockregister.mocking.registers import DEFAULT, Namespace, Registers
from mockregister.register import error_list

AT = time(1, 55)
LOOKS_EVERY = 1.0  # seconds between looks at the clocks, which may be moved at any time

log = logging.getLogger(__name__)


class Nightly:
    """Writes the error list of each register below ``directory``: the default one there, another in a folder of its name."""

    def __init__(self, registers: Registers, directory: Path) -> None:
        self.registers, self.directory = registers, directory
        self._seen: dict[str, datetime] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Look at the clocks, in a thread of its own, until the block ends. Raises StoreError for a folder that cannot be."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"The folder {self.directory} cannot take the error list: {error.strerror}.") from error
        self.look()
        stopped = Event()
        thread = Thread(target=self._go_on, args=(stopped,), name="nightly", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stopped.set()
            thread.join()

    def look(self) -> None:
        """Write the list of every register whose clock has passed 01:55 since the last look."""
        seen, self._seen = self._seen, {}
        for namespace in self.registers.known():
            now = self._seen[namespace.name] = namespace.register.clock.now()
            if last_due(now) > seen.get(namespace.name, now):
                self._write(namespace, now)

    def _go_on(self, stopped: Event) -> None:
        while not stopped.wait(LOOKS_EVERY):
            self.look()

    def _write(self, namespace: Namespace, now: datetime) -> None:
        directory = self.directory if namespace.name == DEFAULT else self.directory / namespace.name
        try:
            written = error_list.write(namespace.register.state, now, directory)
            log.info("error list of register %s written: %d zip files", namespace.name, len(written))
        except StoreError as error:
            log.error("%s", error)


def last_due(now: datetime) -> datetime:
    """The last 01:55, Danish time, that is not after ``now``."""
    local = now.astimezone(COPENHAGEN)
    due = datetime.combine(local.date(), AT, COPENHAGEN)
    return due if due <= local else datetime.combine(local.date() - timedelta(days=1), AT, COPENHAGEN)
