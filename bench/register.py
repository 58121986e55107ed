"""Measure storing a submission: levels 1 to 3 and TinyDB on disk, in small and large registers, long chains, many at once.

    python bench/register.py [PATIENTS]

The script compares a register with 10 patients and one with PATIENTS (10,000), the first and the last of 200 addenda, and one and
eight senders. All figures are measured in this run, and what is compared runs in turns. Look at the ratios. The peer is lxml,
which parses the same document and validates it with the same schema files.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from uuid import NAMESPACE_OID, uuid5

from lxml import etree
from patients import EXAMPLE, fill, of_patient, submission_of

from mockregister import safexml
from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.document import reader, writer
from mockregister.model import ClinicalDocument, EntryKind, Identifier, ParentDocument, Reference, Relation, Scope
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.register.rows import Table
from mockregister.register.store import Store
from mockregister.register.tinydb_store import TinyDbStore
from mockregister.settings import Settings
from mockregister.validation import level1_schema, level3_integrity
from mockregister.validation.editions import NEWEST
from mockregister.validation.schema import FOLDER

FEW, MANY, ADDENDA, SAMPLES, SENDERS, ROUNDS = 10, 10_000, 200, 60, 8, 5
NEW = count(20_000)  # patients that the register does not have yet


def submit(register: Register, content: bytes) -> None:
    """Validate a document on levels 1 to 3 like SaveIfNoErrors, and store it."""
    root = safexml.parse(content)
    wrong = [*level1_schema.check(content, root), *NEWEST.profile.check(root)]
    reading = reader.read(root)
    sent = submission_of(content)
    with register.draft([reading.document]) as draft:
        wrong += level3_integrity.check([reading], draft)
        assert not wrong, wrong
        draft.commit(sent, [])


def in_turns(works: Sequence[Callable[[], object]], clock: Callable[[], float]) -> list[float]:
    """Return the median milliseconds of each work. They run in turns, so that the machine's load affects all."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(SAMPLES):
        for work, times in zip(works, taken, strict=True):
            started = clock()
            work()
            times.append((clock() - started) * 1000)
    return [median(times) for times in taken]


def print_line(what: str, large: float, small: float, limit: str = "") -> None:
    """Print a line with two figures in milliseconds and their ratio."""
    print(f"{what:<62}{small:>8.2f} ms{large:>9.2f} ms  x {large / small:.2f}{limit}")


class Bench:
    """The measured registers, which are all in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.codes = folder, CodeTables.load()

    def register(self, name: str) -> Register:
        """Open a register on disk."""
        return self.over(TinyDbStore(self.folder / name))

    def over(self, store: Store) -> Register:
        """Return a register on a store."""
        return Register(store, self.codes, Clock(), Settings())

    def sizes(self, patients: int) -> None:
        """Measure a submission in a small and in a large register, and the time to open the large one."""
        small, large = self.register("small"), self.register("large")
        fill(small, FEW)
        fill(large, patients)
        for name, clock in (("wall", perf_counter), ("CPU", process_time)):
            few, many = in_turns([lambda: submit(small, fresh()), lambda: submit(large, fresh())], clock)
            print_line(f"a submission, {name}: {FEW} and {patients:,} patients stored", many, few, " (at most 1.2)")
        peer, own = in_turns([lxml_alone(), lambda: submit(small, fresh())], process_time)
        print_line("CPU: lxml parses and validates, the register keeps", own, peer)
        large.close()
        started = perf_counter()
        self.register("large").close()
        print(f"opening and closing a register of {patients:,} patients: {perf_counter() - started:.2f} s")
        small.close()

    def chains(self) -> None:
        """Measure the first and the last tenth of a long chain of addenda, in several sets."""
        register = self.register("chains")
        early: list[float] = []
        late: list[float] = []
        for number in range(3):
            for version, content in enumerate(chain(number), 1):
                started = perf_counter()
                submit(register, content)
                times = early if version <= ADDENDA // 10 else late if version > ADDENDA - ADDENDA // 10 else []
                times.append((perf_counter() - started) * 1000)
        what = f"an addendum: the first and the last {ADDENDA // 10} of {ADDENDA}"
        print_line(what, median(late), median(early), " (at most 1.2)")
        register.close()

    def senders(self) -> None:
        """Measure the same number of submissions by one sender and by eight, each in its own thread."""
        register, amount = self.register("senders"), SENDERS * 25

        def by(senders: int) -> float:
            contents = [fresh() for _ in range(amount)]
            started = perf_counter()
            with ThreadPoolExecutor(senders) as threads:
                list(threads.map(lambda content: submit(register, content), contents))
            return (perf_counter() - started) * 1000

        alone, together = zip(*((by(1), by(SENDERS)) for _ in range(ROUNDS)), strict=True)
        print_line(f"{amount} submissions: one sender and {SENDERS} at once", median(together), median(alone), " (at most 1)")
        with register.look() as rows:
            assert rows.count(Table.SETS) == 2 * amount * ROUNDS, "something was lost"
        register.close()

    def memory(self) -> None:
        """Measure the memory of an encounter with its procedures and conditions, and everything stored with it."""
        register = self.over(MemoryStore())
        before = resident()
        fill(register, 2000)
        print(f"memory for each stored document with one encounter: {(resident() - before) / 2000 / 1024:.1f} KiB")


def fresh() -> bytes:
    """Return a document that no register has."""
    return of_patient(next(NEW))


def lxml_alone() -> Callable[[], object]:
    """Parse and validate the example with lxml."""
    schema = etree.XMLSchema(file=str(FOLDER / "clinical_document.xsd"))
    return lambda: schema.validate(etree.fromstring(EXAMPLE))


def chain(patient: int) -> Iterator[bytes]:
    """Yield the documents of a set: a first document, then addenda with one encounter each."""
    first = reader.read(safexml.parse(of_patient(patient))).document
    yield writer.write(first)
    for version in range(first.version + 1, ADDENDA + 1):
        yield writer.write(addendum(first, version))


def addendum(first: ClinicalDocument, version: int) -> ClinicalDocument:
    """Return the next document of a chain."""
    episode = Reference(Scope.EXTERNAL, EntryKind.EPISODE_OF_CARE, first.episodes[0].id)
    visit = replace(first.encounters[0], id=numbered(first, f"encounter {version}"), episode=episode)
    parent = ParentDocument(Relation.APPEND, document_id(first, version - 1), first.set_id, version - 1)
    return replace(
        first,
        id=document_id(first, version),
        version=version,
        parent=parent,
        episodes=(),
        encounters=(visit,),
        procedures=(),
        conditions=(),
        organizers=(),
    )


def document_id(first: ClinicalDocument, version: int) -> Identifier:
    """Return the id of a version."""
    return first.id if version == first.version else numbered(first, f"document {version}")


def numbered(first: ClinicalDocument, name: str) -> Identifier:
    """Return an id of the set."""
    return replace(first.id, extension=str(uuid5(NAMESPACE_OID, f"{first.set_id} {name}")))


def resident() -> int:
    """Return the memory of this process in bytes (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def main() -> None:
    """Measure and print."""
    patients = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        bench.memory()
        bench.chains()
        bench.senders()
        bench.sizes(patients)


if __name__ == "__main__":
    main()
