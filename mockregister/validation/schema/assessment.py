"""Find what is wrong with a document by the schema, with the order, the words and the positions of Xerces.

libxml2 tells reliably *whether* a document is valid, but it words, orders and counts errors in its own way. So an invalid
document is walked once more, tag by tag, as Xerces' validator does:

- a child out of place is reported at its start tag, once per parent; later children of that parent are still checked, each
  with the type that the parent gives to children of that name;
- an undeclared element may contain anything: in it, only elements with an ``xsi:type`` and whole documents are checked;
- missing children, stray text and values of simple type are reported at the end tag.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple, cast

from lxml import etree

from mockregister import safexml
from mockregister.validation.schema.builtin_types import BUILTIN_TYPES
from mockregister.validation.schema.components import ANY_TYPE, ComplexType, Content, Schema, Type
from mockregister.validation.schema.content_model import BROKEN, START, ContentModel
from mockregister.validation.schema.messages import message
from mockregister.validation.schema.positions import StartTag, Tags
from mockregister.validation.schema.simple_types import InvalidValue, ListOf, SimpleType

XSI = safexml.XSI
XSI_TYPE = safexml.qname("xsi", "type")
XSI_NIL = safexml.qname("xsi", "nil")
XSI_ATTRIBUTES: dict[str, SimpleType] = {
    XSI_TYPE: BUILTIN_TYPES["QName"],
    XSI_NIL: BUILTIN_TYPES["boolean"],
    safexml.qname("xsi", "schemaLocation"): ListOf("#AnonType_schemaLocation", BUILTIN_TYPES["anyURI"]),
    safexml.qname("xsi", "noNamespaceSchemaLocation"): BUILTIN_TYPES["anyURI"],
}

ENTRY, SECTION = safexml.qname("cda", "entry"), "POCD_MT000040.Section"
_CHECKED_ANYWHERE = etree.XPath("//*[@xsi:*] | //cda:ClinicalDocument", namespaces=safexml.NAMESPACES)
_VALUES = etree.XPath("@*", smart_strings=False)
MANY_ATTRIBUTES = 100

MOST_PROBLEMS = 10_000  # more than anybody reads; this ends the walk through a document made to be slow
MOST_TEXT = 4_000_000  # characters of all messages: some repeat a long value, or the list of all allowed values


class Problem(NamedTuple):
    """One message, and the offset in the text at which it is reported: just after a tag."""

    code: str
    text: str
    offset: int


@dataclass
class _Open:
    """An element whose start tag has been read. ``declared`` says whether the schema declares it at this place."""

    tag: StartTag
    parent: _Open | None
    type: Type = ANY_TYPE
    declared: bool = False
    state: int = START
    has_children: bool = False
    has_text: bool = False
    has_characters: bool = False

    @property
    def model(self) -> ContentModel | None:
        """The order of the children; None if the type says nothing about children."""
        return self.type.model if isinstance(self.type, ComplexType) else None

    def namespace(self, prefix: str) -> str | None:
        """Return the namespace that a prefix is bound to here; None if it is not bound."""
        element: _Open | None = self
        while element:
            if prefix in element.tag.namespaces:
                return element.tag.namespaces[prefix]
            element = element.parent
        return "http://www.w3.org/XML/1998/namespace" if prefix == "xml" else None


class Assessment:
    """One walk through a document, which adds to ``problems`` what it finds.

    ``is_sound`` tells whether an entry is valid, so that its content can be skipped.
    """

    def __init__(self, schema: Schema, text: str, is_sound: Callable[[etree._Element], bool]) -> None:
        self.problems: list[Problem] = []
        self._room = MOST_TEXT
        self._schema, self._tags, self._is_sound = schema, Tags(text), is_sound
        self._offset = 0
        self._element: _Open | None = None
        self._value: list[str] = []
        self._reads_value = False
        self._ids: set[str] = set()
        self._references: dict[str, None] = {}
        self._around_checked: set[etree._Element] | None = None

    def walk(self, node: etree._Element) -> list[Problem]:
        """Return the problems of an element and its content; the walk ends after MOST_PROBLEMS or MOST_TEXT.

        Call it with the root. It calls itself for each child; the parser has limited the depth.
        """
        element = self._start(node)
        if element.type is ANY_TYPE and not self._has_checked_content(node):
            self._pass_over(element)
            return self.problems
        self._text(node.text)
        for child in node:
            if len(self.problems) > MOST_PROBLEMS or self._room < 0:
                return self.problems
            if isinstance(child.tag, str):
                if child.tag == ENTRY and element.type.name == SECTION and self._is_sound(child):
                    self._pass_over(self._opened(child))
                else:
                    self.walk(child)
            self._text(child.tail)
        self._end()
        return self.problems

    def _has_checked_content(self, node: etree._Element) -> bool:
        """Return whether an element that may contain anything has content to check: an xsi attribute or a ClinicalDocument."""
        if self._around_checked is None:
            found = cast("list[etree._Element]", _CHECKED_ANYWHERE(node.getroottree()))
            self._around_checked = {around for element in found for around in (element, *element.iterancestors())}
        return node in self._around_checked

    def _pass_over(self, element: _Open) -> None:
        """Go to the end of an element in which nothing is wrong."""
        self._offset = self._tags.past()
        self._element = element.parent

    # -- at a start tag

    def _start(self, node: etree._Element) -> _Open:
        element = self._opened(node)
        tag = element.tag
        self._choose_type(element, node.get(XSI_TYPE))
        self._value, self._reads_value = [], not isinstance(element.type, ComplexType)
        if isinstance(element.type, ComplexType) and element.type.abstract:
            self._report("cvc-type.2", tag.name)
        if element.declared and XSI_NIL in node.attrib:
            self._report("cvc-elt.3.1", tag.name, f"{XSI},nil")
        self._attributes(element, node)
        return element

    def _opened(self, node: etree._Element) -> _Open:
        """Return the element in its place, with the type that the schema gives it there."""
        tag = self._tags.start()
        self._offset = tag.end
        type_name = self._step(node.tag, tag) or self._schema.root_type(node.tag)
        self._element = _Open(tag, self._element, declared=bool(type_name))
        if type_name:
            self._element.type = self._schema.type(type_name)
        return self._element

    def _step(self, name: str, tag: StartTag) -> str:
        """Match the child against its parent's content model; return the name of its type there, empty if it has none."""
        parent = self._element
        if parent is None:
            return ""
        parent.has_children = True
        model = parent.model
        if model is None:
            return ""
        before = parent.state
        parent.state, type_name = model.step(before, name)
        if parent.state == BROKEN != before:
            self._report_misplaced(tag, model.expected(before))
        return type_name

    def _report_misplaced(self, tag: StartTag, expected: list[str]) -> None:
        if expected:
            self._report("cvc-complex-type.2.4.a", tag.name, _listed(expected))
        else:
            self._report("cvc-complex-type.2.4.d", tag.name)

    def _choose_type(self, element: _Open, given: str | None) -> None:
        """Let an ``xsi:type`` override the declared type, even if that is not allowed."""
        if given is None:
            if element.parent is None and not element.declared:
                self._report("cvc-elt.1", element.tag.name)
            return
        found = self._given_type(element, given)
        if found is None:
            return
        if element.declared and not self._schema.derives(found, element.type):
            self._report("cvc-elt.4.3", element.tag.name, given, element.type.name)
        element.type = found

    def _given_type(self, element: _Open, given: str) -> Type | None:
        try:
            found = self._schema.find(*_resolved(given, element))
        except InvalidValue as error:
            self._report_value(error)
            self._report("cvc-elt.4.1", element.tag.name, f"{XSI},type", given)
            return None
        if found is None:
            self._report("cvc-elt.4.2", element.tag.name, given)
        return found

    # -- attributes

    def _attributes(self, element: _Open, node: etree._Element) -> None:
        for written, (name, text) in zip(element.tag.attributes, _attributes(node), strict=False):
            if name in XSI_ATTRIBUTES:
                self._attribute_value(element, written, text, XSI_ATTRIBUTES[name])
            else:
                self._declared_attribute(element, written, name, text)
        if isinstance(element.type, ComplexType):
            for attribute in element.type.attributes.values():
                if attribute.required and attribute.name not in node.attrib:
                    self._report("cvc-complex-type.4", element.tag.name, attribute.name)

    def _declared_attribute(self, element: _Open, written: str, name: str, text: str) -> None:
        if not isinstance(element.type, ComplexType):
            self._report("cvc-type.3.1.1", element.tag.name, written)
        elif attribute := element.type.attributes.get(name):
            value = self._attribute_value(element, written, text, attribute.type)
            if attribute.fixed and value not in (None, attribute.fixed):
                self._report("cvc-complex-type.3.1", element.tag.name, written, text, attribute.fixed)
        elif element.type.content is not Content.ANYTHING:
            self._report("cvc-complex-type.3.2.2", element.tag.name, written)

    def _attribute_value(self, element: _Open, written: str, text: str, kind: SimpleType) -> str | None:
        try:
            return self._checked(kind, text, element)
        except InvalidValue as error:
            self._report_value(error)
            self._report("cvc-attribute.3", element.tag.name, written, text, kind.name)
            return None

    def _checked(self, kind: SimpleType, text: str, element: _Open) -> str:
        """Return the normalized value, after the checks that need the document (prefixes and ids)."""
        value = kind.value(text)
        if kind.name == "QName":
            _resolved(value, element)
        elif kind.name == "ID":
            if value in self._ids:
                raise InvalidValue("cvc-id.2", value)
            self._ids.add(value)
        elif kind.name in ("IDREF", "IDREFS"):
            self._references |= dict.fromkeys(value.split())
        return value

    # -- between the tags, and at an end tag

    def _text(self, text: str | None) -> None:
        element = self._element
        if not text or element is None:
            return
        element.has_text = True
        if self._reads_value:
            self._value.append(text)
        elif not element.has_characters:
            element.has_characters = bool(text.strip(" \t\r\n"))

    def _end(self) -> None:
        self._offset = self._tags.end()
        element = self._element
        assert element is not None
        if isinstance(element.type, ComplexType):
            self._end_complex(element, element.type.content)
        else:
            self._end_simple(element, element.type)
        self._reads_value = False
        self._element = element.parent
        if element.parent is None:
            self._report_loose_references()

    def _report_loose_references(self) -> None:
        for reference in self._references:
            if reference not in self._ids:
                self._report("cvc-id.1", reference)

    def _end_complex(self, element: _Open, content: Content) -> None:
        name, model = element.tag.name, element.model
        if content is Content.EMPTY and (element.has_children or element.has_text):
            self._report("cvc-complex-type.2.1", name)
        if content is Content.ELEMENTS and element.has_characters:
            self._report("cvc-complex-type.2.3", name)
        if model and not model.may_end(element.state):
            self._report("cvc-complex-type.2.4.b", name, _listed(model.expected(element.state)))

    def _end_simple(self, element: _Open, kind: SimpleType) -> None:
        name, text = element.tag.name, "".join(self._value)
        if element.has_children:
            self._report("cvc-type.3.1.2", name)
        try:
            self._checked(kind, text, element)
        except InvalidValue as error:
            self._report_value(error)
            self._report("cvc-type.3.1.3", name, text)

    def _report(self, code: str, *names: object) -> None:
        self._add(Problem(code, message(code, *names), self._offset))

    def _report_value(self, error: InvalidValue) -> None:
        self._add(Problem(error.code, error.text, self._offset))

    def _add(self, problem: Problem) -> None:
        self.problems.append(problem)
        self._room -= len(problem.text)


def _attributes(node: etree._Element) -> Iterable[tuple[str, str]]:
    """Return names and values of the attributes. lxml's time grows with the square of their number when it lists both at once."""
    if len(node.attrib) < MANY_ATTRIBUTES:
        return cast("list[tuple[str, str]]", node.items())
    return zip(cast("list[str]", node.keys()), cast("list[str]", _VALUES(node)), strict=True)


def _resolved(text: str, element: _Open) -> tuple[str, str]:
    """Return namespace and local name of a QName at this element.

    Raise InvalidValue if the text is not a QName, or its prefix is not declared.
    """
    value = BUILTIN_TYPES["QName"].value(text)
    prefix, _, local = value.rpartition(":")
    namespace = element.namespace(prefix) or ""
    if prefix and not namespace:
        raise InvalidValue("UndeclaredPrefix", value, prefix)
    return namespace, local


def _listed(names: list[str]) -> str:
    """Return the children expected, as ``{"namespace":name, …}``."""
    qualified = (etree.QName(name) for name in names)
    return "{" + ", ".join(f'"{name.namespace}":{name.localname}' for name in qualified) + "}"
