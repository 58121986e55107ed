"""Who may report: which owners (CVR) report for which units (SOR) (facts 35, 48, 130, 166, 182)."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from mockregister.codes.csv_files import Column, read
from mockregister.codes.cvr import has_form as has_cvr_form
from mockregister.codes.sor import SorTable


class Producers(Protocol):
    """Answers who is registered."""

    def has_owner(self, cvr: str) -> bool:
        """Whether the care provider (medcom:CareProviderID) is a registered data producer; else not_authorized (fact 48)."""

    def has_unit(self, sor_id: str) -> bool:
        """Whether anybody may report for the author's unit; else AUTHOR_INSTITUTION_NOT_FOUND (fact 198)."""

    def has_pair(self, cvr: str, sor_id: str) -> bool:
        """Whether the custodian's CVR may report for the author's unit; else CUSTODIAN_NOT_FOUND (facts 130, 182)."""


class Anyone:
    """``producers = any``: whoever reports is registered."""

    def has_owner(self, cvr: str) -> bool:
        """Always."""
        return True

    def has_unit(self, sor_id: str) -> bool:
        """Always."""
        return True

    def has_pair(self, cvr: str, sor_id: str) -> bool:
        """Always."""
        return True


class ListedProducers:
    """The combinations of a file with the columns cvr, sor_id and name (interface section 10)."""

    def __init__(self, pairs: frozenset[tuple[str, str]]) -> None:
        self._pairs = pairs
        self._owners = frozenset(cvr for cvr, _ in pairs)
        self._units = frozenset(sor_id for _, sor_id in pairs)

    @classmethod
    def from_csv(cls, path: Path) -> ListedProducers:
        """The producers of a user's file. Raises SettingError."""
        columns = (Column("cvr", _cvr), Column("sor_id", _sor_id), Column("name"))
        return cls(frozenset((cvr, sor_id) for _, (cvr, sor_id, _name) in read(path, columns)))

    def has_owner(self, cvr: str) -> bool:
        """Whether the file has a row with that CVR."""
        return cvr in self._owners

    def has_unit(self, sor_id: str) -> bool:
        """Whether the file has a row with that SOR id."""
        return sor_id in self._units

    def has_pair(self, cvr: str, sor_id: str) -> bool:
        """Whether the file has a row with both."""
        return (cvr, sor_id) in self._pairs


class SorProducers:
    """``producers = listed`` without a file: the owners of the SOR table, each for its own units.

    A unit whose owner the table does not know is taken for any owner that it does know.
    """

    def __init__(self, sor: SorTable) -> None:
        self._sor = sor

    def has_owner(self, cvr: str) -> bool:
        """Whether some unit of the table belongs to that CVR."""
        return cvr in self._sor.owners

    def has_unit(self, sor_id: str) -> bool:
        """Whether the table has the unit."""
        return sor_id in self._sor

    def has_pair(self, cvr: str, sor_id: str) -> bool:
        """Whether the unit belongs to that CVR, as far as the table knows."""
        unit = self._sor.unit(sor_id)
        return unit is not None and (unit.owner_cvr == cvr or (not unit.owner_cvr and self.has_owner(cvr)))


def _cvr(cell: str) -> str:
    if not has_cvr_form(cell.strip()):
        raise ValueError(f"'{cell}' is no CVR number; write its 8 digits")
    return cell.strip()


def _sor_id(cell: str) -> str:
    if not cell.strip().isdecimal():
        raise ValueError(f"'{cell}' is no SOR id; write its digits")
    return cell.strip()
