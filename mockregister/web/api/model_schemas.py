"""A marshmallow schema for each dataclass of the logical model, made from its type hints and the words in ``terms.py``.

The same schema reads posted documents and writes answers, so the field names are the same. Unknown fields are refused. Fields
that may be missing in a document may be missing here: only what the model cannot do without is required.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, ClassVar, get_args, get_origin, get_type_hints

import marshmallow
from marshmallow import Schema, ValidationError, post_load, validates_schema

from mockregister.document.references import POINTERS
from mockregister.model import Reference
from mockregister.web.api.terms import TERMS
from mockregister.web.values import Flag, Moment, Several, Text, Whole

WRITABLE = frozenset((pointer.scope, pointer.kind, pointer.form) for pointer in POINTERS)
SIMPLE: dict[type, type[marshmallow.fields.Field[Any]]] = {str: Text, bool: Flag, int: Whole, datetime: Moment}


class ModelSchema(Schema):
    """Reads and writes one dataclass."""

    model: ClassVar[type]

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> object:
        """Return the object of the model."""
        return self.model(**data)


class ReferenceSchema(ModelSchema):
    """A reference of one of the forms for which the profile has a template."""

    @validates_schema
    def check(self, data: Mapping[str, Any], **_: Any) -> None:
        """Raise ValidationError for a form that no document can have."""
        scope, kind, form = data["scope"], data["kind"], data.get("form")
        if (scope, kind, form) not in WRITABLE:
            named = f"{scope.value} reference to a {kind.value}" + (f" of form {form.value}" if form else " without a form")
            raise ValidationError(f"The profile has no {named}; only procedures have a form.")


@cache
def schema_of(cls: type) -> type[ModelSchema]:
    """Return the schema of a dataclass of the model, named after it."""
    base = ReferenceSchema if cls is Reference else ModelSchema
    summary = (cls.__doc__ or "").splitlines()[0]
    return type(f"{cls.__name__}Schema", (base,), {"model": cls, "__doc__": summary, **model_fields(cls)})


def model_fields(cls: type) -> dict[str, marshmallow.fields.Field[Any]]:
    """Return new marshmallow fields for the fields of a dataclass of the model."""
    hints = get_type_hints(cls)
    return {field.name: _field(field, hints[field.name], TERMS[cls][field.name]) for field in fields(cls)}


def _field(field: Field[Any], hint: Any, description: str) -> marshmallow.fields.Field[Any]:
    settings: dict[str, Any] = {"metadata": {"description": description}}
    absent = _absent(field, hint)
    settings |= {"required": True} if absent is MISSING else {"load_default": absent}
    return _of_type(hint, settings | {"allow_none": type(None) in get_args(hint)})


def _absent(field: Field[Any], hint: Any) -> Any:
    """Return the value of a field that is left out; MISSING if it must not be."""
    if field.default is not MISSING:
        return field.default
    if type(None) in get_args(hint):
        return None
    return {str: "", tuple: ()}.get(get_origin(hint) or hint, MISSING)


def _of_type(hint: Any, settings: dict[str, Any]) -> marshmallow.fields.Field[Any]:
    inner = next((arg for arg in get_args(hint) if arg not in (type(None), Ellipsis)), hint)
    if get_origin(hint) is tuple:
        return Several(_of_type(inner, {}), **settings)
    if inner in SIMPLE:
        return SIMPLE[inner](**settings)
    if issubclass(inner, Enum):
        return marshmallow.fields.Enum(inner, by_value=True, **settings)
    return marshmallow.fields.Nested(schema_of(inner), **settings)
