"""The nightly job: the accumulated error list, made at 01:55 Danish time by each register's clock, available from 04:00.

When a clock is moved over a night, the list is made at the next check of the clocks, so a test can trigger the night.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from threading import Event, Thread

from mockregister.clock import COPENHAGEN
from mockregister.delivery.outbox import Outbox
from mockregister.errors import NotFound, StoreError
from mockregister.mocking.registers import Registers
from mockregister.settings import LISTED_AT

LOOKS_EVERY = 1.0  # seconds between checks of the clocks, which may be moved at any time

log = logging.getLogger(__name__)


class Nightly:
    """Writes the error list of each register at 01:55, and publishes it in the outbox later in the night."""

    def __init__(self, registers: Registers, outbox: Outbox) -> None:
        self.registers, self.outbox = registers, outbox
        self._seen: dict[str, datetime] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Check the clocks in a separate thread until the block ends. Raise StoreError for an unusable folder."""
        directory = self.outbox.directory
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            failed = f"The folder {directory} for error lists cannot be made: {error.strerror}"
            raise StoreError(f"{failed}; name another with --error-list-dir.") from error
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
        """Do for every register what has become due by its clock since the last check, unless another process does it."""
        leads = self.registers.bench.leads()
        try:
            clocks = self.registers.clocks()
        except StoreError as error:
            log.error("%s", error)
            return
        seen, self._seen = self._seen, {name: clock.now() for name, clock in clocks.items()}
        if leads:
            for name, now in self._seen.items():
                self._do(name, seen.get(name, now), now)

    def _go_on(self, stopped: Event) -> None:
        while not stopped.wait(LOOKS_EVERY):
            self.look()

    def _do(self, name: str, since: datetime, now: datetime) -> None:
        made, published = last_due(now, LISTED_AT), last_due(now, self.registers.settings.error_list_from)
        try:
            with self.outbox.lock:
                if made > since:
                    with self.registers.find(name).register.look() as rows:
                        self.outbox.lay_out(name, rows, made)
                if published > since and published >= made:
                    shown = self.outbox.hand_out(name)
                    log.info("error list of register %s is published: %d files", name, len(shown))
        except NotFound:
            pass  # the register was deleted meanwhile
        except StoreError as error:
            log.error("%s", error)


def last_due(now: datetime, at: time) -> datetime:
    """Return the last moment not after ``now`` whose Danish time of day is ``at``."""
    local = now.astimezone(COPENHAGEN)
    due = datetime.combine(local.date(), at, COPENHAGEN)
    return due if due <= local else datetime.combine(local.date() - timedelta(days=1), at, COPENHAGEN)
