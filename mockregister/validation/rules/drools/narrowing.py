"""Find where the objects of a pattern must be, so that not every object has to be tested.

This does not decide whether a rule is violated: a constraint is used here to test fewer objects, and is tested on them, too,
unless it holds for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mockregister.validation.rules import facts
from mockregister.validation.rules.drools.constraints import Names, follow, is_null
from mockregister.validation.rules.drools.syntax import (
    AllOf,
    AnyOf,
    Bracket,
    Clause,
    Constraint,
    Literal,
    Operand,
    Pattern,
    Route,
)
from mockregister.validation.rules.drools.vocabulary import TYPES, Field, Value
from mockregister.validation.rules.facts import Fact

KEYS = {"ResultatIndberetning": "navn.kode", "Resultat": "type.kode"}
CAUSES: dict[str, type[Fact]] = {
    "diagnose": facts.AnyCondition,
    "kontakt": facts.Encounter,
    "procedure": facts.Procedure,
    "forloebMarkoer": facts.Marker,
    "forloebElement": facts.Episode,
}
REPORT = TYPES["ResultatIndberetning"].fields
ALONE = {"Patient": "patient", "ForloebElement": "episode"}  # types of which the session has only one object
OWNERS = {
    ("Kontakt", "aktionDiagnose", "=="): ("Diagnose", "encounter"),
    ("Kontakt", "bidiagnoser", "contains"): ("Diagnose", "encounter"),
    ("Kontakt", "procedurer", "contains"): ("Procedure", "encounter"),
    ("ForloebElement", "procedurer", "contains"): ("Procedure", "episode"),
}
ALL_CONDITIONS = frozenset({"aktionDiagnose", "bidiagnoser"})


@dataclass(frozen=True)
class Found:
    """Where objects must be, the field that shows this, and the constraint that thereby holds and need not be tested, if any."""

    value: Value
    field: str
    implied: Constraint | None = None


def key_of(pattern: Pattern) -> tuple[str, Pattern]:
    """Return the report name or result type that a pattern requires (empty if it does not), and the rest of the pattern."""
    for constraint in pattern.constraints:
        names = codes(constraint, KEYS.get(pattern.type, ""))
        if len(names) == 1 and isinstance(constraint, Clause):
            return names[0], without(pattern, constraint)
    return "", pattern


def cause_of(pattern: Pattern) -> tuple[str, Pattern]:
    """Return the field of the cause that a pattern requires a report to have (empty if none), and the rest of the pattern."""
    for constraint in pattern.constraints if pattern.type == "ResultatIndberetning" else ():
        if isinstance(constraint, Clause) and not constraint.name and constraint.operator == "!=":
            left, right = str(constraint.left), constraint.right
            if left in CAUSES and isinstance(right, Literal) and right.value is None:
                return left, without(pattern, constraint)
    return "", pattern


def without(pattern: Pattern, constraint: Constraint | None) -> Pattern:
    """Return the pattern without one of its constraints."""
    left = tuple(each for each in pattern.constraints if each is not constraint)
    return Pattern(pattern.name, pattern.type, left, pattern.source, pattern.at)


def codes(constraint: Constraint, field: str) -> tuple[str, ...]:
    """Return the only texts that a field may have, if the constraint requires just that; otherwise none."""
    if isinstance(constraint, AnyOf):
        found = [codes(part, field) for part in constraint.parts]
        return tuple(dict.fromkeys(name for names in found for name in names)) if all(found) else ()
    if isinstance(constraint, AllOf) or constraint.name or str(constraint.left) != field:
        return ()
    right = constraint.right if isinstance(constraint.right, tuple) else (constraint.right,)
    texts = tuple(operand.value for operand in right if isinstance(operand, Literal) and isinstance(operand.value, str))
    return tuple(dict.fromkeys(texts)) if constraint.operator in ("==", "in") and len(texts) == len(right) else ()


def narrowed(kind: str, constraints: Sequence[Constraint], names: Names) -> Found | None:
    """Return where objects of a type must be to fit the constraints; None if the constraints do not say so."""
    required = (
        constraint
        for constraint in constraints
        if isinstance(constraint, Clause) and constraint.operator == "!=" and is_null(constraint.right)
    )
    found = _Narrowing(kind, names, frozenset(str(clause.left) for clause in required)).first(constraints)
    return replace(found, implied=None) if found is not None and found.field in ALL_CONDITIONS else found


@dataclass(frozen=True)
class _Narrowing:
    """The type of the objects, the names bound before, and the fields that must not be missing."""

    kind: str
    names: Names
    required: frozenset[str]

    def first(self, constraints: Sequence[Constraint]) -> Found | None:
        return next((found for constraint in constraints if (found := self.place(constraint)) is not None), None)

    def place(self, constraint: Constraint) -> Found | None:
        if isinstance(constraint, Clause):
            return self.of_clause(constraint)
        if isinstance(constraint, AllOf):
            found = self.first(constraint.parts)
            presence = None if found is None else f"{found.field} != null"
            nothing_more = found and all(part is found.implied or str(part) == presence for part in constraint.parts)
            return found and replace(found, implied=constraint if nothing_more else None)
        return self.of_ways([self.place(part) for part in constraint.parts if not self.is_never(part)], constraint)

    def of_ways(self, ways: list[Found | None], constraint: AnyOf) -> Found | None:
        """Return where objects must be if all alternatives agree, as in: a condition is its encounter's main or a minor one."""
        known = [way for way in ways if way is not None]
        if len({way.value.path.reads for way in known}) != 1 or len(known) < len(ways):
            return None
        nothing_more = all(way.implied is not None for way in known) and {way.field for way in known} >= ALL_CONDITIONS
        return Found(known[0].value, "", constraint if nothing_more else None)

    def of_clause(self, clause: Clause) -> Found | None:
        if isinstance(clause.left, Bracket) and not clause.operator and not clause.name:
            return self.place(clause.left.inner)
        other, field = self.bound(clause.right), str(clause.left)
        if other is None or other.many or clause.name or field in self.names.bound:
            return None
        sure = other.sure or field in self.required or clause.operator == "contains"
        if clause.operator not in ("==", "contains") or not sure:  # two missing values are equal
            return None
        return self.of_field(field, clause, other)

    def of_field(self, field: str, clause: Clause, other: Value) -> Found | None:
        if field == "this" and clause.operator == "==" and other.kind == self.kind and self.kind not in ALONE:
            return Found(other, field, clause)
        if self.kind == "ResultatIndberetning" and clause.operator == "==":
            return self.of_cause(field, clause, other)
        wanted, attribute = OWNERS.get((self.kind, field, clause.operator), ("", ""))
        found = follow(other, Field(attribute, self.kind, always=wanted == "Diagnose")) if other.kind == wanted else None
        return None if found is None else Found(found, field, clause)

    def of_cause(self, field: str, clause: Clause, other: Value) -> Found | None:
        """Return the reports that an object caused."""
        cause = next((name for name in CAUSES if REPORT[name].kind == other.kind), "")
        if not cause or field not in ("indberetningAarsag", cause):
            return None
        back = None if other.back is None else (REPORT[cause].attribute, *other.back)
        return Found(Value(other.path.reports, "ResultatIndberetning", many=True, back=back), field, clause)

    def is_never(self, constraint: Constraint) -> bool:
        """Return whether an object is compared with a list as equal, which is never true."""
        if not isinstance(constraint, Clause) or constraint.operator != "==" or constraint.name:
            return False
        other, field = self.bound(constraint.right), TYPES[self.kind].fields.get(str(constraint.left))
        return other is not None and other.many and field is not None and not field.many

    def bound(self, operand: Operand | tuple[Literal, ...] | None) -> Value | None:
        """Return the value of a bound name, with or without brackets around it; None for any other operand."""
        while isinstance(operand, Bracket):
            inner = operand.inner
            operand = inner.left if isinstance(inner, Clause) and not inner.operator and not inner.name else None
        if not isinstance(operand, Route) or len(operand.steps) > 1 or operand.steps[0].arguments is not None:
            return None
        value = self.names.bound.get(operand.steps[0].name)
        return value and replace(value, sure=value.sure or value.path.reads in self.names.certain)
