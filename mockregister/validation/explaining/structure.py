"""Explain why level 2 found something: the element with its value and line, and what the template declares about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from itertools import islice
from typing import cast

from lxml import etree

from mockregister import safexml
from mockregister.document.markup import SET_ID, TEMPLATE_ID, VERSION_NUMBER, attribute, first
from mockregister.document.markup import templates as element_templates
from mockregister.document.pointing import selected
from mockregister.document.short_path import ShortPaths
from mockregister.document.whereabouts import line_of, local_name
from mockregister.finding import Finding, Level
from mockregister.validation.explaining.explanation import LANGUAGES, DecidingPart, Explanation, Mention
from mockregister.validation.explaining.missing import example_of, place_for
from mockregister.validation.explaining.read_document import ReadDocument
from mockregister.validation.explaining.schema import explain_schema
from mockregister.validation.forms import EXAMPLES, FORMS, as_danish_time
from mockregister.validation.profile.danish import asked_in_danish, meaning_of, times_in_danish
from mockregister.validation.profile.explain import declaration_in
from mockregister.validation.profile.likeness import fixed_values
from mockregister.validation.profile.notation import Template

_FOUND = re.compile(r" It is '(?P<value>.*)'\.$", re.DOTALL)
_ABOUT = re.compile(r"(?:(?P<child>\w+)/)?(?:@(?P<attribute>\w+)|xsi:type) SHALL be ")
_NOT_NULL = " that is not null"
_COUNT = re.compile(r"^\S+: (?P<demand>.*) SHALL stand (?P<count>.*), but (?P<stands>.*)\.$")
_ELEMENT = re.compile(r"hl7:(\w+)")
_ROOT = re.compile(r"with @root (\S+)")
_TEMPLATE_IDS = re.compile(r"with templateId ((?:[\d.]+)(?: and [\d.]+)*)")
_DANISH_WORDS = {
    "One of ": "et af ",
    "with templateId": "med templateId",
    "with @root": "med @root",
    " around ": " omkring ",
    " and ": " og ",
}
_LONGEST = 120
_MOST_BELOW = 4

_MISSING_ADVICE = (
    "Add {0} to {2}, {3}{4}: it must occur {1}.",
    "Tilføj {0} til {2}, {3}{4}: det skal forekomme {1}.",
)
_TOO_MANY_ADVICE = (
    "{0} must occur {1}, but is on lines {2}; remove the surplus.",
    "{0} skal forekomme {1}, men står på linjerne {2}; fjern de overskydende.",
)
_RIVAL_ADVICE = {
    "null": (
        "Give {0} (line {1}) a value instead of the nullFlavor {2}.",
        "Giv {0} (linje {1}) en værdi i stedet for nullFlavor {2}.",
    ),
    "root": ("Give {0} (line {1}) the root {2}.", "Giv {0} (linje {1}) root {2}."),
    "template": ("Give {0} (line {1}) the templateId {2} too.", "Giv også {0} (linje {1}) templateId {2}."),
    "templates": (
        "Give {0} (line {1}) the templateId of what it is: {2}.",
        "Giv {0} (linje {1}) templateId for det, det er: {2}.",
    ),
    "misspelt": (
        "Correct the templateId of {0} on line {1}: @root has to be {2}.",
        "Ret templateId for {0} på linje {1}: @root skal være {2}.",
    ),
}
_EXAMPLE = (", as in the example", ", som i eksemplet")
_OF_SET = "@root SHALL equal /ClinicalDocument/setId/@root."
_OF_VERSION = "lower than the versionNumber of this document"
_VERSION_ADVICE = (
    "Correct {0} (line {1}), which is {2}, or the versionNumber of this document (line {4}), which is {3} and has to be greater.",
    "Ret {0} (linje {1}), som er {2}, eller dette dokuments versionNumber (linje {4}), som er {3} og skal være større.",
)
_SAME = " SHALL differ from the others"
_SAME_ADVICE = (
    "Take out all but one of {0} on lines {1}, or let them differ.",
    "Fjern alle på nær én af {0} på linjerne {1}, eller lad dem være forskellige.",
)
_VALUE_ADVICE = (
    "Correct {0} (line {1}): {2}{3}.",
    "Ret {0} (linje {1}): {2}{3}.",
)
_SUCH_AS = (", such as {0}", ", f.eks. {0}")
_ROOT_ADVICE = ("Give {0} the root of the setId{1}.", "Giv {0} samme root som setId{1}.")
_TELLING = ("value", "extension", "code", "root")  # two elements with the same value of one of these say the same


def explain_profile(finding: Finding, document: ReadDocument, language: str, templates: Sequence[Template]) -> Explanation:
    """Return why a finding of level 2 came: the values, the lines of the template's declaration, and what to do."""
    root, number, paths = document.root, LANGUAGES.index(language), document.paths(language)
    element = selected(root, finding.where)
    if element is None:
        return Explanation((DecidingPart(finding.text, (Mention("", "", finding.line),)),))
    path, counted, example = paths.path(element), _COUNT.match(finding.text), ""
    mentions = [_mention(element, paths, finding.line), *_mentions_below(element, paths)]
    if counted and _is_missing(counted):
        mentions = _about_missing(counted["demand"], element, finding, paths, templates)
        advice, example = _to_add(counted, element, paths, templates)
    elif counted:
        several = _counted(counted["demand"], element)
        mentions += [_mention(each, paths) for each in several[:_MOST_BELOW]]
        lines = ", ".join(str(line_of(each)) for each in several)
        named = _named(counted["demand"], templates, language)
        advice = _TOO_MANY_ADVICE[number].format(named, _times(counted["count"], language), lines)
    elif _OF_SET in finding.text:
        mentions.append(_set_id(root))
        advice = _to_be_in_set(path, root, paths)
    elif _OF_VERSION in finding.text:
        own = first(root, VERSION_NUMBER)
        version, line = (attribute(own, "value"), line_of(own)) if own is not None else ("", line_of(root))
        mentions.append(Mention("ClinicalDocument › versionNumber", version, line))
        advice = _VERSION_ADVICE[number].format(path, finding.line, attribute(element, "value"), version, line)
    elif _SAME in finding.text:
        same = [each for each in _namesakes(element) if _key(each) == _key(element)]
        mentions += [_mention(each, paths) for each in same if each is not element]
        advice = _SAME_ADVICE[number].format(local_name(element), ", ".join(str(line_of(each)) for each in same))
    else:
        advice = _to_correct(path, finding, language)
    because = (DecidingPart(_because(finding, counted, _not_told(finding, element), language), tuple(mentions)),)
    declared = _deciding_lines(declaration_in(finding, root, templates, language), _about(finding, element))
    return Explanation(because, declared, (), advice, example)


