"""The stores that every test of a store runs over: add a new store here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mockregister.register.memory_store import MemoryStore
from mockregister.register.store import Store
from mockregister.register.tinydb_store import TinyDbStore
from tests import postgresql


@dataclass(frozen=True)
class Kind:
    """A kind of store: the setting that has a server keep its registers for a folder, and what opens the default one."""

    setting_for: Callable[[Path], str]
    opened: Callable[[Path], Store]


def in_a_database(folder: Path) -> Store:
    """The default register in the database that stands for a folder, which is let go of with the store."""
    url = postgresql.url_for(folder)
    from mockregister.register.database import Database
    from mockregister.register.postgresql_store import PostgreSqlStore

    class Alone(PostgreSqlStore):
        def close(self) -> None:
            self.database.close()

    return Alone(Database(url, {}, connections=20), "default")


DURABLE = {
    "tinydb": Kind(lambda folder: f"tinydb:{folder}", lambda folder: TinyDbStore(folder / "default")),
    "postgresql": Kind(postgresql.url_for, in_a_database),
}
STORES = {"memory": Kind(lambda folder: "memory", lambda folder: MemoryStore()), **DURABLE}
