"""The validity of a register's row: from midnight to the end of its last day, Danish time (interface section 8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol, TypeVar

from mockregister.clock import COPENHAGEN

NEVER = timedelta.max


class Dated(Protocol):
    """Anything with a validity; None is an open end."""

    @property
    def valid_from(self) -> datetime | None:
        """The first moment."""

    @property
    def valid_to(self) -> datetime | None:
        """The last moment, included."""


Row = TypeVar("Row", bound=Dated)


@lru_cache(maxsize=65536)
def start_of(text: str) -> datetime | None:
    """Return the first moment of an ISO 8601 date; empty text is an open start. Raise ValueError for anything else."""
    return datetime.combine(_day(text), time.min, COPENHAGEN) if text else None


@lru_cache(maxsize=65536)
def end_of(text: str) -> datetime | None:
    """Return the last moment of an ISO 8601 date; empty text is an open end. Raise ValueError for anything else."""
    return datetime.combine(_day(text), time.max, COPENHAGEN) if text else None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"'{text}' is not an ISO 8601 date such as 2017-01-01") from error


def in_order(valid_from: datetime | None, valid_to: datetime | None) -> bool:
    """Return whether the validity ends after it starts; an open end always does."""
    return valid_from is None or valid_to is None or valid_from <= valid_to


def holds(row: Dated, moment: datetime) -> bool:
    """Return whether ``row`` is valid at ``moment``."""
    return (row.valid_from is None or row.valid_from <= moment) and (row.valid_to is None or moment <= row.valid_to)


def overlaps(row: Dated, start: datetime, end: datetime | None) -> bool:
    """Return whether ``row`` is valid at some moment from ``start`` to ``end``, both included; a missing end is open."""
    begins_in_time = row.valid_from is None or end is None or row.valid_from <= end
    return begins_in_time and (row.valid_to is None or row.valid_to >= start)


def closest(rows: Iterable[Row], start: datetime) -> Row | None:
    """Return the row whose validity is closest to ``start`` (fact 109); if several are valid then, the one that began last."""
    return min(rows, key=lambda row: _away(row, start), default=None)


def _away(row: Dated, start: datetime) -> tuple[timedelta, timedelta]:
    """Return how far ``start`` is from the row's validity, then from its beginning."""
    since = NEVER if row.valid_from is None else abs(start - row.valid_from)
    if row.valid_from is not None and start < row.valid_from:
        return since, since
    if row.valid_to is not None and start > row.valid_to:
        return start - row.valid_to, since
    return timedelta(), since
