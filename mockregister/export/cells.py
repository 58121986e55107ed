"""Model values as cells: what both formats write in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from mockregister.clock import COPENHAGEN
from mockregister.model import Code, Condition, EntryKind, EpisodeTree, Patient
from mockregister.register.rows import EntryRow, Table
from mockregister.register.store import Rows
from mockregister.register.trees import Trees
from mockregister.register.view import View


def trees(rows: Rows) -> Iterator[EpisodeTree]:
    """Yield every live episode of care with all below it, oldest first."""
    known = Trees(View(rows))
    for key, row in rows.rows(Table.ENTRIES):
        if isinstance(row, EntryRow) and row.kind is EntryKind.EPISODE_OF_CARE:
            tree = known.tree(key)
            if tree is not None:
                yield tree


def day(moment: datetime | None) -> date | None:
    """Return the Danish day of a moment."""
    return moment.astimezone(COPENHAGEN).date() if moment else None


def clock(moment: datetime | None) -> time | None:
    """Return the Danish time of day of a moment."""
    return moment.astimezone(COPENHAGEN).time().replace(microsecond=0) if moment else None


def code(value: Code | None) -> str:
    """Return the code alone."""
    return value.code if value else ""


def number(patient: Patient) -> str:
    """Return what a patient is known by: the CPR number, else the alternative id."""
    return patient.cpr or next((identifier.extension for identifier in patient.alternative_ids), "")


def additions(condition: Condition) -> Iterator[Code]:
    """Yield the codes that say more about a condition: supplementary ones, metastases, recurrences and the side."""
    yield from (*condition.supplementary, *condition.metastases, *condition.recurrences)
    if condition.side:
        yield condition.side
