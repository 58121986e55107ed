"""Numbers, ids and times in a form that the profile does not allow, but whose meaning is clear."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from mockregister.clock import COPENHAGEN


def _digits(length: int) -> Callable[[str], str]:
    """Return a function that removes blanks and hyphens from a number with this many digits."""

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
    """Return a time that is written as ISO 8601 with its offset as HL7 writes it; empty for others."""
    try:
        moment = datetime.fromisoformat(value.strip()) if "T" in value else None
    except ValueError:
        return ""
    return f"{moment:%Y%m%d%H%M%S%z}" if moment is not None and moment.tzinfo is not None else ""


#: What rewrites a value, by what a finding says that it shall be.
FORMS: dict[str, Callable[[str], str]] = {
    "a CPR number": _digits(10),
    "a CVR number": _digits(8),
    "of the type uuid": _uuid,
    "a time": as_timestamp,
}

#: Values of these forms, to be shown where the value found cannot be rewritten.
EXAMPLES = {
    "of the type uuid": "867FEA5C-C40A-4756-B9A8-FFDF3883B4AA",
    "a time, YYYYMMDDhhmmss±ZZzz": "20190502080000+0200",
    "of the type ts": "20190502080000+0200",
}


def as_danish_time(value: str) -> str:
    """Return a time in digits or as ISO 8601, with the Danish offset where it has none, as HL7 writes it; empty for others."""
    digits = re.fullmatch(r"(\d{8})(\d\d)?(\d\d)?(\d\d)?", value.strip())
    try:
        said = f"{digits[1]}T{''.join(part or '00' for part in digits.groups()[1:])}" if digits else value.strip()
        moment = datetime.fromisoformat(said)
    except ValueError:
        return ""
    return f"{moment if moment.tzinfo else moment.replace(tzinfo=COPENHAGEN):%Y%m%d%H%M%S%z}"
