"""Rule lists that were uploaded to a running server. The stores keep them for every server and for restarts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mockregister.errors import StoreError

FOLDER = "_editions"  # no register can have this name


@dataclass(frozen=True, slots=True)
class UploadedList:
    """A rule list as it was received (Excel or CSV), and the edition that is made of it.

    ``based_on`` names the edition that everything else comes from: a built-in one, or that with which the servers were started.
    """

    name: str
    based_on: str
    version: str
    content: bytes


def read_lists(store: Path) -> Mapping[str, UploadedList]:
    """Return the lists in the folder of a store, by edition name. Raise StoreError."""
    from mockregister.model.plain import from_plain  # imported here to keep it out of the start

    found = {}
    for file in sorted((store / FOLDER).glob("*.json")):
        try:
            uploaded = from_plain(UploadedList, json.loads(file.read_bytes()))
        except (OSError, ValueError) as error:
            raise StoreError(f"{file} cannot be read: {error}; upload the list again, or delete the file.") from error
        found[uploaded.name] = uploaded
    return found


def write_list(store: Path, uploaded: UploadedList) -> None:
    """Write a list into the folder of a store; it replaces an earlier list of its name. Raise StoreError."""
    from mockregister.model.plain import to_plain  # imported here, and the next, to keep them out of the start
    from mockregister.register.tinydb_folder import replace

    file = store / FOLDER / f"{uploaded.name}.json"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace(file, json.dumps(to_plain(uploaded)).encode())
    except OSError as error:
        raise StoreError(f"{file} cannot be written: {error.strerror}.") from error
