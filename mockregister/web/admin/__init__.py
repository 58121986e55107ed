"""``/__admin``: controls for tests, which the real register does not have. One file per concern.

``/r/<name>/__admin/…`` controls another register. ``web/door.py`` decides who may use the controls.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, request
from marshmallow import Schema

from mockregister import __version__
from mockregister.web import health
from mockregister.web.admin import (
    by_hand,
    checkpoints,
    clock,
    editions,
    error_list,
    exams,
    faults,
    registers,
    requests,
    reset,
    rules,
    seeds,
    tables,
)
from mockregister.web.admin.loading import load

PREFIX = "/__admin"
# views that take query parameters and reject unknown ones themselves
READERS = (
    *("admin.reset.reset", "admin.clock.change", "admin.faults.add", "admin.rules.name", "admin.rules.change"),
    *("admin.editions.change", "admin.editions.upload", "admin.checkpoints.load"),
    "admin.tables.change",
    *("admin.exams.start", "admin.exams.show", "admin.exams.sheet"),
    *(f"admin.requests.{view}" for view in ("listed", "find", "count", "wait", "export", "show")),
)

blueprint = Blueprint("admin", __name__, url_prefix=PREFIX)
CONCERNS = (reset, editions, checkpoints, clock, requests, faults, rules, seeds, registers, error_list, by_hand, exams, tables)
for concern in CONCERNS:
    blueprint.register_blueprint(concern.blueprint)


@blueprint.before_request
def refuse_parameters() -> None:
    """Raise InvalidRequest for query parameters that the view does not read.

    If they were ignored, ``DELETE /requests?patient=…`` would delete more than was meant.
    """
    if request.endpoint not in READERS:
        load(Schema())


@blueprint.get("")
@blueprint.get("/", endpoint="slashed")
def index() -> dict[str, Any]:
    """List the addresses of the controls."""
    rules = [rule for rule in current_app.url_map.iter_rules() if rule.endpoint.startswith(f"{blueprint.name}.")]
    pairs = sorted((rule.rule, method) for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"})
    return {"version": __version__, "endpoints": [f"{method} {path}" for path, method in pairs]}


@blueprint.get("/version")
def version() -> dict[str, str]:
    """Return the version of the mock."""
    return {"version": __version__}


@blueprint.get("/health")
def healthy() -> dict[str, str]:
    """Answer 200, which shows that the process runs."""
    return health.live()
