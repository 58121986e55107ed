"""``/__admin/error-list`` and ``/__admin/revalidation``: the nightly jobs of the register, on demand."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from mockregister.register import error_list
from mockregister.validation import revalidation
from mockregister.web.registers import namespace

blueprint = Blueprint("error-list", __name__)


@blueprint.get("/error-list.zip")
def download() -> Response:
    """The accumulated error list as the sFTP server would show it, folders and success markers, in one zip file."""
    register = namespace().register
    return Response(error_list.in_one(register.state, register.clock.now()), content_type="application/zip")


@blueprint.post("/revalidation")
def revalidate() -> dict[str, Any]:
    """Every rule on everything that is stored, under the register's clock and rule settings of this moment."""
    register = namespace().register
    return {"episodes": sum(revalidation.revalidate(register, revalidation.episodes(register)))}
