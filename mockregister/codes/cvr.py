"""CVR, the numbers of Danish companies and authorities: eight digits, the last of which is a check digit (modulus 11)."""

from __future__ import annotations

import re

_FORM = re.compile(r"\d{8}", re.ASCII)
_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)


def has_form(text: str) -> bool:
    """Return whether ``text`` is eight digits."""
    return bool(_FORM.fullmatch(text))


def is_cvr(text: str) -> bool:
    """Return whether ``text`` is eight digits whose weighted sum 11 divides; if not, level 3 reports INVALID_CVR_NUMBER."""
    if not _FORM.fullmatch(text):
        return False
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=True)) % 11 == 0
