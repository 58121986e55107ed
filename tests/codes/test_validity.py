"""A row is valid from midnight of its first day to the end of its last day, Danish time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockregister.clock import COPENHAGEN
from mockregister.codes import validity


@dataclass
class Span:
    valid_from: datetime | None
    valid_to: datetime | None


def span(first: str = "", last: str = "") -> Span:
    return Span(validity.start_of(first), validity.end_of(last))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=COPENHAGEN)


@pytest.mark.parametrize(
    ("when", "held"),
    [
        ("2018-06-29T23:59:59", False),
        ("2018-06-30T00:00:00", True),
        ("2018-07-02T23:59:59", True),
        ("2018-07-03T00:00:00", False),
    ],
)
def test_a_row_is_valid_from_midnight_to_the_end_of_its_last_day(when: str, held: bool) -> None:
    assert validity.holds(span("2018-06-30", "2018-07-02"), moment(when)) is held


def test_midnight_is_danish_midnight_whatever_the_offset_of_a_timestamp() -> None:
    row = span("2018-06-30")
    assert validity.holds(row, datetime(2018, 6, 29, 22, 0, tzinfo=UTC))
    assert not validity.holds(row, datetime(2018, 6, 29, 21, 59, tzinfo=UTC))


def test_a_row_without_dates_is_always_valid() -> None:
    assert validity.holds(span(), moment("1753-01-01T00:00:00"))
    assert validity.overlaps(span(), moment("1753-01-01T00:00:00"), None)


@pytest.mark.parametrize(
    ("start", "end", "overlapping"),
    [
        ("2018-06-01T00:00:00", "2018-06-29T23:59:00", False),
        ("2018-06-01T00:00:00", "2018-06-30T00:00:00", True),
        ("2018-07-02T23:59:00", "2018-08-01T00:00:00", True),
        ("2018-07-03T00:00:00", None, False),
        ("2018-06-01T00:00:00", None, True),
    ],
)
def test_a_period_overlaps_a_row_at_its_first_and_last_moment(start: str, end: str | None, overlapping: bool) -> None:
    row = span("2018-06-30", "2018-07-02")
    assert validity.overlaps(row, moment(start), moment(end) if end else None) is overlapping


def test_a_row_that_is_valid_at_the_start_goes_before_a_row_that_begins_later() -> None:
    before, later = span("2005-01-01", "2018-08-31"), span("2018-09-01")
    assert validity.closest([later, before], moment("2018-08-31T12:00:00")) is before


def test_of_two_rows_that_are_valid_at_the_start_the_later_is_used() -> None:
    old, new, always = span("2005-01-01"), span("2018-01-01"), span()
    assert validity.closest([always, old, new], moment("2018-08-31T12:00:00")) is new


@pytest.mark.parametrize("text", ["2018-02-29", "2018", "01-01-2018", "i går", "2018-01-01T00:00"])
def test_a_cell_that_is_not_a_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an ISO 8601 date"):
        validity.start_of(text)


@given(st.dates(), st.dates(), st.datetimes(timezones=st.just(UTC), min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)))
def test_containing_a_moment_is_the_same_as_overlapping_it(first: object, last: object, when: datetime) -> None:
    row = span(str(first), str(last))
    assert validity.holds(row, when) == validity.overlaps(row, when, when)
    assert validity.holds(row, when) <= validity.overlaps(row, when - timedelta(days=1), None)
