"""CPR numbers that do not belong to anyone.

The weighted sum of the digits of a number that was given before 1 October 2007 is divisible by 11 (modulus 11). So is that of
every later number, except on the few birth dates whose numbers ran out, all of them a first of January. A number of any other
date that fails this check was therefore never given to anyone. Its date and century digits are right, so that programs that read
a birth date or a sex from a number work as usual. docs/synthetic-patients.md explains this to users.
"""

from __future__ import annotations

from datetime import date
from random import Random

from mockregister.codes import cpr

EXHAUSTED = (1, 1)  # month and day on which numbers without the check digit have been given
RARE_INITIALS = "QWXZ"


def nobodys_number(birth: date, sex: str, random: Random) -> str:
    """Return a CPR number for a birth date and sex (M or F) that cannot have been given to anyone.

    Raise ValueError for a first of January, on which numbers that fail modulus 11 are real, and for a year without CPR numbers.
    """
    if not can_be_safe(birth):
        raise ValueError(f"numbers that fail modulus 11 may be real on {birth.isoformat()}; choose another date")
    first = _seventh_digits(birth.year)
    while True:
        number = f"{birth:%d%m%y}{random.choice(first)}{random.randrange(100):02}{_last_digit(sex, random)}"
        if not cpr.has_check_digit(number):
            return number


def replacement_number(birth: date, sex: str, random: Random) -> str:
    """Return a D-eCPR, the replacement number of hospitals (DDMMYYCAAG): C is the century, AA are initials, G is the sex.

    Hospitals give such numbers, which only their own systems know. The initials are rare, so hardly any real patient has them.
    Source: nspop.dk, eCPR formater.
    """
    century = "0" if birth.year < 2000 else "6"
    return f"{birth:%d%m%y}{century}{random.choice(RARE_INITIALS)}{random.choice(RARE_INITIALS)}{_last_digit(sex, random)}"


def can_be_safe(birth: date) -> bool:
    """Return whether every real number with this birth date satisfies modulus 11."""
    return (birth.month, birth.day) != EXHAUSTED


def _seventh_digits(year: int) -> list[int]:
    digits = [digit for digit in range(10) if cpr.century(digit, year % 100) + year % 100 == year]
    if not digits:
        raise ValueError(f"there are no CPR numbers for the year {year}; the years are 1858 to 2057")
    return digits


def _last_digit(sex: str, random: Random) -> int:
    return random.randrange(5) * 2 + (sex == "M")
