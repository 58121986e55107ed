"""Which child may follow which: the particles of a complex type as a table.

HL7's content models are deterministic (a name never matches two particles at the same point), so a state is simply the
particle that was matched last. Positions count from 1; 0 is the place before the first child.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

START, BROKEN = 0, -1


@dataclass(frozen=True)
class Particle:
    """An element of this ``name`` and type, or (without a name) a ``sequence`` or ``choice`` of ``parts``."""

    name: str = ""
    type_name: str = ""
    choice: bool = False
    parts: tuple[Particle, ...] = ()
    optional: bool = False
    repeats: bool = False


@dataclass(frozen=True)
class _Span:
    """The positions that a piece of a model may begin and end with, and whether it may be empty."""

    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    empty: bool = True


class ContentModel:
    """The children that a type allows, in order. After the first error, children are only looked up by name."""

    def __init__(self, particle: Particle) -> None:
        self._elements = [Particle()]
        self._follow: list[set[int]] = [set()]
        span = self._span(particle)
        self._link((START,), span.first)
        self._ends = {START, *span.last} if span.empty else set(span.last)
        self._next = [{self._elements[p].name: p for p in sorted(follow)} for follow in self._follow]
        self._types = {element.name: element.type_name for element in reversed(self._elements)}

    @property
    def names(self) -> list[str]:
        """The names of all children that it allows, in the order of the schema."""
        return list(dict.fromkeys(element.name for element in self._elements[1:]))

    def step(self, state: int, name: str) -> tuple[int, str]:
        """Return the state after a child of this name, and the name of its type, empty for an unknown child."""
        if state != BROKEN:
            state = self._next[state].get(name, BROKEN)
        return state, self._types.get(name, "") if state == BROKEN else self._elements[state].type_name

    def expected(self, state: int) -> list[str]:
        """Return the names of the children that may come next, in the order of the schema."""
        return list(self._next[state])

    def may_end(self, state: int) -> bool:
        """Return whether all required children have come; True after an error."""
        return state == BROKEN or state in self._ends

    def missing(self, state: int, name: str = "") -> list[list[str]]:
        """Return the shortest lists of children that must come before a child of this name or, without a name, before the end.

        Return no list if a child of this name cannot come any more, and one empty list if it may come next.
        """
        ways: dict[int, list[list[str]]] = {state: [[]]}
        seen: set[int] = set()
        while ways:
            arrived = [way for at, each in ways.items() if (name in self._next[at] if name else at in self._ends) for way in each]
            if arrived:
                return arrived
            seen |= ways.keys()
            further: dict[int, list[list[str]]] = {}
            for at, each in ways.items():
                for child, after in self._next[at].items():
                    if after not in seen:
                        further.setdefault(after, []).extend([*way, child] for way in each)
            ways = further
        return []

    def _span(self, particle: Particle) -> _Span:
        if particle.name:
            span = self._element(particle)
        else:
            spans = [self._span(part) for part in particle.parts]
            span = _choice(spans) if particle.choice else self._sequence(spans)
        if particle.repeats:
            self._link(span.last, span.first)
        return _Span(span.first, span.last, span.empty or particle.optional)

    def _element(self, particle: Particle) -> _Span:
        position = len(self._elements)
        self._elements.append(particle)
        self._follow.append(set())
        return _Span((position,), (position,), empty=False)

    def _sequence(self, spans: list[_Span]) -> _Span:
        whole = _Span()
        for span in spans:
            self._link(whole.last, span.first)
            first = whole.first + span.first if whole.empty else whole.first
            last = whole.last + span.last if span.empty else span.last
            whole = _Span(first, last, whole.empty and span.empty)
        return whole

    def _link(self, lasts: tuple[int, ...], firsts: tuple[int, ...]) -> None:
        for last, first in product(lasts, firsts):
            self._follow[last].add(first)


def _choice(spans: list[_Span]) -> _Span:
    first = tuple(position for span in spans for position in span.first)
    last = tuple(position for span in spans for position in span.last)
    return _Span(first, last, any(span.empty for span in spans))
