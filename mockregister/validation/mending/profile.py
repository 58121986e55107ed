"""Mends for level 2: template ids that are missing or belong to another alternative, fixed values, and values in another form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from mockregister.document.markup import SET_ID, TEMPLATE_ID, VERSION_NUMBER, attribute, first, number, templates
from mockregister.document.pointing import selected
from mockregister.document.whereabouts import line_of
from mockregister.finding import Finding
from mockregister.register.view import View
from mockregister.validation.edition import Edition
from mockregister.validation.forms import FORMS
from mockregister.validation.mending.sentences import MendSentence
from mockregister.validation.mending.written import Mend, TextChange, WrittenDocument, set_attribute
from mockregister.validation.pipeline import Examination
from mockregister.validation.profile.compiled import Place, Reach
from mockregister.validation.profile.nodes import Node

_FIXED = re.compile(r"\S+: @(\w+) SHALL be '([^']*)'\.")
_WRITTEN = re.compile(r"\S+: @(\w+) SHALL be (?P<form>.*)\. It is '(?P<value>.*)'\.")
_MOST_AROUND = 2  # ancestors of a wrong element whose template ids may have caused its finding
_OF_SET = "@root SHALL equal /ClinicalDocument/setId/@root."
_LATER = "@value SHALL be lower than the versionNumber of this document."
_IDENTIFYING = frozenset({"root", "extension", "value", "code", "nullFlavor"})  # only the sender knows their values


def profile_mends(finding: Finding, written: WrittenDocument, examination: Examination) -> Iterator[Mend]:
    """Yield possible mends of a finding of level 2."""
    element = selected(written.root, finding.where)
    if element is None:
        return
    yield from _attribute(finding, element, written)
    if _LATER in finding.text:
        yield from _parent_version(element, written, examination)
    around = list(element.iterancestors())[:_MOST_AROUND]
    for owner in (*around, element, *element.iterchildren(etree.Element)):
        yield from missing_templates(owner, written, examination.edition)
        yield from _other_alternative(owner, written, examination.edition)


# -- attributes


def _attribute(finding: Finding, element: etree._Element, written: WrittenDocument) -> Iterator[Mend]:
    fixed, written_as = _FIXED.match(finding.text), _WRITTEN.match(finding.text)
    if fixed and fixed[1] not in _IDENTIFYING:
        yield set_attribute(written, element, fixed[1], fixed[2])
    elif _OF_SET in finding.text:
        set_id, others = first(written.root, SET_ID), written.root.iter("{*}id")
        agreeing = sum(other.get("root") == attribute(set_id, "root") for other in others) if set_id is not None else 0
        if agreeing > 1:
            yield set_attribute(written, element, "root", attribute(set_id, "root"))
    elif written_as:
        right = next((rewrite(written_as["value"]) for form, rewrite in FORMS.items() if written_as["form"].startswith(form)), "")
        if right:
            yield set_attribute(written, element, written_as[1], right)


def _parent_version(element: etree._Element, written: WrittenDocument, examination: Examination) -> Iterator[Mend]:
    """Yield the mend that names the set's latest version in the register, or, for an unknown set, the version before its own."""
    own, set_id = number(first(written.root, VERSION_NUMBER)), first(written.root, SET_ID)
    with examination.register.look() as rows:
        known = View(rows).set(attribute(set_id, "root").lower())
    latest = known.version if known is not None else (own or 0) - 1
    if own is not None and 0 < latest < own:
        yield set_attribute(written, element, "value", str(latest))


# -- template ids


def missing_templates(owner: etree._Element, written: WrittenDocument, edition: Edition) -> Iterator[Mend]:
    """Yield mends that give a child of ``owner`` the template ids that it lacks, if exactly one declaration fits the child."""
    known = known_ids(edition)
    for child in owner.iterchildren(etree.Element):
        fitting = {wanted: place for place, wanted in _fitting(child, owner, edition, known)}
        if len(fitting) == 1:
            (wanted, place), *_ = fitting.items()
            target = _target(child, place)
            if target is not None:
                mend = _with_templates(target, wanted, known, written)
                yield replace(mend, changes=(*mend.changes, *_below(target, place, known, written)))


def _below(target: etree._Element, place: Place, known: frozenset[str], written: WrittenDocument) -> Iterator[TextChange]:
    """Yield the changes that give children of ``target`` the template ids that they must have, if they have none yet."""
    for inner in target.iterchildren(etree.Element):
        wanted = {_wanted(each) for each in place.places if each.name == etree.QName(inner).localname and _wanted(each)}
        if len(wanted) == 1 and not known.intersection(templates(inner)):
            yield from _with_templates(inner, wanted.pop(), known, written).changes


