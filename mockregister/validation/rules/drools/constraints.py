"""Turn the constraints of a pattern into conditions: what operands mean, and how they are compared.

The notation treats missing values as our conditions do: ``==`` and ``!=`` compare a missing value at the end of a path like any
other value; if an object inside a path is missing, every comparison is false.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from mockregister.validation.rules.checks import invalid_between
from mockregister.validation.rules.drools.idioms import validity_of
from mockregister.validation.rules.drools.names import CLOCK
from mockregister.validation.rules.drools.parser import ConditionError
from mockregister.validation.rules.drools.syntax import (
    AllOf,
    AnyOf,
    Bracket,
    Clause,
    Constraint,
    Literal,
    Operand,
    Route,
    Step,
)
from mockregister.validation.rules.drools.vocabulary import (
    ANY,
    LISTS,
    MOMENT,
    NULL,
    NUMBER,
    ON_MOMENTS,
    ORDERED,
    TEXT,
    TRUTH,
    TYPES,
    Field,
    Function,
    Value,
    emptiness,
    size,
    truth,
)
from mockregister.validation.rules.expression import Condition, Derivation, Path, either
from mockregister.validation.rules.joins import all_of, unless

KINDS = {str: TEXT, bool: TRUTH, type(None): NULL}


@dataclass
class Names:
    """The names bound so far. Paths to their values begin at the object that the next part of the condition is tested on.

    ``session`` is the path to all facts. ``anchor`` is the object that a finding is reported at. ``certain`` holds the paths, as
    text, of the values that an earlier constraint requires to be present.
    """

    session: Path
    anchor: Value | None
    bound: dict[str, Value] = field(default_factory=dict)
    certain: set[str] = field(default_factory=set)

    def copy(self) -> Names:
        """Return a copy; names added to it are not added here."""
        return Names(self.session, self.anchor, dict(self.bound), set(self.certain))

    def seen_from(self, session: Path | None, *back: str) -> Names:
        """Return the names for another object, from which the attributes ``back`` lead to the present one.

        ``session`` is the new path to all facts; without one the present path is followed from there, too.
        """
        anchor = self.anchor and self.anchor.seen_from(*back)
        bound = {name: value.seen_from(*back) for name, value in self.bound.items()}
        certain = {".".join((*back, reads)) for reads in self.certain}
        return Names(session or self.session.under(*back), anchor, bound, certain)


def follow(value: Value, known: Field) -> Value:
    """Return the value of an object's field."""
    path = getattr(value.path, known.attribute) if known.attribute else value.path.as_part()
    back = (known.back, *value.back) if known.back and value.back is not None else None
    sure = value.sure and known.always
    return Value(path.always() if sure else path, known.kind, known.many, back, sure)


