"""Whether the server runs, and whether it is ready. Neither needs a token, and simulated faults do not affect the answers."""

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
    """Answer 200, which shows that the process runs."""
    return {"status": "ok", "version": __version__}


@blueprint.get("/readyz")
def ready() -> dict[str, str]:
    """Answer 200 if the register can store documents. Raise ServiceUnavailable if it cannot."""
    try:
        namespace().register.store.check()
    except StoreError as error:
        log.error("not ready: %s", error)
        raise ServiceUnavailable("The register cannot store documents; the log says why.") from error
    return live()
