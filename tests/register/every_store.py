"""The stores that every test of a store runs over: a new one is added here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mockregister.register.memory_store import MemoryStore
from mockregister.register.store import Store
from mockregister.register.tinydb_store import TinyDbStore


@dataclass(frozen=True)
class Kind:
    """A kind of store: the setting that has a server keep its registers for ``{folder}``, and what opens the default one."""

    setting: str
    opened: Callable[[Path], Store]

    def setting_for(self, folder: Path) -> str:
        """The value of the setting ``store``."""
        return self.setting.format(folder=folder)


DURABLE = {"tinydb": Kind("tinydb:{folder}", lambda folder: TinyDbStore(folder / "default"))}
STORES = {"memory": Kind("memory", lambda folder: MemoryStore()), **DURABLE}
