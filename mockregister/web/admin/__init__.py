"""``/__admin``: what a test bench needs and the real register does not have. One file per concern.

``/r/<name>/__admin/…`` is the same for another register. An admin token, where one is set, is asked for as
``Authorization: Bearer <token>``. Pages of other origins are refused whatever they send, since a browser would send it for
them.
"""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, request
from marshmallow import Schema
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from mockregister import __version__
from mockregister.web import health
from mockregister.web.admin import by_hand, checkpoints, clock, error_list, faults, registers, requests, reset, rules, seeds
from mockregister.web.admin.loading import load
from mockregister.web.registers import registers as all_registers

PREFIX = "/__admin"
OPEN = ("admin.healthy",)
# who reads words, and refuses those that mean nothing there; everyone else is asked for nothing
READERS = (
    *("admin.reset.reset", "admin.clock.change", "admin.faults.add", "admin.rules.name", "admin.rules.change"),
    *(f"admin.requests.{view}" for view in ("listed", "find", "count", "wait", "export")),
)

blueprint = Blueprint("admin", __name__, url_prefix=PREFIX)
for concern in (reset, checkpoints, clock, requests, faults, rules, seeds, registers, error_list, by_hand):
    blueprint.register_blueprint(concern.blueprint)


@blueprint.before_request
def guard() -> None:
    """Let in who may come in. Raises Forbidden for other origins, Unauthorized without the token.

    Words where none are read would be passed over, and ``DELETE /requests?patient=…`` do more than was meant: InvalidRequest.
    """
    refuse_other_origins()
    if request.endpoint not in OPEN and not is_admin_token(_token()):
        raise Unauthorized("Send the admin token as 'Authorization: Bearer <token>'.", www_authenticate=WWWAuthenticate("bearer"))
    if request.endpoint not in READERS:
        load(Schema())


def refuse_other_origins() -> None:
    """Raise Forbidden for what a page of another origin makes a browser send."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Forbidden(f"Pages of {origin[:80]} may not use this server; CORS is off here.")


def is_admin_token(said: str) -> bool:
    """Whether this is the admin token; anything is where none is set."""
    token = all_registers().settings.admin_token
    return not token or hmac.compare_digest(said.encode(), token.encode())


def _token() -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


@blueprint.get("")
@blueprint.get("/", endpoint="slashed")
def index() -> dict[str, Any]:
    """What there is."""
    rules = [rule for rule in current_app.url_map.iter_rules() if rule.endpoint.startswith(f"{blueprint.name}.")]
    pairs = sorted((rule.rule, method) for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"})
    return {"version": __version__, "endpoints": [f"{method} {path}" for path, method in pairs]}


@blueprint.get("/version")
def version() -> dict[str, str]:
    """The version of the mock."""
    return {"version": __version__}


@blueprint.get("/health")
def healthy() -> dict[str, str]:
    """The process answers."""
    return health.live()
