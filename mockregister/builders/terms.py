"""SKS codes with their terms."""

from __future__ import annotations

from functools import cache, lru_cache

from mockregister.codes.lists import CodeLists
from mockregister.codes.sks import BuiltInSks
from mockregister.model import Code


@lru_cache(maxsize=1)
def _table() -> BuiltInSks:
    return BuiltInSks(CodeLists(lenient=True), lenient=True)


@cache
def sks(code: str) -> Code:
    """Return an SKS code with its term from the built-in table, or without a term if the table has none."""
    rows = _table().rows(code)
    return Code(code, rows[-1].term if rows else "")
