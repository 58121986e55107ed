"""For each business rule, minimal cases that break it and cases that nearly do.

They are in rule_cases/<family>.yml, in the notation of courses: a course to start from (``planned`` unless the file or the
case names another), the changes made to it, and ``now``, the register's time (noon of day 20 by default). The tests try every
case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Any

import yaml

from mockregister.clock import COPENHAGEN
from mockregister.errors import NotFound
from mockregister.model import ClinicalDocument
from mockregister.synthetic.code_books import CodeBook
from mockregister.synthetic.courses import course, documents, moment_of
from mockregister.validation.rules import FAMILIES

LATER = "day 20 12:00"


@dataclass(frozen=True)
class Case:
    """One case of a rule: the course it starts from, its changes, the register's time, and whether the rule is broken."""

    rule_id: str
    breaks: bool
    course: str
    moment: str
    changes: Mapping[str, Any]

    @property
    def days(self) -> int:
        """Return the number of days from the encounter to the register's time."""
        return int(moment_of(self.moment)[0])

    def now(self, day: date) -> datetime:
        """Return the register's time if the encounter is on ``day``."""
        clock = time.fromisoformat(moment_of(self.moment)[1])
        return datetime.combine(day + timedelta(days=self.days), clock, COPENHAGEN)

    def documents(self, day: date, now: datetime, book: CodeBook) -> list[ClinicalDocument]:
        """Return the documents to submit, in order."""
        return documents(course(self.course, self.changes), day, now, book, self.rule_id)


def cases_of(rule_id: str) -> tuple[Case, ...]:
    """Return the cases of a rule, breaking ones first. Raise NotFound for an unknown id."""
    family = next((name for name, rules in FAMILIES.items() if any(rule.id == rule_id for rule in rules)), None)
    if family is None:
        raise NotFound(f"There is no rule '{rule_id}'; mockregister rules list shows them all.")
    return family_cases(family).get(rule_id, ())


@cache
def family_cases(family: str) -> dict[str, tuple[Case, ...]]:
    """Return the cases of a family's rules by rule id."""
    text = resources.files("mockregister.synthetic").joinpath("rule_cases", f"{family}.yml").read_text("utf-8")
    written: dict[str, Any] = yaml.safe_load(text)
    usual = written.pop("course", "planned")
    return {rule_id: tuple(_cases(rule_id, rule_cases, usual)) for rule_id, rule_cases in written.items()}


def _cases(rule_id: str, rule_cases: Mapping[str, Any], usual: str) -> Iterator[Case]:
    for word in ("breaks", "passes"):
        for case in rule_cases[word] if isinstance(rule_cases[word], list) else [rule_cases[word]]:
            changes = {place: value for place, value in case.items() if place not in ("course", "now")}
            yield Case(rule_id, word == "breaks", case.get("course", usual), case.get("now", LATER), changes)
