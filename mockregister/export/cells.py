"""Values of the model as cells, which all formats write in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from mockregister.clock import COPENHAGEN
from mockregister.codes import cpr
from mockregister.codes.sor import REGIONS, SorTable, SorUnit, shak_specialities
from mockregister.model import Code, Condition, EntryKind, EpisodeTree, Patient
from mockregister.register.rows import EntryRow, Table
from mockregister.register.store import Rows
from mockregister.register.trees import tree_of
from mockregister.register.view import View


def trees(rows: Rows) -> Iterator[EpisodeTree]:
    """Yield every live episode of care with all that belongs to it, oldest first."""
    view = View(rows)
    for key, row in rows.rows(Table.ENTRIES):
        if isinstance(row, EntryRow) and row.kind is EntryKind.EPISODE_OF_CARE:
            tree = tree_of(view, key)
            if tree is not None:
                yield tree


def day(moment: datetime | None) -> date | None:
    """Return the Danish day of a moment."""
    return moment.astimezone(COPENHAGEN).date() if moment else None


def clock(moment: datetime | None) -> time | None:
    """Return the Danish time of day of a moment."""
    return moment.astimezone(COPENHAGEN).time().replace(microsecond=0) if moment else None


def moment(value: datetime | None) -> datetime | None:
    """Return a moment in Danish time, as databases without time zones keep it."""
    return value.astimezone(COPENHAGEN).replace(tzinfo=None, microsecond=0) if value else None


def sex(patient: Patient) -> str:
    """Return M or F: by the CPR number, else by the document; empty if neither says it."""
    return cpr.sex(patient.cpr) if cpr.has_form(patient.cpr) else patient.gender


def birth(patient: Patient) -> date | None:
    """Return the day of birth: by the CPR number, else by the document."""
    return cpr.birth_date(patient.cpr) or (patient.birth_time.date() if patient.birth_time else None)


def age(patient: Patient, on: date | None) -> int | None:
    """Return whole years on a day."""
    born = birth(patient)
    if born is None or on is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def municipality(patient: Patient) -> str:
    """Return the code of the municipality that a document says a patient lives in; most leave that to the CPR register."""
    return patient.residences[0].municipality if patient.residences else ""


def bed_days(first: date | None, last: date | None) -> int | None:
    """Return the bed days of an admission: its nights, but at least 1; None while it goes on."""
    return max(1, (last - first).days) if first and last else None


class Units:
    """What the SOR table knows about units, in the words of the columns."""

    def __init__(self, sor: SorTable) -> None:
        self.sor = sor

    def speciality(self, sor_id: str) -> tuple[str, str]:
        """Return the code and the name that SHAK has for a unit's main speciality."""
        unit = self.sor.unit(sor_id)
        return shak_specialities().get(next(iter(unit.specialities), ""), ("", "")) if unit else ("", "")

    def region(self, sor_id: str) -> tuple[str, str]:
        """Return the code and the name of the region that a unit lies in."""
        region = self.sor.region_of(sor_id)
        return region, REGIONS.get(region, "")

    def is_psychiatric(self, sor_id: str) -> bool:
        """Return whether a unit has a psychiatric speciality."""
        unit = self.sor.unit(sor_id)
        return unit is not None and unit.has_psychiatric_speciality

    def line(self, sor_id: str) -> list[SorUnit]:
        """Return the units from the owner down to this one, as far as the table knows them."""
        ids = (sor_id, *self.sor.above(sor_id))
        return [unit for unit in map(self.sor.unit, reversed(ids)) if unit is not None]

    def institution(self, sor_id: str) -> SorUnit | None:
        """Return the health institution that a unit belongs to, or is; None if the table does not say it."""
        return next((unit for unit in reversed(self.line(sor_id)) if unit.unit_type == "SI"), None)


def code(value: Code | None) -> str:
    """Return the code alone."""
    return value.code if value else ""


def number(patient: Patient) -> str:
    """Return the id of a patient: the CPR number, else the alternative id."""
    return patient.cpr or next((identifier.extension for identifier in patient.alternative_ids), "")


def additions(condition: Condition) -> Iterator[Code]:
    """Yield the codes that say more about a condition: supplementary ones, metastases, recurrences and the side."""
    yield from (*condition.supplementary, *condition.metastases, *condition.recurrences)
    if condition.side:
        yield condition.side
