"""The register's clock: real, frozen, or moved by a span."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mockregister.clock import COPENHAGEN, Clock

NOON = datetime(2019, 6, 1, 12, tzinfo=COPENHAGEN)


def test_a_frozen_clock_stands_still() -> None:
    assert Clock(frozen_at=NOON).now() == NOON


def test_a_moment_without_an_offset_is_danish_time() -> None:
    clock = Clock()
    clock.freeze(datetime(2019, 6, 1, 12))
    assert clock.now() == NOON


def test_a_moved_clock_runs_ahead_of_real_time() -> None:
    clock = Clock()
    clock.move(timedelta(days=3))
    assert clock.now() - datetime.now(UTC) > timedelta(days=2, hours=23)


@pytest.mark.parametrize("days", [91, 182, 273])
def test_a_moved_clock_runs_ahead_by_elapsed_time_whether_or_not_summer_time_lies_between(days: int) -> None:
    span = timedelta(days=days)
    clock = Clock()
    clock.move(span)
    assert abs(clock.now() - (datetime.now(UTC) + span)) < timedelta(minutes=1)


def test_reset_follows_real_time_again() -> None:
    clock = Clock(frozen_at=NOON)
    clock.reset()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
