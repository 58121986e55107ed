"""CPR numbers (personnumre) and the replacement numbers (erstatningspersonnumre) for people without one.

A CPR number is DDMMYY and four digits. The first of the four gives the century, the last the sex (odd is male). The last digit
of most numbers is also a check digit (modulus 11), but not of all numbers issued since 1 October 2007, so it is not a reason
to refuse a number. An administrative replacement number has the same form with 60 added to the day. Electronic replacement
numbers (eCPR) contain letters and have OIDs of their own.
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
    """Return whether ten digits have the form of an administrative replacement number: the day of the month is above 60."""
    return has_form(text) and int(text[:2]) > _REPLACEMENT_DAY


def birth_date(text: str) -> date | None:
    """Return the birth date of a number, in the century of its seventh digit.

    Return None for a text other than ten digits, or a date that does not exist: level 3 reports INVALID_CPR_NUMBER, or
    INVALID_REPLACEMENT_CPR_NUMBER if ``is_replacement`` is true.
    """
    if not _FORM.fullmatch(text):
        return None
    day, year = int(text[:2]), int(text[4:6])
    born = day - _REPLACEMENT_DAY if day > _REPLACEMENT_DAY else day
    try:
        return date(century(int(text[6]), year) + year, int(text[2:4]), born)
    except ValueError:
        return None


def century(seventh: int, year: int) -> int:
    """Return the century (1800, 1900 or 2000) given by the seventh digit and the two digits of the year."""
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800


def sex(text: str) -> str:
    """Return ``M`` or ``F`` by the last digit of a number of ten digits."""
    return "M" if int(text[-1]) % 2 else "F"


def has_check_digit(text: str) -> bool:
    """Return whether 11 divides the weighted sum of ten digits; true for every number issued before 1 October 2007."""
    return has_form(text) and sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=True)) % 11 == 0


def is_ecpr(root: str, extension: str) -> bool:
    """Return whether ``extension`` has the form of the electronic replacement numbers of the OID ``root``.

    X-eCPR and D-eCPR begin with a date that exists. The regions write forms of their own, so only the characters are checked.
    The form is unknown for any other OID, so every extension is accepted. If the form is wrong, level 3 reports
    INVALID_REPLACEMENT_NUMBER.
    """
    if root in _ECPR_FORMS:
        found = _ECPR_FORMS[root].fullmatch(extension)
        return found is not None and _day_exists(found[1])
    return root not in REGIONAL_ECPR or bool(_REGIONAL_FORM.fullmatch(extension))


def _day_exists(digits: str) -> bool:
    """Return whether DDMMYY is a date in some century; an eCPR does not tell which. Every such date also exists from 2000 on."""
    try:
        date(2000 + int(digits[4:6]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return False
    return True
