"""Find which parts of a condition decided whether it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from mockregister.validation.rules.expression import Condition, Path

MOST_MEMBERS = 5  # members of a collection that are named
# How a condition on a truth value reads: its word, and its values if it is a comparison.
TRUE, FALSE = ("true", "= (True,)", "≠ (False,)"), ("false", "= (False,)", "≠ (True,)")


@dataclass(frozen=True, slots=True)
class Decided:
    """A condition without parts, the thing for which it was tested, and whether it holds.

    If the thing is a member of a collection, ``owner`` is the thing that has this collection.
    """

    condition: Condition
    thing: Any
    holds: bool = True
    owner: Any = None


def deciding(condition: Condition, thing: Any, holds: bool = True, owner: Any = None) -> Iterator[Decided]:
    """Yield the parts that decided whether a condition is true or false.

    If a condition whose parts are joined by "and" is true, all parts decided; if it is false, the false parts did. If the parts
    are joined by "or", the true ones or, if none is true, all of them decided.
    """
    match condition.word:
        case "all" | "any":
            alone_decides = (condition.word == "any") == holds
            for part in condition.parts:
                if not alone_decides or is_so(part, thing) == holds:
                    yield from deciding(part, thing, holds, owner)
        case "not":
            yield from deciding(condition.parts[0], thing, not holds, owner)
        case "at":
            yield from deciding(condition.parts[0], _found(condition, thing), holds, owner)
        case "some" | "none":
            yield from _of_members(condition, thing, holds)
        case _:
            yield _plain(Decided(condition, thing, holds, owner))


def _plain(decided: Decided) -> Decided:
    """Return a condition that calls a function of the published lists as one of ours: a report is given, periods have gaps."""
    condition, word = decided.condition, f"{decided.condition.word} {decided.condition.values or ''}".strip()
    if not condition.paths or word not in TRUE + FALSE:
        return decided
    path, holds = condition.paths[0], (word in TRUE) == decided.holds
    match path.by.word, path.by.parts:
        case "has report", _:
            return replace(decided, condition=replace(condition, word="given", values=()), holds=holds)
        case "same", (Path() as patient, _):
            return replace(decided, condition=replace(condition, word="same", values=(), paths=(patient,)), holds=holds)
        case "follow", (Path() as owner, str(name)):
            return replace(
                decided, condition=replace(condition, word="gaps", values=(), paths=(getattr(owner, name),)), holds=not holds
            )
    return decided


def _of_members(condition: Condition, thing: Any, holds: bool) -> Iterator[Decided]:
    """Yield what decided about a collection: the members that fulfil the condition, or, if none does, it and all its members."""
    members, (such_that,) = _found(condition, thing) or (), condition.parts
    if (condition.word == "some") == holds:
        for member in islice((each for each in members if is_so(such_that, each)), MOST_MEMBERS):
            yield from deciding(such_that, member, owner=thing)
        return
    yield Decided(condition, thing, holds)
    for member in islice(members, MOST_MEMBERS):
        yield from deciding(such_that, member, holds=False, owner=thing)


def _found(condition: Condition, thing: Any) -> Any:
    return None if condition.over is None else condition.over.get(thing)


def is_so(condition: Condition, thing: Any) -> bool | None:
    """Return whether the condition is true; None if testing it fails, as on a thing that another part of the rule excludes."""
    try:
        return bool(condition.holds(thing))
    except Exception:
        return None
