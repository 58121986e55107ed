"""Compile the declarations into places: splice in the includes, and turn each line into checks.

A check on an element (its attributes, type, assertions, and how often elements occur in it) is named after the template that
declares the element, also when another template's content is included in it. ART-DECOR does the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from mockregister.validation.profile.assertions import ASSERTIONS
from mockregister.validation.profile.compiled import Check, Group, Place, Selector, Test
from mockregister.validation.profile.datatypes import KIND_OF, rules_of
from mockregister.validation.profile.notation import (
    Attribute,
    Choice,
    Count,
    ElementDefinition,
    Include,
    Part,
    ProfileError,
    Template,
)
from mockregister.validation.profile.values import TYPES, VALUE_SETS


def compiled(templates: Iterable[Template]) -> dict[str, list[Place]]:
    """Return the places of the templates that are checked anywhere, by the name of their element.

    Raise ProfileError for a declaration that refers to an unknown template or assertion.
    """
    compiler = _Compiler(_by_name(templates))
    roots: dict[str, list[Place]] = {}
    for root in [compiler.root(template) for template in compiler.templates.values() if template.anywhere]:
        roots.setdefault(root.name, []).append(root)
    return roots


def _by_name(templates: Iterable[Template]) -> dict[str, Template]:
    named: dict[str, Template] = {}
    for template in templates:
        if template.name in named:
            raise ProfileError(f"{template.name} is declared twice.")
        named[template.name] = template
    return named


@dataclass(frozen=True, slots=True)
class _Spot:
    """An element within another one: declared by ``template``, counted as it is declared or as the include that brings it says.

    ``mandatory`` is what the include says. An element that is checked ``by_itself``, because its template is checked anywhere,
    is only counted here.
    """

    element: ElementDefinition
    template: Template
    count: Count | None = None
    mandatory: bool = False
    group: Group | None = None
    by_itself: bool = False


class _Compiler:
    """Makes places from declarations; knows the templates by name."""

    def __init__(self, templates: dict[str, Template]) -> None:
        self.templates = templates

    def named(self, name: str) -> Template:
        """Return the template of that name. Raise ProfileError if there is none."""
        if name not in self.templates:
            raise ProfileError(f"There is no template {name} in the profile.")
        return self.templates[name]

    def element(self, template: Template) -> ElementDefinition:
        """Return the element that a template declares. Raise ProfileError if it has no element of its own."""
        if template.element is None:
            raise ProfileError(f"{template.name} is content for other elements and has no element of its own.")
        return template.element

    def root(self, template: Template) -> Place:
        """Return the place of a template that is checked anywhere."""
        return self.place(_Spot(self.element(template), template), None)

    def place(self, spot: _Spot, pattern: Place | None) -> Place:
        """Return the place of an element, with those of the elements in it."""
        element, template = spot.element, spot.template
        selector = self.selector(element, template)
        counted = replace(selector, valued=True) if spot.mandatory else selector
        place = Place(template.name, element.name, selector, counted, spot.count, pattern)
        if not spot.by_itself:
            place.checks = tuple(self.checks(element, template))
            for below in self.inside(element, template, place):
                place.add(self.place(below, pattern or place), below.group)
        return place

    def inside(self, element: ElementDefinition, template: Template, place: Place) -> Iterator[_Spot]:
        """Yield the elements in an element; the choices are recorded in ``place``."""
        for part, owner in self.parts(element, template):
            if isinstance(part, Choice):
                group = Group(part.count)
                place.groups.append(group)
                for alternative, source in self.parts(ElementDefinition(parts=part.parts), owner):
                    yield self.spot(alternative, source, group)
            else:
                yield self.spot(part, owner, None)
        if element.contains and not element.unchecked:
            held = self.named(element.contains)
            if not held.anywhere:
                yield _Spot(self.element(held), held)

    def spot(self, part: Part, template: Template, group: Group | None) -> _Spot:
        """Return a declared element, or the element that an include brings."""
        if isinstance(part, Include):
            included = self.named(part.template)
            element = self.element(included)
            return _Spot(element, included, part.count or element.count, part.mandatory, group, by_itself=included.anywhere)
        if isinstance(part, ElementDefinition):
            return _Spot(part, template, part.count, group=group)
        raise ProfileError(f"{template.name} has a choice whose alternatives are not elements.")

    def parts(self, element: ElementDefinition, template: Template) -> Iterator[tuple[Part, Template]]:
        """Yield the parts of an element and the templates that declare them, with the content of other templates spliced in."""
        for part in element.parts:
            if isinstance(part, Include) and self.named(part.template).element is None:
                included = self.named(part.template)
                yield from self.parts(included.content, included)
            else:
                yield part, template

    def contents(self, element: ElementDefinition) -> Iterator[ElementDefinition]:
        """Yield the element, then the content of other templates included in it."""
        yield element
        for part in element.parts:
            if isinstance(part, Include) and self.named(part.template).element is None:
                yield from self.contents(self.named(part.template).content)

    def selector(self, element: ElementDefinition, template: Template) -> Selector:
        """Return what distinguishes an element from others of its name."""
        parts = [part for part, _ in self.parts(element, template)]
        ids = frozenset(
            part.attributes[0].value for part in parts if isinstance(part, ElementDefinition) and part.name == "templateId"
        )
        if ids:
            return Selector(template_ids=ids)
        names = [part.template for part in parts if isinstance(part, Include)]
        for held in map(self.named, [element.contains] if element.contains else names):
            ids = self.selector(self.element(held), held).template_ids
            if ids:
                return Selector(held=(self.element(held).name, ids))
        root = next((attribute.value for attribute in element.attributes if attribute.name == "root"), "")
        return Selector(root=root) if root else Selector(valued=element.mandatory)

    def checks(self, element: ElementDefinition, template: Template) -> Iterator[Check]:
        """Yield the checks on an element itself."""
        for content in self.contents(element):
            for attribute in content.attributes:
                yield from _attribute_checks(attribute, attribute.item or template.name)
            for name in content.checks:
                yield _assertion(name, template.name)
        if element.datatype:
            yield from _type_checks(element.datatype, template.name)


def _assertion(name: str, template: str) -> Check:
    if name not in ASSERTIONS:
        raise ProfileError(f"{template} checks {name!r}, which is not an assertion.")
    return replace(ASSERTIONS[name], code=template)


@cache
def _type_checks(datatype: str, template: str) -> tuple[Check, ...]:
    if datatype not in KIND_OF:
        raise ProfileError(f"{template} has an element of the data type {datatype}, whose rules are not known.")
    typed = Check(template, lambda node: node.type in (None, datatype), f"xsi:type SHALL be {datatype} if it is given.")
    childless = Check(template, lambda node: not node.children, "a TS SHALL have no elements.")
    return (typed, *([childless] if datatype == "TS" else []), *rules_of(datatype))


def _attribute_checks(attribute: Attribute, code: str) -> Iterator[Check]:
    name, value = attribute.name, attribute.value
    if name == "xsi:type":
        yield Check(code, _typed(value), f"xsi:type SHALL be {value or 'given'}.")
    elif value:
        yield Check(code, _fixed(name, value, attribute.optional), f"@{name} SHALL be {value!r}.", name)
    else:
        yield from _open_attribute(attribute, code)


def _typed(value: str) -> Test:
    if value:
        return lambda node: node.is_null or node.type == value
    return lambda node: node.type is not None


def _fixed(name: str, value: str, optional: bool) -> Test:
    if optional:
        return lambda node: node.attributes.get(name, value) == value
    return lambda node: node.attributes.get(name) == value


def _open_attribute(attribute: Attribute, code: str) -> Iterator[Check]:
    """Yield the checks on an attribute that is not fixed: that it exists, is of its type, and is in its value set."""
    name = attribute.name
    if attribute.type not in TYPES:
        raise ProfileError(f"@{name} of {code} is of the type {attribute.type!r}, which is not known.")
    if attribute.value_set and attribute.value_set not in VALUE_SETS:
        raise ProfileError(f"@{name} of {code} is from the value set {attribute.value_set!r}, which is not known.")
    pattern = TYPES[attribute.type]
    if not attribute.optional:
        yield Check(code, lambda node: name in node, f"@{name} SHALL be given.")
    text = f"@{name} SHALL be of the type {attribute.type}."
    yield Check(code, lambda node: name not in node or bool(pattern.fullmatch(node[name])), text, name)
    if attribute.value_set:
        codes = VALUE_SETS[attribute.value_set]
        text = f"@{name} SHALL be one of {', '.join(sorted(codes))} (value set {attribute.value_set})."
        yield Check(code, lambda node: codes.issuperset(node[name].split()), text, name)
