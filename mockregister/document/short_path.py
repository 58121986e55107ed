"""The place of an element in a form for people: ``encounter 1 › effectiveTime › low``, in Danish ``kontakt 1 › …``."""

from __future__ import annotations

from collections import Counter

from lxml import etree

from mockregister.document import templates as t
from mockregister.document.markup import templates
from mockregister.lazy import lazy

_PASSED_OVER = frozenset({"ClinicalDocument", "component", "structuredBody", "section", "entry", "entryRelationship"})
_NAMES = {
    t.EPISODE_OF_CARE: "episode of care",
    t.MARKER: "marker",
    t.EPISODE_LINK: "link",
    t.REFERRAL: "referral",
    t.ENCOUNTER: "encounter",
    t.SERVICE_DELIVERY_LOCATION: "stay",
    t.PAYMENT_CONTRACT: "payment",
    t.MAIN_CONDITION: "main condition",
    t.MINOR_CONDITION: "minor condition",
    t.PROCEDURE_ACT: "procedure",
    t.PROCEDURE_OBSERVATION: "procedure",
    t.PROCEDURE_PROCEDURE: "procedure",
    t.OBSERVATION_ORGANIZER_ENTRY: "result report",
    t.OBSERVATION: "result",
    t.NULLIFY: "nullification",
}
_DANISH = {
    "episode of care": "forløbselement",
    "marker": "forløbsmarkør",
    "link": "reference",
    "referral": "henvisning",
    "encounter": "kontakt",
    "stay": "opholdsadresse",
    "payment": "betalingsoplysning",
    "main condition": "aktionsdiagnose",
    "minor condition": "bidiagnose",
    "procedure": "procedure",
    "result report": "resultatindberetning",
    "result": "resultat",
    "nullification": "sletning",
}


class ShortPaths:
    """The short paths of the elements of one document, in ``en`` or ``da``: the steps to an element without pure containers.

    Entries are named in the language and numbered through the document, in one pass; other elements are named as in CDA.
    """

    def __init__(self, root: etree._Element, language: str = "en") -> None:
        self._root, self.language = root, language

    def path(self, element: etree._Element) -> str:
        """Return the short path of an element."""
        around = [each for each in reversed([element, *element.iterancestors()]) if _local(each) not in _PASSED_OVER]
        return " › ".join(map(self._step, around)) or _local(element)

    def _step(self, element: etree._Element) -> str:
        name = _entry_name(element)
        if name:
            return f"{name if self.language == 'en' else _DANISH[name]} {self._numbers[element]}"
        name = _local(element)
        parent = element.getparent()
        siblings = [] if parent is None else list(parent.iterchildren(element.tag))
        return f"{name} {siblings.index(element) + 1}" if len(siblings) > 1 else name

    @lazy
    def _numbers(self) -> dict[etree._Element, int]:
        counted, numbers = Counter[tuple[str, str]](), dict[etree._Element, int]()
        for element in self._root.iter(etree.Element):
            name = _entry_name(element)
            if name:
                counted[element.tag, name] += 1
                numbers[element] = counted[element.tag, name]
        return numbers


def _entry_name(element: etree._Element) -> str:
    """Return the name of an entry by its template; empty for other elements."""
    return next((_NAMES[root] for root in templates(element) if root in _NAMES), "")


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
