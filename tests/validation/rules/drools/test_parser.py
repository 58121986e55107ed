"""The notation of the published conditions is read and written."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockregister.validation.rules.drools.parser import RESERVED, ConditionError, parse
from mockregister.validation.rules.drools.syntax import (
    Absence,
    AllOf,
    AnyOf,
    Bracket,
    Clause,
    Collect,
    Literal,
    OneOf,
    Pattern,
    Route,
    Step,
    written,
)

names = st.from_regex(r"[a-zA-ZæøåÆØÅ_][a-zA-Z0-9æøåÆØÅ_]{0,8}", fullmatch=True).filter(lambda name: name not in RESERVED)
numbers = st.integers(-999, 99999) | st.decimals(-99, 99, places=2).map(lambda number: number + Decimal("0.00"))
literals = st.builds(Literal, st.text(st.characters(exclude_characters="'"), max_size=8) | numbers | st.booleans() | st.none())
sources = st.builds(Route, st.lists(st.builds(Step, names, st.none() | st.just(())), min_size=1, max_size=3).map(tuple))


@st.composite
def routes(draw, operands):
    steps = draw(st.lists(st.tuples(names, st.none() | st.lists(operands, max_size=2).map(tuple)), min_size=1, max_size=3))
    return Route(tuple(Step(*step) for step in steps))


def clauses(operands):
    signs = st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "contains", "not contains"])
    bound = names | st.just("")
    among = st.lists(literals, min_size=1, max_size=3).map(tuple)
    return (
        st.builds(Clause, bound, operands)
        | st.builds(Clause, bound, operands, signs, operands)
        | st.builds(Clause, bound, operands, st.sampled_from(["in", "not in"]), among)
    )


def constraints(operands):
    both = clauses(operands) | st.lists(clauses(operands), min_size=2, max_size=3).map(tuple).map(AllOf)
    return both | st.lists(both, min_size=2, max_size=3).map(tuple).map(AnyOf)


operands = st.recursive(literals | sources, lambda inner: st.builds(Bracket, constraints(inner)) | routes(inner), max_leaves=4)


def patterns(elements):
    whence = st.none() | sources | st.builds(Collect, elements)
    return st.builds(Pattern, names | st.just(""), names, st.lists(constraints(operands), max_size=2).map(tuple), whence)


elements = st.recursive(
    patterns(st.nothing()),
    lambda inner: st.builds(Absence, inner) | st.lists(inner, min_size=2, max_size=3).map(tuple).map(OneOf) | patterns(inner),
    max_leaves=4,
)


@given(st.lists(elements, min_size=1, max_size=3).map(tuple))
def test_a_written_condition_is_read_back_unchanged(condition):
    text = written(condition)
    assert written(parse(text)) == text


@given(st.lists(elements, min_size=1, max_size=2).map(tuple), st.sampled_from([" ", "\n \t\t", "\r\n", "\u00a0"]))
def test_white_space_has_no_meaning(condition, space):
    text = written(condition)
    spaced = text if "'" in text else text.replace(" ", space)
    assert written(parse(spaced)) == text


@given(st.text(max_size=60))
def test_any_text_is_either_read_or_refused(text):
    condition = ()
    with suppress(ConditionError):
        condition = parse(text)
    assert not condition or written(parse(written(condition))) == written(condition)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("when K:Kontakt()then", "when K : Kontakt(  ) then"),
        ("when (K : Kontakt()) then", "when K : Kontakt(  ) then"),
        ("when Kontakt( (a)&&b )then", "when Kontakt( ( a ) && b ) then"),
        ("when Kontakt( a )from K.b then", "when Kontakt( a ) from K.b then"),
        ("when Kontakt() from K.b ( A() or B() ) then", "when Kontakt(  ) from K.b ( A(  ) or B(  ) ) then"),
        ("when Kontakt( a > ( -20.0 ) ) then", "when Kontakt( a > ( -20.0 ) ) then"),
        ("when\n \t\tKontakt( a not\n in ( 'x' ,'y' ) )\nthen\n", "when Kontakt( a not in ( 'x', 'y' ) ) then"),
    ],
)
def test_some_conditions_have_several_spellings(text, same):
    assert written(parse(text)) == same


def test_and_binds_more_tightly_than_or():
    (pattern,) = parse("when K( a || b && c, d ) then")
    either, last = pattern.constraints
    assert isinstance(either, AnyOf)
    assert isinstance(either.parts[1], AllOf)
    assert isinstance(last, Clause)


def test_whole_and_decimal_numbers_are_distinguished():
    (pattern,) = parse("when K( a == 2, b == -2.50 ) then")
    assert [clause.right.value for clause in pattern.constraints] == [2, Decimal("-2.50")]


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("", 0, "'when'"),
        ("when then", 5, "an element of the condition"),
        ("when Kontakt( ) ", 16, "an element of the condition or 'then'"),
        ("when Kontakt( ) then Kontakt( )", 21, "nothing after 'then'"),
        ("when Kontakt( a == ) then", 19, "a value: a path, a literal or a bracket"),
        ("when Kontakt( a b ) then", 16, "',' or ')'"),
        ("when Kontakt( a.  ) then", 18, "a name after '.'"),
        ("when Kontakt( a not b ) then", 20, "'contains' or 'in'"),
        ("when Kontakt( a in 'x' ) then", 19, "'('"),
        ("when Kontakt( a in ( b ) ) then", 21, "a text in single quotes, a number, true, false or null"),
        ("when Kontakt( a == 'x ) then", 19, "a name, a number, a text in single quotes or a sign"),
        ("when Kontakt( a = 2 ) then", 16, "a name, a number, a text in single quotes or a sign"),
        ("when Kontakt( ) from then", 21, "a path or 'collect'"),
        ("when " + "(" * 60 + "Kontakt( )" + ")" * 60 + " then", 56, "no more than 50 brackets inside one another"),
    ],
)
def test_the_error_for_an_invalid_condition_names_the_place_and_what_was_expected(text, at, expected):
    with pytest.raises(ConditionError) as caught:
        parse(text)
    assert (caught.value.at, caught.value.expected) == (at, expected)


def test_the_error_shows_what_was_found():
    with pytest.raises(ConditionError, match=r"^expected '\(' at character 14, found '== 2 \) then'$"):
        parse("when Kontakt == 2 ) then")
