"""Lists, page by page: the query parameters that all lists share, and the shape of a page.

A page is ``{"items": […], "page": 1, "page_size": 50, "total": 137, "next": "/api/v1/…?page=2"}``; the header ``Link`` has the
same addresses. Items are counted only up to a few pages after the requested one, so that a page costs the same whatever is
stored; if there are more, ``total`` is null.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from flask import request
from marshmallow import Schema, fields
from marshmallow.validate import Range

from mockregister.register.elements import Standing
from mockregister.web.values import Digits, PatientId, Severe, Since, Text, Until, Uuid

LARGEST_PAGE = 1000
PAGES_COUNTED = 4
LINK = {"Link": {"description": "The first, previous and next page (RFC 8288).", "schema": {"type": "string"}}}


def _parameter(kind: Any, description: str, **more: Any) -> Any:
    return lambda: kind(metadata={"description": description, **more.pop("metadata", {})}, **more)


# Functions that make a new field, because a field belongs to one schema.
PARAMETERS: dict[str, Any] = {
    "patient": _parameter(
        PatientId, "A CPR number, or the alternative id of a patient: its extension, or root^extension (erstatningspersonnummer)."
    ),
    "from": _parameter(
        Since, "Leaves out what ended before this moment. ISO 8601; a date means its first moment.", attribute="since"
    ),
    "to": _parameter(
        Until, "Leaves out what began after this moment. ISO 8601; a date means its last moment.", attribute="until"
    ),
    "sor": _parameter(Digits, "The SOR id of a unit (SOR-enhed). The units below it are included."),
    "label": _parameter(
        Text, "The clinical theme of the episode of care (forløbslabel); DC* means all codes that begin with DC."
    ),
    "type": _parameter(
        Text, "The type of the encounter (kontakttype) or, for result reports, of a result; a trailing * as for label."
    ),
    "priority": _parameter(Text, "The priority of the encounter (prioritet); a trailing * as for label."),
    "code": _parameter(Text, "Any SKS code in the element itself; a trailing * as for label."),
    "status": _parameter(
        fields.Enum,
        "open, closed, nullified (also together with the entry that it belonged to), or dropped (left out by a document that "
        "replaced it). Default: open and closed.",
        enum=Standing,
        by_value=True,
    ),
    "has": _parameter(
        Severe, "Only those with errors, or with warnings; for an episode of care, those on anything in it count, too."
    ),
    "rule": _parameter(
        Text, "Only those with a finding of this business rule, such as 05.53; what counts for an episode of care is as for has."
    ),
    "authority": _parameter(Digits, "The CVR number of the reporting authority (indberettende myndighed)."),
    "set": _parameter(Uuid, "The UUID of its document set (dokumentsæt)."),
    "submitted_since": _parameter(
        Since, "Only those whose last document was received at this moment of the register's clock, or later."
    ),
}


def query_schema(name: str, parameters: Iterable[str], own: Mapping[str, Any]) -> Schema:
    """Return the schema of a list's query parameters."""
    page = fields.Integer(load_default=1, validate=Range(min=1), metadata={"description": "The number of the page, from 1."})
    size = fields.Integer(
        load_default=50,
        validate=Range(1, LARGEST_PAGE),
        metadata={"description": f"The number of items on a page, at most {LARGEST_PAGE}."},
    )
    usual = {parameter: PARAMETERS[parameter]() for parameter in parameters}
    return Schema.from_dict({**usual, **own, "page": page, "page_size": size}, name=f"{name}Query")()


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list; ``total`` is None if there are more items than are counted."""

    items: list[Any]
    page: int
    page_size: int
    total: int | None
    more: bool

    @property
    def next(self) -> str | None:
        """Return the address of the next page, None on the last page."""
        return _address(self.page + 1) if self.more else None

    def links(self) -> str:
        """Return the value of the header ``Link``, with the addresses of the first, the previous and the next page."""
        leads = {"first": _address(1), "prev": _address(self.page - 1) if self.page > 1 else None, "next": self.next}
        return ", ".join(f'<{address}>; rel="{name}"' for name, address in leads.items() if address)


def paged(found: Iterable[Any], number: int, size: int) -> Page:
    """Return page ``number`` of the found items; items before and after it are not kept in memory."""
    first, behind, items, count = (number - 1) * size, number * size, [], 0
    counted = behind + PAGES_COUNTED * size
    for count, item in enumerate(found, 1):
        if first < count <= behind:
            items.append(item)
        if count > counted:
            return Page(items, number, size, None, True)
    return Page(items, number, size, count, count > behind)


@cache
def page_schema(item: type[Schema]) -> type[Schema]:
    """Return the schema of a page of such items."""
    described: dict[str, fields.Field[Any]] = {
        "items": fields.List(fields.Nested(item), required=True, metadata={"description": "The items of the page."}),
        "page": fields.Integer(required=True, metadata={"description": "The number of the page, from 1."}),
        "page_size": fields.Integer(required=True, metadata={"description": "The largest number of items on a page."}),
        "total": fields.Integer(
            required=True,
            allow_none=True,
            metadata={"description": f"The number of items; null if there are more than {PAGES_COUNTED} further pages."},
        ),
        "next": fields.String(
            required=True, allow_none=True, metadata={"description": "The address of the next page; null on the last."}
        ),
    }
    return Schema.from_dict(described, name=f"{item.__name__.removesuffix('Schema')}PageSchema")


def _address(page: int) -> str:
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return f"{request.script_root}{request.path}?{urlencode([*query, ('page', page)])}"
