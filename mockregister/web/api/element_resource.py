"""The resources of the six kinds of elements: a list of elements, and one element by its id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from mockregister.errors import NotFound
from mockregister.model import EntryKind
from mockregister.register.elements import Element
from mockregister.register.filters import Filter
from mockregister.web.api.element_schemas import item_schema, single_schema
from mockregister.web.api.resource import Blueprint
from mockregister.web.registers import reader

ALL = ("patient", "from", "to", "sor", "label", "code", "status", "has", "rule", "authority", "set", "submitted_since")
OF_ENCOUNTER = ("type", "priority")


def element_resource(name: str, kind: EntryKind, description: str, *parameters: str) -> Blueprint:
    """Return the resource of one kind of element, whose list takes these parameters."""
    blueprint = Blueprint(name, description)
    words = kind.value.replace("-", " ")

    def listed(**filters: Any) -> Iterator[Element]:
        return reader().elements(kind, Filter(**filters))

    def show(id: UUID) -> Element:
        found = reader().element(str(id))
        if found is None or found.kind is not kind:
            raise NotFound(f"There is no {words} {id}; GET /api/v1/{name} lists those there are.")
        return found

    listed.__doc__ = f"""List {description[0].lower()}{description[1:]}

    Elements in force, newest first; the parameter status selects others, such as nullified ones.
    """
    show.__doc__ = f"""Return one {words}, with its history and what belongs to it, even if it was nullified or dropped."""
    blueprint.listing(item_schema(kind), *parameters)(listed)
    blueprint.single("<uuid:id>", single_schema(kind), "The extension of its id, a UUID in any letter case.")(show)
    return blueprint
