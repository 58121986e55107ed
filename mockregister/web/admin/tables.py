"""``/__admin/tables``: a register's own code tables, until it is reset or gets another edition."""

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
    """The tables to use: the text of CSV files for ``--codes`` and ``--sor``, and a word for ``--producers``.

    A table that is left out is the built-in one.
    """

    codes = fields.String(validate=Length(min=1))
    sor = fields.String(validate=Length(min=1))
    producers = fields.String(validate=OneOf(["any", "listed"]), load_default="any")


@blueprint.put("/tables")
@changing
def change() -> dict[str, Any]:
    """Use other tables of codes, units and producers from now on.

    Raise InvalidRequest for a table that cannot be used, Conflict if several processes serve the register.
    """
    if registers().settings.is_shared:
        raise Conflict("Several processes serve this register; set its tables at the start, with --codes and --sor.")
    wanted = load(TablesSchema())
    with TemporaryDirectory(prefix="mockregister") as folder:
        files = {name: Path(folder) / f"{name}.csv" for name in ("codes", "sor") if name in wanted}
        for name, file in files.items():
            file.write_text(wanted[name], "utf-8")
        try:
            listed = wanted["producers"] == "listed"
            namespace().register.codes = CodeTables.load(files.get("codes"), files.get("sor"), listed=listed)
        except SettingError as error:
            raise InvalidRequest(str(error).replace(f"{folder}/", "")) from error
    return {"tables": sorted(files), "producers": wanted["producers"]}
