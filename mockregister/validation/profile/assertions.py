"""The assertions of the profile's own templates: what a cardinality or a fixed value cannot express.

Declarations name them after ``check``.
"""

from __future__ import annotations

import re

from mockregister.validation.profile.compiled import Check, Reach
from mockregister.validation.profile.nodes import Node
from mockregister.validation.profile.values import number


def _id_of_replaced(node: Node) -> bool:
    """Return whether an entry is replaced by an entry with the same id (fact 45)."""
    own = node.owner.values("id", "extension") if node.owner else []
    external = (child for child in node.children if child.name.startswith("external"))
    return any(extension in own for child in external for extension in child.values("id", "extension"))


def _written(attribute: str, pattern: str, form: str) -> Check:
    written = re.compile(pattern)
    return Check("", lambda node: bool(written.fullmatch(node[attribute])), f"@{attribute} SHALL be {form}.", attribute)


#: The assertions by the name after ``check``. Their findings get the name of the template that declares them as code.
ASSERTIONS = {
    # entries belong to the set of their document (facts 39, 46, 213); letter case counts
    "root-of-set": Check(
        "",
        lambda node: node["root"] in node.top.values("setId", "root"),
        "@root SHALL equal /ClinicalDocument/setId/@root.",
        "root",
        reach=Reach.SET,
    ),
    "id-of-replaced": Check("", _id_of_replaced, "id/@extension SHALL be that of the entry it replaces.", reach=Reach.OWNER),
    "later-version": Check(
        "",
        lambda node: any(number(node["value"]) < number(own) for own in node.top.values("versionNumber")),
        "@value SHALL be lower than the versionNumber of this document.",
        reach=Reach.DOCUMENT,
    ),
    "timestamp": _written("value", r"[0-9]{14}[+|-][0-9]{4}", "a time, YYYYMMDDhhmmss±ZZzz"),
    "date-or-timestamp": _written(
        "value", r"([0-9]{8}|[0-9]{14})[+|-][0-9]{4}", "a time, YYYYMMDDhhmmss±ZZzz, or a day, YYYYMMDD±ZZzz"
    ),
    "cpr": _written("extension", "[0-9]{10}", "a CPR number, ten digits"),
    "cvr": _written("extension", "[0-9]{8}", "a CVR number, eight digits"),
}
