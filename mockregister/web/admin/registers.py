"""``/__admin/registers``: the registers of this server."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from mockregister.mocking.totals import RegisterTotals, totals_of
from mockregister.web.admin import clock
from mockregister.web.registers import registers

Json = dict[str, Any]

blueprint = Blueprint("registers", __name__)
ADDRESS = "/registers/<path:name>"


@blueprint.get("/registers")
def listed() -> Json:
    """List every register, by name. ``at_rest`` has the names of registers on disk that are not in use."""
    return {"registers": list(map(shown, registers().totals())), "at_rest": registers().unlisted()}


@blueprint.get(ADDRESS)
def show(name: str) -> Json:
    """Return one register. Raise NotFound."""
    return shown(totals_of(registers().find(name)))


@blueprint.put(ADDRESS)
def make(name: str) -> tuple[Json, int]:
    """Return the register of this name; make it if it does not exist."""
    namespace, is_new = registers().make(name)
    return shown(totals_of(namespace)), 201 if is_new else 200


@blueprint.delete(ADDRESS)
def delete(name: str) -> tuple[str, int]:
    """Delete a register with everything in it."""
    registers().delete(name)
    return "", 204


def shown(register: RegisterTotals) -> Json:
    """Return a register as JSON."""
    return {
        "name": register.name,
        "stored": dict(register.stored.rows),
        "requests": register.exchanges,
        "faults": register.faults,
        "checkpoints": list(register.checkpoints),
        "clock": clock.shown(register.clock),
    }
