"""An append-only file of transactions: one line for each, with a checksum, written to disk before the transaction is reported.

A line is ``<CRC-32 of the rest> <number> <JSON>``. The numbers are consecutive, so a missing line is noticed. Line 0 gives the
format and the version that wrote the file; files of 0.1.0 have no line 0. The open file is also the lock of its folder.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import re
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mockregister
from mockregister.errors import StoreError, StoreGone

LOG = logging.getLogger(__name__)
FORMAT = 2  # of the file and the journal together; what 0.1.0 wrote is 1
FORMAT_LINE = 0
PROBE = 64 * 1024  # bytes; a shorter write may still fit into the last block of a file on a full disk
BEGINS_LIKE_A_LINE = re.compile(rb"[0-9a-f]{8} ")
NUMBER = re.compile(rb"[0-9]{1,18}")
MISSING_PAGE = b"\0\0"


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line with a correct checksum: its place, its number, and its JSON."""

    place: str
    number: int
    json: bytes

    @property
    def content(self) -> Any:
        """The parsed content of the line. Raise StoreError if it is not JSON."""
        try:
            return json.loads(self.json)
        except (ValueError, RecursionError) as error:
            raise StoreError(f"{self.place} is not JSON ({error}); restore it from a copy.") from error


class TransactionLog:
    """The log in one file. ``size`` is its length in bytes; ``cut`` says what was lost at a damaged end, empty if nothing.

    Raise StoreError if the file cannot be opened or another process has it open.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.cut = path, ""
        self._name, self._begun = os.fspath(path), 0
        self._writing = threading.RLock()
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            opening = f"{path.name} in it cannot be opened ({error.strerror})"
            raise StoreError(f"The folder {path.parent} cannot be used: {opening}.") from error
        try:
            found = os.fstat(self._file)
            self._identity, self.size = (found.st_dev, found.st_ino), found.st_size
            self._lock()
        except BaseException:
            self.close()
            raise

    def _lock(self) -> None:
        """Keep other processes out. The operating system releases the lock when the process ends."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise taken(self.path.parent) from error
        self.check_place()

    @property
    def is_in_place(self) -> bool:
        """Whether the open file is the one at the path."""
        try:
            found = os.stat(self._name)
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == self._identity

    def check_place(self) -> None:
        """Raise StoreGone if the open file is no longer the one at the path, or is not complete."""
        if not self.is_in_place:
            raise StoreGone(f"{self.path} was deleted or exchanged while it was in use; put it back, or restart the server.")
        self._check_size()

    def _check_size(self) -> None:
        """Raise StoreGone if someone truncated the open file."""
        if not self._missing:
            return
        with self._writing:  # another thread may have been between writing and changing ``size``
            missing = self._missing
        if missing:
            found = self.size - missing
            raise StoreGone(f"{self.path} was cut off at byte {found} of {self.size} while in use; restore it from a copy.")

    @property
    def _missing(self) -> int:
        """How many bytes the open file is too short."""
        return max(self.size - os.fstat(self._file).st_size, 0) if self.is_open else 0

    def read(self) -> Iterator[LogLine]:
        """Yield every transaction, oldest first.

        An incomplete end, left by a crash before anybody was told, is cut off and reported in ``cut``. Raise StoreError, with
        line and byte, for any other damage and for a file of a later version.
        """
        sound = 0
        with self.path.open("rb") as lines:
            for count, line in enumerate(lines, 1):
                place = f"{self.path}, line {count} (byte {sound})"
                found = _parsed(line, place)
                if found is None:
                    self._give_up_or_cut(place, sound, [line, *lines])
                    return
                sound += len(line)
                if found.number == FORMAT_LINE:
                    check_format(found.place, found.content)
                    self._begun = sound
                else:
                    yield found

    def _give_up_or_cut(self, place: str, sound: int, rest: list[bytes]) -> None:
        if not all(map(_is_torn, rest)):
            raise StoreError(f"The journal is damaged at {place}; restore it from a copy.")
        self.cut = f"The journal's end was damaged and has been cut off at {place}: {self.size - sound} bytes."
        LOG.warning(self.cut)
        self._truncate(sound)

    def begin(self) -> None:
        """Write the line about the format into a file that is empty. Raise StoreError."""
        if self.size == 0:
            self.append(FORMAT_LINE, {"format": FORMAT, "version": mockregister.__version__})
            self._begun = self.size

    def append(self, number: int, content: Any, padding: int = 0) -> None:
        """Write a transaction and wait until it is on disk. Raise StoreError; then the file is unchanged."""
        body = f"{number} {json.dumps(content, ensure_ascii=False, separators=(',', ':'))}{' ' * padding}\n".encode()
        line = b"%08x " % zlib.crc32(body) + body
        with self._writing:
            self._check_size()
            try:
                if os.fstat(self._file).st_size != self.size:
                    self._truncate(self.size)  # what an earlier failure could not remove
                _write(self._file, line)
                os.fsync(self._file)
                self.check_place()
            except StoreError:
                self._take_back()
                raise
            except OSError as error:
                self._take_back()
                raise StoreError(f"Nothing was stored, because {self.path} cannot be written: {error.strerror}.") from error
            self.size += len(line)

    def try_writing(self, number: int) -> None:
        """Write as much as a submission may need, and remove it again. Raise StoreError if that fails."""
        with self._writing:
            size = self.size
            self.append(number, {"do": []}, PROBE)
            try:
                self._truncate(size)
            except OSError as error:
                raise StoreError(f"{self.path} cannot be written: {error.strerror}.") from error

    def clear(self) -> None:
        """Remove every transaction. Raise StoreError."""
        try:
            self._truncate(0)
        except OSError as error:
            raise StoreError(f"The journal {self.path} cannot be emptied: {error.strerror}.") from error
        self.begin()

    @property
    def is_empty(self) -> bool:
        """Whether the log has no transactions, only the line about the format or nothing."""
        return self.size <= self._begun

    @property
    def is_open(self) -> bool:
        """Whether the file is open."""
        return self._file >= 0

    def close(self) -> None:
        """Close the file; may be called more than once."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _take_back(self) -> None:
        try:
            if os.fstat(self._file).st_size > self.size:
                self._truncate(self.size)
        except OSError as error:
            LOG.error("The incomplete transaction at the end of %s could not be removed: %s", self.path, error)

    def _truncate(self, size: int) -> None:
        with self._writing:
            os.ftruncate(self._file, size)
            self.size = size
            os.fsync(self._file)


def taken(folder: Path) -> StoreError:
    """Return the error for a folder that another process has open."""
    return StoreError(f"Another process keeps its register in {folder}; stop it, or choose another folder.")


def check_format(place: str, header: Any) -> None:
    """Raise StoreError if the header read at ``place`` names no format, or one that only a later version reads."""
    number = header.get("format", 1) if isinstance(header, dict) else None
    if not isinstance(number, int):
        raise StoreError(f"{place} does not say which format it has; restore it from a copy.")
    if number > FORMAT:
        raise StoreError(
            f"{place} is of format {number}, which mockregister {header.get('version', '(later)')} wrote; this is mockregister "
            f"{mockregister.__version__}, which reads formats 1 to {FORMAT}: start the later version, or restore a copy."
        )


def _parsed(line: bytes, place: str) -> LogLine | None:
    """Return the content of a line; None if it is damaged."""
    checksum, _, body = line.partition(b" ")
    if not line.endswith(b"\n") or checksum != b"%08x" % zlib.crc32(body):
        return None
    number, _, content = body.partition(b" ")
    return LogLine(place, int(number), content) if NUMBER.fullmatch(number) else None


def _is_torn(line: bytes) -> bool:
    """Return whether a damaged line may come from a crash; False if it was written completely and damaged later.

    A crash leaves the beginning of a line, or leaves out whole pages of it.
    """
    if _parsed(line, "") is not None:
        return False
    if MISSING_PAGE in line:
        return True
    if not line.endswith(b"\n"):
        return _parsed(line[:-1] + b"\n", "") is None
    return not (BEGINS_LIKE_A_LINE.match(line) or line.endswith(b"}\n"))


def _write(file: int, content: bytes) -> None:
    """Write all of the content; the system may take it in pieces."""
    while content:
        content = content[os.write(file, content) :]
