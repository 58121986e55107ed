"""A document as the checks see it: a plain object for each element that is asked the same few things many times."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple
from weakref import ref

from lxml import etree

from mockregister.safexml import CDA, XSI

TYPE = f"{{{XSI}}}type"
_WHITESPACE = " \t\r\n"
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


#: What of an element is compared with its namesakes; a function of a module, since tallies are kept by it.
Key = Callable[["Node"], Hashable]


class Node:
    """An element: its name (bare in the CDA name space, ``{…}name`` elsewhere), attributes, child elements and owner.

    What it holds becomes nodes when it is first asked for, and can be forgotten, so that a large document never is nodes as a
    whole.
    """

    __slots__ = (
        *("_attributes", "_children", "_named", "_number", "_owner", "_place", "_tallies", "element", "items", "name"),
        "__weakref__",
    )

    def __init__(self, element: etree._Element, owner: ref[Node] | None = None, place: int = 0) -> None:
        self.element, self._owner, self._place, self._number = element, owner, place, 1
        self.name = _name(element.tag)
        self.items: tuple[tuple[str, str], ...] = tuple(element.items())  # type: ignore[arg-type]  # bytes, say lxml's stubs
        self._attributes: dict[str, str] | None = None
        self.forget()

    def forget(self) -> None:
        """Let go of the nodes in it; where they are asked for, they are made again."""
        self._children: list[Node] | None = None
        self._named: dict[str, list[Node]] | None = None
        self._tallies: dict[tuple[str, Key], dict[Hashable, int]] | None = None

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes by name, which is bare without a name space."""
        if self._attributes is None:
            self._attributes = dict(self.items)
        return self._attributes

    @property
    def children(self) -> list[Node]:
        """The child elements."""
        if self._children is None:
            itself = ref(self)
            elements = enumerate(self.element.iterchildren("*")) if len(self.element) else ()
            self._children = [Node(child, itself, place) for place, child in elements]
        return self._children

    def shape(self, identified: frozenset[str], holders: frozenset[str]) -> Shape:
        """Return its shape.

        Template ids are only looked at if its name is among ``identified``, and what it holds if that is among ``holders``.
        """
        children = self.children
        if not children:
            root = self["root"]
            return Shape(self.name, _NOTHING, root if "." in root else "", self.is_null, _NOTHING)
        held = _NOTHING
        if self.name in holders:
            held = frozenset([(child.name, ids) for child in children if (ids := child.template_ids)])
        return Shape(self.name, self.template_ids if self.name in identified else _NOTHING, "", self.is_null, held)

    @property
    def template_ids(self) -> frozenset[str]:
        """The roots of its templateId children."""
        return frozenset([child.element.get("root", "") for child in self.children if child.name == "templateId"])

    def __getitem__(self, attribute: str) -> str:
        """Return the value of an attribute, empty where it is absent."""
        return self.attributes.get(attribute, "")

    def __contains__(self, attribute: str) -> bool:
        return attribute in self.attributes

    @property
    def is_null(self) -> bool:
        """Whether a null flavor stands instead of the value."""
        return "nullFlavor" in self.attributes

    @property
    def type(self) -> str | None:
        """The name of its ``xsi:type``, qualified unless it is a type of CDA; None if there is none."""
        written = self.attributes.get(TYPE)
        if written is None:
            return None
        prefix, _, name = written.strip(_WHITESPACE).rpartition(":")
        namespace = self.element.nsmap.get(prefix or None)
        return name if namespace == CDA else f"{{{namespace}}}{name}"

    def each(self, name: str) -> list[Node]:
        """Return the children of a name."""
        if self._named is None:
            self._named = {}
            for child in self.children:
                namesakes = self._named.setdefault(child.name, [])
                namesakes.append(child)
                child._number = len(namesakes)
        return self._named.get(name, [])

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
        namesakes = self.namesakes  # which numbers them, once for all
        return self._number if namesakes else 1

    @property
    def path(self) -> str:
        """The XPath to the element, one step per owner."""
        name, owner = etree.QName(self.element), self.owner
        step = f"/*:{name.localname}[namespace-uri()='{name.namespace or ''}'][{self.number}]"
        return step if owner is None else owner.path + step

    def steps_from(self, above: Node) -> tuple[int, ...]:
        """Return which child to take at each step from a node above to this one."""
        owner = self.owner
        return () if self is above or owner is None else (*owner.steps_from(above), self._place)

    def after(self, steps: Iterable[int]) -> Node:
        """Return the node that such steps lead to."""
        node = self
        for step in steps:
            node = node.children[step]
        return node

    def alike(self, key: Key) -> int:
        """Return how many of its namesakes have the same ``key``, itself among them; a thousand are not compared in pairs."""
        namesakes, owner = self.namesakes, self.owner
        if owner is None or len(namesakes) == 1:
            return 1
        tallies = owner._tallies = owner._tallies or {}
        if (self.name, key) not in tallies:
            tallies[self.name, key] = _tally(map(key, namesakes))
        return tallies[self.name, key][key(self)]

    def values(self, name: str, attribute: str = "value") -> list[str]:
        """Return an attribute of the children of a name, of those that have it."""
        return [node[attribute] for node in self.each(name) if attribute in node]

    def family(self) -> Iterator[Node]:
        """Yield the node itself and all below it."""
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
    """Return how often each value occurs; most elements have one or two namesakes, for which a Counter takes longer."""
    tally: dict[Hashable, int] = {}
    for value in values:
        tally[value] = tally.get(value, 0) + 1
    return tally


@cache
def _name(tag: str) -> str:
    return tag.removeprefix(f"{{{CDA}}}")
