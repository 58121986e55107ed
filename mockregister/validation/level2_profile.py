"""Level 2, SCHEMATRON: whether a document keeps to the LPR3 profile (interface specification, section 5).

The declarations in ``profile`` are compiled once into places. A document is walked once; for each element the places that
select it are known from those of its owner and from its shape. Everything wrong is found, not only the first; what the
profile does not name is let through.

Documents resemble each other, so three things are remembered: which places select an element of a shape, whether there are too
few or too many in it, and which elements without elements were found right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import cast
from weakref import ref

from lxml import etree

from mockregister.finding import Finding, Level
from mockregister.validation.profile.compiling import compiled
from mockregister.validation.profile.nodes import TYPE, Node, Shape, shape_of
from mockregister.validation.profile.notation import Template, times
from mockregister.validation.profile.places import Check, Group, Place, Reach

Places = tuple[Place, ...]
Checks = tuple[Check, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """What is known of an element from its shape and the places around it.

    ``places`` select it; of each pattern the first is among the ``deciding``, whose ``checks`` it has to pass. Some of them look
    ``beyond`` it, and some of those ``beyond_namesakes``. It counts at ``counted``. ``expects`` says whether something has to
    stand in it. Elements in it are told apart by their template ids if their names are among ``identified``, and by what they
    hold if these are among ``holders``.
    """

    places: Places
    deciding: Places
    counted: Places
    checks: Checks
    beyond: Checks
    beyond_namesakes: Checks
    expects: bool
    identified: frozenset[str]
    holders: frozenset[str]


#: All that can be found of an element without elements, as long as its name spaces say nothing: the selection of its owner, its
#: name, attributes and text.
Look = tuple[Selection, str, tuple[tuple[str, str], ...], str | None]


@dataclass(slots=True)
class Child:
    """An element in another; ``look`` is None if it has elements, ``is_known`` tells whether it is right by itself."""

    element: etree._Element
    tag: str
    look: Look | None
    selection: Selection
    is_known: bool


class Profile:
    """The templates of a profile, compiled when the first document comes, and what is remembered of documents."""

    def __init__(self, templates: tuple[Template, ...]) -> None:
        self.templates = templates
        self._selected = lru_cache(maxsize=_MEMORY)(self._select)
        self._selection = lru_cache(maxsize=_MEMORY)(self._make_selection)
        self._counted = lru_cache(maxsize=_MEMORY)(_miscounts)
        self._right: dict[Look, Selection] = {}
        self._right_together: set[tuple[Look | None, ...]] = set()

    @cached_property
    def roots(self) -> dict[str, list[Place]]:
        """The places of the templates that are looked for anywhere, by the name of the element."""
        return compiled(self.templates)

    def warm(self) -> None:
        """Compile the profile, so that the first document does not wait for it."""
        _ = self.roots

    def check(self, root: etree._Element) -> list[Finding]:
        """What is wrong with a document that passed level 1, in document order.

        ``code`` is the name of the template, the id of the data type rule, or the item of the MedCom guide that is broken;
        ``where`` the XPath of the element, as fact 146 shows it.
        """
        found: list[Finding] = []
        around = self._selection((), ())
        self._examine(Node(root), self._selected(around, shape_of(root, around.identified, around.holders)), found)
        return list(dict.fromkeys(found))

    def _examine(self, node: Node, selection: Selection, found: list[Finding]) -> None:
        """Add what is wrong with an element and all in it."""
        if selection.checks:
            found += _failed(node, selection.checks)
        children = [self._child(element, selection) for element in node.element.iterchildren("*")]
        if children or selection.expects:
            miscounts = self._counted if len(children) <= _MEMORABLE_ELEMENTS else _miscounts
            counted = miscounts(selection.deciding, tuple([child.selection for child in children]))
            found += [_finding(node, code, text) for code, text in counted]
            self._examine_each(children, ref(node), found)
            node.forget()

    def _child(self, element: etree._Element, owner: Selection) -> Child:
        look = None if len(element) else _look(owner, element)
        known = self._right.get(look) if look else None
        if known is None:
            return Child(
                element, element.tag, look, self._selected(owner, shape_of(element, owner.identified, owner.holders)), False
            )
        return Child(element, element.tag, look, known, True)

    def _examine_each(self, children: Sequence[Child], owner: ref[Node], found: list[Finding]) -> None:
        """Add what is wrong with the elements in an element, and remember which are right beside each other."""
        crowds: dict[str, list[Look | None]] = {}
        for child in children:
            crowds.setdefault(child.tag, []).append(child.look)
        right = {tag for tag, crowd in crowds.items() if len(crowd) == 1 or tuple(crowd) in self._right_together}
        before = len(found)
        for child in children:
            if not child.is_known:
                self._examine_new(child, Node(child.element, owner), found)
            elif checks := child.selection.beyond_namesakes if child.tag in right else child.selection.beyond:
                found += _failed(Node(child.element, owner), checks)
        if len(right) < len(crowds) and len(found) == before:
            self._remember_together(crowd for tag, crowd in crowds.items() if tag not in right)

    def _examine_new(self, child: Child, node: Node, found: list[Finding]) -> None:
        """Add what is wrong with an element, and remember it if nothing is."""
        before = len(found)
        self._examine(node, child.selection, found)
        if child.look is not None and len(found) == before and _is_memorable(child.look):
            _make_room(self._right)
            self._right[child.look] = child.selection

    def _remember_together(self, crowds: Iterable[Sequence[Look | None]]) -> None:
        for crowd in crowds:
            if len(crowd) <= _MEMORABLE_ELEMENTS and all(look in self._right for look in crowd):
                _make_room(self._right_together)
                self._right_together.add(tuple(crowd))

    def _select(self, around: Selection, shape: Shape) -> Selection:
        """Templates that are checked anywhere come first, then what stands below the places around the element."""
        below = [place for owner in around.places for place in owner.by_name.get(shape.name, ())]
        places = [place for place in (*self.roots.get(shape.name, ()), *below) if place.selector.selects(shape)]
        return self._selection(tuple(places), tuple(place for place in below if place.counted.selects(shape)))

    def _make_selection(self, places: Places, counted: Places) -> Selection:
        first: dict[Place, Place] = {}
        for place in places:
            first.setdefault(place.pattern or place, place)
        deciding = tuple(first.values())
        checks = tuple(check for place in deciding for check in place.checks)
        named = [*self.roots.values(), *(named for place in places for named in place.by_name.values())]
        inside = [place for some in named for place in some]
        return Selection(
            places=places,
            deciding=deciding,
            counted=counted,
            checks=checks,
            beyond=tuple(check for check in checks if check.reach is not Reach.ELEMENT),
            beyond_namesakes=tuple(check for check in checks if check.reach is Reach.DOCUMENT),
            expects=any(one.count and 0 not in one.count for place in deciding for one in place.counting),
            identified=frozenset(place.name for place in inside if place.selector.template_ids),
            holders=frozenset(place.name for place in inside if place.selector.held),
        )


def _look(owner: Selection, element: etree._Element) -> Look:
    return owner, element.tag, tuple(cast("list[tuple[str, str]]", element.items())), element.text


def _make_room(memory: dict[Look, Selection] | set[tuple[Look | None, ...]]) -> None:
    if len(memory) >= _MEMORY:
        memory.clear()


def _is_memorable(look: Look) -> bool:
    _, _, attributes, text = look
    length = len(text or "") + sum(len(value) for _, value in attributes)
    return length <= _MEMORABLE and all(name != TYPE for name, _ in attributes)


def _failed(node: Node, checks: Checks) -> list[Finding]:
    return [_finding(node, check.code, check.text, check.attribute) for check in checks if not check.holds(node)]


def _miscounts(deciding: Places, children: tuple[Selection, ...]) -> list[tuple[str, str]]:
    """Template and sentence for each thing that stands too rarely or too often, given what each child is."""
    seen: Counter[Place | Group] = Counter()
    for child, number in Counter(children).items():
        seen.update(dict.fromkeys(child.counted, number))
        seen.update(dict.fromkeys((place.group for place in child.counted if place.group), number))
    return [
        (place.template, f"{one} SHALL stand {one.count}, but {_stands(seen[one])}.")
        for place in deciding
        for one in place.counting
        if one.count and seen[one] not in one.count
    ]


def _stands(number: int) -> str:
    return f"stands {times(number)}" if number else "is not there"


_MEMORY = 8_192
_MEMORABLE = 1_000  # characters: what is longer will hardly come again
_MEMORABLE_ELEMENTS = 100


def _finding(node: Node, code: str, text: str, attribute: str = "") -> Finding:
    named = code if code.startswith(("dtr1-", "CONF-")) else f"({code})"
    found = f" It is {node[attribute]!r}." if attribute in node else ""
    line = cast("int | None", node.element.sourceline) or 0
    return Finding(Level.SCHEMATRON, f"{named}: {text}{found}", code=code, where=node.path, line=line)
