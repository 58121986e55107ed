"""SOR, the register of organisations in the Danish health service: units, their owners, specialities and validity."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path

from mockregister.codes import validity
from mockregister.codes.csv_files import Column, brought, cells, packed, read, refusal
from mockregister.codes.cvr import has_form as has_cvr_form

PSYCHIATRY = frozenset({"394587001", "394588006"})
OWNER_TYPES = frozenset({"IO", "IE"})
REGIONS = {
    "1081": "Region Nordjylland",
    "1082": "Region Midtjylland",
    "1083": "Region Syddanmark",
    "1084": "Region Hovedstaden",
    "1085": "Region Sjælland",
}  # names by authority code
NAMESPACE, PARTITION = "1000016", "00"
REGION_OF = {"29190623": "1084", "29190658": "1085", "29190909": "1083", "29190925": "1082", "29190941": "1081"}  # by CVR

#: The item numbers of made-up units. SOR counts items up from 1; the highest in the built-in table is 128,017. An identifier of
#: 18 digits has eight digits for the item, so SOR would have to issue hundreds of times as many before it came to these.
MADE_UP = range(99_900_000, 100_000_000)
_FORM = re.compile(rf"[1-9]\d{{0,7}}{NAMESPACE}{PARTITION}\d", re.ASCII)
_OWNED = re.compile(r",\d{8},", re.ASCII)
_NUMBER = re.compile(r"\d{5,18}", re.ASCII)

# Verhoeff's check digit: a permutation applied once more at each position, and the product of the dihedral group D5.
_PERMUTE = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
_INVERSE = (0, 4, 3, 2, 1, 5, 6, 7, 8, 9)


def has_form(text: str) -> bool:
    """Return whether ``text`` has the form of SOR identifiers: item, namespace 1000016, partition 00, Verhoeff check digit."""
    return bool(_FORM.fullmatch(text)) and _checksum(text) == 0


def identifier(item: int) -> str:
    """Return the SOR identifier of an item number; made-up units have those of ``MADE_UP``."""
    body = f"{item}{NAMESPACE}{PARTITION}"
    return body + str(_INVERSE[_checksum(body + "0")])


def _checksum(digits: str) -> int:
    check = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit)
        for _ in range(place % 8):
            value = _PERMUTE[value]
        check = _product(check, value)
    return check


def _product(left: int, right: int) -> int:
    """Return the product of two symmetries of a pentagon: 0 to 4 turn it, 5 to 9 turn it over."""
    turned = left - right if left >= 5 else left + right
    return turned % 5 + (5 if (left >= 5) != (right >= 5) else 0)


@dataclass(frozen=True, slots=True)
class SorUnit:
    """A unit (SOR-enhed): its id, owner, validity and specialities, the main speciality first.

    ``unit_type`` is IO or IE for an owner of institutions, SI for a health institution, OE for an organisational unit, or a
    file's own word. ``parent`` is the SOR id of the unit above, ``region`` the authority code of its region; both may be
    unknown.
    """

    sor_id: str
    name: str
    unit_type: str
    owner_cvr: str
    valid_from: datetime | None
    valid_to: datetime | None
    specialities: tuple[str, ...]
    parent: str = ""
    region: str = ""

    @property
    def is_made_up(self) -> bool:
        """Whether its identifier is outside the range that SOR issues."""
        return has_form(self.sor_id) and int(self.sor_id[: -len(NAMESPACE + PARTITION) - 1]) in MADE_UP

    @property
    def has_psychiatric_speciality(self) -> bool:
        """Whether any speciality is psychiatry or child and adolescent psychiatry (interface section 8)."""
        return not PSYCHIATRY.isdisjoint(self.specialities)

    @property
    def is_owner(self) -> bool:
        """Whether it owns institutions, as a region does."""
        return self.unit_type in OWNER_TYPES


class SorTable:
    """The SOR units of one register: ``units``, and those in ``lines`` by SOR id, each parsed when it is first asked for.

    Without ``lists_lines`` the units in ``lines`` are known, but a list or a search does not show them.
    """

    def __init__(
        self, units: dict[str, SorUnit], lines: Mapping[str, Sequence[str]] | None = None, *, lists_lines: bool = True
    ) -> None:
        self._units, self._lines = units, {} if lines is None else lines
        self._unlisted = frozenset() if lists_lines else self._lines.keys() - units.keys()

    @classmethod
    def built_in(cls) -> SorTable:
        """Return this package's units: every observed identifier, few of them with more data, and the made-up units."""
        return cls({}, packed("sor.csv.gz", "sor_made_up.csv"))

    @classmethod
    def from_csv(cls, path: Path) -> SorTable:
        """Return the units of a user's file (interface section 10; columns ``parent`` and ``region`` may be added).

        The made-up units of seeds are known too; the file wins for a unit that it lists. Raise SettingError.
        """
        columns = (
            Column("sor_id", _sor_id),
            Column("name"),
            Column("unit_type", str.strip),
            Column("owner_cvr", _cvr),
            Column("valid_from", validity.start_of),
            Column("valid_to", validity.end_of),
            Column("specialities", _specialities),
            Column("parent", str.strip, optional=True),
            Column("region", str.strip, optional=True),
        )
        units: dict[str, SorUnit] = {}
        for line, values in read(path, columns):
            unit = SorUnit(*values)
            if unit.sor_id in units:
                raise refusal(path, line, f"{unit.sor_id} is in the file twice; leave one row for each unit", "sor_id")
            if not validity.in_order(unit.valid_from, unit.valid_to):
                raise refusal(path, line, f"{unit.sor_id} closes before it opens; correct one of the two dates", "valid_to")
            units[unit.sor_id] = unit
        return cls(units, packed("sor_made_up.csv"), lists_lines=False)

    def unit(self, sor_id: str) -> SorUnit | None:
        """Return the unit with that SOR id; if there is none, level 3 reports SOR_ORG_UNIT_NOT_FOUND."""
        found = self._units.get(sor_id)
        if found is None and sor_id in self._lines:
            found = self._units[sor_id] = _unit(*cells(self._lines[sor_id][0]))
        return found

    def region_of(self, sor_id: str) -> str:
        """Return the authority code of the unit's region, or of the region that owns it; empty if the table has neither."""
        ids = (sor_id, *self.above(sor_id))
        units = [unit for unit in map(self.unit, ids) if unit is not None]
        regions = (unit.region or REGION_OF.get(unit.owner_cvr, "") for unit in units)
        return next(filter(None, regions), "")

    def __contains__(self, sor_id: str) -> bool:
        return self.unit(sor_id) is not None

    def __iter__(self) -> Iterator[SorUnit]:
        """Yield the listed units, sorted by SOR id."""
        yield from filter(None, map(self.unit, self._listed))

    @cached_property
    def _listed(self) -> list[str]:
        return sorted({*self._units, *self._lines} - self._unlisted)

    @cached_property
    def _known(self) -> list[SorUnit]:
        """Every unit, including those that are not listed."""
        return [unit for unit in map(self.unit, {*self._units, *self._lines}) if unit is not None]

    def below(self, sor_id: str) -> frozenset[str]:
        """Return the unit and everything under it: its parts, their parts, and for an owner also the units with its CVR number.

        For an unknown id, return that id alone, so that a filter by it still finds what was reported under it.
        """
        found, left = {sor_id}, [sor_id]
        while left:
            fresh = self._parts_of(left.pop()) - found
            found |= fresh
            left += fresh
        return frozenset(found)

    def _parts_of(self, sor_id: str) -> set[str]:
        unit = self.unit(sor_id)
        owned = self._owned.get(unit.owner_cvr, set()) if unit is not None and unit.is_owner else set()
        return self._parts.get(sor_id, set()) | owned

    def above(self, sor_id: str) -> tuple[str, ...]:
        """Return the ids of the units above it, the nearest first, as far as the table knows them."""
        chain: list[str] = []
        unit = self.unit(sor_id)
        while unit is not None and unit.parent and unit.parent not in chain:
            chain.append(unit.parent)
            unit = self.unit(unit.parent)
        return tuple(chain)

    @cached_property
    def _parts(self) -> dict[str, set[str]]:
        return _grouped((unit.parent, unit.sor_id) for unit in self._known)

    @cached_property
    def _owned(self) -> dict[str, set[str]]:
        return _grouped((unit.owner_cvr, unit.sor_id) for unit in self._known)

    @property
    def owners(self) -> frozenset[str]:
        """The CVR numbers of all owners."""
        return frozenset(self._owned) - {""}

    def owner_name(self, cvr: str) -> str:
        """Return the name of the owner with this CVR number, or of one of its units; empty if none has a name."""
        return self._owner_names.get(cvr, "")

    @cached_property
    def _owner_names(self) -> dict[str, str]:
        brought_owned = (line[0] for line in self._lines.values() if _OWNED.search(line[0]))
        units = [*self._units.values(), *(_unit(*cells(line)) for line in brought_owned)]
        named = [unit for unit in units if unit.owner_cvr and unit.name]
        return {unit.owner_cvr: unit.name for unit in sorted(named, key=lambda unit: unit.is_owner)}

    def search(self, prefix: str = "", text: str = "", owner_cvr: str = "") -> Iterator[SorUnit]:
        """Yield the units, sorted by SOR id, that match all three arguments.

        The id starts with ``prefix``, the id or the name contains ``text`` in any letter case, the owner has that CVR number.
        """
        wanted = text.casefold()
        for unit in self:
            named = wanted in f"{unit.sor_id} {unit.name}".casefold()
            if named and unit.sor_id.startswith(prefix) and owner_cvr in ("", unit.owner_cvr):
                yield unit


