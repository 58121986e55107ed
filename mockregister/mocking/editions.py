"""The editions that the registers of one server can have: the built-in ones, those in folders, and those that were uploaded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from mockregister.codes.tables import CodeTables
from mockregister.errors import Conflict, NotFound, SettingError, did_you_mean
from mockregister.settings import Settings
from mockregister.validation.edition import Edition
from mockregister.validation.editions import BUILT_IN
from mockregister.validation.level2_profile import Profile
from mockregister.validation.profile import in_force


def edition_of(name: str) -> Edition:
    """Return the built-in edition of this name, or the one in the folder. Raise SettingError for what is neither."""
    if name in BUILT_IN:
        return BUILT_IN[name]
    if not Path(name).is_dir():
        there = f"use {', '.join(BUILT_IN)} or a folder that edition make wrote"
        raise SettingError(f"There is no edition '{name[:200]}'; {there}.{did_you_mean(name, BUILT_IN)}")
    from mockregister.validation.edition_folder import read_folder  # with all that reads published conditions

    return read_folder(Path(name))


class Editions:
    """The editions by name, and their code tables; what two of them have in common is made once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._profile = None if settings.profile is None else Profile(in_force(settings.profile))
        self.start = self._applied(edition_of(settings.edition))
        self.start.rules.require(settings.rules_off)
        built_in = {name: self._applied(edition) for name, edition in BUILT_IN.items()}
        self._known: dict[str, Edition] = {**built_in, self.start.name: self.start}
        self._tables: dict[object, CodeTables] = {}
        self._lock = Lock()
        self.tables(self.start)

    def names(self) -> Sequence[str]:
        """Return the names that a register can be given."""
        return sorted(self._known, reverse=True)

    def get(self, name: str) -> Edition:
        """Return the edition of a name. Raise NotFound."""
        if name not in self._known:
            raise NotFound(f"There is no edition '{name[:80]}'; there are {', '.join(self.names())}.")
        return self._known[name]

    def add(self, edition: Edition) -> None:
        """Let registers have one more edition, in the place of an earlier one of its name. Raise Conflict for a built-in name."""
        if edition.name in BUILT_IN:
            raise Conflict(f"The edition {edition.name} is built in; choose another name.")
        if self.settings.is_shared:
            raise Conflict("Servers on one database share no uploads; start them with --edition and a folder of edition make.")
        self.tables(edition)
        self._known = {**self._known, edition.name: self._applied(edition)}

    def _applied(self, edition: Edition) -> Edition:
        """Return the edition, in which the profile that the settings name wins."""
        return edition if self._profile is None else edition.changed(edition.name, profile=self._profile)

    def tables(self, edition: Edition) -> CodeTables:
        """Return the edition's code tables, in which those of the settings win. Raise SettingError."""
        with self._lock:
            if edition.codes not in self._tables:
                self._tables[edition.codes] = edition.codes.tables(self.settings)
            return self._tables[edition.codes]
