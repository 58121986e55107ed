"""What published rules cost: to read, to start with, and beside the declared ones.

    python bench/editions.py LIST.xlsx

Prints the seconds that reading the list and making its rules take, and the ratio of what its rules cost to what the declared ones
cost, on the episodes of every case of the rules.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter, process_time

from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.model import EpisodeTree
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.synthetic.cases import Case
from mockregister.synthetic.code_books import PracticeBook
from mockregister.synthetic.courses import courses
from mockregister.validation.edition_folder import numbers_of
from mockregister.validation.editions import NEWEST
from mockregister.validation.level4_rules import Surroundings, evaluate
from mockregister.validation.rules.published import read_list, rules_of
from mockregister.validation.rules.rule import RuleBook

ROUNDS = 40
DAY = "2018-09-10"


def sessions() -> list[tuple[EpisodeTree, CodeTables, Case]]:
    """The episode of each shipped course, with the tables it needs."""
    found = []
    for name in courses():
        case, book = Case("bench", False, name, "day 20 12:00", {}), PracticeBook()
        day = Clock().now().date().fromisoformat(DAY)
        (*_, document) = case.documents(day, case.now(day), book)
        tables = book.tables()
        register = Register(MemoryStore(), tables, Clock(frozen_at=case.now(day)), Settings())
        with register.draft([document]) as draft:
            found += [(tree, tables, case) for tree in draft.touched()]
    return found


def once(rules: RuleBook, trees: list[tuple[EpisodeTree, CodeTables, Case]]) -> float:
    """CPU seconds of all rules on all episodes."""
    day = Clock().now().date().fromisoformat(DAY)
    settings = Register(MemoryStore(), trees[0][1], Clock(), Settings()).rule_settings
    started = process_time()
    for tree, tables, case in trees:
        evaluate(tree, Surroundings(tables, case.now(day), settings, rules))
    return process_time() - started


def main(path: Path) -> None:
    """Measure and print."""
    started = perf_counter()
    listed = read_list(path, numbers_of(NEWEST.rules))
    read = perf_counter()
    rules = RuleBook(rules_of(listed))
    print(f"{len(rules)} rules: file {read - started:.2f} s, conditions {perf_counter() - read:.2f} s (bound: 2 s together)")
    trees = sessions()
    pairs = [(once(NEWEST.rules, trees), once(rules, trees)) for _ in range(ROUNDS)]
    declared, published = (min(times) for times in zip(*pairs, strict=True))
    print(f"read rules cost {published / declared:.2f} x what declared ones do (bound: 1.2)")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
