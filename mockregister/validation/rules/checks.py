"""Conditions that many rules share: each function is one word for what the published list spells out in a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from mockregister.validation.rules.expression import Condition, Derivation, Path, the
from mockregister.validation.rules.facts import Coded, Payment, Report, Result, Stay


def invalid_at(code: Path, moment: Path) -> Condition:
    """Return the condition that the code, or any of several, is not valid at the moment; false if either is missing."""
    get_code, get_moment = code.get, moment.get

    def holds(thing: Any) -> bool:
        found = get_code(thing)
        if found is None:
            return False
        time = get_moment(thing)
        return _any_invalid(found, time, time)

    return Condition(holds, f"{code.reads} is not valid at {moment.reads}", paths=(code, moment), word="invalid")


def invalid_during(code: Path, period: Path) -> Condition:
    """Return the condition that the code, or any of several, is valid at no time in the period; a missing end sets no limit."""
    get_code, get_period = code.get, period.get

    def holds(thing: Any) -> bool:
        found = get_code(thing)
        return found is not None and _any_invalid(found, *(get_period(thing) or (None, None)))

    return Condition(holds, f"{code.reads} is valid at no time in {period.reads}", paths=(code, period), word="invalid")


def invalid_between(code: Path, first: Path, last: Path) -> Condition:
    """Return the condition that a code ends before the first moment or begins after the last; a missing moment sets no limit."""
    get_code, get_first, get_last = code.get, first.get, last.get

    def holds(thing: Any) -> bool:
        found = get_code(thing)
        return found is not None and found.is_invalid(get_first(thing), get_last(thing))

    when = f"not valid at {first.reads}" if first.reads == last.reads else f"valid at no time from {first.reads} to {last.reads}"
    return Condition(holds, f"{code.reads or 'it'} is {when}", paths=(code, first, last), demands=(code,), word="invalid")


def never_valid_together(codes: Path, other: Path) -> Condition:
    """Return the condition that one of the codes, or more, is at no time valid together with the other code."""
    get_codes, get_other = codes.get, other.get

    def holds(thing: Any) -> bool:
        row = get_other(thing).row
        return row is not None and _any_invalid(get_codes(thing), row.valid_from, row.valid_to)

    return Condition(holds, f"{codes.reads} is never valid together with {other.reads}", paths=(codes, other), word="apart")


def gap_or_overlap(periods: Path) -> Condition:
    """Return the condition that, in order of start, an end is not the next start, or a period before the last has no end."""
    get = periods.get
    reads = f"{periods.reads} do not follow each other without gap or overlap"
    return Condition(lambda thing: not follow_each_other(get(thing)), reads, paths=(periods,), word="gaps")


def follow_each_other(periods: Sequence[Stay | Payment]) -> bool:
    """Return whether, in order of start, every end is the next start and only the last may be open; True if there are none."""
    ordered = sorted(periods, key=lambda timed: (timed.start is not None, timed.start or 0))
    return all(earlier.end is not None and earlier.end == following.start for earlier, following in pairwise(ordered))


def _any_invalid(codes: Coded | tuple[Coded, ...], start: datetime | None, end: datetime | None) -> bool:
    if isinstance(codes, tuple):
        return any(code.is_invalid(start, end) for code in codes)
    return codes.is_invalid(start, end)


def named(name: str) -> Condition:
    """Return the condition that the report has that name."""
    return Condition(lambda report: report.key == name, f"name is {name}", word="=", values=(name,), over=the.key)


def of_other_type_than(*types: str) -> Condition:
    """Return the condition that the report has a result of a type other than these."""
    allowed = frozenset(types)
    reads = f"a result is none of {', '.join(types)}"
    return Condition(
        lambda report: not allowed.issuperset(report.results_by_type), reads, word="other types", values=types, over=the.results
    )


def of_type_beyond(first: str, last: str) -> Condition:
    """Return the condition that the report has a result whose type, compared as text, is before the first or after the last."""
    return Condition(
        lambda report: any(not first <= name <= last for name in report.results_by_type),
        f"a result is none of {first} to {last}",
        word="other types",
        values=(first, "–", last),
        over=the.results,
    )


class Results:
    """The results of some types in a report, and conditions on them: ``result("RDA01").absent``."""

    def __init__(self, *types: str) -> None:
        self.reads = f"result {' or '.join(types)}"
        self._find = _results_of(types)
        self._path = Path.worked_out(self._find, lambda report: report, self.reads, by=Derivation("results", types))

    @property
    def absent(self) -> Condition:
        """The condition that there is no such result."""
        find = self._find
        return Condition(lambda report: not find(report), f"{self.reads} is absent", word="missing", over=self._path)

    @property
    def repeated(self) -> Condition:
        """The condition that there is more than one such result."""
        find = self._find
        reads = f"{self.reads} is there more than once"
        return Condition(lambda report: len(find(report)) > 1, reads, word="repeated", over=self._path)

    @property
    def not_just_one(self) -> Condition:
        """The condition that there is no such result, or more than one."""
        find = self._find
        reads = f"{self.reads} is not there exactly once"
        return Condition(lambda report: len(find(report)) != 1, reads, word="not one", over=self._path)

    def inside(self, *lists: str, at: Path | None = None) -> Condition:
        """Return the condition that a result's value is in one of the lists, at a moment or else in the cause's period."""
        return self._any(_looked_up(the.value.inside, lists, at), at)

    def outside(self, *lists: str, at: Path | None = None) -> Condition:
        """Return the condition that a result's value is in none of the lists, at a moment or else in the cause's period."""
        return self._any(_looked_up(the.value.outside, lists, at), at)

    def above(self, limit: int) -> Condition:
        """Return the condition that a result's value is a whole number above the limit."""
        return self._any(the.whole_number > limit)

    def _any(self, such_that: Condition, *paths: Path | None) -> Condition:
        find, test, reads = self._find, such_that.holds, such_that.reads.replace("report.", "")
        followed = tuple(path for path in paths if path is not None)
        holds, reads = lambda report: any(test(found) for found in find(report)), f"{self.reads}: {reads}"
        return Condition(holds, reads, such_that.lists, followed, word="some", parts=(such_that,), over=self._path)


result = Results


def _results_of(types: tuple[str, ...]) -> Callable[[Report], Sequence[Result]]:
    if len(types) == 1:
        return lambda report: report.results_by_type.get(types[0], ())
    return lambda report: [found for name in types for found in report.results_by_type.get(name, ())]


def _looked_up(membership: Callable[..., Condition], lists: tuple[str, ...], at: Path | None) -> Condition:
    """Return the condition on the results' values, looked up at ``at`` (a path of the report) or in the cause's period."""
    if at is None:
        return membership(*lists, during=the.report.cause_period)
    return membership(*lists, at=Path(("report", *at.names)))
