"""A model answer: the documents that our own generator reports for a story.

They follow from the expectations. After each document the record of a person is in a certain state; a document reports what
differs from the state before: new entries, entries stated again, nullified entries.

Facets that an expectation does not give are taken from its ``answer``, or else from the generator's defaults. In ``answer``,
``document`` is the number of the document that first reports an element, ``first.FACET`` is the value of a facet before its
correction, and ``first.on`` is the owner of the element before its move; any other key is a facet that no expectation gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from mockregister.exam.facets import OWNERS
from mockregister.exam.library import stories_of
from mockregister.exam.making import MAKERS, Making, ReportedFacets, patient_of
from mockregister.exam.matching import Roles
from mockregister.exam.story import NOTHING, Expectation, Story, TimeWindow, Wanted
from mockregister.exam.units import codes_of, units_of
from mockregister.mocking.sitting import Sitting, SittingPatient
from mockregister.model import ClinicalDocument, Entry, EpisodeOfCare, Patient
from mockregister.synthetic.chart import Chart
from mockregister.synthetic.geography import CAPITAL, PRIVATE_HOSPITAL

FIRST = "first."
STEP = timedelta(minutes=1)  # between the documents of an answer


@dataclass(frozen=True)
class Solution:
    """How a story is reported; a test changes this to make a mistake.

    ``values`` are values of facets, by element, that replace the wanted ones; ``omitted`` are elements that are not reported,
    ``kept`` those that are not nullified, ``direct`` those that are right from the first document; ``added`` are additional ones.
    """

    story: Story
    values: Mapping[str, Mapping[str, Wanted]] = field(default_factory=dict)
    omitted: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    direct: frozenset[str] = frozenset()
    added: tuple[Expectation, ...] = ()

    def told(self, person: str) -> list[Expectation]:
        """Return the elements that are ever reported about a person, owners before the elements that belong to them."""
        found = [
            each
            for each in self.story.expectations
            if each.is_element and each.person == person and each.stands != "no" and each.name not in self.omitted
        ]
        found += [each for each in self.added if each.person == person]
        told: dict[str, Expectation] = {}
        for each in sorted(found, key=lambda each: list(OWNERS).index(each.kind)):
            if not each.on or each.on in told:
                told[each.name] = each
        return list(told.values())

    @property
    def corrected(self) -> frozenset[str]:
        """The names of the elements that are first reported differently and corrected later."""
        ways = (each for each in self.story.expectations if each.kind in ("corrected", "moved"))
        return frozenset(each.name for each in ways) - self.direct

    def is_there(self, expectation: Expectation, number: int) -> bool:
        """Return whether the record has an element after the document with this number."""
        first = int(expectation.answer.get("document", "1"))
        is_taken_back = expectation.stands == "nullified" and expectation.name not in self.kept
        return number == first if is_taken_back else number >= first

    def last(self, person: str) -> int:
        """Return the number of the last document about a person."""
        numbers = [
            int(each.answer.get("document", "1"))
            + (each.name in self.corrected or (each.stands == "nullified" and each.name not in self.kept))
            for each in self.told(person)
        ]
        return max((*numbers, 2 if self.story.people[person].numbers == "both" else 1))

    def facets(self, expectation: Expectation, number: int) -> dict[str, Wanted]:
        """Return the facets of an element as the document with this number reports them."""
        answer = {name: value for name, value in expectation.answer.items() if name != "document"}
        first = {name.removeprefix(FIRST): _wanted(value) for name, value in answer.items() if name.startswith(FIRST)}
        reported: dict[str, Wanted] = {name: _wanted(value) for name, value in answer.items() if not name.startswith(FIRST)}
        reported = {"on": (expectation.on,), **expectation.wanted, **reported, **self.values.get(expectation.name, {})}
        is_first = number == int(expectation.answer.get("document", "1")) and expectation.name in self.corrected
        return reported | (first if is_first else {})


def _wanted(value: str) -> Wanted:
    if value == NOTHING:
        return None
    return TimeWindow.parse(value, 0) if value.startswith("day ") else (value,)


def documents(solution: Solution, roles: Roles, patients: Mapping[str, SittingPatient], now: datetime) -> list[ClinicalDocument]:
    """Return the documents of an answer, in the order in which they are sent, the last one just before ``now``."""
    records = {person: _Record(solution, person, roles, patients[person]) for person in solution.story.people}
    last = max(map(solution.last, records))
    begin = now.replace(microsecond=0) - STEP * last
    made: dict[str, Any] = {}
    found: list[ClinicalDocument] = []
    for number in range(1, last + 1):
        for record in records.values():
            found += record.document(number, begin + STEP * (number - 1), made)
    return found


class _Record:
    """The record of one person: what has been reported so far, by element name."""

    def __init__(self, solution: Solution, person: str, roles: Roles, patient: SittingPatient) -> None:
        self.solution, self.person, self.patient = solution, person, patient
        self.making = Making(roles, f"{patient.numbers[0]}-{solution.story.name}", *self._reporter(roles))
        self.chart = Chart(self._patient(1), self.making.local, self.making.author, self.making.custodian)
        self.making.set_id = self.chart.set_id
        self.state: dict[str, Entry] = {}

    def _reporter(self, roles: Roles) -> tuple[str, str]:
        """Return who reports: the private hospital if its unit is responsible, else a region."""
        is_private = any(each.wanted.get("unit") == ("private",) for each in self.solution.told(self.person))
        here = PRIVATE_HOSPITAL if is_private and PRIVATE_HOSPITAL.unit in roles.units["private"] else None
        return (here.unit, here.custodian) if here else (CAPITAL.author, CAPITAL.custodian)

    def _patient(self, number: int) -> Patient:
        story = self.solution.story.people[self.person]
        mine = next((each for each in self.solution.told(self.person) if each.kind == "patient"), None)
        other = self.solution.values.get(mine.name, {}) if mine is not None else {}
        return patient_of(self.patient, story, other, knows_cpr=story.numbers != "both" or number > 1)

    def document(self, number: int, when: datetime, made: dict[str, Any]) -> Iterator[ClinicalDocument]:
        """Yield the document with this number, if there is anything to report; ``made`` are the entries of all people by name."""
        before, self.state = self.state, self._after(number, made)
        if number == 2 and self.solution.story.people[self.person].numbers == "both":
            self.chart.patient = self._patient(2)
            first = next((each.name for each in self.solution.told(self.person) if each.kind == "episode"), "")
            before = {name: entry for name, entry in before.items() if name != first}
        gone = [entry for name, entry in before.items() if name not in self.state]
        fresh = [entry for name, entry in self.state.items() if before.get(name) != entry]
        if gone or fresh:
            ids = {entry.id.key for entry in gone}
            self.chart.remove(*(entry for entry in gone if self.making.owner_key(entry) not in ids))
            for entry in fresh:
                self.chart.put(entry)
            yield self.chart.send(when)

    def _after(self, number: int, made: dict[str, Any]) -> dict[str, Entry]:
        """Return the entries of the record after the document with this number."""
        state: dict[str, Entry] = {}
        for each in self.solution.told(self.person):
            if each.kind in MAKERS and self.solution.is_there(each, number):
                facets = ReportedFacets(self.making, self.solution.facets(each, number))
                parts = [
                    (part, ReportedFacets(self.making, self.solution.facets(part, number)))
                    for part in self.solution.told(self.person)
                    if part.kind in ("stay", "marker") and part.on == each.name and self.solution.is_there(part, number)
                ]
                entry = MAKERS[each.kind](self.making, each.name, facets, made, parts)
                state[each.name] = made[each.name] = entry
                if isinstance(entry, EpisodeOfCare):
                    made |= {part.name: marker for (part, _), marker in zip(parts, entry.markers, strict=True)}
        return state


def answers(sitting: Sitting, now: datetime) -> Iterator[tuple[str, list[ClinicalDocument]]]:
    """Yield each story of a sitting with the documents that our own generator reports, made just before ``now``."""
    for story in stories_of(sitting.stories):
        roles = Roles(sitting.day, units_of([story], sitting.units), codes_of([story], sitting.codes))
        patients = {each.person: each for each in sitting.patients if each.story == story.name}
        yield story.name, documents(Solution(story), roles, patients, now)
