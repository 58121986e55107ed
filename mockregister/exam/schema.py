"""The JSON Schema of a story's file, for editors; ``notation.py`` reads the file.

Usage: ``python -m mockregister.exam.schema > docs/exam-story.schema.json``
"""

from __future__ import annotations

import json
from typing import Any

from mockregister.exam.facets import FACETS, OWNERS, Wants
from mockregister.exam.story import WINDOW

Json = dict[str, Any]

TEXT: Json = {"type": "string", "minLength": 1}
SCALAR: Json = {"type": ["string", "number", "boolean"]}
SEVERAL: Json = {"anyOf": [SCALAR, {"type": "array", "items": SCALAR, "minItems": 1}]}
FLAG: Json = {"enum": ["yes", "no", True, False]}
TIME: Json = {"type": "string", "pattern": f"^{WINDOW.pattern.replace('(?:', '(')}$|^none$"}
TEXTS: Json = {"type": "object", "properties": {"da": TEXT, "en": TEXT}, "required": ["da", "en"], "additionalProperties": False}
WHOLE: Json = {"type": ["integer", "string"]}


def _object(required: tuple[str, ...], **properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _element(kind: str) -> Json:
    facets = {name: {Wants.FLAG: FLAG, Wants.MOMENT: TIME}.get(facet.wants, SEVERAL) for name, facet in FACETS[kind].items()}
    own: Json = {
        kind: TEXT,
        "of": TEXT,
        "stands": {"enum": ["yes", "no", "nullified", True, False]},
        "answer": {"type": "object", "additionalProperties": SCALAR},
    }
    if OWNERS[kind]:
        own["on"] = TEXT
    if kind == "report":
        own["results"] = {"type": "object", "additionalProperties": SEVERAL}
    return _object((kind,), **own, **facets)


def schema() -> Json:
    """Return the schema."""
    ways = (
        _object(("corrected",), corrected=TEXT),
        _object(("moved",), moved=TEXT),
        _object(("count", "is"), count={"enum": list(OWNERS)[1:]}, **{"is": WHOLE, "of": TEXT}),
        _object(("refused",), refused=WHOLE),
        _object(("error_list",), error_list={"const": "empty"}, but=SEVERAL),
    )
    person = _object(
        ("sex",),
        sex={"enum": ["F", "M"]},
        age=WHOLE,
        born=TIME,
        numbers={"enum": ["cpr", "replacement", "both"]},
        country=SCALAR,
        municipality=SCALAR,
    )
    step = _object(("at", "da", "en"), at=TIME, da=TEXT, en=TEXT)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A story of mockregister's exam",
        **_object(
            ("title", "people", "told", "expect"),
            title=TEXTS,
            people={"type": "object", "additionalProperties": person, "minProperties": 1},
            units={"type": "object", "additionalProperties": SCALAR},
            codes={"type": "object", "additionalProperties": SEVERAL},
            tolerance=WHOLE,
            told={"type": "array", "items": step, "minItems": 1},
            expect={"type": "array", "items": {"anyOf": [*map(_element, OWNERS), *ways]}, "minItems": 1},
        ),
    }


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2, ensure_ascii=False))
