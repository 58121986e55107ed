"""The timeline of a patient draws elements with any dates."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockregister.clock import COPENHAGEN
from mockregister.web.pages.nodes import PageNode
from mockregister.web.pages.timeline import LEFT, RIGHT, WIDTH, TimelineShape, picture
from tests.builders import at

NOW = at("2020-06-01 12:00")
MOMENTS = st.datetimes(timezones=st.just(COPENHAGEN))


def an_episode_node(start: str = "2020-03-01 10:00", end: str = "", title: str = "Care", **fields: object) -> PageNode:
    return PageNode("Episode of care", title, at(start), at(end) if end else None, **fields)  # type: ignore[arg-type]


def bars(*episodes: PageNode, now: datetime = NOW) -> list[TimelineShape]:
    return [shape for shape in picture(list(episodes), now).shapes if shape.css == "episode"]


def end_of(shape: TimelineShape) -> float:
    return shape.x + shape.width


def test_an_open_element_is_drawn_until_now_although_another_ends_later() -> None:
    drawn = picture([an_episode_node(), an_episode_node("2020-03-02 10:00", "2020-12-01 10:00")], NOW)
    open_bar, closed_bar = drawn.shapes
    assert open_bar.is_open
    assert end_of(open_bar) == pytest.approx(drawn.now)
    assert not closed_bar.is_open
    assert end_of(closed_bar) == pytest.approx(WIDTH - RIGHT)


def test_a_very_distant_date_is_drawn_at_the_edge() -> None:
    endless, other = bars(
        an_episode_node("2020-01-01 10:00", "9999-12-31 23:59"), an_episode_node("2020-04-01 10:00", "2020-05-01 10:00")
    )
    assert end_of(endless) == pytest.approx(WIDTH - RIGHT)
    assert other.width > WIDTH / 10


@given(st.lists(st.tuples(MOMENTS, st.none() | MOMENTS), max_size=5), MOMENTS)
def test_every_date_is_inside_the_timeline(periods: list[tuple[datetime, datetime | None]], now: datetime) -> None:
    drawn = picture([PageNode("Episode of care", "Care", start, end) for start, end in periods], now)
    assert all(LEFT <= shape.x <= WIDTH - RIGHT for shape in drawn.shapes)
    assert all(LEFT <= x <= WIDTH - RIGHT for x, _ in drawn.axis)
    assert len(drawn.axis) <= 16


@pytest.mark.parametrize("days", [0, 0.2, 1, 3, 20, 80, 400, 4000, 40000])
def test_the_axis_has_marks_at_round_times_with_enough_distance(days: float) -> None:
    start = NOW - timedelta(days=days)
    axis = picture([PageNode("Episode of care", "Care", start, NOW)], NOW).axis
    assert axis[0] == (LEFT, start)
    assert all(time.minute == 0 for _, time in axis[1:])
    assert days < 100 or all((time.day, time.hour) == (1, 0) for _, time in axis[1:])
    assert days == 0 or len(axis) > 2
    assert all(second - first > 60 for (first, _), (second, _) in pairwise(axis))


def test_the_name_of_a_short_episode_is_beside_its_bar() -> None:
    long, first, last = bars(
        an_episode_node("2020-01-01 10:00", "2020-06-01 10:00", "Long"),
        an_episode_node("2020-01-02 10:00", "2020-01-02 12:00", "First"),
        an_episode_node("2020-05-31 10:00", "2020-05-31 12:00", "Last"),
    )
    assert (long.label.css, first.label.css, last.label.css) == ("inside", "after", "before")
    assert long.x < long.label.x < end_of(long)
    assert first.label.x > end_of(first)
    assert last.label.x < last.x


@pytest.mark.parametrize(("day", "place"), [("2020-02-10", "after"), ("2020-04-20", "before")])
def test_a_long_name_is_shortened_on_the_side_with_more_space(day: str, place: str) -> None:
    _, short = bars(
        an_episode_node("2020-01-01 10:00", "2020-06-01 10:00", "Long"),
        an_episode_node(f"{day} 10:00", f"{day} 12:00", "Name " * 50),
    )
    assert short.label.css == place
    assert short.label.text.startswith("Name Name ")
    assert short.label.text.endswith("…")


def test_an_episode_is_named_by_its_diagnosis_or_label() -> None:
    encounter = PageNode("Encounter", "Visit", at("2020-03-02 10:00"), at("2020-03-02 12:00"))
    encounter.children = [PageNode("Minor condition", "Cough"), PageNode("Main condition", "Pneumonia")]
    (bar,) = bars(an_episode_node(title="ALAL99", children=[encounter]))
    assert bar.label.text == "ALAL99 · Pneumonia"
