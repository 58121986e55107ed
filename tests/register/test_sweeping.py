"""The sweeper deletes the data in a database that nobody can restore, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mockregister.app import create_app
from mockregister.mocking.registers import Registers
from mockregister.register import sweeping
from mockregister.register.database import Database
from mockregister.register.memory_store import MemoryStore
from mockregister.register.postgresql_store import PostgreSqlStore
from mockregister.register.sweeping import Sweeper
from mockregister.settings import Settings
from tests import postgresql
from tests.register.test_store import link
from tests.snapshots import commit, everything


@pytest.fixture
def registers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registers]:
    """Return the registers of a server on an empty database. The sweeper runs only when a test calls it."""
    monkeypatch.setattr(sweeping, "EVERY", 3600.0)
    opened: Registers = create_app(Settings(store=postgresql.url_for(tmp_path))).extensions["mockregister"]
    with closing(opened):
        yield opened


def database_of(registers: Registers) -> Database:
    store = registers.get().register.store
    assert isinstance(store, PostgreSqlStore)
    return store.database


def rows_of(database: Database) -> tuple[int, int]:
    """Return how many rows and index entries a database has, including old ones."""
    with database.connection() as connection:
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM mockregister.row WHERE register <> ''), "
            "(SELECT count(*) FROM mockregister.posting WHERE register <> '')"
        ).fetchone()
    assert counts is not None
    return counts[0], counts[1]


def swept(database: Database) -> None:
    """Sweep until there is nothing more to do. Rows that were new at the beginning are old at the end."""
    sweeper = Sweeper(database)
    sweeper.step()
    for _ in range(50):
        if not sweeper.step() and not sweeper.step():
            return
    raise AssertionError("sweeping does not come to an end")


def test_replaced_rows_are_deleted(registers: Registers) -> None:
    store, database = registers.get().register.store, database_of(registers)
    for number in range(5):
        commit(store, [link(1, str(number)), link(2, None if number % 2 else "9")])
    before = everything(store)
    swept(database)
    assert everything(store) == before
    assert rows_of(database)[0] == 2


def test_rows_of_checkpoints_stay_until_the_checkpoints_are_removed(registers: Registers) -> None:
    namespace, database = registers.get(), database_of(registers)
    store, saved = namespace.register.store, []
    for number in range(4):
        commit(store, [link(1, str(number)), link(number + 10)])
        saved.append(everything(store))
        if number in (1, 2):
            with namespace.changing():
                namespace.checkpoints.save(f"at {number}".replace(" ", "-"))
    swept(database)
    for number in (2, 1):
        with namespace.changing():
            namespace.checkpoints.restore(f"at-{number}")
        assert everything(store) == saved[number]
    with namespace.changing():
        namespace.checkpoints.remove("at-1")
        namespace.checkpoints.remove("at-2")
    swept(database)
    assert everything(store) == saved[1]
    assert rows_of(database)[0] == 3


def test_abandoned_generations_are_deleted_step_by_step(registers: Registers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "STEP", 300)
    namespace, database = registers.get(), database_of(registers)
    store = namespace.register.store
    with namespace.changing():
        namespace.load("demo")
    store.restore(store.keep(MemoryStore().state))
    assert rows_of(database)[0] > 20
    with database.connection() as connection:
        connection.execute("DELETE FROM mockregister.seed")
    swept(database)
    assert rows_of(database) == (0, 0)


def test_the_rows_of_the_last_seeds_stay(registers: Registers) -> None:
    namespace, database = registers.get(), database_of(registers)
    with namespace.changing():
        namespace.load("demo")
    swept(database)
    loaded = rows_of(database)
    with namespace.changing():
        namespace.reset()
    swept(database)
    assert rows_of(database) == loaded
    with namespace.changing():
        namespace.load("demo")
    assert rows_of(database) == loaded
