"""Clinics are open on working days."""

from __future__ import annotations

from datetime import date, timedelta

from mockregister.synthetic.working_days import is_workday, workday


def test_weekends_and_holidays_are_days_off() -> None:
    easter_and_whitsun = ["2026-04-02", "2026-04-03", "2026-04-06", "2026-05-14", "2026-05-25"]
    off = [*easter_and_whitsun, "2026-06-05", "2026-06-06", "2025-12-25", "2026-01-01"]
    assert not [day for day in off if is_workday(date.fromisoformat(day))]
    assert is_workday(date(2026, 4, 7))


def test_the_next_working_day_is_at_most_five_days_away() -> None:
    days = [date(2019, 1, 1) + timedelta(days=number) for number in range(39 * 365)]
    assert max(workday(day) - day for day in days) == timedelta(days=5)
