"""Find the declaration that a finding of level 2 violates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lxml import etree

from mockregister import safexml
from mockregister.finding import Finding
from mockregister.validation.profile import TEMPLATES
from mockregister.validation.profile.danish import meaning_of
from mockregister.validation.profile.notation import Template

_STEP = re.compile(r"/\*:(?P<name>[^\[]+)\[namespace-uri\(\)='(?P<namespace>[^']*)'\]\[(?P<position>\d+)\]")


def declaration(finding: Finding, content: bytes, templates: Iterable[Template] = TEMPLATES) -> str:
    """Return the declaration of the template that the finding is about; empty if a data type rule belongs to no template.

    If the element itself names another template, such as one that the first includes, that declaration follows. Raise
    UnreadableDocument for content that is not XML.
    """
    return declaration_in(finding, safexml.parse(content), templates)


def declaration_in(finding: Finding, root: etree._Element, templates: Iterable[Template], language: str = "en") -> str:
    """Return the declaration that a finding of a parsed document violates, with meanings of templates in ``en`` or ``da``."""
    found = _declaring(finding, _at(root, finding.where), templates)
    return "\n\n".join(dict.fromkeys(_declaration(template, language) for template in found))


def _at(root: etree._Element, where: str) -> etree._Element:
    """Return the element at ``where``, or the last element on the way to it."""
    element = root
    for step in list(_STEP.finditer(where))[1:]:
        name = etree.QName(step["namespace"] or None, step["name"])
        children = list(element.iterchildren(name.text))
        if len(children) < int(step["position"]):
            break
        element = children[int(step["position"]) - 1]
    return element


def _declaring(finding: Finding, element: etree._Element, templates: Iterable[Template]) -> list[Template]:
    """Return the finding's template and the element's own template; without these, the template of the nearest owner."""
    known = {key: template for template in templates for key in (template.name, template.id)}
    named = [template for template in (known.get(finding.code), _named_by(element, known)) if template]
    return named or list(filter(None, (_named_by(owner, known) for owner in element.iterancestors())))[:1]


def _declaration(template: Template, language: str) -> str:
    heading, _, *lines = template.declaration.splitlines()
    return "\n".join([f"{heading}: {meaning_of(template, language)}", *(f"  |{line}" for line in lines)])


def _named_by(element: etree._Element, known: Mapping[str, Template]) -> Template | None:
    identifiers = element.iterchildren(safexml.qname("cda", "templateId"))
    templates = (known.get(identifier.get("root", "")) for identifier in identifiers)
    return next(filter(None, templates), None)
