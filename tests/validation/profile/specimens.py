"""Documents made from the declarations, and each way to break exactly one line of them.

A specimen of a template has every part that the template declares, optional ones too; of alternatives, one. What looks back at
an earlier document (a parent document, an entry that is replaced) is in a specimen of its own, because breaking anything it
is compared with would break it too. Specimens are made from the notation alone, without the compiled places that check them.
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

#: A value of each type, and one that the type forbids (none: the schema allows nothing else).
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
        """Whether it is told from others of its name by its templateIds."""
        return self.node.find(cda("templateId")) is not None

    @property
    def holder(self) -> bool:
        """Whether it is told from others of its name by the templateIds of the element in it."""
        inside = self.line.contains or [part for part in self.line.parts if isinstance(part, Include)]
        return not self.template_ids and bool(inside) and any(child.find(cda("templateId")) is not None for child in self.node)

    @property
    def fixed_root(self) -> bool:
        return any(one.name == "root" and one.value for one in self.attributes)


@dataclass(slots=True)
class Specimen:
    """A document with a specimen of one template in it; ``spots`` are in document order."""

    document: etree._Element
    spots: list[Spot] = field(default_factory=list)


def cda(name: str) -> str:
    return f"{{{CDA}}}{name}"


def parts(element: ElementDefinition, template: str) -> Iterator[tuple[Part, str, Include | None]]:
    """Each part with the template that declares it, and the include that brought an element."""
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
    """The element and the content of other templates that stands in it."""
    yield element
    for part in element.parts:
        if isinstance(part, Include) and BY_NAME[part.template].element is None:
            yield from content(BY_NAME[part.template].content)


def alternatives(template: Template) -> int:
    """How many specimens it takes until each alternative of each choice was made."""
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
    """Makes one specimen; of each choice, the alternative of that number."""

    def __init__(self, alternative: int, looks_back: bool) -> None:
        self.alternative, self.looks_back = alternative, looks_back
        self.numbers = count(1)
        self.spots: list[Spot] = []

    def put(self, line: ElementDefinition, template: str, parent: etree._Element | None, **more: object) -> Spot:
        node = etree.Element(cda(line.name), nsmap={None: CDA, "xsi": XSI}) if parent is None else None
        node = etree.SubElement(parent, cda(line.name)) if node is None else node
        spot = Spot(line, template, node, **more)
        self.spots.append(spot)
        for one in content(line):
            spot.attributes += one.attributes
            spot.checks += one.checks
        self.describe(spot)
        self.fill(spot)
        return spot

    def describe(self, spot: Spot) -> None:
        for one in spot.attributes:
            if one.name == "xsi:type":
                spot.node.set(TYPE, one.value or spot.line.datatype)
            elif one.name != "nullFlavor" or not one.optional:
                spot.node.set(one.name, one.value or self.value(one, spot))
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
                for one, source, brought_by in parts(ElementDefinition(parts=[chosen]), template):
                    self.below(spot, one, source, brought_by, part)
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
    """A document that holds a specimen of a template that is checked anywhere."""
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

#: What is wrong afterwards: the element, and the code of the finding.
Expected = tuple[etree._Element, str]
Break = Callable[[Spot], Expected | None]


def breaks(spot: Spot) -> Iterator[tuple[str, Break]]:
    """Every way to break the line of one element: a name, and what does it and tells what must be found."""
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
        yield "too often", lambda one: _repeated(one, counted.most)


def _left_out(spot: Spot) -> Expected | None:
    expected = _missed(spot)
    spot.node.getparent().remove(spot.node)
    return expected


def _null(spot: Spot) -> Expected | None:
    expected = _missed(spot)
    spot.node.getparent().replace(spot.node, etree.Element(spot.node.tag, nullFlavor="NI"))
    return expected


def _missed(spot: Spot) -> Expected | None:
    """What is found where an element is no longer what it was: the owner misses it, or is itself no longer told by it."""
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
    """Two of a kind must differ, for the data type rules' sake, which are not what is tested here."""
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
        yield f"without @{attribute.name}", lambda one: _set(one, name, None, code)
    if attribute.value and name != TYPE:
        yield f"another @{attribute.name}", lambda one: _set(one, name, "OTHER" if name != "nullFlavor" else "UNK", code)
    if attribute.type in BAD:
        yield f"@{attribute.name} of another type", lambda one: _set(one, name, BAD[attribute.type], code)
    if attribute.value_set:
        yield f"@{attribute.name} beyond its value set", lambda one: _set(one, name, "ASKU", code)


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
    "root-of-set": lambda one: _set(one, "root", str(uuid5(NAMESPACE_OID, "another set")).upper(), one.template),
    "id-of-replaced": _other_id,
    "later-version": lambda one: _set(one, "value", "2", one.template),
    "timestamp": lambda one: _set(one, "value", "20190101120000", one.template),
    "date-or-timestamp": lambda one: _set(one, "value", "2019010112+0100", one.template),
    "cpr": lambda one: _set(one, "extension", "010101010X", one.template),
    "cvr": lambda one: _set(one, "extension", "1234567", one.template),
}
