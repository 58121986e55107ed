"""The folder of a register on disk: its files are made, opened, distinguished and deleted here."""

from __future__ import annotations

import fcntl
import os
import shutil
from errno import ENOENT, ENOTEMPTY
from pathlib import Path

from mockregister.errors import StoreError
from mockregister.register.transaction_log import TransactionLog, taken

FILE, DRAFT, JOURNAL = "register.json", "register.json.new", "journal.log"
SITTING, SITTING_DRAFT = "sitting.json", "sitting.new"  # files that ``mocking`` keeps in the same folder
CHECKPOINTS = "checkpoints"  # a folder that ``mocking`` keeps there, too
EARLIER_LOCK = "lock"  # the lock file of 0.1.0, which may still be running


def make(folder: Path) -> bool:
    """Make a folder if there is none, and return whether it was made. Raise StoreError."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        return False
    except OSError as error:
        raise StoreError(f"The folder {folder} cannot be used: {error.strerror}.") from error
    return True


def opened_log(folder: Path) -> TransactionLog:
    """Open the journal in a folder that no other process has open. Raise StoreError."""
    log = TransactionLog(folder / JOURNAL)
    try:
        with (folder / EARLIER_LOCK).open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        pass
    except OSError as error:
        log.close()
        raise taken(folder) from error
    return log


def delete(folder: Path) -> None:
    """Delete a register and its folder; keep the folder if it has other files. Raise StoreError."""
    try:
        if (folder / CHECKPOINTS).is_dir():
            shutil.rmtree(folder / CHECKPOINTS)
        # a register is recognised by its journal, so delete that last
        for name in (FILE, DRAFT, SITTING, SITTING_DRAFT, EARLIER_LOCK, JOURNAL):
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()
    except OSError as error:
        if error.errno not in (ENOENT, ENOTEMPTY):
            raise StoreError(f"The folder {folder} cannot be deleted: {error.strerror}.") from error


def copy(folder: Path, new: Path) -> None:
    """Copy a register to a new folder, and wait until it is on disk. Raise OSError.

    Both folders share the compacted file, which never changes: compaction puts another file in its place.
    """
    if (folder / FILE).exists():
        try:
            os.link(folder / FILE, new / FILE)
        except OSError:  # not every file system has hard links
            shutil.copyfile(folder / FILE, new / FILE)
    with (folder / JOURNAL).open("rb") as journal, (new / JOURNAL).open("wb") as copied:
        shutil.copyfileobj(journal, copied)
        copied.flush()
        os.fsync(copied.fileno())
    shutil.copymode(folder / JOURNAL, new / JOURNAL)


def identity(path: str) -> tuple[int, int, int] | None:
    """Return what distinguishes a file from another at the same path; None if there is no file."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size


def sync(folder: Path) -> None:
    """Wait until the folder's list of files is on disk. Raise OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace(file: Path, content: bytes) -> None:
    """Write a file, and wait until it is on disk; after a failure its earlier content is still there. Raise OSError."""
    draft = file.with_suffix(".new")
    with draft.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    sync(file.parent)
