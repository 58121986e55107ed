"""A document as the checks see it: a plain object for each element that is asked the same few things many times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple
from weakref import ref

from lxml import etree

from mockregister.safexml import CDA, XSI

TYPE = f"{{{XSI}}}type"
_WHITESPACE = " \t\r\n"
_TEMPLATE_ID = f"{{{CDA}}}templateId"
_NOTHING: frozenset[Any] = frozenset()


class Shape(NamedTuple):
    """All by which places tell elements apart: elements of one shape are selected by the same places.

    ``template_ids`` are the roots of the templateId children, ``root`` the element's own if it is an OID and holds no elements,
    ``held`` the names and template ids of those child elements that have any.
    """

    name: str
    template_ids: frozenset[str]
    root: str
    is_null: bool
    held: frozenset[tuple[str, frozenset[str]]]


def shape_of(element: etree._Element, identified: frozenset[str], holders: frozenset[str]) -> Shape:
    """Return the shape of an element.

    Its template ids are only looked at if its name is among ``identified``, and what it holds if that is among ``holders``.
    """
    name, is_null = name_of(element), element.get("nullFlavor") is not None
    if next(element.iterchildren("*"), None) is None:
        root = element.get("root", "")
        return Shape(name, _NOTHING, root if "." in root else "", is_null, _NOTHING)
    ids = _template_ids(element) if name in identified else _NOTHING
    return Shape(name, ids, "", is_null, _held(element) if name in holders else _NOTHING)


def name_of(element: etree._Element) -> str:
    """Return the name of an element: bare in the CDA name space, ``{…}name`` elsewhere."""
    return _name(element.tag)


def _template_ids(element: etree._Element) -> frozenset[str]:
    return frozenset([child.get("root", "") for child in element.iterchildren(_TEMPLATE_ID)])


def _held(element: etree._Element) -> frozenset[tuple[str, frozenset[str]]]:
    with_ids = ((name_of(child), _template_ids(child)) for child in element.iterchildren("*"))
    return frozenset((name, ids) for name, ids in with_ids if ids)


#: What of an element is compared with its namesakes; a function of a module, since tallies are kept by it.
Key = Callable[["Node"], Hashable]


class Node:
    """An element as checks see it: its name, attributes, child elements and owner.

    Child elements become nodes when they are first asked for. The nodes of a document are many more than its elements that
    anything has to be asked of, and all of them at once take more room than the document.
    """

    __slots__ = ("__weakref__", "_children", "_named", "_numbers", "_owner", "_tallies", "attributes", "element", "name")

    def __init__(self, element: etree._Element, owner: ref[Node] | None = None) -> None:
        self.element, self._owner = element, owner
        self.name = name_of(element)
        self.attributes: dict[str, str] = dict(element.items())  # type: ignore[arg-type]  # bytes, say lxml's stubs
        self.forget()

    def forget(self) -> None:
        """Let go of the nodes below it, which are made again where they are asked for."""
        self._children: list[Node] | None = None
        self._named: dict[str, list[Node]] | None = None
        self._numbers: dict[etree._Element, int] | None = None
        self._tallies: dict[tuple[str, Key], dict[Hashable, int]] | None = None

    @property
    def children(self) -> list[Node]:
        """The child elements."""
        if self._children is None:
            itself = ref(self)
            self._children = [Node(child, itself) for child in self.element.iterchildren("*")]
        return self._children

    def __getitem__(self, attribute: str) -> str:
        """The value of an attribute, empty where it is absent."""
        return self.attributes.get(attribute, "")

    def __contains__(self, attribute: str) -> bool:
        return attribute in self.attributes

    @property
    def is_null(self) -> bool:
        """Whether a null flavor stands instead of the value."""
        return "nullFlavor" in self.attributes

    @property
    def type(self) -> str | None:
        """The name of its ``xsi:type``, qualified unless it is a type of CDA; None where there is none."""
        written = self.attributes.get(TYPE)
        if written is None:
            return None
        prefix, _, name = written.strip(_WHITESPACE).rpartition(":")
        namespace = self.element.nsmap.get(prefix or None)
        return name if namespace == CDA else f"{{{namespace}}}{name}"

    def each(self, name: str) -> list[Node]:
        """The children of a name."""
        named = self._named = self._named or {}
        if name not in named:
            itself = ref(self)
            named[name] = [Node(child, itself) for child in self.element.iterchildren(_tag(name))]
        return named[name]

    @property
    def owner(self) -> Node | None:
        """The element that it stands in; None for the document element."""
        return self._owner() if self._owner else None

    @property
    def top(self) -> Node:
        """The document element."""
        owner = self.owner
        return self if owner is None else owner.top

    @property
    def namesakes(self) -> list[Node]:
        """The children of its owner that have its name, itself among them."""
        owner = self.owner
        return owner.each(self.name) if owner else [self]

    @property
    def number(self) -> int:
        """Which of its namesakes it is, counted from one."""
        owner = self.owner
        return 1 if owner is None else owner._number_of(self.element)

    @property
    def path(self) -> str:
        """The XPath to the element, one step per owner."""
        name, owner = etree.QName(self.element), self.owner
        step = f"/*:{name.localname}[namespace-uri()='{name.namespace or ''}'][{self.number}]"
        return step if owner is None else owner.path + step

    def _number_of(self, element: etree._Element) -> int:
        """Which of the children of its name an element is, counted from one; worked out for all of them at once."""
        if self._numbers is None:
            self._numbers, seen = {}, Counter[str]()
            for child in self.element.iterchildren("*"):
                seen[child.tag] += 1
                self._numbers[child] = seen[child.tag]
        return self._numbers[element]

    def alike(self, key: Key) -> int:
        """How many of its namesakes have the same ``key``, itself among them; a thousand are not compared in pairs."""
        namesakes, owner = self.namesakes, self.owner
        if owner is None or len(namesakes) == 1:
            return 1
        tallies = owner._tallies = owner._tallies or {}
        if (self.name, key) not in tallies:
            tallies[self.name, key] = _tally(map(key, namesakes))
        return tallies[self.name, key][key(self)]

    def values(self, name: str, attribute: str = "value") -> list[str]:
        """An attribute of the children of a name, of those that have it."""
        return [node[attribute] for node in self.each(name) if attribute in node]

    def family(self) -> Iterator[Node]:
        """The node itself and all below it."""
        yield self
        for child in self.children:
            yield from child.family()

    @property
    def has_text(self) -> bool:
        """Whether there is text other than white space directly in it."""
        pieces = [self.element.text, *(child.tail for child in self.element)]
        return any(piece and piece.strip(_WHITESPACE) for piece in pieces)

    @property
    def text(self) -> str:
        """All text in it and below it."""
        return "".join(map(str, self.element.itertext()))


def _tally(values: Iterable[Hashable]) -> dict[Hashable, int]:
    """How often each value occurs; most elements have one or two namesakes, for which a Counter takes longer."""
    tally: dict[Hashable, int] = {}
    for value in values:
        tally[value] = tally.get(value, 0) + 1
    return tally


@cache
def _tag(name: str) -> str:
    return name if name.startswith("{") else f"{{{CDA}}}{name}"


@cache
def _name(tag: str) -> str:
    return tag.removeprefix(f"{{{CDA}}}")
