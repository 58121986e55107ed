"""The same activity counted in LPR2's tables and in LPR3's, as regions did before LPR3 began, and why the counts differ.

Contacts, bed days, operations and diagnoses are counted by month and unit. The rules by which ``lpr2`` makes its tables say where
LPR2 counts each of them: in the same month and unit, in another, or not at all. So every difference has reasons. A difference
that no reason explains is shown, too: it means that the tables do not follow these rules.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from mockregister.export.cells import bed_days
from mockregister.export.counted_tables import Row, Tables, as_lpr_f
from mockregister.export.lpr2 import ACUTE_PRIORITY, ADMISSION, LONG, MAIN, NEXT, VISIT

CONTACTS, BED_DAYS, OPERATIONS, DIAGNOSES = MEASURES = ("contacts", "bed days", "operations", "diagnoses")

NO_VISIT = "no visit in LPR2: contacts of type {}"
SAME_DAY = "one visit in LPR2: several contacts of one unit, course and day"
AT_LEAST_ONE = "at least one bed day in LPR2: admissions that begin and end on one day"
NO_ADMISSION = "no bed day in LPR2: nights of contacts that are not acute or last less than twelve hours"
NO_CONTACT = "in no table of LPR2: operations on a course and not on a contact"
OTHER_UNIT = "at the responsible unit in LPR2: operations that another unit performed"
TOLD_ONCE = "once of a course in LPR2: diagnoses that several contacts report"
OTHER_MONTH = "in the month in which the course began in LPR2: diagnoses of later contacts"


@dataclass(frozen=True, slots=True, order=True)
class UnitMonth:
    """Where something is counted: a month such as 2026-05, and the SOR id of a unit."""

    month: str
    unit: str


@dataclass(frozen=True, slots=True)
class ActivityCount:
    """The counts of one measure for one month and unit in LPR2 and LPR3, and how much more LPR3 has for each reason."""

    measure: str
    place: UnitMonth
    lpr2: int
    lpr3: int
    reasons: Mapping[str, int]

    @property
    def unexplained(self) -> int:
        """How much more LPR3 has for no known reason; how much less if negative."""
        return self.lpr3 - self.lpr2 - sum(self.reasons.values())


def counted(tables: Tables) -> list[ActivityCount]:
    """Return the counts of every measure for each month and unit in which LPR2's or LPR3's tables have something."""
    lpr2, lpr3 = _lpr2(tables), _Lpr3(as_lpr_f(tables))
    lpr3.count()
    found = []
    for measure in MEASURES:
        before, after, reasons = lpr2[measure], lpr3.counts[measure], lpr3.reasons[measure]
        for place in sorted({*before, *after, *reasons}):
            why = {reason: number for reason, number in reasons[place].items() if number}
            found.append(ActivityCount(measure, place, before[place], after[place], why))
    return found


def _lpr2(tables: Tables) -> dict[str, Counter[UnitMonth]]:
    """Return the counts in LPR2's tables, psychiatric ones too, by measure. An outpatient course has its visits as contacts."""
    adm, sksopr, diag = ([*tables[f"t_{name}"], *tables.get(f"t_psyk_{name}", ())] for name in ("adm", "sksopr", "diag"))
    records = {row["recnum"]: row for row in adm}
    units = {number: row["sorenhed"] for number, row in records.items()}
    starts = {number: _month(row["d_inddto"]) for number, row in records.items()}
    counts: dict[str, Counter[UnitMonth]] = {measure: Counter() for measure in MEASURES}
    for number, row in records.items():
        if row["c_pattype"] == ADMISSION:
            counts[CONTACTS][UnitMonth(starts[number], units[number])] += 1
            counts[BED_DAYS][UnitMonth(starts[number], units[number])] += int(row["v_sengdage"] or 0)
    for row in tables["t_bes"]:
        counts[CONTACTS][UnitMonth(_month(row["d_ambdto"]), units.get(row["recnum"], ""))] += 1
    for row in sksopr:
        if row["c_oprart"] in (MAIN, NEXT):
            counts[OPERATIONS][UnitMonth(_month(row["d_odto"]), units.get(row["recnum"], ""))] += 1
    for number, _ in {(row["recnum"], row["c_diag"]) for row in diag}:
        counts[DIAGNOSES][UnitMonth(starts.get(number, ""), units.get(number, ""))] += 1
    return counts


