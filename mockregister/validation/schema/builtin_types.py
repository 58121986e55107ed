"""The built-in simple types of XML Schema part 2 that CDA's own types restrict or an ``xsi:type`` may name."""

from __future__ import annotations

from mockregister.validation.schema.simple_types import Atomic, ListOf, SimpleType, preserve, replace, trim

# RFC 2396, and RFC 2732 for IPv6 hosts. XLink escapes non-ASCII and a few other characters, so those are allowed anywhere.
_ESCAPED = r'%[0-9A-Fa-f]{2}|[\x00-\x20<>"{}|\\^~`\x7f-\U0010ffff]'
_PATH = rf"(?:{_ESCAPED}|[\w\-.!*'();/:@&=+$,])*"
_OPAQUE = rf"(?:{_ESCAPED}|[\w\-.!*'();/:@&=+$,\[\]])*"
_TAIL = rf"(?:{_ESCAPED}|[\w\-.!*'();/:@&=+$,\[\]?])*"
_HOST = r"(?!//\Z)(?://(?:[^/?#@\[\]]*@)?\[[0-9A-Fa-f:.]+\](?::\d*)?(?=[/?#]|\Z))?"
_ABSOLUTE = rf"[A-Za-z][A-Za-z0-9+.\-]*:(?=[^#])(?:(?=/){_HOST}{_PATH}|(?!/){_OPAQUE})"
_URI = rf"(?:{_ABSOLUTE}|(?![^/?#]*:){_HOST}{_PATH})(?:\?{_TAIL})?(?:#{_TAIL})?"

_B64 = r"[A-Za-z0-9+/]\s*"
_BASE64 = rf"\s*(?:(?:{_B64}){{4}})*(?:{_B64}[AQgw]\s*=\s*=\s*|(?:{_B64}){{2}}[AEIMQUYcgkosw048]\s*=\s*)?"
_INITIAL = "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
_INITIAL += "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
_LETTER = rf"{_INITIAL}\-.0-9\u00b7\u0300-\u036f\u203f\u2040"
_NCNAME = f"[{_INITIAL}][{_LETTER}]*"
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_YEAR, _MONTH, _DAY = r"-?(?:[1-9]\d{3,}|0\d{3})", r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_FLOAT = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|-?INF|NaN"

_ATOMIC = (
    Atomic("anySimpleType", white_space=preserve),
    Atomic("string", white_space=preserve),
    Atomic("normalizedString", white_space=replace),
    Atomic("token"),
    Atomic("language", patterns=("([a-zA-Z]{1,8})(-[a-zA-Z0-9]{1,8})*",)),
    Atomic("Name", "Name", f"[:{_INITIAL}][:{_LETTER}]*"),
    Atomic("NMTOKEN", "NMTOKEN", f"[:{_LETTER}]+"),
    Atomic("NCName", "NCName", _NCNAME),
    *(Atomic(name, "NCName", _NCNAME, trim) for name in ("ID", "IDREF", "ENTITY")),
    Atomic("base64Binary", "base64Binary", _BASE64, preserve),
)
_TRIMMED = {
    "QName": f"(?:{_NCNAME}:)?{_NCNAME}",
    "NOTATION": f"(?:{_NCNAME}:)?{_NCNAME}",
    "boolean": "true|false|1|0",
    "anyURI": _URI,
    "hexBinary": "(?:[0-9a-fA-F]{2})*",
    "decimal": r"[+-]?(?:\d+\.?\d*|\.\d+)",
    "float": _FLOAT,
    "double": _FLOAT,
    "duration": r"-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?",
    "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "date": f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    "time": f"{_TIME}{_ZONE}",
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
    "gYear": f"{_YEAR}{_ZONE}",
    "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}",
    "gDay": f"---{_DAY}{_ZONE}",
    "gMonth": f"--{_MONTH}{_ZONE}",
}
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
    **{name: Atomic(name, name, pattern, trim) for name, pattern in _TRIMMED.items()},
    **{
        name: Atomic(name, "integer", r"[+-]?\d+", trim, least=least, most=most) for name, (least, most) in _WHOLE_NUMBERS.items()
    },
}
for _name, _item in (("NMTOKENS", "NMTOKEN"), ("IDREFS", "IDREF"), ("ENTITIES", "ENTITY")):
    BUILTIN_TYPES[_name] = ListOf(_name, BUILTIN_TYPES[_item], min_length=1)
