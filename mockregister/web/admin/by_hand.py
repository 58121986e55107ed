"""``/__admin/edited-by-hand``: the real register has a user interface for edits by hand; the mock can only pretend them."""

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
