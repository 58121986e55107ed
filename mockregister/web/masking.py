"""Remove CPR numbers from texts, in all the ways that people write them."""

from __future__ import annotations

import re
from functools import cache

MASK = "[cpr]"
UUID = r"(?P<uuid>(?<![0-9a-fA-F])[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}(?![0-9a-fA-F]))"
DIGIT = r"(?:\d|%3\d)"
DAY = r"(?:[0-9]|%3[0-9])" + DIGIT  # some replacement numbers add sixty to the day
MONTH = r"(?:(?:0|%30)(?:[1-9]|%3[1-9])|(?:1|%31)(?:[0-2]|%3[0-2]))"
MARK = r"(?:[\s._/+\-]|[^\w\x00-\x7f])"  # beyond ASCII, everything but letters: spaces, dashes, slashes and zero-width characters
ENCODED = r"(?:%(?:25)?(?:0[9A-Da-d]|1[C-Fc-f]|2[0BDEFbdef]|5[Ff])|(?:%(?:25)?[89A-Fa-f][0-9A-Fa-f]){2,4})"
WRITTEN_OUT = r"\\(?:[nrtfv]|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})"
BETWEEN = rf"(?:{MARK}|{ENCODED}|{WRITTEN_OUT}){{0,3}}"
YEAR = rf"(?:(?:1|%31)(?:[89]|%3[89])|(?:2|%32)(?:0|%30))?{DIGIT}{{2}}"  # some write the century, too
ONE_BY_ONE = rf"(?<!\d){DIGIT}(?:(?:\s|%20){DIGIT}){{9}}(?!\d)"  # as in the boxes of a form
#: Ten digits, alone or in groups of even length, whose third and fourth are a month. Ids that look like UUIDs do not
#: count, since they may have ten digits in a row by chance, and neither do times of day behind a date.
CPR = (
    rf"{UUID}|(?:(?<!\d)|(?<=%[0-9A-Fa-f]{{2}})){DAY}{BETWEEN}{MONTH}{BETWEEN}{YEAR}{BETWEEN}{DIGIT}{{2}}{BETWEEN}{DIGIT}{{2}}"
    rf"(?!\d)(?<![\s+]\d\d(?=:\d))(?<!%20\d\d(?=:\d))|{ONE_BY_ONE}"
)


def masked(text: str) -> str:
    """Return ``text`` without CPR numbers."""
    return _cpr().sub(lambda found: found["uuid"] or MASK, text)


@cache
def _cpr() -> re.Pattern[str]:
    """Return ``CPR``, compiled. This is done at first use, because it takes a hundredth of the server's start."""
    return re.compile(CPR)
