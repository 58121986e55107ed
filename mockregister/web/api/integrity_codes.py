"""``/integrity-codes``: what level 3 checks in the edition of this register."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, fields

from mockregister.errors import NotFound
from mockregister.synthetic.breaking import PROVOCATIONS
from mockregister.validation.explaining.code_advice import ADVICE
from mockregister.validation.level3_integrity import TEXTS
from mockregister.web.api.resource import Blueprint
from mockregister.web.registers import namespace
from mockregister.web.values import Text

blueprint = Blueprint("integrity-codes", "The codes of level 3, in the edition of this register.")


class IntegrityCodeSchema(Schema):
    """An integrity code."""

    code = fields.String(metadata={"description": "The code, as the edition of this register names it."})
    text = fields.String(metadata={"description": "The text of the answer; {0} and {1} are its parameters."})
    when = fields.String(metadata={"description": "When the register answers with it."})
    params = fields.List(fields.String(), metadata={"description": "The names of its parameters."})
    advice = fields.String(metadata={"description": "What to do."})


@blueprint.listing(
    IntegrityCodeSchema,
    text=Text(load_default="", metadata={"description": "A text that the code or its description contains, in any letter case."}),
)
def listed(text: str) -> Iterator[dict[str, Any]]:
    """List integrity codes."""
    wanted = text.casefold()
    return (each for each in _codes() if wanted in f"{each['code']} {each['text']} {each['when']}".casefold())


@blueprint.single("<code>", IntegrityCodeSchema, "The code, such as SET_NOT_FOUND.")
def show(code: str) -> dict[str, Any]:
    """Return one integrity code."""
    found = next((each for each in _codes() if each["code"] == code.upper()), None)
    if found is None:
        raise NotFound(f"There is no integrity code '{code[:80]}'; GET /api/v1/integrity-codes lists them.")
    return found


def _codes() -> Iterator[dict[str, Any]]:
    for code, text in TEXTS.items():
        name, known = namespace().edition.reported_code(code), PROVOCATIONS.get(code)
        if name is not None:
            yield {
                "code": name,
                "text": text,
                "when": known.when if known else "",
                "params": list(known.params) if known else [],
                "advice": ADVICE[code][0],
            }
