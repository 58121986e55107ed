"""Where a register's state is kept: a small protocol, and the place that chooses who keeps it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import Protocol

from mockregister.errors import StoreError
from mockregister.register.memory_store import MemoryStore
from mockregister.register.state import Change, State
from mockregister.register.tinydb_store import LOCK, TinyDbStore
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

    def close(self) -> None:
        """Let go of files and locks; more than once does no harm."""


def open_store(settings: Settings, register: str) -> Store:
    """The store of the register of this name, as the settings want it. Raises StoreError where it cannot be opened."""
    if settings.store_dir is None:
        return MemoryStore()
    return TinyDbStore(settings.store_dir / register)


def kept_registers(settings: Settings) -> set[str]:
    """The names of the registers that are on disk, whether or not they are open."""
    return {lock.parent.name for lock in settings.store_dir.glob(f"*/{LOCK}")} if settings.store_dir else set()


def discard_store(settings: Settings, register: str) -> None:
    """Take a register, which is closed, off the disk. Raises StoreError."""
    if settings.store_dir is None:
        return
    folder = settings.store_dir / register
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise StoreError(f"The folder {folder} cannot be deleted: {error.strerror}.") from error
