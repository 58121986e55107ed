"""The editions that the registers of one server can have: built-in ones, editions in folders, and uploaded ones."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock

from mockregister.codes.tables import CodeTables
from mockregister.errors import Conflict, NotFound, SettingError, did_you_mean
from mockregister.register.rule_lists import UploadedList
from mockregister.settings import Settings
from mockregister.validation.edition import Edition
from mockregister.validation.editions import BUILT_IN
from mockregister.validation.level2_profile import Profile
from mockregister.validation.profile import in_force

log = logging.getLogger(__name__)

MAX_UPLOADED = 100


def edition_of(name: str) -> Edition:
    """Return the built-in edition of this name, or the edition in the folder.

    Raise SettingError if there is neither, or if the folder has the name of a built-in edition, which it would hide.
    """
    if name in BUILT_IN:
        return BUILT_IN[name]
    if not Path(name).is_dir():
        there = f"use {', '.join(BUILT_IN)} or a folder that edition make wrote"
        raise SettingError(f"There is no edition '{name[:200]}'; {there}.{did_you_mean(name, BUILT_IN)}")
    from mockregister.validation.edition_folder import check_is_free, read_folder  # imports what reads published conditions

    check_is_free(Path(name).resolve().name)
    return read_folder(Path(name))


class Editions:
    """The editions by name, and their code tables; tables that editions share are loaded once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._profile = None if settings.profile is None else Profile(in_force(settings.profile))
        self.start = self._applied(edition_of(settings.edition))
        self.start.rules.require(settings.rules_off)
        built_in = {name: self._applied(edition) for name, edition in BUILT_IN.items()}
        self._known: dict[str, Edition] = {**built_in, self.start.name: self.start}
        self._uploaded: dict[str, UploadedList] = {}
        self._tables: dict[object, CodeTables] = {}
        self._lock = Lock()
        self.tables(self.start)

    def names(self) -> Sequence[str]:
        """Return the names of the editions that a register can be given."""
        return sorted(self._known, reverse=True)

    def get(self, name: str) -> Edition:
        """Return the edition of this name. Raise NotFound."""
        if name not in self._known:
            raise NotFound(f"There is no edition '{name[:80]}'; there are {', '.join(self.names())}.")
        return self._known[name]

    def uploaded(self, name: str, content: bytes, base: Edition, version: str = "") -> UploadedList:
        """Return ``content`` as the rule list of an edition of this name, which has everything else from ``base``.

        Raise SettingError for an unusable list or version, Conflict for a name that is taken or if there are too many lists.
        """
        if name in BUILT_IN or name == self.start.name:
            whose = "built in" if name in BUILT_IN else "the one that the server was started with"
            raise Conflict(f"The edition {name} is {whose}; choose another name.")
        if name not in self._uploaded and len(self._uploaded) >= MAX_UPLOADED:
            raise Conflict(f"{MAX_UPLOADED} rule lists were uploaded already; use the name of one that is not needed any more.")
        root = self._uploaded[base.name].based_on if base.name in self._uploaded else base.name
        found = UploadedList(name, root, version or base.version, content)
        self._made(found)
        return found

    def follow(self, lists: Mapping[str, UploadedList]) -> None:
        """Add the editions of these uploaded rule lists, or replace those of the same names.

        A list that cannot be used here is logged and left out.
        """
        for uploaded in lists.values():
            if self._uploaded.get(uploaded.name) == uploaded or uploaded.name == self.start.name:
                continue
            try:
                made = self._made(uploaded)
            except (SettingError, NotFound) as error:
                log.warning("the uploaded edition %s is left out: %s", uploaded.name, error)
                continue
            with self._lock:
                self._known = {**self._known, uploaded.name: made}
                self._uploaded = {**self._uploaded, uploaded.name: uploaded}

    def _made(self, uploaded: UploadedList) -> Edition:
        """Return the edition of a rule list. Raise SettingError, and NotFound if the edition that it is based on is missing."""
        from mockregister.validation.edition_folder import with_list

        made = with_list(self.get(uploaded.based_on), uploaded.name, uploaded.content, uploaded.version)
        self.tables(made)
        return made

    def _applied(self, edition: Edition) -> Edition:
        """Return the edition with the profile of the settings, if they name one."""
        return edition if self._profile is None else edition.changed(edition.name, profile=self._profile)

    def tables(self, edition: Edition) -> CodeTables:
        """Return the edition's code tables, except those that the settings replace. Raise SettingError for an unusable file."""
        with self._lock:
            if edition.codes not in self._tables:
                self._tables[edition.codes] = edition.codes.tables(self.settings)
            return self._tables[edition.codes]
