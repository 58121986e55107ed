"""Notice that a database has fallen silent, as when its process or machine hangs while the connections stay open."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import closing, suppress
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import psycopg
from psycopg.rows import TupleRow

if TYPE_CHECKING:
    from mockregister.register.database import DatabaseConnection

SILENCE = 3.0  # seconds of silence after which the database is tested on a separate connection
ANSWERS = 2.0  # seconds that the database then has to answer
LOOKS_EVERY = 0.5  # seconds


class WatchedConnection(psycopg.Connection[TupleRow]):
    """A connection that knows how long someone has been waiting for the database on it."""

    waits_since: float | None = None

    def wait(self, *args: Any, **kwargs: Any) -> Any:
        """Wait for the database, as psycopg does."""
        self.waits_since = monotonic()
        try:
            return super().wait(*args, **kwargs)
        finally:
            self.waits_since = None

    def cut_off(self) -> None:
        """Tell everyone who waits on this connection that it is lost."""
        with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(self.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)


class Watchdog:
    """Cuts off those who wait for a database that answers nobody; waiting for a lock in a working database is left alone."""

    def __init__(self, connect: Callable[[], DatabaseConnection]) -> None:
        self._connect, self._connections = connect, WeakSet[WatchedConnection]()
        self._lock, self._over, self._thread = Lock(), Event(), Thread(target=self._run, name="watchdog", daemon=True)
        self.is_silent = False

    def watch(self, connection: WatchedConnection) -> None:
        """Watch a connection; the first call starts the watch."""
        with self._lock:
            self._connections.add(connection)
            if self._thread.ident is None:
                self._thread.start()

    def end(self) -> None:
        """Stop watching."""
        self._over.set()

    def _run(self) -> None:
        asked = 0.0
        while not self._over.wait(LOOKS_EVERY):
            kept_waiting = self._kept_waiting()
            if self.is_silent or (kept_waiting and monotonic() - asked > SILENCE):
                self.is_silent, asked = not self._answers(), monotonic()
            if self.is_silent:
                for connection in kept_waiting:
                    connection.cut_off()

    def _kept_waiting(self) -> list[WatchedConnection]:
        """Return the connections on which somebody has waited for too long."""
        with self._lock:
            connections = list(self._connections)
        late = monotonic() - SILENCE
        return [connection for connection in connections if (since := connection.waits_since) is not None and since < late]

    def _answers(self) -> bool:
        """Return whether the database answers an empty query."""
        answered, asking = Event(), list[WatchedConnection]()

        def ask() -> None:
            with suppress(psycopg.Error), closing(self._connect()) as connection:
                asking.append(connection)
                connection.execute("SELECT")
                answered.set()

        Thread(target=ask, name="watchdog-asks", daemon=True).start()
        if not answered.wait(ANSWERS):
            for connection in asking:
                connection.cut_off()
        return answered.is_set()