@dataclass
class _Contact:
    """A contact of LPR3 as LPR2 sees it: ``began`` is the day on which its record begins."""

    row: Row
    began: date = date.max

    @property
    def start(self) -> date:
        return date.fromisoformat(self.row["dato_start"])

    @property
    def end(self) -> date | None:
        return date.fromisoformat(self.row["dato_slut"]) if self.row["dato_slut"] else None

    @property
    def place(self) -> UnitMonth:
        return UnitMonth(_month(self.row["dato_start"]), self.row["sorenhed_ans"])

    @property
    def is_visit(self) -> bool:
        return self.row["kontakttype"] == VISIT

    @property
    def is_admission(self) -> bool:
        return self.is_visit and self.row["prioritet"].startswith(ACUTE_PRIORITY) and self._length >= LONG

    @property
    def _length(self) -> timedelta:
        began, ended = (_moment(self.row, which) for which in ("start", "slut"))
        return ended - began if began and ended else LONG

    @property
    def record(self) -> tuple[str, ...]:
        """The key of its record in LPR2: an admission has its own; others share that of their unit's outpatient course."""
        if self.is_admission:
            return (self.row["dw_ek_kontakt"],)
        return self.row["dw_ek_forloeb"], self.row["sorenhed_ans"]


@dataclass
class _Lpr3:
    """The counts in LPR3's tables by measure and place, and how much more than LPR2 they have for each reason."""

    tables: Tables
    counts: dict[str, Counter[UnitMonth]] = field(default_factory=lambda: {measure: Counter() for measure in MEASURES})
    reasons: dict[str, dict[UnitMonth, Counter[str]]] = field(
        default_factory=lambda: {measure: defaultdict(Counter) for measure in MEASURES}
    )

    def count(self) -> None:
        contacts = [_Contact(row) for row in self.tables["kontakter"] if row["dato_start"]]
        contacts.sort(key=lambda contact: (contact.row["dato_start"], contact.row["tidspunkt_start"]))
        began: dict[tuple[str, ...], date] = {}
        for contact in contacts:
            contact.began = began.setdefault(contact.record, contact.start)
        self._contacts(contacts)
        known = {contact.row["dw_ek_kontakt"]: contact for contact in contacts}
        self._operations(known)
        self._diagnoses(known)

    def _contacts(self, contacts: Iterable[_Contact]) -> None:
        days: set[tuple[object, ...]] = set()
        for contact in contacts:
            visited = (*contact.record, contact.start)
            again = not contact.is_admission and visited in days
            reason = SAME_DAY if contact.is_visit else NO_VISIT.format(contact.row["kontakttype"])
            self._at(CONTACTS, contact.place, None if again or not contact.is_visit else contact.place, reason)
            if contact.is_visit:
                days.add(visited)
                self._nights(contact)

    def _nights(self, contact: _Contact) -> None:
        nights = (contact.end - contact.start).days if contact.end else 0
        self.counts[BED_DAYS][contact.place] += nights
        former = (bed_days(contact.start, contact.end) or 0) if contact.is_admission else 0
        if nights != former:
            self.reasons[BED_DAYS][contact.place][AT_LEAST_ONE if contact.is_admission else NO_ADMISSION] += nights - former

    def _operations(self, contacts: Mapping[str, _Contact]) -> None:
        for row in self.tables["procedurer_kirurgi"]:
            if row["proceduretype"] == "P":
                here, contact = UnitMonth(_month(row["dato_start"]), row["sorenhed_pro"]), contacts.get(row["dw_ek_kontakt"])
                there = UnitMonth(here.month, contact.row["sorenhed_ans"]) if contact else None
                self._at(OPERATIONS, here, there, OTHER_UNIT if contact else NO_CONTACT)

    def _diagnoses(self, contacts: Mapping[str, _Contact]) -> None:
        told: set[tuple[object, ...]] = set()
        rows = [row for row in self.tables["diagnoser"] if row["diagnosetype"] in ("A", "B") and row["dw_ek_kontakt"] in contacts]
        for row in rows:
            contact = contacts[row["dw_ek_kontakt"]]
            diagnosis = (*contact.record, row["diagnosekode"])
            there = None if diagnosis in told else UnitMonth(_month(contact.began.isoformat()), contact.place.unit)
            self._at(DIAGNOSES, contact.place, there, TOLD_ONCE if there is None else OTHER_MONTH)
            told.add(diagnosis)

    def _at(self, measure: str, here: UnitMonth, there: UnitMonth | None, reason: str) -> None:
        """Count one for a measure ``here`` in LPR3; LPR2 counts it ``there``, or nowhere if that is None, for this reason."""
        self.counts[measure][here] += 1
        if there != here:
            self.reasons[measure][here][reason] += 1
            if there is not None:
                self.reasons[measure][there][reason] -= 1


def _month(day: str) -> str:
    """Return the month of a day that is written with or without dashes; empty for none."""
    return date.fromisoformat(day).isoformat()[:7] if day else ""


def _moment(row: Row, which: str) -> datetime | None:
    day, clock = row[f"dato_{which}"], row[f"tidspunkt_{which}"]
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock or "00:00")) if day else None
