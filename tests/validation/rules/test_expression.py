"""The words of the rules have defined meanings, especially if a value is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockregister.clock import COPENHAGEN
from mockregister.codes.lists import NO_LISTS, Membership
from mockregister.validation.rules.expression import both, either, none_of, some, the

COMPARISONS = (the.number < 5, the.number <= 5, the.number > 5, the.number >= 5)


@dataclass
class Thing:
    number: int | None = None
    other: Thing | None = None
    things: list[Thing] | None = None
    code: object = None
    time: datetime | None = None


class ACode:
    """At any time, a code in list ``sure`` and possibly in list ``unsure``; without a time, in no list."""

    def lists(self, when):
        return NO_LISTS if when is None else Membership({"sure"}, {"unsure"})


def test_a_comparison_compares_both_values():
    assert (the.number < the.other.number).holds(Thing(1, Thing(2)))
    assert not (the.number < the.other.number).holds(Thing(2, Thing(2)))


@pytest.mark.parametrize("comparison", COMPARISONS, ids=lambda comparison: comparison.reads)
def test_a_comparison_with_a_missing_value_is_false(comparison):
    assert not comparison.holds(Thing(None))


def test_a_comparison_with_a_missing_object_in_its_path_is_false():
    for condition in (the.number < the.other.number, the.other.number < the.number, the.number > the.other.number):
        assert not condition.holds(Thing(1, None))
        assert not condition.holds(Thing(1, Thing(None)))


def test_missing_is_false_if_an_object_in_the_path_is_missing():
    assert the.other.missing.holds(Thing())
    assert the.other.number.missing.holds(Thing(other=Thing()))
    assert not the.other.number.missing.holds(Thing())


def test_given_needs_every_object_in_the_path():
    assert the.other.number.given.holds(Thing(other=Thing(0)))
    assert not the.other.number.given.holds(Thing(other=Thing()))
    assert not the.other.number.given.holds(Thing())


def test_is_not_is_false_for_a_missing_text():
    assert the.number.is_not("A").holds(Thing("B"))
    assert not the.number.is_not("A").holds(Thing("A"))
    assert not the.number.is_not("A").holds(Thing())


def test_two_missing_values_are_equal_unless_an_object_in_a_path_is_missing():
    assert the.number.equals(the.other.number).holds(Thing(None, Thing(None)))
    assert not the.number.differs_from(the.other.number).holds(Thing(None, Thing(None)))
    assert the.number.differs_from(the.other.number).holds(Thing(1, Thing(None)))
    assert not the.number.equals(the.other.number).holds(Thing(None, None))
    assert not the.number.differs_from(the.other.number).holds(Thing(1, None))


def test_a_moment_that_is_computed_from_a_missing_one_differs_from_no_value():
    later = the.time.plus(minutes=1)
    assert not later.differs_from(the.number).holds(Thing(number=1))
    assert not later.missing.holds(Thing())


def test_a_missing_code_is_neither_inside_nor_outside():
    assert not the.code.inside("sure", at=the.time).holds(Thing())
    assert not the.code.outside("sure", at=the.time).holds(Thing())
    assert the.code.nowhere_in("sure", at=the.time).holds(Thing())


def test_a_code_at_a_missing_moment_is_outside_every_list():
    assert the.code.outside("sure", at=the.time).holds(Thing(code=ACode()))
    assert not the.code.inside("sure", at=the.time).holds(Thing(code=ACode()))


def test_a_possible_member_is_neither_inside_nor_outside():
    thing = Thing(code=ACode(), time=datetime.now(COPENHAGEN))
    assert not the.code.inside("unsure", at=the.time).holds(thing)
    assert not the.code.outside("unsure", at=the.time).holds(thing)
    assert not the.code.nowhere_in("unsure", at=the.time).holds(thing)
    assert the.code.outside("other", at=the.time).holds(thing)


def test_of_several_codes_one_is_enough_to_be_inside_or_outside():
    class Stranger:
        def lists(self, when):
            return NO_LISTS

    thing = Thing(code=(ACode(), Stranger()), time=datetime.now(COPENHAGEN))
    assert the.code.inside("sure", at=the.time).holds(thing)
    assert the.code.outside("sure", at=the.time).holds(thing)
    assert not the.code.nowhere_in("sure", at=the.time).holds(thing)


def test_one_of_several_lists_is_enough_to_be_inside():
    thing = Thing(code=ACode(), time=datetime.now(COPENHAGEN))
    assert the.code.inside("other", "sure", at=the.time).holds(thing)
    assert not the.code.outside("other", "sure", at=the.time).holds(thing)


def test_a_path_alone_holds_only_for_true():
    assert both(the.code, the.number.missing).holds(Thing(code=True))
    assert not both(the.code, the.number.missing).holds(Thing(code=1))


def test_some_and_none_of_check_every_object():
    thing = Thing(things=[Thing(1), Thing(2)])
    assert some(the.things, the.number > 1).holds(thing)
    assert not none_of(the.things, the.number > 1).holds(thing)
    assert none_of(the.things, the.number > 2).holds(thing)
    assert none_of(the.things, the.number > 2).holds(Thing())


@given(st.lists(st.booleans(), min_size=1, max_size=5))
def test_both_and_either_accept_any_number_of_parts(values):
    parts = [the.number.given if value else the.number.missing for value in values]
    assert both(*parts).holds(Thing(1)) == all(values)
    assert either(*parts).holds(Thing(1)) == any(values)


def test_days_are_elapsed_time_across_a_change_of_summer_time():
    before_summer_ends = datetime(2018, 10, 27, 12, tzinfo=COPENHAGEN)
    assert the.time.plus(days=1).get(Thing(time=before_summer_ends)) == before_summer_ends.astimezone() + timedelta(days=1)
    assert the.time.plus(days=1).get(Thing()) is None


def test_a_day_is_the_date_in_the_senders_time_zone():
    late = datetime.fromisoformat("2018-09-10T23:30:00-05:00")
    assert the.time.day().get(Thing(time=late)).isoformat() == "2018-09-10"


def test_a_condition_is_written_in_words():
    condition = both(the.end <= the.start, either(the.a.given, the.b.missing))
    assert condition.reads == "end ≤ start and (a is given or b is missing)"


def test_python_s_own_and_is_refused():
    with pytest.raises(TypeError, match=r"combine with both\(\) and either\(\)"):
        bool(the.number.given and the.number.missing)


@pytest.mark.parametrize("join", [both, either])
def test_no_condition_at_all_is_refused(join):
    with pytest.raises(TypeError, match="need at least one condition"):
        join()


def test_a_list_without_a_time_is_refused():
    with pytest.raises(TypeError, match="needs either at= or during="):
        the.code.inside("sure")
