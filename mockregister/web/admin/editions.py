"""``/__admin/editions`` and ``/__admin/edition``: the editions that a register can use, and the one that it uses."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from marshmallow import Schema, fields
from marshmallow.validate import Length

from mockregister.errors import InvalidRequest, SettingError
from mockregister.mocking.editions import Editions
from mockregister.validation.edition import Edition
from mockregister.web import body
from mockregister.web.admin.loading import load
from mockregister.web.registers import changing, namespace, registers

Json = dict[str, Any]

blueprint = Blueprint("editions", __name__)


class EditionSchema(Schema):
    """The edition to use."""

    name = fields.String(required=True, validate=Length(min=1))


@blueprint.get("/editions")
def listed() -> Json:
    """List every edition, and name the one that this register uses."""
    editions = _editions()
    return {"edition": namespace().edition.name, "editions": [shown(editions.get(name)) for name in editions.names()]}


@blueprint.get("/edition")
def show() -> Json:
    """Return the edition of this register."""
    return shown(namespace().edition)


@blueprint.put("/edition")
@changing
def change() -> Json:
    """Use another edition from now on. Stored data stays; ``POST /__admin/revalidation`` judges it by the new edition."""
    namespace().use(_editions().get(load(EditionSchema())["name"]))
    return shown(namespace().edition)


@blueprint.put("/editions/<name>")
def upload(name: str) -> tuple[Json, int]:
    """Make an edition from a rule list in the body (Excel or CSV), based on the edition of this register.

    The parameter ``version`` is the version of the rule set, which answers state; by default that of this register's edition.
    Raise InvalidRequest for an unusable list, name or version, Conflict for a name that is taken or too many lists.
    """
    wrong = set(request.args) - {"version"}
    if wrong:
        raise InvalidRequest(f"{min(wrong)} is not a parameter here; the only one is version.")
    from mockregister.validation.edition_folder import check_name

    content = body.receive(request, registers().settings)
    try:
        check_name(name)
    except SettingError as error:
        raise InvalidRequest(str(error), "name") from error
    try:
        uploaded = _editions().uploaded(name, content, namespace().edition, request.args.get("version", ""))
    except SettingError as error:
        raise InvalidRequest(str(error)) from error
    return shown(registers().upload(uploaded)), 201


def shown(edition: Edition) -> Json:
    """Return an edition as JSON."""
    return {
        "name": edition.name,
        "version": edition.version,
        "rules": len(edition.rules),
        "integrity_codes": len(edition.integrity),
        "templates": len(edition.profile.templates),
        "code_days": dict(edition.code_days),
    }


def _editions() -> Editions:
    return registers().editions
