"""The schema's types as objects, read from the ``.xsd`` files beside this module.

Only the constructs in these files are supported: named types, groups, sequences and choices, complex content by extension and
restriction, simple types by restriction, list and union. A type is built on first use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache, cached_property
from pathlib import Path
from textwrap import dedent

from lxml import etree

from mockregister import safexml
from mockregister.validation.schema import FOLDER, simple_types
from mockregister.validation.schema.builtin_types import BUILTIN_TYPES
from mockregister.validation.schema.content_model import BROKEN, ContentModel, Particle
from mockregister.validation.schema.simple_types import Atomic, SimpleType

XS = "http://www.w3.org/2001/XMLSchema"


class Content(Enum):
    """What an element may contain: nothing, elements only, elements and text, or anything."""

    EMPTY = "empty"
    ELEMENTS = "elements"
    MIXED = "mixed"
    ANYTHING = "anything"


@dataclass(frozen=True)
class AttributeUse:
    """An attribute that an element may have; ``fixed`` is its only allowed value, empty if it is not fixed."""

    name: str
    type: SimpleType
    required: bool
    fixed: str


@dataclass(eq=False)
class ComplexType:
    """A type of elements; ``base`` is the name of the type it extends or restricts, empty at the root."""

    name: str
    content: Content
    base: str = ""
    abstract: bool = False
    particle: Particle | None = None
    attributes: dict[str, AttributeUse] = field(default_factory=dict)

    @cached_property
    def model(self) -> ContentModel | None:
        """The order of the children; None if the type says nothing about children."""
        has_order = self.content in (Content.ELEMENTS, Content.MIXED)
        return ContentModel(self.particle or Particle()) if has_order else None


Type = ComplexType | SimpleType

ANY_TYPE = ComplexType("anyType", Content.ANYTHING)


class Schema:
    """The types of the CDA R2 schema by name. Threads may share it: building a type twice at the same time does no harm."""

    def __init__(self, folder: Path) -> None:
        self._nodes: dict[tuple[str, str], etree._Element] = {}
        for file in sorted(folder.glob("*.xsd")):
            for node in _children(safexml.parse(file.read_bytes())):
                self._nodes[_kind(node), node.get("name", "")] = node
        self._types: dict[str, Type] = {}

    def root_type(self, element: str) -> str:
        """Return the name of the type of a global element (``{namespace}name``), empty if there is none."""
        node = self._nodes.get(("element", element.removeprefix(f"{{{safexml.CDA}}}")))
        return "" if node is None or not element.startswith("{") else node.get("type", "")

    def type(self, name: str) -> Type:
        """Return the type of this name. Raise KeyError if the schema has none."""
        if name not in self._types:
            node = self._nodes.get(("complexType", name))
            self._types[name] = self._simple_type(name) if node is None else self._complex(name, node)
        return self._types[name]

    def find(self, namespace: str, name: str) -> Type | None:
        """Return the type an ``xsi:type`` names, if there is one."""
        if namespace == XS:
            return ANY_TYPE if name == ANY_TYPE.name else BUILTIN_TYPES.get(name)
        known = ("complexType", name) in self._nodes or ("simpleType", name) in self._nodes
        return self.type(name) if known and namespace == safexml.CDA else None

    def derives(self, derived: Type, base: Type) -> bool:
        """Return whether an element declared as ``base`` may be of the type ``derived``."""
        name = derived.name
        while name and name != base.name:
            ancestor = self._nodes.get(("complexType", name))
            name = "" if ancestor is None else _base(ancestor)
        return bool(name)

    def source(self, name: str) -> str:
        """Return the declaration of a type as written in the schema; empty for an unknown name."""
        node = self._nodes.get(("complexType", name), self._nodes.get(("simpleType", name)))
        return "" if node is None else _dedented(etree.tostring(node, encoding="unicode", with_tail=False))

    def type_of(self, element: etree._Element) -> str:
        """Return the name of the type that an element has by its ``xsi:type`` or its place; empty where the schema has none."""
        prefix, _, given = element.get(safexml.qname("xsi", "type"), "").strip().rpartition(":")
        if given and self.find(element.nsmap.get(prefix or None) or "", given) is not None:
            return given
        around = element.getparent()
        if around is None:
            return self.root_type(element.tag)
        kind = self.type(self.type_of(around)) if self.type_of(around) else ANY_TYPE
        model = kind.model if isinstance(kind, ComplexType) else None
        return model.step(BROKEN, element.tag)[1] if model is not None else ""

    def complex_type_of(self, element: etree._Element) -> ComplexType | None:
        """Return the complex type of an element; None if its type is simple or unknown."""
        name = self.type_of(element)
        found = self.type(name) if name else None
        return found if isinstance(found, ComplexType) else None

    def particles(self, name: str) -> dict[str, str]:
        """Return the elements and attributes that a type has, by local name, as written in the schema."""
        node = self._nodes.get(("complexType", name))
        if node is None:
            return {}
        own = {
            each.get("name", ""): _dedented(etree.tostring(each, encoding="unicode", with_tail=False))
            for each in self._declared(node)
        }
        return {**self.particles(_base(node)), **own}

    def _declared(self, node: etree._Element) -> Iterator[etree._Element]:
        for child in _children(node):
            if child.get("ref"):
                yield from self._declared(self._nodes[_kind(child), child.get("ref", "")])
            elif _kind(child) in ("element", "attribute"):
                yield child
            else:
                yield from self._declared(child)

    # -- complex types

    def _complex(self, name: str, node: etree._Element) -> ComplexType:
        body = next(node.iterfind(f"{{{XS}}}complexContent/*"), node)
        base = self.type(_base(node)) if _base(node) else None
        assert base is None or isinstance(base, ComplexType)
        extended = base.particle if base and _kind(body) == "extension" else None
        particle = _in_sequence(extended, self._own_particle(body))
        mixed = node.get("mixed") == "true"
        content = Content.MIXED if mixed else Content.EMPTY if particle is None else Content.ELEMENTS
        attributes = self._attributes(body, name, base.attributes if base else {})
        return ComplexType(name, content, _base(node), node.get("abstract") == "true", particle, attributes)

    def _own_particle(self, body: etree._Element) -> Particle | None:
        models = (node for node in _children(body) if _kind(node) in ("sequence", "choice", "group"))
        return next((self._particle(node) for node in models), None)

    def _particle(self, node: etree._Element) -> Particle:
        """Return the particle that a node declares; with ``minOccurs`` above 1, that many copies of it in a row."""
        if _kind(node) == "group":
            particle = self._particle(next(_children(self._nodes["group", node.get("ref", "")])))
        elif _kind(node) == "element":
            particle = Particle(f"{{{safexml.CDA}}}{node.get('name')}", node.get("type", ""))
        else:
            parts = tuple(self._particle(child) for child in _children(node))
            particle = Particle(parts=parts, choice=_kind(node) == "choice")
        least, repeats = int(node.get("minOccurs", "1")), node.get("maxOccurs") == "unbounded"
        last = replace(particle, optional=least == 0, repeats=repeats) if least == 0 or repeats else particle
        return Particle(parts=(*[particle] * (least - 1), last)) if least > 1 else last

    def _attributes(self, body: etree._Element, owner: str, inherited: dict[str, AttributeUse]) -> dict[str, AttributeUse]:
        """Return the type's own attributes, then those of its base; missing attributes are reported in this order."""
        nodes = list(self._attribute_nodes(body))
        own = {node.get("name", ""): self._attribute(node, owner) for node in nodes}
        prohibited = {node.get("name") for node in nodes if node.get("use") == "prohibited"}
        merged = {**own, **inherited, **own}  # own attributes come first, and replace inherited ones of the same name
        return {name: attribute for name, attribute in merged.items() if name not in prohibited}

    def _attribute_nodes(self, body: etree._Element) -> Iterator[etree._Element]:
        for node in _children(body):
            if _kind(node) == "attributeGroup":
                yield from self._attribute_nodes(self._nodes["attributeGroup", node.get("ref", "")])
            elif _kind(node) == "attribute":
                yield node

    def _attribute(self, node: etree._Element, owner: str) -> AttributeUse:
        name = node.get("name", "")
        inline = next(_children(node), None)
        anonymous = f"#AnonType_{name}{owner}"
        kind = self._simple_type(node.get("type", "")) if inline is None else self._simple(inline, anonymous)
        fixed = node.get("fixed", "")
        return AttributeUse(name, kind, node.get("use") == "required", kind.value(fixed) if fixed else "")

    # -- simple types

    def _simple_type(self, name: str) -> SimpleType:
        if name.startswith("xs:"):
            return BUILTIN_TYPES[name.removeprefix("xs:")]
        return self._simple(self._nodes["simpleType", name], name)

    def _simple(self, node: etree._Element, name: str) -> SimpleType:
        variety = next(_children(node))
        if _kind(variety) == "list":
            return simple_types.ListOf(name, self._simple_type(variety.get("itemType", "")))
        if _kind(variety) == "union":
            named = [self._simple_type(member) for member in variety.get("memberTypes", "").split()]
            inline = [self._simple(member, name) for member in _children(variety)]
            return simple_types.Union(name, (*named, *inline))
        return self._restriction(variety, name)

    def _restriction(self, node: etree._Element, name: str) -> SimpleType:
        base = self._simple_type(node.get("base", ""))
        assert isinstance(base, Atomic)
        facets: dict[str, list[str]] = {}
        for facet in _children(node):
            facets.setdefault(_kind(facet), []).append(facet.get("value", ""))
        return replace(
            base,
            name=name,
            patterns=(*base.patterns, *facets.get("pattern", ())),
            enumeration=tuple(facets.get("enumeration", base.enumeration)),
            min_length=int(facets.get("minLength", [str(base.min_length)])[0]),
            least=facets.get("minInclusive", [base.least])[0],
            most=facets.get("maxInclusive", [base.most])[0],
        )


@cache
def cda_schema() -> Schema:
    """Return the schema of the documents that the register accepts, read once."""
    return Schema(FOLDER)


def _dedented(text: str) -> str:
    """Return a declaration without namespace declarations, comments and indentation."""
    plain = re.sub(r' xmlns(:\w+)?="[^"]*"|<!--.*?-->', "", text, flags=re.DOTALL)
    first, _, rest = plain.partition("\n")
    return "\n".join(line for line in (first, *dedent(rest).splitlines()) if line.strip())


def _children(node: etree._Element) -> Iterator[etree._Element]:
    return node.iterchildren(etree.Element)


def _kind(node: etree._Element) -> str:
    return etree.QName(node).localname


def _base(complex_type: etree._Element) -> str:
    derivation = next(complex_type.iterfind(f"{{{XS}}}complexContent/*"), None)
    return "" if derivation is None else derivation.get("base", "")


def _in_sequence(first: Particle | None, second: Particle | None) -> Particle | None:
    return Particle(parts=(first, second)) if first and second else first or second
