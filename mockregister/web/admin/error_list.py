"""``/__admin/error-list`` and ``/__admin/revalidation``: the nightly jobs of the register, on demand."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app

from mockregister.delivery.outbox import Outbox
from mockregister.errors import Conflict
from mockregister.register import error_list
from mockregister.validation import revalidation
from mockregister.web.registers import namespace, rows

blueprint = Blueprint("error-list", __name__)


@blueprint.get("/error-list.zip")
def download() -> Response:
    """Return the accumulated error list in one zip file, with the folders and success markers of the sFTP server."""
    register = namespace().register
    return Response(error_list.in_one(rows(), register.clock.now()), content_type="application/zip")


@blueprint.post("/error-list")
def hand_out() -> dict[str, Any]:
    """Make the list now and deliver it; the files are complete before the answer is sent.

    Raise Conflict if this server delivers no error lists.
    """
    outbox: Outbox | None = current_app.extensions.get("mockregister.outbox")
    if outbox is None:
        raise Conflict("No error lists are delivered here; start the register with --sftp-port or --error-list-dir.")
    here, register = namespace().name, namespace().register
    with outbox.lock:
        outbox.lay_out(here, rows(), register.clock.now())
        return {"files": [path.relative_to(outbox.directory).as_posix() for path in outbox.hand_out(here)]}


@blueprint.post("/revalidation")
def revalidate() -> dict[str, Any]:
    """Run every rule on all stored data, with the register's present clock and rule settings."""
    register = namespace().register
    return {"episodes": sum(revalidation.revalidate(register, revalidation.episodes(register), namespace().edition))}
