"""When elements are alike: they differ only in values that no check of the profile tells apart.

An id, a code, a name or a time is checked by its form, by whether it equals another one of its element, and for times by their
order. What an element is with its values told in this way is its likeness.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b

from lxml import etree

from mockregister.validation.profile.datatypes import is_timestamp
from mockregister.validation.profile.notation import Choice, ElementDefinition, Include, Template
from mockregister.validation.profile.values import UUID, VALUE_SETS

_VALUE = re.compile(r' ((?:extension|value|code|displayName|root)="(?![012]\.)[^"]+)')
_FORMS = {
    "root": UUID,
    "extension": re.compile(f"{UUID.pattern}|[0-9]+"),
    "code": re.compile("[A-Z][A-Z0-9]+"),
    "displayName": re.compile(r"\S.*"),
    "value": re.compile("[0-9]{14}[+-][0-9]{4}"),
}


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
        roots = list(set_roots)
        self._seen = {f'root="{root}': "root of set" for root in roots}
        self._prefix = " ".join(root for root in roots if not UUID.fullmatch(root))
        self._fixed = fixed

    def of(self, element: etree._Element) -> bytes | None:
        """Return the likeness of an element with all that is in it; None where nothing is known to be like it."""
        text = etree.tostring(element, encoding="unicode", with_tail=False)
        if "<!" in text or "<?" in text or "='" in text or "translation" in text:
            return None  # values may stand outside of attributes, or are compared as they run together
        told = "\0".join([self._prefix, *self._told(_VALUE.split(text))])
        return blake2b(told.encode(), digest_size=16).digest()

    def _told(self, parts: list[str]) -> list[str]:
        """Return a text whose every other part is an attribute, with what is compared of these in their place.

        That is which of the values of its name it is and, of digits, how many they are; of a time whether it comes after the
        one before.
        """
        seen, latest = {**self._seen}, ""
        for place in range(1, len(parts), 2):
            said = parts[place]
            told = seen.get(said)
            if told is None:
                attribute, _, value = said.partition('="')
                if value in self._fixed or not _FORMS[attribute].fullmatch(value):
                    continue
                if attribute == "value":
                    if is_timestamp(value):
                        parts[place], latest = _order(latest, value), value
                    continue
                told = seen[said] = f"{attribute} {len(seen)} {len(value) if value.isdigit() else ''}"
            parts[place] = told
        return parts


def _order(before: str, time: str) -> str:
    """Return how a time compares with the one before: to the second, and whether they are written alike."""
    if before == time:
        return "=="
    first, second = before[:14], time[:14]
    return "<" if first < second else ">" if first > second else "="
