"""The stores that the settings name: they are opened, listed and deleted here, and locked against other servers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from mockregister.errors import SettingError
from mockregister.register import sql
from mockregister.register.folder_lock import FolderLock
from mockregister.register.memory_store import MemoryStore
from mockregister.register.rule_lists import UploadedList, read_lists, write_list
from mockregister.register.store import Store
from mockregister.settings import Settings

if TYPE_CHECKING:
    from mockregister.register.database import Database
    from mockregister.register.tinydb_store import TinyDbStore

CONNECTIONS_PER_THREAD = 3  # a request may read, change and hold the bench at once; a request that waits on purpose holds none


class Stores(Protocol):
    """Where registers are stored, each under its name."""

    def open(self, register: str) -> Store:
        """Return the store of a register. Raise StoreError if it cannot be opened."""

    def kept(self) -> set[str]:
        """Return the names of the stored registers, whether or not they are open."""

    def discard(self, register: str) -> None:
        """Delete a register that this process does not have open, damaged ones too. Raise StoreError."""

    def rule_lists(self) -> Mapping[str, UploadedList]:
        """Return the rule lists that were uploaded, by the names of their editions. Raise StoreError."""

    def keep_list(self, uploaded: UploadedList) -> None:
        """Store a rule list; it replaces an earlier list of its name. Raise StoreError."""

    def close(self) -> None:
        """Release what the stores share; may be called more than once."""


class MemoryStores:
    """Registers that are gone when the process ends."""

    def open(self, register: str) -> MemoryStore:
        """Return an empty store."""
        return MemoryStore()

    def kept(self) -> set[str]:
        """Return no names: a register that is not open is gone."""
        return set()

    def discard(self, register: str) -> None:
        """Do nothing: a register that is not open is gone."""

    def rule_lists(self) -> Mapping[str, UploadedList]:
        """Return no lists: none outlives the process."""
        return {}

    def keep_list(self, uploaded: UploadedList) -> None:
        """Do nothing: the list ends with the process."""

    def close(self) -> None:
        """Do nothing: the stores share nothing."""


class TinyDbStores:
    """Registers in a folder that no other server has open. Raise StoreError if another server has."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._lock = folder, FolderLock(folder)

    def open(self, register: str) -> TinyDbStore:
        """Return the store in the register's folder."""
        from mockregister.register.tinydb_store import TinyDbStore

        return TinyDbStore(self.folder / register)

    def kept(self) -> set[str]:
        """Return the names of the folders that hold registers."""
        from mockregister.register.tinydb_folder import JOURNAL

        return {journal.parent.name for journal in self.folder.glob(f"*/{JOURNAL}")}

    def discard(self, register: str) -> None:
        """Delete a register from the disk. Raise StoreError."""
        from mockregister.register.tinydb_folder import delete, opened_log

        log = opened_log(self.folder / register)
        try:
            delete(self.folder / register)
        finally:
            log.close()

    def rule_lists(self) -> Mapping[str, UploadedList]:
        """Return the rule lists in the folder. Raise StoreError."""
        return read_lists(self.folder)

    def keep_list(self, uploaded: UploadedList) -> None:
        """Write a rule list into the folder. Raise StoreError."""
        write_list(self.folder, uploaded)

    def close(self) -> None:
        """Let other servers in."""
        self._lock.release()


class PostgreSqlStores:
    """Registers in a database, which other servers may use at the same time."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def open(self, register: str) -> Store:
        """Return the store of a register; make it if there is none."""
        from mockregister.register.postgresql_store import PostgreSqlStore

        return PostgreSqlStore(self.database, register)

    def kept(self) -> set[str]:
        """Return the names of all registers."""
        from mockregister.register.postgresql_store import registers

        return registers(self.database)

    def discard(self, register: str) -> None:
        """Delete a register. Raise StoreError."""
        from mockregister.register.postgresql_store import discard

        discard(self.database, register)

    def rule_lists(self) -> Mapping[str, UploadedList]:
        """Return the rule lists in the database. Raise StoreError."""
        return {row[0]: UploadedList(*row) for row in self.database.rows(sql.RULE_LISTS)}

    def keep_list(self, uploaded: UploadedList) -> None:
        """Store a rule list in the database, for all servers. Raise StoreError."""
        lock = (sql.LOCK, (sql.START,))  # so that lists are numbered in the order in which they are committed
        self.database.do((sql.BEGIN, None), lock, (sql.KEEP_LIST, asdict(uploaded)), (sql.COMMIT, None))

    def close(self) -> None:
        """Close the connections to the database."""
        self.database.close()


def stores_of(settings: Settings) -> Stores:
    """Return the stores that the settings name. Raise StoreError and SettingError if they cannot be opened."""
    if settings.store_dir is not None:
        return TinyDbStores(settings.store_dir)
    if settings.is_shared:
        return PostgreSqlStores(_database(settings))
    return MemoryStores()


def _database(settings: Settings) -> Database:
    try:
        from mockregister.register.database import Database
    except ImportError as error:
        raise SettingError("The store postgresql:// needs an extra: pip install 'mockregister[postgresql]'.") from error
    return Database(settings.store, agreed(settings), CONNECTIONS_PER_THREAD * settings.threads)


def agreed(settings: Settings) -> dict[str, str]:
    """Return the settings that all servers on one database must share; otherwise one server would refuse what another stores."""
    files = {
        "codes": settings.codes_file or settings.codes,
        "sor": settings.sor,
        "authorities": settings.authorities,
        "producers": settings.producers_file or settings.producers,
    }
    folder = Path(settings.edition)
    edition = _identified(folder) if folder.is_dir() else settings.edition
    profile = str(settings.profile or "the edition's")
    return {"edition": edition, "profile": profile, **{name: _identified(value) for name, value in files.items()}}


def _identified(value: Path | str | None) -> str:
    """Return a text as it is; for a file or folder, its name and a checksum, since its path may differ between servers."""
    if not isinstance(value, Path):
        return value or "built in"
    content = sha256()
    for file in sorted(value.rglob("*")) if value.is_dir() else [value]:
        if file.is_file():
            content.update(f"{file.relative_to(value)}\0{sha256(file.read_bytes()).hexdigest()}\n".encode())
    return f"{value.resolve().name} ({content.hexdigest()[:12]})"
