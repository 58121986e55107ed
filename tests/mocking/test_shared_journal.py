"""Exchanges are packed into a database, written once, and written together with those of other callers."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from mockregister.errors import StoreError
from mockregister.mocking.journal import HttpMessage, JournalDocument
from mockregister.mocking.shared_journal import Notes, SharedJournal, packed, unpacked
from mockregister.register.database import Database
from tests import postgresql
from tests.mocking.test_journal import exchange, ids

TWO = (JournalDocument("1^2", "3", b"<first/>"), JournalDocument("4^5", "6", b"\n<second/>\n"))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Return a database for all tests of this module. Each test has its own register in it."""
    folder: Path = tmp_path_factory.mktemp("journal")
    with closing(Database(postgresql.url_for(folder), {}, 4)) as opened:
        yield opened


def journal_of(database: Database, limit: int) -> SharedJournal:
    return SharedJournal(database, "default", limit, Notes(database, 1_000_000, "process"))


@pytest.mark.parametrize(
    "more", [{}, {"documents": TWO}, {"request": HttpMessage((("A", "b"),), b"\x00\n\xff"), "answer": HttpMessage((), b"")}]
)
def test_a_packed_exchange_is_unpacked_unchanged(more: dict[str, object]) -> None:
    original = exchange(1, **more)
    assert unpacked(packed(original)) == original


def test_an_exchange_that_is_written_twice_is_stored_once(database: Database) -> None:
    journal = journal_of(database, 10)
    for _ in range(2):
        journal.add(exchange(1), lambda: "[]")
    assert ids(journal.find()) == ["1"]
    journal.clear()


def test_exchanges_that_come_at_once_are_all_stored(database: Database) -> None:
    journal = journal_of(database, 100)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: journal.add(exchange(number), lambda: "[]"), range(60)))
    assert sorted(map(int, ids(journal.find()))) == list(range(60))
    journal.clear()


def test_figures_that_cannot_be_read_do_not_stop_other_writes(database: Database) -> None:
    def broken() -> str:
        raise StoreError("no figures")

    journal = journal_of(database, 10)
    with pytest.raises(StoreError):
        journal.add(exchange(1), broken)
    journal.add(exchange(2), lambda: "[]")
    assert ids(journal.find()) == ["2"]
    journal.clear()
