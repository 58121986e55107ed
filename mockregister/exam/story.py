"""A story: who it is about, what is told to the person at the record system, and what must be so in the end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from mockregister.clock import COPENHAGEN

NOTHING = "none"
MOMENT = r"day (-?\d{1,4})(?: (\d\d):(\d\d))?"
WINDOW = re.compile(rf"{MOMENT}(?: to {MOMENT}| (?:±|\+-) (\d{{1,5}}) min)?")
LAST_MINUTE = timedelta(hours=23, minutes=59)


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """Within which minutes something happens, as time of the Danish clock since the first minute of day 0.

    ``told`` is the moment that a story tells, in the middle of the window.
    """

    first: timedelta
    last: timedelta
    told: timedelta
    written: str

    @classmethod
    def parse(cls, text: str, tolerance: int) -> TimeWindow:
        """Return what ``day -3 14:20`` says, within ``tolerance`` minutes.

        ``day -3 14:20 ± 30 min`` has a tolerance of its own, ``day -3 14:00 to day -3 16:00`` none; ``day -3`` is the whole day.
        Raise ValueError for a text that says no time.
        """
        parts = WINDOW.fullmatch(" ".join(text.split()))
        if parts is None:
            raise ValueError(f"'{text[:60]}' is not a time; write 'day -3 14:20', 'day -3', 'A to B' or 'day -3 14:20 ± 30 min'")
        day, hour, minute, last_day, last_hour, last_minute, around = parts.groups()
        first = _moment(day, hour, minute)
        if last_day is not None:
            last = _moment(last_day, last_hour, last_minute) if last_hour else _moment(last_day, "23", "59")
            if last < first:
                raise ValueError(f"'{text[:60]}' ends before it begins")
            return cls(first, last, first + (last - first) / 2, text)
        if hour is None:
            return cls(first, first + LAST_MINUTE, first + timedelta(hours=12), text)
        span = timedelta(minutes=int(around or tolerance))
        return cls(first - span, first + span, first, text)

    def holds(self, moment: datetime, day: date) -> bool:
        """Return whether a moment falls into the window, where ``day`` is day 0."""
        return at(day, self.first) <= moment < at(day, self.last) + timedelta(minutes=1)


def _moment(day: str, hour: str | None, minute: str | None) -> timedelta:
    if int(hour or 0) > 23 or int(minute or 0) > 59:
        raise ValueError(f"there is no time {hour}:{minute}")
    return timedelta(days=int(day), hours=int(hour or 0), minutes=int(minute or 0))


def at(day: date, since: timedelta) -> datetime:
    """Return a moment by the Danish clock, ``since`` after the first minute of a day."""
    wall = datetime(day.year, day.month, day.day) + since
    return wall.replace(tzinfo=COPENHAGEN)


Wanted = tuple[str, ...] | TimeWindow | bool | None
"""Codes, texts or a role of which any will do; a window; yes or no; None where there must be nothing."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing that must be so. ``line`` is where the story's file says it, ``person`` whom it is about.

    ``kind`` is that of an element (``encounter``), which is called ``name`` and hangs on the one called ``on``; ``stands`` says
    whether it must count (``yes``), must not be there (``no``) or must have been taken back (``nullified``).

    Or it is of the way: ``corrected``, ``moved``, ``count``, ``refused`` or ``error_list``. Then ``name`` is the element, or the
    kind that is counted, and ``number`` how many; what may stay in the error list is wanted under ``but``.

    ``answer`` says how our own generator reports it, beyond what is wanted.
    """

    kind: str
    name: str
    line: int
    person: str
    on: str = ""
    stands: str = "yes"
    wanted: Mapping[str, Wanted] = field(default_factory=dict)
    number: int = 0
    answer: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_element(self) -> bool:
        """Whether it is about something that is stored, not about the way there."""
        return self.kind not in OF_THE_WAY


OF_THE_WAY = ("corrected", "moved", "count", "refused", "error_list")


@dataclass(frozen=True, slots=True)
class StoryPerson:
    """Someone in a story: years of age on day 0 or, of a newborn child, the day of birth; and by which numbers they are known.

    ``numbers`` is ``cpr``, ``replacement`` (a D-eCPR alone), or ``both``.
    """

    sex: str
    age: int = 0
    born: int | None = None
    numbers: str = "cpr"
    country: str = ""
    municipality: str = ""


@dataclass(frozen=True, slots=True)
class StoryStep:
    """What happens, and when as it is told; Danish and English. ``line`` is that of the story's file."""

    line: int
    at: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Story:
    """A story, as its file tells it."""

    name: str
    file: str
    titles: Mapping[str, str]
    people: Mapping[str, StoryPerson]
    units: Mapping[str, str]
    codes: Mapping[str, tuple[str, ...]]
    steps: tuple[StoryStep, ...]
    expectations: tuple[Expectation, ...]
