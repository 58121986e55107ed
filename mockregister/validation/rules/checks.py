"""Checks that many rules share: each says in one word what a pattern of the rule list says in a line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any

from mockregister.validation.rules.expression import Condition, Path, the
from mockregister.validation.rules.facts import Coded, Payment, Report, Result, Stay


def invalid_at(code: Path, moment: Path) -> Condition:
    """The code, or any of several, is not valid at the moment; never so when either is missing."""
    get_code, get_moment = code.get, moment.get

    def holds(thing: Any) -> bool:
        time = get_moment(thing)
        return any(_is_invalid(one, time, time) for one in _each(get_code(thing)))

    return Condition(holds, f"{code.reads} is not valid at {moment.reads}", paths=(code, moment))


def invalid_during(code: Path, period: Path) -> Condition:
    """The code, or any of several, is valid at no time in the period; an end that is missing limits nothing."""
    get_code, get_period = code.get, period.get

    def holds(thing: Any) -> bool:
        start, end = get_period(thing) or (None, None)
        return any(_is_invalid(one, start, end) for one in _each(get_code(thing)))

    return Condition(holds, f"{code.reads} is valid at no time in {period.reads}", paths=(code, period))


def never_valid_together(codes: Path, other: Path) -> Condition:
    """Any of the codes is never valid while the other one is."""
    get_codes, get_other = codes.get, other.get

    def holds(thing: Any) -> bool:
        code = get_other(thing)
        return any(_is_invalid(one, code.valid_from, code.valid_to) for one in _each(get_codes(thing)))

    return Condition(holds, f"{codes.reads} is never valid together with {other.reads}", paths=(codes, other))


def gap_or_overlap(periods: Path) -> Condition:
    """In order of start an end is not the next start, or an open end is not the last."""
    get = periods.get

    def holds(thing: Any) -> bool:
        ordered = sorted(get(thing), key=_by_start)
        return any(one.end is None or one.end != following.start for one, following in pairwise(ordered))

    return Condition(holds, f"{periods.reads} do not follow each other without gap or overlap", paths=(periods,))


def _by_start(timed: Stay | Payment) -> tuple[bool, Any]:
    return (False, 0) if timed.start is None else (True, timed.start)


def _each(codes: Coded | tuple[Coded, ...] | None) -> tuple[Coded, ...]:
    return codes if isinstance(codes, tuple) else () if codes is None else (codes,)


def _is_invalid(code: Coded, start: datetime | None, end: datetime | None) -> bool:
    """Whether a time from start to end lies before or after the code's validity; what is missing limits nothing."""
    if start is not None and code.valid_to is not None and start > code.valid_to:
        return True
    return end is not None and code.valid_from is not None and end < code.valid_from


def named(name: str) -> Condition:
    """The report has that name."""
    return Condition(lambda report: report.key == name, f"name is {name}")


def of_other_type_than(*types: str) -> Condition:
    """The report has a result of a type that is none of these."""
    allowed = frozenset(types)
    return Condition(lambda report: not allowed.issuperset(report.results_by_type), f"a result is none of {', '.join(types)}")


def of_type_beyond(first: str, last: str) -> Condition:
    """The report has a result whose type, as a text, stands before the first or after the last."""
    return Condition(
        lambda report: any(not first <= name <= last for name in report.results_by_type),
        f"a result is none of {first} to {last}",
    )


class Results:
    """The results of some types in a report, as the rules on reports speak of them: ``result("RDA01").absent``."""

    def __init__(self, *types: str) -> None:
        self.types = types
        self.reads = f"result {' or '.join(types)}"

    @property
    def absent(self) -> Condition:
        """There is none."""
        return self._counted("is absent", lambda count: count == 0)

    @property
    def repeated(self) -> Condition:
        """There is more than one."""
        return self._counted("is there more than once", lambda count: count > 1)

    @property
    def not_just_one(self) -> Condition:
        """There is none, or more than one."""
        return self._counted("is not there exactly once", lambda count: count != 1)

    def inside(self, *lists: str, at: Path | None = None) -> Condition:
        """The value of one of them is a code of the lists, in the period of the report's cause or at a moment."""
        return self._any(_looked_up(the.value.inside, lists, at))

    def outside(self, *lists: str, at: Path | None = None) -> Condition:
        """The value of one of them is in none of the lists."""
        return self._any(_looked_up(the.value.outside, lists, at))

    def above(self, limit: int) -> Condition:
        """The value of one of them is a whole number above the limit."""
        return self._any(the.whole_number > limit)

    def _any(self, such_that: Condition) -> Condition:
        test, reads = such_that.holds, such_that.reads.replace("report.", "")
        return Condition(lambda report: any(test(one) for one in self._of(report)), f"{self.reads}: {reads}", such_that.lists)

    def _counted(self, word: str, test: Callable[[int], bool]) -> Condition:
        return Condition(lambda report: test(len(self._of(report))), f"{self.reads} {word}")

    def _of(self, report: Report) -> list[Result]:
        if len(self.types) == 1:
            return report.results_by_type.get(self.types[0], [])
        return [one for name in self.types for one in report.results_by_type.get(name, ())]


result = Results


def _looked_up(membership: Callable[..., Condition], lists: tuple[str, ...], at: Path | None) -> Condition:
    """``at`` is a path of the report; the values of its results are looked up then."""
    if at is None:
        return membership(*lists, during=the.report.cause_period)
    return membership(*lists, at=Path(("report", *at.names)))
