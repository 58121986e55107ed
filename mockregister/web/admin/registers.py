"""``/__admin/registers``: the registers of this server."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from mockregister.mocking.registers import Namespace
from mockregister.register.rows import Table
from mockregister.web.admin import clock
from mockregister.web.registers import registers

Json = dict[str, Any]

blueprint = Blueprint("registers", __name__)
ADDRESS = "/registers/<path:name>"


@blueprint.get("/registers")
def listed() -> Json:
    """List every register, by name; of registers on disk that are not in use only the name."""
    return {"registers": [shown(register) for register in registers().known()], "at_rest": registers().at_rest()}


@blueprint.get(ADDRESS)
def show(name: str) -> Json:
    """Return one register. Raise NotFound."""
    return shown(registers().find(name))


@blueprint.put(ADDRESS)
def make(name: str) -> tuple[Json, int]:
    """Make a register unless one of this name exists."""
    namespace, is_new = registers().make(name)
    return shown(namespace), 201 if is_new else 200


@blueprint.delete(ADDRESS)
def delete(name: str) -> tuple[str, int]:
    """Delete a register with everything in it."""
    registers().delete(name)
    return "", 204


def shown(namespace: Namespace) -> Json:
    """Return a register as JSON."""
    with namespace.register.look() as rows:
        stored = {table.label: rows.count(table) for table in Table}
    return {
        "name": namespace.name,
        "stored": stored,
        "requests": namespace.journal.count(),
        "faults": len(namespace.faults.all()),
        "checkpoints": [checkpoint.name for checkpoint in namespace.checkpoints.all()],
        "clock": clock.shown(namespace.register.clock),
    }
