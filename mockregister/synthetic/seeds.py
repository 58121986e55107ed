"""Named seeds for demonstrations and tests: recipes in ``seed_data/``, generated when they are loaded.

A recipe is a TOML file: how many patients, the random seed, the last day, the share of mistakes, the scenarios. The last day
may be ``yesterday``, the day before the register's today, so that the data never grows old. The file also lists the courses that
the recipe gives, one on each line: people see whom to look up, and a test sees whether the generator still makes them. If the
last day is ``yesterday``, the courses are those until ``UNTIL``. python -m mockregister.synthetic.seeds writes the files.
"""

from __future__ import annotations

import hashlib
import logging
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import mockregister
from mockregister.clock import COPENHAGEN, Clock
from mockregister.codes.producers import Anyone, SorProducers
from mockregister.codes.tables import CodeTables
from mockregister.document import writer
from mockregister.errors import NotFound, did_you_mean
from mockregister.finding import Finding, Level
from mockregister.mocking.seeds import Watch
from mockregister.model import Submission
from mockregister.register.overlay import Gathering
from mockregister.register.register import Draft, Register
from mockregister.submission import Service
from mockregister.synthetic.generator import FIRST_UNTIL, LAST_UNTIL, Course, Generated, Recipe, generate
from mockregister.synthetic.geography import AUTHORS
from mockregister.synthetic.scenarios import SCENARIOS
from mockregister.synthetic.stage import moment_of
from mockregister.validation import level4_rules
from mockregister.validation.edition import Edition
from mockregister.validation.editions import NEWEST

log = logging.getLogger(__name__)
UNTIL = date(2026, 6, 30)
RECIPES = {
    "empty": Recipe(0, 0, UNTIL),
    "demo": Recipe(200, 1, UNTIL, mistakes=0.05),  # until yesterday
    "training": Recipe(2000, 2, UNTIL, mistakes=0.05),  # until yesterday
    **{scenario.name: Recipe(3, 3, UNTIL, scenarios=(scenario.name,)) for scenario in SCENARIOS},
    "broken": Recipe(0, 0, UNTIL, broken=True),
}
YESTERDAY = "yesterday"
FOLLOWING = frozenset({"demo", "training"})  # seeds that end the day before the register's today
ON_THE_WAY = timedelta(minutes=1)  # from a document's effective time to its arrival


def folder() -> Path:
    """Return the folder of the seeds: in the checkout, or in the shared data of an installed package."""
    checkout = Path(mockregister.__file__).parents[1] / "seed_data"
    return checkout if checkout.is_dir() else Path(sys.prefix) / "share" / "mockregister" / "seed_data"


class SeedFolder:
    """The seeds of a folder, one for each recipe in it."""

    def __init__(self, path: Path | None = None, watch: Watch = nullcontext) -> None:
        self.path, self._watch = path or folder(), watch

    def names(self) -> Sequence[str]:
        """Return the names of the seeds, the general ones first."""
        found = {file.stem for file in self.path.glob("*.toml")}
        return [*(name for name in RECIPES if name in found), *sorted(found.difference(RECIPES))]

    def recipe(self, name: str, today: date = UNTIL + timedelta(days=1)) -> Recipe:
        """Return the recipe of this name for a day, by default the day of the seed files. Raise NotFound."""
        table = self._table(name)
        last = min(max(today - timedelta(days=1), FIRST_UNTIL), LAST_UNTIL)
        until = last if table["until"] == YESTERDAY else table["until"]
        return Recipe(**{**table, "until": until, "scenarios": tuple(table.get("scenarios", ()))})

    def follows_clock(self, name: str) -> bool:
        """Return whether the seed's content depends on the day on which it is loaded. Raise NotFound."""
        return bool(self._table(name)["until"] == YESTERDAY)

    def _table(self, name: str) -> dict[str, Any]:
        names = self.names()
        if name not in names:
            raise NotFound(f"There is no seed '{name[:80]}'; there are {', '.join(names)}.{did_you_mean(name, names)}")
        # The rest of the file is for people, and too long to be parsed for nothing.
        recipe, _, _ = (self.path / f"{name}.toml").read_text("utf-8").partition("\n[gives]")
        table: dict[str, Any] = tomllib.loads(recipe)["recipe"]
        return table

    def load(self, register: Register, name: str, edition: Edition = NEWEST) -> None:
        """Fill an empty register of an edition with the seed. Raise NotFound."""
        recipe = self.recipe(name, register.clock.now().astimezone(COPENHAGEN).date())
        with _own_time(register.clock):
            if recipe.broken:
                register.clock.freeze(noon(recipe.until))
                break_everything(register, edition)
            else:
                load(register, generate(recipe), self._watch, edition)


@contextmanager
def _own_time(clock: Clock) -> Iterator[None]:
    """Let the clock be set while a seed is loaded, and restore it afterwards."""
    before = replace(clock)
    try:
        yield
    finally:
        clock.follow(before)


