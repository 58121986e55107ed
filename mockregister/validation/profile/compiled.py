"""The profile ready to run: trees of places, each a spot where an element may stand, with what is checked there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from mockregister.validation.profile.nodes import Node, Shape
from mockregister.validation.profile.notation import Count

Test = Callable[[Node], bool]


class Reach(Enum):
    """How far a check looks: what lies further away cannot change what it finds."""

    ELEMENT = "the element and what is in it"
    NAMESAKES = "the elements of its name beside it"
    OWNER = "the element that it stands in, and all in that"
    SET = "the document's set id"
    DOCUMENT = "elements anywhere in the document"


@dataclass(frozen=True, slots=True)
class Check:
    """What SHALL hold of an element; ``code`` is what findings of it are named after, ``attribute`` what they are about.

    One that reaches as far as ``NAMESAKES`` holds of an element that has none.
    """

    code: str
    holds: Test
    text: str
    attribute: str = ""
    reach: Reach = Reach.ELEMENT


@dataclass(frozen=True, slots=True)
class Selector:
    """Which elements of a name are meant; the first of these that is set decides, none means all.

    ``template_ids``: those that carry all of them. ``held``: those in which an element of that name carries all of those.
    ``root``: those with that @root. ``valued``: those that are not null.
    """

    template_ids: frozenset[str] = frozenset()
    held: tuple[str, frozenset[str]] | None = None
    root: str = ""
    valued: bool = False

    def selects(self, shape: Shape) -> bool:
        """Return whether an element of that shape is meant."""
        if self.template_ids:
            return self.template_ids <= shape.template_ids
        if self.held:
            name, ids = self.held
            return any(name == held and ids <= held_ids for held, held_ids in shape.held)
        if self.root:
            return self.root == shape.root
        return not (self.valued and shape.is_null)

    def __str__(self) -> str:
        if self.template_ids:
            return " with templateId " + " and ".join(sorted(self.template_ids))
        if self.held:
            return f" around hl7:{self.held[0]}{Selector(self.held[1])}"
        if self.root:
            return f" with @root {self.root}"
        return " that is not null" if self.valued else ""


@dataclass(eq=False, slots=True)
class Group:
    """Alternatives: places whose elements are counted together."""

    count: Count
    places: list[Place] = field(default_factory=list)

    def __str__(self) -> str:
        return "One of " + ", ".join(map(str, self.places))


@dataclass(eq=False, slots=True)
class Place:
    """A spot in a template.

    ``selector`` tells which elements of its name stand here, ``counted`` which of these count towards ``count`` (None: no
    matter how many). ``pattern`` is the root of its tree, itself for a root. An element that several places of one pattern
    select is checked at the first alone, but what is in it is looked for below them all, as ART-DECOR's Schematron does it.
    """

    template: str
    name: str
    selector: Selector
    counted: Selector
    count: Count | None
    pattern: Place | None
    checks: tuple[Check, ...] = ()
    group: Group | None = None
    groups: list[Group] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    by_name: dict[str, list[Place]] = field(default_factory=dict)

    @property
    def counting(self) -> list[Place | Group]:
        """All that is counted in an element that stands here."""
        return [*self.places, *self.groups]

    def add(self, place: Place, group: Group | None) -> None:
        """Put ``place`` below this one, as one of the alternatives of ``group`` if that is given."""
        self.places.append(place)
        self.by_name.setdefault(place.name, []).append(place)
        if group:
            place.group = group
            group.places.append(place)

    def __str__(self) -> str:
        return f"hl7:{self.name}{self.counted}"
