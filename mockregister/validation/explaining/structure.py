"""Why levels 1 and 2 found something: the element with its value and line, and what the schema or the template declares of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import cast

from lxml import etree

from mockregister import safexml
from mockregister.document.markup import SET_ID, attribute, first
from mockregister.document.pointing import selected
from mockregister.document.short_path import short_path
from mockregister.document.whereabouts import line_of
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
_ELEMENT = re.compile(r"hl7:(\w+)")
_TEMPLATE_IDS = re.compile(r"with templateId ((?:[\d.]+)(?: and [\d.]+)*)")
_DANISH_TIMES = {"exactly once": "netop én gang", "at least once": "mindst én gang", "at most once": "højst én gang"}
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
_OF_SET = "@root SHALL equal /ClinicalDocument/setId/@root."
_VALUE_ADVICE = (
    "Correct {0}: {1}.",
    "Ret {0}: {1}.",
)
_ROOT_ADVICE = ("Give {0} the root of the setId{1}.", "Giv {0} samme root som setId{1}.")
_TELLING = ("value", "extension", "code", "root")  # attributes by which two elements say the same


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
    path, counted = short_path(element), _COUNT.match(finding.text)
    mentions = [Mention(path, _shown(element), finding.line, whole=_said(element)), *_mentions_below(element)]
    if counted:
        is_missing = "not there" in counted["stands"]
        mentions = _about_missing(counted["what"], element, finding) if is_missing else mentions
        what, times = _named(counted["what"], templates), _DANISH_TIMES.get(counted["count"], "") if number else ""
        advice = _COUNT_ADVICE[not is_missing][number].format(what, times or counted["count"])
    elif _OF_SET in finding.text:
        set_id = first(root, SET_ID)
        mentions.append(_set_id(root))
        told = f" ({attribute(set_id, 'root')}, {('line', 'linje')[number]} {line_of(set_id)})" if set_id is not None else ""
        advice = _ROOT_ADVICE[number].format(path, told) if told else _COUNT_ADVICE[0][number].format("setId", "exactly once")
    else:
        advice = _VALUE_ADVICE[number].format(path, _asked(finding))
    because = (DecidingPart(finding.text, tuple(mentions)),)
    return Explanation(because, declaration(finding, content, templates), (), advice)


def _asked(finding: Finding) -> str:
    """Return what a finding asks for, without its code and the value found."""
    return _FOUND.sub("", finding.text.partition(": ")[2]).rstrip(".")


def _set_id(root: etree._Element) -> Mention:
    """Return the setId of a document; where it would stand, if it is missing."""
    found = first(root, SET_ID)
    if found is None:
        return Mention("ClinicalDocument › setId", "", line_of(root))
    return Mention("setId", _shown(found), line_of(found))


def _about_missing(what: str, element: etree._Element, finding: Finding) -> list[Mention]:
    """Return where something is missing, and the elements there that have its name but do not count as it."""
    if what.startswith("hl7:setId"):
        return [_set_id(element)]
    names = set(_ELEMENT.findall(what))
    rivals = [child for child in element.iterchildren("*") if etree.QName(child).localname in names and child.get("nullFlavor")]
    told = [Mention(short_path(child), _shown(child), line_of(child)) for child in rivals[:_MOST_BELOW]]
    return [Mention(short_path(element), "", finding.line), *told]


def _named(what: str, templates: Sequence[Template]) -> str:
    """Return what is missing with the names of the templates that it is told by."""
    known = {template.id: template for template in templates}

    def name(found: re.Match[str]) -> str:
        named = [known[identifier] for identifier in found[1].split(" and ") if identifier in known]
        told = ", ".join(f"{template.name}: {template.meaning.partition('.')[0]}" for template in named)
        return f"{found[0]} ({told})" if told else found[0]

    return _TEMPLATE_IDS.sub(name, what).replace("hl7:", "").replace("One of ", "one of ")


def _said(element: etree._Element) -> str:
    """Return what two elements have in common that are wrong in the same way: the attribute that says something."""
    return next((f"{name} {element.get(name)}" for name in _TELLING if element.get(name)), "")


def _mentions_below(element: etree._Element) -> Iterator[Mention]:
    """Yield the values that stand directly in an element that has none itself."""
    if not element.attrib:
        valued = (child for child in element.iterchildren(etree.Element) if child.get("value") or child.get("code"))
        for child in islice(valued, _MOST_BELOW):
            yield Mention(short_path(child), _shown(child), line_of(child), whole=_said(child))


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
