"""The register's clock is read, frozen, moved and reset over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mockregister.clock import COPENHAGEN
from tests.web.admin.conftest import Bench


def now(bench: Bench) -> datetime:
    return datetime.fromisoformat(bench.get("clock")["now"])


def test_a_frozen_clock_does_not_move(bench: Bench) -> None:
    said = {"mode": "frozen", "at": "2020-02-29T12:00:00+01:00"}
    assert bench.call("PUT", "clock", json=said).json == {**said, "now": said["at"]}
    assert now(bench) == now(bench) == datetime(2020, 2, 29, 11, tzinfo=UTC)


def test_a_moment_without_an_offset_is_danish_time(bench: Bench) -> None:
    bench.call("PUT", "clock", json={"mode": "frozen", "at": "2020-07-01T12:00:00"})
    assert now(bench) == datetime(2020, 7, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("by", "days"),
    [("P14D", 14), ("-P14D", -14), ("PT36H", 1.5), ("P2W", 14), ("P1DT12H", 1.5), ("P91D", 91), ("P182D", 182), ("-P273D", -273)],
)
def test_a_clock_can_be_moved_forwards_and_backwards(bench: Bench, by: str, days: float) -> None:
    answer = bench.call("PUT", "clock", json={"mode": "moved", "by": by}).json
    assert answer["mode"] == "moved"
    drift = now(bench) - datetime.now(UTC) - timedelta(days=days)
    assert abs(drift) < timedelta(minutes=1)


def test_months_and_years_are_counted_on_the_calendar(bench: Bench) -> None:
    bench.call("PUT", "clock", json={"mode": "moved", "by": "P1Y"})
    assert now(bench).year == datetime.now(COPENHAGEN).year + 1


def test_days_and_hours_of_a_duration_with_months_are_elapsed_time(bench: Bench) -> None:
    bench.call("PUT", "clock", json={"mode": "moved", "by": "P6M"})
    half_a_year = now(bench)
    bench.call("PUT", "clock", json={"mode": "moved", "by": "P6MT36H"})
    assert abs(now(bench) - half_a_year - timedelta(hours=36)) < timedelta(minutes=1)
    assert half_a_year.month % 12 == (datetime.now(COPENHAGEN).month + 6) % 12


def test_the_real_clock_can_be_restored(bench: Bench) -> None:
    assert bench.call("PUT", "clock", json={"mode": "real"}).json["mode"] == "real"
    assert abs(now(bench) - datetime.now(UTC)) < timedelta(minutes=1)


def test_deadlines_follow_the_clock(bench: Bench) -> None:
    bench.call("PUT", "clock", json={"mode": "frozen", "at": "2019-04-01T12:00:00+02:00"})
    before = {finding.code for finding in bench.submit(service="validate").findings}
    bench.call("PUT", "clock", json={"mode": "frozen", "at": "2019-06-01T12:00:00+02:00"})
    assert {finding.code for finding in bench.submit(service="validate").findings} != before


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "mode"),
        ({"mode": "stopped"}, "mode"),
        ({"mode": "frozen"}, "at"),
        ({"mode": "moved"}, "by"),
        ({"mode": "frozen", "at": "yesterday"}, "at"),
        ({"mode": "frozen", "at": 5}, "at"),
        ({"mode": "frozen", "at": "2019-06-01T12:00:00", "by": "P1D"}, "by"),
        ({"mode": "real", "at": "2019-06-01T12:00:00"}, "at"),
        ({"mode": "moved", "by": "14 days"}, "by"),
        ({"mode": "moved", "by": "P99999Y"}, "by"),
        ({"mode": "moved", "by": "P999999999999999999D"}, "by"),
        ({"mode": "frozen", "at": "1066-10-14T09:00:00"}, "at"),
        ({"mode": "real", "speed": 2}, "speed"),
    ],
)
def test_an_invalid_clock_is_refused_and_changes_nothing(bench: Bench, said: dict[str, Any], field: str) -> None:
    before = bench.get("clock")
    problem = bench.problem("PUT", "clock", json=said)
    assert (problem["status"], problem["field"]) == (422, field)
    assert bench.get("clock") == before
