"""CPR numbers (personnumre) and the replacement numbers (erstatningspersonnumre) given to those who have none.

A CPR number is DDMMYY and four digits; the first of the four tells the century, the last the sex (odd is male). The last
digit of most numbers also checks the others (modulus 11), but not of all that were given since 1 October 2007, so nothing
is refused for that. An administrative replacement number is built the same way with 60 added to the day. Electronic
replacement numbers (eCPR) have letters and stand under OIDs of their own.
"""

from __future__ import annotations

import re
from datetime import date

_FORM = re.compile(r"\d{10}", re.ASCII)
_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_REPLACEMENT_DAY = 60

ECPR_ROOT = "1.2.208.176.1.6.1"
X_ECPR = f"{ECPR_ROOT}.1"
D_ECPR = f"{ECPR_ROOT}.3"
REGIONAL_ECPR = frozenset(f"{ECPR_ROOT}.{arc}" for arc in (177, 179, 181, 183, 187))
_ECPR_FORMS = {
    X_ECPR: re.compile(r"(\d{6})[17][A-Z]{2}\d", re.ASCII),
    D_ECPR: re.compile(r"(\d{6})[056][A-Z]{2}\d", re.ASCII),
}
_REGIONAL_FORM = re.compile(r"[0-9A-Za-z-]{6,20}", re.ASCII)


def has_form(text: str) -> bool:
    """Return whether ``text`` is ten digits."""
    return bool(_FORM.fullmatch(text))


def is_replacement(text: str) -> bool:
    """Return whether ten digits are built as an administrative replacement number: the day of the month is above 60."""
    return has_form(text) and int(text[:2]) > _REPLACEMENT_DAY


def birth_date(text: str) -> date | None:
    """Return the birth date a number tells, by the century of its seventh digit.

    None for what is not ten digits or has a date that never was: an INVALID_CPR_NUMBER, or an INVALID_REPLACEMENT_CPR_NUMBER
    where ``is_replacement`` is true.
    """
    if not has_form(text):
        return None
    day = int(text[:2]) - (_REPLACEMENT_DAY if is_replacement(text) else 0)
    year = int(text[4:6])
    return _date(century(int(text[6]), year) + year, int(text[2:4]), day)


def century(seventh: int, year: int) -> int:
    """Return the century (1800, 1900 or 2000) that the seventh digit and the two digits of the year stand for."""
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800


def sex(text: str) -> str:
    """``M`` or ``F`` by the last digit of a number of ten digits."""
    return "M" if int(text[-1]) % 2 else "F"


def has_check_digit(text: str) -> bool:
    """Return whether the weighted sum of ten digits divides by 11; true of every number given before 1 October 2007."""
    return has_form(text) and sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=True)) % 11 == 0


def is_ecpr(root: str, extension: str) -> bool:
    """Return whether ``extension`` is built as the electronic replacement numbers of the OID ``root`` are.

    X-eCPR and D-eCPR begin with a date that exists; the regions write forms of their own, of which only the characters are
    looked at. Of any other OID nothing is known, so everything is taken. False is an INVALID_REPLACEMENT_NUMBER.
    """
    if root in _ECPR_FORMS:
        found = _ECPR_FORMS[root].fullmatch(extension)
        return found is not None and _day_exists(found[1])
    return root not in REGIONAL_ECPR or bool(_REGIONAL_FORM.fullmatch(extension))


def _day_exists(digits: str) -> bool:
    """Return whether DDMMYY is a date in some century; an eCPR does not tell which."""
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    return any(_date(hundred + year, month, day) for hundred in (1800, 1900, 2000))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
