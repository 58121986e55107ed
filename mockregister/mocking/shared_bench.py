"""The bench of a register that several processes serve, in the database that stores the register."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING
from uuid import uuid4
from weakref import WeakKeyDictionary

from mockregister.errors import Conflict, NotFound
from mockregister.mocking.journal import Criteria, Exchange
from mockregister.mocking.told import Told
from mockregister.model.plain import from_plain, to_plain
from mockregister.register import sql
from mockregister.register.database import Database, failures
from mockregister.register.postgresql_store import lock_number
from mockregister.register.rule_lists import UploadedList
from mockregister.register.sweeping import Sweeper
from mockregister.settings import Settings

if TYPE_CHECKING:
    from mockregister.mocking.registers import Namespace

TRIMS_AFTER = 16  # exchanges between two checks of the size of all journals


class _Stand:
    """How far a register in this process is up to date."""

    def __init__(self) -> None:
        self.lock, self.made, self.number, self.is_changing = Lock(), 0, 0, False
        self.turn = Lock()  # of the callers in this process that change something


class SharedBench:
    """Keeps the processes on one database up to date with each other."""

    def __init__(self, settings: Settings, database: Database, rule_lists: Callable[[], Mapping[str, UploadedList]]) -> None:
        self.settings, self.database, self.process = settings, database, uuid4().hex
        self._rule_lists = rule_lists
        self._stands: WeakKeyDictionary[Namespace, _Stand] = WeakKeyDictionary()
        self._sweeper = Sweeper(database)
        self._lists: int | None = None  # the last rule list that this process has read

    def journal(self, register: str) -> SharedJournal:
        """Return the journal of a register."""
        return SharedJournal(self.database, register, self.settings.journal, self.settings.journal_bytes)

    def follow(self, namespace: Namespace) -> bool:
        """Bring a register up to date with what it was told in other processes. Return whether it is still the same register."""
        self._sweeper.start()
        stand = self._stands.setdefault(namespace, _Stand())
        found = self.database.row(sql.FOLLOW, (stand.number, namespace.name))
        if found is None or (stand.made and stand.made != found[0]):
            return False
        self._follow_lists(namespace, found[3])
        with stand.lock:
            stand.made = found[0]
            if found[2] is not None and found[1] > stand.number and not stand.is_changing:
                from_plain(Told, found[2]).tell(namespace)
                stand.number = found[1]
        return True

    def sitting(self, register: str) -> None:
        """Return None: the sitting comes with everything else that the register was told."""

    def _follow_lists(self, namespace: Namespace, last: int | None) -> None:
        editions = namespace.editions
        if last != self._lists:
            editions.follow(self._rule_lists())
            self._lists = last
        if editions.get(namespace.edition.name) is not namespace.edition:
            namespace.use(editions.get(namespace.edition.name))

    @contextmanager
    def changing(self, namespace: Namespace) -> Iterator[None]:
        """Lock the bench of a register, bring it up to date, and publish its new state at the end."""
        stand = self._stands.setdefault(namespace, _Stand())
        with stand.turn, self.database.connection() as connection:
            connection.execute(sql.BEGIN)
            connection.execute(sql.LOCK, (lock_number("bench", namespace.name),))
            self.follow(namespace)
            with self._alone(stand):
                yield
                told = json.dumps(to_plain(Told.of(namespace)))
                with failures():
                    row = connection.execute(sql.PUBLISH, (namespace.name, told)).fetchone()
                    connection.execute(sql.COMMIT)
                stand.number = row[0] if row else 0

    @contextmanager
    def _alone(self, stand: _Stand) -> Iterator[None]:
        """Keep the register from being brought up to date meanwhile; a failed change is undone by bringing it up to date."""
        with stand.lock:
            stand.is_changing = True
        try:
            yield
        except BaseException:
            stand.number = -1
            raise
        finally:
            with stand.lock:
                stand.is_changing = False

    def figures(self, own: str) -> Iterable[str]:
        """Return the figures of all processes, with ``own`` as they are now."""
        with self.database.connection() as connection:
            connection.execute(sql.TELL_FIGURES, (self.process, own))
            return [json.dumps(told) for (told,) in connection.execute(sql.FIGURES)]

    def note(self, namespace: Namespace, exchange: Exchange, own: Callable[[], str]) -> None:
        """Record an exchange in the journal of a register, and publish the figures of this process."""
        assert isinstance(namespace.journal, SharedJournal), "a register has the journal of its bench"
        namespace.journal.add(exchange, (self.process, own()))

    def leads(self) -> bool:
        """Return whether this process does the work that is done once for all: the first to ask does it until it ends."""
        return self.database.leads()


class SharedJournal:
    """The last exchanges of a register in a database; exchanges that were read stay in memory."""

    def __init__(self, database: Database, register: str, limit: int, max_bytes: int) -> None:
        self.database, self.register, self.limit, self.max_bytes = database, register, limit, max_bytes
        self._known: dict[int, Exchange] = {}
        self._lock, self._added = Lock(), 0
        self._dismissed = False

    def add(self, exchange: Exchange, figures: tuple[str, str]) -> None:
        """Record an exchange and the process's figures, drop the oldest if there are too many, and wake those who wait."""
        data = zlib.compress(json.dumps(to_plain(exchange), separators=(",", ":")).encode(), 1)
        with self.database.connection() as connection:
            connection.execute(sql.NOTE, (self.register, exchange.size, data, *figures))
            self._added += 1
            if self._added % TRIMS_AFTER == 0 or exchange.size > self.max_bytes // TRIMS_AFTER:
                connection.execute(sql.FORGET_BEYOND, (self.register, self.register, self.limit))
                connection.execute(sql.FORGET_ABOVE, (self.max_bytes,))

    def find(self, criteria: Criteria | None = None, limit: int | None = None) -> list[Exchange]:
        """Return the exchanges that match, newest first."""
        exchanges = self._read()
        return list(islice(filter((criteria or Criteria()).match, reversed(exchanges)), limit))

    def count(self, criteria: Criteria | None = None) -> int:
        """Return how many exchanges match."""
        return len(self.find(criteria))

    def get(self, exchange_id: str) -> Exchange:
        """Return the exchange with this id. Raise NotFound."""
        found = next((exchange for exchange in self._read() if exchange.id == exchange_id), None)
        if found is None:
            raise NotFound(f"The journal has no exchange '{exchange_id}'; it may have been pushed out by newer ones.")
        return found

    def wait(self, criteria: Criteria, count: int, seconds: float) -> list[Exchange]:
        """Return the matching exchanges once there are ``count``, or when ``seconds`` of real time are up. Raise Conflict."""
        if count > self.limit:
            raise Conflict(f"The journal keeps {self.limit} exchanges, so {count} can never be there; raise --journal.")
        end = monotonic() + seconds
        while True:
            news = self.database.news
            found = self.find(criteria)
            left = end - monotonic()
            if len(found) >= count or left <= 0 or self._dismissed:
                return found
            self.database.wait_for_news(news, left)

    def dismiss(self) -> None:
        """End all waiting, now and from now on."""
        self._dismissed = True
        self.database.wake()

    def clear(self) -> None:
        """Forget everything."""
        with self.database.connection() as connection:
            connection.execute(sql.FORGET, (self.register,))

    def close(self) -> None:
        """Do nothing: the journal is in the database."""

    def _read(self) -> list[Exchange]:
        """Return all exchanges, oldest first."""
        with self._lock, self.database.connection() as connection:
            numbers = [number for (number,) in connection.execute(sql.NOTED, (self.register, self.limit))]
            unknown = [number for number in numbers if number not in self._known]
            read = connection.execute(sql.READ_EXCHANGES, (self.register, unknown)) if unknown else ()
            new = {number: from_plain(Exchange, json.loads(zlib.decompress(data))) for number, data in read}
            self._known = {number: exchange for number in numbers if (exchange := new.get(number) or self._known.get(number))}
            return list(self._known.values())
