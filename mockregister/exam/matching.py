"""Find the stored element that each expectation means.

Expectations and elements are paired kind by kind, owners before the elements that belong to them. The two that agree in most
facets are paired first; neither can be in another pair. Two that agree in less than half of the wanted facets are not paired. An
element belongs to the right owner if that owner was paired with the right expectation, even if the two of them differ; so one
mistake is reported once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from mockregister.document.markup import timestamp
from mockregister.exam.evidence import Evidence, StoredThing
from mockregister.exam.facets import OWNERS, Wants, facet_of
from mockregister.exam.story import Expectation, Story, TimeWindow, Wanted
from mockregister.register.filters import ANY

ON = "on"
BETWEEN_EPISODES = ("follows",)  # compared after every episode of care has been paired


@dataclass(frozen=True, slots=True)
class Roles:
    """What the words of a story mean in a sitting: day 0, SOR ids by role, codes by role."""

    day: date
    units: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class FacetDifference:
    """A difference between an element and its expectation: the facet, what was found, and what was expected."""

    facet: str
    found: tuple[Any, ...]
    wanted: Wanted


@dataclass(frozen=True)
class Pairing:
    """The element that is nearest to an expectation, and how they differ; ``rivals`` are elements that fit equally well."""

    thing: StoredThing
    differences: tuple[FacetDifference, ...]
    rivals: tuple[StoredThing, ...] = ()


@dataclass
class Matching:
    """The pairs of one story."""

    story: Story
    evidence: Mapping[str, Evidence]
    roles: Roles
    pairs: dict[str, Pairing] = field(default_factory=dict)

    def run(self) -> dict[str, Pairing]:
        """Return the pairs, by the names of expectations."""
        for kind in OWNERS:
            for person in self.story.people:
                for stands in ("yes", "nullified"):
                    self._pair(kind, person, stands)
        wanted = {each.name: each for each in self.story.expectations if each.is_element}
        self.pairs = {
            name: replace(pair, differences=self.differences(wanted[name], pair.thing)) for name, pair in self.pairs.items()
        }
        return self.pairs

    def fits(self, expectation: Expectation, thing: StoredThing) -> bool:
        """Return whether an element fulfils an expectation completely."""
        return not self.differences(expectation, thing)

    def differences(self, expectation: Expectation, thing: StoredThing, but: tuple[str, ...] = ()) -> tuple[FacetDifference, ...]:
        """Return how an element differs from its expectation, except in the facets of ``but``."""
        actual = {name: tuple(facet_of(thing.kind, name).found(thing.thing)) for name in expectation.wanted if name not in but}
        found = [
            FacetDifference(name, values, expectation.wanted[name])
            for name, values in actual.items()
            if not self._agrees(expectation.kind, name, expectation.wanted[name], values)
        ]
        owner = self.pairs.get(expectation.on)
        if expectation.on and (owner is None or owner.thing.key != thing.owner):
            found.append(FacetDifference(ON, (thing.owner,), (expectation.on,)))
        return tuple(found)

    def _pair(self, kind: str, person: str, stands: str) -> None:
        wanted = {
            each.name: each for each in self.story.expectations if (each.kind, each.person, each.stands) == (kind, person, stands)
        }
        things = {
            each.key: each for each in self.evidence[person].things if each.kind == kind and each.is_live is (stands == "yes")
        }
        near = {
            (name, key): found
            for name, each in wanted.items()
            for key, thing in things.items()
            if 2 * len(found := self.differences(each, thing, BETWEEN_EPISODES)) <= _size(each)
        }
        taken: dict[str, str] = {}
        for name, key in sorted(near, key=lambda pair: _share(len(near[pair]), _size(wanted[pair[0]]))):
            if name not in taken and key not in taken.values():
                taken[name] = key
        for name, key in taken.items():
            free = [other for other in things if other not in taken.values() and (name, other) in near]
            rivals = tuple(things[other] for other in free if len(near[name, other]) == len(near[name, key]))
            self.pairs[name] = Pairing(things[key], near[name, key], rivals)

    def _agrees(self, kind: str, name: str, wanted: Wanted, values: Iterable[Any]) -> bool:
        if wanted is None:
            return not tuple(values)
        return any(self._is(facet_of(kind, name).wants, wanted, value) for value in values)

    def _is(self, wants: Wants, wanted: Wanted, value: Any) -> bool:
        if isinstance(wanted, bool):
            return value is wanted
        if isinstance(wanted, TimeWindow):
            moment = value if isinstance(value, datetime) else timestamp(str(value))
            return moment is not None and wanted.holds(moment, self.roles.day)
        if wants is Wants.UNIT:
            return value in self.meant(wants, wanted)
        if wants is Wants.EPISODE:
            return any(name in self.pairs and self.pairs[name].thing.key == value for name in wanted or ())
        return any(_means(pattern, str(value)) for pattern in self.meant(wants, wanted))

    def meant(self, wants: Wants, wanted: Wanted) -> tuple[str, ...]:
        """Return the expected codes or SOR ids, with the sitting's values for roles."""
        if not isinstance(wanted, tuple):
            return ()
        roles = {Wants.UNIT: self.roles.units, Wants.CODE: self.roles.codes}.get(wants, {})
        return tuple(each for word in wanted for each in roles.get(word, (word,)))


def _size(expectation: Expectation) -> int:
    return len(expectation.wanted) + bool(expectation.on)


def _share(differences: int, size: int) -> tuple[float, int]:
    """Return the sort key of a pair: the share of facets that differ, then the negative number that agree."""
    return differences / size if size else 0.0, differences - size


def _means(pattern: str, value: str) -> bool:
    wanted, found = pattern.upper(), value.upper()
    return found.startswith(wanted[:-1]) if wanted.endswith(ANY) else found == wanted
