"""Codes that advice may name: examples from the lists of a condition, and the lists of a code that is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from mockregister.codes import validity
from mockregister.codes.tables import CodeTables
from mockregister.model import Period
from mockregister.validation.explaining.deciding import Decided
from mockregister.validation.explaining.vocabulary import SILENT
from mockregister.validation.rules.expression import Condition
from mockregister.validation.rules.joins import Joined
from mockregister.validation.rules.rule import RuleBook

_EXAMPLES = 3  # codes of a list that advice names


class KnownCodes:
    """The codes of these tables, as the rules ask for them at the moment ``now``."""

    def __init__(self, tables: CodeTables, rules: RuleBook, now: datetime) -> None:
        self._tables, self._rules, self._now = tables, rules, now
        self._known: dict[tuple[str, tuple[datetime, ...]], str] = {}

    def examples(self, condition: Condition, thing: Any) -> str:
        """Return a few codes of the lists that a condition on a thing names, with their terms; empty if the tables have none.

        They are valid at the moments at which the condition looks them up, or now if it names no moment.
        """
        moments = tuple(_moments(condition, thing)) or (self._now,)
        return next(filter(None, (self._of_list(name, moments) for name in condition.lists)), "")

    def _of_list(self, name: str, moments: tuple[datetime, ...]) -> str:
        if (name, moments) not in self._known:
            rows = self._tables.sks.search(list_name=name)
            valid = (row for row in rows if all(validity.holds(row, moment) for moment in moments))
            self._known[name, moments] = ", ".join(f"{row.code} ({row.term})" for row in islice(valid, _EXAMPLES))
        return self._known[name, moments]

    def wanted(self, decided: Decided) -> tuple[Condition, Any] | None:
        """Return the condition of a rule that says which lists a missing code must be from, and the thing to test it on.

        Return None if there is no such condition.
        """
        thing = decided.thing.this if isinstance(decided.thing, Joined) else decided.thing
        names = _names_of(decided.condition)
        for rule in self._rules if names else ():
            if isinstance(thing, rule.on):
                for condition in rule.violated.simple():
                    if condition.word == "is not in" and _names_of(condition) == names:
                        return condition, thing
        return None


def _moments(condition: Condition, thing: Any) -> Iterator[datetime]:
    """Yield the moments at which a condition on a thing looks codes up; for a period, both its ends."""
    for path in condition.paths[1:] if thing is not None else ():
        value = path.get(thing)
        yield from (end for end in (value if isinstance(value, Period) else (value,)) if isinstance(end, datetime))


def _names_of(condition: Condition) -> tuple[str, ...]:
    """Return the attributes in the first path of a condition; none if it has no path."""
    return tuple(name for path in condition.paths[:1] for name in path.names if name not in SILENT)
