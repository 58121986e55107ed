"""Level 2, SCHEMATRON: whether a document keeps to the LPR3 profile (interface specification, section 5).

The declarations in ``profile`` are compiled once into places. A document is walked once; for each element the places that
select it are known from those of its owner and from its shape. Everything wrong is found, not only the first; what the
profile does not name is let through.

Documents resemble each other, so what depends on shapes alone is remembered: which places select an element, and whether
there are too few or too many.
"""

from __future__ import annotations

from collections import Counter
from functools import cache, lru_cache
from typing import NamedTuple, cast

from lxml import etree

from mockregister.finding import Finding, Level
from mockregister.validation.profile import TEMPLATES
from mockregister.validation.profile.compiling import compiled
from mockregister.validation.profile.nodes import TYPE, Node, Shape
from mockregister.validation.profile.notation import times
from mockregister.validation.profile.places import Check, Group, Place, Reach

Places = tuple[Place, ...]
Checks = tuple[Check, ...]


def check(root: etree._Element) -> list[Finding]:
    """What is wrong with a document that passed level 1, in document order.

    ``code`` is the name of the template, the id of the data type rule, or the item of the MedCom guide that is broken;
    ``where`` the XPath of the element, as fact 146 shows it.
    """
    found: list[Finding] = []
    top = Node(root)
    _examine(top, _selected((), top.shape), found)
    return list(dict.fromkeys(found))


def warm() -> None:
    """Compile the profile, so that the first document does not wait for it."""
    _roots()


@cache
def _roots() -> dict[str, list[Place]]:
    return compiled(TEMPLATES)


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


def _examine(node: Node, selection: Selection, found: list[Finding]) -> None:
    """Add what is wrong with an element and all in it."""
    if selection.deciding:
        found += [_finding(node, check.code, check.text, check.attribute) for check in _failed(node, selection)]
    if node.children or selection.expects:
        below = [_selected(selection.places, child.shape) for child in node.children]
        miscounts = _miscounts(selection.deciding, tuple([inner.counted for inner in below]))
        found += [_finding(node, code, text) for code, text in miscounts]
        for child, inner in zip(node.children, below, strict=True):
            _examine(child, inner, found)


@lru_cache(maxsize=4096)
def _selected(around: Places, shape: Shape) -> Selection:
    """Templates that are checked anywhere come first, then what stands below the places ``around``."""
    below = [place for owner in around for place in owner.by_name.get(shape.name, ())]
    places = [place for place in (*_roots().get(shape.name, ()), *below) if place.selector.selects(shape)]
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


@lru_cache(maxsize=4096)
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
_known_good: set[tuple[Places, tuple[tuple[str, str], ...], bool, str | None]] = set()


def _failed(node: Node, selection: Selection) -> list[Check]:
    """The checks of an element that fail.

    Attributes that were found right are right again, and so is the content of an element without elements.
    """
    bare = len(node.element) == 0 and TYPE not in node.attributes
    look = (selection.deciding, node.items, bare, node.element.text if bare else None)
    if look in _known_good:
        checks = selection.beyond_itself if bare else selection.beyond_attributes
        return [check for check in checks if not check.holds(node)]
    failed = [check for check in selection.checks if not check.holds(node)]
    if not failed and len(node.element.text or "") <= _MEMORABLE:
        if len(_known_good) >= _MEMORY:
            _known_good.clear()
        _known_good.add(look)
    return failed


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
