"""Conditions on several things at once; the published rules need them, the declared rules mostly do not.

A rule looks at one thing, and reaches others through collections. Where a condition on a member also concerns the thing
itself, and no attribute leads back to that, both are passed on together as a ``Joined``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from mockregister.validation.rules.expression import Condition, Derivation, Path, both
from mockregister.validation.rules.facts import Fact


class Joined(NamedTuple):
    """A member of a collection, and the thing whose collection it is."""

    this: Any
    outer: Any


ALWAYS = Condition(lambda thing: True, "always", word="all")


def every(session: Path, kind: type[Fact]) -> Path:
    """Return the path to all facts of a kind that the rules see at once."""
    get = session.get
    by = Derivation("every", (kind,))
    return Path.worked_out(lambda thing: get(thing).every(kind), get, f"every {kind.__name__.lower()}", by=by)


def pairs(collection: Path) -> Path:
    """Return the path to the members of a collection, each joined with the collection's owner."""
    get, by = collection.get, Derivation("pairs", (collection,))
    return Path.worked_out(lambda thing: [Joined(member, thing) for member in get(thing) or ()], get, collection.reads, by=by)


def those_of(collection: Path, such_that: Condition) -> Path:
    """Return the path to the members of a collection for which the condition holds; the list may be empty."""
    get, test = collection.get, such_that.holds
    reads = collection.reads if such_that is ALWAYS else f"those of {collection.reads} where {such_that.reads}"
    by = Derivation("those", (collection, such_that))
    return Path.worked_out(lambda thing: [member for member in get(thing) or () if test(member)], _present, reads, by=by)


def alone(member: Path, such_that: Condition) -> Path:
    """Return the path to a list that has only this member, if the condition holds for the member; else the list is empty."""
    get, test = member.get, such_that.holds
    reads = f"{member.reads} where {such_that.reads}"
    by = Derivation("alone", (member, such_that))
    return Path.worked_out(lambda thing: [get(thing)] if test(thing) else [], _present, reads, by=by)


def together(collections: list[Path]) -> Path:
    """Return the path to the members of several collections, each member once."""
    gets = [collection.get for collection in collections]

    def get(thing: Any) -> list[Any]:
        return list({id(member): member for get in gets for member in get(thing)}.values())

    reads, by = " and ".join(collection.reads for collection in collections), Derivation("together", tuple(collections))
    return Path.worked_out(get, _present, reads, by=by)


def of_type(report: Path, types: tuple[str, ...]) -> Path:
    """Return the path to a report's results of some types."""
    reads = f"results {' or '.join(types)}"
    if len(types) == 1:
        return report.then(lambda found: found.results_by_type.get(types[0], ()), reads, "results of", *types)
    return report.then(
        lambda found: [result for name in types for result in found.results_by_type.get(name, ())], reads, "results of", *types
    )


def no_member(collection: Path) -> Condition:
    """Return the condition that the collection is missing or has no members."""
    get = collection.get
    return Condition(lambda thing: not get(thing), f"there is none of {collection.reads}", paths=(collection,), word="missing")


def of_kind(path: Path, kind: type) -> Condition:
    """Return the condition that the path leads to a fact of that kind; test it before attributes that only that kind has."""
    get = path.get
    reads = f"{path.reads} is of kind {kind.__name__}"
    return Condition(lambda thing: isinstance(get(thing), kind), reads, paths=(path,), cost=-1, word="kind", values=(kind,))


def all_of(conditions: Sequence[Condition]) -> Condition:
    """Return the condition that all parts hold, tested in the cheapest order; without parts it always holds.

    The order does not matter, because no part depends on another one holding. A part that asks whether a value is present is
    left out if another part demands the value.
    """
    parts = list({(part.reads, _is_of_part(part)): part for part in conditions}.values())
    if not parts:
        return ALWAYS
    tested = [part for part in parts if not _is_implied(part, parts)]
    return replace(both(*parts), holds=both(*sorted(tested, key=lambda part: part.cost)).holds)


def _is_of_part(condition: Condition) -> bool:
    """Return whether the condition says that a part of a value is missing; it has the same words if the value is missing."""
    return condition.word == "missing" and condition.paths[0].owner is condition.paths[0].get


def _is_implied(condition: Condition, parts: list[Condition]) -> bool:
    """Return whether the condition asks for a value that another condition demands, or for one on the way to it."""
    if condition.cost or condition.demands[0].derived:
        return False
    names = condition.demands[0].names
    others = (path for part in parts if part is not condition for path in part.demands)
    return any(path.names[: len(names)] == names for path in others)


def unless(condition: Condition) -> Condition:
    """Return the opposite condition."""
    holds = condition.holds
    reads = f"not ({condition.reads})"
    return Condition(lambda thing: not holds(thing), reads, condition.lists, condition.paths, word="not", parts=(condition,))


def under(root: Path, condition: Condition) -> Condition:
    """Return a condition on the value of ``root`` as a condition on the thing itself."""
    get, holds = root.get, condition.holds
    reads = f"{root.reads}.{condition.reads}"
    return Condition(lambda thing: holds(get(thing)), reads, condition.lists, word="at", parts=(condition,), over=root)


def _present(thing: Any) -> Any:
    return thing
