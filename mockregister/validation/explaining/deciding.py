"""Which parts of a condition decided, found by taking it apart as it was put together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from mockregister.validation.rules.expression import Condition, Path

MOST_MEMBERS = 5  # members of a collection that are named
TRUE, FALSE = ("true", "= (True,)", "≠ (False,)"), ("false", "= (False,)", "≠ (True,)")


@dataclass(frozen=True, slots=True)
class Decided:
    """A condition without parts, the thing for which it was tested, and whether it holds.

    If the thing is a member of a collection, ``owner`` is the thing that has this collection.
    """

    condition: Condition
    thing: Any
    so: bool = True
    owner: Any = None


def deciding(condition: Condition, thing: Any, so: bool = True, owner: Any = None) -> Iterator[Decided]:
    """Yield the parts that decided whether a condition is true or false.

    If parts that are joined by "and" are true, all of them decided; if not, the false ones did. For parts joined by "or" it is
    the other way round.
    """
    match condition.word:
        case "all" | "any":
            alone_decides = (condition.word == "any") == so
            for part in condition.parts:
                if not alone_decides or is_so(part, thing) == so:
                    yield from deciding(part, thing, so, owner)
        case "not":
            yield from deciding(condition.parts[0], thing, not so, owner)
        case "at":
            yield from deciding(condition.parts[0], _found(condition, thing), so, owner)
        case "some" | "none":
            yield from _of_members(condition, thing, so)
        case _:
            yield _plain(Decided(condition, thing, so, owner))


def _plain(decided: Decided) -> Decided:
    """Return what a function of a published list says, in the words of the algebra: a report is given, periods have gaps."""
    condition, word = decided.condition, f"{decided.condition.word} {decided.condition.values or ''}".strip()
    if not condition.paths or word not in TRUE + FALSE:
        return decided
    path, so = condition.paths[0], (word in TRUE) == decided.so
    match path.by.word, path.by.parts:
        case "has report", _:
            return replace(decided, condition=replace(condition, word="given", values=()), so=so)
        case "same", (Path() as patient, _):
            return replace(decided, condition=replace(condition, word="same", values=(), paths=(patient,)), so=so)
        case "follow", (Path() as owner, str(name)):
            return replace(
                decided, condition=replace(condition, word="gaps", values=(), paths=(getattr(owner, name),)), so=not so
            )
    return decided


def _of_members(condition: Condition, thing: Any, so: bool) -> Iterator[Decided]:
    """Yield the members that decide: those that fulfil the condition, or all of them (and their number) if none does."""
    members, (such_that,) = _found(condition, thing) or (), condition.parts
    if (condition.word == "some") == so:
        for member in islice((each for each in members if is_so(such_that, each)), MOST_MEMBERS):
            yield from deciding(such_that, member, owner=thing)
        return
    yield Decided(condition, thing, so)
    for member in islice(members, MOST_MEMBERS):
        yield from deciding(such_that, member, so=False, owner=thing)


def _found(condition: Condition, thing: Any) -> Any:
    return None if condition.over is None else condition.over.get(thing)


def is_so(condition: Condition, thing: Any) -> bool | None:
    """Return whether the condition is true, or None if an earlier part of the condition rules the test out."""
    try:
        return bool(condition.holds(thing))
    except Exception:
        return None
