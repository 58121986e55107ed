"""Measure level 2 on the largest example, compared with lxml parsing and validating the same bytes in the same run.

python bench/level2.py [DOCUMENT]      the document: ../shared's largest example, or the largest of the package's own
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

from lxml import etree

import mockregister
from mockregister import safexml
from mockregister.validation.editions import NEWEST
from mockregister.validation.profile import TEMPLATES
from mockregister.validation.profile.compiling import compiled

PACKAGE = Path(mockregister.__file__).parent
SCHEMA = PACKAGE / "validation" / "schema" / "clinical_document.xsd"
EXAMPLES = (PACKAGE.parents[1] / "shared" / "reference" / "examples", PACKAGE / "document" / "examples")
ROUNDS = 300


def largest() -> Path:
    """Return the largest available example."""
    folder = next(folder for folder in EXAMPLES if folder.is_dir())
    return max(folder.glob("*.xml"), key=lambda path: path.stat().st_size)


def fastest(*works: Callable[[], object]) -> list[float]:
    """Return the fastest run of each work in milliseconds. They run in turns, so that a busy machine affects all equally."""
    best = [float("inf")] * len(works)
    for _ in range(ROUNDS):
        for number, work in enumerate(works):
            start = time.perf_counter()
            work()
            best[number] = min(best[number], (time.perf_counter() - start) * 1000)
    return best


def another(content: bytes, number: int) -> bytes:
    """Return the same report with ids and times that level 2 has not seen."""
    text = re.sub(
        r"[0-9A-Fa-f]{8}-[0-9A-Fa-f-]{27}", lambda match: str(uuid5(NAMESPACE_OID, f"{match[0]} {number}")), content.decode()
    )
    return re.sub(r'"\d{4}(\d{8})\d\d\+', lambda match: f'"{1900 + number % 100}{match[1]}{number % 60:02}+', text).encode()


def main(path: Path) -> None:
    """Print the figures."""
    content = path.read_bytes()
    schema = etree.XMLSchema(etree.parse(SCHEMA))

    others = iter([another(content, number) for number in range(ROUNDS)])
    start = time.perf_counter()
    compiled(TEMPLATES)
    compiling = (time.perf_counter() - start) * 1000
    NEWEST.profile.warm()
    parse, peer, level2, unseen = fastest(
        lambda: safexml.parse(content),
        lambda: schema.validate(safexml.parse(content)),
        lambda: NEWEST.profile.check(safexml.parse(content)),
        lambda: NEWEST.profile.check(safexml.parse(next(others))),
    )
    print(f"{path.name}: {len(content)} bytes, {sum(1 for _ in safexml.parse(content).iter('*'))} elements")
    print(f"compile the profile        {compiling:7.2f} ms   (budget 150)")
    print(f"parse                      {parse:7.3f} ms")
    print(f"parse and schema (lxml)    {peer:7.3f} ms")
    print(f"level 2                    {level2 - parse:7.3f} ms   {(level2 - parse) / peer:.2f} × parse and schema (budget 4)")
    print(f"level 2, new ids and times {unseen - parse:7.3f} ms   {(unseen - parse) / peer:.2f} ×")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else largest())
