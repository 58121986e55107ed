"""For each business rule the least that breaks it, and what comes close without breaking it.

Both stand in rule_cases/<family>.yml, in the notation of courses: a course to start from (``planned`` unless the file or the
case says otherwise), the changes made to it, and ``now``, the register's moment (noon of day 20 unless told). The tests try every
case; ``breaking`` makes the documents of the first breaking one, to be submitted in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Any

import yaml

from mockregister.clock import COPENHAGEN, Clock
from mockregister.codes.tables import CodeTables
from mockregister.document import writer
from mockregister.document.reader import read_submission
from mockregister.errors import NotFound
from mockregister.finding import Finding
from mockregister.model import ClinicalDocument
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.synthetic.code_books import CodeBook, ListedBook, PracticeBook
from mockregister.synthetic.courses import course, documents, moment_of
from mockregister.validation.rules import FAMILIES, RULES

LATER = "day 20 12:00"
SHIFTS = (0, 1, -1)  # days: what depends on the time of day breaks a rule on one of them


@dataclass(frozen=True)
class Case:
    """One case of a rule: the course it starts from, what is changed, the register's moment, whether the rule is broken."""

    rule_id: str
    breaks: bool
    course: str
    moment: str
    changes: Mapping[str, Any]

    @property
    def days(self) -> int:
        """How many days after the encounter's the register's moment is."""
        return int(moment_of(self.moment)[0])

    def now(self, day: date) -> datetime:
        """The register's moment when the encounter is on ``day``."""
        clock = time.fromisoformat(moment_of(self.moment)[1])
        return datetime.combine(day + timedelta(days=self.days), clock, COPENHAGEN)

    def documents(self, day: date, now: datetime, book: CodeBook) -> list[ClinicalDocument]:
        """The documents to submit, in order."""
        return documents(course(self.course, self.changes), day, now, book, self.rule_id)


def cases_of(rule_id: str) -> tuple[Case, ...]:
    """The cases of a rule, breaking ones first. Raises NotFound for an id that no rule has."""
    if rule_id not in RULES:
        raise NotFound(f"There is no rule '{rule_id}'; mockregister rules list shows them all.")
    family = next(name for name, rules in FAMILIES.items() if any(rule.id == rule_id for rule in rules))
    return family_cases(family).get(rule_id, ())


@cache
def family_cases(family: str) -> dict[str, tuple[Case, ...]]:
    """The cases of a family's rules by rule id."""
    text = resources.files("mockregister.synthetic").joinpath("rule_cases", f"{family}.yml").read_text("utf-8")
    written: dict[str, Any] = yaml.safe_load(text)
    usual = written.pop("course", "planned")
    return {rule_id: tuple(_cases(rule_id, said, usual)) for rule_id, said in written.items()}


@dataclass(frozen=True)
class Breaking:
    """What breaks a rule: documents to submit in order, and what a register must be told first.

    ``practice`` are tables that it must know; ``others`` are rules that the same mistake breaks, too, to be switched off where
    this one is to be the only one.
    """

    documents: list[ClinicalDocument]
    practice: PracticeBook | None = None
    others: tuple[str, ...] = ()


def document_for(rule_id: str, tables: CodeTables | None = None, now: datetime | None = None) -> list[ClinicalDocument]:
    """The documents that break a rule at the moment ``now``, to be submitted in order, with codes of ``tables`` (built in).

    Raises NotFound for an id that no rule has, and for a rule that those tables have no codes or units to break.
    """
    return _with(rule_id, tables or CodeTables.load(), now or datetime.now(COPENHAGEN)).documents


def breaking(rule_id: str, tables: CodeTables | None = None, now: datetime | None = None) -> Breaking:
    """What breaks a rule, with practice tables where ``tables`` cannot. Raises NotFound for an id that no rule has."""
    moment = now or datetime.now(COPENHAGEN)
    try:
        return _with(rule_id, tables or CodeTables.load(), moment)
    except NotFound:
        return _with_practice(rule_id, moment)


def _with(rule_id: str, tables: CodeTables, now: datetime) -> Breaking:
    for shift in SHIFTS:
        found = _documents(rule_id, now, ListedBook(tables), shift)
        broken = _broken_by(found, tables, now)
        if rule_id in broken:
            return Breaking(found, others=_in_order(broken - {rule_id}))
    raise NotFound(f"These code tables know too little to break rule {rule_id}; use practice tables.")


def _with_practice(rule_id: str, now: datetime) -> Breaking:
    for shift in SHIFTS:
        practice = PracticeBook()
        found = _documents(rule_id, now, practice, shift)
        broken = _broken_by(found, practice.tables(), now)
        if rule_id in broken:
            return Breaking(found, practice, _in_order(broken - {rule_id}))
    raise NotFound(f"No document breaks rule {rule_id} at {now:%Y-%m-%d %H:%M}.")


def _in_order(broken: set[str]) -> tuple[str, ...]:
    return tuple(rule.id for rule in RULES if rule.id in broken)


def _documents(rule_id: str, now: datetime, book: CodeBook, shift: int = 0) -> list[ClinicalDocument]:
    case = cases_of(rule_id)[0]
    return case.documents(now.astimezone(COPENHAGEN).date() - timedelta(days=case.days - shift), now, book)


def _broken_by(documents: list[ClinicalDocument], tables: CodeTables, now: datetime) -> set[str]:
    """What a register with these tables finds in the documents, handed in one after the other."""
    register = Register(MemoryStore(), tables, Clock(frozen_at=now), Settings())
    found: list[Finding] = []
    for document in documents:
        found += submit(register, Service.REPORTING, read_submission([writer.write(document)])).findings
    return {finding.code for finding in found}


def _cases(rule_id: str, said: Mapping[str, Any], usual: str) -> Iterator[Case]:
    for word in ("breaks", "passes"):
        for one in said[word] if isinstance(said[word], list) else [said[word]]:
            yield _case(rule_id, word == "breaks", one, usual)


def _case(rule_id: str, breaks: bool, said: Mapping[str, Any], usual: str) -> Case:
    changes = {place: value for place, value in said.items() if place not in ("course", "now")}
    return Case(rule_id, breaks, said.get("course", usual), said.get("now", LATER), changes)
