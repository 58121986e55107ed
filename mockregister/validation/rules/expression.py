"""The language that rules are written in.

A rule says when it is violated as a clinician would: ``the.end <= the.start``, ``the.type.outside("admin.konttype",
at=the.start)``, ``both(the.end.given, the.completion.missing)``. ``the`` is the thing that the rule looks at, and a path such
as ``the.link.episode.start`` leads from it to a value. The same expression is the test, its English reading in docs/rules.md,
and the list of code lists it names.

Missing values are handled here, in one place (interface specification, section 8). If a value is missing, at the end of a path
or on the way to it, ``<``, ``<=``, ``>``, ``>=``, ``inside`` and ``outside`` are false. ``missing``, ``equals``,
``differs_from``, ``not_among`` and ``lacks`` can be true of a missing end, but are false if something is missing on the way to
it. ``nowhere_in`` is true if there is no code. A code that is present is ``outside`` the lists of a missing moment.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, NamedTuple

Test = Callable[[Any], bool]
Get = Callable[[Any], Any]
Literal = str | int | float | Decimal | bool


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A condition: the test, how it reads, the code lists it names and the paths it follows.

    ``demands`` are the paths whose ends must be present for the condition to hold. ``cost`` roughly says how long the test
    takes; 0 is the cost of asking whether a value is present.

    The other fields keep the structure, so that an explanation can show what decided. ``word`` names what the condition says
    about the ends of ``paths`` and the literal ``values``, or how it joins its ``parts``. The part of "at" is tested on the end
    of ``over``, that of "some" and "none" on its members.
    """

    holds: Test
    reads: str
    lists: tuple[str, ...] = ()
    paths: tuple[Path, ...] = ()
    demands: tuple[Path, ...] = ()
    cost: int = 4
    word: str = ""
    values: tuple[object, ...] = ()
    parts: tuple[Condition, ...] = ()
    over: Path | None = None

    def simple(self) -> Iterator[Condition]:
        """Yield the conditions that are not made of others, about the same thing."""
        if not self.parts:
            yield self
        elif self.over is None:
            for part in self.parts:
                yield from part.simple()

    def __bool__(self) -> bool:
        raise TypeError(f"'{self.reads}' is a condition to be tested later: combine with both() and either(), not and/or.")


class Derivation(NamedTuple):
    """How a value is computed: a word for it, and the paths, conditions and literals that it is computed from."""

    word: str
    parts: tuple[object, ...] = ()


NOT_COMPUTED = Derivation("")


