"""``/codes``: the SKS codes that this register knows."""

from __future__ import annotations

from collections.abc import Iterator

from marshmallow import Schema, fields

from mockregister.codes.sks import SksRow
from mockregister.errors import NotFound
from mockregister.register.filters import ANY
from mockregister.web.api.resource import Blueprint
from mockregister.web.registers import reader
from mockregister.web.values import Moment, Text

blueprint = Blueprint("codes", "SKS codes, with the periods and the code lists that they are valid in.")


class SksRowSchema(Schema):
    """One period of validity of an SKS code."""

    code = fields.String(metadata={"description": "The code."})
    term = fields.String(metadata={"description": "Its term in Danish; empty if it is not known."})
    valid_from = Moment(allow_none=True, metadata={"description": "From when it is valid (gyldig fra); null: no limit."})
    valid_to = Moment(allow_none=True, metadata={"description": "Until when it is valid (gyldig til); null: no limit."})
    lists = fields.Function(
        lambda row: row.lists.certain,
        metadata={"type": "array", "items": {"type": "string"}, "description": "The code lists (kodelister) that it is in."},
    )
    guessed_lists = fields.Function(
        lambda row: sorted(row.lists.guessed),
        metadata={
            "type": "array",
            "items": {"type": "string"},
            "description": "Partly known lists that it is assumed to be in, because of its form.",
        },
    )
    possible_lists = fields.Function(
        lambda row: sorted(row.lists.possible - row.lists),
        metadata={"type": "array", "items": {"type": "string"}, "description": "Partly known lists that it may be in."},
    )


class SksCodeSchema(Schema):
    """An SKS code."""

    code = fields.String(metadata={"description": "The code."})
    rows = fields.List(fields.Nested(SksRowSchema), metadata={"description": "Its periods of validity."})


@blueprint.listing(
    SksRowSchema,
    code=Text(
        load_default="", metadata={"description": "A code; with a trailing *, all codes that begin with the text before it."}
    ),
    text=Text(load_default="", metadata={"description": "A text that the code or its term contains, in any letter case."}),
    list=Text(load_default="", metadata={"description": "The name of a code list (kodeliste) that it is in, such as diag."}),
)
def listed(code: str, text: str, list: str) -> Iterator[SksRow]:
    """List the periods of validity of codes, in the order of the codes; a code may have several."""
    wanted = code.upper()
    found = reader().codes.sks.search(wanted.removesuffix(ANY), text, list)
    return (row for row in found if not wanted or wanted.endswith(ANY) or row.code == wanted)


@blueprint.single("<code>", SksCodeSchema, "The code, in any letter case.")
def show(code: str) -> dict[str, object]:
    """Return one code."""
    rows = reader().codes.sks.rows(code.upper())
    if not rows:
        raise NotFound(f"There is no code {code.upper()[:80]}; GET /api/v1/codes?code=… looks for codes.")
    return {"code": code.upper(), "rows": rows}
