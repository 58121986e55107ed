"""Find which of several codes decide, such as the supplementary codes of a diagnosis, and which entry has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mockregister.model import Period
from mockregister.validation.explaining.deciding import Decided
from mockregister.validation.rules.expression import Condition, Path
from mockregister.validation.rules.facts import Coded, Fact
from mockregister.validation.rules.joins import Joined

# Each field with several codes, after the field of the entry that it is in (empty: the entry itself).
_SEVERAL_CODES = (
    ("", "metastases"),
    ("", "recurrences"),
    ("code", "supplementary"),
    ("reason", "supplementary"),
    ("indication", "supplementary"),
)


def codes_in(value: Any) -> list[Coded]:
    """Return the codes in a value: itself, or those of its parts that are codes."""
    return [part for part in (value if isinstance(value, tuple) else (value,)) if isinstance(part, Coded)]


def deciding_codes(decided: Decided, path: Path) -> tuple[Coded, ...]:
    """Return the codes for which a condition holds, if its path leads to several codes; otherwise return none."""
    condition = decided.condition
    if not decided.holds or condition.word not in ("is in", "is not in", "invalid") or path is not condition.paths[0]:
        return ()
    found = codes_in(path.get(decided.thing))
    ends = [end.get(decided.thing) for end in condition.paths[1:]]
    return tuple(code for code in found if _is_so_of(code, condition, ends)) if len(found) > 1 else ()


def _is_so_of(code: Coded, condition: Condition, ends: Sequence[Any]) -> bool:
    """Return whether a condition holds for a code, looked up at a moment, in a period, or between two moments."""
    if condition.word == "invalid":
        first, *_, last = ends[0] if isinstance(ends[0], Period) else (ends[0], ends[-1])
        return code.is_invalid(first, last)
    return frozenset(condition.lists).isdisjoint(code.lists(ends[0])) == (condition.word == "is not in")


def code_at(path: Path, thing: Any) -> tuple[Coded | None, tuple[str, ...]]:
    """Return the code at which a path begins, and the rest of the path; None if it begins at something else."""
    for step, name in enumerate((*path.names, "")):
        if isinstance(thing, Coded):
            return thing, path.names[step:]
        if not isinstance(thing, Joined):
            break
        thing = getattr(thing, name, None)
    return None, path.names


def bearers(code: Coded, things: Iterable[Any]) -> Iterator[tuple[Fact, tuple[str, ...]]]:
    """Yield each fact that has this code object among its codes, and the names of the path to these codes."""
    for thing in things:
        if isinstance(thing, Joined):
            yield from bearers(code, thing)
        elif isinstance(thing, Fact):
            for owner, field in _SEVERAL_CODES:
                found = getattr(getattr(thing, owner, None) if owner else thing, field, None)
                if any(each is code for each in codes_in(found)):
                    yield thing, (owner, field) if owner else (field,)
