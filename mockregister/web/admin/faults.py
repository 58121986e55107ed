"""``/__admin/faults``: faults that strike later calls."""

from __future__ import annotations

from random import randrange
from typing import Any

from flask import Blueprint, Response, jsonify, url_for

from mockregister.errors import InvalidRequest
from mockregister.mocking import outcomes
from mockregister.mocking.faults import EVERY_REGISTER, Fault
from mockregister.mocking.names import check_name
from mockregister.mocking.registers import DEFAULT
from mockregister.web.admin import fault_schemas
from mockregister.web.admin.loading import read, sent_fields
from mockregister.web.registers import changing, namespace

Json = dict[str, Any]

blueprint = Blueprint("faults", __name__)


@blueprint.get("/faults")
def listed() -> Json:
    """List every fault, oldest first, with the numbers of calls that it matched and struck.

    The answer also lists the types of faults and the names of SOAP faults.
    """
    return {
        "faults": [shown(fault) for fault in namespace().faults.all()],
        "types": list(fault_schemas.TYPES),
        "soap_faults": list(outcomes.OBSERVED),
    }


@blueprint.post("/faults")
@changing
def add() -> tuple[Response, int]:
    """Add a fault."""
    fault = ask_for(sent_fields())
    answer = jsonify(shown(fault))
    answer.headers["Location"] = url_for(".show", fault_id=fault.id)
    return answer, 201


def ask_for(written: Json) -> Fault:
    """Add the fault that this JSON object describes, and return it. Raise InvalidRequest or Conflict."""
    wanted = read(fault_schemas.FaultSchema(), written)
    _check_register(wanted["match"].register)
    seed = wanted.pop("seed", None)
    kept = {name: written.get(name, {}) for name in ("match", "fault")}
    return namespace().faults.add(Fault(**wanted, seed=randrange(2**31) if seed is None else seed, written=kept))


@blueprint.get("/faults/<fault_id>")
def show(fault_id: str) -> Json:
    """Return one fault. Raise NotFound."""
    return shown(namespace().faults.get(fault_id))


@blueprint.delete("/faults/<fault_id>")
@changing
def remove(fault_id: str) -> tuple[str, int]:
    """Remove one fault."""
    namespace().faults.remove(fault_id)
    return "", 204


@blueprint.delete("/faults")
@changing
def clear() -> tuple[str, int]:
    """Remove all faults."""
    namespace().faults.clear()
    return "", 204


def shown(fault: Fault) -> Json:
    """Return a fault as it was added, with its id and its counts."""
    return {
        "id": fault.id,
        **fault.written,
        "times": fault.times,
        "probability": fault.probability,
        "seed": fault.seed,
        "calls": fault.calls,
        "fired": fault.fired,
    }


def _check_register(name: str | None) -> None:
    """Raise InvalidRequest if a register other than the default one names a register to strike."""
    here = namespace().name
    if name not in (None, here) and here != DEFAULT:
        raise InvalidRequest(
            f"match.register: Only the default register can name another one; leave the field out to strike calls to '{here}'.",
            "match.register",
        )
    if name not in (None, EVERY_REGISTER):
        check_name(name, "register", "match.register")