def _because(finding: Finding, counted: re.Match[str] | None, not_told: str, language: str) -> str:
    """Return the finding's text and, if the text does not tell it, the value found; or the same in Danish."""
    if language == "en":
        return finding.text + not_told
    if counted is None:
        value = _FOUND.search(finding.text + not_told)
        return asked_in_danish(_asked(finding)) + (f"; fundet: '{value['value']}'" if value else "")
    stands = "mangler" if _is_missing(counted) else f"forekommer {times_in_danish(counted['stands'].removeprefix('stands '))}"
    not_null = " uden nullFlavor" if _NOT_NULL in counted["demand"] else ""
    named, times = _named(counted["demand"], (), language), _times(counted["count"], language)
    return f"{named}{not_null} skal forekomme {times}, men {stands}"


def _is_missing(counted: re.Match[str]) -> bool:
    return "not there" in counted["stands"]


def _times(count: str, language: str) -> str:
    return times_in_danish(count) if language == "da" else count


def _mention(element: etree._Element, paths: ShortPaths, line: int = 0) -> Mention:
    """Return the mention of an element."""
    return Mention(paths.path(element), _shown(element), line or line_of(element), whole=_telling(element))


def _namesakes(element: etree._Element) -> list[etree._Element]:
    around = element.getparent()
    return [element] if around is None else [each for each in around.iterchildren(etree.Element) if each.tag == element.tag]


