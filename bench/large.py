"""Measure levels 1 and 2 on large documents, valid and with every entry wrong, compared with lxml parsing and validating them.

Usage: large.py [MEGABYTES …]. Each document is checked in its own process, so that its peak of memory can be measured.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

from lxml import etree
from patients import of_patient

from mockregister import safexml
from mockregister.validation import level1_schema
from mockregister.validation.editions import NEWEST
from mockregister.validation.schema import FOLDER

MEGABYTES = (1, 10, 50)
VISITS_OF_A_MEGABYTE = 110
RIGHT, WRONG = b'codeSystem="1.2.208.176.2.4"', b'codeSystem="1.2.208.176.2.5"'  # this makes every code of an entry wrong
BAD, WORSE = b'<code code="', b'<code code=" '  # this removes all codes


def peer(content: bytes) -> object:
    """Parse and validate a document with lxml."""
    root = etree.fromstring(content, etree.XMLParser(**safexml.GUARDS))
    return etree.XMLSchema(file=str(FOLDER / "clinical_document.xsd")).validate(root)


def levels(content: bytes) -> object:
    """Return the number of findings of the first of levels 1 and 2 that has any."""
    root = safexml.parse(content)
    return len(level1_schema.check(content, root) or NEWEST.profile.check(root))


WORK: dict[str, Callable[[bytes], object]] = {"lxml": peer, "levels 1 and 2": levels}


def measured(work: str, path: Path) -> tuple[float, float, str]:
    """Return the CPU seconds, the peak of memory in MB beyond the loaded modules, and the number of findings."""
    said = subprocess.run((sys.executable, __file__, work, path), check=True, capture_output=True, text=True, env=os.environ)
    seconds, memory, found = said.stdout.split()
    return float(seconds), float(memory), found


def measure(work: str, path: Path) -> None:
    """Measure a kind of work in this process, and print the figures."""
    WORK[work](of_patient(0))  # compile everything that the first document needs
    before, content = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, path.read_bytes()
    started = process_time()
    found = WORK[work](content)
    seconds = process_time() - started
    print(seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, found)


def main(megabytes: list[int]) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.xml"
        for size in megabytes:
            content = of_patient(0, VISITS_OF_A_MEGABYTE * size)
            path.write_bytes(content)
            seconds, memory, _ = measured("lxml", path)
            print(f"{len(content) / 1e6:.1f} MB: lxml needs {seconds:.2f} s of CPU and {memory:.0f} MB")
            texts = {
                "right": content,
                "every entry wrong by the profile": content.replace(RIGHT, WRONG),
                "every entry wrong by the schema": content.replace(BAD, WORSE),
            }
            for name, text in texts.items():
                path.write_bytes(text)
                took, peak, found = measured("levels 1 and 2", path)
                print(f"  {name:<34}{took / seconds:5.1f} x lxml, {peak / memory:4.1f} x its memory, {found} findings")


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in WORK:
        measure(sys.argv[1], Path(sys.argv[2]))
    else:
        main([int(argument) for argument in sys.argv[1:]] or list(MEGABYTES))
