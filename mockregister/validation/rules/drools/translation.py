"""Translate the parts of a published condition into a condition of our own rules.

A published condition matches a combination of objects. Our condition is tested on one object, where the finding is reported,
and follows attributes from there; other objects are members of its collections, or of all facts in the session. To be as fast
as a declared rule, the translation looks for objects only where they must be: ``Kontakt( procedurer contains P )`` is the
encounter of ``P``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache

from mockregister.validation.rules import facts
from mockregister.validation.rules.drools.constraints import Names, PatternView, is_now
from mockregister.validation.rules.drools.names import CLOCK, bound_by, conjuncts, has_pattern, patterns, used_by, used_in
from mockregister.validation.rules.drools.narrowing import ALONE, CAUSES, cause_of, codes, key_of, narrowed, without
from mockregister.validation.rules.drools.parser import ConditionError, parse
from mockregister.validation.rules.drools.syntax import Absence, Clause, Collect, Element, OneOf, Pattern, Route
from mockregister.validation.rules.drools.vocabulary import ANY, NULL, TYPES, Value
from mockregister.validation.rules.expression import Condition, Path, either, none_of, some, the
from mockregister.validation.rules.facts import Fact
from mockregister.validation.rules.joins import (
    all_of,
    alone,
    every,
    no_member,
    of_kind,
    of_type,
    pairs,
    those_of,
    together,
    unless,
)

MOST_ALTERNATIVES = 64
REMEMBERED = 4096  # conditions; a list has 400


@dataclass(frozen=True)
class Translation:
    """A published condition as a rule needs it: the kind of fact that findings are reported at, its key and cause, and the test.

    ``deadline`` is the path to the moment after which the condition no longer holds, if it compares that moment with the clock.
    """

    on: type[Fact]
    violated: Condition
    key: str = ""
    cause: type[Fact] | None = None
    deadline: Path | None = None


@lru_cache(maxsize=REMEMBERED)
def translate(text: str) -> Translation:
    """Return a published condition as a condition of our own rules. Raise ConditionError if it cannot be read.

    Translations are remembered, because lists of different months share most conditions.
    """
    alternatives = list(_alternatives(parse(text), text))
    translated = [_Alternative(text, elements, anchor).translation() for elements, anchor in alternatives]
    if len(translated) == 1:
        return translated[0]
    kinds = {condition.on for condition in translated}
    on = kinds.pop() if len(kinds) == 1 else Fact
    return Translation(on, either(*(_of_kind(condition) for condition in translated)))


def _of_kind(translation: Translation) -> Condition:
    """Return the condition of one of several alternatives, so that it can be tested on facts of any kind."""
    on, key, cause, holds = translation.on, translation.key, translation.cause or object, translation.violated.holds

    def fits(fact: Fact) -> bool:
        return isinstance(fact, on) and key in ("", fact.key) and isinstance(fact.cause, cause) and holds(fact)

    return replace(translation.violated, holds=fits, paths=())


def _alternatives(
    elements: tuple[Element, ...], text: str, limit: int = MOST_ALTERNATIVES
) -> Iterator[tuple[tuple[Element, ...], Pattern | None]]:
    """Yield the elements with the pattern that findings are reported at; if an ``or`` contains it, once for each branch.

    Raise ConditionError if this gives more than MOST_ALTERNATIVES.
    """
    first = _first(elements)
    choice = next((element for element in elements if isinstance(element, OneOf) and has_pattern(element, first)), None)
    if choice is None:
        yield elements, _anchor(elements)
        return
    if len(choice.elements) > limit:
        raise ConditionError(0, f"no more than {MOST_ALTERNATIVES} alternatives", text)
    for branch in choice.elements:
        one_way = tuple(branch if element is choice else element for element in elements)
        yield from _alternatives(one_way, text, limit // len(choice.elements))


def _first(elements: Sequence[Element]) -> Pattern | None:
    """Return the first pattern with a name, else the first one, else None."""
    known = [pattern for element in elements for pattern in patterns(element)]
    return next((pattern for pattern in known if pattern.name), known[0] if known else None)


def _anchor(elements: Sequence[Element]) -> Pattern | None:
    """Return the pattern that findings are reported at: the first or, if its objects are not facts, the one they come from."""
    known = [pattern for element in elements for pattern in patterns(element)]
    chosen = _first(elements)
    while chosen is not None and (chosen.type not in TYPES or TYPES[chosen.type].fact is None):
        before = known[: next(place for place, pattern in enumerate(known) if pattern is chosen)]
        root = _root(chosen)
        chosen = next((pattern for pattern in reversed(before) if root in bound_by(pattern)), None)
    return chosen


def _root(pattern: Pattern) -> str:
    """Return the first name in the source of a pattern, or of what the pattern collects."""
    source = pattern.source
    if isinstance(source, Collect):
        return next((_root(inner) for inner in patterns(source.element)), "")
    return source.steps[0].name if source is not None else ""


class _Alternative:
    """One of the alternatives in which a condition can hold, with the pattern that findings are reported at."""

    def __init__(self, text: str, elements: tuple[Element, ...], anchor: Pattern | None) -> None:
        self.text, self.elements, self.anchor = text, elements, anchor
        self.key = self.cause = ""
        if anchor is not None and anchor is elements[0] and anchor.source is None:
            flat = replace(anchor, constraints=tuple(conjuncts(anchor.constraints)))
            self.key, flat = key_of(flat)
            self.cause, self.anchor = cause_of(flat)
            self.elements = (self.anchor, *elements[1:])

    def translation(self) -> Translation:
        on = facts.Episode if self.anchor is None else TYPES[self.anchor.type].fact
        assert on is not None
        found = None if self.anchor is None else Value(the.as_bound(), self.anchor.type, back=(), sure=True)
        names = Names(the.session, found)
        if self.cause:
            names.certain.add(TYPES["ResultatIndberetning"].fields[self.cause].attribute)
        violated = all_of(self.conditions(self.elements, names, in_doubt=False))
        deadline = None if found is None else self.deadline(found, names)
        return Translation(on, violated, self.key, CAUSES.get(self.cause), deadline)

    def deadline(self, anchor: Value, names: Names) -> Path | None:
        """Return the moment that is compared with the clock: ``slutTidspunkt.plusDays(7) > ( OffsetDateTime.now() )``."""
        assert self.anchor is not None
        for clause in self.anchor.constraints:
            if isinstance(clause, Clause) and clause.operator in (">", ">=") and is_now(clause.right):
                with suppress(ConditionError):  # the operand begins with another object, and there may be several
                    return PatternView(anchor, names, self.text).operand(clause.left).path
        return None

    def conditions(self, elements: Sequence[Element], names: Names, *, in_doubt: bool) -> list[Condition]:
        """Return what has to hold for all of the elements; independent parts are tested separately."""
        found: list[Condition] = []
        for place, element in enumerate(elements):
            rest = elements[place + 1 :]
            if isinstance(element, Absence):
                found.append(self.absence(element, names.copy(), in_doubt=in_doubt))
                continue
            needed = rest if any(bound_by(element) & used_by(each) for each in rest) else ()
            if isinstance(element, OneOf):
                ways = [self.conditions((way, *needed), names.copy(), in_doubt=in_doubt) for way in element.elements]
                found.append(either(*map(all_of, ways)))
            else:
                some_of, inner = self.pattern(element, needed, names, in_doubt=in_doubt)
                if some_of is None:
                    found += inner
                    continue
                found.append(some(some_of, all_of(inner)) if inner else some_of.filled)
            if needed:
                break
        return found

    def absence(self, absence: Absence, names: Names, *, in_doubt: bool) -> Condition:
        """Return the condition that no object matches. Inside it, look-ups with an unknown result count the other way round."""
        element = absence.element
        if isinstance(element, Pattern):
            none_in, inner = self.pattern(element, (), names, in_doubt=not in_doubt)
            if none_in is not None:
                return none_of(none_in, all_of(inner)) if inner else no_member(none_in)
            return unless(all_of(inner))
        return unless(all_of(self.conditions((element,), names, in_doubt=not in_doubt)))

    def pattern(
        self, pattern: Pattern, needed: Sequence[Element], names: Names, *, in_doubt: bool
    ) -> tuple[Path | None, list[Condition]]:
        """Return where to look for a pattern's objects (None if the object is at hand), and what has to hold for them.

        ``needed`` are elements that use names bound by the pattern; they are tested for each object that matches.
        """
        sourced = self.from_source(pattern, names)
        value, pattern = self.candidates(pattern, names)
        if not value.many or pattern.type == "Set":
            return None, [*sourced, *self.fitting(pattern, value, names, in_doubt=in_doubt)]
        inside = self.entered(value, pattern, needed, names)
        found = self.fitting(pattern, inside.member, inside.names, in_doubt=in_doubt)
        return inside.collection, [*found, *self.conditions(needed, inside.names, in_doubt=in_doubt)]

    def from_source(self, pattern: Pattern, names: Names) -> list[Condition]:
        """Return the condition that the object a finding is reported at comes from the source of its pattern, if there is one."""
        if pattern is not self.anchor or names.anchor is None or not isinstance(pattern.source, Route):
            return []
        source, _ = self.sourced(pattern, names)
        return [source.path.has(names.anchor.path) if source.many else source.path.equals(names.anchor.path)]

    def fitting(self, pattern: Pattern, value: Value, names: Names, *, in_doubt: bool) -> list[Condition]:
        """Return what has to hold for an object that is at hand, and bind the names in its pattern."""
        found = [] if value.sure else [value.path.given]
        this = replace(value, sure=True, path=value.path.as_bound())
        if pattern.name:
            names.bound[pattern.name] = this
        if value.kind == ANY:
            this, kind = replace(this, kind=pattern.type), TYPES[pattern.type].fact or object
            found.append(of_kind(value.path, kind))
        return [*found, *PatternView(this, names, self.text, in_doubt).conditions(conjuncts(pattern.constraints))]

    def entered(self, value: Value, pattern: Pattern, needed: Sequence[Element], names: Names) -> _Inside:
        """Return how the members of a collection are tested.

        A member is tested alone if nothing else is used, or if its attributes lead back to what is; otherwise it is paired with
        the object that the collection belongs to.
        """
        own = the.session if TYPES[pattern.type].fact is not None else None
        member = replace(value, path=the.as_bound(), many=False, back=(), sure=True)
        used = used_in(pattern.constraints).union(*map(used_by, needed))
        asks_session = own is None and (CLOCK in used or bool(needed))
        if not asks_session and used.isdisjoint(names.bound) and not any(has_pattern(element, self.anchor) for element in needed):
            return _Inside(value.path, Names(own or the.session, None), member)
        if value.back is not None:
            return _Inside(value.path, names.seen_from(own, *value.back), member)
        inside = names.seen_from(None if own is None else the.this.session, "outer")
        return _Inside(pairs(value.path), inside, replace(member, path=the.this.as_bound(), back=None), joined=True)

    # where objects are

    def candidates(self, pattern: Pattern, names: Names) -> tuple[Value, Pattern]:
        """Return where the objects of a pattern are, and which constraints are left to be tested."""
        if pattern.type == "Set" or isinstance(pattern.source, Collect):
            return self.collected(pattern, names), pattern
        if pattern.type not in TYPES:
            raise self.mistake(pattern, f"a type ({', '.join(TYPES)} or Set)")
        flat = replace(pattern, constraints=tuple(conjuncts(pattern.constraints)))
        if pattern is self.anchor and names.anchor is not None:
            return names.anchor, flat
        return self.in_session(flat, names) if pattern.source is None else self.sourced(flat, names)

    def sourced(self, pattern: Pattern, names: Names) -> tuple[Value, Pattern]:
        """Return the objects in a pattern's source and the rest of the pattern; of a report's results, those of one type."""
        assert isinstance(pattern.source, Route)
        value = PatternView(NOTHING, names, self.text).route(pattern.source)
        if value.kind not in (pattern.type, ANY):
            raise self.mistake(pattern, f"{value.kind}, as {pattern.source} is {value}, not {pattern.type}")
        report = value.path.names[:-1] if value.path.names[-1:] == ("results",) and not value.path.derived else None
        for constraint in pattern.constraints if report is not None and "type" not in names.bound else ():
            types = codes(constraint, "type.kode")
            if types:
                return replace(value, path=of_type(Path(report or ()), types)), without(pattern, constraint)
        return value, pattern

    def in_session(self, pattern: Pattern, names: Names) -> tuple[Value, Pattern]:
        """Return the objects of the pattern's type in the session that can match, and which constraints are left to be tested."""
        kind = TYPES[pattern.type].fact
        if kind is None:
            raise self.mistake(pattern, f"a type that is found without 'from'; {pattern.type} is not")
        found = narrowed(pattern.type, pattern.constraints, names)
        if found is not None:
            return found.value, without(pattern, found.implied)
        if pattern.type in ALONE:
            return Value(getattr(names.session, ALONE[pattern.type]), pattern.type, sure=True), pattern
        anchor = names.anchor
        back = ("session", ALONE[anchor.kind]) if anchor is not None and anchor.back == () and anchor.kind in ALONE else None
        return Value(every(names.session, kind), pattern.type, many=True, back=back), pattern

    def collected(self, pattern: Pattern, names: Names) -> Value:
        """Return the set of all objects that match the collected element."""
        source = pattern.source
        if pattern.type != "Set" or not isinstance(source, Collect):
            raise self.mistake(pattern, "Set( … ) from collect( … ), each only with the other")
        branches = source.element.elements if isinstance(source.element, OneOf) else (source.element,)
        inner = [branch for branch in branches if isinstance(branch, Pattern) and branch.type != "Set"]
        if len(inner) < len(branches):
            raise self.mistake(pattern, "a pattern to collect")
        found = [self.collection(branch, names.copy()) for branch in inner]
        return Value(found[0] if len(found) == 1 else together(found), inner[0].type, many=True, sure=True)

    def collection(self, pattern: Pattern, names: Names) -> Path:
        """Return the objects that match a pattern, as a list."""
        value, pattern = self.candidates(pattern, names)
        if not value.many:
            return alone(value.path, all_of(self.fitting(pattern, value, names, in_doubt=False)))
        inside = self.entered(value, pattern, (), names)
        fitting = all_of(self.fitting(pattern, inside.member, inside.names, in_doubt=False))
        found = those_of(inside.collection, fitting)
        return found.then(lambda pairs: [pair.this for pair in pairs], found.reads, "unpaired") if inside.joined else found

    def mistake(self, pattern: Pattern, expected: str) -> ConditionError:
        return ConditionError(pattern.at, expected, self.text)


@dataclass(frozen=True)
class _Inside:
    """How members of a collection are tested: the collection, the names as seen from a member, and the member."""

    collection: Path
    names: Names
    member: Value
    joined: bool = False


NOTHING = Value(the, NULL)
