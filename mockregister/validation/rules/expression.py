"""The words that rules are written with.

A rule says when it is violated as a clinician would: ``the.end <= the.start``, ``the.type.outside("admin.konttype",
at=the.start)``, ``both(the.end.given, the.completion.missing)``. ``the`` is the thing that the rule looks at, and a path such
as ``the.link.episode.start`` leads from it to a value. The same expression is the test, its English reading in docs/rules.md,
and the list of code lists it names.

What a missing value means is decided here, once (interface specification, section 8): where a value is missing, on the way
or at the end, ``<``, ``<=``, ``>``, ``>=``, ``inside`` and ``outside`` are false; only ``missing``, ``equals`` and
``differs_from`` speak of a missing end, and they too are false when something is missing on the way to it. A code that is
there but in no list at a missing moment is outside.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import reduce
from typing import Any

Test = Callable[[Any], bool]
Get = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """When something is so: the test, how it reads, the code lists it names and the paths it follows."""

    holds: Test
    reads: str
    lists: tuple[str, ...] = ()
    paths: tuple[Path, ...] = ()

    def __bool__(self) -> bool:
        raise TypeError(f"'{self.reads}' is a condition to be tested later: combine with both() and either(), not and/or.")


class Path:
    """The way from the thing a rule looks at to a value; ``get`` gives None where anything is missing.

    ``owner`` gets what the value is of: the thing that has it, or the moment that another moment is worked out from.
    """

    __slots__ = ("get", "names", "owner", "reads")

    def __init__(self, names: tuple[str, ...] = ()) -> None:
        self.names = names
        self.get, self.owner = _getter(names), _getter(names[:-1])
        self.reads = ".".join(names)

    def __getattr__(self, name: str) -> Path:
        if name.startswith("__"):
            raise AttributeError(name)
        return Path((*self.names, name))

    def __lt__(self, other: Path | str | int | float) -> Condition:
        return _comparison(self, operator.lt, "<", other)

    def __le__(self, other: Path | str | int | float) -> Condition:
        return _comparison(self, operator.le, "≤", other)

    def __gt__(self, other: Path | str | int | float) -> Condition:
        return _comparison(self, operator.gt, ">", other)

    def __ge__(self, other: Path | str | int | float) -> Condition:
        return _comparison(self, operator.ge, "≥", other)

    def plus(self, **span: int) -> Path:
        """The moment that much later in elapsed time, whatever the clocks do in between: ``the.end.plus(days=7)``."""
        later = timedelta(**span)
        reads = " and ".join(f"{count:+d} {unit}" for unit, count in span.items())
        return self._worked_out(lambda moment: _later(moment, later), f"{self.reads} {reads}")

    def day(self) -> Path:
        """The date of a moment, as its sender's clock shows it."""
        return self._worked_out(datetime.date, f"the day of {self.reads}")

    def _worked_out(self, work_out: Get, reads: str) -> Path:
        """What can be worked out from the value, if there is one."""
        get, path = self.get, Path(self.names)
        path.get, path.owner, path.reads = lambda thing: None if get(thing) is None else work_out(get(thing)), get, reads
        return path

    @property
    def given(self) -> Condition:
        """It has a value."""
        get = self.get
        return Condition(lambda thing: get(thing) is not None, f"{self.reads} is given", paths=(self,))

    @property
    def missing(self) -> Condition:
        """It has no value, though all on the way to it is there."""
        get, owner = self.get, self.owner
        return Condition(lambda thing: get(thing) is None and owner(thing) is not None, f"{self.reads} is missing", paths=(self,))

    @property
    def empty(self) -> Condition:
        """The list at its end has nothing in it."""
        get = self.get
        return Condition(lambda thing: not get(thing), f"{self.reads} is empty", paths=(self,))

    @property
    def filled(self) -> Condition:
        """The list at its end has something in it."""
        get = self.get
        return Condition(lambda thing: bool(get(thing)), f"{self.reads} is not empty", paths=(self,))

    def equals(self, other: Path) -> Condition:
        """Both ends are the same, be it that both are missing."""
        return _equality(self, operator.eq, "=", other)

    def differs_from(self, other: Path) -> Condition:
        """The ends are not the same; a missing one differs from one that is there."""
        return _equality(self, operator.ne, "≠", other)

    def is_not(self, text: str) -> Condition:
        """It is there and is another text."""
        get = self.get
        return Condition(lambda thing: get(thing) not in (None, text), f"{self.reads} ≠ {text!r}", paths=(self,))

    def inside(self, *lists: str, at: Path | None = None, during: Path | None = None) -> Condition:
        """The code, or any of several, is in any of the lists at a moment, or at some time in a period."""
        return _membership(self, _is_inside, any, "is in", lists, at or during)

    def outside(self, *lists: str, at: Path | None = None, during: Path | None = None) -> Condition:
        """The code, or any of several, is there and in none of the lists."""
        return _membership(self, _is_outside, any, "is not in", lists, at or during)

    def nowhere_in(self, *lists: str, at: Path | None = None, during: Path | None = None) -> Condition:
        """None of the codes is in any of the lists, be it for want of a code."""
        return _membership(self, _is_outside, all, "nowhere has a code in", lists, at or during)


