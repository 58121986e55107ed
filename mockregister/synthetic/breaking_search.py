"""Search for a case that breaks a rule without a written case: shipped cases and courses are changed step by step.

A rule that was read from a list is made of the same conditions as the declared ones. So the search can measure how near a course
comes to breaking it: by the number of parts of the condition that hold. It goes on from the nearest courses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import nlargest
from itertools import count, product
from typing import Any

from mockregister.clock import COPENHAGEN, Clock
from mockregister.codes.lists import CodeLists
from mockregister.errors import NotFound
from mockregister.model import ClinicalDocument, EpisodeTree, Submission
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.synthetic.cases import LATER, Case, cases_of, family_cases
from mockregister.synthetic.code_books import PracticeBook
from mockregister.synthetic.courses import FIELDS, course, courses
from mockregister.validation.rules import FAMILIES, Rule, family_of
from mockregister.validation.rules.expression import Condition
from mockregister.validation.rules.gathering import EpisodeFacts

STEPS = 3  # changes made to a course, one after the other
NEAREST = 4  # candidates from which a step goes on
MOST_CASES = 3000  # cases that are tried for one rule; each takes a millisecond or two
MOMENTS = ("day -40 09:00", "day 0 07:30", "day 0 09:30", "day 0 13:00", "day 40 12:00")
TIMES = frozenset({"start", "end", "time", "treatment_start"})
NO_CODES = frozenset({"patient", "born", "number", "country", "municipality", "cause", "reported", "name"})
REPORT, RESULT = re.compile(r"'(RAA\d\d)'"), re.compile(r"'(RD[AB]\d\d)'")
RESULT_VALUES: list[Any] = ["0", "1", "99999", "-1", "0.5", "x"]
WHOLE, IMPOSSIBLE = 1.0, -1.0


@dataclass(frozen=True)
class _Found:
    """A case that breaks a rule or comes near to it, and how near: 1 is breaking it."""

    case: Case
    nearness: float


def cases_breaking(rule: Rule, now: datetime, most: int = MOST_CASES) -> Iterator[Case]:
    """Yield cases in which a rule is violated at the moment ``now``, the simplest first.

    At most ``most`` cases are tried; it yields nothing if none of them breaks the rule.
    """
    lists, near = CodeLists(lenient=False), list[_Found]()
    candidates, left = _shipped(rule), count(most, -1)
    for _ in range(STEPS + 1):
        for case in candidates:
            if next(left) <= 0:
                return
            found = _Found(case, nearness(rule, case, now, lists))
            if found.nearness == WHOLE:
                yield replace(case, rule_id=rule.id, breaks=True)
            if found.nearness >= 0:
                near.append(found)
        near = nlargest(NEAREST, near, key=lambda found: found.nearness)
        candidates = (varied for found in tuple(near) for varied in _varied(found.case, rule))


def is_broken_by(rule: Rule, case: Case, now: datetime) -> bool:
    """Return whether a case breaks a rule, which may be another one than the case was written for."""
    return nearness(rule, case, now) == WHOLE


def nearness(rule: Rule, case: Case, now: datetime, lists: CodeLists | None = None) -> float:
    """Return how near a case comes to breaking a rule, from 0 to 1; ``IMPOSSIBLE`` for changes that cannot be made."""
    book = PracticeBook(lists)
    try:
        documents = case.documents(now.astimezone(COPENHAGEN).date() - timedelta(days=case.days), now, book)
        trees = _touched(documents, book, now)
    except (NotFound, ValueError, KeyError, AttributeError, TypeError):  # a combination of changes that no course can have
        return IMPOSSIBLE
    tables = book.tables()
    facts = (fact for tree in trees for fact in EpisodeFacts(tree, tables, now).facts)
    about = (fact for fact in facts if rule.is_about(type(fact), fact.key, type(fact.cause)))
    return max((_share(rule.violated, fact) for fact in about), default=0.0)


def _touched(documents: list[ClinicalDocument], book: PracticeBook, now: datetime) -> list[EpisodeTree]:
    register = Register(MemoryStore(), book.tables(), Clock(frozen_at=now), Settings())
    *before, last = documents
    for document in before:
        with register.draft([document]) as draft:
            draft.commit(Submission.of([b"<CDA/>"]), ())
    with register.draft([last]) as draft:
        return draft.touched()


def _share(condition: Condition, thing: Any) -> float:
    """Return the share of a condition that holds; 1 only if all of it does."""
    if _holds(condition, thing):
        return WHOLE
    parts = condition.parts
    match condition.word:
        case "all":
            return min(0.99, sum(_share(part, thing) for part in parts) / len(parts))
        case "any":
            return max(_share(part, thing) for part in parts) * 0.99
        case "some" if condition.over is not None:
            return max((_share(parts[0], member) for member in condition.over.get(thing) or ()), default=0.0) * 0.9
    return 0.0


def _holds(condition: Condition, thing: Any) -> bool:
    try:
        return bool(condition.holds(thing))
    except (AttributeError, TypeError):  # this part of a condition assumes that an earlier part holds
        return False


# candidates


def _shipped(rule: Rule) -> Iterator[Case]:
    """Yield the cases for the rule's id and its family, results that its condition names, and every course unchanged."""
    with suppress(NotFound):  # there is no written case
        yield from cases_of(rule.id)
    yield from _with_results(rule)
    for name in courses():
        yield from (Case(rule.id, True, name, moment, {}) for moment in (LATER, "day 0 13:00"))
    family = family_of(rule)
    if family in FAMILIES:
        yield from (case for cases in family_cases(family).values() for case in cases)


