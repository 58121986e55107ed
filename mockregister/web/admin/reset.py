"""``/__admin/reset``: back to a clean state, whole or in part."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from marshmallow import Schema, fields
from marshmallow.validate import Length

from mockregister.mocking.call import folded
from mockregister.register.purge import PurgeScope
from mockregister.web.admin.loading import load
from mockregister.web.registers import changing, namespace

blueprint = Blueprint("reset", __name__)


class ScopeSchema(Schema):
    """What to remove; without any field, everything."""

    author = fields.String(validate=Length(min=1))
    cvr = fields.String(validate=Length(min=1))
    set = fields.String(validate=Length(min=1))
    patient = fields.String(validate=Length(min=1))


@blueprint.post("/reset")
@changing
def reset() -> dict[str, Any]:
    """Restore everything as it was at the start, or remove only what the scope covers; a repetition changes nothing."""
    scope = load(ScopeSchema())
    if not scope:
        namespace().reset()
        return {"reset": "all"}
    for name in ("set", "patient"):
        scope |= {name: folded(scope[name])} if name in scope else {}
    return {"reset": scope, "sets": namespace().remove(PurgeScope(**scope))}
