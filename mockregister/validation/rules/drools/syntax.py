"""The parts of a published condition. ``str`` of each is its text in the notation; ``at`` is its offset in the condition."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

LiteralValue = str | int | Decimal | bool | None


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, a number, ``true``, ``false`` or ``null``."""

    value: LiteralValue
    at: int = 0

    def __str__(self) -> str:
        if isinstance(self.value, str):
            return f"'{self.value}'"
        if self.value is None or isinstance(self.value, bool):
            return {None: "null", True: "true", False: "false"}[self.value]
        return format(self.value, "f") if isinstance(self.value, Decimal) else str(self.value)


@dataclass(frozen=True, slots=True)
class Step:
    """A name on a path; with ``arguments`` it is a call."""

    name: str
    arguments: tuple[Operand, ...] | None = None
    at: int = 0

    def __str__(self) -> str:
        return self.name if self.arguments is None else f"{self.name}({', '.join(map(str, self.arguments))})"


@dataclass(frozen=True, slots=True)
class Route:
    """Names and calls with dots between them, from an object to a value."""

    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return ".".join(map(str, self.steps))

    @property
    def at(self) -> int:
        """Its offset in the condition."""
        return self.steps[0].at


@dataclass(frozen=True, slots=True)
class Clause:
    """An operand alone, or compared with another one or with a list of literals; ``name`` binds the first operand's value."""

    name: str
    left: Operand
    operator: str = ""
    right: Operand | tuple[Literal, ...] | None = None
    at: int = 0

    def __str__(self) -> str:
        bound = f"{self.name} : {self.left}" if self.name else str(self.left)
        if not self.operator:
            return bound
        right = f"( {', '.join(map(str, self.right))} )" if isinstance(self.right, tuple) else str(self.right)
        return f"{bound} {self.operator} {right}"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Constraints joined by ``&&``."""

    parts: tuple[Clause, ...]

    def __str__(self) -> str:
        return " && ".join(map(str, self.parts))


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Constraints joined by ``||``; ``&&`` binds tighter."""

    parts: tuple[Clause | AllOf, ...]

    def __str__(self) -> str:
        return " || ".join(map(str, self.parts))


Constraint = Clause | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Bracket:
    """A constraint in brackets, used as a value."""

    inner: Constraint

    def __str__(self) -> str:
        return f"( {self.inner} )"

    @property
    def at(self) -> int:
        """Its offset in the condition."""
        return first_of(self.inner).at


Operand = Literal | Route | Bracket


@dataclass(frozen=True, slots=True)
class Collect:
    """``collect( … )``: the set of all objects that fit an element."""

    element: Element

    def __str__(self) -> str:
        return f"collect ( {self.element} )"


@dataclass(frozen=True, slots=True)
class Pattern:
    """An object of a type for which the constraints hold, from anywhere or from a source; ``name`` binds it."""

    name: str
    type: str
    constraints: tuple[Constraint, ...]
    source: Route | Collect | None = None
    at: int = 0

    def __str__(self) -> str:
        bound = f"{self.name} : {self.type}" if self.name else self.type
        source = f" from {self.source}" if self.source else ""
        return f"{bound}( {', '.join(map(str, self.constraints))} ){source}"


@dataclass(frozen=True, slots=True)
class Absence:
    """``not``: no object matches the element."""

    element: Element

    def __str__(self) -> str:
        return f"not {self.element}"


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several elements: ``( A or B )``."""

    elements: tuple[Element, ...]

    def __str__(self) -> str:
        return f"( {' or '.join(map(str, self.elements))} )"


Element = Pattern | Absence | OneOf


def written(elements: tuple[Element, ...]) -> str:
    """Return a whole condition in the notation of the list."""
    return " ".join(("when", *map(str, elements), "then"))


def first_of(constraint: Constraint) -> Clause:
    """Return the first clause of a constraint."""
    return constraint if isinstance(constraint, Clause) else first_of(constraint.parts[0])