def _with_results(rule: Rule) -> Iterator[Case]:
    """Yield reports and results that the condition names, with values of every kind."""
    names = REPORT.findall(rule.published) or [rule.key or "RAA02"]
    values: list[Any] = [f"in {name}" for name in rule.lists] + RESULT_VALUES
    for name, kind, value in product(dict.fromkeys(names), dict.fromkeys(RESULT.findall(rule.published)), values):
        for given in (value, [value, value], [value, value, value]):
            yield Case(rule.id, True, "planned", LATER, {"report": {"name": name, kind: given}})


def _varied(case: Case, rule: Rule) -> Iterator[Case]:
    """Yield the case with one more change, or with a code of another list where it has one."""
    for place, value in _changes(case, rule):
        is_other_list = str(value).startswith("in ") and case.changes.get(place) != value
        if place not in case.changes or is_other_list:
            yield Case(rule.id, True, case.course, case.moment, {**case.changes, place: value})


def _changes(case: Case, rule: Rule) -> Iterator[tuple[str, Any]]:
    """Yield changes: parts added or left out, fields left out, other codes and other times."""
    parts = course(case.course, case.changes)
    codes = [f"in {name}" for name in rule.lists] + sorted(set(re.findall(r"'([A-Z][A-Z0-9]{2,9})'", rule.published)))
    for kind in FIELDS:
        if kind not in parts:
            yield kind, {}
        elif f"{kind} 2" not in parts and kind not in ("patient", "document", "episode"):
            yield f"{kind} 2", dict(parts[kind])
    for part in parts:
        yield part, None
        for field in FIELDS[part.rstrip(" 23456789")].split():
            yield from ((f"{part}.{field.rstrip('!')}", value) for value in _values(field, codes))


def _values(field: str, codes: Iterable[str]) -> Iterator[Any]:
    name = field.rstrip("!")
    if name == field:
        yield None
    if name in TIMES:
        yield from MOMENTS
    elif name in ("unit", "producer"):
        yield from ("psychiatric", "somatic until day -10")
    elif name in ("metastases", "recurrences"):
        yield from ([code] for code in codes)
    elif name not in NO_CODES:
        yield from codes
