"""SKS codes with their terms."""

from __future__ import annotations

from functools import cache, lru_cache

from mockregister.codes.lists import CodeLists
from mockregister.codes.sks import BuiltInSks
from mockregister.model import Code

TERMS = {"ALAL99": "Andre forløb"}  # the label that the guide (4.1.7) has for what needs no closer one; the table has no term


@lru_cache(maxsize=1)
def _table() -> BuiltInSks:
    return BuiltInSks(CodeLists(lenient=True), lenient=True)


@cache
def sks(code: str) -> Code:
    """Return an SKS code with the term that the built-in table, or the guide, has for it; without one where neither has."""
    rows = _table().rows(code)
    return Code(code, (rows[-1].term if rows else "") or TERMS.get(code, ""))
