"""The rules of the HL7 V3 data types, release 1, as ART-DECOR checks them (``dtr1-<number>-<type>``).

Only errors are declared: the register does not report ART-DECOR's warnings (interface specification, section 5) or
``dtr1-13-II`` (fact 106). Rules that the CDA schema enforces are left out, because level 1 rejects such a document.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from operator import attrgetter, itemgetter

from mockregister.validation.profile.compiled import Check, Reach, Test
from mockregister.validation.profile.nodes import Node
from mockregister.validation.profile.values import OID, RUID, UUID, number

#: The parent of each type; the rules of the parent apply too.
KIND_OF = {
    "AD": "ANY",
    "ADXP": "ST",
    "CD": "ANY",
    "CE": "CD",
    "CS": "ANY",
    "ENXP": "ST",
    "II": "ANY",
    "INT": "QTY",
    "IVL_TS": "SXCM_TS",
    "IVXB_TS": "TS",
    "PN": "ANY",
    "QTY": "ANY",
    "ST": "ANY",
    "SXCM_TS": "TS",
    "TS": "QTY",
}

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
#: Attributes that are allowed beside a null flavor: they describe the element, not its value.
_STRUCTURE = {"nullFlavor", "classCode", "typeCode", "determinerCode", "moodCode", _XSI + "type", _XSI + "nil"}
_TIME_UNIT = re.compile("us|ms|s|min|h|d|wk|mo|a|")
_LANGUAGE = re.compile(r"^[a-z]{2,3}(-[a-z]{2})?|[ix](-[a-z\d]{2,8})+\Z", re.IGNORECASE)
_TIMESTAMP = re.compile(r"((?:\d\d){1,7})(?:(?<=\d{14})\.\d+)?(?:[+-](\d\d)(\d\d))?", re.ASCII)


def rules_of(datatype: str) -> tuple[Check, ...]:
    """Return the rules of a data type, those of its parent types first."""
    general = rules_of(KIND_OF[datatype]) if datatype in KIND_OF else ()
    return general + RULES.get(datatype, ())


@lru_cache(maxsize=4096)
def is_timestamp(value: str) -> bool:
    """Return whether an HL7 timestamp is an existing time; it may end after the century, the year, the month and so on."""
    found = _TIMESTAMP.fullmatch(value)
    if found is None:
        return False
    digits, hours, minutes = found[1], int(found[2] or 0), int(found[3] or 0)
    full = digits + "00000101000000"[len(digits) :]
    if full.endswith("240000"):
        full = full[:8] + "000000"
    date, time = (int(full[:4]), int(full[4:6]), int(full[6:8])), (int(full[8:10]), int(full[10:12]), int(full[12:]))
    try:
        datetime(*date, *time)
    except ValueError:
        return False
    return minutes < 60 and hours * 60 + minutes <= 14 * 60


# ``Node.alike`` keeps its tallies by these functions, so each is made only once.
_is_null, _text = attrgetter("is_null"), attrgetter("text")
_root, _root_and_extension = itemgetter("root"), itemgetter("root", "extension")
_code_and_system = itemgetter("code", "codeSystem")

# ------------------------------------------------------------------------------------------------ checks of several types


def _needs(attribute: str, other: str) -> Test:
    """Require ``other`` wherever ``attribute`` is present."""
    return lambda node: attribute not in node or other in node


def _not_if_null(attribute: str) -> Test:
    return lambda node: not (node.is_null and attribute in node)


def _absent(attribute: str) -> Test:
    return lambda node: attribute not in node


def _only(attribute: str, value: str) -> Test:
    return lambda node: attribute not in node or node[attribute] == value


def _no_child(name: str) -> Test:
    return lambda node: not node.each(name)


def _value_or_null(node: Node) -> bool:
    return node.is_null != ("value" in node) if node.is_null or "value" in node else bool(node.children)


def _null_only_alone(node: Node) -> bool:
    """[RIM-001] An element is not null if other elements of its name are not."""
    return not node.is_null or node.alike(_is_null) == len(node.namesakes)


def _languages_are_real(*nodes: Node) -> bool:
    return all(_LANGUAGE.search(node["language"]) for node in nodes if "language" in node)


# ------------------------------------------------------------------------------------------------------------- null flavors


def _is_clean_null(node: Node) -> bool:
    """Return whether only explanations accompany the null flavor: a code system or text, or the extension of an id."""
    beside = node.attributes.keys() - _STRUCTURE
    explained = "codeSystem" in node or bool(node.each("originalText") or node.each("translation"))
    return (
        (not beside and not node.children and not node.has_text)
        or (node["nullFlavor"] in ("OTH", "NA") and explained and beside <= {"codeSystem"})
        or (node["nullFlavor"] == "UNC" and beside == {"extension"})
    )


def _nulls_are_clean(node: Node) -> bool:
    """Return whether at least one null flavor in an element is clean, which satisfies ART-DECOR."""
    nulls = [member for member in node.family() if member.is_null]
    return not nulls or any(_is_clean_null(null) for null in nulls)


# ---------------------------------------------------------------------------------------------------- identifiers and codes


def _is_distinct_id(node: Node) -> bool:
    """[RIM-002] No other id beside it has the same root and extension or, if it has no extension, the same root."""
    return "root" not in node or node.alike(_root_and_extension if "extension" in node else _root) == 1


def _below(node: Node, name: str) -> list[Node]:
    return [member for member in node.family() if member.name == name]


def _in_translations(attribute: str, other: str) -> Test:
    return lambda node: all(attribute not in translation or other in translation for translation in _below(node, "translation"))


def _translations_are_distinct(node: Node) -> bool:
    codes = [translation["code"] + translation["codeSystem"] for translation in _below(node, "translation")]
    return len(codes) == len(set(codes))


# ---------------------------------------------------------------------------------------------------------------- intervals

_BOUNDS = ("low", "center", "high", "width")


def _is_bounded(node: Node) -> bool:
    return any(child.name in _BOUNDS for child in node.children)


def _in_order(low: list[str], high: list[str]) -> bool:
    """Return whether all low times are before all high ones, compared by 14 digits; shorter times are padded with zeros."""
    lows, highs = ([number((time + "0" * 14)[:14]) for time in times] for times in (low, high))
    return all(first < other for first in lows for other in highs)


def _widths(node: Node) -> list[Node]:
    return node.each("width")


def _times_exist(name: str) -> Test:
    return lambda node: all(is_timestamp(value) for value in node.values(name))


# ------------------------------------------------------------------------------------------------------ addresses and names


def _bound_of_period(node: Node, bound: str) -> list[str]:
    return [value for period in node.each("useablePeriod") for value in period.values(bound)]


def _in_time_units(widths: list[Node]) -> bool:
    return all(_TIME_UNIT.fullmatch(width["unit"]) for width in widths)


def _has_distinct_text(node: Node) -> bool:
    return node.alike(_text) == 1


def _all_of(node: Node) -> str:
    """Return all attributes and text of a name, concatenated."""
    return "".join(value for member in node.family() for value in member.attributes.values()) + node.text


def _qualifiers_are_distinct(node: Node) -> bool:
    """Return whether at least one part of a name has no repeated qualifier, which satisfies ART-DECOR."""
    qualifiers = [child["qualifier"].split() for child in node.children]
    return not qualifiers or any(len(words) == len(set(words)) for words in qualifiers)


RULES: dict[str, tuple[Check, ...]] = {
    "ANY": (Check("dtr1-1-ANY", _nulls_are_clean, "beside @nullFlavor there SHALL be no other attribute, element or text."),),
    "CS": (Check("dtr1-1-CS", lambda n: n.is_null != ("code" in n), "there SHALL be either @code or @nullFlavor."),),
    "II": (
        Check("dtr1-1-II", lambda n: n.is_null or "root" in n, "@root SHALL be given unless @nullFlavor is."),
        Check("dtr1-2-II", _not_if_null("root"), "@root SHALL NOT stand beside @nullFlavor."),
        Check("dtr1-5-II", _not_if_null("displayable"), "@displayable SHALL NOT stand beside @nullFlavor."),
        Check("dtr1-7-II", _not_if_null("assigningAuthorityName"), "@assigningAuthorityName SHALL NOT stand beside @nullFlavor."),
        Check(
            "dtr1-10-II",
            lambda n: "root" not in n or bool(OID.fullmatch(n["root"]) or UUID.fullmatch(n["root"])),
            "@root SHALL be an OID or a UUID, correctly written.",
        ),
        Check(
            "dtr1-10a-II",
            lambda n: not RUID.fullmatch(n["root"]) or bool(UUID.fullmatch(n["root"])),
            "@root SHALL NOT be a RUID; those are reserved for HL7 itself.",
        ),
        Check("dtr1-12-II", _is_distinct_id, "it SHALL differ from the others of its name.", reach=Reach.NAMESAKES),
    ),
    "CD": (
        Check(
            "dtr1-1-CD",
            lambda n: n.is_null or "code" in n or any(not original.is_null for original in n.each("originalText")[:1]),
            "there SHALL be @code, an originalText or @nullFlavor.",
        ),
        Check("dtr1-2-CD", _needs("code", "codeSystem"), "@code SHALL have a @codeSystem."),
        Check("dtr1-3-CD", _needs("codeSystemName", "codeSystem"), "@codeSystemName SHALL have a @codeSystem."),
        Check("dtr1-4-CD", _needs("codeSystemVersion", "codeSystem"), "@codeSystemVersion SHALL have a @codeSystem."),
        Check("dtr1-5-CD", _needs("displayName", "code"), "@displayName SHALL have a @code."),
        Check("dtr1-6-CD", _not_if_null("code"), "@code SHALL NOT stand beside @nullFlavor."),
        Check("dtr1-7-CD", _not_if_null("displayName"), "@displayName SHALL NOT stand beside @nullFlavor."),
        Check(
            "dtr1-10-CD",
            lambda n: not any(translation.is_null for translation in _below(n, "translation")),
            "a translation SHALL NOT be null.",
        ),
        Check("dtr1-11-CD", _in_translations("codeSystem", "code"), "@codeSystem of a translation SHALL have a @code."),
        Check(
            "dtr1-12-CD", _in_translations("codeSystemName", "codeSystem"), "a translation's @codeSystemName needs @codeSystem."
        ),
        Check(
            "dtr1-13-CD",
            _in_translations("codeSystemVersion", "codeSystem"),
            "a translation's @codeSystemVersion SHALL have a @codeSystem.",
        ),
        Check("dtr1-14-CD", _in_translations("displayName", "code"), "@displayName of a translation SHALL have a @code."),
        Check(
            "dtr1-18-CD",
            lambda n: "code" not in n or "codeSystem" not in n or n.alike(_code_and_system) == 1,
            "it SHALL differ from the others of its name.",
            reach=Reach.NAMESAKES,
        ),
        Check("dtr1-19-CD", _translations_are_distinct, "its translations SHALL differ."),
        Check(
            "dtr1-20-CD",
            lambda n: _languages_are_real(*_below(n, "originalText")),
            "@language of an originalText SHALL be written as RFC 3066 says, such as da or da-DK.",
        ),
    ),
    "QTY": (
        Check("dtr1-3-QTY", _null_only_alone, "it SHALL NOT be null while another of its name is not.", reach=Reach.NAMESAKES),
    ),
    "INT": (Check("dtr1-1-INT", _value_or_null, "there SHALL be either @value or @nullFlavor."),),
    "TS": (
        Check("dtr1-1-TS", _value_or_null, "there SHALL be either @value or @nullFlavor."),
        Check("dtr1-2-TS", lambda n: "value" not in n or is_timestamp(n["value"]), "@value SHALL be a time that exists."),
    ),
    "SXCM_TS": (Check("dtr1-1-SXCM_TS", _not_if_null("operator"), "@operator SHALL NOT stand beside @nullFlavor."),),
    "IVXB_TS": (Check("dtr1-1-IVXB_TS", _not_if_null("inclusive"), "@inclusive SHALL NOT stand beside @nullFlavor."),),
    "IVL_TS": (
        Check(
            "dtr1-2-IVL_TS",
            lambda n: not any(each.is_null and ("value" in each or "unit" in each or _is_bounded(each)) for each in n.family()),
            "a value or bound SHALL NOT stand beside @nullFlavor.",
        ),
        Check("dtr1-3-IVL_TS", lambda n: not ("value" in n and n.children), "@value SHALL NOT stand beside elements."),
        Check("dtr1-4-2-IVL_TS", lambda n: not ("value" in n and _is_bounded(n)), "@value SHALL NOT stand beside bounds."),
        Check("dtr1-4-3-IVL_TS", lambda n: not (n.each("center") and n.each("width")), "center SHALL stand alone."),
        Check(
            "dtr1-6-IVL_TS",
            lambda n: not set(n.values("low")) & set(n.values("high")),
            "low/@value SHALL differ from high/@value.",
        ),
        Check("dtr1-1-PQR", lambda n: all("value" in w or "unit" not in w for w in _widths(n)), "width SHALL have a @value."),
        Check("dtr1-2-PQR", lambda n: not any(w.each("translation") for w in _widths(n)), "width SHALL have no translation."),
        Check(
            "dtr1-7-IVL_TS",
            lambda n: _in_order(n.values("low"), n.values("high")),
            "low/@value SHALL be before high/@value, both written to the second.",
        ),
        Check("dtr1-7-1-IVL_TS", lambda n: "PINF" not in n.values("low", "nullFlavor"), "low SHALL NOT be endlessly late."),
        Check("dtr1-7-2-IVL_TS", lambda n: "NINF" not in n.values("high", "nullFlavor"), "high SHALL NOT be endlessly early."),
        Check("dtr1-8-IVL_TS", lambda n: _in_time_units(_widths(n)), "width/@unit SHALL be one of us ms s min h d wk mo a."),
        Check("dtr1-9-IVL_TS", _times_exist("low"), "low/@value SHALL be a time that exists."),
        Check("dtr1-9-IVL_TS", _times_exist("center"), "center/@value SHALL be a time that exists."),
        Check("dtr1-9-IVL_TS", _times_exist("high"), "high/@value SHALL be a time that exists."),
    ),
    "AD": (
        Check("dtr1-1-AD", lambda n: n.is_null or bool(n.children) != n.has_text, "it SHALL hold either elements or text."),
        Check(
            "dtr1-5-AD",
            lambda n: all(len(low) == len(high) for low in _bound_of_period(n, "low") for high in _bound_of_period(n, "high")),
            "low and high of its useablePeriod SHALL be equally precise.",
        ),
        Check(
            "dtr1-6-AD",
            lambda n: _in_order(_bound_of_period(n, "low"), _bound_of_period(n, "high")),
            "low of its useablePeriod SHALL be before high.",
        ),
        Check(
            "dtr1-7-AD",
            lambda n: _in_time_units([width for period in n.each("useablePeriod") for width in _widths(period)]),
            "the unit of its useablePeriod's width SHALL be one of us ms s min h d wk mo a.",
        ),
        Check("dtr1-9-AD", _null_only_alone, "it SHALL NOT be null while another of its name is not.", reach=Reach.NAMESAKES),
        Check(
            "dtr1-10-AD",
            _has_distinct_text,
            "its text SHALL differ from the others'.",
            reach=Reach.NAMESAKES,
        ),
    ),
    "ST": (
        Check("dtr1-1-BIN", lambda n: n.is_null or bool(n.children) or n.has_text, "it SHALL hold something, or be null."),
        Check("dtr1-2-ED", _needs("integrityCheck", "integrityCheckAlgorithm"), "@integrityCheck SHALL have an algorithm."),
        Check(
            "dtr1-3-ED",
            lambda n: (
                not n.each("thumbnail")
                or any(not (thumbnail.is_null and thumbnail.each("reference")) for thumbnail in n.each("thumbnail"))
            ),
            "a thumbnail SHALL NOT be null and have a reference.",
        ),
        Check(
            "dtr1-5-ED",
            lambda n: "compression" not in n or bool((n["representation"] == "B64" and n.element.text) or n.values("reference")),
            "@compression SHALL stand on binary content only.",
        ),
        Check("dtr1-9-ED", lambda n: not n.each("translation") or bool(n.each("thumbnail")), "it SHALL have no translation."),
        Check("dtr1-10-ED", _not_if_null("mediaType"), "@mediaType SHALL NOT stand beside @nullFlavor."),
        Check("dtr1-12-ED", _not_if_null("language"), "@language SHALL NOT stand beside @nullFlavor."),
        Check("dtr1-18-ED", _languages_are_real, "@language SHALL be written as RFC 3066 says, such as da or da-DK."),
        Check("dtr1-3-ST", _no_child("reference"), "it SHALL have no reference."),
        Check("dtr1-4-ST", _no_child("thumbnail"), "it SHALL have no thumbnail."),
        Check("dtr1-5-ST", _only("representation", "TXT"), "@representation SHALL be TXT."),
        Check("dtr1-6-ST", _only("mediaType", "text/plain"), "@mediaType SHALL be text/plain."),
        Check("dtr1-7-ST", _absent("compression"), "@compression SHALL NOT be used."),
        Check("dtr1-8-ST", _absent("integrityCheck"), "@integrityCheck SHALL NOT be used."),
        Check("dtr1-8-ST", _absent("integrityCheckAlgorithm"), "@integrityCheckAlgorithm SHALL NOT be used."),
    ),
    "ADXP": (
        Check(
            "dtr1-1-ADXP",
            _has_distinct_text,
            "its text SHALL differ from the others'.",
            reach=Reach.NAMESAKES,
        ),
    ),
    "PN": (
        Check("dtr1-1.1-EN", lambda n: not (n.is_null and (n.children or n.has_text)), "it SHALL NOT be null and hold a name."),
        Check("dtr1-1.2-EN", lambda n: not (n.children and n.has_text), "it SHALL hold either elements or text."),
        Check("dtr1-1.3-EN", lambda n: bool(n.is_null or n.children or n.has_text), "it SHALL hold a name, or be null."),
        Check("dtr1-5-EN", _null_only_alone, "it SHALL NOT be null while another of its name is not.", reach=Reach.NAMESAKES),
        Check(
            "dtr1-6-EN",
            lambda n: n.alike(_all_of) == 1,
            "it SHALL differ from the others.",
            reach=Reach.NAMESAKES,
        ),
        Check("dtr1-7-EN", _qualifiers_are_distinct, "a part of it SHALL NOT have a @qualifier twice."),
        Check(
            "dtr1-1-PN",
            lambda n: not any("LS" in child["qualifier"].split() for child in n.children),
            "no part of a person's name SHALL be qualified LS, the legal status of organizations.",
        ),
    ),
}
