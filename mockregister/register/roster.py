"""Lists of patients that match a query, in order, read lazily.

If an index leads to few patients, these are looked up and sorted. If it leads to many, all patients are tested in the order of
the list, so that a page costs about the same whatever is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from mockregister.codes.sor import SorTable
from mockregister.finding import Severity
from mockregister.model import Condition, Encounter, EntryKind
from mockregister.register.elements import Look, documents_of
from mockregister.register.identity import patient_key, sets_of
from mockregister.register.indexes import (
    ALL,
    BY_UNIT,
    CONDITIONS_BY_GROUP,
    CONTACTS_BY_MONTH,
    ENTRIES_OF_SET,
    PREFIX_LENGTH,
    SETS_BY_NAME,
    SETS_OF_AUTHORITY,
    SETS_OF_PATIENT,
    STANDING_BY_DAY,
    Index,
    split,
    units_in,
)
from mockregister.register.overview import name_of
from mockregister.register.rows import DocumentRow, EntryRow, LinkRow, Table
from mockregister.register.store import Rows

# Up to FEW rows, all their patients are tested at once. Up to MANY (FEW, if the newest come first), they are sorted, and tested
# when they are shown. Beyond that, all patients of the register are tested in order.
FEW, MANY = 2000, 25_000
DEAR = 4  # looking up a patient by number or name costs as much as reading this many rows
ORDERS = ("number", "name", "latest")


@dataclass(frozen=True, slots=True)
class RosterQuestion:
    """Which patients to find; a field that is empty or None is not tested.

    ``text`` is part of a number, or words of a name. ``authority`` (a CVR number), ``unit`` (a SOR id, with all below it) and
    the days from ``since`` to ``until`` have to match the same contact. ``diagnosis`` is the beginning of a code, or a range
    of beginnings (``DC00-DD48``). ``severity`` is that of the most severe finding against an episode of care.
    """

    text: str = ""
    authority: str = ""
    unit: str = ""
    diagnosis: str = ""
    severity: Severity | None = None
    since: date | None = None
    until: date | None = None

    @property
    def asks_for_contacts(self) -> bool:
        """Whether the query is about contacts."""
        return bool(self.unit or self.since or self.until)

    @property
    def codes(self) -> tuple[str, str]:
        """The first and the last beginning of a matching diagnosis."""
        first, _, last = self.diagnosis.upper().partition("-")
        return first.strip(), last.strip() or first.strip()


class RosterWay(NamedTuple):
    """A way to find patients: roughly how many rows it reads, and the keys of the sets that it finds."""

    size: int
    sets: Callable[[], Iterable[str]]


class Roster:
    """The patients who match a query at one moment."""

    def __init__(self, look: Look, units: SorTable, numbers: Sequence[str], wanted: RosterQuestion) -> None:
        """``numbers`` are the keys of all patients, as ``patient_numbers`` gives them."""
        self._look, self._rows, self._numbers, self.wanted = look, look.rows, numbers, wanted
        self._units = units.below(wanted.unit) if wanted.unit else frozenset[str]()

    @cached_property
    def _known(self) -> set[str]:
        return set(self._numbers)

    def keys(self, order: str) -> tuple[Iterable[str], int | None]:
        """Return the keys of the patients in one of ``ORDERS``, each once, and their number if it is known already."""
        if self.wanted == RosterQuestion():
            return self._walk(order), len(self._numbers)
        way = min(self._ways(), key=lambda way: way.size, default=None)
        if way is None or way.size > (FEW if order == "latest" else MANY):
            return filter(self._fits, self._walk(order)), None
        candidates = dict.fromkeys(map(self._patient_of, dict.fromkeys(way.sets())))
        found = filter(self._fits, sorted(candidates.keys() & self._known, key=self._place(order)))
        if way.size > FEW:
            return found, None
        fitting = list(found)
        return fitting, len(fitting)

    def _ways(self) -> Iterator[RosterWay]:
        wanted, rows = self.wanted, self._rows
        if wanted.text:
            numbers, words = self._fitting_numbers(), wanted.text.casefold().split()
            names = [name for name in rows.keys(SETS_BY_NAME) if all(word in name for word in words)]
            size = len(numbers) + sum(rows.postings(SETS_BY_NAME, name) for name in names)
            yield RosterWay(size * DEAR, lambda: self._named(numbers, names))
        if wanted.authority:
            size = rows.postings(SETS_OF_AUTHORITY, wanted.authority)
            yield RosterWay(size, lambda: rows.posted(SETS_OF_AUTHORITY, wanted.authority))
        if self._units:
            size = sum(rows.postings(BY_UNIT, unit) for unit in self._units)
            yield RosterWay(size, lambda: self._sets_of((unit for unit in self._units), BY_UNIT))
        if wanted.diagnosis:
            yield self._counted(CONDITIONS_BY_GROUP, self._is_group)
        if wanted.since or wanted.until:
            yield self._counted(CONTACTS_BY_MONTH, self._is_month)
        if wanted.severity:
            yield self._counted(STANDING_BY_DAY, lambda _: True)

    def _counted(self, index: Index, fits: Callable[[str], bool]) -> RosterWay:
        """Return the way along a counted index; ``fits`` tests the first part of a key, the last part is the authority."""
        counts, authority = self._rows.counts(index), self.wanted.authority
        parts = {key: split(key, 3 if index is STANDING_BY_DAY else 2) for key in counts}
        keys = [key for key, said in parts.items() if fits(said[0]) and authority in ("", said[-1])]
        return RosterWay(sum(counts[key] for key in keys), lambda: self._sets_of(keys, index))

    def _is_group(self, group: str) -> bool:
        first, last = self.wanted.codes
        return first[:PREFIX_LENGTH] <= group and group[: len(last)] <= last[:PREFIX_LENGTH]

    def _is_month(self, month: str) -> bool:
        since, until = self.wanted.since, self.wanted.until
        return bool(month) and (since is None or month >= f"{since:%Y-%m}") and (until is None or month <= f"{until:%Y-%m}")

    def _sets_of(self, keys: Iterable[str], index: Index) -> Iterator[str]:
        """Yield the keys of the sets of the entries or episodes of care that an index has under some keys."""
        entries = (self._look.entry(id) for id in chain.from_iterable(self._rows.posted(index, key) for key in keys))
        return (row.set for row in entries if row is not None)

    def _fitting_numbers(self) -> list[str]:
        text = self.wanted.text.lower()
        wanted = text.replace("-", "") if text[6:7] == "-" else text
        return [key for key in self._rows.counts(SETS_OF_PATIENT) if wanted in key.lower()]

    def _named(self, numbers: list[str], names: list[str]) -> Iterator[str]:
        """Yield the keys of sets of the patients with these numbers, and with these names."""
        for number in numbers:
            yield from self._rows.find(SETS_OF_PATIENT, number)[-1:]
        for name in names:
            yield from self._rows.find(SETS_BY_NAME, name)

    def _walk(self, order: str) -> Iterator[str]:
        """Yield all patients in order."""
        if order == "name":
            sets = chain.from_iterable(self._rows.find(SETS_BY_NAME, name) for name in sorted(self._rows.keys(SETS_BY_NAME)))
            return self._once(chain(map(self._patient_of, sets), self._numbers))
        return self._once(self._by_latest()) if order == "latest" else iter(self._numbers)

    def _by_latest(self) -> Iterator[str]:
        for key in self._rows.posted(ALL[Table.DOCUMENTS], ""):
            row = self._rows.get(Table.DOCUMENTS, DocumentRow, key)
            yield self._patient_of(row.set) if row is not None else ""

    def _once(self, keys: Iterable[str]) -> Iterator[str]:
        seen: set[str] = set()
        for key in keys:
            if key in self._known and key not in seen:
                seen.add(key)
                yield key

    def _place(self, order: str) -> Callable[[str], tuple[object, ...]]:
        """Return the function that returns the sort key of a patient, for an order of a few patients."""
        if order == "name":
            return lambda key: (not self._name(key), self._name(key), _number(key))
        return (lambda key: (-self._latest(key), key)) if order == "latest" else (lambda key: (_number(key), key))

    def _patient_of(self, set_key: str) -> str:
        return patient_key(self._look.patient_of(set_key))

    def _name(self, key: str) -> str:
        sets = sets_of(self._look, key)
        name = self._look.patient_of(sets[-1]).name if sets else None
        return " ".join((name.family, *name.given)).casefold() if name else ""

    def _latest(self, key: str) -> float:
        times = (document.row.received.timestamp() for document in documents_of(self._look, sets_of(self._look, key)))
        return max(times, default=0.0)

    def _fits(self, key: str) -> bool:
        wanted, sets = self.wanted, sets_of(self._look, key)
        keys = chain.from_iterable(self._rows.find(ENTRIES_OF_SET, set_key) for set_key in sets if self._asks_for_entries)
        entries = [row for row in map(self._look.live_entry, keys) if row is not None]
        return (
            (not wanted.text or self._is_called(key, sets))
            and (not wanted.authority or wanted.asks_for_contacts or self._reports(sets))
            and (not wanted.asks_for_contacts or any(map(self._is_contact, entries)))
            and (not wanted.diagnosis or any(map(self._is_diagnosis, entries)))
            and (wanted.severity is None or any(self._stands(set_key) for set_key in sets))
        )

    @property
    def _asks_for_entries(self) -> bool:
        return self.wanted.asks_for_contacts or bool(self.wanted.diagnosis)

    def _is_called(self, key: str, sets: list[str]) -> bool:
        """Return whether a patient's number contains the text, or the name its words."""
        text = self.wanted.text.lower()
        if text.replace("-", "") in key.lower().replace("-", ""):
            return True
        name = name_of(self._look.patient_of(sets[-1])).casefold() if sets else ""
        return bool(name) and all(word in name for word in text.casefold().split())

    def _reports(self, sets: list[str]) -> bool:
        rows = (self._look.set(key) for key in sets)
        return any(row is not None and row.custodian == self.wanted.authority for row in rows)

    def _is_contact(self, row: EntryRow) -> bool:
        wanted = self.wanted
        if row.kind is not EntryKind.ENCOUNTER or wanted.authority not in ("", row.custodian):
            return False
        day = row.entry.start.date() if isinstance(row.entry, Encounter) and row.entry.start else date.min
        return (
            (wanted.since is None or day >= wanted.since)
            and (wanted.until is None or day <= wanted.until)
            and (not self._units or not self._units.isdisjoint(units_in(row.entry)))
        )

    def _is_diagnosis(self, row: EntryRow) -> bool:
        first, last = self.wanted.codes
        code = row.entry.code.code.upper() if isinstance(row.entry, Condition) else ""
        return bool(code) and first <= code and code[: len(last)] <= last

    def _stands(self, set_key: str) -> bool:
        """Return whether the most severe finding against an episode of care of a set has the severity asked for."""
        for key in self._rows.find(ENTRIES_OF_SET, set_key):
            findings = self._look.findings(key)
            if findings and any(finding.is_error for finding in findings) is (self.wanted.severity is Severity.ERROR):
                return True
        return False


def patient_numbers(rows: Rows) -> list[str]:
    """Return the keys of all patients in the order of their numbers; a patient who got a CPR number later is listed under it."""
    keys = rows.counts(SETS_OF_PATIENT)
    links = {id: row.cpr for id, row in rows.rows(Table.LINKS) if isinstance(row, LinkRow) and id in keys}
    return sorted({links.get(key, key) for key in keys} if links else keys, key=_number)


def _number(key: str) -> str:
    """Return a patient's number without the root of its issuer."""
    return key.rpartition("^")[2]