class Path:
    """The way from the thing that a rule looks at to a value; ``get`` returns None if anything is missing.

    ``owner`` returns the owner of the value: the thing that has it, or the moment that another moment is computed from.
    ``names`` are the attributes on the way. They describe the whole path unless it is ``derived``: computed from another path,
    or beginning elsewhere. The first ``sure`` of them are never missing. ``by`` says how a derived value is computed.
    """

    __slots__ = ("by", "derived", "get", "names", "owner", "reads", "sure")

    def __init__(self, names: tuple[str, ...] = (), sure: int = 0) -> None:
        self.names, self.derived, self.sure, self.by = names, False, sure, NOT_COMPUTED
        self.get, self.owner = _getter(names, sure), _getter(names[:-1], sure)
        self.reads = ".".join(names)

    @classmethod
    def worked_out(cls, get: Get, owner: Get, reads: str, names: tuple[str, ...] = (), by: Derivation = NOT_COMPUTED) -> Path:
        """Return the path to a value that ``get`` computes; it is missing where ``owner`` returns None."""
        path = cls(names)
        path.get, path.owner, path.reads, path.derived, path.by = get, owner, reads, True, by
        return path

    def __getattr__(self, name: str) -> Path:
        if name.startswith("__"):
            raise AttributeError(name)
        if not self.derived:
            return Path((*self.names, name), self.sure)
        return self.then(operator.attrgetter(name), f"{self.reads}.{name}", "attribute", name)

    def __lt__(self, other: Path | Literal) -> Condition:
        return _comparison(self, operator.lt, "<", other)

    def __le__(self, other: Path | Literal) -> Condition:
        return _comparison(self, operator.le, "≤", other)

    def __gt__(self, other: Path | Literal) -> Condition:
        return _comparison(self, operator.gt, ">", other)

    def __ge__(self, other: Path | Literal) -> Condition:
        return _comparison(self, operator.ge, "≥", other)

    def then(self, work_out: Get, reads: str, word: str = "", *parts: object) -> Path:
        """Return the path to what ``work_out`` computes from the value, if there is one; ``word`` and ``parts`` describe how."""
        get = self.get

        def follow(thing: Any) -> Any:
            owner = get(thing)
            return None if owner is None else work_out(owner)

        return Path.worked_out(follow, get, reads, self.names, Derivation(word, (self, *parts)))

    def as_bound(self) -> Path:
        """Return the path to the same value as bound to a name: nothing on the way to it counts as missing."""
        path = Path(self.names, self.sure)
        path.get, path.owner, path.reads, path.derived, path.by = self.get, _itself, self.reads, self.derived, self.by
        return path

    def always(self) -> Path:
        """Return the same path, marked as never missing."""
        return self if self.derived or self.sure < len(self.names) - 1 else Path(self.names, len(self.names))

    def as_part(self) -> Path:
        """Return the path to a part of the value that is the value itself: if the value is missing, the part has no owner."""
        path = self.as_bound()
        path.owner = self.get
        return path

    def under(self, *names: str) -> Path:
        """Return the path to the same value from another object, from which these attributes lead to the present one."""
        root, path = _getter(names, len(names)), Path((*names, *self.names), len(names) + self.sure)
        if self.derived:
            get, owner, reads = self.get, self.owner, ".".join((*names, self.reads))
            by = Derivation("from", (self, Path(names)))
            return Path.worked_out(lambda thing: get(root(thing)), lambda thing: owner(root(thing)), reads, path.names, by)
        path.owner = _itself if self.owner is _itself else path.get if self.owner is self.get else path.owner
        return path

    def plus(self, **span: int) -> Path:
        """Return the path to the moment that much elapsed time later, as in ``the.end.plus(days=7)``."""
        later = timedelta(**span)
        reads = " and ".join(f"{count:+d} {unit}" for unit, count in span.items())
        return self.then(lambda moment: later_by(moment, later), f"{self.reads} {reads}", "plus", span)

    def day(self) -> Path:
        """Return the path to the date of a moment, in the moment's own offset from UTC."""
        return self.then(datetime.date, f"the day of {self.reads}", "day")

    @property
    def given(self) -> Condition:
        """The condition that there is a value."""
        get = self.get
        reads = f"{self.reads} is given"
        return Condition(lambda thing: get(thing) is not None, reads, paths=(self,), demands=(self,), cost=0, word="given")

    @property
    def missing(self) -> Condition:
        """The condition that there is no value, though everything on the way to it is present."""
        get, owner = self.get, self.owner
        reads = f"{self.reads} is missing"
        if owner is _itself:
            return Condition(lambda thing: get(thing) is None, reads, paths=(self,), cost=_cost(self), word="missing")
        return Condition(
            lambda thing: get(thing) is None and owner(thing) is not None, reads, paths=(self,), cost=_cost(self), word="missing"
        )

    @property
    def empty(self) -> Condition:
        """The condition that the list at the end is present and has no members."""
        get = self.get

        def holds(thing: Any) -> bool:
            found = get(thing)
            return found is not None and not found

        return Condition(holds, f"{self.reads} is empty", paths=(self,), word="missing")

    @property
    def filled(self) -> Condition:
        """The condition that the list at the end has a member."""
        get = self.get
        return Condition(lambda thing: bool(get(thing)), f"{self.reads} is not empty", paths=(self,), word="given")

    def equals(self, other: Path | Literal) -> Condition:
        """Return the condition that both ends are the same, also when both are missing."""
        return _equality(self, operator.eq, "=", other)

    def differs_from(self, other: Path | Literal) -> Condition:
        """Return the condition that the ends are not the same; a missing end differs from a present one."""
        return _equality(self, operator.ne, "≠", other)

    def is_not(self, text: str) -> Condition:
        """Return the condition that the value is present and differs from the text."""
        get = self.get
        reads = f"{self.reads} ≠ {text!r}"
        return Condition(lambda thing: get(thing) not in (None, text), reads, paths=(self,), word="≠", values=(text,))

    def among(self, *values: Literal) -> Condition:
        """Return the condition that the value is present and one of these values."""
        get = self.get
        reads = f"{self.reads} is among {', '.join(map(str, values))}"
        return Condition(lambda thing: get(thing) in values, reads, paths=(self,), demands=(self,), word="among", values=values)

    def not_among(self, *values: Literal) -> Condition:
        """Return the condition that the value is none of these values; a missing value is none of them."""
        get, owner = self.get, self.owner
        reads = f"{self.reads} is not among {', '.join(map(str, values))}"
        return Condition(
            lambda thing: get(thing) not in values and owner(thing) is not None,
            reads,
            paths=(self,),
            word="not among",
            values=values,
        )

    def has(self, other: Path) -> Condition:
        """Return the condition that the list at the end has the other value in it."""
        get, get_other = self.get, other.get

        def holds(thing: Any) -> bool:
            found, wanted = get(thing), get_other(thing)
            return found is not None and wanted is not None and wanted in found

        ends = self, other
        reads = f"{self.reads} has {other.reads or 'it'} in it"
        return Condition(holds, reads, paths=ends, demands=ends, cost=_cost(*ends), word="has")

    def lacks(self, other: Path) -> Condition:
        """Return the condition that the list at the end does not have the other value in it, or that either is missing."""
        get, owner, get_other, other_owner = self.get, self.owner, other.get, other.owner

        def holds(thing: Any) -> bool:
            if owner(thing) is None or other_owner(thing) is None:
                return False
            found = get(thing)
            return found is None or get_other(thing) not in found

        return Condition(holds, f"{self.reads} has not {other.reads or 'it'} in it", paths=(self, other), word="lacks")

    def inside(self, *lists: str, at: Path | None = None, during: Path | None = None, in_doubt: bool = False) -> Condition:
        """Return the condition that the code, or any of several, is in any of the lists at a moment, or at some time in a period.

        ``in_doubt`` is the result when it is unknown whether the code is in a list. Raise TypeError without a moment or period.
        """
        return _membership(self, _may_be_inside if in_doubt else _is_inside, any, "is in", lists, at or during)

    def outside(self, *lists: str, at: Path | None = None, during: Path | None = None, in_doubt: bool = False) -> Condition:
        """Return the condition that the code, or any of several, is present and in none of the lists.

        The time of the look-up, ``in_doubt`` and the error are as in ``inside``.
        """
        return _membership(self, _may_be_outside if in_doubt else _is_outside, any, "is not in", lists, at or during)

    def nowhere_in(self, *lists: str, at: Path | None = None, during: Path | None = None) -> Condition:
        """Return the condition that none of the codes is in any of the lists; it holds if there is no code."""
        return _membership(self, _is_outside, all, "nowhere has a code in", lists, at or during)


