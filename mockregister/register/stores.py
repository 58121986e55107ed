"""The stores that the settings want: opened, listed, deleted, and kept from other servers."""

from __future__ import annotations

from mockregister.register.folder_lock import FolderLock
from mockregister.register.memory_store import MemoryStore
from mockregister.register.store import Store
from mockregister.register.tinydb_store import JOURNAL, TinyDbStore, delete, opened_log
from mockregister.settings import Settings


def open_store(settings: Settings, register: str) -> Store:
    """The store of the register of this name, as the settings want it. Raises StoreError where it cannot be opened."""
    if settings.store_dir is None:
        return MemoryStore()
    return TinyDbStore(settings.store_dir / register)


def kept_registers(settings: Settings) -> set[str]:
    """The names of the registers that are on disk, whether or not they are open."""
    return {journal.parent.name for journal in settings.store_dir.glob(f"*/{JOURNAL}")} if settings.store_dir else set()


def discard_store(settings: Settings, register: str) -> None:
    """Take a register off the disk that this process does not have open, damaged ones too. Raises StoreError."""
    if settings.store_dir is None:
        return
    log = opened_log(settings.store_dir / register)
    try:
        delete(settings.store_dir / register)
    finally:
        log.close()


def lock_stores(settings: Settings) -> FolderLock | None:
    """Keep other servers off the folder that the settings want registers in. Raises StoreError where there is one."""
    return FolderLock(settings.store_dir) if settings.store_dir is not None else None
