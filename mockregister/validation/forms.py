"""Rewrite numbers, ids and times whose meaning is clear, but whose form the profile does not allow."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from mockregister.clock import COPENHAGEN


def _digits(length: int) -> Callable[[str], str]:
    """Return a function that returns a number of this many digits without blanks, hyphens and ``DK``; empty for other texts."""

    def rewrite(value: str) -> str:
        digits = re.sub(r"[-\s]", "", value.removeprefix("DK"))
        return digits if re.fullmatch(rf"[0-9]{{{length}}}", digits) else ""

    return rewrite


def _uuid(value: str) -> str:
    try:
        return str(UUID(value.strip())).upper()
    except ValueError:
        return ""


def as_timestamp(value: str) -> str:
    """Return a time in ISO 8601 with its offset, written as in HL7; empty for any other text."""
    try:
        moment = datetime.fromisoformat(value.strip()) if "T" in value else None
    except ValueError:
        return ""
    return f"{moment:%Y%m%d%H%M%S%z}" if moment is not None and moment.tzinfo is not None else ""


#: The functions that rewrite values, by what a finding says that the value shall be.
FORMS: dict[str, Callable[[str], str]] = {
    "a CPR number": _digits(10),
    "a CVR number": _digits(8),
    "of the type uuid": _uuid,
    "a time": as_timestamp,
}

#: A value of each form, which is shown if the value found cannot be rewritten.
EXAMPLES = {
    "of the type uuid": "867FEA5C-C40A-4756-B9A8-FFDF3883B4AA",
    "a time, YYYYMMDDhhmmss±ZZzz": "20190502080000+0200",
    "of the type ts": "20190502080000+0200",
}


def as_danish_time(value: str) -> str:
    """Return a time in digits or ISO 8601, written as in HL7, with the Danish offset if it has none; empty for any other text."""
    digits = re.fullmatch(r"(\d{8})(\d\d)?(\d\d)?(\d\d)?", value.strip())
    try:
        text = f"{digits[1]}T{''.join(part or '00' for part in digits.groups()[1:])}" if digits else value.strip()
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return f"{moment if moment.tzinfo else moment.replace(tzinfo=COPENHAGEN):%Y%m%d%H%M%S%z}"