def known_ids(edition: Edition) -> frozenset[str]:
    """Return every template id in a profile."""
    return frozenset(identifier for place in _all_places(edition) for identifier in _wanted(place))


def _all_places(edition: Edition) -> Iterator[Place]:
    waiting = [place for places in edition.profile.roots.values() for place in places]
    while waiting:
        place = waiting.pop()
        yield place
        waiting += place.places


def _wanted(place: Place) -> frozenset[str]:
    return place.selector.held[1] if place.selector.held else place.selector.template_ids


def _target(child: etree._Element, place: Place) -> etree._Element | None:
    """Return the element that must have a place's template ids: the child itself or, if the place says so, an element in it."""
    return first(child, f"{{*}}{place.selector.held[0]}") if place.selector.held else child


def _places_in(owner: etree._Element, edition: Edition) -> Iterator[Place]:
    """Yield the places of an element's children, by the declarations that select the element."""
    profile, above = edition.profile, owner.getparent()
    around = list(_places_in(above, edition)) if above is not None else []
    node = Node(owner)
    everything = frozenset(etree.QName(each).localname for each in (owner, *owner.iterchildren(etree.Element)))
    shape = node.shape(everything, everything)
    for place in (*profile.roots.get(node.name, ()), *around):
        if place.name == node.name and place.selector.selects(shape):
            yield from place.places


def _fitting(
    child: etree._Element, owner: etree._Element, edition: Edition, known: frozenset[str]
) -> Iterator[tuple[Place, frozenset[str]]]:
    """Yield the places that an element would belong to if it had their template ids, with these ids."""
    named = [place for place in _places_in(owner, edition) if place.name == etree.QName(child).localname and _wanted(place)]
    candidates = [
        (place, target, known.intersection(templates(target))) for place in named if (target := _target(child, place)) is not None
    ]
    if any(_wanted(place) <= present for place, _, present in candidates):
        return
    for place, target, present in candidates:
        wanted = _wanted(place)
        roots = edition.profile.roots.get(etree.QName(target).localname, ())
        alike = [root for root in roots if root.selector.template_ids == wanted]
        if present < wanted and _passes(child, [place]) and _passes(target, alike):
            yield place, wanted


def _passes(element: etree._Element, places: list[Place]) -> bool:
    """Return whether an element has the attributes that the places require."""
    node = Node(element)
    return all(
        check.holds(node) for place in places for check in place.checks if check.reach is Reach.ELEMENT and check.attribute
    )


def _with_templates(target: etree._Element, wanted: frozenset[str], known: frozenset[str], written: WrittenDocument) -> Mend:
    """Return the mend that gives an element the template ids that it lacks.

    If it lacks one id and has one that no template has, that id is taken for a misspelling and replaced.
    """
    present = list(target.iterchildren(TEMPLATE_ID))
    lacking = sorted(wanted.difference(templates(target)))
    strange = [each for each in present if each.get("root") not in known]
    if len(lacking) == len(strange) == 1:
        return set_attribute(written, strange[0], "root", lacking[0])
    prefix = f"{target.prefix}:" if target.prefix else ""
    change = written.insert_first(target, [f'<{prefix}templateId root="{each}"/>' for each in lacking])
    return Mend(MendSentence("template", ", ".join(lacking), element=target), line_of(target), (change,))


def _other_alternative(owner: etree._Element, written: WrittenDocument, edition: Edition) -> Iterator[Mend]:
    """Yield mends that give a child of ``owner`` the template id of another alternative at the same place."""
    for child in owner.iterchildren(etree.Element):
        carried = frozenset(templates(child))
        groups = {id(place.group): place.group for place in _places_in(owner, edition) if place.group}
        for group in groups.values():
            here = [place for place in group.places if place.name == etree.QName(child).localname and place.selector.template_ids]
            for was in (place for place in here if place.selector.template_ids <= carried):
                for other in (place for place in here if place is not was):
                    yield from _swapped(child, was.selector.template_ids, other.selector.template_ids, written)


def _swapped(child: etree._Element, was: frozenset[str], becomes: frozenset[str], written: WrittenDocument) -> Iterator[Mend]:
    leaving, coming = sorted(was - becomes), sorted(becomes - was)
    if len(leaving) == len(coming) == 1:
        for each in child.iterchildren(TEMPLATE_ID):
            if each.get("root") == leaving[0]:
                yield set_attribute(written, each, "root", coming[0])
