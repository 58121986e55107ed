"""Level 2, SCHEMATRON: whether a document keeps to the LPR3 profile (interface specification, section 5).

The declarations in ``profile`` are compiled once into places. A document is walked once; for each element the places that
select it are known from those of its owner and from its shape. Everything wrong is found, not only the first; what the
profile does not name is let through.

Documents resemble each other, so three things are remembered: which places select an element of a shape, whether there are too
few or too many in it, and which elements without elements were found right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import cast

from lxml import etree

from mockregister.finding import Finding, Level
from mockregister.validation.profile.compiled import Check, Group, Place, Reach
from mockregister.validation.profile.compiling import compiled
from mockregister.validation.profile.nodes import TYPE, Node, Shape
from mockregister.validation.profile.notation import Template, times

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


@dataclass(frozen=True, slots=True, eq=False)
class Right:
    """What is known of all elements of a look that was found right; compared by identity."""

    selection: Selection


class Profile:
    """The templates of a profile, compiled when the first document comes, and what is remembered of documents."""

    def __init__(self, templates: tuple[Template, ...]) -> None:
        self.templates = templates
        self._selected = lru_cache(maxsize=_MEMORY)(self._select)
        self._selection = lru_cache(maxsize=_MEMORY)(self._make_selection)
        self._counted = lru_cache(maxsize=_MEMORY)(_miscounts)
        self._right: dict[Look, Right] = {}
        self._crowds: set[tuple[Right | None, ...]] = set()

    @cached_property
    def roots(self) -> dict[str, list[Place]]:
        """The places of the templates that are looked for anywhere, by the name of the element."""
        return compiled(self.templates)

    def warm(self) -> None:
        """Compile the profile, so that the first document does not wait for it."""
        _ = self.roots

    def check(self, root: etree._Element) -> list[Finding]:
        """Return what is wrong with a document that passed level 1, in document order.

        ``code`` is the name of the template, the id of the data type rule, or the item of the MedCom guide that is broken;
        ``where`` the XPath of the element, as fact 146 shows it.
        """
        found: list[Finding] = []
        top, around = Node(root), self._selection((), ())
        self._examine(top, self._selected(around, top.shape(around.identified, around.holders)), found)
        return list(dict.fromkeys(found))

    def _examine(self, node: Node, selection: Selection, found: list[Finding]) -> None:
        """Add what is wrong with an element and all in it."""
        if selection.checks:
            found += _failed(node, selection.checks)
        children = node.children
        if not children and not selection.expects:
            return
        looks = [None if len(child.element) else (selection, child.name, child.items, child.element.text) for child in children]
        known = [self._right.get(look) if look else None for look in looks]
        below = [
            right.selection if right else self._selected(selection, child.shape(selection.identified, selection.holders))
            for child, right in zip(children, known, strict=True)
        ]
        miscounts = self._counted if len(below) <= _MEMORABLE_ELEMENTS else _miscounts
        found += [_finding(node, code, text) for code, text in miscounts(selection.deciding, tuple(below))]
        together = self._right_together(node, known)
        for child, look, inner, right in zip(children, looks, below, known, strict=True):
            if right is None:
                self._examine_new(child, look, inner, found)
            elif checks := inner.beyond_namesakes if child.name in together else inner.beyond:
                found += _failed(child, checks)
        node.forget()

    def _examine_new(self, node: Node, look: Look | None, selection: Selection, found: list[Finding]) -> None:
        """Add what is wrong with an element, and remember it if nothing is."""
        before = len(found)
        self._examine(node, selection, found)
        if look is not None and len(found) == before and _is_memorable(look):
            _make_room(self._right)
            self._right[look] = Right(selection)

    def _right_together(self, node: Node, known: Sequence[Right | None]) -> set[str]:
        """Return the names of which no element in ``node`` is wrong because of another, given what is known of each by itself."""
        crowds: dict[str, list[Right | None]] = {}
        for child, right in zip(node.children, known, strict=True):
            crowds.setdefault(child.name, []).append(right)
        return {name for name, crowd in crowds.items() if len(crowd) == 1 or self._is_right(node, name, tuple(crowd))}

    def _is_right(self, node: Node, name: str, crowd: tuple[Right | None, ...]) -> bool:
        """Return whether a crowd of elements of one name is known to be right, or turns out to be."""
        if crowd in self._crowds:
            return True
        if len(crowd) > _MEMORABLE_ELEMENTS or any(right is None for right in crowd):
            return False
        pairs = (
            (child, check)
            for child, right in zip(node.each(name), crowd, strict=True)
            if right
            for check in right.selection.beyond
        )
        is_right = all(check.holds(child) for child, check in pairs if check.reach is Reach.NAMESAKES)
        if is_right:
            _make_room(self._crowds)
            self._crowds.add(crowd)
        return is_right

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
            expects=any(count.count and 0 not in count.count for place in deciding for count in place.counting),
            identified=frozenset(place.name for place in inside if place.selector.template_ids),
            holders=frozenset(place.name for place in inside if place.selector.held),
        )


def _make_room(memory: dict[Look, Right] | set[tuple[Right | None, ...]]) -> None:
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
        (place.template, f"{count} SHALL stand {count.count}, but {_stands(seen[count])}.")
        for place in deciding
        for count in place.counting
        if count.count and seen[count] not in count.count
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
