"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Generic, TypeVar

from flask import request

from mockregister.finding import Severity

Item = TypeVar("Item")
SIZE = 50
LAST = 10**9  # no list is longer; a larger page number gives an empty page and not an error


@dataclass(frozen=True, slots=True)
class Piece(Generic[Item]):
    """The items of one page of a list, its number from 1, and whether there is more."""

    items: list[Item]
    page: int
    more: bool


def piece(found: Iterable[Item], size: int = SIZE) -> Piece[Item]:
    """Return the page of results that the request asks for; later results are not read."""
    page = min(max(1, request.args.get("page", 1, int)), LAST)
    first = (page - 1) * size
    items = list(islice(found, first, first + size + 1))
    return Piece(items[:size], page, len(items) > size)


def asked(name: str) -> str:
    """Return the value of a query parameter, without the blanks around it."""
    return request.args.get(name, "").strip()


def asked_day(name: str) -> date | None:
    """Return the day in a query parameter; None without one, or if it is not a day."""
    try:
        return date.fromisoformat(asked(name))
    except ValueError:
        return None


def asked_severity() -> Severity | None:
    """Return the severity in the query; None without one, or if it is unknown."""
    return {"error": Severity.ERROR, "warning": Severity.WARNING}.get(asked("severity"))