@lru_cache(maxsize=1)
def specialities() -> dict[str, str]:
    """Return the Danish names of the specialities by their id (a SNOMED CT concept)."""
    return {row[0]: row[1] for row in brought("specialities.csv")}


@lru_cache(maxsize=1)
def shak_specialities() -> dict[str, tuple[str, str]]:
    """Return SHAK's two-digit code and name for each speciality, as LPR2 and LPR3's tables describe units."""
    return {row[0]: (row[1], row[2]) for row in brought("shak_specialities.csv")}


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for key, value in pairs:
        if key:
            groups.setdefault(key, set()).add(value)
    return groups


def _unit(
    sor_id: str,
    name: str,
    unit_type: str,
    owner_cvr: str,
    valid_from: str,
    valid_to: str,
    special: str,
    parent: str,
    region: str = "",
) -> SorUnit:
    dates = validity.start_of(valid_from), validity.end_of(valid_to)
    return SorUnit(sor_id, name, unit_type, owner_cvr, *dates, _specialities(special), parent, region)


def _sor_id(cell: str) -> str:
    if not _NUMBER.fullmatch(cell.strip()):
        raise ValueError(f"'{cell}' is not a SOR id; write its 5 to 18 digits")
    return cell.strip()


def _cvr(cell: str) -> str:
    if cell.strip() and not has_cvr_form(cell.strip()):
        raise ValueError(f"'{cell}' is not a CVR number; write 8 digits or nothing")
    return cell.strip()


def _specialities(cell: str) -> tuple[str, ...]:
    ids = tuple(part.strip() for part in cell.split(";") if part.strip())
    wrong = [speciality for speciality in ids if not speciality.isdecimal()]
    if wrong:
        raise ValueError(f"'{wrong[0]}' is not a speciality id; write digits, separated by ';'")
    return ids
