"""The compacted file of a register: an ordinary TinyDB file, one row per line, with checksums in its last line.

The last line is TinyDB's table ``_journal``. Its one row has the number of the last transaction in the file, the format, the
version that wrote the file, a checksum of every block of the lines before, and a checksum of itself. A file of 0.1.0 has the
first of these only.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import mockregister
from mockregister.errors import StoreError
from mockregister.model.plain import from_plain, to_plain
from mockregister.register.rows import Change, Row, Table
from mockregister.register.state import State
from mockregister.register.transaction_log import FORMAT, check_format

ID, PROGRESS = "_id", "_journal"
TABLES = {table.label: table for table in Table}
BLOCK = 64 * 1024  # bytes under one checksum, so that damage can be located
CHECKSUM = re.compile(rb'"([0-9a-f]{8})"')


def write(path: Path, state: State, number: int) -> None:
    """Write ``state``, the result of transaction ``number``, and wait until it is on disk. Raise OSError."""
    with path.open("wb") as file:
        checksums = Checksums()
        for line in _lines(state):
            content = line.encode()
            checksums.add(content)
            file.write(content)
        file.write(_last_line(number, checksums.all()))
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> tuple[State, int]:
    """Return the state in a file and the number of its last transaction; the empty state if there is no file.

    Raise StoreError for a damaged file, with the place of the damage, and for a file of a later version.
    """
    if not path.exists():
        return State(), 0
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        tables = json.loads(content)
        progress = tables.pop(PROGRESS)["1"]
        check_format(f"{path}", progress)
        if set(progress) != {"through"} and _first_damage(content) is not None:
            raise ValueError("a checksum is wrong")
        found = (_row(label, row.pop(ID), row) for label, held in tables.items() for row in held.values())
        return State.of(found), int(progress["through"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoreError(f"{path} is damaged {_place(content)}: {str(error)[:200]}; restore it from a copy.") from error


def change(label: str, id: str, row: Mapping[str, Any] | None) -> Change:
    """Return a change from plain data. Raise StoreError for data that is not a row of its table."""
    if row is None and label in TABLES:
        return Change(TABLES[label], id, None)
    return Change(*_row(label, id, row or {}))


def _row(label: str, id: str, row: Mapping[str, Any]) -> tuple[Table, str, Row]:
    try:
        table = TABLES[label]
        return table, id, from_plain(table.row, row)
    except (KeyError, ValueError, TypeError) as error:
        raise StoreError(f"Row {id} of table {label} cannot be read: {error}") from error


def changes(written: Iterable[tuple[str, str, Mapping[str, Any] | None]]) -> Iterator[Change]:
    """Yield the changes that are written as label, id and plain row. Raise StoreError."""
    return (change(label, id, row) for label, id, row in written)


class Checksums:
    """The CRC-32 of each block of the added content, as eight hexadecimal digits."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._sum = self._length = 0

    def add(self, content: bytes) -> None:
        """Add ``content``."""
        rest = memoryview(content)
        while rest:
            part = rest[: BLOCK - self._length]
            rest = rest[len(part) :]
            self._sum, self._length = zlib.crc32(part, self._sum), self._length + len(part)
            if self._length == BLOCK:
                self._done = self.all()
                self._sum = self._length = 0

    def all(self) -> list[str]:
        """Return the checksums; the last is of the unfinished block."""
        return [*self._done, f"{self._sum:08x}"]


def _lines(state: State) -> Iterator[str]:
    """Yield all but the last line. Plain TinyDB counts its rows, so a row's own id is stored in it as ``_id``."""
    yield "{"
    for table in Table:
        rows = (f'"{count}":{_dumped({ID: id, **to_plain(row)})}' for count, (id, row) in enumerate(state.rows(table), 1))
        yield f"{_dumped(table.label)}:{{{next(rows, '')}"
        yield from (f",\n{row}" for row in rows)
        yield "},\n"


def _last_line(number: int, checksums: list[str]) -> bytes:
    said = {"through": number, "format": FORMAT, "version": mockregister.__version__, "checksums": checksums}
    begun = f"{_dumped(PROGRESS)}:{{{_dumped('1')}:{_dumped(said)[:-1]}".encode()
    return begun + _seal(begun)


def _seal(begun: bytes) -> bytes:
    """Return the end of the last line, with a checksum of its beginning."""
    return f',"checksum":"{zlib.crc32(begun):08x}"}}}}}}'.encode()


def _first_damage(content: bytes) -> int | None:
    """Return where the first block with a wrong checksum begins; None if all are right."""
    rows = content.rfind(b"\n") + 1
    line, checksums = content[rows:], Checksums()
    checksums.add(content[:rows])
    found, written = checksums.all(), [checksum.decode() for checksum in CHECKSUM.findall(line)]
    for number, (checksum, expected) in enumerate(zip(found, written, strict=False)):
        if checksum != expected:
            return number * BLOCK
    begun = line[: -len(_seal(b""))]
    return None if line == begun + _seal(begun) and _dumped(found).encode() in begun else rows


def _place(content: bytes) -> str:
    start = _first_damage(content) or 0
    line, end = content.count(b"\n", 0, start) + 1, min(start + BLOCK, len(content))
    return f"at or after line {line} (between byte {start} and {end})"


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
