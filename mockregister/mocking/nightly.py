"""The nightly job: the accumulated error list, written at 01:55 Danish time by each register's own clock.

When a clock is moved over a night, the list is written at the next look at it, so a test can turn the night on.
"""

from __future__ import annotations

import logging
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
        self._stopped = Event()

    def start(self) -> None:
        """Look at the clocks from now on, in a thread of its own. Raises StoreError for a folder that cannot be."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"The folder {self.directory} cannot take the error list: {error.strerror}.") from error
        self.look()
        Thread(target=self._go_on, name="nightly", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def look(self) -> None:
        """Write the list of every register whose clock has passed 01:55 since the last look."""
        for namespace in self.registers.known():
            now = namespace.register.clock.now()
            seen = self._seen.setdefault(namespace.name, now)
            self._seen[namespace.name] = now
            if last_due(now) > seen:
                self._write(namespace, now)

    def _go_on(self) -> None:
        while not self._stopped.wait(LOOKS_EVERY):
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
