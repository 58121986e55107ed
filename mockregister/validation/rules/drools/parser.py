"""Read a published condition: recursive descent, with one method for each line of the notation's grammar.

condition   = "when" element+ "then"
element     = "not" element | "(" element ("or" element)* ")" | pattern
pattern     = [name ":"] type "(" [constraint ("," constraint)*] ")" ["from" source]
source      = path | "collect" "(" element ")"
constraint  = both ("||" both)*
both        = relation ("&&" relation)*
relation    = [name ":"] operand [operator (operand | "(" literal ("," literal)* ")")]
operator    = == != < <= > >= | ["not"] "contains" | ["not"] "in"
operand     = literal | path | "(" constraint ")"
path        = step ("." step)*            step = name | name "(" [operand ("," operand)*] ")"
literal     = 'text' | number | true | false | null
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple, TypeVar

from mockregister.errors import MockRegisterError
from mockregister.validation.rules.drools.syntax import (
    Absence,
    AllOf,
    AnyOf,
    Bracket,
    Clause,
    Collect,
    Constraint,
    Element,
    Literal,
    LiteralValue,
    OneOf,
    Operand,
    Pattern,
    Route,
    Step,
)

TOKEN = re.compile(
    r"\s*(?:(?P<name>[^\W\d]\w*)|(?P<number>-?\d+(?:\.\d+)?)|'(?P<text>[^']*)'|(?P<sign>==|!=|<=|>=|&&|\|\||[<>(),.:])|(?P<end>$))"
)
SIGNS = frozenset({"==", "!=", "<", "<=", ">", ">="})
CONSTANTS: dict[str, LiteralValue] = {"true": True, "false": False, "null": None}
RESERVED = frozenset({"when", "then", "not", "or", "from", "collect", "contains", "in", *CONSTANTS})
DEEPEST = 50  # brackets and nots inside one another; the lists of 2018 have 6

Part = TypeVar("Part")


class ConditionError(MockRegisterError):
    """A condition cannot be read; ``at`` is the offset in its text, from 0, and ``expected`` is what should be there."""

    def __init__(self, at: int, expected: str, text: str) -> None:
        self.at, self.expected = at, expected
        found = " ".join(text[at : at + 40].split())
        super().__init__(f"expected {expected} at character {at + 1}, found {repr(found) if found else 'its end'}")


class Token(NamedTuple):
    """A token of the notation: its kind, its text, and its offset."""

    kind: str
    text: str
    at: int


def parse(text: str) -> tuple[Element, ...]:
    """Return the elements of a condition. Raise ConditionError for a text that is not a condition."""
    return _Parser(text).condition()


def _tokens(text: str) -> list[Token]:
    tokens: list[Token] = []
    position = 0
    while not tokens or tokens[-1].kind != "end":
        match = TOKEN.match(text, position)
        if match is None:
            at = position + len(text[position:]) - len(text[position:].lstrip())
            raise ConditionError(at, "a name, a number, a text in single quotes or a sign", text)
        kind = str(match.lastgroup)
        tokens.append(Token(kind, match[kind], match.start(kind) - (kind == "text")))
        position = match.end()
    return tokens


class _Parser:
    """The state of one parse: the tokens, and how many of them have been read."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens = text, _tokens(text)
        self.position = self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def condition(self) -> tuple[Element, ...]:
        self.expect("when")
        elements = [self.element()]
        while not self.take("then"):
            elements.append(self.element("an element of the condition or 'then'"))
        if self.token.kind != "end":
            raise self.failure("nothing after 'then'")
        return tuple(elements)

    def element(self, expected: str = "an element of the condition") -> Element:
        if self.take("not"):
            return Absence(self.deeper(self.element))
        if self.take("("):
            elements = self.deeper(lambda: self.several(self.element, "or"))
            self.expect(")")
            return elements[0] if len(elements) == 1 else OneOf(elements)
        return self.pattern(expected)

    def pattern(self, expected: str) -> Pattern:
        at = self.token.at
        name = self.bound_name()
        kind = self.name(expected)
        self.expect("(")
        constraints = () if self.sees(")") else self.several(self.constraint, ",")
        self.expect(")", "',' or ')'")
        return Pattern(name, kind, constraints, self.source() if self.take("from") else None, at)

    def source(self) -> Route | Collect:
        if not self.take("collect"):
            return self.route("a path or 'collect'", in_source=True)
        self.expect("(")
        collected = Collect(self.deeper(self.element))
        self.expect(")")
        return collected

    def constraint(self) -> Constraint:
        parts = self.several(self.both, "||")
        return parts[0] if len(parts) == 1 else AnyOf(parts)

    def both(self) -> Clause | AllOf:
        parts = self.several(self.relation, "&&")
        return parts[0] if len(parts) == 1 else AllOf(parts)

    def relation(self) -> Clause:
        at = self.token.at
        name, left, operator = self.bound_name(), self.operand(), self.operator()
        if not operator:
            return Clause(name, left, at=at)
        return Clause(name, left, operator, self.literals() if operator.endswith("in") else self.operand(), at)

    def operator(self) -> str:
        if self.token.text in SIGNS and self.token.kind == "sign":
            return self.advance().text
        negated = "not " if self.take("not") else ""
        for word in ("contains", "in"):
            if self.take(word):
                return negated + word
        if negated:
            raise self.failure("'contains' or 'in'")
        return ""

    def literals(self) -> tuple[Literal, ...]:
        self.expect("(")
        found = self.several(self.literal, ",")
        self.expect(")", "',' or ')'")
        return found

    def operand(self) -> Operand:
        if self.take("("):
            inner = self.deeper(self.constraint)
            self.expect(")")
            return Bracket(inner)
        if self.token.kind in ("text", "number") or self.token.text in CONSTANTS:
            return self.literal()
        return self.route("a value: a path, a literal or a bracket")

    def literal(self) -> Literal:
        kind, text, at = self.token
        if kind == "text":
            value: LiteralValue = text
        elif kind == "number":
            value = Decimal(text) if "." in text else int(text)
        elif kind == "name" and text in CONSTANTS:
            value = CONSTANTS[text]
        else:
            raise self.failure("a text in single quotes, a number, true, false or null")
        self.advance()
        return Literal(value, at)

    def route(self, expected: str, *, in_source: bool = False) -> Route:
        """Return a path. The path of a source takes no arguments, so brackets that follow it begin the next element."""
        steps = [self.step(expected, in_source)]
        while self.take("."):
            steps.append(self.step("a name after '.'", in_source))
        return Route(tuple(steps))

    def step(self, expected: str, in_source: bool) -> Step:
        at, name = self.token.at, self.name(expected)
        if not self.sees("(") or (in_source and self.tokens[self.position + 1].text != ")"):
            return Step(name, None, at)
        self.advance()
        arguments = () if self.sees(")") else self.deeper(lambda: self.several(self.operand, ","))
        self.expect(")", "',' or ')'")
        return Step(name, arguments, at)

    # small steps

    def several(self, part: Callable[[], Part], separator: str) -> tuple[Part, ...]:
        found = [part()]
        while self.take(separator):
            found.append(part())
        return tuple(found)

    def deeper(self, part: Callable[[], Part]) -> Part:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.failure(f"no more than {DEEPEST} brackets inside one another")
        found = part()
        self.depth -= 1
        return found

    def bound_name(self) -> str:
        """Return the name before a colon, if there is one here."""
        if self.token.kind != "name" or self.tokens[self.position + 1].text != ":" or self.token.text in RESERVED:
            return ""
        name = self.advance().text
        self.advance()
        return name

    def name(self, expected: str) -> str:
        if self.token.kind != "name" or self.token.text in RESERVED:
            raise self.failure(expected)
        return self.advance().text

    def sees(self, text: str) -> bool:
        return self.token.text == text and self.token.kind in ("name", "sign")

    def take(self, text: str) -> bool:
        seen = self.sees(text)
        self.position += seen
        return seen

    def expect(self, text: str, expected: str = "") -> None:
        if not self.take(text):
            raise self.failure(expected or f"'{text}'")

    def advance(self) -> Token:
        self.position += 1
        return self.tokens[self.position - 1]

    def failure(self, expected: str) -> ConditionError:
        return ConditionError(self.token.at, expected, self.text)
