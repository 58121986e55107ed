"""The compiled profile: trees of places, each a position where an element may occur, with the checks made there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from mockregister.validation.profile.nodes import Node, Shape
from mockregister.validation.profile.notation import Count

Test = Callable[[Node], bool]


class Reach(Enum):
    """How far from its element a check looks; what is further away does not change its result."""

    ELEMENT = "the element and what is in it"
    NAMESAKES = "the elements of its name beside it"
    OWNER = "the parent element and all that is in it"
    SET = "the document's set id"
    DOCUMENT = "elements anywhere in the document"


@dataclass(frozen=True, slots=True)
class Check:
    """What SHALL hold for an element; ``code`` names the finding, ``attribute`` is the attribute that it is about.

    A check with the reach ``NAMESAKES`` always holds for an element without namesakes: siblings of the same name.
    """

    code: str
    holds: Test
    text: str
    attribute: str = ""
    reach: Reach = Reach.ELEMENT


@dataclass(frozen=True, slots=True)
class Selector:
    """Which elements of a name are meant. The first field that is set decides; if none is, all elements are meant.

    ``template_ids`` means elements that carry all of these ids. ``held`` means elements that contain an element of that name
    carrying all of those ids. ``root`` means elements with that @root. ``valued`` means elements that are not null.
    """

    template_ids: frozenset[str] = frozenset()
    held: tuple[str, frozenset[str]] | None = None
    root: str = ""
    valued: bool = False

    def selects(self, shape: Shape) -> bool:
        """Return whether the selector means an element of that shape."""
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
    """A position in a template where an element may occur.

    ``selector`` says which elements of its name belong here, and ``counted`` which of these count towards ``count`` (None: any
    number). ``pattern`` is the root of its tree; None if it is a root itself. An element that several places of one tree select
    is checked at the first one only, but its content is looked up below all of them, as ART-DECOR's Schematron does.
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
        """Everything that is counted in an element at this place."""
        return [*self.places, *self.groups]

    def add(self, place: Place, group: Group | None) -> None:
        """Put ``place`` below this one, as an alternative of ``group`` if one is given."""
        self.places.append(place)
        self.by_name.setdefault(place.name, []).append(place)
        if group:
            place.group = group
            group.places.append(place)

    def __str__(self) -> str:
        return f"hl7:{self.name}{self.counted}"
