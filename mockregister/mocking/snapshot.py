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
from typing import Any

import mockregister
from mockregister.errors import InvalidRequest
from mockregister.mocking.told import ToldClock
from mockregister.model.plain import from_plain, to_plain
from mockregister.register.memory_store import MemoryStore
from mockregister.register.rows import Change, Row, Table

FORMAT = 1
GZIP = zlib.MAX_WBITS | 16
MOST = 20  # times the bytes of the largest body: no file may unpack to more
PIECE = 1 << 20
TABLES = {table.label: table for table in Table}


@dataclass(frozen=True)
class Heading:
    """The first line: when the checkpoint was made by the register's clock, the state of the clock, and who wrote it."""

    mockregister_snapshot: int
    made_at: datetime
    clock: ToldClock
    edition: str
    version: str

    def differences(self, edition: str) -> list[str]:
        """Return how the reading register differs from the one that wrote the file."""
        ours = {"edition": (self.edition, edition), "version": (self.version, mockregister.__version__)}
        return [f"The {name} was {theirs} and is {here} here." for name, (theirs, here) in ours.items() if theirs != here]


def write(heading: Heading, rows: Iterator[tuple[Table, str, Row]]) -> Iterator[bytes]:
    """Yield the file."""
    packing, digest, number = zlib.compressobj(wbits=GZIP), sha256(), 0
    yield packing.compress(_line(to_plain(heading)))
    for table, id, row in rows:
        line = _line([table.label, id, to_plain(row)])
        digest.update(line)
        number += 1
        yield packing.compress(line)
    yield packing.compress(_line({"rows": number, "sha256": digest.hexdigest()})) + packing.flush()


def read(content: bytes, max_body: int) -> tuple[Heading, MemoryStore]:
    """Return the content of a file. Raise InvalidRequest if it is damaged, cut off, foreign, or of a later version."""
    lines = _unpacked(content, MOST * max_body).split(b"\n")
    try:
        heading, ending = _heading(lines[0]), json.loads(lines[-2]) if len(lines) > 2 else {}
        written = lines[1:-2]
        checksum = sha256(b"".join(line + b"\n" for line in written)).hexdigest()
        if lines[-1] or ending != {"rows": len(written), "sha256": checksum}:
            raise ValueError("its end is missing or its checksum is wrong")
        rows = ((TABLES[label], id, row) for label, id, row in map(json.loads, written))
        changes = [Change(table, id, from_plain(table.row, row)) for table, id, row in rows]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InvalidRequest(f"This snapshot is incomplete or damaged: {str(error)[:200]}; save it again.") from error
    store = MemoryStore()
    store.commit(changes)
    return heading, store


def _heading(line: bytes) -> Heading:
    said = json.loads(line)
    number = said.get("mockregister_snapshot") if isinstance(said, dict) else None
    if not isinstance(number, int):
        raise ValueError("the first line is not that of a snapshot")
    if number > FORMAT:
        raise ValueError(f"it has format {number}, and {mockregister.__version__} reads {FORMAT}")
    return from_plain(Heading, said)


def _unpacked(content: bytes, limit: int) -> bytes:
    unpacking = zlib.decompressobj(GZIP)
    try:
        unpacked = unpacking.decompress(content, limit)
    except zlib.error as error:
        raise InvalidRequest("This is not a snapshot: it is not compressed with gzip; send the file that was saved.") from error
    if unpacking.unconsumed_tail:
        raise InvalidRequest(f"The snapshot is larger than {limit} bytes when it is unpacked; raise --max-body.")
    if not unpacking.eof or unpacking.unused_data:
        raise InvalidRequest("The snapshot is cut off, or something follows it; save it again.")
    return unpacked


def _line(said: Any) -> bytes:
    return json.dumps(said, separators=(",", ":")).encode() + b"\n"
