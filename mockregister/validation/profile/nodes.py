"""A document as the checks see it: plain objects made in one pass, because a check asks the same few things many times."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple
from weakref import ref

from lxml import etree

from mockregister.safexml import CDA, XSI

TYPE = f"{{{XSI}}}type"
_WHITESPACE = " \t\r\n"


class Shape(NamedTuple):
    """All by which places tell elements apart: elements of one shape are selected by the same places.

    ``template_ids`` are the roots of the templateId children, ``root`` the element's own if it is an OID, ``held`` the names
    and template ids of those child elements that have any.
    """

    name: str
    template_ids: frozenset[str]
    root: str
    is_null: bool
    held: tuple[tuple[str, frozenset[str]], ...]


#: What of an element is compared with its namesakes; a function of a module, since tallies are kept by it.
Key = Callable[["Node"], Hashable]


class Node:
    """An element: its name (bare in the CDA name space, ``{…}name`` elsewhere), attributes, child elements and owner."""

    __slots__ = (
        *("_named", "_number", "_owner", "_tallies", "attributes", "children", "element", "items", "name", "shape"),
        "__weakref__",
    )

    def __init__(self, element: etree._Element, owner: ref[Node] | None = None) -> None:
        self.element, self._owner, self._number = element, owner, 1
        self.name = _name(element.tag)
        self.items: tuple[tuple[str, str], ...] = tuple(element.items())  # type: ignore[arg-type]  # bytes, say lxml's stubs
        self.attributes = dict(self.items)
        self.children = self._below() if len(element) else []
        self._named: dict[str, list[Node]] | None = None
        self._tallies: dict[tuple[str, Key], dict[Hashable, int]] | None = None
        root = self.attributes.get("root", "")
        self.shape = (
            self._shape() if self.children else _leaf(self.name, root if "." in root else "", "nullFlavor" in self.attributes)
        )

    def _below(self) -> list[Node]:
        itself = ref(self)
        return [Node(child, itself) for child in self.element.iterchildren("*")]

    def _shape(self) -> Shape:
        ids, held = [], []
        for child in self.children:
            if child.name == "templateId":
                ids.append(child["root"])
            elif child.shape.template_ids:
                held.append((child.name, child.shape.template_ids))
        return Shape(self.name, frozenset(ids), "", self.is_null, tuple(held))

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
def _name(tag: str) -> str:
    return tag.removeprefix(f"{{{CDA}}}")


@lru_cache(maxsize=1024)
def _leaf(name: str, root: str, is_null: bool) -> Shape:
    return Shape(name, frozenset(), root, is_null, ())
