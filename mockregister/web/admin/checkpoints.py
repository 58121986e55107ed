"""``/__admin/checkpoints``: saved states of a register, by name."""

from __future__ import annotations

from typing import Any, NoReturn

from flask import Blueprint, Response, request
from werkzeug.exceptions import MethodNotAllowed

from mockregister import __version__
from mockregister.errors import InvalidRequest
from mockregister.mocking import snapshot
from mockregister.mocking.bench_state import ClockState
from mockregister.mocking.checkpoints import SavedRegister
from mockregister.mocking.names import check_name
from mockregister.register.rows import Table
from mockregister.web import body
from mockregister.web.registers import changing, namespace, registers

Json = dict[str, Any]

blueprint = Blueprint("checkpoints", __name__)

# a path, so that a name with slashes gets an error message of its own
ADDRESS = "/checkpoints/<path:name>"


@blueprint.get("/checkpoints")
def listed() -> Json:
    """List every checkpoint, by name."""
    return {"checkpoints": [shown(checkpoint) for checkpoint in namespace().checkpoints.all()]}


@blueprint.get(ADDRESS)
def show(name: str) -> Json:
    """Return one checkpoint. Raise NotFound."""
    return shown(namespace().checkpoints.get(name))


@blueprint.put(ADDRESS)
@changing
def save(name: str) -> tuple[Json, int]:
    """Save the present state under this name; it replaces an earlier checkpoint of that name."""
    checkpoint, is_new = namespace().checkpoints.save(name)
    return shown(checkpoint), 201 if is_new else 200


@blueprint.delete(ADDRESS)
@changing
def remove(name: str) -> tuple[str, int]:
    """Delete a checkpoint."""
    namespace().checkpoints.remove(name)
    return "", 204


@blueprint.get(f"{ADDRESS}/content")
def content(name: str) -> Response:
    """Return what a checkpoint holds as a file, which ``load`` reads."""
    here, checkpoint = namespace(), namespace().checkpoints.get(name)
    clock = ClockState.of(checkpoint.clock)
    heading = snapshot.Heading(snapshot.FORMAT, checkpoint.made_at, clock, here.edition.name, __version__)
    file = b"".join(snapshot.write(heading, here.register.store.rows_at(checkpoint.stored)))
    return Response(file, headers={"Content-Type": "application/gzip"})


@blueprint.put(f"{ADDRESS}/content")
@changing
def load(name: str) -> tuple[Json, int]:
    """Make a checkpoint from a file; the register does not change.

    ``differences`` says how this server differs from the one that saved the file. Raise InvalidRequest for an unusable file or
    name, Conflict if there are too many checkpoints.
    """
    if request.args:
        raise InvalidRequest(f"{min(request.args)} is not a parameter here; this address takes none.")
    here = namespace()
    check_name(name, "checkpoint")
    settings = registers().settings
    heading, kept = snapshot.read(body.receive(request, settings), settings.max_body)
    made = SavedRegister(name, heading.made_at, here.register.store.keep(kept.state), heading.clock.clock())
    checkpoint, is_new = here.checkpoints.put(made)
    return {**shown(checkpoint), "differences": heading.differences(here.edition.name)}, 201 if is_new else 200


@blueprint.get(f"{ADDRESS}/restore")
def explain(name: str) -> NoReturn:
    """Raise MethodNotAllowed: a GET does not restore anything."""
    raise MethodNotAllowed(["POST"])


@blueprint.post(f"{ADDRESS}/restore")
@changing
def restore(name: str) -> Json:
    """Go back to a checkpoint; faults, rules and journal stay as they are."""
    return shown(namespace().checkpoints.restore(name))


def shown(checkpoint: SavedRegister) -> Json:
    """Return a checkpoint as JSON: when it was made, by the register's clock, and how much it holds."""
    stored = {table.label: checkpoint.stored.count(table) for table in (Table.SETS, Table.DOCUMENTS, Table.ENTRIES)}
    return {"name": checkpoint.name, "made_at": checkpoint.made_at.isoformat(), "stored": stored}
