"""Registers as namespaces: ``/cda-ws/…`` is the default register, ``/r/<name>/cda-ws/…`` is another."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from threading import Event, Lock
from typing import TYPE_CHECKING

from mockregister.clock import Clock
from mockregister.errors import Busy, Conflict, NotFound
from mockregister.mocking import open_files
from mockregister.mocking.bench import Bench, bench_of
from mockregister.mocking.checkpoints import Checkpoints
from mockregister.mocking.editions import Editions
from mockregister.mocking.faults import Faults
from mockregister.mocking.names import check_name
from mockregister.mocking.seeds import NONE, NoSeeds, SeededRows, Seeds
from mockregister.mocking.waiting_room import WaitingRoom
from mockregister.register.register import Register
from mockregister.register.rows import Change, Table
from mockregister.register.rule_lists import UploadedList
from mockregister.register.rule_settings import RuleSettings
from mockregister.register.store import Rows
from mockregister.register.stores import stores_of
from mockregister.settings import Settings
from mockregister.validation.edition import Edition

if TYPE_CHECKING:
    from mockregister.mocking.sitting import Sitting
    from mockregister.mocking.totals import RegisterTotals
    from mockregister.register.purge import PurgeScope

DEFAULT = "default"
ATTEMPTS = 3  # to find a register that other processes delete and make again


class Namespace:
    """One register with everything that belongs to it; nothing is global.

    ``closed`` is set when the register closes, so that waiting calls end.
    """

    def __init__(self, name: str, register: Register, seeds: SeededRows, bench: Bench, editions: Editions) -> None:
        self.name, self.register, self.seeds, self.editions = name, register, seeds, editions
        self.use(editions.start)
        self._bench, self.journal = bench, bench.journal(name)
        self.faults = Faults(name)
        self.checkpoints = Checkpoints(register)
        self.checkpoints.follow(bench.checkpoints(name))
        self.sitting, self._sitting_down = bench.sitting(name), Lock()
        self.closed = Event()

    def reset(self) -> None:
        """Reset to the settings' seed, clock, edition and rules, without faults, with an empty journal.

        Checkpoints stay, so that tests can go back to them. A sitting begins again. Raise SettingError and StoreError.
        """
        start = self.register.settings.start_clock()
        self.register.store.fill(self.seeds.rows(self.register.settings.seed, start))
        self.register.clock.follow(start)
        self.register.rule_settings = RuleSettings.of(self.register.settings)
        self.use(self.editions.start)
        self.faults.clear()
        self.journal.clear()
        if self.sitting is not None:
            self.sitting = replace(self.sitting, began=self.register.clock.now())

    def sit(self, sitting: Sitting) -> None:
        """Begin a sitting. Raise Conflict if there is one."""
        with self._sitting_down:
            if self.sitting is not None:
                raise Conflict(f"'{self.name}' has a sitting already; end it first, or reset the register to begin it anew.")
            self.sitting = sitting

    def changing(self) -> AbstractContextManager[None]:
        """Return a context whose block may change what is set on the register; no other process changes it meanwhile."""
        return self._bench.changing(self)

    def use(self, edition: Edition) -> None:
        """Validate submissions under this edition from now on; stored data stays. Raise SettingError."""
        off = self.register.rule_settings.off
        self.register.codes = self.editions.tables(edition)
        self.register.rule_settings = replace(RuleSettings.of(self.register.settings, edition.version), off=off)
        self.edition = edition

    def load(self, seed: str) -> None:
        """Replace all rows with those of the seed of this name. Raise NotFound and StoreError."""
        self.register.store.fill(self.seeds.rows(seed, self.register.clock))

    def remove(self, scope: PurgeScope) -> int:
        """Delete what ``scope`` covers, and return how many document sets were deleted. Raise StoreError."""
        from mockregister.register.purge import purge  # imported here: no submission needs it

        gone: list[Change] = []

        def changes(rows: Rows) -> list[Change]:
            gone.extend(purge(rows, scope))
            return gone

        self.register.change(changes)
        return sum(change.table is Table.SETS for change in gone)

    def dismiss(self) -> None:
        """Wake all waiting calls to this register; later calls do not wait."""
        self.closed.set()
        self.journal.dismiss()

    def retire(self) -> None:
        """Release files and memory while the server runs on; running requests finish first."""
        self._end()
        self.register.store.retire()

    def discard(self) -> None:
        """Delete everything once running requests have finished. Raise StoreError."""
        self._end()
        self.register.store.discard()

    def close(self) -> None:
        """Release files and memory."""
        self._end()
        self.register.close()

    def _end(self) -> None:
        self.dismiss()
        self.journal.close()


class Registers:
    """The registers of one server: made on first use (setting ``registers``), listed, deleted.

    Code tables and seeds are loaded once and shared, so another register costs next to nothing. If there are more than
    ``max_registers``, or open files become scarce, the register unused for longest is closed.
    """

    def __init__(self, settings: Settings, editions: Editions, seeds: Seeds | None = None) -> None:
        self.settings, self.editions = settings, editions
        self.seeds = SeededRows(settings, editions, seeds or NoSeeds())
        self.waiting_room = WaitingRoom()
        self._known: OrderedDict[str, Namespace] = OrderedDict()
        self._lock, self.stores = Lock(), stores_of(settings)
        self.bench = bench_of(settings, self.stores)
        try:
            self.editions.follow(self.stores.rule_lists())
            self.get(DEFAULT)
        except BaseException:
            self.close()
            raise

    def get(self, name: str = DEFAULT) -> Namespace:
        """Return the register called ``name``; make it if that is allowed.

        Raise InvalidRequest for an invalid name, NotFound if the register does not exist, Busy while it is being deleted, and
        StoreError if it cannot be opened.
        """
        is_made = self.settings.registers != "listed" or name == DEFAULT
        return self._followed(name, None if is_made else "; make it with PUT /__admin/registers/<name>")[0]

    def make(self, name: str) -> tuple[Namespace, bool]:
        """Return the register called ``name``, and whether it is new. Raise InvalidRequest, Busy and StoreError."""
        return self._followed(name, None)

    def known_names(self) -> list[str]:
        """Return the names of the open registers in order; with a shared database, those of all registers."""
        kept = self.stores.kept() if self.settings.is_shared else set()  # before the lock: a database may be slow
        with self._lock:
            return sorted(kept | self._known.keys())

    def totals(self) -> list[RegisterTotals]:
        """Return the totals of the registers of ``known_names``, by name, without opening any."""
        return sorted(self.bench.totals(self._open()), key=lambda totals: totals.name)

    def clocks(self) -> Mapping[str, Clock]:
        """Return the clocks of the registers of ``known_names``, by name, without opening any."""
        return self.bench.clocks(self._open())

    def sittings(self) -> list[str]:
        """Return the names of all registers that have a sitting, open or on disk only."""
        return sorted(self.bench.sittings(self._open(), self.at_rest()))

    def names(self) -> set[str]:
        """Return the names of all registers, open or on disk only."""
        with self._lock:
            return self.stores.kept() | self._known.keys()

    def at_rest(self) -> list[str]:
        """Return the names of the registers that are on disk only: unused since the start, or closed to make room."""
        with self._lock:
            return sorted(self.stores.kept().difference(self._known))

    def unlisted(self) -> list[str]:
        """Return the names of the registers that ``known_names`` leaves out."""
        return sorted(self.names().difference(self.known_names()))

    def find(self, name: str) -> Namespace:
        """Return the register called ``name`` without making it. Raise NotFound, Busy and StoreError."""
        return self._followed(name, "")[0]

    def delete(self, name: str) -> None:
        """Delete a register and its data. Raise Conflict for the default one, NotFound for an unknown one, and StoreError."""
        if name == DEFAULT:
            raise Conflict("The default register stays; POST /__admin/reset empties it.")
        with self._lock:  # until the end, so that nobody opens a folder that is being deleted
            self._check_there(name)
            namespace = self._known.pop(name, None)
            if namespace is not None:
                namespace.discard()
            else:
                self.stores.discard(name)

    def upload(self, uploaded: UploadedList) -> Edition:
        """Store a rule list and offer its edition; registers with an earlier edition of its name get the new one.

        Raise StoreError.
        """
        self.stores.keep_list(uploaded)
        self.editions.follow({uploaded.name: uploaded})
        made = self.editions.get(uploaded.name)
        with self._lock:
            for namespace in self._known.values():
                if namespace.edition.name == made.name:
                    namespace.use(made)
        return made

    def dismiss(self) -> None:
        """Wake all waiting calls to every register, because the server is stopping."""
        with self._lock:
            for namespace in self._known.values():
                namespace.dismiss()

    def close(self) -> None:
        """Close every register."""
        with self._lock:
            while self._known:
                self._known.popitem()[1].close()
            self.stores.close()

    def _followed(self, name: str, advice: str | None) -> tuple[Namespace, bool]:
        """Return the register called ``name``, brought up to date, and whether it is new.

        A register that is not there is made if ``advice`` is None; otherwise raise NotFound with that advice. A register that
        another process deleted, or deleted and made again, is a different register.
        """
        for _ in range(ATTEMPTS):
            with self._lock:
                if advice is not None:
                    self._check_there(name, advice)
                is_new = name not in self._known and name not in self.stores.kept()
                if name not in self._known:
                    self._make_room()
                    self._known[name] = self._opened(check_name(name, "register"))
                self._known.move_to_end(name)
                namespace = self._known[name]
            if self.bench.follow(namespace):
                return namespace, is_new
            with self._lock:
                if self._known.get(name) is namespace:
                    self._known.pop(name).retire()
        raise Busy(f"The register '{name}' is being deleted; try again.")

    def _open(self) -> list[Namespace]:
        with self._lock:
            return list(self._known.values())

    def _check_there(self, name: str, advice: str = "") -> None:
        if name not in self._known and name not in self.stores.kept():
            raise NotFound(f"There is no register named '{name[:80]}'{advice}.")

    def _opened(self, name: str) -> Namespace:
        codes = self.editions.tables(self.editions.start)
        register = Register(self.stores.open(name), codes, self.settings.start_clock(), self.settings)
        try:
            if register.store.is_new and name != DEFAULT:
                register.store.check()  # on a full disk, an empty journal may have room where no submission has
            if register.store.is_new and self.settings.seed != NONE:
                register.store.fill(self.seeds.rows(self.settings.seed, register.clock), if_new=True)
        except BaseException:
            if not self.settings.is_shared:
                register.store.discard()  # the next start would take its folder for that of a complete register
            raise
        return Namespace(name, register, self.seeds, self.bench, self.editions)

    def _make_room(self) -> None:
        """Close the registers unused for longest until another one can be opened."""
        others = [name for name in self._known if name != DEFAULT]
        has_files = self.settings.store_dir is not None
        while len(others) >= self.settings.max_registers or (others and has_files and open_files.are_scarce()):
            self._known.pop(others.pop(0)).retire()