@dataclass(frozen=True)
class PatternView:
    """A pattern while its constraints are read: its object, the names bound so far, and the text of the condition.

    ``in_doubt`` is the result of a look-up if it is unknown whether the code is in the list; under ``not`` it is True.
    """

    this: Value
    names: Names
    text: str
    in_doubt: bool = False

    def mistake(self, at: int, expected: str) -> ConditionError:
        """Return the error that says what was expected at a position of the text."""
        return ConditionError(at, expected, self.text)

    # constraints

    def conditions(self, constraints: Iterable[Constraint]) -> list[Condition]:
        """Return the conditions that all have to hold for the constraints; they may be empty."""
        found = []
        for constraint in constraints:
            condition = self.condition(constraint)
            if condition is not None:
                found.append(condition)
            if isinstance(constraint, Clause) and constraint.operator == "!=" and is_null(constraint.right):
                self.names.certain.add(self.operand(constraint.left).path.reads)
        return found

    def condition(self, constraint: Constraint) -> Condition | None:
        """Return the condition of a constraint; None if the constraint only binds a name."""
        if isinstance(constraint, Clause):
            return self._clause(constraint)
        validity = validity_of(constraint) if isinstance(constraint, AnyOf) else None
        if validity is not None:
            code, first, last = (self.operand(operand).path for operand in validity)
            return invalid_between(code, first, last)
        parts = [self.condition(part) for part in constraint.parts]
        tested = [part for part in parts if part is not None]
        if isinstance(constraint, AllOf):
            return all_of(tested) if tested else None
        return either(*tested) if len(tested) == len(parts) else None

    def _clause(self, clause: Clause) -> Condition | None:
        if not clause.operator:
            return self._alone(clause)
        left = self.operand(clause.left)
        self._bind(clause, left)
        if isinstance(clause.right, tuple):
            return self._among(clause, left, clause.right)
        if clause.right is None:
            raise self.mistake(clause.at, "a value to compare with")
        right = self.operand(clause.right)
        if clause.operator.endswith("contains"):
            return self._contains(clause, left, right)
        if clause.operator in ("==", "!="):
            return self._equality(clause, left, right)
        return self._order(clause, left, right)

    def _bind(self, clause: Clause, value: Value) -> None:
        if clause.name:
            self.names.bound[clause.name] = value.bound()

    def _alone(self, clause: Clause) -> Condition | None:
        if isinstance(clause.left, Bracket) and not clause.name:
            return self.condition(clause.left.inner)
        value = self.operand(clause.left)
        self._bind(clause, value)
        if clause.name:
            return None
        if value.yes is None:
            raise self.mistake(clause.at, f"a value that is true or false, or a comparison; this is {value}")
        return value.yes

    def _among(self, clause: Clause, left: Value, literals: tuple[Literal, ...]) -> Condition:
        for literal in literals:
            kind = self._literal(literal).kind
            if left.many or kind not in (left.kind, NULL):
                raise self.mistake(literal.at, f"{left} to compare with, not {kind}")
        values = [literal.value for literal in literals if literal.value is not None]  # a missing value is in no list
        return left.path.among(*values) if clause.operator == "in" else left.path.not_among(*values)

    def _contains(self, clause: Clause, left: Value, right: Value) -> Condition:
        at, holds = _at(clause.right), clause.operator == "contains"
        if not left.many:
            raise self.mistake(clause.at, f"a list before '{clause.operator}', not {left}")
        fits = right.kind in (TEXT, NULL) if left.kind == LISTS else _same_kind(left, right)
        if right.many or not fits:
            raise self.mistake(at, f"{'the name of a code list' if left.kind == LISTS else left.kind}, not {right}")
        if left.code is None or left.when is None or not isinstance(right.constant, str):
            return left.path.has(right.path) if holds else left.path.lacks(right.path)
        look_up = left.code.inside if holds else left.code.outside
        found = look_up(right.constant, at=left.when, in_doubt=self.in_doubt)
        return either(left.path.missing, found) if left.named and not holds else found

    def _equality(self, clause: Clause, left: Value, right: Value) -> Condition:
        equal = clause.operator == "=="
        if NULL not in (left.kind, right.kind) and not _same_kind(left, right):
            raise self.mistake(_at(clause.right), f"{left} to compare with, not {right}")
        for value, other in ((left, right), (right, left)):
            if other.kind == NULL and value.kind != NULL:
                return value.path.missing if equal else value.path.given
            if isinstance(other.constant, bool) and value.yes is not None and value.no is not None:
                return value.yes if other.constant is equal else value.no
        constant = right.constant
        return (left.path.equals if equal else left.path.differs_from)(right.path if constant is None else constant)

    def _order(self, clause: Clause, left: Value, right: Value) -> Condition:
        for value, operand in ((left, clause.left), (right, clause.right)):
            if value.many or value.kind not in ORDERED:
                raise self.mistake(_at(operand), f"a moment, a date, a text or a number to put in order, not {value}")
        if NULL not in (left.kind, right.kind) and left.kind != right.kind:
            raise self.mistake(_at(clause.right), f"{left} to compare with, not {right}")
        end = right.path if right.constant is None else right.constant
        return {"<": left.path.__lt__, "<=": left.path.__le__, ">": left.path.__gt__, ">=": left.path.__ge__}[clause.operator](
            end
        )

    # operands

    def operand(self, operand: Operand) -> Value:
        """Return the value that an operand stands for. Raise ConditionError if it names something that does not exist."""
        if isinstance(operand, Literal):
            return self._literal(operand)
        return self.route(operand) if isinstance(operand, Route) else self._bracket(operand)

    def _bracket(self, bracket: Bracket) -> Value:
        inner = bracket.inner
        if isinstance(inner, Clause) and not inner.operator:
            value = self.operand(inner.left)
            self._bind(inner, value)
            return value
        opposite = replace(self, in_doubt=not self.in_doubt, names=self.names.copy()).condition(inner)
        yes = self.condition(inner)
        if yes is None or opposite is None:
            raise self.mistake(bracket.at, "a value or a comparison, not only names that are bound")
        path = Path.worked_out(yes.holds, lambda thing: thing, yes.reads, by=Derivation("holds", (yes,)))
        return truth(path, yes, unless(opposite))

    def _literal(self, literal: Literal) -> Value:
        value = literal.value
        by = Derivation("literal", (value,))
        path = Path.worked_out(lambda thing: value, lambda thing: thing, str(literal), by=by)
        kind = KINDS.get(type(value), NUMBER)
        return replace(truth(path), constant=value) if kind == TRUTH else Value(path, kind, constant=value)

    def route(self, route: Route) -> Value:
        """Return the value at the end of a path. Raise ConditionError if a step of it does not exist."""
        first, *rest = route.steps
        if first.name == CLOCK and first.name not in self.names.bound:
            if not rest or (rest[0].name, rest[0].arguments) != ("now", ()):
                raise self.mistake(route.at, "OffsetDateTime.now()")
            value, rest = Value(self.names.session.now, MOMENT, sure=True), rest[1:]
        else:
            value = self._first(first)
        for step in rest:
            value = self._step(value, step)
        return replace(value, sure=value.sure or value.path.reads in self.names.certain)

    def _first(self, step: Step) -> Value:
        if step.arguments is None and step.name in self.names.bound:
            return self.names.bound[step.name]
        return self.this if step.arguments is None and step.name == "this" else self._step(self.this, step)

    def _step(self, value: Value, step: Step) -> Value:
        if step.arguments is not None:
            return self._call(value, step, step.arguments)
        if value.many and step.name == "empty":
            return emptiness(value)
        known = {} if value.many or value.kind not in TYPES else TYPES[value.kind].fields
        if step.name not in known:
            names = "" if value is not self.this else "a name bound before" if value.kind == NULL else " or a name bound before"
            raise self.mistake(step.at, names if value.kind == NULL else f"a field of {value}{_listed(known)}{names}")
        return follow(value, known[step.name])

    def _call(self, value: Value, step: Step, given: tuple[Operand, ...]) -> Value:
        functions = _functions(value)
        if step.name not in functions:
            raise self.mistake(step.at, f"a function of {value}{_listed(functions)}")
        wanted = functions[step.name].arguments
        if len(given) != len(wanted):
            raise self.mistake(step.at, f"{step.name} with {len(wanted)} argument{'' if len(wanted) == 1 else 's'}")
        values = tuple(self.operand(argument) for argument in given)
        for argument, found, kind in zip(given, values, wanted, strict=True):
            if found.many or found.kind not in (kind, NULL):
                raise self.mistake(_at(argument), f"{kind} as argument of {step.name}, not {found}")
        return functions[step.name].make(value, values)


_SIZE = {"size": Function((), lambda value, _: size(value))}


def _functions(value: Value) -> dict[str, Function]:
    if value.many:
        return _SIZE
    return ON_MOMENTS if value.kind == MOMENT else dict(TYPES[value.kind].functions) if value.kind in TYPES else {}


def _listed(known: Iterable[str]) -> str:
    return f" ({', '.join(known)})" if known else ", which has none"


def _same_kind(left: Value, right: Value) -> bool:
    """Return whether two values can be compared; an object can be compared with a list of its type, but never equals it."""
    if ANY in (left.kind, right.kind):
        return left.is_object and right.is_object
    return left.kind == right.kind


def is_null(operand: object) -> bool:
    """Return whether an operand is the literal ``null``."""
    return isinstance(operand, Literal) and operand.value is None


def _at(operand: Operand | tuple[Literal, ...] | None) -> int:
    return operand.at if isinstance(operand, Literal | Route | Bracket) else 0


def is_now(operand: object) -> bool:
    """Return whether an operand is the register's clock, with or without brackets."""
    return str(operand).strip("( )") == f"{CLOCK}.now"
