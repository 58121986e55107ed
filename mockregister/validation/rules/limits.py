"""The days that a published rule is limited to: of reports, of episodes of care and of encounters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from mockregister.clock import COPENHAGEN
from mockregister.validation.rules.expression import Condition
from mockregister.validation.rules.facts import Encounter, Fact, Result

COLUMNS = {
    name.lower(): name
    for name in (
        "ArchivedDate",
        "ReportReceivedFromDate",
        "ReportReceivedToDate",
        "EpisodeOfCareStartFromDate",
        "EpisodeOfCareStartToDate",
        "EncounterStartFromDate",
        "EncounterStartToDate",
        "EncounterEndFromDate",
        "EncounterEndToDate",
    )
}
DATES = tuple(COLUMNS)
DAY_ZERO, LAST_DAY = datetime(1899, 12, 30), 2958465  # how Excel counts days, up to 9999-12-31
FORMS = ("%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y", "%Y/%m/%d", "%Y%m%d")


@dataclass(frozen=True)
class Limits:
    """The limits of a listed rule: whether it is for LPR reports, and days by the lower-case names of their columns.

    A report is received at the register's moment; revalidation uses the moment at which it arrived. An encounter that has not
    ended counts as ending after every limit. A rule that is tested on something without an encounter has no limit of
    encounters.
    """

    for_lpr: bool = True
    dates: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def condition(self) -> Condition:
        """Return the condition that the tested object lies within the limits."""
        days = ", ".join(f"{name} {day:%Y-%m-%d}" for name, day in self.dates.items())
        return Condition(self._holds, f"it is within {days}", word="within", values=tuple(self.dates.items()))

    def _holds(self, fact: Fact) -> bool:
        session, episode, encounter = fact.session, fact.session.episode, encounter_of(fact)
        archived = self.dates.get("archiveddate")
        if archived is not None and session.now >= archived:
            return False
        if not (self._within("reportreceived", session.received) and self._within("episodeofcarestart", episode.start)):
            return False
        return encounter is None or (
            self._within("encounterstart", encounter.start) and self._within("encounterend", encounter.end)
        )

    def _within(self, name: str, moment: datetime | None) -> bool:
        first, last = self.dates.get(f"{name}fromdate"), self.dates.get(f"{name}todate")
        if moment is None:
            return last is None
        return (first is None or moment >= first) and (last is None or moment <= last)


def encounter_of(fact: Fact) -> Encounter | None:
    """Return the encounter that a fact is or belongs to; None if there is none."""
    found: Fact | None = fact
    while found is not None and not isinstance(found, Encounter):
        found = found.report if isinstance(found, Result) else found.owner
    return found


def day_of(cell: Any, *, ends: bool) -> datetime:
    """Return the moment that a cell of the list means: a day begins at midnight, and as an end it lasts until midnight.

    Raise ValueError for a cell that is not a date.
    """
    moment = cell if isinstance(cell, datetime) else _read(cell)
    if moment.time() == time.min and ends:
        moment = datetime.combine(moment, time.max)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=COPENHAGEN)


def _read(cell: Any) -> datetime:
    if isinstance(cell, date):
        return datetime.combine(cell, time.min)
    if isinstance(cell, int | float) and 1 <= cell <= LAST_DAY:
        return DAY_ZERO + timedelta(days=cell)
    text = str(cell).strip()
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    day = re.split(r"[ T]", text)[0]
    for form in FORMS:
        try:
            return datetime.strptime(day, form)
        except ValueError:
            continue
    raise ValueError("write a date like 2019-02-01")
