"""Whether the server lives, and whether it takes requests; never behind a token, never touched by faults or resets."""

from __future__ import annotations

import logging

from flask import Blueprint
from werkzeug.exceptions import ServiceUnavailable

from mockregister import __version__
from mockregister.errors import StoreError
from mockregister.web.registers import namespace

log = logging.getLogger(__name__)

blueprint = Blueprint("health", __name__)


@blueprint.get("/livez")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok", "version": __version__}


@blueprint.get("/readyz")
def ready() -> dict[str, str]:
    """The register is open and can keep what it is given. Raise ServiceUnavailable where it cannot."""
    try:
        namespace().register.store.check()
    except StoreError as error:
        log.error("not ready: %s", error)
        raise ServiceUnavailable("The register cannot keep what it is given; the log tells why.") from error
    return live()
