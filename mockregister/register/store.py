"""Where a register's state is kept: a small protocol, and the place that chooses who keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mockregister.register.folder_lock import FolderLock
from mockregister.register.memory_store import MemoryStore
from mockregister.register.state import Change, State
from mockregister.register.tinydb_store import JOURNAL, TinyDbStore, delete, opened_log
from mockregister.settings import Settings


class Store(Protocol):
    """Keeps one register's state.

    ``state`` is the state as last committed. ``commit`` and ``restore`` return when what they did will outlive the process,
    as far as the store keeps anything; when they raise StoreError, nothing has changed.
    """

    @property
    def state(self) -> State:
        """What is kept now."""

    def commit(self, changes: Sequence[Change]) -> None:
        """Make all of these changes, or none."""

    def restore(self, state: State) -> None:
        """Go (back) to a state that ``state`` once gave, or to the empty one."""

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever kept here; a store that was emptied is not new."""

    def check_place(self) -> None:
        """Raise StoreGone where what is open is not where it is looked for any more; costs next to nothing."""

    def check(self) -> None:
        """Raise StoreError where nothing could be kept now."""

    def discard(self) -> None:
        """Take everything away for good, and let go. Raises StoreError where something stays."""

    def close(self) -> None:
        """Let go of files and locks; more than once does no harm."""


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
