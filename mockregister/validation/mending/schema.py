"""Mends for level 1: names and values in the wrong letter case, fixed values, other forms of time, and the order of elements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml import etree

from mockregister.finding import Finding
from mockregister.validation.forms import as_timestamp
from mockregister.validation.mending.sentences import MendSentence
from mockregister.validation.mending.written import Mend, WrittenDocument, set_attribute
from mockregister.validation.pipeline import Examination
from mockregister.validation.schema.components import cda_schema
from mockregister.validation.schema.content_model import START, ContentModel
from mockregister.validation.schema.positions import element_at
from mockregister.validation.schema.simple_types import enumerated

_ATTRIBUTE = re.compile(r"Attribute '([^']+)' is not allowed")
_FIXED = re.compile(r"Attribute '([^']+)' has a fixed value of '([^']*)'")
_VALUE = re.compile(r"The value '([^']*)' of attribute '([^']+)' on element")


def schema_mends(finding: Finding, written: WrittenDocument, examination: Examination) -> Iterator[Mend]:
    """Yield possible mends of a finding of level 1."""
    element = element_at(finding.where, written.text, written.root)
    if element is None:
        return
    yield from _attribute(finding, element, written)
    owner = element.getparent()
    kind = cda_schema().complex_type_of(owner) if owner is not None and finding.code.startswith("cvc-complex-type.2.4") else None
    if owner is not None and kind is not None and kind.model is not None:
        yield from _renamed(finding, element, kind.model, written)
        yield from _in_order(finding, owner, kind.model, written)


def _attribute(finding: Finding, element: etree._Element, written: WrittenDocument) -> Iterator[Mend]:
    """Yield mends of an attribute: its name or value in the schema's letter case, its fixed value, or its time in HL7's form."""
    kind = cda_schema().complex_type_of(element)
    declared = kind.attributes if kind else {}
    if named := _ATTRIBUTE.search(finding.text):
        right = _as_declared(named[1], declared)
        if right and right not in element.attrib:
            sentence = MendSentence("rename attribute", right, named[1])
            yield Mend(sentence, finding.line, (written.rename_attribute(element, named[1], right),))
    if fixed := _FIXED.search(finding.text):
        yield set_attribute(written, element, fixed[1], fixed[2])
    if (valued := _VALUE.search(finding.text)) and valued[2] in declared:
        right = _as_declared(valued[1], enumerated(declared[valued[2]].type)) or as_timestamp(valued[1])
        if right:
            yield set_attribute(written, element, valued[2], right)


def _renamed(finding: Finding, element: etree._Element, model: ContentModel, written: WrittenDocument) -> Iterator[Mend]:
    name = etree.QName(element).localname
    right = _as_declared(name, [etree.QName(known).localname for known in model.names])
    if right:
        same = list(written.root.iter(element.tag))
        changes = tuple(change for each in same for change in written.rename(each, right))
        sentence = MendSentence("rename often" if len(same) > 1 else "rename", right, name, times=len(same))
        yield Mend(sentence, finding.line, changes)


def _as_declared(name: str, known: Iterable[str]) -> str:
    """Return the only declared name that differs from this one in letter case alone; empty if there is none or more than one."""
    found = {each for each in known if each.casefold() == name.casefold() and each != name}
    return found.pop() if len(found) == 1 else ""


def _in_order(finding: Finding, owner: etree._Element, model: ContentModel, written: WrittenDocument) -> Iterator[Mend]:
    children = list(owner.iterchildren(etree.Element))
    places = {name: number for number, name in enumerate(model.names)}
    if not all(child.tag in places for child in children):
        return
    ordered = sorted(children, key=lambda child: places[child.tag])
    if ordered != children and _fit(ordered, model):
        moved = [etree.QName(now).localname for was, now in zip(children, ordered, strict=True) if was is not now]
        sentence = MendSentence("order", ", ".join(moved), etree.QName(owner).localname)
        yield Mend(sentence, finding.line, tuple(written.reorder(children, ordered)))


def _fit(children: Sequence[etree._Element], model: ContentModel) -> bool:
    state = START
    for child in children:
        if child.tag not in model.expected(state):
            return False
        state, _ = model.step(state, child.tag)
    return model.may_end(state)
