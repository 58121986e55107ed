"""Conditions with small changes, such as a list has from month to month."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from mockregister.validation.rules.drools.syntax import (
    Absence,
    AllOf,
    AnyOf,
    Bracket,
    Clause,
    Collect,
    Element,
    OneOf,
    Pattern,
)

OPERATORS = (("==", "!="), ("<", "<=", ">", ">="), ("contains", "not contains"), ("in", "not in"))


def mutant(elements: tuple[Element, ...], random: Random) -> tuple[Element, ...]:
    """Return the condition with other operators, fewer constraints, ``and`` for ``or``, or another number of ``not``."""
    return tuple(_element(element, random) for element in elements)


def _element(element: Any, random: Random) -> Any:
    if isinstance(element, Absence):
        inner = _element(element.element, random)
        return inner if random.random() < 0.2 else Absence(inner)
    if isinstance(element, OneOf):
        return OneOf(tuple(_element(branch, random) for branch in element.elements))
    constraints = [_constraint(constraint, random) for constraint in element.constraints]
    if len(constraints) > 1 and random.random() < 0.2:
        del constraints[random.randrange(len(constraints))]
    source = element.source
    if isinstance(source, Collect):
        source = Collect(_element(source.element, random)) if isinstance(source.element, Pattern | OneOf) else source
    changed = replace(element, constraints=tuple(constraints), source=source)
    return Absence(changed) if random.random() < 0.1 and element.source is None else changed


def _constraint(constraint: Any, random: Random) -> Any:
    if isinstance(constraint, Clause):
        return _clause(constraint, random)
    parts = tuple(_constraint(part, random) for part in constraint.parts)
    if random.random() > 0.3:
        return type(constraint)(parts)
    return AnyOf(parts) if isinstance(constraint, AllOf) else AllOf(tuple(inner for part in parts for inner in _flat(part)))


def _clause(clause: Clause, random: Random) -> Clause:
    left = Bracket(_constraint(clause.left.inner, random)) if isinstance(clause.left, Bracket) else clause.left
    like = next((group for group in OPERATORS if clause.operator in group), (clause.operator,))
    return replace(clause, left=left, operator=random.choice(like) if random.random() < 0.3 else clause.operator)


def _flat(part: Any) -> tuple[Any, ...]:
    return part.parts if isinstance(part, AllOf) else (part,)
