"""The place of an element in a form for people: ``encounter 1 › effectiveTime › low``, in Danish ``kontakt 1 › …``."""

from __future__ import annotations

from lxml import etree

from mockregister.document import templates as t
from mockregister.document.markup import templates

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


def short_path(element: etree._Element, language: str = "en") -> str:
    """Return the steps to an element without pure containers; entries are numbered through the document.

    Entries are named in ``en`` or ``da``, other elements as CDA names them.
    """
    around = (ancestor for ancestor in reversed([element, *element.iterancestors()]) if _local(ancestor) not in _PASSED_OVER)
    return " › ".join(_step(each, language) for each in around) or _local(element)


def _step(element: etree._Element, language: str) -> str:
    name = _entry_name(element)
    if name:
        told = name if language == "en" else _DANISH[name]
        return f"{told} {_number_through_document(element, name)}"
    name = _local(element)
    parent = element.getparent()
    siblings = [] if parent is None else list(parent.iterchildren(element.tag))
    return f"{name} {siblings.index(element) + 1}" if len(siblings) > 1 else name


def _number_through_document(element: etree._Element, name: str) -> int:
    """Return the number of an entry among those of its kind, from 1."""
    same = (other for other in element.getroottree().getroot().iter(element.tag) if _entry_name(other) == name)
    return next(number for number, entry in enumerate(same, 1) if entry is element)


def _entry_name(element: etree._Element) -> str:
    """Return the name of an entry by its template; empty for other elements."""
    return next((_NAMES[root] for root in templates(element) if root in _NAMES), "")


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