def both(*parts: Condition | Path) -> Condition:
    """Return the condition that all of these hold. Raise TypeError if there are none."""
    conditions = [_as_condition(part) for part in parts]
    demands = tuple(path for part in conditions for path in part.demands)
    return replace(_joined("all", " and ", _all_of, conditions), demands=demands)


def either(*parts: Condition | Path) -> Condition:
    """Return the condition that at least one of these holds. Raise TypeError if there are none."""
    return _joined("any", " or ", _any_of, [_as_condition(part) for part in parts])


def some(collection: Path, such_that: Condition) -> Condition:
    """Return the condition that ``such_that`` holds for at least one member of a collection; its paths start at the member."""
    found = _over(collection, such_that, _any(collection.get, such_that.holds), "some")
    return replace(found, demands=(collection,))


def none_of(collection: Path, such_that: Condition) -> Condition:
    """Return the condition that ``such_that`` holds for no member of a collection; its paths start at the member."""
    is_any = _any(collection.get, such_that.holds)
    return _over(collection, such_that, lambda thing: not is_any(thing), "none")


def _any(get: Get, test: Test) -> Test:
    def holds(thing: Any) -> bool:
        for member in get(thing) or ():  # noqa: SIM110 - any() of a generator takes twice as long
            if test(member):
                return True
        return False

    return holds


