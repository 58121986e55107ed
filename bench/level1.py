"""Measure level 1, compared with the parsing and validating that it includes.

    python bench/level1.py [DOCUMENT ...]

For a valid document and for a document with errors, the output has the ratio of ``check`` to lxml parsing and validating the
same bytes in the same run, and the duration of the first check of a process, which compiles the schema.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from importlib import resources
from pathlib import Path
from time import perf_counter

from lxml import etree

from mockregister import safexml
from mockregister.validation.level1_schema import check
from mockregister.validation.schema import FOLDER

SHIPPED = Path(str(resources.files("mockregister.document") / "examples" / "1-first-visit.xml"))
ROUNDS = 200


def once(work: Callable[[], object]) -> float:
    """Return the seconds of a run."""
    started = perf_counter()
    work()
    return perf_counter() - started


def best(work: Callable[[], object]) -> float:
    """Return the shortest time of many runs."""
    return min(once(work) for _ in range(ROUNDS))


def compare(name: str, content: bytes, schema: etree.XMLSchema) -> None:
    """Print a line that compares ``check`` with parsing and validating."""
    root = safexml.parse(content)
    peer = best(lambda: schema.validate(safexml.parse(content)))
    own = best(lambda: check(content, root))
    found = len(check(content, root))
    print(f"{name}: {found} findings, {own * 1e3:.2f} ms, {own / peer:.2f} x lxml parse and validate ({peer * 1e3:.2f} ms)")


def parsed_and_checked(content: bytes) -> object:
    """Parse a document, and check it."""
    return check(content, safexml.parse(content))


def main(paths: list[Path]) -> None:
    """Measure each document without change, and with an error in its first identifier."""
    schema = etree.XMLSchema(file=str(FOLDER / "clinical_document.xsd"))
    for path in paths:
        content = path.read_bytes()
        broken = content.replace(b'<id root="', b'<id root="?', 1)
        first = [once(partial(parsed_and_checked, sent)) for sent in (content, broken)]
        print(f"{path.name}, {len(content)} bytes; first check {first[0] * 1e3:.0f} ms, with errors {first[1] * 1e3:.0f} ms")
        compare("  valid", content, schema)
        compare("  broken", broken, schema)


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]] or [SHIPPED])
