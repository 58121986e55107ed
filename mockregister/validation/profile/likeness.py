"""Recognize elements that are alike: no check of the profile can tell them apart.

A check on an id, a code, a name or a time looks only at its form, at whether it equals another value in the same element, and at
the order of times. The likeness of an element is its text with each such value replaced by what a check can see of it.
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
    """Return the values that a profile names; these are not replaced in a likeness."""
    codes = (code for codes in VALUE_SETS.values() for code in codes)
    return frozenset([*codes, *(value for template in templates for value in _fixed(template.content))])


def _fixed(part: ElementDefinition | Choice | Include) -> Iterable[str]:
    if isinstance(part, ElementDefinition):
        yield from (attribute.value for attribute in part.attributes)
    if not isinstance(part, Include):
        for inner in part.parts:
            yield from _fixed(inner)


class Likenesses:
    """Finds the likenesses of elements of one document; its ids are compared with ``set_roots``, the roots of its setIds."""

    def __init__(self, set_roots: Iterable[str], fixed: frozenset[str]) -> None:
        roots = list(set_roots)
        self._seen = {f'root="{root}': "root of set" for root in roots}
        self._prefix = " ".join(root for root in roots if not UUID.fullmatch(root))
        self._fixed = fixed

    def of(self, element: etree._Element) -> bytes | None:
        """Return a digest of an element's likeness, with all that is in it; None if its likeness cannot be found out."""
        text = etree.tostring(element, encoding="unicode", with_tail=False)
        if "<!" in text or "<?" in text or "='" in text or "translation" in text:
            return None  # values may be in single quotes or in comments, or (in translations) are compared joined together
        likeness = "\0".join([self._prefix, *self._replaced(_VALUE.split(text))])
        return blake2b(likeness.encode(), digest_size=16).digest()

    def _replaced(self, parts: list[str]) -> list[str]:
        """Return a text, of which every other part is an attribute, with the values of these attributes replaced.

        Equal values of an attribute get the same number, to which the length is added if they are digits. A time is replaced by
        how it compares with the time before it. Values that the profile names, and values of other forms, stay.
        """
        seen, latest = {**self._seen}, ""
        for place in range(1, len(parts), 2):
            written = parts[place]
            replacement = seen.get(written)
            if replacement is None:
                attribute, _, value = written.partition('="')
                if value in self._fixed or not _FORMS[attribute].fullmatch(value):
                    continue
                if attribute == "value":
                    if is_timestamp(value):
                        parts[place], latest = _order(latest, value), value
                    continue
                replacement = seen[written] = f"{attribute} {len(seen)} {len(value) if value.isdigit() else ''}"
            parts[place] = replacement
        return parts


def _order(before: str, time: str) -> str:
    """Return how a time compares with the one before: to the second, and whether they are written alike."""
    if before == time:
        return "=="
    first, second = before[:14], time[:14]
    return "<" if first < second else ">" if first > second else "="
