"""Checkpoints of a register on disk, which outlive the process.

In the folder ``checkpoints`` of the register, ``<name>.json`` describes a checkpoint and names the folder with its rows.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from mockregister.errors import StoreError, reason
from mockregister.mocking.bench_state import CheckpointState, ClockState
from mockregister.mocking.checkpoints import SavedRegister
from mockregister.model.plain import from_plain, to_plain
from mockregister.register.tinydb_folder import CHECKPOINTS, replace
from mockregister.register.tinydb_store import TinyDbStore, mark_in


def keep(folder: Path, store: TinyDbStore, before: Sequence[SavedRegister], now: Sequence[SavedRegister]) -> None:
    """Write the checkpoints that are new since ``before`` to a register's folder, and delete the files of removed ones.

    Raise StoreError.
    """
    home, known = folder / CHECKPOINTS, {saved.name: saved for saved in before}
    try:
        home.mkdir(exist_ok=True)
        for saved in now:
            if known.pop(saved.name, None) is not saved:
                _write(home, store, saved)
        for name in known:
            (home / f"{name}.json").unlink(missing_ok=True)
        _sweep(home)
    except OSError as error:
        raise StoreError(f"The checkpoints in {home} cannot be written: {reason(error)}.") from error


def kept(folder: Path) -> list[SavedRegister]:
    """Return the checkpoints of the register in a folder. Raise StoreError for a damaged file."""
    home = folder / CHECKPOINTS
    return [
        SavedRegister(state.name, state.made_at, mark_in(home / state.mark), state.clock.clock())
        for state in map(_read, sorted(home.glob("*.json")))
    ]


def _write(home: Path, store: TinyDbStore, saved: SavedRegister) -> None:
    rows = home / uuid4().hex
    try:
        store.copy(saved.stored, rows)
    except StoreError:
        shutil.rmtree(rows, ignore_errors=True)
        raise
    state = CheckpointState(saved.name, saved.made_at, ClockState.of(saved.clock), rows.name)
    replace(home / f"{saved.name}.json", json.dumps(to_plain(state)).encode())


def _read(file: Path) -> CheckpointState:
    try:
        return from_plain(CheckpointState, json.loads(file.read_text("utf-8")))
    except (OSError, ValueError) as error:
        wrong = f"{file} cannot be read: {str(error)[:200]}"
        raise StoreError(f"{wrong}; remove it to go on without this checkpoint.") from error


def _sweep(home: Path) -> None:
    """Delete the folders that no checkpoint names."""
    named = {_read(file).mark for file in home.glob("*.json")}
    for path in home.iterdir():
        if path.is_dir() and path.name not in named:
            shutil.rmtree(path)
