"""Recognize conditions that the published lists spell out in several constraints and our rules say in one."""

from __future__ import annotations

from mockregister.validation.rules.drools.syntax import AllOf, AnyOf, Bracket, Clause, Constraint, Operand, Route, Step

FROM, TO = "gyldigFraDato", "gyldigTilDato"
THIS = Route((Step("this"),))


def validity_of(constraint: AnyOf) -> tuple[Operand, Operand, Operand] | None:
    """Return code, first and last moment of ``code.gyldigTilDato < first || code.gyldigFraDato > last``; None for anything else.

    Each comparison may be written the other way round; ``code.harGyldigTilDato() &&`` may precede the one with ``gyldigTilDato``.
    """
    if len(constraint.parts) != 2:
        return None
    left, right = (_limit(part) for part in constraint.parts)
    if left is None or right is None or {left[0], right[0]} != {FROM, TO} or str(left[1]) != str(right[1]):
        return None
    ends, begins = (left, right) if left[0] == TO else (right, left)
    return left[1], ends[2], begins[2]


def _limit(constraint: Constraint) -> tuple[str, Operand, Operand] | None:
    """Return the validity limit that a constraint compares with a moment outside of it, its code, and the moment; else None."""
    if isinstance(constraint, AllOf):
        *before, last = constraint.parts
        found = _limit(last)
        check = found and ("harGyldigTilDato()" if found[1] is THIS else f"{found[1]}.harGyldigTilDato()")
        return found if found and found[0] == TO and [str(part) for part in before] == [check] else None
    if isinstance(constraint, AnyOf) or constraint.name:
        return None
    if isinstance(constraint.left, Bracket) and not constraint.operator:
        return _limit(constraint.left.inner)
    return _passed(constraint)


def _passed(clause: Clause) -> tuple[str, Operand, Operand] | None:
    if clause.right is None or isinstance(clause.right, tuple):
        return None
    sides = ((FROM, ">", "<"), (TO, "<", ">"))
    for name, operator, turned in sides:
        for limit, moment, sign in ((clause.left, clause.right, operator), (clause.right, clause.left, turned)):
            code = _code(limit, name)
            if code is not None and clause.operator == sign:
                return name, code, moment
    return None


def _code(operand: Operand, name: str) -> Route | None:
    """Return the code whose validity limit ``name`` the operand is; None if it is anything else."""
    if not isinstance(operand, Route) or (operand.steps[-1].name, operand.steps[-1].arguments) != (name, None):
        return None
    return Route(operand.steps[:-1]) if len(operand.steps) > 1 else THIS