def _key(element: etree._Element) -> tuple[list[str], str]:
    """Return the identifying attributes and the text of an element; elements of one name are equal if these are equal."""
    identifying = [attribute(element, name) for name in ("root", "extension", "code", "codeSystem")]
    return identifying, str(element.xpath("normalize-space()"))


def _to_be_in_set(path: str, root: etree._Element, paths: ShortPaths) -> str:
    """Return the advice for an id that is not in the document's set, or for a document without one."""
    set_id, number = first(root, SET_ID), LANGUAGES.index(paths.language)
    if set_id is None:
        place, once = place_for("setId", root, paths), ("exactly once", "netop én gang")[number]
        return _MISSING_ADVICE[number].format("setId", once, "ClinicalDocument", place, "")
    told = f" ({attribute(set_id, 'root')}, {('line', 'linje')[number]} {line_of(set_id)})"
    return _ROOT_ADVICE[number].format(path, told)


def _to_correct(path: str, finding: Finding, language: str) -> str:
    """Return the advice for a value of a wrong form: what is asked for, and the value in that form where that is clear."""
    right, number = _rewritten(finding), LANGUAGES.index(language)
    asked = asked_in_danish(_asked(finding)) if language == "da" else _asked(finding)
    such_as = _SUCH_AS[number].format(right) if right else ""
    return _VALUE_ADVICE[number].format(path, finding.line, asked, such_as)


def _about(finding: Finding, element: etree._Element) -> Set[str]:
    """Return the first words of the lines of a declaration that matter here: names of elements, and words for alternatives."""
    alternatives = {"choice", "include"} if "One of hl7:" in finding.text else set()
    return {*_ELEMENT.findall(finding.text), *_names(element), *alternatives}


def _names(element: etree._Element) -> Iterator[str]:
    """Yield the name of an element and those of the elements around it up to the one that has a template."""
    for around in (element, *element.iterancestors()):
        yield local_name(around)
        if any(True for _ in element_templates(around)):
            return


def _deciding_lines(declared: str, names: Set[str]) -> str:
    """Return the headings of a declaration and its lines about elements of these names, each with the lines it is below.

    Return the whole declaration if it has no such line.
    """
    kept: list[str] = []
    around: list[str] = []
    for line in declared.splitlines():
        body = line.partition("|")[2]
        depth = len(body) - len(body.lstrip())
        around = [other for other in around if depth > len(other.partition("|")[2]) - len(other.partition("|")[2].lstrip())]
        if not body or body.split()[0] in names:
            kept += [other for other in around if other not in kept] + [line]
        if body:
            around.append(line)
    return "\n".join(kept) if len(kept) > 1 else declared


def _not_told(finding: Finding, element: etree._Element) -> str:
    """Return the sentence in which findings tell the value; empty if this finding has it already, or is not about a value."""
    about = _ABOUT.match(_asked(finding))
    holder = None if about is None else first(element, f"{{*}}{about['child']}") if about["child"] else element
    value = attribute(holder, about["attribute"] or safexml.qname("xsi", "type")) if about else ""
    return f" It is '{value}'." if value and not _FOUND.search(finding.text) else ""


def _asked(finding: Finding) -> str:
    """Return what a finding asks for, without its code and the value found."""
    return _FOUND.sub("", finding.text.removeprefix(f"{finding.code}: ").removeprefix(f"({finding.code}): ")).rstrip(".")


