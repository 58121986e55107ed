"""The kinds of stores on which every test of a store runs. Add a new kind here."""

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
    """A kind of store: the setting of a server that stores its registers in a folder, and how to open the default register."""

    setting_for: Callable[[Path], str]
    opened: Callable[[Path], Store]


def in_a_database(folder: Path) -> Store:
    """Open the default register in the database that belongs to a folder. Closing the store closes the database."""
    url = postgresql.url_for(folder)
    from mockregister.register.database import Database
    from mockregister.register.postgresql_store import PostgreSqlStore

    class StoreWithDatabase(PostgreSqlStore):
        def close(self) -> None:
            self.database.close()

    return StoreWithDatabase(Database(url, {}, connections=20), "default")


DURABLE = {
    "tinydb": Kind(lambda folder: f"tinydb:{folder}", lambda folder: TinyDbStore(folder / "default")),
    "postgresql": Kind(postgresql.url_for, in_a_database),
}
STORES = {"memory": Kind(lambda folder: "memory", lambda folder: MemoryStore()), **DURABLE}
