"""The names that the parts of a condition bind and use, so that independent parts can be tested separately."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mockregister.validation.rules.drools.syntax import (
    Absence,
    AllOf,
    AnyOf,
    Bracket,
    Clause,
    Collect,
    Constraint,
    Element,
    OneOf,
    Operand,
    Pattern,
    Route,
)

CLOCK = "OffsetDateTime"


def conjuncts(constraints: Sequence[Constraint]) -> Iterator[Clause | AnyOf]:
    """Yield the constraints that all have to hold; those joined by ``&&`` are yielded separately."""
    for constraint in constraints:
        match constraint:
            case AllOf():
                yield from conjuncts(constraint.parts)
            case Clause(name="", left=Bracket() as bracket, operator=""):
                yield from conjuncts([bracket.inner])
            case _:
                yield constraint


def patterns(element: Element) -> Iterator[Pattern]:
    """Yield the patterns of an element that match objects, in order; those under ``not`` are left out."""
    if isinstance(element, Pattern):
        yield element
    elif isinstance(element, OneOf):
        for branch in element.elements:
            yield from patterns(branch)


def bound_by(element: Element) -> frozenset[str]:
    """Return the names that an element binds for those after it."""
    own = frozenset(pattern.name for pattern in patterns(element))
    clauses = (clause for pattern in patterns(element) for constraint in pattern.constraints for clause in _clauses(constraint))
    return own.union(clause.name for clause in clauses) - {""}


def used_by(element: Element) -> frozenset[str]:
    """Return the names that paths in an element begin with, including those of fields."""
    if isinstance(element, Absence):
        return used_by(element.element)
    if isinstance(element, OneOf):
        return frozenset().union(*map(used_by, element.elements))
    source = element.source
    if isinstance(source, Collect):
        return used_in(element.constraints) | used_by(source.element)
    return used_in(element.constraints) | (_first(source) if source is not None else frozenset())


def used_in(constraints: Sequence[Constraint]) -> frozenset[str]:
    """Return the names that paths in the constraints begin with."""
    clauses = (clause for constraint in constraints for clause in _clauses(constraint))
    return frozenset().union(*(_in_operand(operand) for clause in clauses for operand in _operands(clause)))


def has_pattern(element: Element, wanted: Pattern | None) -> bool:
    """Return whether this pattern object, not only an equal one, is in the element."""
    return any(pattern is wanted for pattern in patterns(element))


def _clauses(constraint: Constraint) -> Iterator[Clause]:
    if isinstance(constraint, Clause):
        yield constraint
        if isinstance(constraint.left, Bracket):
            yield from _clauses(constraint.left.inner)
        if isinstance(constraint.right, Bracket):
            yield from _clauses(constraint.right.inner)
    else:
        for part in constraint.parts:
            yield from _clauses(part)


def _operands(clause: Clause) -> Iterator[Operand]:
    yield clause.left
    if isinstance(clause.right, tuple):
        yield from clause.right
    elif clause.right is not None:
        yield clause.right


def _in_operand(operand: Operand) -> frozenset[str]:
    if isinstance(operand, Bracket):
        return used_in([operand.inner])
    return _first(operand) if isinstance(operand, Route) else frozenset()


def _first(route: Route) -> frozenset[str]:
    arguments = (argument for step in route.steps for argument in step.arguments or ())
    return frozenset({route.steps[0].name}).union(*map(_in_operand, arguments))
