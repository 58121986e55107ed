"""Rule lists that were uploaded while a server ran: the stores keep them, so that every server has them, after a restart too."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mockregister.errors import StoreError
from mockregister.model.plain import from_plain, to_plain

FOLDER = "_editions"  # no register can be called so


@dataclass(frozen=True, slots=True)
class UploadedList:
    """A rule list as it was received (Excel or CSV), and the edition that is made of it.

    ``based_on`` names the edition that gives all the rest. It is built in, or the one that the servers are started with.
    """

    name: str
    based_on: str
    version: str
    content: bytes


def read_lists(store: Path) -> Mapping[str, UploadedList]:
    """Return the lists that are kept in the folder of a store, by the names of their editions. Raise StoreError."""
    found = {}
    for file in sorted((store / FOLDER).glob("*.json")):
        try:
            uploaded = from_plain(UploadedList, json.loads(file.read_bytes()))
        except (OSError, ValueError) as error:
            raise StoreError(f"{file} cannot be read: {error}; upload the list again, or delete the file.") from error
        found[uploaded.name] = uploaded
    return found


def write_list(store: Path, uploaded: UploadedList) -> None:
    """Keep a list in the folder of a store, in the place of an earlier one of its name. Raise StoreError."""
    file = store / FOLDER / f"{uploaded.name}.json"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_suffix(".new")
        with new.open("wb") as out:
            out.write(json.dumps(to_plain(uploaded)).encode())
            out.flush()
            os.fsync(out.fileno())
        new.replace(file)
    except OSError as error:
        raise StoreError(f"{file} cannot be written: {error.strerror}.") from error
