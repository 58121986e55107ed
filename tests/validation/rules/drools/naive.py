"""A literal evaluation of the notation: every combination of objects is tried.

The translation of a condition has to find the same objects. This evaluation is slow and simple, and shares with the translation
only the table of fields and the functions.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from typing import Any

from mockregister.validation.rules.drools.syntax import (
    Absence,
    AllOf,
    AnyOf,
    Clause,
    Collect,
    Literal,
    OneOf,
    Pattern,
    Route,
)
from mockregister.validation.rules.drools.vocabulary import ON_MOMENTS, TYPES, Value
from mockregister.validation.rules.expression import Path
from mockregister.validation.rules.facts import Session

ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class MissingInside(Exception):
    """A value is missing inside a path: the whole comparison is false."""


class Objects(list):
    """A list of objects, or a collected set."""


def places(elements: Sequence[Any], session: Session) -> set[int]:
    """Return the ids of the facts at which findings are placed."""
    return {id(_standing(elements, env)) for env in _fitting(elements, {}, session)}


def _standing(elements: Sequence[Any], env: dict[str, Any]) -> Any:
    return env["first named"] if "first named" in env else env.get("first", env["session"].episode)


def _fitting(elements: Sequence[Any], env: dict[str, Any], session: Session) -> Iterator[dict[str, Any]]:
    env = {"session": session, **env}
    if not elements:
        yield env
        return
    first, *rest = elements
    for found in _of_element(first, env):
        yield from _fitting(rest, found, session)


def _of_element(element: Any, env: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if isinstance(element, Absence):
        if next(_of_element(element.element, env), None) is None:
            yield env
    elif isinstance(element, OneOf):
        for branch in element.elements:
            yield from _of_element(branch, env)
    else:
        for thing in _candidates(element, env):
            inner = {**env, "this": thing, "this type": element.type}
            if element.name:
                inner[element.name] = thing, element.type
            if all([_holds(constraint, inner) for constraint in element.constraints]):  # noqa: C419 - each part binds its names
                inner.setdefault("first", thing)
                if element.name:
                    inner.setdefault("first named", thing)
                inner.pop("this")
                yield inner


def _candidates(pattern: Pattern, env: dict[str, Any]) -> Sequence[Any]:
    if isinstance(pattern.source, Collect):
        found = {id(names["last"]): names["last"] for names in _collected(pattern.source.element, env)}
        return [Objects(found.values())]
    if pattern.source is None:
        return [fact for fact in env["session"].facts if isinstance(fact, TYPES[pattern.type].fact or ())]
    try:
        value, _ = _follow(pattern.source, {key: value for key, value in env.items() if key != "this"})
    except MissingInside:
        return []
    members = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return [member for member in members if TYPES[pattern.type].fact is None or isinstance(member, TYPES[pattern.type].fact)]


def _collected(element: Any, env: dict[str, Any]) -> Iterator[dict[str, Any]]:
    patterns = element.elements if isinstance(element, OneOf) else (element,)
    for pattern in patterns:
        for thing in _candidates(pattern, env):
            inner = {
                **env,
                "this": thing,
                "this type": pattern.type,
                **({pattern.name: (thing, pattern.type)} if pattern.name else {}),
            }
            if all([_holds(constraint, inner) for constraint in pattern.constraints]):  # noqa: C419 - each part binds its names
                yield {"last": thing}


def _holds(constraint: Any, env: dict[str, Any]) -> bool:
    if isinstance(constraint, AllOf):
        return all([_holds(part, env) for part in constraint.parts])  # noqa: C419 - each part binds its names
    if isinstance(constraint, AnyOf):
        return any([_holds(part, env) for part in constraint.parts])  # noqa: C419 - each part binds its names
    try:
        return _clause(constraint, env)
    except MissingInside:
        if constraint.name:
            env.setdefault(constraint.name, (None, None))
            return not constraint.operator
        return False


def _clause(clause: Clause, env: dict[str, Any]) -> bool:
    try:
        left, kind = _operand(clause.left, env)
    except MissingInside:
        if clause.name:
            env[clause.name] = None, None
        raise
    if clause.name:
        env[clause.name] = left, kind
    if not clause.operator:
        return bool(clause.name) or left is True
    if isinstance(clause.right, tuple):
        among = left in [literal.value for literal in clause.right]
        return among if clause.operator == "in" else not among
    right, _ = _operand(clause.right, env)
    if clause.operator.endswith("contains"):
        among = left is not None and right is not None and right in left
        return among if clause.operator == "contains" else not among
    if clause.operator in ("==", "!="):
        return (left == right) is (clause.operator == "==")
    return left is not None and right is not None and ORDER[clause.operator](left, right)


def _operand(operand: Any, env: dict[str, Any]) -> tuple[Any, Any]:
    if isinstance(operand, Literal):
        return operand.value, None
    if isinstance(operand, Route):
        return _follow(operand, env)
    inner = operand.inner
    if isinstance(inner, Clause) and not inner.operator:
        value = _operand(inner.left, env)
        if inner.name:
            env[inner.name] = value
        return value
    return _holds(inner, env), None


def _follow(route: Route, env: dict[str, Any]) -> tuple[Any, Any]:
    first, *rest = route.steps
    if first.name in env and first.arguments is None and first.name not in ("session", "first", "this type"):
        value, kind = (env["this"], env["this type"]) if first.name == "this" else env[first.name]
    elif first.name == "OffsetDateTime":
        value, kind, rest = env["session"].now, None, rest[1:]
    else:
        value, kind = _step(env["this"], env["this type"], first, env)
    for step in rest:
        if value is None:
            raise MissingInside
        value, kind = _step(value, kind, step, env)
    return value, kind


def _step(value: Any, kind: Any, step: Any, env: dict[str, Any]) -> tuple[Any, Any]:
    if step.name == "empty" and isinstance(value, list | tuple):
        return not value, None
    if step.name == "size":
        return len(value), None
    if step.arguments is None:
        field = TYPES[kind].fields[step.name]
        return (getattr(value, field.attribute) if field.attribute else value), field.kind
    function = (TYPES[kind].functions if kind in TYPES else ON_MOMENTS)[step.name]
    arguments = [_argument(argument, env) for argument in step.arguments]
    made = function.make(_constant(value, kind), tuple(_constant(*argument) for argument in arguments))
    return made.path.get(env["session"]), made.kind if made.kind in TYPES else None


def _argument(operand: Any, env: dict[str, Any]) -> tuple[Any, Any]:
    try:
        return _operand(operand, env)
    except MissingInside:
        return None, None


def _constant(value: Any, kind: Any) -> Value:
    path = Path.worked_out(lambda thing: value, lambda thing: thing, str(value))
    return Value(path, kind or "", constant=value if isinstance(value, str | int) else None)