def both(*parts: Condition | Path) -> Condition:
    """All of these are so."""
    return _joined(" and ", lambda first, second: lambda thing: first(thing) and second(thing), parts)


def either(*parts: Condition | Path) -> Condition:
    """At least one of these is so."""
    return _joined(" or ", lambda first, second: lambda thing: first(thing) or second(thing), parts)


def some(collection: Path, such_that: Condition) -> Condition:
    """At least one thing in the collection is so; paths in ``such_that`` start at that thing."""
    get, test = collection.get, such_that.holds
    return _over(collection, such_that, lambda thing: any(test(one) for one in get(thing) or ()), "some")


def none_of(collection: Path, such_that: Condition) -> Condition:
    """Not one thing in the collection is so; paths in ``such_that`` start at that thing."""
    get, test = collection.get, such_that.holds
    return _over(collection, such_that, lambda thing: not any(test(one) for one in get(thing) or ()), "none")


def _getter(names: tuple[str, ...]) -> Get:
    """The function that follows the names, giving None as soon as one of them is missing."""
    if not names:
        return _itself
    last = operator.attrgetter(names[-1])
    if len(names) == 1:
        return last
    before = _getter(names[:-1])

    def follow(thing: Any) -> Any:
        owner = before(thing)
        return None if owner is None else last(owner)

    return follow


def _itself(thing: Any) -> Any:
    return thing


def _later(moment: datetime, span: timedelta) -> datetime:
    """Elapsed time: the moment's own offset is kept, so that no change of the clocks comes in between."""
    return moment.astimezone(timezone(moment.utcoffset() or timedelta())) + span


def _end(other: Path | str | int | float) -> tuple[Get, str, tuple[Path, ...]]:
    """How to get at the right side of a comparison, how it reads, and the paths in it."""
    if isinstance(other, Path):
        return other.get, other.reads, (other,)
    return lambda thing: other, repr(other), ()


def _comparison(left: Path, compare: Callable[[Any, Any], bool], sign: str, right: Path | str | int | float) -> Condition:
    get_left, (get_right, reads, paths) = left.get, _end(right)

    def holds(thing: Any) -> bool:
        one = get_left(thing)
        if one is None:
            return False
        other = get_right(thing)
        return other is not None and compare(one, other)

    return Condition(holds, f"{left.reads} {sign} {reads}", paths=(left, *paths))


def _equality(left: Path, compare: Callable[[Any, Any], bool], sign: str, right: Path) -> Condition:
    get_left, get_right = left.get, right.get
    left_owner, right_owner = left.owner, right.owner

    def holds(thing: Any) -> bool:
        if left_owner(thing) is None or right_owner(thing) is None:
            return False
        return compare(get_left(thing), get_right(thing))

    return Condition(holds, f"{left.reads} {sign} {right.reads}", paths=(left, right))


def _membership(
    code: Path,
    test: Callable[[Any, Any, frozenset[str]], bool],
    together: Callable[[Iterable[bool]], bool],
    word: str,
    lists: tuple[str, ...],
    when: Path | None,
) -> Condition:
    """Look a code up in lists; where there are several, or none, ``together`` decides what comes of their tests."""
    reads = f"{code.reads} {word} {' or '.join(lists)}"
    if when is None:
        raise TypeError(f"'{reads}' needs either at= or during=.")
    get_code, get_when, names = code.get, when.get, frozenset(lists)

    def holds(thing: Any) -> bool:
        found = get_code(thing)
        if found is None or isinstance(found, tuple):
            return together(test(one, get_when(thing), names) for one in found or ())
        return test(found, get_when(thing), names)

    return Condition(holds, f"{reads} {_when_reads(when)}", lists, (code, when))


def _when_reads(when: Path) -> str:
    return f"during {when.reads}" if when.names[-1].endswith("period") else f"at {when.reads}"


# A rule that starts from a code's being in a list asks whether it is known to be; one that demands it takes a doubt for a yes.


def _is_inside(code: Any, when: Any, names: frozenset[str]) -> bool:
    return not names.isdisjoint(code.lists(when))


def _is_outside(code: Any, when: Any, names: frozenset[str]) -> bool:
    return names.isdisjoint(code.lists(when).possible)


def _as_condition(part: Condition | Path) -> Condition:
    """A path alone says that its end is true."""
    if isinstance(part, Condition):
        return part
    get = part.get
    return Condition(lambda thing: get(thing) is True, part.reads, paths=(part,))


def _joined(word: str, join: Callable[[Test, Test], Test], parts: tuple[Condition | Path, ...]) -> Condition:
    conditions = [_as_condition(part) for part in parts]
    other = " or " if word == " and " else " and "
    reads = word.join(f"({part.reads})" if other in part.reads else part.reads for part in conditions)
    lists = tuple(dict.fromkeys(name for part in conditions for name in part.lists))
    paths = tuple(path for part in conditions for path in part.paths)
    *before, last = (part.holds for part in conditions)
    return Condition(reduce(lambda rest, test: join(test, rest), reversed(before), last), reads, lists, paths)


def _over(collection: Path, such_that: Condition, holds: Test, word: str) -> Condition:
    inner = tuple(Path((*collection.names, *path.names)) for path in such_that.paths)
    reads = f"{word} of {collection.reads} has {such_that.reads}"
    return Condition(holds, reads, such_that.lists, (collection, *inner))


the = Path()
