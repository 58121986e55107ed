"""Who may report: which owners (CVR) report for which units (SOR) (facts 35, 48, 130, 166, 182)."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from mockregister.codes.csv_files import Column, read
from mockregister.codes.cvr import has_form as has_cvr_form
from mockregister.codes.sor import REGION_OF, SorTable

REGIONS = tuple(REGION_OF)  # CVR numbers; all five are registered in the register's test environment (fact 35)
SAMPLE = ("25469364", "6071000016008")  # CVR and SOR id of the sample producer in the register's own documentation


class Producers(Protocol):
    """Answers who is registered as a reporter."""

    def has_owner(self, cvr: str, /) -> bool:
        """Return whether the care provider (medcom:CareProviderID) is a registered data producer.

        If not, the answer is not_authorized (fact 48).
        """

    def has_unit(self, sor_id: str, /) -> bool:
        """Return whether anybody may report for the author's unit; if not: AUTHOR_INSTITUTION_NOT_FOUND (fact 198)."""

    def has_pair(self, cvr: str, sor_id: str, /) -> bool:
        """Return whether the custodian may report for the author's unit; if not: CUSTODIAN_NOT_FOUND (facts 130, 182)."""

    def has_triple(self, care_provider: str, cvr: str, sor_id: str, /) -> bool:
        """Return whether the care provider may report for the unit, as the custodian itself or as its data processor.

        The three are one combination (fact 35): the data processor (databehandler) of one authority cannot report for another.
        """


class Anyone:
    """``producers = any``: every reporter is registered."""

    def _is_registered(self, *_: str) -> bool:
        return True

    has_owner = has_unit = has_pair = has_triple = _is_registered


class ListedProducers:
    """The combinations of a file with the columns cvr, sor_id, name and perhaps processor_cvr (interface section 10).

    ``triples`` are (care provider, authority's CVR, unit): each authority reports for itself, and so does its data processor.
    """

    def __init__(self, triples: frozenset[tuple[str, str, str]]) -> None:
        self._triples = triples
        self._pairs = frozenset((cvr, sor_id) for _, cvr, sor_id in triples)
        self._care_providers = frozenset(care_provider for care_provider, _, _ in triples)
        self._units = frozenset(sor_id for _, _, sor_id in triples)

    @classmethod
    def from_csv(cls, path: Path) -> ListedProducers:
        """Return the producers of a user's file. Raise SettingError."""
        processor = Column("processor_cvr", lambda cell: _cvr(cell) if cell.strip() else "", optional=True)
        columns = (Column("cvr", _cvr), Column("sor_id", _sor_id), Column("name"), processor)
        rows = [(cvr, sor_id, (cvr, processor_cvr)) for _, (cvr, sor_id, _name, processor_cvr) in read(path, columns)]
        return cls(frozenset((reporter, cvr, sor_id) for cvr, sor_id, both in rows for reporter in both if reporter))

    def has_owner(self, cvr: str) -> bool:
        """Return whether the file has a row with that CVR, as authority or as data processor."""
        return cvr in self._care_providers

    def has_unit(self, sor_id: str) -> bool:
        """Return whether the file has a row with that SOR id."""
        return sor_id in self._units

    def has_pair(self, cvr: str, sor_id: str) -> bool:
        """Return whether the file has a row with both."""
        return (cvr, sor_id) in self._pairs

    def has_triple(self, care_provider: str, cvr: str, sor_id: str) -> bool:
        """Return whether a row with that authority and unit has the care provider as authority or data processor."""
        return (care_provider, cvr, sor_id) in self._triples


class SorProducers:
    """``producers = listed`` without a file: the owners of the SOR table and the five regions, each for its own units.

    Every owner may report for a unit whose owner is unknown. The sample producer in the register's documentation may report for
    the unit of that sample. Without a file nobody has a data processor.
    """

    def __init__(self, sor: SorTable) -> None:
        self._sor = sor

    def has_owner(self, cvr: str) -> bool:
        """Return whether the CVR is a region's, or owns some unit of the table."""
        return cvr in REGIONS or cvr == SAMPLE[0] or cvr in self._sor.owners

    def has_unit(self, sor_id: str) -> bool:
        """Return whether the table has the unit."""
        return sor_id in self._sor

    def has_pair(self, cvr: str, sor_id: str) -> bool:
        """Return whether the unit belongs to that CVR, or its owner is unknown."""
        unit = self._sor.unit(sor_id)
        if unit is None or (cvr, sor_id) == SAMPLE:
            return unit is not None
        return unit.owner_cvr == cvr or (not unit.owner_cvr and self.has_owner(cvr))

    def has_triple(self, care_provider: str, cvr: str, sor_id: str) -> bool:
        """Return whether the care provider is the authority itself."""
        return care_provider == cvr and self.has_pair(cvr, sor_id)


def _cvr(cell: str) -> str:
    if not has_cvr_form(cell.strip()):
        raise ValueError(f"'{cell}' is not a CVR number; write its 8 digits")
    return cell.strip()


def _sor_id(cell: str) -> str:
    if not cell.strip().isdecimal():
        raise ValueError(f"'{cell}' is not a SOR id; write its digits")
    return cell.strip()
