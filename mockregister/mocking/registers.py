"""Registers as namespaces: ``/cda-ws/…`` is the default one, ``/r/<name>/cda-ws/…`` another with everything its own."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from mockregister.codes.tables import CodeTables
from mockregister.errors import InvalidRequest, NotFound
from mockregister.register.register import Register
from mockregister.register.store import open_store
from mockregister.settings import Settings

DEFAULT = "default"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass
class Namespace:
    """One register with everything that hangs on it, so that nothing is global."""

    name: str
    register: Register

    def close(self) -> None:
        """Let go of files and memory."""
        self.register.close()


class Registers:
    """The registers of one server: made on first use (setting ``registers``), listed, deleted.

    The code tables are read once and shared, so a register of its own costs next to nothing. When there are more than
    ``max_registers``, the one unused for longest is closed.
    """

    def __init__(self, settings: Settings, codes: CodeTables) -> None:
        self.settings, self.codes = settings, codes
        self._known: OrderedDict[str, Namespace] = OrderedDict()
        self._lock = Lock()
        self.get(DEFAULT)

    def get(self, name: str = DEFAULT) -> Namespace:
        """The register called ``name``. Raises InvalidRequest for a name that cannot be, NotFound for one not there."""
        with self._lock:
            if name not in self._known:
                self._known[name] = self._make(name)
                self._make_room()
            self._known.move_to_end(name)
            return self._known[name]

    def names(self) -> list[str]:
        """The names of the registers there are."""
        with self._lock:
            return sorted(self._known)

    def delete(self, name: str) -> None:
        """Forget a register and all it holds. Raises NotFound."""
        with self._lock:
            if name not in self._known:
                raise NotFound(f"There is no register named '{name}'.")
            self._known.pop(name).close()

    def close(self) -> None:
        """Close every register."""
        with self._lock:
            while self._known:
                self._known.popitem()[1].close()

    def _make(self, name: str) -> Namespace:
        if not NAME.fullmatch(name):
            raise InvalidRequest(f"'{name}' cannot name a register: use up to 64 letters, digits, '.', '_' and '-'.", "name")
        if name != DEFAULT and self.settings.registers == "listed":
            raise NotFound(f"There is no register named '{name}'; make it with PUT /__admin/registers/{name}.")
        store = open_store(self.settings, name)
        return Namespace(name, Register(store, self.codes, self.settings.start_clock(), self.settings))

    def _make_room(self) -> None:
        while len(self._known) > self.settings.max_registers + 1:
            oldest = next(name for name in self._known if name != DEFAULT)
            self._known.pop(oldest).close()
