"""SKS codes with their terms."""

from __future__ import annotations

from functools import cache

from mockregister.codes.sks import term
from mockregister.model import Code


@cache
def sks(code: str) -> Code:
    """Return an SKS code with its term from the built-in table, or without a term if the table has none."""
    return Code(code, term(code))
