"""The simple types that XML Schema part 2 brings along: those CDA's own types restrict, and those an ``xsi:type`` may name."""

from __future__ import annotations

import re
from collections.abc import Callable

from mockregister.validation.schema.simple_types import Atomic, ListOf, SimpleType, preserve, replace


def _like(pattern: str) -> Callable[[str], object]:
    """Whether a whole text has this form; classes are ASCII."""
    return re.compile(pattern, re.ASCII).fullmatch


def _like_name(pattern: str) -> Callable[[str], object]:
    """The same for names, whose letters are those of any script."""
    return re.compile(pattern).fullmatch


# RFC 2396, and RFC 2732 for IPv6 hosts. XLink escapes what is not ASCII and a few more, so those may stand anywhere.
_ESCAPED = r'%[0-9A-Fa-f]{2}|[\x00-\x20<>"{}|\\^~`\x7f-\U0010ffff]'
_PATH = rf"(?:{_ESCAPED}|[\w\-.!*'();/:@&=+$,])*"
_OPAQUE = rf"(?:{_ESCAPED}|[\w\-.!*'();/:@&=+$,\[\]])*"
_TAIL = rf"(?:{_ESCAPED}|[\w\-.!*'();/:@&=+$,\[\]?])*"
_HOST = r"(?://(?:[^/?#@\[\]]*@)?\[[0-9A-Fa-f:.]+\](?::\d*)?(?=[/?#]|$))?"
_ABSOLUTE = rf"[A-Za-z][\w+.\-]*(?<!_):(?=[^#])(?:(?=/){_HOST}{_PATH}|(?!/){_OPAQUE})"
_URI = rf"(?:{_ABSOLUTE}|(?![^/?#]*:){_HOST}{_PATH})(?:\?{_TAIL})?(?:#{_TAIL})?"

_B64 = "[A-Za-z0-9+/] ?"
_BASE64 = rf"(?:(?:{_B64}){{4}})*(?:{_B64}[AQgw] ?= ?=|(?:{_B64}){{2}}[AEIMQUYcgkosw048] ?=)?"
_NCNAME = r"[^\W\d][\w.\-\u00b7]*"
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_YEAR, _MONTH, _DAY = r"-?(?:[1-9]\d{3,}|0\d{3})", r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_INTEGER = r"[+-]?\d+"

_DOUBLE = _like(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|-?INF|NaN")
_ATOMIC = (
    Atomic("anySimpleType", white_space=preserve),
    Atomic("string", white_space=preserve),
    Atomic("normalizedString", white_space=replace),
    Atomic("token"),
    Atomic("language", patterns=("([a-zA-Z]{1,8})(-[a-zA-Z0-9]{1,8})*",)),
    Atomic("Name", "Name", _like_name(r"[^\W\d][\w.\-:\u00b7]*|:[\w.\-:\u00b7]*")),
    Atomic("NMTOKEN", "NMTOKEN", _like_name(r"[\w.\-:\u00b7]+")),
    *(Atomic(name, "NCName", _like_name(_NCNAME)) for name in ("NCName", "ID", "IDREF", "ENTITY")),
    *(Atomic(name, name, _like_name(rf"(?:{_NCNAME}:)?{_NCNAME}")) for name in ("QName", "NOTATION")),
    Atomic("boolean", "boolean", _like("true|false|1|0")),
    Atomic("anyURI", "anyURI", _like(_URI)),
    Atomic("base64Binary", "base64Binary", _like(_BASE64)),
    Atomic("hexBinary", "hexBinary", _like("(?:[0-9a-fA-F]{2})*")),
    Atomic("decimal", "decimal", _like(r"[+-]?(?:\d+\.?\d*|\.\d+)")),
    Atomic("float", "float", _DOUBLE),
    Atomic("double", "double", _DOUBLE),
    Atomic("duration", "duration", _like(r"-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")),
    Atomic("dateTime", "dateTime", _like(f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}")),
    Atomic("date", "date", _like(f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}")),
    Atomic("time", "time", _like(f"{_TIME}{_ZONE}")),
    Atomic("gYearMonth", "gYearMonth", _like(f"{_YEAR}-{_MONTH}{_ZONE}")),
    Atomic("gYear", "gYear", _like(f"{_YEAR}{_ZONE}")),
    Atomic("gMonthDay", "gMonthDay", _like(f"--{_MONTH}-{_DAY}{_ZONE}")),
    Atomic("gDay", "gDay", _like(f"---{_DAY}{_ZONE}")),
    Atomic("gMonth", "gMonth", _like(f"--{_MONTH}{_ZONE}")),
)
_WHOLE_NUMBERS = {
    "integer": ("", ""),
    "nonPositiveInteger": ("", "0"),
    "negativeInteger": ("", "-1"),
    "nonNegativeInteger": ("0", ""),
    "positiveInteger": ("1", ""),
    "long": ("-9223372036854775808", "9223372036854775807"),
    "int": ("-2147483648", "2147483647"),
    "short": ("-32768", "32767"),
    "byte": ("-128", "127"),
    "unsignedLong": ("0", "18446744073709551615"),
    "unsignedInt": ("0", "4294967295"),
    "unsignedShort": ("0", "65535"),
    "unsignedByte": ("0", "255"),
}

BUILTIN_TYPES: dict[str, SimpleType] = {
    **{atomic.name: atomic for atomic in _ATOMIC},
    **{
        name: Atomic(name, "integer", _like(_INTEGER), least=least, most=most)
        for name, (least, most) in _WHOLE_NUMBERS.items()
    },
}
BUILTIN_TYPES |= {
    f"{name}S": ListOf(f"{name}S", BUILTIN_TYPES[name], min_length=1) for name in ("NMTOKEN", "IDREF")
} | {"ENTITIES": ListOf("ENTITIES", BUILTIN_TYPES["ENTITY"], min_length=1)}
