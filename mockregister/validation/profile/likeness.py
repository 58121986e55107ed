"""When elements are alike: they differ only in values that no check of the profile tells apart.

An id, a code, a name or a time is checked by its form, by whether it equals another one of its element, and for times by their
order. What an element is with its values told in this way is its likeness.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from hashlib import blake2b

from lxml import etree

from mockregister.validation.profile.datatypes import is_timestamp
from mockregister.validation.profile.notation import Choice, ElementDefinition, Include, Template
from mockregister.validation.profile.values import UUID, VALUE_SETS

_VALUE = re.compile(r' (extension|value|code|displayName|root)="(?![012]\.)([^"]+)')
_FORMS = {
    "root": UUID,
    "extension": re.compile(f"{UUID.pattern}|[0-9]+"),
    "code": re.compile("[A-Z][A-Z0-9]+"),
    "displayName": re.compile(r"\S.*"),
    "value": re.compile("[0-9]{14}[+-][0-9]{4}"),
}
# What may hold such a value outside an attribute, or is compared as values run together.
_UNCERTAIN = re.compile("<[!?]|='|translation")


def fixed_values(templates: Iterable[Template]) -> frozenset[str]:
    """Return the values that a profile names, each of which is like no other."""
    codes = (code for codes in VALUE_SETS.values() for code in codes)
    return frozenset([*codes, *(value for template in templates for value in _fixed(template.content))])


def _fixed(part: ElementDefinition | Choice | Include) -> Iterable[str]:
    if isinstance(part, ElementDefinition):
        yield from (attribute.value for attribute in part.attributes)
    if not isinstance(part, Include):
        for inner in part.parts:
            yield from _fixed(inner)


class Likenesses:
    """The likenesses of elements of one document. ``set_roots`` are the roots of its set id, which its ids are compared with."""

    def __init__(self, set_roots: Iterable[str], fixed: frozenset[str]) -> None:
        self._roots = dict.fromkeys(set_roots, "set")
        self._prefix = " ".join(root for root in self._roots if not UUID.fullmatch(root))
        self._fixed = fixed

    def of(self, element: etree._Element) -> bytes | None:
        """Return the likeness of an element with all that is in it; None where nothing is known to be like it."""
        text = etree.tostring(element, encoding="unicode", with_tail=False)
        if _UNCERTAIN.search(text):
            return None
        told = _VALUE.sub(partial(self._told, dict(self._roots), [""]), text)
        return blake2b(f"{self._prefix}<{told}".encode(), digest_size=16).digest()

    def _told(self, seen: dict[str, str], latest: list[str], found: re.Match[str]) -> str:
        """Return what is compared of a value: which of the values ``seen`` it is, or whether a time comes after the latest."""
        attribute, value = found.groups()
        if value in self._fixed or not _FORMS[attribute].fullmatch(value):
            return found[0]
        if attribute == "value":
            if not is_timestamp(value):
                return found[0]
            before, latest[0] = latest[0], value
            return f' value="{_order(before[:14], value[:14])}{"=" if before == value else ""}'
        known = seen.get(value)
        if known is None:
            known = seen[value] = f"{len(seen)}"
        return f' {attribute}="{len(value) if value.isdigit() else ""}#{known}'


def _order(time: str, other: str) -> str:
    return "<" if time < other else "=" if time == other else ">"
