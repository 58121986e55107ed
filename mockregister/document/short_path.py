"""The place of an element in a form for people: ``encounter 1 › effectiveTime › low``, in Danish ``kontakt 1 › …``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

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
    "nullification": "annullering",
}


class ShortPaths:
    """The short paths of the elements of one document in a language; its entries are numbered in one pass."""

    def __init__(self, root: etree._Element, language: str = "en") -> None:
        self._root, self.language = root, language

    def path(self, element: etree._Element) -> str:
        """Return the short path of an element."""
        return _path(element, self.language, self._numbers.__getitem__)

    @lazy
    def _numbers(self) -> dict[etree._Element, int]:
        counted, numbers = Counter[tuple[str, str]](), dict[etree._Element, int]()
        for element in self._root.iter(etree.Element):
            name = _entry_name(element)
            if name:
                counted[element.tag, name] += 1
                numbers[element] = counted[element.tag, name]
        return numbers


def short_path(element: etree._Element, language: str = "en") -> str:
    """Return the steps to an element without pure containers; entries are numbered through the document.

    Entries are named in ``en`` or ``da``, other elements as CDA names them. For many elements of a document use ``ShortPaths``.
    """
    return _path(element, language, _number_through_document)


def _path(element: etree._Element, language: str, number: Callable[[etree._Element], int]) -> str:
    around = (ancestor for ancestor in reversed([element, *element.iterancestors()]) if _local(ancestor) not in _PASSED_OVER)
    return " › ".join(_step(each, language, number) for each in around) or _local(element)


def _step(element: etree._Element, language: str, number: Callable[[etree._Element], int]) -> str:
    name = _entry_name(element)
    if name:
        told = name if language == "en" else _DANISH[name]
        return f"{told} {number(element)}"
    name = _local(element)
    parent = element.getparent()
    siblings = [] if parent is None else list(parent.iterchildren(element.tag))
    return f"{name} {siblings.index(element) + 1}" if len(siblings) > 1 else name


def _number_through_document(element: etree._Element) -> int:
    """Return the number of an entry among those of its kind, from 1."""
    name = _entry_name(element)
    same = (other for other in element.getroottree().getroot().iter(element.tag) if _entry_name(other) == name)
    return next(number for number, entry in enumerate(same, 1) if entry is element)


def _entry_name(element: etree._Element) -> str:
    """Return the name of an entry by its template; empty for other elements."""
    return next((_NAMES[root] for root in templates(element) if root in _NAMES), "")


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
