"""Conditions on several things at once, which the published rules need and the declared ones mostly do without.

A rule looks at one thing; what it says of others it says over a collection. Where a condition on a member also speaks of the
thing itself, and no attribute leads back to that, both are handed on together, as a ``Joined``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from mockregister.validation.rules.expression import Condition, Path, both
from mockregister.validation.rules.facts import Fact


class Joined(NamedTuple):
    """A member of a collection, and the thing whose collection it is."""

    this: Any
    outer: Any


ALWAYS = Condition(lambda thing: True, "always", word="all")


def every(session: Path, kind: type[Fact]) -> Path:
    """Return the path to all facts of a kind that the rules see at once."""
    get = session.get
    return Path.worked_out(lambda thing: get(thing).every(kind), get, f"every {kind.__name__.lower()}")


def pairs(collection: Path) -> Path:
    """Return the path to the members of a collection, each joined with the thing that the collection is of."""
    get = collection.get
    return Path.worked_out(lambda thing: [Joined(member, thing) for member in get(thing) or ()], get, collection.reads)


def those_of(collection: Path, such_that: Condition) -> Path:
    """Return the path to the members of a collection that are so, which may be none."""
    get, test = collection.get, such_that.holds
    reads = collection.reads if such_that is ALWAYS else f"those of {collection.reads} where {such_that.reads}"
    return Path.worked_out(lambda thing: [member for member in get(thing) or () if test(member)], _present, reads)


def alone(member: Path, such_that: Condition) -> Path:
    """Return the path to a list with the one member if it is so, else to an empty list."""
    get, test = member.get, such_that.holds
    reads = f"{member.reads} where {such_that.reads}"
    return Path.worked_out(lambda thing: [get(thing)] if test(thing) else [], _present, reads)


def together(collections: list[Path]) -> Path:
    """Return the path to the members of several collections, each member once."""
    gets = [collection.get for collection in collections]

    def get(thing: Any) -> list[Any]:
        return list({id(member): member for get in gets for member in get(thing)}.values())

    return Path.worked_out(get, _present, " and ".join(collection.reads for collection in collections))


def of_type(report: Path, types: tuple[str, ...]) -> Path:
    """Return the path to a report's results of some types."""
    reads = f"results {' or '.join(types)}"
    if len(types) == 1:
        return report.then(lambda one: one.results_by_type.get(types[0], ()), reads)
    return report.then(lambda one: [result for name in types for result in one.results_by_type.get(name, ())], reads)


def no_member(collection: Path) -> Condition:
    """There is nothing in the collection, or no collection."""
    get = collection.get
    return Condition(lambda thing: not get(thing), f"there is none of {collection.reads}", paths=(collection,), word="missing")


def of_kind(path: Path, kind: type) -> Condition:
    """Return what the path leads to is a fact of that kind; to be tested before what only such a fact has."""
    get = path.get
    reads = f"{path.reads} is of kind {kind.__name__}"
    return Condition(lambda thing: isinstance(get(thing), kind), reads, paths=(path,), cost=-1, word="kind")


def all_of(conditions: Sequence[Condition]) -> Condition:
    """Return the condition that all of these are so, none being always so, tested in the cheapest order.

    None of them minds when another one does not hold, so that the order does not matter; a value need not be asked for when
    another condition demands it.
    """
    parts = list({(part.reads, _is_of_part(part)): part for part in conditions}.values())
    if not parts:
        return ALWAYS
    tested = [part for part in parts if not _is_implied(part, parts)]
    return replace(both(*parts), holds=both(*sorted(tested, key=lambda part: part.cost)).holds)


def _is_of_part(condition: Condition) -> bool:
    """Return whether something is said to be missing of a thing that must be there, though it reads like the thing itself."""
    return condition.word == "missing" and condition.paths[0].owner is condition.paths[0].get


def _is_implied(condition: Condition, parts: list[Condition]) -> bool:
    """Return whether it asks for a value that another condition demands, or something beyond it."""
    if condition.cost or condition.demands[0].derived:
        return False
    names = condition.demands[0].names
    others = (path for part in parts if part is not condition for path in part.demands)
    return any(path.names[: len(names)] == names for path in others)


def unless(condition: Condition) -> Condition:
    """Return the condition is not so."""
    holds = condition.holds
    reads = f"not ({condition.reads})"
    return Condition(lambda thing: not holds(thing), reads, condition.lists, condition.paths, word="not", parts=(condition,))


def under(root: Path, condition: Condition) -> Condition:
    """Return the condition on what ``root`` leads to, as a condition on the thing itself."""
    get, holds = root.get, condition.holds
    reads = f"{root.reads}.{condition.reads}"
    return Condition(lambda thing: holds(get(thing)), reads, condition.lists, word="at", parts=(condition,), over=root)


def _present(thing: Any) -> Any:
    return thing
