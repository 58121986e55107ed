"""``/code-lists``: the lists of codes that business rules name."""

from __future__ import annotations

from collections.abc import Iterator

from marshmallow import Schema, fields

from mockregister.codes.lists import CodeList
from mockregister.errors import NotFound
from mockregister.web.api.resource import Blueprint
from mockregister.web.registers import reader
from mockregister.web.values import Text

blueprint = Blueprint("code-lists", "The lists of codes (kodelister) that business rules name.")


class CodeListSchema(Schema):
    """A code list (kodeliste)."""

    name = fields.String(metadata={"description": "Its name, such as admin.konttype."})
    oid = fields.String(metadata={"description": "Its OID."})
    title = fields.String(metadata={"description": "Its title, in Danish."})
    is_partial = fields.Boolean(
        attribute="partial", data_key="partial", metadata={"description": "Whether only some members are known."}
    )
    parent = fields.String(metadata={"description": "The list or family that it is part of; empty at the top."})
    holds = fields.List(fields.String(), metadata={"description": "Patterns that define its members."})
    takes = fields.List(fields.String(), metadata={"description": "Patterns of codes that are assumed to be members."})
    tolerates = fields.List(fields.String(), metadata={"description": "Patterns of codes that may be members."})


@blueprint.listing(
    CodeListSchema,
    text=Text(load_default="", metadata={"description": "A text that its name or title contains, in any letter case."}),
)
def listed(text: str) -> Iterator[CodeList]:
    """List code lists; the members of one are at /codes?list=<name>."""
    return (
        code_list for code_list in reader().codes.lists if text.casefold() in f"{code_list.name} {code_list.title}".casefold()
    )


@blueprint.single("<name>", CodeListSchema, "Its name.")
def show(name: str) -> CodeList:
    """Return one code list."""
    found = reader().codes.lists.get(name)
    if found is None:
        raise NotFound(f"There is no code list '{name[:80]}'; GET /api/v1/code-lists lists the code lists.")
    return found
