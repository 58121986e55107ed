"""The journal of a register that several processes serve, in the database that stores the register."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from threading import Lock
from time import monotonic

from mockregister.mocking.journal import Criteria, Exchange, by_id, check_count
from mockregister.model.plain import from_plain, to_plain
from mockregister.register import sql
from mockregister.register.database import Database
from mockregister.register.shared_writes import SharedWrites

TRIMS_AFTER = 16  # exchanges between two checks of the size of all journals


class SharedJournal:
    """The last exchanges of a register in a database; exchanges that were read stay in memory."""

    def __init__(self, database: Database, register: str, limit: int, notes: Notes) -> None:
        self.database, self.register, self.limit, self._notes = database, register, limit, notes
        self._known: dict[int, Exchange] = {}
        self._lock = Lock()
        self._dismissed = False

    def add(self, exchange: Exchange, figures: Callable[[], str]) -> None:
        """Record an exchange, and publish the figures of this process. Raise StoreError."""
        self._notes.add(exchange, self.limit, figures)

    def find(self, criteria: Criteria | None = None, limit: int | None = None) -> list[Exchange]:
        """Return the exchanges that match, newest first."""
        exchanges = self._read()
        return list(islice(filter((criteria or Criteria()).match, reversed(exchanges)), limit))

    def count(self, criteria: Criteria | None = None) -> int:
        """Return how many exchanges match; without criteria, no exchange is read."""
        if criteria is not None:
            return len(self.find(criteria))
        [(kept,)] = self.database.rows(sql.EXCHANGES, (self.register,))
        return min(int(kept), self.limit)

    def get(self, exchange_id: str) -> Exchange:
        """Return the exchange with this id. Raise NotFound."""
        return by_id(exchange_id, self._read())

    def wait(self, criteria: Criteria, count: int, seconds: float) -> list[Exchange]:
        """Return the matching exchanges once there are ``count``, or when ``seconds`` of real time are up.

        Raise Conflict for a ``count`` above ``limit``.
        """
        check_count(count, self.limit)
        end = monotonic() + seconds
        while True:
            news = self.database.news
            found = self.find(criteria)
            left = end - monotonic()
            if len(found) >= count or left <= 0 or self._dismissed:
                return found
            self.database.wait_for_news(news, left)

    def dismiss(self) -> None:
        """Wake all waiting calls; later calls do not wait."""
        self._dismissed = True
        self.database.wake()

    def clear(self) -> None:
        """Forget everything."""
        self.database.do((sql.FORGET, (self.register,)))

    def close(self) -> None:
        """Do nothing: the journal is in the database."""

    def _read(self) -> list[Exchange]:
        """Return all exchanges, oldest first."""
        with self._lock:
            numbers = [number for (number,) in self.database.rows(sql.NOTED, (self.register, self.limit))]
            unknown = [number for number in numbers if number not in self._known]
            read = self.database.rows(sql.READ_EXCHANGES, (self.register, unknown)) if unknown else ()
            new = {number: unpacked(data) for number, data in read}
            self._known = {number: exchange for number in numbers if (exchange := new.get(number) or self._known.get(number))}
            return list(self._known.values())


class _Note:
    """An exchange on its way to the database."""

    def __init__(self, exchange: Exchange, limit: int) -> None:
        self.exchange, self.limit, self.data = exchange, limit, packed(exchange)


class Notes:
    """Writes the exchanges and figures of this process. Callers who come during a write share the next one.

    There is one write at a time, so newer figures in the database are never replaced with older ones.
    """

    def __init__(self, database: Database, max_bytes: int, process: str) -> None:
        self.database, self.max_bytes, self.process = database, max_bytes, process
        self._writes = SharedWrites[_Note](Lock())
        self._untrimmed, self._limits = 0, dict[str, int]()  # exchanges since the last check, and the limits of their registers

    def add(self, exchange: Exchange, limit: int, figures: Callable[[], str]) -> None:
        """Record an exchange, drop the oldest of its register beyond ``limit``, and wake those who wait. Raise StoreError."""
        self._writes.add(_Note(exchange, limit), lambda batch: self._write(batch, figures()))

    def _write(self, batch: Sequence[_Note], figures: str) -> None:
        """Write exchanges; if an id is there already, it was written before and only the database's answer was lost."""
        exchanges = [note.exchange for note in batch]
        values = {
            "registers": [exchange.register for exchange in exchanges],
            "ids": [exchange.id for exchange in exchanges],
            "sizes": [exchange.size for exchange in exchanges],
            "data": [note.data for note in batch],
            "process": self.process,
            "told": figures,
        }
        self.database.do((sql.NOTE, values))
        self._trim(batch)

    def _trim(self, batch: Sequence[_Note]) -> None:
        self._untrimmed += len(batch)
        self._limits.update({note.exchange.register: note.limit for note in batch})
        if self._untrimmed >= TRIMS_AFTER or any(note.exchange.size > self.max_bytes // TRIMS_AFTER for note in batch):
            beyond = [(sql.FORGET_BEYOND, (register, register, limit)) for register, limit in self._limits.items()]
            self._untrimmed, self._limits = 0, {}
            self.database.do(*beyond, (sql.FORGET_ABOVE, (self.max_bytes,)))


def packed(exchange: Exchange) -> bytes:
    """Return an exchange as it is stored: a line of JSON, and the contents as they are; all of it compressed."""
    contents = list(_contents(exchange))
    written = {"lengths": list(map(len, contents)), "exchange": to_plain(_with_contents(exchange, [b""] * len(contents)))}
    return zlib.compress(b"\n".join((json.dumps(written, separators=(",", ":")).encode(), b"".join(contents))), 1)


def unpacked(data: bytes) -> Exchange:
    """Return the exchange that was packed."""
    line, _, rest = zlib.decompress(data).partition(b"\n")
    written, contents, start = json.loads(line), list[bytes](), 0
    for length in written["lengths"]:
        contents.append(rest[start : start + length])
        start += length
    return _with_contents(from_plain(Exchange, written["exchange"]), contents)


def _contents(exchange: Exchange) -> Iterator[bytes]:
    yield from (exchange.request.body, exchange.answer.body)
    yield from (document.content for document in exchange.documents)


def _with_contents(exchange: Exchange, contents: Sequence[bytes]) -> Exchange:
    """Return an exchange with other contents, in the order of ``_contents``."""
    request, answer, *documents = contents
    return replace(
        exchange,
        request=replace(exchange.request, body=request),
        answer=replace(exchange.answer, body=answer),
        documents=tuple(
            replace(document, content=content) for document, content in zip(exchange.documents, documents, strict=True)
        ),
    )
