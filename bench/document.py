"""Measure reading and writing a document, compared with lxml parsing the same bytes.

    python bench/document.py [FILE]

Without a file, a document of about 20 kB with a few entries of every kind is used. All figures are measured in this run. Compare
ratios between machines.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path
from timeit import repeat

from mockregister import safexml
from mockregister.document import reader, writer
from mockregister.model import ClinicalDocument
from mockregister.model.plain import from_plain, to_plain

ROUNDS, CALLS = 7, 100


def a_document() -> bytes:
    """Return the shipped example, extended to the size of a real report."""
    shipped = resources.files("mockregister.document") / "examples" / "1-first-visit.xml"
    document = reader.read(safexml.parse(shipped.read_bytes())).document
    return writer.write(replace(document, conditions=document.conditions * 2, procedures=document.procedures * 2))


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long one of many calls takes, the best of some rounds."""
    return min(repeat(work, number=CALLS, repeat=ROUNDS)) / CALLS * 1000


def main() -> None:
    """Measure and print."""
    content = Path(sys.argv[1]).read_bytes() if len(sys.argv) > 1 else a_document()
    root = safexml.parse(content)
    document = reader.read(root).document
    plain = to_plain(document)
    parsing = milliseconds(lambda: safexml.parse(content))
    print(f"{len(content):,} bytes; parsing {parsing:.3f} ms")
    for what, work in {
        "read": lambda: reader.read(root),
        "write": lambda: writer.write(document),
        "to plain data": lambda: to_plain(document),
        "from plain data": lambda: from_plain(ClinicalDocument, plain),
        "locate every entry": lambda: locate(reader.read(root)),
    }.items():
        cost = milliseconds(work)
        print(f"  {what:<20}{cost:>7.3f} ms  {cost / parsing:>5.1f} x parsing")


def locate(reading: reader.Reading) -> list[str]:
    """Compute the location of every entry, as for a document in which everything is wrong."""
    return [reading.places.location(entry) for entry in reading.document.entries()]


if __name__ == "__main__":
    main()
