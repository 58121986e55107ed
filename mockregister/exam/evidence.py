"""What a register holds about the people of a story, in the form that expectations are compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from mockregister.exam.facets import KINDS
from mockregister.finding import Finding
from mockregister.model import Encounter, EntryKind
from mockregister.register.elements import Document, Element, Look
from mockregister.register.patient_files import documents_about, elements_of_sets, sets_about

Someone = TypeVar("Someone")


@dataclass(frozen=True, eq=False)
class StoredThing:
    """A candidate for an expectation: an element, a stay of an encounter, or a patient.

    ``thing`` is its object of the model, ``key`` its own key and ``owner`` that of the element that it belongs to. ``element`` is
    the stored element that it is, or is part of; a patient has none.
    """

    kind: str
    thing: Any
    key: str
    owner: str = ""
    element: Element | None = None

    @property
    def is_live(self) -> bool:
        """Whether it counts. It does not if it was nullified, or left out by a replacing document."""
        return self.element is None or self.element.row.is_live


@dataclass(frozen=True)
class Evidence:
    """What is stored about one person: elements, documents, and the findings against the episodes of care.

    ``refused`` are the ids of the exchanges in which a submission about the person was refused.
    """

    things: tuple[StoredThing, ...] = ()
    documents: tuple[Document, ...] = ()
    findings: tuple[Finding, ...] = ()
    refused: frozenset[str] = frozenset()

    @property
    def is_tried(self) -> bool:
        """Whether anything was sent about the person, whether it was stored or not."""
        return bool(self.documents or self.refused)

    def live(self, kind: str) -> list[StoredThing]:
        """Return the elements of a kind that count, oldest first."""
        return [thing for thing in self.things if thing.kind == kind and thing.is_live]


def gather(look: Look, people: Mapping[Someone, Sequence[str]], refused: Mapping[str, frozenset[str]]) -> dict[Someone, Evidence]:
    """Return what a register holds about people, each identified by one or more numbers.

    ``refused`` are the exchanges in which something about a number was refused.
    """
    sets = sets_about(look, (number for numbers in people.values() for number in numbers))
    sets_of = {name: list(dict.fromkeys(key for number in numbers for key in sets[number])) for name, numbers in people.items()}
    every = list(dict.fromkeys(key for keys in sets_of.values() for key in keys))
    elements, documents = elements_of_sets(look, every), documents_about(look, every)
    return {
        name: _evidence(
            look,
            keys,
            [each for each in elements if each.row.set in keys],
            [each for each in documents if each.row.set in keys],
            frozenset[str]().union(*(refused.get(number, frozenset()) for number in people[name])),
        )
        for name, keys in sets_of.items()
    }


def _evidence(
    look: Look, sets: list[str], elements: list[Element], documents: list[Document], refused: frozenset[str]
) -> Evidence:
    patient = [StoredThing("patient", look.patient_of(latest), latest) for latest in sets[-1:]]
    things = (*patient, *(thing for each in elements for thing in _things(each)))
    episodes = [each for each in elements if each.kind is EntryKind.EPISODE_OF_CARE and each.row.is_live]
    findings = tuple(finding for episode in episodes for finding in look.findings(episode.key))
    return Evidence(things, tuple(documents), findings, refused)


def _things(element: Element) -> Iterable[StoredThing]:
    yield StoredThing(KINDS[element.kind], element.entry, element.key, element.row.owner, element)
    if isinstance(element.entry, Encounter):
        for number, stay in enumerate(element.entry.stays, 1):
            yield StoredThing("stay", stay, f"{element.key} {number}", element.key, element)
