"""A checkpoint as a file: compressed JSON lines that every store reads.

The first line describes the checkpoint, each of the others is a row as ``[table, id, row]``, and the last has the number of
rows and a checksum.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Any

import mockregister
from mockregister.errors import InvalidRequest
from mockregister.mocking.bench_state import ClockState
from mockregister.model.plain import from_plain, to_plain
from mockregister.register.memory_store import MemoryStore
from mockregister.register.rows import Change, Row, Table

FORMAT = 1
GZIP = zlib.MAX_WBITS | 16
MOST = 20  # a file may unpack to at most this many times the size of the largest body
LONGEST_LINE = 2  # a line may be at most this many times as long as the largest body
SHORTEST_ROW = 16  # bytes; a row has a table, an id and values
PIECE = 16 * 1024  # compressed bytes, which may unpack to 16 MB
CUT_OFF = "The snapshot is cut off, or something follows it; save it again."
TABLES = {table.label: table for table in Table}


@dataclass(frozen=True)
class Heading:
    """The first line: when the checkpoint was made by the register's clock, the state of the clock, and who wrote it."""

    mockregister_snapshot: int
    made_at: datetime
    clock: ClockState
    edition: str
    version: str

    def differences(self, edition: str) -> list[str]:
        """Return how the reading register differs from the one that wrote the file."""
        ours = {"edition": (self.edition, edition), "version": (self.version, mockregister.__version__)}
        return [f"The {name} was {theirs} and is {here} here." for name, (theirs, here) in ours.items() if theirs != here]


def write(heading: Heading, rows: Iterator[tuple[Table, str, Row]]) -> Iterator[bytes]:
    """Yield the bytes of a file, which must be read until the end for the file to be whole."""
    packing, digest, number = zlib.compressobj(wbits=GZIP), sha256(), 0
    yield packing.compress(_line(to_plain(heading)))
    for table, id, row in rows:
        line = _line([table.label, id, to_plain(row)])
        digest.update(line)
        number += 1
        yield packing.compress(line)
    yield packing.compress(_line({"rows": number, "sha256": digest.hexdigest()})) + packing.flush()


def read(content: bytes, max_body: int) -> tuple[Heading, MemoryStore]:
    """Return the content of a file. Raise InvalidRequest if it is damaged, cut off, no snapshot, of a later version or too large.

    A file may unpack to a thousand times its size, so it is unpacked line by line: once to check it, once to read it.
    """
    try:
        heading, number = _checked(_lines(content, max_body))
        changes = list(_changes(islice(_lines(content, max_body), 1, number + 1)))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InvalidRequest(f"This snapshot is incomplete or damaged: {str(error)[:200]}; save it again.") from error
    store = MemoryStore()
    store.commit(changes)
    return heading, store


def _checked(lines: Iterator[bytes]) -> tuple[Heading, int]:
    """Return the first line and the number of rows. Raise ValueError for a wrong first line, end or checksum."""
    heading, digest, number = _heading(next(lines, b"")), sha256(), 0
    last = next(lines, b"{}")
    for line in lines:
        if len(last) < SHORTEST_ROW:
            raise ValueError(f"'{last.decode('utf-8', 'replace')}' is not a row")
        digest.update(last + b"\n")
        number, last = number + 1, line
    if json.loads(last) != {"rows": number, "sha256": digest.hexdigest()}:
        raise ValueError("its end is missing or its checksum is wrong")
    return heading, number


def _changes(lines: Iterator[bytes]) -> Iterator[Change]:
    """Yield the rows. Raise ValueError, TypeError or KeyError for a line that is not a row, and for a row that comes twice."""
    known = set()
    for line in lines:
        label, id, row = json.loads(line)
        if (label, id) in known:
            raise ValueError(f"it has the row {id} twice")
        known.add((label, id))
        yield Change(TABLES[label], id, from_plain(TABLES[label].row, row))


def _heading(line: bytes) -> Heading:
    said = json.loads(line)
    number = said.get("mockregister_snapshot") if isinstance(said, dict) else None
    if not isinstance(number, int):
        raise ValueError("the first line is not that of a snapshot")
    if number > FORMAT:
        ours = f"mockregister {mockregister.__version__} reads format {FORMAT} at most"
        raise InvalidRequest(f"The snapshot has format {number}, and {ours}; load it in the version that saved it.")
    return from_plain(Heading, said)


def _lines(content: bytes, max_body: int) -> Iterator[bytes]:
    """Yield each line of a compressed file without its end. Raise InvalidRequest, and ValueError for a last line without end."""
    unpacking, begun, size = zlib.decompressobj(GZIP), bytearray(), 0
    for start in range(0, len(content), PIECE):
        piece = _unpacked(unpacking, content[start : start + PIECE])
        begun += piece
        size += len(piece)
        if size > MOST * max_body or len(begun) > LONGEST_LINE * max_body:
            limits = f"more than {MOST * max_body} bytes, or to a line of more than {LONGEST_LINE * max_body}"
            raise InvalidRequest(f"The snapshot unpacks to {limits}; raise --max-body.")
        if b"\n" in piece:
            *lines, rest = bytes(begun).split(b"\n")
            yield from lines
            begun = bytearray(rest)
    if not unpacking.eof:
        raise InvalidRequest(CUT_OFF)
    if begun:
        raise ValueError("its end is missing")


def _unpacked(unpacking: zlib._Decompress, piece: bytes) -> bytes:
    if unpacking.eof:
        raise InvalidRequest(CUT_OFF)
    try:
        unpacked = unpacking.decompress(piece)
    except zlib.error as error:
        raise InvalidRequest("This is not a snapshot: it is not compressed with gzip; send the file that was saved.") from error
    if unpacking.unused_data:
        raise InvalidRequest(CUT_OFF)
    return unpacked


def _line(said: Any) -> bytes:
    return json.dumps(said, separators=(",", ":")).encode() + b"\n"
