"""The controls of the mock as forms: registers, clock, seeds, faults, checkpoints, reset. Each calls what ``/__admin`` calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from mockregister.client import SERVICES
from mockregister.errors import InvalidRequest
from mockregister.mocking import outcomes
from mockregister.mocking.registers import DEFAULT
from mockregister.register.register import Register
from mockregister.settings import without_password
from mockregister.web import admin, door
from mockregister.web.admin.fault_schemas import TYPES
from mockregister.web.dispatcher import PREFIX
from mockregister.web.pages.pieces import piece
from mockregister.web.registers import changing, namespace, registers

Json = dict[str, Any]
DONE = {
    "clock": "The clock is set.",
    "seed": "The seed is loaded.",
    "reset": "The register is as it was at the start.",
    "fault": "The fault is set.",
    "fault-gone": "The fault is removed.",
    "checkpoint": "The checkpoint is saved.",
    "restored": "The checkpoint is restored.",
    "checkpoint-gone": "The checkpoint is deleted.",
    "register": "The register is made.",
    "register-gone": "The register is deleted.",
    "rule": "The rule is changed; the change applies from the next submission.",
    "edition": "The register now uses another edition; stored data stays.",
    "revalidated": "All stored data was validated again.",
    "journal": "The journal is empty.",
    "exam": "The sitting has begun; hand out the sheet.",
    "exam-reported": "The sitting has begun. The register already has reports about its people, and the verdict counts them; "
    "reset the register to begin without them.",
    "exam-gone": "The sitting is over; its register stays.",
}
FAULT_TITLES = {
    "delay": "Delay the answer",
    "http_status": "Answer with an HTTP status",
    "soap_fault": "Answer with a SOAP fault",
    "registry_errors": "Refuse with a finding",
    "stored_then_fault": "Store, but answer with a fault",
    "cut_connection": "Close the connection without an answer",
    "half_answer": "Break off in the middle of the answer",
    "slow_answer": "Answer slowly",
}
FAULT_FIELDS = {"seconds": "Seconds", "status": "HTTP status", "name": "SOAP fault", "errors": "Integrity code or rule id"}

blueprint = Blueprint("control", __name__, url_prefix="/control")


def outcome_of_form() -> Json:
    """Return a sentence about what the last form did, for the page that follows."""
    return {"done": DONE.get(request.args.get("done", ""), "")}


def done(key: str, endpoint: str = "pages.control.show", **values: Any) -> Response:
    """Redirect to a page that shows the sentence ``DONE[key]``."""
    return redirect(url_for(endpoint, done=key, **values), 303)


@blueprint.get("")
def show() -> str:
    """Return the page with all controls."""
    here = namespace()
    return render_template(
        "control.html",
        clock=admin.clock.shown(here.register.clock),
        seeds=registers().seeds.names(),
        start_seed=registers().settings.seed,
        edition=here.edition.name,
        editions=registers().editions.names(),
        faults=[admin.faults.shown(fault) for fault in here.faults.all()],
        fault_types=_fields_of_faults(),
        fault_titles=FAULT_TITLES,
        soap_faults=list(outcomes.OBSERVED),
        services=list(SERVICES.values()),
        checkpoints=[admin.checkpoints.shown(saved) for saved in here.checkpoints.all()],
        registers=piece(map(admin.registers.shown, registers().totals() if door.sees_all() else ())),
        sees_all=door.sees_all(),
        default=DEFAULT,
        token=registers().settings.admin_token,
        settings=_settings(here.register),
    )


def _settings(register: Register) -> list[tuple[str, str]]:
    chosen = register.settings
    return [
        ("Store", without_password(chosen.store)),
        ("Rule set", register.rule_settings.version),
        ("Rules switched off", ", ".join(sorted(register.rule_settings.off))),
        ("Security headers", chosen.auth),
        ("Producers", chosen.producers),
        ("Codes", chosen.codes),
    ]


@blueprint.post("/clock")
@changing
def clock() -> Response:
    """Set the clock. Raise InvalidRequest."""
    mode = request.form.get("mode", "")
    needed = admin.clock.NEEDS.get(mode)
    wanted = {"mode": mode, **({needed: request.form.get(needed, "")} if needed else {})}
    admin.clock.turn(admin.loading.read(admin.clock.ClockSchema(), wanted))
    return done("clock")


@blueprint.post("/seed")
def seed() -> Response:
    """Replace the stored data by a seed. Raise NotFound."""
    namespace().load(request.form.get("seed", ""))
    return done("seed")


@blueprint.post("/edition")
@changing
def edition() -> Response:
    """Use another edition. Raise NotFound."""
    namespace().use(registers().editions.get(request.form.get("edition", "")))
    return done("edition")


@blueprint.post("/reset")
@changing
def reset() -> Response:
    """Reset the register."""
    namespace().reset()
    return done("reset")


@blueprint.post("/journal")
def clear_journal() -> Response:
    """Forget all exchanges."""
    namespace().journal.clear()
    return done("journal")


@blueprint.post("/faults")
@changing
def add_fault() -> Response:
    """Add a fault. Raise InvalidRequest and Conflict."""
    admin.faults.ask_for(written(request.form))
    return done("fault")


@blueprint.post("/faults/remove")
@changing
def remove_fault() -> Response:
    """Remove one fault, or all. Raise NotFound."""
    faults = namespace().faults
    faults.remove(request.form["id"]) if "id" in request.form else faults.clear()
    return done("fault-gone")


@blueprint.post("/checkpoints")
@changing
def checkpoint() -> Response:
    """Save, restore or remove a checkpoint. Raise InvalidRequest and NotFound."""
    checkpoints, name = namespace().checkpoints, request.form.get("name", "").strip()
    actions: dict[str, Callable[[str], object]] = {
        "checkpoint": checkpoints.save,
        "restored": checkpoints.restore,
        "checkpoint-gone": checkpoints.remove,
    }
    action = request.form.get("action", "")
    if action not in actions:
        raise InvalidRequest("Say what to do with the checkpoint.", "action")
    actions[action](name)
    return done(action)


@blueprint.post("/registers")
def make_register() -> Response:
    """Make a register and redirect to it. Raise InvalidRequest."""
    made, _ = registers().make(request.form.get("name", "").strip())
    return redirect(home(made.name) + "control?done=register", 303)


@blueprint.post("/registers/remove")
def remove_register() -> Response:
    """Delete a register with everything in it. Raise Conflict and NotFound."""
    registers().delete(request.form.get("name", ""))
    return redirect(home(DEFAULT) + "control?done=register-gone", 303)


@blueprint.post("/switch")
def switch() -> Response:
    """Redirect to another register, or to the default one if there is none of this name."""
    name = request.form.get("name", DEFAULT)
    return redirect(home(name if name in registers().names() else DEFAULT), 303)


def home(name: str) -> str:
    """Return the address of a register's first page; the names of registers need no quoting."""
    above = request.script_root.partition(PREFIX)[0]
    return f"{above}/" if name == DEFAULT else f"{above}{PREFIX}{name}/"


def _fields_of_faults() -> dict[str, list[str]]:
    """Return the fields of the form that each type of fault takes."""
    return {name: [field for field in schema().fields if field in FAULT_FIELDS] for name, schema in TYPES.items()}


def written(form: Mapping[str, str]) -> Json:
    """Return the fault in a form as ``POST /__admin/faults`` takes it; empty fields are left out."""
    match = {name: form[f"match-{name}"].strip() for name in ("service", "patient", "author", "cvr") if form.get(f"match-{name}")}
    kind = form.get("type", "")
    fields = _fields_of_faults().get(kind, ())
    fault = {name: _value(form[name]) for name in fields if form.get(name)}
    often = {name: _value(form[name]) for name in ("times", "probability") if form.get(name)}
    if "errors" in fields:
        fault["errors"] = [{"code": form.get("code", "").strip()}]
    return {"match": match, "fault": {"type": kind, **fault}, **often}


def _value(text: str) -> Any:
    """Return a text as a number if it is one."""
    try:
        return json.loads(text) if text.strip()[:1].isdigit() else text.strip()
    except ValueError:
        return text.strip()
