"""What the page calls authorities and units, as far as the register knows their names."""

from __future__ import annotations

from mockregister.codes.sor import SorTable
from mockregister.synthetic.geography import PRIVATE_HOSPITAL, REGIONS

REGION_NAMES = {region.custodian: region.name for region in REGIONS}
_KNOWN = {**REGION_NAMES, PRIVATE_HOSPITAL.custodian: PRIVATE_HOSPITAL.name}


def authority_name(cvr: str, units: SorTable) -> str:
    """Return the name of a reporting authority: a region's, or that of the owner in SOR; its CVR number if no name is known."""
    return _KNOWN.get(cvr) or units.owner_name(cvr) or cvr


def unit_name(sor_id: str, units: SorTable, written: str = "") -> str:
    """Return the name of a unit in SOR; if it has none, the name ``written`` in the document, else the SOR id."""
    found = units.unit(sor_id) if sor_id else None
    return found.name if found is not None and found.name else written or sor_id
