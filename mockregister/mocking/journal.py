"""The journal: every exchange with what was sent, what was answered and why; searched, counted, waited for.

A journal belongs to one register and has a limit of exchanges; all journals of a server share a limit of bytes. The oldest
exchanges are dropped first.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, count, islice
from threading import Condition, RLock
from typing import Any

from mockregister.errors import Conflict, NotFound
from mockregister.finding import Finding, Level
from mockregister.mocking.call import Call, folded
from mockregister.turns import waiting

LEAST_BYTES = 2048  # what an exchange takes in memory without its texts and contents
REDACTED = "[redacted]"
SECRET = re.compile(
    "authorization|cookie|token|secret|password|passwd|credential|session|api-?key|access-key|subscription-key", re.IGNORECASE
)

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class JournalDocument:
    """A clinical document of an exchange: its id as an answer's ``location`` names it, its set, and its bytes."""

    id: str
    set_id: str
    content: bytes


@dataclass(frozen=True, slots=True)
class HttpMessage:
    """A request or an answer: headers without secrets, and the body as it went over the wire (decompressed)."""

    headers: Headers
    body: bytes

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header, empty if there is none."""
        return next((value for name, value in self.headers if name.lower() == "content-type"), "")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer.

    ``at`` is the register's time, ``received`` the machine's. ``status`` is the HTTP status, ``outcome`` is Success, Failure
    or Fault. ``taken_by`` is the service whose policy was applied, also where ``call.service`` is ``json``. ``seconds`` holds
    the seconds that each level took, ``duration`` those of the whole exchange. ``faults`` are the ids of the faults that struck.
    """

    id: str
    register: str
    method: str
    url: str
    call: Call
    at: datetime
    received: datetime
    request: HttpMessage
    answer: HttpMessage
    status: int
    outcome: str
    taken_by: str = ""
    stored: bool = False
    documents: tuple[JournalDocument, ...] = ()
    findings: tuple[Finding, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    duration: float = 0.0
    faults: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """The approximate bytes that this exchange keeps in memory: bodies, headers, documents, findings and search values."""
        bodies = len(self.request.body) + len(self.answer.body) + sum(len(document.content) for document in self.documents)
        headers = chain(self.request.headers, self.answer.headers, self.call.headers.items())
        found = ((finding.text, finding.where, *finding.params) for finding in self.findings)
        searched = (self.call.authors, self.call.cvr, self.call.sets, self.call.patients)
        texts = chain.from_iterable(chain(headers, found, searched))
        return bodies + len(self.url) + sum(map(len, texts)) + LEAST_BYTES


@dataclass(frozen=True, slots=True)
class Criteria:
    """What to search for; a field that is None is not tested.

    ``path`` matches the beginning of the path. ``status`` is an HTTP status or Success, Failure or Fault. ``code`` is the code
    of a finding on any level, or the level itself (``SCHEMATRON``). ``rule`` is the id of a business rule.
    """

    service: str | None = None
    path: str | None = None
    set: str | None = None
    patient: str | None = None
    author: str | None = None
    cvr: str | None = None
    code: str | None = None
    rule: str | None = None
    status: str | None = None
    stored: bool | None = None

    def match(self, exchange: Exchange) -> bool:
        """Return whether ``exchange`` matches the criteria."""
        return all(test(exchange, wanted) for name, test in TESTS.items() if (wanted := getattr(self, name)) is not None)


TESTS: dict[str, Callable[[Exchange, Any], bool]] = {
    "service": lambda exchange, wanted: exchange.call.service == wanted,
    "path": lambda exchange, wanted: exchange.call.path.startswith(wanted),
    "set": lambda exchange, wanted: folded(wanted) in exchange.call.sets,
    "patient": lambda exchange, wanted: folded(wanted) in exchange.call.patients,
    "author": lambda exchange, wanted: wanted in exchange.call.authors,
    "cvr": lambda exchange, wanted: wanted in exchange.call.cvr,
    "code": lambda exchange, wanted: any(wanted in (finding.code, finding.level.value) for finding in exchange.findings),
    "rule": lambda exchange, wanted: any(
        finding.level is Level.BUSINESS_RULE and finding.code == wanted for finding in exchange.findings
    ),
    "status": lambda exchange, wanted: wanted.lower() in (str(exchange.status), exchange.outcome.lower()),
    "stored": lambda exchange, wanted: exchange.stored == wanted,
}


def redacted(headers: Headers) -> Headers:
    """Return the headers with the values of secret headers removed."""
    return tuple((name, REDACTED if SECRET.search(name) else value) for name, value in headers)


def by_id(exchange_id: str, exchanges: Iterable[Exchange]) -> Exchange:
    """Return the exchange with this id. Raise NotFound."""
    found = next((exchange for exchange in exchanges if exchange.id == exchange_id), None)
    if found is None:
        raise NotFound(f"The journal has no exchange '{exchange_id}'; it may have been pushed out by newer ones.")
    return found


def check_count(count: int, limit: int) -> None:
    """Raise Conflict for a count of exchanges that a journal with this limit never holds."""
    if count > limit:
        raise Conflict(f"The journal keeps {limit} exchanges, so {count} can never be there; raise --journal.")


class JournalRoom:
    """The bytes that all journals of a server share. Hold ``lock`` to change any of these journals.

    The newest exchange stays, however large it is.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes, self.lock = max_bytes, RLock()
        self._numbers, self._bytes = count(), 0
        self._taken: OrderedDict[int, tuple[Journal, int]] = OrderedDict()

    def take(self, journal: Journal, size: int) -> int:
        """Reserve ``size`` bytes for an exchange of ``journal``, dropping the oldest exchanges if needed; return its number."""
        number = next(self._numbers)
        self._taken[number] = journal, size
        self._bytes += size
        while self._bytes > self.max_bytes and len(self._taken) > 1:
            oldest, (owner, _) = next(iter(self._taken.items()))
            owner.forget(oldest)
        return number

    def give_back(self, number: int) -> None:
        """Release the bytes of an exchange."""
        self._bytes -= self._taken.pop(number)[1]


class Journal:
    """The last exchanges of one register. Threads may add, search and wait at the same time."""

    def __init__(self, limit: int, room: JournalRoom) -> None:
        self.limit, self._room = limit, room
        self._exchanges: OrderedDict[int, Exchange] = OrderedDict()
        self._news = Condition(room.lock)
        self._dismissed = self._closed = False

    def add(self, exchange: Exchange, figures: Callable[[], str] | None = None) -> None:
        """Record an exchange, drop the oldest if there are too many, and wake those who wait.

        ``figures`` are not published, because the process is alone.
        """
        size = exchange.size
        with self._news:
            if self._closed:
                return
            self._exchanges[self._room.take(self, size)] = exchange
            while len(self._exchanges) > self.limit:
                self.forget(next(iter(self._exchanges)))
            self._news.notify_all()

    def forget(self, number: int) -> None:
        """Drop the exchange with this number."""
        with self._news:
            del self._exchanges[number]
            self._room.give_back(number)

    def find(self, criteria: Criteria | None = None, limit: int | None = None) -> list[Exchange]:
        """Return the exchanges that match, newest first."""
        with self._news:
            return self._matching(criteria or Criteria(), limit)

    def count(self, criteria: Criteria | None = None) -> int:
        """Return how many exchanges match."""
        return len(self._exchanges if criteria is None else self.find(criteria))

    def get(self, exchange_id: str) -> Exchange:
        """Return the exchange with this id. Raise NotFound."""
        with self._news:
            return by_id(exchange_id, self._exchanges.values())

    def wait(self, criteria: Criteria, count: int, seconds: float) -> list[Exchange]:
        """Return the matching exchanges once there are ``count``, or when ``seconds`` of real time are up.

        Raise Conflict for a ``count`` above ``limit``.
        """
        check_count(count, self.limit)
        with waiting(), self._news:
            self._news.wait_for(lambda: self._dismissed or len(self._matching(criteria, count)) >= count, seconds)
            return self._matching(criteria)

    def dismiss(self) -> None:
        """Wake all waiting calls; later calls do not wait."""
        with self._news:
            self._dismissed = True
            self._news.notify_all()

    def clear(self) -> None:
        """Forget everything."""
        with self._news:
            for number in tuple(self._exchanges):
                self.forget(number)

    def close(self) -> None:
        """Forget everything, and ignore exchanges that come later."""
        with self._news:
            self._closed = True
            self.clear()

    def _matching(self, criteria: Criteria, limit: int | None = None) -> list[Exchange]:
        return list(islice(filter(criteria.match, reversed(self._exchanges.values())), limit))
