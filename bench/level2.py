"""Level 2 against lxml: checking the largest example, and parsing and schema-validating the same bytes, in one run.

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
from patients import of_patient

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
    """The largest example that is at hand."""
    folder = next(folder for folder in EXAMPLES if folder.is_dir())
    return max(folder.glob("*.xml"), key=lambda path: path.stat().st_size)


def fastest(*works: Callable[[], object]) -> list[float]:
    """The fastest of many turns of each, in milliseconds; taken in turns, so that a busy machine is so for all."""
    best = [float("inf")] * len(works)
    for _ in range(ROUNDS):
        for number, work in enumerate(works):
            start = time.perf_counter()
            work()
            best[number] = min(best[number], (time.perf_counter() - start) * 1000)
    return best


def another(content: bytes, number: int) -> bytes:
    """The same report with ids and times that level 2 has not seen."""
    text = re.sub(
        r"[0-9A-Fa-f]{8}-[0-9A-Fa-f-]{27}", lambda one: str(uuid5(NAMESPACE_OID, f"{one[0]} {number}")), content.decode()
    )
    return re.sub(r'"\d{4}(\d{8})\d\d\+', lambda one: f'"{1900 + number % 100}{one[1]}{number % 60:02}+', text).encode()


def large() -> None:
    """One document of 1 MB and one of 5 MB, whose ids are all different, beside lxml parsing and validating them."""
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    for visits in (110, 550):
        content = of_patient(0, visits)
        started = time.process_time()
        schema.validate(etree.fromstring(content))
        peer, root = time.process_time() - started, safexml.parse(content)
        started = time.process_time()
        assert not NEWEST.profile.check(root)
        print(f"{len(content) / 1e6:.1f} MB: {(time.process_time() - started) / peer:.1f} x lxml")


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
    large()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else largest())
