"""An append-only file of transactions: one line each, with a checksum, on the disk before anybody is told so.

A line is ``<CRC-32 of the rest> <number> <JSON>``. The numbers count up by one, so a line that is gone is missed.
"""

from __future__ import annotations

import json
import logging
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mockregister.errors import StoreError

LOG = logging.getLogger(__name__)


class TransactionLog:
    """The log in one file. ``size`` is its length in bytes, ``cut`` says what a damaged end lost, empty when nothing."""

    def __init__(self, path: Path) -> None:
        self.path, self.cut = path, ""
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            self.size = os.fstat(self._file).st_size
        except OSError as error:
            raise StoreError(f"The journal {path} cannot be opened: {error.strerror}.") from error

    def read(self) -> Iterator[tuple[int, Any]]:
        """Number and content of every transaction, oldest first.

        A damaged end, such as a crash leaves of a line that nobody was told of, is cut off and reported in ``cut``. Raises
        StoreError, with line and byte, for damage that anything sound comes after.
        """
        sound = 0
        with self.path.open("rb") as lines:
            for count, line in enumerate(lines, 1):
                transaction = _parse(line)
                if transaction is None:
                    self._give_up_or_cut(count, sound, lines)
                    return
                sound += len(line)
                yield transaction

    def _give_up_or_cut(self, count: int, sound: int, rest: Iterator[bytes]) -> None:
        where = f"{self.path}, line {count} (byte {sound})"
        if any(_parse(line) is not None for line in rest):
            raise StoreError(f"The journal is damaged at {where}, with sound lines after it; restore it from a copy.")
        self.cut = f"The journal's end was damaged and has been cut off at {where}: {self.size - sound} bytes."
        LOG.warning(self.cut)
        self._truncate(sound)

    def append(self, number: int, content: Any) -> None:
        """Write a transaction and wait until the disk has it. Raises StoreError; then the file is as it was."""
        body = f"{number} {json.dumps(content, ensure_ascii=False, separators=(',', ':'))}\n".encode()
        line = b"%08x " % zlib.crc32(body) + body
        try:
            if os.fstat(self._file).st_size != self.size:
                self._truncate(self.size)  # what an earlier failure could not take back
            _write(self._file, line)
            os.fsync(self._file)
        except OSError as error:
            self._take_back()
            raise StoreError(f"Nothing was stored, {self.path} cannot be written: {error.strerror}.") from error
        self.size += len(line)

    def clear(self) -> None:
        """Forget every transaction. Raises StoreError."""
        try:
            self._truncate(0)
        except OSError as error:
            raise StoreError(f"The journal {self.path} cannot be emptied: {error.strerror}.") from error

    @property
    def is_open(self) -> bool:
        """Whether the file has not been let go of."""
        return self._file >= 0

    def close(self) -> None:
        """Let go of the file; more than once does no harm."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _take_back(self) -> None:
        try:
            self._truncate(self.size)
        except OSError as error:
            LOG.error("What was half written to %s is still there: %s", self.path, error)

    def _truncate(self, size: int) -> None:
        os.ftruncate(self._file, size)
        os.fsync(self._file)
        self.size = size


def _parse(line: bytes) -> tuple[int, Any] | None:
    """Number and content of a line; None for one that is damaged."""
    checksum, _, body = line.partition(b" ")
    if not line.endswith(b"\n") or checksum != b"%08x" % zlib.crc32(body):
        return None
    number, _, content = body.partition(b" ")
    return int(number), json.loads(content)


def _write(file: int, content: bytes) -> None:
    """Write all of it; the system may take it in pieces."""
    while content:
        content = content[os.write(file, content) :]
