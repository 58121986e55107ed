"""What a finding of level 2 means: the declaration that is broken beside the lines that break it."""

from __future__ import annotations

import re
from typing import cast

from lxml import etree

from mockregister import safexml
from mockregister.finding import Finding
from mockregister.validation.profile import TEMPLATES
from mockregister.validation.profile.notation import Template

_BY_NAME = {template.name: template for template in TEMPLATES}
_BY_ID = {template.id: template for template in TEMPLATES}
_STEP = re.compile(r"/\*:(?P<name>[^\[]+)\[namespace-uri\(\)='(?P<namespace>[^']*)'\]\[(?P<position>\d+)\]")
_LINES = 12


def explain(finding: Finding, content: bytes) -> str:
    """The finding, the template it is about, and the lines of the document it points at.

    Raises UnreadableDocument for content that is no XML.
    """
    element = _at(safexml.parse(content), finding.where)
    return "\n\n".join(filter(None, [finding.text, _declaration(finding, element), _lines(element, content)]))


def declaration(finding: Finding, content: bytes) -> str:
    """The template that the finding is about, as it is declared; empty for a data type rule that belongs to none.

    Raises UnreadableDocument for content that is no XML.
    """
    return _declaration(finding, _at(safexml.parse(content), finding.where))


def _at(root: etree._Element, where: str) -> etree._Element:
    """The element that ``where`` leads to, or the last one on the way."""
    element = root
    for step in list(_STEP.finditer(where))[1:]:
        name = etree.QName(step["namespace"] or None, step["name"])
        children = list(element.iterchildren(name.text))
        if len(children) < int(step["position"]):
            break
        element = children[int(step["position"]) - 1]
    return element


def _declaration(finding: Finding, element: etree._Element) -> str:
    template = _BY_NAME.get(finding.code) or _nearest(element)
    if template is None:
        return ""
    heading, _, *lines = template.declaration.splitlines()
    return "\n".join([f"{heading}: {template.meaning}", *(f"  |{line}" for line in lines)])


def _nearest(element: etree._Element) -> Template | None:
    """The template that the element, or the nearest one around it, says it follows."""
    for owner in (element, *element.iterancestors()):
        for identifier in owner.iterchildren(safexml.qname("cda", "templateId")):
            template = _BY_ID.get(identifier.get("root", ""))
            if template:
                return template
    return None


def _lines(element: etree._Element, content: bytes) -> str:
    """The lines of an element with their numbers, the first few of a long one."""
    first, last = _line(element), max(_line(one) for one in element.iter())
    encoding = element.getroottree().docinfo.encoding or "UTF-8"
    lines = content.decode(encoding, "replace").splitlines()[first - 1 : last]
    shown = [f"{number:>6}  {line}" for number, line in enumerate(lines[:_LINES], first)]
    return "\n".join(shown + ["        …"] * (len(lines) > _LINES))


def _line(element: etree._Element) -> int:
    return cast("int | None", element.sourceline) or 1
