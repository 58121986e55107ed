"""Long lists, a piece at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from flask import request

Item = TypeVar("Item")
SIZE = 50
LAST = 10**9  # no list is longer; a number that Python cannot count to is no failure


@dataclass(frozen=True, slots=True)
class Piece(Generic[Item]):
    """The items of one page of a list, its number from 1, and whether there is more."""

    items: list[Item]
    page: int
    more: bool


def piece(found: Iterable[Item], size: int = SIZE) -> Piece[Item]:
    """Return the page of what is found that the request asks for; what stands behind it is not looked at."""
    page = min(max(1, request.args.get("page", 1, int)), LAST)
    first = (page - 1) * size
    items = list(islice(found, first, first + size + 1))
    return Piece(items[:size], page, len(items) > size)


def asked(name: str) -> str:
    """Return what the query says under a name, without the blanks around it."""
    return request.args.get(name, "").strip()
