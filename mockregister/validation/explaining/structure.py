"""Why levels 1 and 2 found something: the element with its value and line, and what the schema or the template declares of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import cast

from lxml import etree

from mockregister import safexml
from mockregister.document.pointing import selected
from mockregister.document.short_path import short_path
from mockregister.errors import UnreadableDocument
from mockregister.finding import Finding, Level
from mockregister.validation.explaining.explanation import LANGUAGES, DecidingPart, Explanation, Mention
from mockregister.validation.profile.explain import declaration
from mockregister.validation.profile.notation import Template
from mockregister.validation.schema.components import cda_schema
from mockregister.validation.schema.positions import element_at, text_of

_QUOTED = re.compile(r"'([^']*)'")
_TYPE = re.compile(r"type,? '([^']+)'")
_FOUND = re.compile(r" It is '(?P<value>.*)'\.$", re.DOTALL)
_COUNT = re.compile(r"^\S+: (?P<what>.*) SHALL stand (?P<count>.*), but (?P<stands>.*)\.$")
_MISPLACED = ("cvc-complex-type.2.4.a", "cvc-complex-type.2.4.d")
_LONGEST = 120
_MOST_BELOW = 4

_SCHEMA_ADVICE: dict[str, tuple[str, str]] = {
    "cvc-complex-type.2.4.a": (
        "Put the expected element here, and {0} where the schema has it.",
        "Sæt det forventede element her, og {0}, hvor skemaet har det.",
    ),
    "cvc-complex-type.2.4.b": ("Add what is expected at the end of {0}.", "Tilføj det forventede sidst i {0}."),
    "cvc-complex-type.2.4.d": ("Take {0} out: nothing more may stand here.", "Tag {0} ud: her kan intet mere stå."),
    "cvc-complex-type.3.2.2": ("Take the attribute out of {0}.", "Tag attributten ud af {0}."),
    "cvc-complex-type.4": ("Give the element the attribute {0}.", "Giv elementet attributten {0}."),
    "cvc-complex-type.2.3": ("Take the text out of {0}.", "Tag teksten ud af {0}."),
    "cvc-elt.1": (
        "Send a ClinicalDocument in the namespace urn:hl7-org:v3.",
        "Send et ClinicalDocument i navnerummet urn:hl7-org:v3.",
    ),
    "": ("Write {0} as the schema declares it.", "Skriv {0}, som skemaet erklærer det."),
}
_COUNT_ADVICE = (
    ("Add {0}: it has to stand {1}.", "Tilføj {0}: det skal stå {1}."),
    ("Let {0} stand {1}, no more.", "Lad {0} stå {1}, ikke flere."),
)
_VALUE_ADVICE = ("Correct {0}, as the template asks.", "Ret {0}, som skabelonen kræver.")


def explain_schema(finding: Finding, content: bytes, language: str, templates: Sequence[Template]) -> Explanation:
    """Return what the schema declares where a finding of level 1 stands. Raise UnreadableDocument for what is not XML."""
    root = safexml.parse(content)
    element, quoted = element_at(finding.where, text_of(content, root), root), _QUOTED.findall(finding.text)
    sentences = _SCHEMA_ADVICE.get(finding.code, _SCHEMA_ADVICE[""])
    value = quoted[0] if quoted else finding.code
    if element is None:
        return Explanation((DecidingPart(finding.text, (Mention("", value, finding.line),)),))
    owner = element.getparent() if finding.code in _MISPLACED else element
    schema = cda_schema()
    named = [] if owner is None else [schema.type_of(owner)]
    declared = "\n".join(filter(None, map(schema.source, dict.fromkeys([*named, *_TYPE.findall(finding.text)]))))
    mention = Mention(short_path(element), value, finding.line)
    told = "" if finding.code == "cvc-elt.1" else f"'{value}'"
    return Explanation((DecidingPart(finding.text, (mention,)),), declared, (), sentences[LANGUAGES.index(language)].format(told))


def explain_profile(finding: Finding, content: bytes, language: str, templates: Sequence[Template]) -> Explanation:
    """Return what the template declares that a finding of level 2 is about. Raise UnreadableDocument for what is not XML."""
    root, number = safexml.parse(content), LANGUAGES.index(language)
    element = selected(root, finding.where)
    if element is None:
        return Explanation((DecidingPart(finding.text, (Mention("", finding.code, finding.line),)),))
    counted = _COUNT.match(finding.text)
    path = short_path(element)
    mentions = (Mention(path, _shown(element), finding.line), *_mentions_below(element))
    if counted:
        sentences = _COUNT_ADVICE["not there" not in counted["stands"]]
        advice = sentences[number].format(counted["what"], counted["count"])
    else:
        advice = _VALUE_ADVICE[number].format(path)
    return Explanation((DecidingPart(finding.text, mentions),), declaration(finding, content, templates), (), advice)


def _mentions_below(element: etree._Element) -> Iterator[Mention]:
    """Yield the values that stand directly in an element that has none itself."""
    if not element.attrib:
        valued = (child for child in element.iterchildren(etree.Element) if child.get("value") or child.get("code"))
        for child in islice(valued, _MOST_BELOW):
            yield Mention(short_path(child), _shown(child), cast("int | None", child.sourceline) or 0)


def _shown(element: etree._Element) -> str:
    """Return what an element says: its attributes, or its text."""
    attributes = " ".join(
        f'{etree.QName(name).localname}="{value}"' for name, value in cast("dict[str, str]", element.attrib).items()
    )
    return (attributes or (element.text or "").strip())[:_LONGEST]


EXPLAINING = {Level.XSD: explain_schema, Level.SCHEMATRON: explain_profile}


def explain_structure(finding: Finding, content: bytes, language: str, templates: Sequence[Template]) -> Explanation:
    """Return why a finding of level 1 or 2 came, in the document with this content, by the templates of an edition."""
    try:
        return EXPLAINING[finding.level](finding, content, language, templates)
    except UnreadableDocument:
        return Explanation((DecidingPart(finding.text),))
