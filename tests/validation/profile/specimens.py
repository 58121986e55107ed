"""Documents that are made from the declarations, and all ways to break a single line of them.

A specimen of a template has every part that the template declares, including optional parts, and one of several alternatives.
References to an earlier document (a parent document, a replaced entry) have their own specimen, because breaking anything that
they are compared with would break them too. Specimens are made from the notation alone, without the compiled checks.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from uuid import NAMESPACE_OID, uuid5

from lxml import etree

from mockregister.safexml import CDA, XSI
from mockregister.validation.profile import TEMPLATES
from mockregister.validation.profile.notation import Attribute, Choice, Count, ElementDefinition, Include, Part, Template
from mockregister.validation.profile.values import VALUE_SETS

BY_NAME = {template.name: template for template in TEMPLATES}
SET = "6F9619FF-8B86-5011-B42D-00CF4FC964FF"
TYPE = f"{{{XSI}}}type"

#: A value of each type, and a value that the type forbids. It is left out if the schema allows no wrong value.
GOOD = {"cs": "X", "st": "tekst", "uid": "1.2.3", "int": "1", "bl": "true", "set_cs": "H"}
BAD = {"cs": "X Y", "uuid": "1.2.3", "uid": "1..2", "ts": "201", "int": "01x", "bl": "yes"}
CHECKED = {"cvr": "12345678", "cpr": "0101010101"}


@dataclass(slots=True)
class Spot:
    """An element of a specimen with the line that declares it."""

    line: ElementDefinition
    template: str
    node: etree._Element
    owner: Spot | None = None
    count: Count | None = None
    mandatory: bool = False
    choice: Choice | None = None
    attributes: list[Attribute] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)

    @property
    def template_ids(self) -> bool:
        """Return True if its own templateIds distinguish it from others of its name."""
        return self.node.find(cda("templateId")) is not None

    @property
    def holder(self) -> bool:
        """Return True if the templateIds of the element in it distinguish it from others of its name."""
        inside = self.line.contains or [part for part in self.line.parts if isinstance(part, Include)]
        return not self.template_ids and bool(inside) and any(child.find(cda("templateId")) is not None for child in self.node)

    @property
    def fixed_root(self) -> bool:
        return any(attribute.name == "root" and attribute.value for attribute in self.attributes)


@dataclass(slots=True)
class Specimen:
    """A document with a specimen of a template. ``spots`` are in document order."""

    document: etree._Element
    spots: list[Spot] = field(default_factory=list)


def cda(name: str) -> str:
    return f"{{{CDA}}}{name}"


def parts(element: ElementDefinition, template: str) -> Iterator[tuple[Part, str, Include | None]]:
    """Yield each part, the template that declares it, and the include that names that template, if there is one."""
    for part in element.parts:
        if isinstance(part, Include):
            included = BY_NAME[part.template]
            if included.element:
                yield included.element, included.name, part
            else:
                yield from parts(included.content, included.name)
        else:
            yield part, template, None


def content(element: ElementDefinition) -> Iterator[ElementDefinition]:
    """Yield the element, and the content of other templates that it includes."""
    yield element
    for part in element.parts:
        if isinstance(part, Include) and BY_NAME[part.template].element is None:
            yield from content(BY_NAME[part.template].content)


def alternatives(template: Template) -> int:
    """Return how many specimens are needed to make each alternative of each choice."""
    choices = [part for element in walk(template.content) for part in element.parts if isinstance(part, Choice)]
    included = [BY_NAME[name] for element in walk(template.content) for name in brought(element)]
    return max([1, *(len(choice.parts) for choice in choices), *map(alternatives, included)])


def brought(element: ElementDefinition) -> Iterator[str]:
    inner = [part for choice in element.parts if isinstance(choice, Choice) for part in choice.parts]
    yield from (part.template for part in [*element.parts, *inner] if isinstance(part, Include))
    if element.contains and not BY_NAME[element.contains].anywhere:
        yield element.contains


def walk(element: ElementDefinition) -> Iterator[ElementDefinition]:
    yield element
    for part in element.parts:
        for below in part.parts if isinstance(part, Choice) else [part]:
            if isinstance(below, ElementDefinition):
                yield from walk(below)


class _Maker:
    """Makes a specimen with the alternative of this number of each choice."""

    def __init__(self, alternative: int, looks_back: bool) -> None:
        self.alternative, self.looks_back = alternative, looks_back
        self.numbers = count(1)
        self.spots: list[Spot] = []

    def put(self, line: ElementDefinition, template: str, parent: etree._Element | None, **more: object) -> Spot:
        node = etree.Element(cda(line.name), nsmap={None: CDA, "xsi": XSI}) if parent is None else None
        node = etree.SubElement(parent, cda(line.name)) if node is None else node
        spot = Spot(line, template, node, **more)
        self.spots.append(spot)
        for source in content(line):
            spot.attributes += source.attributes
            spot.checks += source.checks
        self.describe(spot)
        self.fill(spot)
        return spot

    def describe(self, spot: Spot) -> None:
        for attribute in spot.attributes:
            if attribute.name == "xsi:type":
                spot.node.set(TYPE, attribute.value or spot.line.datatype)
            elif attribute.name != "nullFlavor" or not attribute.optional:
                spot.node.set(attribute.name, attribute.value or self.value(attribute, spot))
        if spot.line.datatype in ("ST", "ADXP", "ENXP"):
            spot.node.text = f"tekst {next(self.numbers)}"

    def value(self, attribute: Attribute, spot: Spot) -> str:
        if attribute.value_set:
            return sorted(VALUE_SETS[attribute.value_set])[0]
        for check in spot.checks:
            if check in CHECKED:
                return CHECKED[check]
        if attribute.type == "uuid":
            return SET if attribute.name == "root" else str(uuid5(NAMESPACE_OID, str(next(self.numbers)))).upper()
        if attribute.type == "ts":
            return "20190102120000+0100" if spot.line.name == "high" else "20190101120000+0100"
        return GOOD[attribute.type]

    def fill(self, spot: Spot) -> None:
        for part, template, include in parts(spot.line, spot.template):
            if isinstance(part, Choice):
                chosen = part.parts[self.alternative % len(part.parts)]
                for inner, source, brought_by in parts(ElementDefinition(parts=[chosen]), template):
                    self.below(spot, inner, source, brought_by, part)
            else:
                self.below(spot, part, template, include, None)
        if spot.line.contains:
            held = BY_NAME[spot.line.contains]
            checked_here = not held.anywhere and not spot.line.unchecked
            inner = _Maker(self.alternative, self.looks_back) if not checked_here else self
            inner.numbers = self.numbers
            inner.put(held.element, held.name, spot.node, owner=spot if checked_here else None)
        if "id-of-replaced" in spot.checks:
            external = next(child for child in spot.node if "external" in child.tag)
            external.find(cda("id")).set("extension", spot.node.getparent().find(cda("id")).get("extension"))

    def below(self, spot: Spot, line: Part, template: str, include: Include | None, choice: Choice | None) -> None:
        assert isinstance(line, ElementDefinition)
        if not self.looks_back and ("id-of-replaced" in line.checks or line.name == "relatedDocument"):
            return
        counted = (include.count if include and include.count else None) or line.count
        mandatory = line.mandatory or bool(include and include.mandatory)
        if include and BY_NAME[template].anywhere:
            inner = _Maker(self.alternative, self.looks_back)
            inner.numbers = self.numbers
            made = inner.put(line, template, spot.node)
            self.spots.append(Spot(ElementDefinition(line.name), template, made.node, spot, counted, mandatory, choice))
        else:
            self.put(line, template, spot.node, owner=spot, count=counted, mandatory=mandatory, choice=choice)


def specimen(template: Template, alternative: int, looks_back: bool = False) -> Specimen:
    """Return a document with a specimen of a template that is checked anywhere."""
    maker = _Maker(alternative, looks_back)
    if template.element.name == "ClinicalDocument":
        document = maker.put(template.element, template.name, None).node
        document.find(cda("versionNumber")).set("value", "2")
        return Specimen(document, maker.spots)
    document = etree.Element(cda("ClinicalDocument"), nsmap={None: CDA, "xsi": XSI})
    etree.SubElement(document, cda("setId"), root=SET)
    maker.put(template.element, template.name, document)
    return Specimen(document, maker.spots)


# --------------------------------------------------------------------------------------------------------------- breaking

#: The expected finding: its element and its code.
Expected = tuple[etree._Element, str]
Break = Callable[[Spot], Expected | None]


def breaks(spot: Spot) -> Iterator[tuple[str, Break]]:
    """Yield every way to break the line of an element: a name, and a function that breaks it and returns the expected finding."""
    if spot.owner and spot.line.name != "templateId":
        yield from _of_count(spot)
    if spot.line.name == "templateId":
        yield "another templateId", _another_template_id
        yield "the templateId twice", _twice
    for attribute in spot.attributes:
        yield from _of_attribute(spot, attribute)
    for check in spot.checks:
        yield f"check {check}", _CHECKS[check]
    if spot.line.datatype:
        yield "another xsi:type", _another_type


def _of_count(spot: Spot) -> Iterator[tuple[str, Break]]:
    counted = spot.choice.count if spot.choice else spot.count
    if counted and counted.least:
        yield "left out", _left_out
        if spot.mandatory and not (spot.template_ids or spot.holder or spot.fixed_root):
            yield "null", _null
    if counted and counted.most == 1:
        yield "twice", _twice
    elif counted and counted.most and not spot.choice:
        yield "too often", lambda broken: _repeated(broken, counted.most)


def _left_out(spot: Spot) -> Expected | None:
    expected = _missed(spot)
    spot.node.getparent().remove(spot.node)
    return expected


def _null(spot: Spot) -> Expected | None:
    expected = _missed(spot)
    spot.node.getparent().replace(spot.node, etree.Element(spot.node.tag, nullFlavor="NI"))
    return expected


def _missed(spot: Spot) -> Expected | None:
    """Return the finding after an element is no longer recognised: its owner misses it, or is itself no longer recognised."""
    owner = spot.owner
    if owner is None:
        return None
    if owner.holder and spot.template_ids:
        return _missed(owner)
    counted = spot.choice.count if spot.choice else spot.count
    return (owner.node, owner.template) if counted and counted.least else None


def _twice(spot: Spot) -> Expected:
    return _repeated(spot, 1)


def _repeated(spot: Spot, times: int) -> Expected:
    for number in range(times):
        again = copy.deepcopy(spot.node)
        _make_different(again, number)
        spot.node.addnext(again)
    _make_different(spot.node, times)
    return spot.node.getparent(), spot.owner.template


def _make_different(node: etree._Element, number: int) -> None:
    """Make repeated elements different, because equal ones would break data type rules, which are not tested here."""
    if "-" in node.get("extension", ""):
        node.set("extension", node.get("extension")[:-1] + str(number))
    elif node.tag == cda("templateId"):
        node.set("extension", str(number))
    elif node.get("code") == "X":
        node.set("code", f"X{number}")
    elif node.text:
        node.text += str(number)
    elif node.tag == cda("name"):
        node[0].text += str(number)


def _another_template_id(spot: Spot) -> Expected | None:
    expected = _missed(spot.owner)
    spot.node.set("root", "1.2.3.4")
    return expected


def _of_attribute(spot: Spot, attribute: Attribute) -> Iterator[tuple[str, Break]]:
    code = attribute.item or spot.template
    name = TYPE if attribute.name == "xsi:type" else attribute.name
    if spot.line.name == "templateId" or (attribute.name == "root" and attribute.value):
        return
    if not attribute.optional and not (name == "nullFlavor" and spot.line.datatype):
        yield f"without @{attribute.name}", lambda broken: _set(broken, name, None, code)
    if attribute.value and name != TYPE:
        yield f"another @{attribute.name}", lambda broken: _set(broken, name, "OTHER" if name != "nullFlavor" else "UNK", code)
    if attribute.type in BAD:
        yield f"@{attribute.name} of another type", lambda broken: _set(broken, name, BAD[attribute.type], code)
    if attribute.value_set:
        yield f"@{attribute.name} beyond its value set", lambda broken: _set(broken, name, "ASKU", code)


def _set(spot: Spot, name: str, value: str | None, code: str) -> Expected:
    if value is None:
        del spot.node.attrib[name]
    else:
        spot.node.set(name, value)
    return spot.node, code


def _another_type(spot: Spot) -> Expected:
    spot.node.set(TYPE, "BL")
    return spot.node, spot.template


def _other_id(spot: Spot) -> Expected:
    external = next(child for child in spot.node if "external" in child.tag)
    external.find(cda("id")).set("extension", str(uuid5(NAMESPACE_OID, "another")).upper())
    return spot.node, spot.template


_CHECKS: dict[str, Break] = {
    "root-of-set": lambda broken: _set(broken, "root", str(uuid5(NAMESPACE_OID, "another set")).upper(), broken.template),
    "id-of-replaced": _other_id,
    "later-version": lambda broken: _set(broken, "value", "2", broken.template),
    "timestamp": lambda broken: _set(broken, "value", "20190101120000", broken.template),
    "date-or-timestamp": lambda broken: _set(broken, "value", "2019010112+0100", broken.template),
    "cpr": lambda broken: _set(broken, "extension", "010101010X", broken.template),
    "cvr": lambda broken: _set(broken, "extension", "1234567", broken.template),
}
