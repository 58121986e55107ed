"""``/__admin/seeds``: the seeds, sets of synthetic documents that a register can load."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from mockregister.register.rows import Table
from mockregister.web.registers import namespace, registers

Json = dict[str, Any]

blueprint = Blueprint("seeds", __name__)


@blueprint.get("/seeds")
def listed() -> Json:
    """List the names of the seeds, and the one that a reset loads."""
    return {"seeds": registers().seeds.names(), "start": registers().settings.seed}


@blueprint.post("/seeds/<path:name>")
def load(name: str) -> Json:
    """Replace the register's data by this seed; clock, faults, rules and journal stay."""
    namespace().load(name)
    with namespace().register.look() as rows:
        return {"seed": name, "stored": {table.label: rows.count(table) for table in Table}}
