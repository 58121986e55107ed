"""Whether the server lives, and whether it takes requests; never behind a token, never touched by faults or resets."""

from __future__ import annotations

from flask import Blueprint

from mockregister import __version__
from mockregister.web.registers import namespace

blueprint = Blueprint("health", __name__)


@blueprint.get("/livez")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok", "version": __version__}


@blueprint.get("/readyz")
def ready() -> dict[str, str]:
    """The register is open. Raises what opening it raises."""
    namespace()
    return live()