def _rewritten(finding: Finding) -> str:
    """Return the value found in the form that is asked for, or an example of that form; empty if neither is known."""
    found, asked = _FOUND.search(finding.text), _asked(finding)
    value = found["value"] if found else ""
    for form, rewrite in {**FORMS, "a time, ": as_danish_time}.items():
        if form in asked and rewrite(value):
            return rewrite(value)
    return next((example for form, example in EXAMPLES.items() if form in asked), "")


def _set_id(root: etree._Element) -> Mention:
    """Return the setId of a document; the place for it if it is missing."""
    found = first(root, SET_ID)
    if found is None:
        return Mention("ClinicalDocument › setId", "", line_of(root))
    return Mention("setId", _shown(found), line_of(found))


def _about_missing(
    demand: str, element: etree._Element, finding: Finding, paths: ShortPaths, templates: Sequence[Template]
) -> list[Mention]:
    """Return where something is missing, and the elements there that have its name but do not count as it."""
    if demand.startswith("hl7:setId"):
        return [_set_id(element)]
    rivals = dict.fromkeys(rival for _, rival, _ in _rivals(demand, element, fixed_values(templates)))
    near = [Mention(paths.path(rival), _shown(rival), line_of(rival)) for rival in rivals]
    return [Mention(paths.path(element), "", finding.line), *near]


def _rivals(demand: str, element: etree._Element, known: Set[str]) -> list[tuple[str, etree._Element, list[str]]]:
    """Return the elements that have the name of what is missing but do not count as it, each with what it lacks.

    What an element lacks is a value, a root, or the template ids that are given; ``known`` are those of the profile.
    """
    found: list[tuple[str, etree._Element, list[str]]] = []
    for wanted in demand.removeprefix("One of ").split(", "):
        names, ids, root = _ELEMENT.findall(wanted), _wanted_ids(wanted), _ROOT.search(wanted)
        for child in _at(element, names):
            own = known & {*filter(None, element_templates(child))}
            if child.get("nullFlavor"):
                found.append(("null", child, []))
            elif root and child.get("root") not in (None, root[1]):
                found.append(("root", child, [root[1]]))
            elif own < set(ids):
                found.append(("template", child, [each for each in ids if each not in own]))
    return found[:_MOST_BELOW]


def _counted(demand: str, element: etree._Element) -> list[etree._Element]:
    """Return the elements that count as what there are too many of."""
    found: list[etree._Element] = []
    for wanted in demand.removeprefix("One of ").split(", "):
        ids, root = set(_wanted_ids(wanted)), _ROOT.search(wanted)
        for child in _at(element, _ELEMENT.findall(wanted)):
            if ids <= set(element_templates(child)) and (root is None or child.get("root") == root[1]) and child not in found:
                found.append(child)
    return found


def _at(element: etree._Element, names: Sequence[str]) -> list[etree._Element]:
    """Return the elements at the end of a path of local names."""
    found = [element]
    for name in names:
        found = [child for each in found for child in each.iterchildren(f"{{*}}{name}")]
    return found


def _wanted_ids(demand: str) -> list[str]:
    named = _TEMPLATE_IDS.search(demand)
    return named[1].split(" and ") if named else []


def _example(wanted: str, element: etree._Element) -> str:
    names = _ELEMENT.findall(wanted)
    return example_of(names[0], element, _wanted_ids(wanted), held=len(names) > 1)


def _to_add(counted: re.Match[str], element: etree._Element, paths: ShortPaths, templates: Sequence[Template]) -> tuple[str, str]:
    """Return the advice to add what is missing, or to complete the only element that nearly counts as it; and an example."""
    language, demand = paths.language, counted["demand"]
    number = LANGUAGES.index(language)
    alternatives, rivals = demand.removeprefix("One of ").split(", "), _rivals(demand, element, fixed_values(templates))
    examples = {wanted: example for wanted in alternatives if (example := _example(wanted, element))}
    wanted, example = next(iter(examples.items()), (alternatives[0], ""))
    names = _ELEMENT.findall(wanted)
    if len(dict.fromkeys(rival for _, rival, _ in rivals)) == 1:
        return _to_complete(rivals, paths, templates), example
    place, shown = place_for(names[0], element, paths), _EXAMPLE[number] if example else ""
    named, times = _named(demand, templates, language), _times(counted["count"], language)
    return _MISSING_ADVICE[number].format(named, times, paths.path(element), place, shown), example


