"""``/__admin/edited-by-hand``: pretend that a user edited an episode of care in the real register's user interface."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint

from mockregister.web.registers import namespace

blueprint = Blueprint("by_hand", __name__)


@blueprint.put("/edited-by-hand/<uuid:episode>")
def edit(episode: UUID) -> dict[str, Any]:
    """Mark an episode of care as edited by hand: no document can change it (WEBSERVICE_CHANGE_NOT_ALLOWED)."""
    namespace().register.edit_by_hand(str(episode))
    return {"edited_by_hand": str(episode)}
