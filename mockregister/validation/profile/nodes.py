"""A document as the checks see it: one plain object per element, which remembers what many checks ask it for."""

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
    """Everything by which places distinguish elements: elements of the same shape are selected by the same places.

    ``template_ids`` are the roots of the templateId children. ``root`` is the element's own root if it is an OID and the
    element has no children. ``held`` are the names and template ids of the child elements that have template ids.
    """

    name: str
    template_ids: frozenset[str]
    root: str
    is_null: bool
    held: frozenset[tuple[str, frozenset[str]]]


#: How to get the value that namesakes are compared by. It must be a module-level function, because tallies are kept by it.
Key = Callable[["Node"], Hashable]


class Node:
    """An element: its name (bare in the CDA namespace, ``{…}name`` elsewhere), attributes, child elements and owner.

    The name of an attribute without a namespace is bare, too.
    Child nodes are made on first use and can be forgotten, so that a large document never exists as nodes all at once.
    """

    __slots__ = (
        *("_children", "_named", "_number", "_owner", "_place", "_tallies", "attributes", "element", "is_null", "name"),
        "__weakref__",
    )

    def __init__(self, element: etree._Element, owner: ref[Node] | None = None, place: int = 0) -> None:
        self.element, self._owner, self._place, self._number = element, owner, place, 1
        self.name = _name(element.tag)
        self.attributes: dict[str, str] = dict(element.items())  # type: ignore[arg-type]  # bytes, say lxml's stubs
        self.is_null = "nullFlavor" in self.attributes
        self._children: list[Node] | None = None
        self._named: dict[str, list[Node]] | None = None
        self._tallies: dict[tuple[str, Key], dict[Hashable, int]] | None = None

    def forget(self) -> None:
        """Forget the child nodes; they are made again on next use."""
        self._children = self._named = self._tallies = None

    @property
    def children(self) -> list[Node]:
        """The child elements."""
        if self._children is None:
            itself = ref(self)
            elements = enumerate(self.element.iterchildren("*")) if len(self.element) else ()
            self._children = [Node(child, itself, place) for place, child in elements]
        return self._children

    def shape(self, identified: frozenset[str], holders: frozenset[str]) -> Shape:
        """Return the element's shape.

        Template ids are only read if the element's name is in ``identified``, and its content only if the name is in
        ``holders``.
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
        """The roots of the templateId children."""
        return frozenset([child.element.get("root", "") for child in self.children if child.name == "templateId"])

    def __getitem__(self, attribute: str) -> str:
        """Return the value of an attribute; empty if it is absent."""
        return self.attributes.get(attribute, "")

    def __contains__(self, attribute: str) -> bool:
        return attribute in self.attributes

    @property
    def type(self) -> str | None:
        """The name of the ``xsi:type``, qualified unless it is a CDA type; None if there is none."""
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
        """The parent element; None for the document element."""
        return self._owner() if self._owner else None

    @property
    def top(self) -> Node:
        """The document element."""
        owner = self.owner
        return self if owner is None else owner.top

    @property
    def namesakes(self) -> list[Node]:
        """The children of the owner that have the same name, including this element."""
        owner = self.owner
        return owner.each(self.name) if owner else [self]

    @property
    def number(self) -> int:
        """The position among the namesakes, counted from one."""
        namesakes = self.namesakes  # numbers all namesakes, once
        return self._number if namesakes else 1

    @property
    def path(self) -> str:
        """The XPath to the element, one step per owner."""
        name, owner = etree.QName(self.element), self.owner
        step = f"/*:{name.localname}[namespace-uri()='{name.namespace or ''}'][{self.number}]"
        return step if owner is None else owner.path + step

    def steps_from(self, above: Node) -> tuple[int, ...]:
        """Return the way down from ``above`` to this node: at each step, the position of the child to take."""
        owner = self.owner
        return () if self is above or owner is None else (*owner.steps_from(above), self._place)

    def after(self, steps: Iterable[int]) -> Node:
        """Return the node that is reached from this one by the ``steps`` of ``steps_from``."""
        node = self
        for step in steps:
            node = node.children[step]
        return node

    def alike(self, key: Key) -> int:
        """Return how many namesakes, including this one, have the same ``key``; a tally saves comparing thousands in pairs."""
        owner = self.owner
        if owner is None or len(namesakes := owner.each(self.name)) == 1:
            return 1
        tallies = owner._tallies = owner._tallies or {}
        tally = tallies.get((self.name, key))
        if tally is None:
            tally = tallies[self.name, key] = {}
            for value in map(key, namesakes):  # Counter would be slower for the usual one or two namesakes
                tally[value] = tally.get(value, 0) + 1
        return tally[key(self)]

    def values(self, name: str, attribute: str = "value") -> list[str]:
        """Return the values of an attribute of the children of a name that have it."""
        return [node[attribute] for node in self.each(name) if attribute in node]

    def family(self) -> Iterator[Node]:
        """Yield the node itself and everything below it."""
        yield self
        for child in self.children:
            yield from child.family()

    @property
    def has_text(self) -> bool:
        """Whether the element directly contains text other than white space."""
        pieces = [self.element.text, *(child.tail for child in self.element)]
        return any(piece and piece.strip(_WHITESPACE) for piece in pieces)

    @property
    def text(self) -> str:
        """All text in it and below it."""
        return "".join(map(str, self.element.itertext()))


@cache
def _name(tag: str) -> str:
    return tag.removeprefix(f"{{{CDA}}}")
