"""The folder from which an authority fetches its error list: a list is written to a hidden folder first, then appears as a whole.

Below the outbox's directory, ``<CVR>/`` holds an authority's list from the default register, ``r/<name>/<CVR>/`` its list from
the register ``<name>``. A new list is written to ``.coming`` first. The previous list of the same day stays, so that a client can
finish fetching it; listings over sFTP show the newest list only.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock

from mockregister.clock import COPENHAGEN
from mockregister.errors import StoreError
from mockregister.register import error_list
from mockregister.register.store import Rows

STAMP = re.compile(r"lpr3_acl_(?:uploadafsluttet_)?(\d{8}-\d{4})(?:_\d+)?\.(?:zip|succes)")
MARKER = re.compile(r"lpr3_acl_uploadafsluttet_(\d{8}-\d{4})\.succes")
DEFAULT = "default"
OTHERS = "r"
COMING = ".coming"


class Outbox:
    """The lists of all registers below ``directory``; ``users`` are authorities that get a list even if they never reported."""

    def __init__(self, directory: Path, users: Iterable[str] = ()) -> None:
        self.directory, self.users = directory, frozenset(users)
        self.lock = RLock()  # held by writers and readers

    def folder(self, register: str) -> Path:
        """Return the folder that holds the authorities' folders of a register."""
        return self.directory if register == DEFAULT else self.directory / OTHERS / register

    def lay_out(self, register: str, rows: Rows, at: datetime) -> None:
        """Write the list of a register as of ``at`` to a folder that no client sees. Raise StoreError."""
        folder = self.folder(register)
        also = {*self.users, *(path.name for path in folder.glob("[0-9]*"))}
        try:
            shutil.rmtree(folder / COMING, ignore_errors=True)
            for authority, name, content in error_list.folders(rows, at, _stamp_after(folder, at), also):
                path = folder / COMING / authority / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                os.utime(path, (at.timestamp(), at.timestamp()))
        except OSError as error:
            raise StoreError(f"The error list cannot be written to {folder}: {error.strerror or error}.") from error

    def hand_out(self, register: str) -> list[Path]:
        """Move the list that ``lay_out`` wrote, if there is one, to where clients see it; return its files. Raise StoreError."""
        folder = self.folder(register)
        try:
            shown = [path for coming in sorted((folder / COMING).glob("*")) for path in _moved(coming, folder / coming.name)]
            shutil.rmtree(folder / COMING, ignore_errors=True)
        except OSError as error:
            raise StoreError(f"The error list cannot be written to {folder}: {error.strerror or error}.") from error
        return shown


def newest(names: Iterable[str]) -> str:
    """Return the stamp of the newest list whose success marker is among ``names``; empty if there is none."""
    return max((found[1] for found in map(MARKER.fullmatch, names) if found), default="")


def is_shown(name: str, stamp: str) -> bool:
    """Return whether a listing shows a file: it is not hidden and belongs to the newest list, which has this stamp."""
    found = STAMP.fullmatch(name)
    return found[1] == stamp if found else not name.startswith(".")


def _stamp_after(folder: Path, at: datetime) -> datetime:
    """Return the moment that the file names of a list made ``at`` show: later than that of an earlier list of the same day.

    So no file gets the name of an earlier list's file, which a client may be fetching.
    """
    before = newest(path.name for path in folder.glob("[0-9]*/*"))
    if not before or before[:8] != f"{at.astimezone(COPENHAGEN):%Y%m%d}":
        return at
    return max(at, datetime.strptime(before, "%Y%m%d-%H%M").replace(tzinfo=COPENHAGEN) + timedelta(minutes=1))


def _moved(coming: Path, folder: Path) -> list[Path]:
    """Move an authority's list into its folder, the marker last. Of the earlier lists only the last one of the same day stays."""
    folder.mkdir(exist_ok=True)
    files = sorted(coming.iterdir(), key=lambda path: (path.suffix == ".succes", path.name))
    names, stamp = [path.name for path in folder.iterdir()], newest(path.name for path in files)
    before = newest(names)
    for name in names:
        found = STAMP.fullmatch(name)
        if found and not (found[1] == before and before[:8] == stamp[:8]):
            (folder / name).unlink(missing_ok=True)
    return [path.replace(folder / path.name) for path in files]