def _to_complete(
    rivals: Sequence[tuple[str, etree._Element, list[str]]], paths: ShortPaths, templates: Sequence[Template]
) -> str:
    """Return the advice to complete the only element that nearly counts as what is missing; it names all ways to do so."""
    (lacks, rival, lacking), *others = rivals
    number, path, line = LANGUAGES.index(paths.language), paths.path(rival), line_of(rival)
    strange = [each for each in rival.iterchildren(TEMPLATE_ID) if each.get("root") not in fixed_values(templates)]
    if others and lacks == "template":
        named = (_named(f"with templateId {' and '.join(ids)}", templates, paths.language) for *_, ids in rivals)
        ways = [name.partition(" templateId ")[2] for name in named]
        return _RIVAL_ADVICE["templates"][number].format(path, line, (" or ", " eller ")[number].join(ways))
    if lacks == "template" and len(strange) == len(lacking) == 1:
        return _RIVAL_ADVICE["misspelt"][number].format(path, line_of(strange[0]), lacking[0])
    flaw = rival.get("nullFlavor", "") if lacks == "null" else (" and ", " og ")[number].join(lacking)
    return _RIVAL_ADVICE[lacks][number].format(path, line, flaw)


def _named(demand: str, templates: Sequence[Template], language: str) -> str:
    """Return what a finding counts, with the names of the templates that define it."""
    known = {template.id: template for template in templates}

    def name(found: re.Match[str]) -> str:
        named = [known[identifier] for identifier in found[1].split(" and ") if identifier in known]
        meanings = ", ".join(f"{template.name}: {meaning_of(template, language).partition('.')[0]}" for template in named)
        return f"{found[0]} ({meanings})" if meanings else found[0]

    text = _TEMPLATE_IDS.sub(name, demand).replace("hl7:", "").replace(_NOT_NULL, "")
    for english, danish in _DANISH_WORDS.items():
        text = text.replace(english, danish if language == "da" else english.replace("One", "one"))
    return text


def _telling(element: etree._Element) -> str:
    """Return an element's first telling attribute, which elements that are wrong in the same way have in common."""
    return next((f"{name} {element.get(name)}" for name in _TELLING if element.get(name)), "")


def _mentions_below(element: etree._Element, paths: ShortPaths) -> Iterator[Mention]:
    """Yield the children of an element that have a value or a code, if the element itself has no attributes."""
    if not element.attrib:
        valued = (child for child in element.iterchildren(etree.Element) if child.get("value") or child.get("code"))
        for child in islice(valued, _MOST_BELOW):
            yield _mention(child, paths)


def _shown(element: etree._Element) -> str:
    """Return what an element says: its attributes, or its text."""
    attributes = " ".join(
        f'{etree.QName(name).localname}="{value}"' for name, value in cast("dict[str, str]", element.attrib).items()
    )
    return (attributes or (element.text or "").strip())[:_LONGEST]


EXPLAINING = {Level.XSD: explain_schema, Level.SCHEMATRON: explain_profile}


def explain_structure(
    finding: Finding, document: ReadDocument | None, language: str, templates: Sequence[Template]
) -> Explanation:
    """Return why a finding of level 1 or 2 came, by an edition's templates; only its text if there is no document that is XML."""
    if document is None:
        return Explanation((DecidingPart(finding.text),))
    return EXPLAINING[finding.level](finding, document, language, templates)
