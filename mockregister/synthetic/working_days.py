"""The days on which planned visits take place in Denmark: neither weekends nor public holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

SATURDAY = 5
CLOSED = {(1, 1), (6, 5), (12, 24), (12, 25), (12, 26), (12, 31)}  # month and day: public holidays, and what clinics take off
FROM_EASTER = (-3, -2, 0, 1, 39, 49, 50)  # days to Maundy Thursday, Good Friday, Easter, Ascension Day and Whitsun


def workday(day: date) -> date:
    """The day, or the next one on which clinics are open, at most five days later."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def is_workday(day: date) -> bool:
    """Whether clinics are open."""
    return day.weekday() < SATURDAY and (day.month, day.day) not in CLOSED and day not in _moving(day.year)


@cache
def _moving(year: int) -> frozenset[date]:
    """The holidays of a year that move with Easter."""
    return frozenset(easter(year) + timedelta(days=days) for days in FROM_EASTER)


def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year (Gauss' method as Butcher completed it)."""
    century = year // 100
    correction = (century - century // 4 - (8 * century + 13) // 25 + 19 * (year % 19) + 15) % 30
    moon = correction - (correction // 28) * (1 - (correction // 28) * (29 // (correction + 1)) * ((21 - year % 19) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    days = moon - weekday
    month = 3 + (days + 40) // 44
    return date(year, month, days + 28 - 31 * (month // 4))
