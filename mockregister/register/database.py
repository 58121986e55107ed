"""A PostgreSQL database: connections to it, our own errors for its failures, and the check that its tables are ours."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from threading import Condition, Event, Lock, Thread
from time import monotonic, sleep
from typing import Any
from urllib.parse import unquote

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import DeadlockDetected, Diagnostic, ReadOnlySqlTransaction, SerializationFailure
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolTimeout

from mockregister.errors import SettingError, StoreAway, StoreContended, StoreError
from mockregister.register import sql
from mockregister.register.watchdog import Watchdog, WatchedConnection
from mockregister.settings import passwords_in, without_password
from mockregister.turns import waiting

Query = Sequence[object] | Mapping[str, object] | None
SqlStatement = tuple[str, Query]  # a statement with its values
log = logging.getLogger(__name__)
logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # whoever wants a connection reports the pool's failures


class DatabaseConnection(WatchedConnection):
    """A connection, and whether PostgreSQL warned that what it committed is on one machine only."""

    replication_given_up = False

    def together(self, *statements: SqlStatement) -> psycopg.Cursor[TupleRow]:
        """Run statements in one round trip; return the cursor of the last.

        Raise the first error; the statements after it do not run.
        """
        if len(statements) == 1:
            return self.execute(*statements[0])
        with self.pipeline():
            cursors = [self.execute(statement, values) for statement, values in statements]
        return cursors[-1]


ATTEMPTS = 3  # to get a connection that is not lost
WAITS = 3.0  # seconds that a request waits for a free connection
LOOKS_EVERY = 0.5  # seconds between two looks for news that PostgreSQL did not announce
LEAVES = 2.0  # seconds for which the locks of a killed server may remain
GIVES_UP = 2.0  # seconds for which the pool tries to connect by itself; the next request makes it try again
# so that a host that fell silent is noticed within seconds; the URL's own parameters take precedence
DEFAULTS = {
    "connect_timeout": "3",
    "tcp_user_timeout": "5000",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "2",
    "target_session_attrs": "read-write",
    "application_name": "mockregister",
}


class Database:
    """A database with this version's tables, which are made if there are none, and a pool of connections to it.

    ``told`` has the settings that all servers on the database must share, by name. Raise SettingError if the database cannot be
    used.
    """

    def __init__(self, url: str, told: Mapping[str, str], connections: int) -> None:
        self.name, self._url, self._told = without_password(url), url, dict(told)
        try:
            given = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
        except psycopg.Error as error:
            raise SettingError(f"The store {self.name} is not a URL that PostgreSQL knows: {_line(error, url)}.") from error
        self._settings = {**DEFAULTS, **given}
        self._present, self._refreshed = Lock(), 0
        self._heard, self.news, self.closed = Condition(), 0, Event()
        self._listener: Thread | None = None
        self._watchdog = Watchdog(self._connected)
        self._presence = self._introduced(is_start=True)
        self._pool = ConnectionPool(
            connection_class=DatabaseConnection,
            kwargs={**self._settings, "autocommit": True, "prepare_threshold": None},
            min_size=1,
            max_size=connections,
            timeout=WAITS,
            reconnect_timeout=GIVES_UP,
            configure=self._made_ready,
            open=False,  # opened when it is first used: its threads would not survive a fork of the process
        )

    def _introduced(self, *, is_start: bool = False) -> DatabaseConnection:
        """Make the tables, compare settings with other servers, and return the connection that shows that this server runs.

        It holds a lock in a transaction that does nothing else; from the lock, other servers know that this one runs.
        Raise SettingError.
        """
        with closing(self._reached()) as starting, ExitStack() as if_it_fails:
            present = self._reached()
            if_it_fails.callback(present.close)
            try:
                starting.execute(sql.BEGIN)
                starting.execute(sql.LOCK, (sql.START,))  # nobody else starts meanwhile
                self._upgrade(starting)
                self._agree(starting, is_start)
                present.execute(sql.BEGIN)
                present.execute(sql.LOCK_SHARED, (sql.PRESENCE,))
                starting.execute(sql.COMMIT)
            except psycopg.Error as error:
                raise SettingError(f"The database {self.name} cannot be used: {_line(error, self._url)}.") from error
            if_it_fails.pop_all()
            return present

    def _connected(self) -> DatabaseConnection:
        return DatabaseConnection.connect(**self._settings, autocommit=True, prepare_threshold=None)  # type: ignore[arg-type]

    def _reached(self) -> DatabaseConnection:
        try:
            return self._connected()
        except psycopg.Error as error:
            raise SettingError(f"The database {self.name} cannot be reached: {_line(error, self._url)}.") from error

    def _made_ready(self, connection: DatabaseConnection) -> None:
        """Handle warnings, and prepare statements if the connection goes to PostgreSQL itself.

        Behind a pooler, a transaction may run on any connection, which does not have the statements prepared on another one. A
        pooler is recognised by its process id, which differs from that of PostgreSQL.
        """
        self._watchdog.watch(connection)
        self._watchdog.watch(self._presence)
        connection.add_notice_handler(partial(_heed, connection))
        if _value(connection, sql.PROCESS) == connection.info.backend_pid:
            connection.execute(sql.PLAN_ONCE)
            connection.prepare_threshold = 0

    def _upgrade(self, connection: DatabaseConnection) -> None:
        if not _value(connection, sql.IS_OURS):
            foreign = _value(connection, sql.FOREIGN)
            if foreign:
                raise SettingError(
                    f"The database {self.name} holds something else ({foreign}); give mockregister a database of its own."
                )
            connection.execute(sql.TABLES)
            connection.execute(sql.EXPECTED)
            connection.execute(sql.BENCH_TABLES)
            connection.execute(sql.TELL_FIRST, (sql.VERSION, json.dumps(self._told)))
        version = _value(connection, sql.ABOUT)
        if version > sql.VERSION:
            raise SettingError(
                f"The database {self.name} was written by a later version (tables {version}, this one knows {sql.VERSION}); "
                "start that version, or use another database."
            )

    def _agree(self, connection: DatabaseConnection, is_start: bool) -> None:
        """Write this server's settings if no other server runs, else compare them. Raise SettingError if they differ.

        A server that was killed a moment ago may have left its lock, which goes away by itself.
        """
        other = self._others(connection)
        for _ in until(LEAVES):
            if not _value(connection, sql.IS_ANYBODY_THERE, sql.PRESENCE >> 32, sql.PRESENCE & 0xFFFFFFFF):
                connection.execute(sql.TELL, (json.dumps(self._told),))
                for statement in sql.BEGIN_ANEW if is_start else ():
                    connection.execute(statement)
                return
            if other == self._told:
                return
            sleep(0.05)
        differing = sorted(name for name in {**self._told, **other} if self._told.get(name) != other.get(name))
        told = "; ".join(f"{name} is {other.get(name)} there and {self._told.get(name)} here" for name in differing)
        there = f"Another server runs on the database {self.name} with other settings: {told}"
        raise SettingError(f"{there}; give all servers the same settings.")

    def _others(self, connection: DatabaseConnection) -> dict[str, str]:
        row = connection.execute(sql.ABOUT).fetchone()
        assert row is not None
        return dict(row[1])

    @contextmanager
    def connection(self) -> Iterator[DatabaseConnection]:
        """Lend a connection to the block. Raise StoreError if there is none, or if it fails; a broken one is closed."""
        with failures(), self._lent() as connection:
            try:
                with failures():
                    yield connection
            except StoreAway:  # the connection is lost, or the server behind it has become a standby
                connection.close()
                raise
            finally:
                _end(connection)

    @contextmanager
    def _lent(self) -> Iterator[DatabaseConnection]:
        if self._watchdog.is_silent:
            raise StoreAway("The database does not answer.")
        self._pool.open()
        connection = self._pool.getconn()
        try:
            yield connection
        finally:
            self._pool.putconn(connection)

    def refresh(self) -> None:
        """Close broken connections, and renew the lock that shows that this server runs, if it was lost. Raise StoreAway.

        A thread that calls this while another thread is doing it waits for that thread, at most ``WAITS`` seconds.
        """
        before = self._refreshed
        if self._watchdog.is_silent or not self._present.acquire(timeout=WAITS):
            return
        try:
            if self._refreshed != before or self.closed.is_set():
                return
            self._refreshed += 1
            with suppress(psycopg.Error):
                self._pool.check()
            try:
                self._presence.execute("SELECT")
            except psycopg.Error:
                self._presence.close()
                try:
                    self._presence = self._introduced()
                    self._watchdog.watch(self._presence)
                except SettingError as error:
                    raise StoreAway(str(error)) from error
        finally:
            self._present.release()

    @contextmanager
    def begun(self, *statements: SqlStatement) -> Iterator[tuple[DatabaseConnection, psycopg.Cursor[TupleRow]]]:
        """Run statements, then lend the connection and the cursor of the last. Raise StoreError.

        If the connection was lost, which may be noticed only now, the statements run again on another one. So they must only
        read or begin a transaction, or do what may be done twice.
        """
        for attempts_left in reversed(range(ATTEMPTS)):
            try:
                with ExitStack() as if_it_fails:
                    connection = if_it_fails.enter_context(self.connection())
                    cursor = connection.together(*statements)
                    lent = if_it_fails.pop_all()
                break
            except StoreAway:
                if not attempts_left:
                    raise
                self.refresh()
        with lent:
            yield connection, cursor

    def rows(self, statement: str, values: Query = None) -> list[tuple[Any, ...]]:
        """Return the rows that a statement finds; it may run twice. Raise StoreError."""
        with self.begun((statement, values)) as (_, cursor):
            return cursor.fetchall()

    def row(self, statement: str, values: Query = None) -> tuple[Any, ...] | None:
        """Return the first row that a statement finds; it may run twice. Raise StoreError."""
        return next(iter(self.rows(statement, values)), None)

    def do(self, *statements: SqlStatement) -> None:
        """Run statements that may run twice. Raise StoreError."""
        with self.begun(*statements):
            pass

    def check(self) -> None:
        """Raise StoreError if nothing could be stored now."""
        self.row("SELECT")

    # news for waiting threads

    def wait_for_news(self, known: int, seconds: float) -> None:
        """Wait for news beyond number ``known``, for ``seconds`` or ``LOOKS_EVERY`` at most, as news may not be announced."""
        with waiting(), self._heard:
            if self._listener is None:
                self._listener = Thread(target=self._listen, name="listener", daemon=True)
                self._listener.start()
            self._heard.wait_for(lambda: self.news > known, min(seconds, LOOKS_EVERY))

    def wake(self) -> None:
        """Wake the threads that wait for news."""
        with self._heard:
            self.news += 1
            self._heard.notify_all()

    def _listen(self) -> None:
        """Listen for news. A pgbouncer in transaction mode passes no news on; then waiting threads look every ``LOOKS_EVERY``."""
        while not self.closed.is_set():
            with suppress(psycopg.Error), DatabaseConnection.connect(**self._settings, autocommit=True) as connection:  # type: ignore[arg-type]
                connection.execute(sql.HEAR_NEWS)
                self.wake()
                while not self.closed.is_set():
                    for _ in connection.notifies(timeout=1.0, stop_after=1):
                        self.wake()
            sleep(LOOKS_EVERY)

    def leads(self) -> bool:
        """Return whether this process does the work that is done once for all processes.

        The first process to ask does it, until that process ends.
        """
        for _ in range(2):
            with self._present, suppress(psycopg.Error):
                return bool(_value(self._presence, sql.TRY_LOCK, sql.LEADERSHIP))
            with suppress(StoreAway):
                self.refresh()
        return False

    def close(self) -> None:
        """Close all connections; may be called more than once."""
        self.closed.set()
        self._watchdog.end()
        self._pool.close()
        with self._present:  # no thread is in ``refresh``, which would take the lock again
            self._presence.close()


@contextmanager
def failures() -> Iterator[None]:
    """Turn psycopg's errors in the block into StoreError or one of its subclasses."""
    try:
        yield
    except (SerializationFailure, DeadlockDetected) as error:
        raise StoreContended(f"The database asks to try again: {_line(error)}.") from error
    except ReadOnlySqlTransaction as error:
        raise StoreAway("The database takes no changes any more, because another one takes its place.") from error
    except (PoolTimeout, psycopg.InterfaceError) as error:
        raise StoreAway(f"The database does not answer: {_line(error)}.") from error
    except psycopg.OperationalError as error:
        raise StoreAway(f"The database failed: {_line(error)}.") from error
    except psycopg.Error as error:
        raise StoreError(f"The database refuses: {_line(error)}.") from error


def until(seconds: float) -> Iterator[float]:
    """Yield the seconds that are left, as long as any are."""
    end = monotonic() + seconds
    while (left := end - monotonic()) > 0:
        yield left


def _end(connection: DatabaseConnection) -> None:
    """End a transaction that is still open."""
    if connection.info.transaction_status not in (TransactionStatus.IDLE, TransactionStatus.UNKNOWN):
        with suppress(psycopg.Error):
            connection.execute(sql.ROLLBACK)


def _value(connection: DatabaseConnection, statement: str, *values: object) -> Any:
    row = connection.execute(statement, values or None).fetchone()
    return row[0] if row else None


def _heed(connection: DatabaseConnection, notice: Diagnostic) -> None:
    """Note PostgreSQL's warning that it no longer waited for another machine to have the commit."""
    if notice.source_function == "SyncRepWaitForLSN":
        connection.replication_given_up = True


def _line(error: Exception, url: str = "") -> str:
    """Return what an error says, in one line and without the password."""
    said = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    for secret in passwords_in(url):
        said = said.replace(unquote(secret), "***").replace(secret, "***")
    return said[:300]
