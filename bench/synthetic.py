"""Measure synthetic patients: making, writing, loading as a seed, and submitting through all four levels.

    python bench/synthetic.py [PATIENTS]

All figures are measured in this run. Compare ratios between machines.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter

from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.document import writer
from mockregister.document.reader import read_submission
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.synthetic import seeds
from mockregister.synthetic.generator import Generated, Recipe, generate
from mockregister.synthetic.stage import moment_of


def seconds(work: Callable[[], object]) -> float:
    """Return how long a call takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def submit_all(register: Register, generated: Generated) -> None:
    """Submit every document through all four levels, at its own time."""
    for document in generated.documents():
        register.clock.freeze(moment_of(document) + timedelta(minutes=1))
        submit(register, Service.REPORTING, read_submission([writer.write(document)]))


def main(patients: int) -> None:
    """Measure and print."""
    tables, recipe = CodeTables.load(), Recipe(patients, 2, seeds.UNTIL, 0.05)
    generated = generate(recipe)
    documents = generated.documents()
    made = seconds(lambda: generate(recipe))
    print(f"{patients} patients, {len(documents)} documents")
    print(f"make                 {made:7.2f} s   1.0")
    for name, work in (
        ("write as XML", lambda: [writer.write(document, pretty=False) for document in documents]),
        ("load as a seed", lambda: seeds.load(Register(MemoryStore(), tables, Clock(), Settings()), generated)),
        ("submit, four levels", lambda: submit_all(Register(MemoryStore(), tables, Clock(), Settings()), generated)),
    ):
        spent = seconds(work)
        print(f"{name:20} {spent:7.2f} s  {spent / made:4.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