def _getter(names: tuple[str, ...], sure: int = 0) -> Get:
    """Return the function that follows the names, and returns None once a value is missing; the first ``sure`` never are."""
    if not names:
        return _itself
    if len(names) <= sure + 1:
        return operator.attrgetter(".".join(names))
    before, last = _getter(names[:-1], sure), operator.attrgetter(names[-1])

    def follow(thing: Any) -> Any:
        owner = before(thing)
        return None if owner is None else last(owner)

    return follow


def _itself(thing: Any) -> Any:
    return thing


def later_by(moment: datetime, span: timedelta) -> datetime:
    """Return a moment plus elapsed time; it keeps its offset from UTC, so clock changes do not matter."""
    return moment.astimezone(timezone(moment.utcoffset() or timedelta())) + span


def _written(literal: Literal) -> str:
    return repr(literal) if isinstance(literal, str) else str(literal)


def _comparison(left: Path, compare: Callable[[Any, Any], bool], sign: str, right: Path | Literal) -> Condition:
    if not isinstance(right, Path):
        return _compared(left, compare, sign, right)
    get_left, get_right = left.get, right.get

    def holds(thing: Any) -> bool:
        left_value = get_left(thing)
        if left_value is None:
            return False
        right_value = get_right(thing)
        return right_value is not None and compare(left_value, right_value)

    ends = left, right
    return Condition(holds, f"{left.reads} {sign} {right.reads}", paths=ends, demands=ends, cost=_cost(*ends), word=sign)


def _compared(left: Path, compare: Callable[[Any, Any], bool], sign: str, right: Literal) -> Condition:
    get = left.get

    def holds(thing: Any) -> bool:
        found = get(thing)
        return found is not None and compare(found, right)

    reads = f"{left.reads} {sign} {_written(right)}"
    return Condition(holds, reads, paths=(left,), demands=(left,), cost=_cost(left), word=sign, values=(right,))


def _cost(*paths: Path) -> int:
    """Return how long following the paths takes: a computed value costs more than one that a fact holds."""
    return 1 + sum(25 if path.derived else len(path.names) for path in paths)


def _equality(left: Path, compare: Callable[[Any, Any], bool], sign: str, right: Path | Literal) -> Condition:
    get_left, left_owner = left.get, left.owner
    if isinstance(right, Path):
        return _equal_ends(left, compare, sign, right)
    reads, demands = f"{left.reads} {sign} {_written(right)}", (left,) if compare is operator.eq else ()

    def holds(thing: Any) -> bool:
        return left_owner(thing) is not None and compare(get_left(thing), right)

    if demands or left_owner is _itself:  # a missing value equals no literal, so its owner does not matter
        plain = Condition(lambda thing: compare(get_left(thing), right), reads, (), (left,), demands, _cost(left))
        return replace(plain, word=sign, values=(right,))
    return Condition(holds, reads, paths=(left,), cost=_cost(left), word=sign, values=(right,))


def _equal_ends(left: Path, compare: Callable[[Any, Any], bool], sign: str, right: Path) -> Condition:
    get_left, get_right, left_owner, right_owner = left.get, right.get, left.owner, right.owner

    def holds(thing: Any) -> bool:
        if left_owner(thing) is None or right_owner(thing) is None:
            return False
        return compare(get_left(thing), get_right(thing))

    reads = f"{left.reads or 'it'} {sign} {right.reads or 'it'}"
    return Condition(holds, reads, paths=(left, right), cost=_cost(left, right), word=sign)


