"""The register's clock is real, frozen, or moved by a duration."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mockregister.clock import COPENHAGEN, Clock

NOON = datetime(2019, 6, 1, 12, tzinfo=COPENHAGEN)


def test_a_frozen_clock_does_not_move() -> None:
    assert Clock(frozen_at=NOON).now() == NOON


def test_a_moment_without_an_offset_is_danish_time() -> None:
    clock = Clock()
    clock.freeze(datetime(2019, 6, 1, 12))
    assert clock.now() == NOON


def test_a_moved_clock_differs_from_real_time_by_the_duration() -> None:
    clock = Clock()
    clock.move(timedelta(days=3))
    assert clock.now() - datetime.now(UTC) > timedelta(days=2, hours=23)


@pytest.mark.parametrize("days", [91, 182, 273])
def test_the_duration_is_elapsed_time_across_a_change_of_summer_time(days: int) -> None:
    span = timedelta(days=days)
    clock = Clock()
    clock.move(span)
    assert abs(clock.now() - (datetime.now(UTC) + span)) < timedelta(minutes=1)


def test_a_reset_clock_is_the_real_time() -> None:
    clock = Clock(frozen_at=NOON)
    clock.reset()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
