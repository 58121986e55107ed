"""``/sor-units``: the units of the health service that this register knows."""

from __future__ import annotations

from collections.abc import Iterator

from marshmallow import Schema, fields

from mockregister.codes.sor import SorUnit
from mockregister.errors import NotFound
from mockregister.web.api.resource import Blueprint
from mockregister.web.registers import reader
from mockregister.web.values import Moment, Text

blueprint = Blueprint("sor-units", "Units of the health service (SOR-enheder).")


class SorUnitSchema(Schema):
    """A unit (SOR-enhed)."""

    sor_id = fields.String(metadata={"description": "Its SOR id."})
    name = fields.String(metadata={"description": "Its name; empty if unknown."})
    unit_type = fields.String(metadata={"description": "IO or IE: an owner; SI: an institution; OE: an organisational unit."})
    owner_cvr = fields.String(metadata={"description": "The CVR number of its owner; empty if unknown."})
    parent = fields.String(metadata={"description": "The SOR id of the unit above it; empty if unknown."})
    valid_from = Moment(allow_none=True, metadata={"description": "From when it is open; null: no limit."})
    valid_to = Moment(allow_none=True, metadata={"description": "Until when it is open; null: no limit."})
    specialities = fields.List(fields.String(), metadata={"description": "Its specialities (specialer), the main one first."})


@blueprint.listing(
    SorUnitSchema,
    "sor",
    "authority",
    text=Text(load_default="", metadata={"description": "A text that its id or name contains, in any letter case."}),
)
def listed(text: str, sor: str = "", authority: str = "") -> Iterator[SorUnit]:
    """List units by SOR id; authority is the CVR number of the owner."""
    units = reader().codes.sor
    wanted = units.below(sor) if sor else None
    return (unit for unit in units.search(text=text, owner_cvr=authority) if wanted is None or unit.sor_id in wanted)


@blueprint.single("<sor_id>", SorUnitSchema, "Its SOR id.")
def show(sor_id: str) -> SorUnit:
    """Return one unit."""
    found = reader().codes.sor.unit(sor_id)
    if found is None:
        raise NotFound(f"There is no unit '{sor_id[:80]}'; GET /api/v1/sor-units lists those there are.")
    return found
