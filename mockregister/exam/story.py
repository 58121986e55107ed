"""A story: its people, what the person at the record system is told, and what the register must hold at the end."""

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
    """A period in which something happens, in Danish time since the first minute of day 0.

    ``told`` is the moment that the story names, in the middle of the window.
    """

    first: timedelta
    last: timedelta
    told: timedelta
    written: str

    @classmethod
    def parse(cls, text: str, tolerance: int) -> TimeWindow:
        """Return what ``day -3 14:20`` says, within ``tolerance`` minutes.

        ``day -3 14:20 ± 30 min`` has a tolerance of its own, ``day -3 14:00 to day -3 16:00`` none; ``day -3`` is the whole day.
        Raise ValueError for a text that is not a time.
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
"""Codes, texts or roles, of which any is accepted; a window; yes or no; None if there must be no value."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One expectation of a story. ``line`` is its line in the story's file, ``person`` the person that it is about.

    Most are about an element: ``kind`` is its kind (``encounter``), ``name`` its name, ``on`` the name of the element that it
    belongs to; ``stands`` says whether it must be in force (``yes``), must not exist (``no``) or must have been nullified
    (``nullified``).

    The others are about the way of reporting: ``corrected``, ``moved``, ``count``, ``refused`` or ``error_list``. Then ``name``
    is the element or the kind that is counted, and ``number`` the number; ``but`` in ``wanted`` are the rules that may stay in
    the error list.

    ``wanted`` has the facets that the element must have. ``answer`` says what else our own generator reports about it.
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
        """Return True if it is about a stored element, and not about the way of reporting."""
        return self.kind not in OF_THE_WAY


OF_THE_WAY = ("corrected", "moved", "count", "refused", "error_list")


@dataclass(frozen=True, slots=True)
class StoryPerson:
    """A person in a story: ``age`` in years on day 0 or, for a newborn child, ``born``, the day of birth counted from day 0.

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
    """One event of a story, with its time, in Danish and English. ``line`` is its line in the story's file."""

    line: int
    at: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Story:
    """A story as read from its file."""

    name: str
    file: str
    titles: Mapping[str, str]
    people: Mapping[str, StoryPerson]
    units: Mapping[str, str]
    codes: Mapping[str, tuple[str, ...]]
    steps: tuple[StoryStep, ...]
    expectations: tuple[Expectation, ...]
