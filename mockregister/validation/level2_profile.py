"""Level 2, SCHEMATRON: whether a document conforms to the LPR3 profile (interface specification, section 5).

The declarations in ``profile`` are compiled once into places. A document is walked once; the places that select an element
follow from the places of its parent and from its shape. All errors are found, not only the first; elements that the profile
does not name are accepted.

Documents resemble each other, so four things are remembered: which places select an element of a shape, whether it has too few
or too many child elements of a kind, which elements without children were right, and what was found in entries that differ only
in ids, codes and times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import cast

from lxml import etree

from mockregister.finding import Finding, Level
from mockregister.validation.profile.compiled import Check, Group, Place, Reach
from mockregister.validation.profile.compiling import compiled
from mockregister.validation.profile.likeness import Likenesses, fixed_values
from mockregister.validation.profile.nodes import TYPE, Node, Shape
from mockregister.validation.profile.notation import Template, times
from mockregister.validation.profile.values import UUID

Places = tuple[Place, ...]
Checks = tuple[Check, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """What is known about an element from its shape and from the places of its parent.

    ``places`` select it; the first one of each pattern is among the ``deciding``, whose ``checks`` it has to pass. ``beyond`` are
    the checks that also look at other elements, ``beyond_namesakes`` those that look at elements of other names. ``counted`` are
    the places at which its parent counts it. ``expects`` says whether it must have child elements. Its child elements are
    distinguished by their template ids if their names are among ``identified``, and by their content if their names are among
    ``holders``.
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


#: A check of an element that failed, or whose result depends on the rest of the document.
Due = tuple[Node, Check]

#: What the findings on an element depend on, except for checks that are still due: the selection of its parent, and its likeness
#: or, for an element without children whose namespaces do not matter, its name, attributes and text.
Look = tuple[Selection, bytes] | tuple[Selection, str, tuple[tuple[str, str], ...], str | None]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is known about all elements of the same look; compared by identity.

    ``due`` are checks that have to be made each time, each with the steps to the element inside. It is None for an element
    without children that is right: its selection has the checks.
    """

    selection: Selection
    due: tuple[tuple[tuple[int, ...], Check], ...] | None = None


class Profile:
    """The templates of a profile, compiled for the first document, and what is remembered from earlier documents."""

    def __init__(self, templates: tuple[Template, ...]) -> None:
        self.templates = templates
        self._selected = lru_cache(maxsize=_MEMORY)(self._select)
        self._selection = lru_cache(maxsize=_MEMORY)(self._make_selection)
        self._counted = lru_cache(maxsize=_MEMORY)(_miscounts)
        self._known: dict[Look, Known] = {}
        self._crowds: set[tuple[Known | None, ...]] = set()

    @cached_property
    def roots(self) -> dict[str, list[Place]]:
        """The places of the templates that are looked for anywhere, by the name of the element."""
        return compiled(self.templates)

    @cached_property
    def fixed(self) -> frozenset[str]:
        """The values that the profile names."""
        return fixed_values(self.templates)

    def warm(self) -> None:
        """Compile the profile, so that the first document does not wait for it. Raise ProfileError if it is declared wrongly."""
        _ = self.roots, self.fixed

    def check(self, root: etree._Element) -> list[Finding]:
        """Return what is wrong with a document that passed level 1, in document order.

        ``code`` is the name of the template, the id of the data type rule, or the item of the MedCom guide that is broken;
        ``where`` the XPath of the element, as fact 146 shows it.
        """
        top, around = Node(root), self._selection((), ())
        selection = self._selected(around, top.shape(around.identified, around.holders))
        due = self._due(top, selection, Likenesses(top.values("setId", "root"), self.fixed))
        return list(dict.fromkeys(_finding(node, check) for node, check in due if not check.holds(node)))

    def _due(self, node: Node, selection: Selection, likenesses: Likenesses) -> Iterator[Due]:
        """Yield the checks that are due for an element and everything in it."""
        for check in selection.checks:
            if check.reach is Reach.DOCUMENT or not check.holds(node):
                yield node, check
        children = node.children
        if not children and not selection.expects:
            return
        looks = [_look(child, selection, likenesses) for child in children]
        known = [self._known.get(look) if look else None for look in looks]
        below = [
            found.selection if found else self._selected(selection, child.shape(selection.identified, selection.holders))
            for child, found in zip(children, known, strict=True)
        ]
        miscounts = self._counted if len(below) <= _MEMORABLE_ELEMENTS else _miscounts
        for check in miscounts(selection.deciding, tuple(below)):
            yield node, check
        together = self._right_together(node, known)
        for child, look, inner, found in zip(children, looks, below, known, strict=True):
            if found is None:
                yield from self._due_of_new(child, look, inner, likenesses)
            elif found.due is None:
                for check in inner.beyond_namesakes if child.name in together else inner.beyond:
                    yield child, check
            else:
                yield from _still_due(child, found)
        node.forget()

    def _due_of_new(self, node: Node, look: Look | None, selection: Selection, likenesses: Likenesses) -> Iterator[Due]:
        """Yield the checks that are due for an element, and remember them if the same look may occur again."""
        due: list[tuple[tuple[int, ...], Check]] = []
        for member, check in self._due(node, selection, likenesses):
            if look and (check.reach is Reach.DOCUMENT or not check.holds(member)):
                due.append((member.steps_from(node), check))
            yield member, check
        if look and len(look) == 2 and len(due) <= _MEMORABLE_ELEMENTS:
            self._remember(look, Known(selection, tuple(each for each in due if each[0] or each[1] not in selection.checks)))
        elif look and len(look) > 2 and not due and _is_memorable(look):
            self._remember(look, Known(selection))

    def _remember(self, look: Look, known: Known) -> None:
        if len(self._known) >= _MEMORY:
            self._known.clear()
        self._known[look] = known

    def _right_together(self, node: Node, known: Sequence[Known | None]) -> set[str]:
        """Return the names whose child elements pass all checks on namesakes, given what is known about each child by itself."""
        crowds: dict[str, list[Known | None]] = {}
        for child, right in zip(node.children, known, strict=True):
            crowds.setdefault(child.name, []).append(right)
        return {name for name, crowd in crowds.items() if len(crowd) == 1 or self._is_right(node, name, tuple(crowd))}

    def _is_right(self, node: Node, name: str, crowd: tuple[Known | None, ...]) -> bool:
        """Return whether the child elements of one name are known to pass all checks on namesakes, or pass them now."""
        if crowd in self._crowds:
            return True
        if len(crowd) > _MEMORABLE_ELEMENTS or any(right is None or right.due is not None for right in crowd):
            return False
        pairs = (
            (child, check)
            for child, right in zip(node.each(name), crowd, strict=True)
            if right
            for check in right.selection.beyond
        )
        if not all(check.holds(child) for child, check in pairs if check.reach is Reach.NAMESAKES):
            return False
        if len(self._crowds) >= _MEMORY:
            self._crowds.clear()
        self._crowds.add(crowd)
        return True

    def _select(self, around: Selection, shape: Shape) -> Selection:
        """Return the selection: templates that are checked anywhere come first, then the places below those of the parent."""
        below = [place for owner in around.places for place in owner.by_name.get(shape.name, ())]
        places = [place for place in (*self.roots.get(shape.name, ()), *below) if place.selector.selects(shape)]
        return self._selection(tuple(places), tuple(place for place in below if place.counted.selects(shape)))

    def _make_selection(self, places: Places, counted: Places) -> Selection:
        first: dict[Place, Place] = {}
        for place in places:
            first.setdefault(place.pattern or place, place)
        deciding = tuple(first.values())
        checks = tuple(check for place in deciding for check in place.checks)
        groups = [*self.roots.values(), *(named for place in places for named in place.by_name.values())]
        inside = [place for named in groups for place in named]
        return Selection(
            places=places,
            deciding=deciding,
            counted=counted,
            checks=checks,
            beyond=tuple(check for check in checks if check.reach is not Reach.ELEMENT),
            beyond_namesakes=tuple(check for check in checks if check.reach not in (Reach.ELEMENT, Reach.NAMESAKES)),
            expects=any(count.count and 0 not in count.count for place in deciding for count in place.counting),
            identified=frozenset(place.name for place in inside if place.selector.template_ids),
            holders=frozenset(place.name for place in inside if place.selector.held),
        )


def _look(node: Node, around: Selection, likenesses: Likenesses) -> Look | None:
    """Return the look of an element, given its parent's selection; None if the same look will hardly occur again."""
    if not len(node.element):
        return around, node.name, tuple(node.attributes.items()), node.element.text
    likeness = likenesses.of(node.element) if node.name in _RECURRING else None
    return (around, likeness) if likeness else None


