"""The register's clock: real, frozen, or moved by a span. Deadlines, validity and schedules all follow it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
YEARS = range(1900, 2200)  # to which the clock may be set; deadlines before and after these years must be dates that Python has
DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{8}")


def moment_in(text: str, of_day: time = time.min) -> datetime:
    """Return the moment that an ISO 8601 text names. Raise ValueError for any other text.

    A text without an offset is Danish time; a date alone means the time ``of_day`` on that day.
    """
    if DATE.fullmatch(text):
        return datetime.combine(date.fromisoformat(text), of_day, COPENHAGEN)
    import isodate  # imported here to keep it out of the start

    try:
        moment: datetime = isodate.parse_datetime(text)
    except OverflowError as error:
        raise ValueError(str(error)) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=COPENHAGEN)


@dataclass
class Clock:
    """One register's clock.

    ``frozen_at`` is the moment at which it stands still. If that is None, the clock runs ``moved_by`` ahead of real time. The
    span is added in UTC, so a moved clock does not jump when summer time begins or ends. Every register has its own clock;
    nothing that a register decides depends on the machine's time.
    """

    frozen_at: datetime | None = None
    moved_by: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        """Return the register's moment, always with an offset."""
        if self.frozen_at is not None:
            return self.frozen_at
        return (datetime.now(UTC) + self.moved_by).astimezone(COPENHAGEN)

    def freeze(self, moment: datetime) -> None:
        """Stop at ``moment``; without an offset it is Danish time."""
        self.frozen_at = moment if moment.tzinfo else moment.replace(tzinfo=COPENHAGEN)
        self.moved_by = timedelta()

    def move(self, span: timedelta) -> None:
        """Run ``span`` ahead of real time (behind it when negative)."""
        self.frozen_at, self.moved_by = None, span

    def reset(self) -> None:
        """Follow real time."""
        self.move(timedelta())

    def follow(self, other: Clock) -> None:
        """Take over the state of another clock."""
        self.frozen_at, self.moved_by = other.frozen_at, other.moved_by
