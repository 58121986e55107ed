"""``/__admin/checkpoints``: states by name, to be gone back to."""

from __future__ import annotations

from typing import Any, NoReturn

from flask import Blueprint
from werkzeug.exceptions import MethodNotAllowed

from mockregister.mocking.checkpoints import SavedRegister
from mockregister.register.rows import Table
from mockregister.web.registers import changing, namespace

Json = dict[str, Any]

blueprint = Blueprint("checkpoints", __name__)

# a path, not a word, so that a name with slashes is told what is wrong with it
ADDRESS = "/checkpoints/<path:name>"


@blueprint.get("/checkpoints")
def listed() -> Json:
    """Every checkpoint, by name."""
    return {"checkpoints": [shown(one) for one in namespace().checkpoints.all()]}


@blueprint.get(ADDRESS)
def show(name: str) -> Json:
    """One checkpoint."""
    return shown(namespace().checkpoints.get(name))


@blueprint.put(ADDRESS)
@changing
def save(name: str) -> tuple[Json, int]:
    """Keep the present under this name; what it stood for before is gone."""
    checkpoint, is_new = namespace().checkpoints.save(name)
    return shown(checkpoint), 201 if is_new else 200


@blueprint.delete(ADDRESS)
@changing
def remove(name: str) -> tuple[str, int]:
    """Forget a checkpoint."""
    namespace().checkpoints.remove(name)
    return "", 204


@blueprint.get(f"{ADDRESS}/restore")
def explain(name: str) -> NoReturn:
    """Nothing is restored by looking. Raises MethodNotAllowed."""
    raise MethodNotAllowed(["POST"])


@blueprint.post(f"{ADDRESS}/restore")
@changing
def restore(name: str) -> Json:
    """Go back to a checkpoint; faults, rules and journal stay as they are."""
    return shown(namespace().checkpoints.restore(name))


def shown(checkpoint: SavedRegister) -> Json:
    """A checkpoint as JSON: when it was made by the register's clock, and how much it holds."""
    stored = {table.label: checkpoint.stored.count(table) for table in (Table.SETS, Table.DOCUMENTS, Table.ENTRIES)}
    return {"name": checkpoint.name, "made_at": checkpoint.made_at.isoformat(), "stored": stored}
