"""What an attribute may hold: the HL7 types that the profile names, and the value sets checked on this level.

SKS codes are not among them; levels 3 and 4 check those (interface specification, section 5).
"""

from __future__ import annotations

import re

_OID = r"[0-2](?:\.(?:0|[1-9]\d*))*"
_UUID = r"[A-Fa-f\d]{8}-[A-Fa-f\d]{4}-[A-Fa-f\d]{4}-[A-Fa-f\d]{4}-[A-Fa-f\d]{12}"
_RUID = r"[A-Za-z][A-Za-z\d\-]*"

OID = re.compile(_OID)
UUID = re.compile(_UUID)
RUID = re.compile(_RUID)

TYPES = {
    "bl": re.compile("true|false"),
    "cs": re.compile(r"[^ \t\r\n]+"),
    "int": re.compile(r"-?[1-9]\d*|\d*"),
    "set_cs": re.compile(".+", re.DOTALL),
    "st": re.compile(".+", re.DOTALL),
    "ts": re.compile(r"\d{4,14}.*", re.ASCII | re.DOTALL),
    "uid": re.compile(f"{_OID}|{_UUID}|{_RUID}"),
    "uuid": UUID,
}

VALUE_SETS = {
    "AdministrativeGender": frozenset({"F", "M", "UN"}),
    "DKActRelationshipDocument": frozenset({"APND", "RPLC"}),
    "DKMedcomPostalAddressUse": frozenset({"BAD", "DIR", "H", "HP", "HV", "PHYS", "PST", "PUB", "TMP", "WP"}),
}


def number(text: str) -> float:
    """Return the number that a text represents; not-a-number for other texts, so that every comparison with it is false."""
    try:
        return float(text)
    except ValueError:
        return float("nan")