def _is_memorable(look: tuple[Selection, str, tuple[tuple[str, str], ...], str | None]) -> bool:
    _, _, attributes, text = look
    length = len(text or "") + sum(len(value) for _, value in attributes)
    return length <= _MEMORABLE and not any(name == TYPE or UUID.fullmatch(value) for name, value in attributes)


def _still_due(node: Node, known: Known) -> Iterator[Due]:
    """Yield the checks that are due for an element that looks like an earlier one: its own, and the remembered ones inside."""
    for check in known.selection.checks:
        yield node, check
    for steps, check in known.due or ():
        yield node.after(steps), check
    node.forget()


def _miscounts(deciding: Places, children: tuple[Selection, ...]) -> list[Check]:
    """Return a failed check for each thing that occurs too rarely or too often among the children."""
    seen: Counter[Place | Group] = Counter()
    for child, number in Counter(children).items():
        seen.update(dict.fromkeys(child.counted, number))
        seen.update(dict.fromkeys((place.group for place in child.counted if place.group), number))
    return [
        Check(
            place.template,
            lambda node: False,
            f"{count} SHALL stand {count.count}, but {f'stands {times(seen[count])}' if seen[count] else 'is not there'}.",
        )
        for place in deciding
        for count in place.counting
        if count.count and seen[count] not in count.count
    ]


_MEMORY = 8_192  # entries of each memory
_MEMORABLE = 1_000  # characters: longer texts will hardly occur again
_MEMORABLE_ELEMENTS = 100  # larger groups of elements will hardly occur again
#: Elements of which a report has several, or that are alike in all reports of a sender.
_RECURRING = frozenset({"author", "custodian", "entry", "recordTarget"})


def _finding(node: Node, check: Check) -> Finding:
    code, attribute = check.code, check.attribute
    named = code if code.startswith(("dtr1-", "CONF-")) else f"({code})"
    found = f" It is {node[attribute]!r}." if attribute in node else ""
    line = cast("int | None", node.element.sourceline) or 0
    return Finding(Level.SCHEMATRON, f"{named}: {check.text}{found}", code=code, where=node.path, line=line)
