"""Level 2, SCHEMATRON: whether a document keeps to the LPR3 profile (interface specification, section 5).

The declarations in ``profile`` are compiled once into places. A document is walked once; for each element the places that
select it are known from those of its owner and from its shape. Everything wrong is found, not only the first; what the
profile does not name is let through.

Documents resemble each other, so what depends on shapes alone is remembered: which places select an element, and whether
there are too few or too many.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property, lru_cache
from typing import NamedTuple, cast

from lxml import etree

from mockregister.finding import Finding, Level
from mockregister.validation.profile.compiling import compiled
from mockregister.validation.profile.nodes import TYPE, Node, Shape
from mockregister.validation.profile.notation import Template, times
from mockregister.validation.profile.places import Check, Group, Place, Reach

Places = tuple[Place, ...]
Checks = tuple[Check, ...]


class Selection(NamedTuple):
    """What is known of an element from its shape and the places around it.

    ``places`` select it; of each pattern the first is among the ``deciding``, whose checks it has to pass; it counts at
    ``counted``. ``expects`` says whether something has to stand in it. ``beyond_attributes`` and ``beyond_itself`` are the
    checks that look that far.
    """

    places: Places
    deciding: Places
    counted: Places
    expects: bool
    checks: Checks
    beyond_attributes: Checks
    beyond_itself: Checks


class Profile:
    """The templates of a profile, compiled when the first document comes, and what is remembered of documents."""

    def __init__(self, templates: tuple[Template, ...]) -> None:
        self.templates = templates
        self._selected = lru_cache(maxsize=4096)(self._select)
        self._miscounts = lru_cache(maxsize=4096)(_miscounts)
        self._known_good: set[tuple[Places, tuple[tuple[str, str], ...], bool, str | None]] = set()

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
        top = Node(root)
        self._examine(top, self._selected((), top.shape), found)
        return list(dict.fromkeys(found))

    def _examine(self, node: Node, selection: Selection, found: list[Finding]) -> None:
        """Add what is wrong with an element and all in it."""
        if selection.deciding:
            found += [_finding(node, check.code, check.text, check.attribute) for check in self._failed(node, selection)]
        if node.children or selection.expects:
            below = [self._selected(selection.places, child.shape) for child in node.children]
            miscounts = self._miscounts(selection.deciding, tuple([inner.counted for inner in below]))
            found += [_finding(node, code, text) for code, text in miscounts]
            for child, inner in zip(node.children, below, strict=True):
                self._examine(child, inner, found)

    def _select(self, around: Places, shape: Shape) -> Selection:
        """Templates that are checked anywhere come first, then what stands below the places ``around``."""
        below = [place for owner in around for place in owner.by_name.get(shape.name, ())]
        places = [place for place in (*self.roots.get(shape.name, ()), *below) if place.selector.selects(shape)]
        first: dict[Place, Place] = {}
        for place in places:
            first.setdefault(place.pattern or place, place)
        deciding = tuple(first.values())
        checks = [check for place in deciding for check in place.checks]
        return Selection(
            places=tuple(places),
            deciding=deciding,
            counted=tuple(place for place in below if place.counted.selects(shape)),
            expects=any(one.count and 0 not in one.count for place in deciding for one in place.counting),
            checks=tuple(checks),
            beyond_attributes=tuple(check for check in checks if check.reach is not Reach.ATTRIBUTES),
            beyond_itself=tuple(check for check in checks if check.reach is Reach.OTHERS),
        )

    def _failed(self, node: Node, selection: Selection) -> list[Check]:
        """The checks of an element that fail.

        Attributes that were found right are right again, and so is the content of an element without elements.
        """
        bare = len(node.element) == 0 and TYPE not in node.attributes
        look = (selection.deciding, node.items, bare, node.element.text if bare else None)
        if look in self._known_good:
            checks = selection.beyond_itself if bare else selection.beyond_attributes
            return [check for check in checks if not check.holds(node)]
        failed = [check for check in selection.checks if not check.holds(node)]
        if not failed and len(node.element.text or "") <= _MEMORABLE:
            if len(self._known_good) >= _MEMORY:
                self._known_good.clear()
            self._known_good.add(look)
        return failed


def _miscounts(deciding: Places, children: tuple[Places, ...]) -> list[tuple[str, str]]:
    """Template and sentence for each thing that stands too rarely or too often, given where each child counts."""
    seen: Counter[Place | Group] = Counter()
    for counted in children:
        seen.update(counted)
        seen.update({place.group for place in counted if place.group})
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


def _finding(node: Node, code: str, text: str, attribute: str = "") -> Finding:
    named = code if code.startswith(("dtr1-", "CONF-")) else f"({code})"
    found = f" It is {node[attribute]!r}." if attribute in node else ""
    line = cast("int | None", node.element.sourceline) or 0
    return Finding(Level.SCHEMATRON, f"{named}: {text}{found}", code=code, where=_where(node), line=line)


def _where(node: Node) -> str:
    """The XPath to an element, one step per owner."""
    name = etree.QName(node.element)
    step = f"/*:{name.localname}[namespace-uri()='{name.namespace or ''}'][{node.number}]"
    return step if node.owner is None else _where(node.owner) + step
