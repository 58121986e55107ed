"""Measure the 399 rules, compared with parsing and validating the same document, and as an episode of care grows.

    python bench/rules.py [DOCUMENT ...]

For each document (by default the shipped ones), the output has the time of all rules on the episodes that it touches, and the
ratio to lxml parsing and validating it in the same run. Episodes that a document refers to are added to it. The output also has
the cost of an answer to one more encounter when the episode already has 5, 50 and 500 encounters.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from importlib import resources
from pathlib import Path
from time import perf_counter
from uuid import NAMESPACE_OID, uuid5

from lxml import etree

from mockregister import safexml
from mockregister.clock import COPENHAGEN, Clock
from mockregister.codes.tables import CodeTables
from mockregister.document import reader, writer
from mockregister.document.reader import read_submission
from mockregister.model import ClinicalDocument, EntryKind, Identifier, ParentDocument, Reference, Relation, Scope
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.synthetic.cases import LATER, Case
from mockregister.synthetic.code_books import PracticeBook
from mockregister.validation.editions import NEWEST
from mockregister.validation.level4_rules import Surroundings, evaluate
from mockregister.validation.schema import FOLDER

SHIPPED = resources.files("mockregister.document") / "examples"
NOW = datetime(2019, 6, 1, 12, tzinfo=COPENHAGEN)
ROUNDS = 100


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the shortest time of many runs in milliseconds."""
    return min(once(work) for _ in range(rounds)) * 1000


def once(work: Callable[[], object]) -> float:
    """Return the seconds of a run."""
    started = perf_counter()
    work()
    return perf_counter() - started


def a_register(tables: CodeTables, now: datetime) -> Register:
    """Return an empty register with a frozen clock."""
    return Register(MemoryStore(), tables, Clock(frozen_at=now), Settings())


def standing_alone(document: ClinicalDocument) -> ClinicalDocument:
    """Return a first document that states every episode of care that it refers to."""
    stated = {episode.id.key for episode in document.episodes}
    spoken_of = {owner.id.key: owner.id for owner in _owners(document) if owner.id.key not in stated}
    (sample,) = reader.read(safexml.parse((SHIPPED / "1-first-visit.xml").read_bytes())).document.episodes[:1]
    episodes = (*document.episodes, *(replace(sample, id=identifier, markers=()) for identifier in spoken_of.values()))
    return replace(
        document,
        parent=None,
        episodes=tuple(replace(episode, replaces=None) for episode in episodes),
        encounters=tuple(replace(visit, episode=_inside(visit.episode), replaces=None) for visit in document.encounters),
        procedures=tuple(replace(act, owner=_inside(act.owner), replaces=None) for act in document.procedures),
    )


def _owners(document: ClinicalDocument) -> list[Reference]:
    owners = [*(visit.episode for visit in document.encounters), *(act.owner for act in document.procedures)]
    return [owner for owner in owners if owner is not None and owner.kind is EntryKind.EPISODE_OF_CARE]


def _inside(reference: Reference | None) -> Reference | None:
    return replace(reference, scope=Scope.INTERNAL) if reference else None


def beside_parsing(name: str, content: bytes, tables: CodeTables, schema: etree.XMLSchema) -> None:
    """Print a line that compares all rules on the touched episodes with parsing and validating."""
    register = a_register(tables, NOW)
    around = Surroundings(tables, NOW, register.rule_settings, NEWEST.rules)
    with register.draft([standing_alone(reader.read(safexml.parse(content)).document)]) as draft:
        trees = draft.touched()
    rules = best(lambda: [evaluate(tree, around) for tree in trees])
    peer = best(lambda: schema.validate(safexml.parse(content)))
    print(f"{name}: {len(trees)} episodes, {rules:.2f} ms, {rules / peer:.2f} x lxml parse and validate ({peer:.2f} ms)")


def growing(counts: tuple[int, ...] = (5, 50, 500)) -> None:
    """Print the cost of one more encounter of an episode with many: of all rules, and of the whole answer."""
    least = 0.0
    for count in counts:
        register, one_more = a_crowd(count)
        answer = best(partial(validated, register, one_more), 10)
        around = Surroundings(register.codes, NOW, register.rule_settings, NEWEST.rules)
        with register.draft([reader.read(safexml.parse(one_more)).document]) as draft:
            (tree,) = draft.touched()
        rules = best(partial(evaluate, tree, around), 10)
        least = least or answer
        print(f"{count} encounters: rules {rules:.1f} ms, answer {answer:.1f} ms, {answer / least:.1f} x that of {counts[0]}")


def validated(register: Register, content: bytes) -> object:
    """Read a document, and validate it."""
    return submit(register, Service.VALIDATE, read_submission([content]))


def a_crowd(count: int) -> tuple[Register, bytes]:
    """Return a register that has an episode with this many encounters, and a document with one more."""
    book, case = PracticeBook(), Case("crowd", False, "mother", LATER, {})
    (document,) = case.documents(NOW.date(), case.now(NOW.date()), book)
    register = a_register(book.tables(), case.now(NOW.date()))
    first = _repeated(document, count)
    submit(register, Service.REPORTING, read_submission([writer.write(first)]))
    parent = ParentDocument(Relation.APPEND, document.id, document.set_id, 1)
    later = replace(_renamed(document, "one more"), id=_new(document.id, "next"), version=2, parent=parent, episodes=())
    outside = replace(later.encounters[0].episode, scope=Scope.EXTERNAL)  # type: ignore[type-var]
    return register, writer.write(replace(later, encounters=(replace(later.encounters[0], episode=outside),)))


def _repeated(document: ClinicalDocument, count: int) -> ClinicalDocument:
    copies = [_renamed(document, str(number)) for number in range(count)]
    return replace(
        document,
        encounters=tuple(visit for copy in copies for visit in copy.encounters),
        conditions=tuple(condition for copy in copies for condition in copy.conditions),
        organizers=tuple(report for copy in copies for report in copy.organizers),
    )


def _renamed(document: ClinicalDocument, name: str) -> ClinicalDocument:
    """Return the document's encounter, condition and report with other ids."""
    (encounter,), (condition,), (report,) = document.encounters, document.conditions, document.organizers
    to_encounter = replace(condition.encounter, id=_new(encounter.id, name))  # type: ignore[type-var]
    to_condition = replace(report.cause, id=_new(condition.id, name))  # type: ignore[type-var]
    return replace(
        document,
        encounters=(replace(encounter, id=_new(encounter.id, name)),),
        conditions=(replace(condition, id=_new(condition.id, name), encounter=to_encounter),),
        organizers=(replace(report, id=_new(report.id, name), cause=to_condition),),
    )


def _new(identifier: Identifier, name: str) -> Identifier:
    return Identifier(identifier.root, str(uuid5(NAMESPACE_OID, identifier.extension + name)).upper())


def main(paths: list[Path]) -> None:
    """Measure and print."""
    schema = etree.XMLSchema(file=str(FOLDER / "clinical_document.xsd"))
    tables = CodeTables.load()
    shipped = [Path(str(file)) for file in SHIPPED.iterdir() if file.name.endswith(".xml")]
    for path in paths or sorted(shipped):
        beside_parsing(path.name, path.read_bytes(), tables, schema)
    growing()


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