def noon(day: date) -> datetime:
    """Return noon of a day."""
    return datetime.combine(day, time(12), COPENHAGEN)


def break_everything(register: Register, edition: Edition = NEWEST) -> list[Finding]:
    """Submit documents that break each rule of an edition, judged with practice tables, and that provoke each integrity code.

    Return the findings.
    """
    from mockregister.synthetic import broken  # imported here: other seeds do not need it

    tables, rules, unbroken = broken.rules_broken(register.clock.now(), edition)
    if unbroken:
        log.warning("No known document breaks these rules of edition %s: %s.", edition.name, ", ".join(unbroken))
    practising = _knowing(register, tables)
    found = [finding for breaking in rules for finding in broken.hand_in(practising, breaking, edition)]
    reporting = {
        "any": _knowing(register, replace(register.codes, producers=Anyone())),
        "listed": _knowing(register, replace(register.codes, producers=SorProducers(register.codes.sor))),
    }
    for provoking in broken.codes_broken(edition):
        found += broken.hand_in(reporting[provoking.producers], provoking, edition)
    return found


def _knowing(register: Register, codes: CodeTables) -> Register:
    """Return the same register with other tables."""
    return Register(register.store, codes, register.clock, register.settings)


def load(register: Register, generated: Generated, watch: Watch = nullcontext, edition: Edition = NEWEST) -> None:
    """Store the generated documents in a register of an edition, each at the register's time at which it would have arrived.

    As tests show, documents without a mistake have no findings, and a mistake breaks only business rules. So only the business
    rules are checked, and only for courses with a mistake. Everything is stored at the end, because that takes half as long.
    """
    spoilt = {document.set_id for course in generated.courses if course.mistake for document in course.documents}
    with register.look() as rows, watch(generated.documents()) as documents:
        gathering = Gathering(rows)
        for document in documents:
            register.clock.freeze(moment_of(document) + ON_THE_WAY)
            draft = Draft(register, [document], gathering, checked=False)
            started = perf_counter()
            findings = level4_rules.check(draft, register, edition) if document.set_id in spoilt else ()
            seconds = {Level.BUSINESS_RULE.value: perf_counter() - started} if document.set_id in spoilt else {}
            content = writer.write(document, pretty=False)
            sent = Submission.of([content]).by_author_of(document, AUTHORS.get(document.author.unit, ""))
            draft.commit(sent, findings, Service.REPORTING.url_name, seconds)
    register.store.fill(gathering.state())


# the files


def seed_file(name: str, generated: Generated | None = None) -> str:
    """Return the text of a seed file: the recipe, and what it gives. ``generated`` saves generating the recipe again."""
    recipe = RECIPES[name]
    usual = {field.name: field.default for field in fields(recipe)}
    given = {key: getattr(recipe, key) for key in usual if getattr(recipe, key) != usual[key]}
    given |= {"until": YESTERDAY} if name in FOLLOWING else {}
    lines = ["[recipe]", *(f"{key} = {_toml(value)}" for key, value in given.items()), "", "[gives]"]
    if name in FOLLOWING:
        lines.append(f"until = {UNTIL}")
    result = _promises() if recipe.broken else _contents(generated or generate(recipe))
    return "\n".join((*lines, *result, ""))


def _contents(generated: Generated) -> Iterator[str]:
    """Yield the number and digest of the documents, and the courses of disease."""
    yield f"documents = {len(generated.documents())}"
    yield f'sha256 = "{digest(generated)}"'
    yield from ("courses = [", *(f"  {line}," for course in generated.courses for line in _lines(course)), "]")


def _promises() -> Iterator[str]:
    """Yield the integrity codes and business rules that the seed breaks: it has a finding of each of them, and of no others."""
    from mockregister.synthetic import broken

    yield from ("codes = [", *(f'  "{provoking.name}",' for provoking in broken.codes_broken()), "]")
    yield from ("rules = [", *(f'  "{rule.id}",' for rule in NEWEST.rules), "]")


def digest(generated: Generated) -> str:
    """Return a digest of all documents."""
    total = hashlib.sha256()
    for document in generated.documents():
        total.update(writer.write(document, pretty=False))
    return total.hexdigest()


def _toml(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _quoted(value)
    return f"[{', '.join(map(_quoted, value))}]" if isinstance(value, tuple) else str(value)


def _quoted(text: str) -> str:
    return f'"{text}"'


def _lines(course: Course) -> Iterator[str]:
    """Yield a line for each patient of a course, such as a newborn child, with the number to look them up."""
    for number, person in course.patients().items():
        words = (number, " ".join((*person.name.given, person.name.family)), course.scenario.name, course.mistake)
        yield f"[{', '.join(map(_quoted, words))}]"


def files() -> Iterator[tuple[str, str]]:
    """Yield the name and text of every seed file."""
    for name in RECIPES:
        yield f"{name}.toml", seed_file(name)


if __name__ == "__main__":
    for name, text in files():
        (folder() / name).write_text(text, "utf-8")
