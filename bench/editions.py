"""Measure the rules of a published list: making an edition, starting with it, evaluating compared with our rules, and memory.

    python bench/editions.py LIST.xlsx

The output has the seconds for making an edition of the list, the additional seconds of a server's start with it, the ratio of
its rules' cost to that of the declared rules on the episode of each shipped course, and the memory of ten editions.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.model import EpisodeTree
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.synthetic.cases import Case
from mockregister.synthetic.code_books import PracticeBook
from mockregister.synthetic.courses import courses
from mockregister.validation.edition_folder import Ingredients, make_folder, numbers_of, with_list
from mockregister.validation.editions import NEWEST
from mockregister.validation.level4_rules import Surroundings, evaluate
from mockregister.validation.rules.drools.translation import translate
from mockregister.validation.rules.published import read_list, rules_of
from mockregister.validation.rules.rule import RuleBook

ROUNDS = 40
STARTS = 5
EDITIONS = 10
DAY = "2018-09-10"


def sessions() -> list[tuple[EpisodeTree, CodeTables, Case]]:
    """Return the episode of each shipped course, with the code tables that it needs."""
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
    """Return the CPU seconds of all rules on all episodes."""
    day = Clock().now().date().fromisoformat(DAY)
    settings = Register(MemoryStore(), trees[0][1], Clock(), Settings()).rule_settings
    started = process_time()
    for tree, tables, case in trees:
        evaluate(tree, Surroundings(tables, case.now(day), settings, rules))
    return process_time() - started


def start(*options: str) -> float:
    """Return the CPU seconds for making a server in a new process, including imports."""
    code = "import sys, time; from mockregister import app, settings; "
    code += "app.create_app(settings.load({'edition': sys.argv[1]} if sys.argv[1:] else {})); print(time.process_time())"
    return float(subprocess.run([sys.executable, "-c", code, *options], check=True, capture_output=True, text=True).stdout)


def starts(path: Path) -> None:
    """Make an edition of the list, and start servers with it and without it in turns."""
    with TemporaryDirectory() as place:
        folder, begun = Path(place, "bench"), process_time()
        made = make_folder(folder, Ingredients("2019-02-01", rules=path))
        print(f"making an edition of {len(made.rules)} rules: {process_time() - begun:.2f} s (bound: 2 s)")
        pairs = [(start(), start(str(folder))) for _ in range(STARTS)]
    without, with_it = (min(times) for times in zip(*pairs, strict=True))
    print(f"start: {without:.2f} s without, {with_it - without:+.2f} s with it (bound: 0.3 s)")


def weight(path: Path) -> None:
    """Make ten editions of the list, as uploads do, and print the memory of the first and of all of them."""
    content, editions, weights = path.read_bytes(), [], []
    translate.cache_clear()
    tracemalloc.start()
    for number in range(EDITIONS):
        editions.append(with_list(NEWEST, f"bench-{number}", content))
        gc.collect()
        weights.append(tracemalloc.get_traced_memory()[0] / 1e6)
    tracemalloc.stop()
    print(f"memory: {weights[0]:.1f} MB for the first edition, {weights[-1]:.1f} MB for {EDITIONS}")


def main(path: Path) -> None:
    """Measure and print."""
    starts(path)
    rules = RuleBook(rules_of(read_list(path, numbers_of(NEWEST.rules))))
    trees = sessions()
    pairs = [(once(NEWEST.rules, trees), once(rules, trees)) for _ in range(ROUNDS)]
    declared, published = (min(times) for times in zip(*pairs, strict=True))
    print(f"rules of the list cost {published / declared:.2f} x the declared rules (bound: 1.2)")
    weight(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
