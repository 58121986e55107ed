"""The days on which planned visits take place in Denmark: neither weekends nor public holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from dateutil.easter import easter

SATURDAY = 5
CLOSED = {(1, 1), (6, 5), (12, 24), (12, 25), (12, 26), (12, 31)}  # month and day: holidays, other days without clinics
FROM_EASTER = (-3, -2, 0, 1, 39, 49, 50)  # days to Maundy Thursday, Good Friday, Easter, Ascension Day and Whitsun


def workday(day: date) -> date:
    """Return the day if clinics are open then, else the next day on which they are, at most five days later."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def is_workday(day: date) -> bool:
    """Return whether clinics are open."""
    return day.weekday() < SATURDAY and (day.month, day.day) not in CLOSED and day not in _moving(day.year)


@cache
def _moving(year: int) -> frozenset[date]:
    """Return the holidays of a year that move with Easter."""
    return frozenset(easter(year) + timedelta(days=days) for days in FROM_EASTER)
