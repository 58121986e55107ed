"""A PostgreSQL database: connections to it, what is told when it fails, and that it is ours."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import DeadlockDetected, Diagnostic, ReadOnlySqlTransaction, SerializationFailure
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolTimeout

from mockregister.errors import SettingError, StoreAway, StoreContended, StoreError
from mockregister.register import sql
from mockregister.settings import without_password

log = logging.getLogger(__name__)
logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # what it cannot do is told by whoever wanted it done


class Connection(psycopg.Connection[TupleRow]):
    """A connection, and whether it was told that what it committed is on one machine only."""

    replication_given_up = False


WAITS = 3.0  # seconds for a connection, before a sender is told that there is none
GIVES_UP = 2.0  # seconds that the pool goes on by itself; the next who asks starts it again
# so that a host that fell silent is noticed within seconds; what the URL says counts more
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
    """One database and a pool of connections to it, made ready for this version's tables.

    ``told`` is what all servers on one database must agree on, by name. Raises SettingError where it cannot be used.
    """

    def __init__(self, url: str, told: Mapping[str, str], connections: int) -> None:
        self.name, self._url, self._told = without_password(url), url, dict(told)
        try:
            given = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
        except psycopg.Error as error:
            raise SettingError(f"The store {self.name} is no URL that PostgreSQL knows: {_line(error, url)}.") from error
        settings = {**DEFAULTS, **given}
        self._presence = self._connected(settings)
        try:
            self._start()
        except BaseException:
            self._presence.close()
            raise
        self._pool = ConnectionPool(
            connection_class=Connection,
            kwargs={**settings, "autocommit": True, "prepare_threshold": None},
            min_size=1,
            max_size=connections,
            timeout=WAITS,
            reconnect_timeout=GIVES_UP,
            configure=_heed_warnings,
            open=True,
        )

    def _connected(self, settings: Mapping[str, str]) -> Connection:
        try:
            return Connection.connect(**settings, autocommit=True, prepare_threshold=None)  # type: ignore[arg-type]
        except psycopg.Error as error:
            raise SettingError(f"The database {self.name} cannot be reached: {_line(error, self._url)}.") from error

    def _start(self) -> None:
        """Make the tables, and see whether those who are here agree with us; nobody else starts meanwhile."""
        try:
            self._presence.execute(sql.BEGIN)
            self._presence.execute(sql.LOCK, (sql.START,))
            self._upgrade()
            self._agree()
            self._presence.execute(sql.COMMIT)
            self._be_present()
        except psycopg.Error as error:
            raise SettingError(f"The database {self.name} cannot be used: {_line(error, self._url)}.") from error

    def _upgrade(self) -> None:
        if not _value(self._presence, sql.IS_OURS):
            foreign = _value(self._presence, sql.FOREIGN)
            if foreign:
                raise SettingError(
                    f"The database {self.name} holds something else ({foreign}); give mockregister a database of its own."
                )
            self._presence.execute(sql.TABLES)
            self._presence.execute(sql.TELL_FIRST, (sql.VERSION, json.dumps(self._told)))
        version = _value(self._presence, sql.ABOUT)
        if version > sql.VERSION:
            raise SettingError(
                f"The database {self.name} was written by a later version (tables {version}, this one knows {sql.VERSION}); "
                "start that version, or use another database."
            )

    def _agree(self) -> None:
        """Whoever is alone says what holds; the others have to agree. Raises SettingError for those who do not."""
        row = self._presence.execute(sql.ABOUT).fetchone()
        assert row is not None
        other = row[1]
        if other == self._told:
            return
        if not _value(self._presence, sql.TRY_LOCK, sql.PRESENCE):
            differing = sorted(name for name in {**self._told, **other} if self._told.get(name) != other.get(name))
            told = "; ".join(f"{name} is {other.get(name)} there and {self._told.get(name)} here" for name in differing)
            raise SettingError(f"Another server runs on the database {self.name} with other settings: {told}.")
        self._presence.execute(sql.TELL, (json.dumps(self._told),))

    def _be_present(self) -> None:
        """Hold, in a transaction that does nothing, a lock which tells others that somebody is here."""
        self._presence.execute(sql.BEGIN)
        self._presence.execute(sql.LOCK_SHARED, (sql.PRESENCE,))

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Lend a connection. What goes wrong with it is raised as StoreError, and a connection of no more use is thrown away."""
        with failures(), self._lent() as connection:
            try:
                yield connection
            except StoreAway:  # or a standby by now
                connection.close()
                raise
            finally:
                _end(connection)

    @contextmanager
    def _lent(self) -> Iterator[Connection]:
        connection = self._pool.getconn()
        try:
            yield connection
        finally:
            self._pool.putconn(connection)

    def refresh(self) -> None:
        """Throw away the connections that are broken."""
        with suppress(psycopg.Error):
            self._pool.check()

    def check(self) -> None:
        """Raise StoreError where nothing could be kept now."""
        with self.connection() as connection:
            connection.execute("SELECT 1")

    def close(self) -> None:
        """Let go of all connections; more than once does no harm."""
        self._pool.close()
        self._presence.close()


@contextmanager
def failures() -> Iterator[None]:
    """Tell what psycopg raises in our own words."""
    try:
        yield
    except (SerializationFailure, DeadlockDetected) as error:
        raise StoreContended(f"The database asks to try again: {_line(error)}.") from error
    except ReadOnlySqlTransaction as error:
        raise StoreAway("The database takes no changes any more; another is about to.") from error
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


def _end(connection: Connection) -> None:
    """Leave no transaction behind."""
    if connection.info.transaction_status not in (TransactionStatus.IDLE, TransactionStatus.UNKNOWN):
        with suppress(psycopg.Error):
            connection.execute(sql.ROLLBACK)


def _value(connection: Connection, statement: str, *values: object) -> Any:
    row = connection.execute(statement, values or None).fetchone()
    return row[0] if row else None


def _heed_warnings(connection: Connection) -> None:
    def heed(notice: Diagnostic) -> None:
        if notice.source_function == "SyncRepWaitForLSN":
            connection.replication_given_up = True

    connection.add_notice_handler(heed)


def _line(error: Exception, url: str = "") -> str:
    """What an error says, in one line and without the password."""
    said = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    secret = conninfo_to_dict(url).get("password") if "://" in url else None
    return said.replace(str(secret), "***")[:300] if secret else said[:300]