def _membership(
    code: Path,
    test: Callable[[Any, Any, frozenset[str]], bool],
    together: Callable[[Iterable[bool]], bool],
    word: str,
    lists: tuple[str, ...],
    when: Path | None,
) -> Condition:
    """Return the condition that looks codes up in lists; ``together`` combines the tests of several codes."""
    reads = f"{code.reads} {word} {' or '.join(lists)}"
    if when is None:
        raise TypeError(f"'{reads}' needs either at= or during=.")
    get_code, get_when, names = code.get, when.get, frozenset(lists)

    def holds(thing: Any) -> bool:
        found = get_code(thing)
        if found is None or isinstance(found, tuple):
            return together(test(member, get_when(thing), names) for member in found or ())
        return test(found, get_when(thing), names)

    demands = (code,) if together is any else ()
    cost = _cost(code, when) + (5 if test is _is_inside else 10)  # few codes are in a list, so this test often saves the others
    reads = f"{reads} {'during' if when.reads.endswith('period') else 'at'} {when.reads}"
    return Condition(holds, reads, lists, (code, when), demands, cost, word)


# A rule that starts from a code's list requires certain membership; a rule that demands a list accepts a possible one.


def _is_inside(code: Any, when: Any, names: frozenset[str]) -> bool:
    return not names.isdisjoint(code.lists(when))


def _is_outside(code: Any, when: Any, names: frozenset[str]) -> bool:
    return names.isdisjoint(code.lists(when).possible)


def _may_be_inside(code: Any, when: Any, names: frozenset[str]) -> bool:
    return not _is_outside(code, when, names)


def _may_be_outside(code: Any, when: Any, names: frozenset[str]) -> bool:
    return not _is_inside(code, when, names)


def _as_condition(part: Condition | Path) -> Condition:
    """Return a condition as it is, and for a path the condition that its end is true."""
    if isinstance(part, Condition):
        return part
    get = part.get
    return Condition(lambda thing: get(thing) is True, part.reads, paths=(part,), word="true")


def _joined(word: str, sign: str, join: Callable[[Sequence[Test]], Test], parts: list[Condition]) -> Condition:
    if not parts:
        raise TypeError("both() and either() need at least one condition.")
    if len(parts) == 1:
        return parts[0]
    other = " or " if word == "all" else " and "
    reads = sign.join(f"({part.reads})" if other in part.reads else part.reads for part in parts)
    lists = tuple(dict.fromkeys(name for part in parts for name in part.lists))
    paths = tuple(path for part in parts for path in part.paths)
    cost, tests = 1 + sum(part.cost for part in parts), [part.holds for part in parts]
    return Condition(join(tests), reads, lists, paths, cost=cost, word=word, parts=tuple(parts))


def _all_of(tests: Sequence[Test]) -> Test:
    """Return a test that stops at the first part that fails; a few parts are unrolled, as each call costs time."""
    match tests:
        case [a, b]:
            return lambda thing: a(thing) and b(thing)
        case [a, b, c]:
            return lambda thing: a(thing) and b(thing) and c(thing)
        case [a, b, c, d]:
            return lambda thing: a(thing) and b(thing) and c(thing) and d(thing)
    return _all_of([*tests[:3], _all_of(tests[3:])])


def _any_of(tests: Sequence[Test]) -> Test:
    """Return a test that stops at the first part that holds."""
    match tests:
        case [a, b]:
            return lambda thing: a(thing) or b(thing)
        case [a, b, c]:
            return lambda thing: a(thing) or b(thing) or c(thing)
    return _any_of([*tests[:2], _any_of(tests[2:])])


def _over(collection: Path, such_that: Condition, holds: Test, word: str) -> Condition:
    inner = () if collection.derived else tuple(Path((*collection.names, *path.names)) for path in such_that.paths)
    reads = f"{word} of {collection.reads} has {such_that.reads}"
    cost = _cost(collection) + 3 + such_that.cost // 3
    paths = collection, *inner
    return Condition(holds, reads, such_that.lists, paths, cost=cost, word=word, parts=(such_that,), over=collection)


the = Path()
"""The thing that a rule looks at."""
