"""``/__admin/tables``: code tables of a register's own, until it is reset or given another edition."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Blueprint
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from mockregister.codes.tables import CodeTables
from mockregister.errors import Conflict, InvalidRequest, SettingError
from mockregister.web.admin.loading import load
from mockregister.web.registers import changing, namespace, registers

blueprint = Blueprint("tables", __name__)


class TablesSchema(Schema):
    """The tables to have: the text of the CSV files that ``--codes`` and ``--sor`` take; what is left out is built in."""

    codes = fields.String(validate=Length(min=1))
    sor = fields.String(validate=Length(min=1))
    producers = fields.String(validate=OneOf(["any", "listed"]), load_default="any")


@blueprint.put("/tables")
@changing
def change() -> dict[str, Any]:
    """Look codes, units and producers up in other tables from now on. Raise InvalidRequest for a table that cannot be used."""
    if registers().settings.is_shared:
        raise Conflict("Tables are told to one process, and several serve this register: start them with --codes and --sor.")
    said = load(TablesSchema())
    with TemporaryDirectory(prefix="mockregister") as folder:
        files = {name: Path(folder) / f"{name}.csv" for name in ("codes", "sor") if name in said}
        for name, file in files.items():
            file.write_text(said[name], "utf-8")
        try:
            listed = said["producers"] == "listed"
            namespace().register.codes = CodeTables.load(files.get("codes"), files.get("sor"), listed=listed)
        except SettingError as error:
            raise InvalidRequest(str(error).replace(f"{folder}/", "")) from error
    return {"tables": sorted(files), "producers": said["producers"]}
