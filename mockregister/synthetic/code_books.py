"""The codes and units of synthetic documents: from a register's own tables, or from practice tables that fit exactly.

Many code lists of the register were never published, and hardly any code is known to expire, so codes of the built-in tables
cannot break every rule. A practice book makes up a code for every wish, and writes the tables (``--codes``, ``--sor``) with which
a register knows these codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Protocol

from mockregister.codes import csv_files, official, sor, validity
from mockregister.codes.authority import AuthorityTable
from mockregister.codes.lists import CodeLists, Membership
from mockregister.codes.producers import Anyone
from mockregister.codes.sks import SksRow, SksTable
from mockregister.codes.sor import SorTable, SorUnit
from mockregister.codes.tables import CodeTables
from mockregister.errors import NotFound
from mockregister.model import Code

SOMATIC, PSYCHIATRIC = "394579002", "394587001"
PRACTICE_CVR = "99999993"
FIRST_ITEM = sor.MADE_UP[80_001]
LOOKED_AT = 500  # codes of a list among which one is chosen


@dataclass(frozen=True)
class Wish:
    """A wanted code: in these lists, valid from or until a day (None: without a limit)."""

    lists: frozenset[str]
    since: date | None = None
    until: date | None = None


class CodeBook(Protocol):
    """Finds codes and units for wishes. The methods raise NotFound if there are none."""

    def code(self, wish: Wish) -> Code:
        """Return a code for a wish."""

    def written(self, code: str, home: str) -> Code:
        """Return the code of this text; it belongs to the list ``home``."""

    def unit(self, psychiatric: bool, since: date | None, until: date | None) -> str:
        """Return the SOR id of a unit that is psychiatric or not, open from or until a day."""

    def owner(self) -> tuple[str, str]:
        """Return the SOR id and the CVR number of an owner of units, who may report."""


class ListedBook:
    """A book of a register's own tables; it prefers codes in as few other lists as possible."""

    def __init__(self, tables: CodeTables) -> None:
        self._tables = tables
        self.code, self.unit = cache(self._code), cache(self._unit)

    def _code(self, wish: Wish) -> Code:
        name = max(wish.lists, key=len)
        known = islice(self._tables.sks.search(list_name=name), LOOKED_AT)
        dates = validity.start_of(_iso(wish.since)), validity.end_of(_iso(wish.until))  # open where no date is wished for
        rows = [row for row in known if row.lists >= wish.lists and (row.valid_from, row.valid_to) == dates]
        if not rows:
            limits = f" from {wish.since or '…'} until {wish.until or '…'}" if wish.since or wish.until else ""
            lists = " and ".join(sorted(wish.lists))
            raise NotFound(f"The code tables have no code in {lists}{limits}; use practice tables.")
        return Code(min(rows, key=lambda row: (len(row.lists), row.code)).code)

    def written(self, code: str, home: str) -> Code:
        """Return the code, if the tables have it. Raise NotFound."""
        if not self._tables.sks.known(code):
            raise NotFound(f"The code tables do not have {code} ({home}); use practice tables.")
        return Code(code)

    def _unit(self, psychiatric: bool, since: date | None, until: date | None) -> str:
        wanted = validity.start_of(_iso(since)), validity.end_of(_iso(until))
        for unit in self._tables.sor:
            if unit.has_psychiatric_speciality == psychiatric and (unit.valid_from, unit.valid_to) == wanted:
                return unit.sor_id
        raise NotFound("The SOR table has no unit with those specialities and dates; use practice tables.")

    def owner(self) -> tuple[str, str]:
        """Return the first owner. Raise NotFound."""
        for unit in self._tables.sor:
            if unit.is_owner and unit.owner_cvr:
                return unit.sor_id, unit.owner_cvr
        raise NotFound("The SOR table has no owner of institutions with a CVR number; use practice tables.")


class PracticeBook:
    """A book that makes up a code or a unit for each wish, in exactly the wished lists and their families."""

    def __init__(self, lists: CodeLists | None = None) -> None:
        self._lists = lists or CodeLists(lenient=False)
        self._codes: dict[object, SksRow] = {}
        self._units: dict[object, SorUnit] = {}
        self._owner = self._new_unit("IO", "", None, None)

    def code(self, wish: Wish) -> Code:
        """Return a code made for the wish."""
        return self._kept(wish, f"ZZ{len(self._codes):04}", wish)

    def written(self, code: str, home: str) -> Code:
        """Return the code, in that list."""
        return self._kept(code, code, Wish(frozenset({home} if home else ())))

    def unit(self, psychiatric: bool, since: date | None, until: date | None) -> str:
        """Return a unit made for the wish."""
        return self._new_unit("SI", PSYCHIATRIC if psychiatric else SOMATIC, since, until).sor_id

    def owner(self) -> tuple[str, str]:
        """Return the owner of all units."""
        return self._owner.sor_id, PRACTICE_CVR

    def tables(self) -> CodeTables:
        """Return tables with everything that was wished for so far."""
        units = {unit.sor_id: unit for unit in self._units.values()}
        sks = SksTable({row.code: (row,) for row in self._codes.values()})
        return CodeTables(sks, self._lists, SorTable(units), AuthorityTable(lenient=True), Anyone())

    def write(self, directory: Path) -> tuple[Path, Path]:
        """Write the tables as files for ``--codes`` and ``--sor``. Raise SettingError if they cannot be written."""
        codes, units = directory / "codes.csv", directory / "sor.csv"
        of_codes = ((row.code, row.term, *_days(row), ";".join(sorted(row.lists))) for row in self._codes.values())
        of_units = (
            (unit.sor_id, unit.name, unit.unit_type, unit.owner_cvr, *_days(unit), ";".join(unit.specialities), unit.parent)
            for unit in self._units.values()
        )
        csv_files.write(codes, official.SKS_HEADER, of_codes)
        csv_files.write(units, official.SOR_HEADER, of_units)
        return codes, units

    def _kept(self, key: object, code: str, wish: Wish) -> Code:
        if key not in self._codes:
            dates = validity.start_of(_iso(wish.since)), validity.end_of(_iso(wish.until))
            self._codes[key] = SksRow(code, f"prøvekode {code}", *dates, Membership(self._with_families(wish.lists)))
        return Code(self._codes[key].code)

    def _new_unit(self, kind: str, speciality: str, since: date | None, until: date | None) -> SorUnit:
        key = kind, speciality, since, until
        if key not in self._units:
            number = sor.identifier(FIRST_ITEM + len(self._units))
            dates = validity.start_of(_iso(since)), validity.end_of(_iso(until))
            specialities = (speciality,) if speciality else ()
            self._units[key] = SorUnit(number, f"Prøveenhed {number}", kind, PRACTICE_CVR, *dates, specialities)
        return self._units[key]

    def _with_families(self, lists: frozenset[str]) -> frozenset[str]:
        """Return the lists with their families: a code in diag.car.tnm is also in diag.car and diag, a procedure in proc.opr."""
        around = {name[:at] for name in lists for at, letter in enumerate(name) if letter == "."}
        known = {name for name in around if self._lists.get(name)}
        return lists | known | ({"proc.opr"} if any(name.startswith("proc.") for name in lists) else set())


def _days(row: SksRow | SorUnit) -> tuple[str, str]:
    first, last = (_iso(moment and moment.date()) for moment in (row.valid_from, row.valid_to))
    return first, last


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()
