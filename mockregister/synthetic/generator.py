"""Generate the documents that EHRs would have sent about a number of patients. The same recipe always gives the same ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from random import Random

from mockregister.errors import SettingError, did_you_mean
from mockregister.model import ClinicalDocument
from mockregister.synthetic import mistakes, population
from mockregister.synthetic.population import Person
from mockregister.synthetic.scenarios import BY_NAME, SCENARIOS
from mockregister.synthetic.stage import Scenario, Stage, moment_of

FIRST_UNTIL, LAST_UNTIL = date(2018, 12, 31), date(2057, 12, 31)
FIRST_BEGINNING = date(2018, 7, 1)  # the first day on which the code of planned encounters is valid
YEAR = 365  # days within which courses begin
TRIES = 50  # to find a time for one more course


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a population is made from.

    ``until`` is the last day with any event. ``scenarios`` are the names of those that may happen, all if none is given;
    ``mistakes`` is the share of courses with a typical mistake. ``broken`` asks for each integrity code and each business rule,
    broken, instead of a population.
    """

    patients: int
    seed: int
    until: date
    mistakes: float = 0.0
    scenarios: tuple[str, ...] = ()
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """One course of disease: the patient, the scenario, the documents, and the mistake in it, if there is one."""

    person: Person
    scenario: Scenario
    documents: tuple[ClinicalDocument, ...]
    newborns: tuple[Person, ...] = ()
    mistake: str = ""

    def meets(self, other: Course) -> bool:
        """Return whether the patient would be in two places at the same time with another course."""
        return any(start < until and since < end for start, end in self.present() for since, until in other.present())

    def present(self) -> list[tuple[datetime, datetime]]:
        """Return from when to when the patient was with each unit, as last reported."""
        told = {visit.id.key: visit for document in self.documents for visit in document.encounters}
        return [(visit.start, visit.end) for visit in told.values() if visit.stays and visit.start and visit.end]

    def patients(self) -> dict[str, Person]:
        """Return the people in the documents, by their number in the register."""
        people = {patient.cpr: patient for patient in (self.person, *self.newborns)}
        return {number: people.get(number, self.person) for number in map(number_of, self.documents)}


@dataclass(frozen=True, slots=True)
class Generated:
    """A population and the documents about it."""

    people: tuple[Person, ...]
    courses: tuple[Course, ...]

    def documents(self) -> list[ClinicalDocument]:
        """Return every document in the order in which they were made, each after the one it follows."""
        return sorted((document for course in self.courses for document in course.documents), key=moment_of)


def generate(recipe: Recipe) -> Generated:
    """Return the population of a recipe.

    Raise SettingError for a scenario that does not exist, and for a day too early or too late.
    """
    if not FIRST_UNTIL <= recipe.until <= LAST_UNTIL:
        raise SettingError(
            f"Patients until {recipe.until} cannot be generated: choose a day from {FIRST_UNTIL} (LPR3 codes begin in 2018) "
            f"to {LAST_UNTIL} (the last birth date that a CPR number can have)."
        )
    unknown = set(recipe.scenarios) - set(BY_NAME)
    if unknown:
        name = min(unknown)
        raise SettingError(f"There is no scenario '{name}'; there are {', '.join(BY_NAME)}.{did_you_mean(name, BY_NAME)}")
    return _Generation(recipe, tuple(BY_NAME[name] for name in recipe.scenarios) or SCENARIOS).run()


@dataclass
class _Generation:
    recipe: Recipe
    scenarios: tuple[Scenario, ...]
    taken: set[str] = field(default_factory=set)

    def run(self) -> Generated:
        people = [*self._people()]
        courses = tuple(course for person in people for course in self._courses(person))
        return Generated((*people, *(child for course in courses for child in course.newborns)), courses)

    def _people(self) -> Iterator[Person]:
        """Yield people who fit the scenarios: the first ones get one scenario each, so that none is missing."""
        random, number = self._chance("people"), 0
        while number < self.recipe.patients:
            found = population.person(number, self.recipe.until, random, self.taken)
            if self._possible(found):
                number += 1
                yield found

    def _chance(self, *part: object) -> Random:
        """Return a random generator for a part of the work, so that a change in one part does not change the others.

        It also depends on the scenarios: recipes with different ones have different people, and so fit into one register.
        """
        return Random("/".join(map(str, (self.recipe.seed, self.recipe.until, *self.recipe.scenarios, *part))))

    def _courses(self, person: Person) -> Iterator[Course]:
        random, had = self._chance("courses", person.number), list[Course]()
        for number in range(random.choices((1, 2, 3), (80, 16, 4))[0]):
            possible = self._possible(person, [earlier.scenario for earlier in had])
            if possible:
                scenario = random.choices(possible, [candidate.weight for candidate in possible])[0]
                had += self._fitting(had, person, scenario, number, random)
        yield from had

    def _possible(self, person: Person, had: Sequence[Scenario] = ()) -> list[Scenario]:
        """Return the scenarios that can happen to a person in the last year, beside those that they had (``had``)."""
        wanted = self.scenarios
        if not had and person.number < len(wanted):
            wanted = wanted[person.number : person.number + 1]
        if any(earlier.last for earlier in had):
            return []
        groups = {earlier.group for earlier in had if earlier.group}
        return [
            candidate
            for candidate in wanted
            if self._fits(candidate, person) and candidate.group not in groups and not (had and candidate.last)
        ]

    def _fits(self, scenario: Scenario, person: Person) -> bool:
        earliest = self._earliest[scenario.name]
        return person.birth < earliest and scenario.fits(person, earliest)

    @cached_property
    def _earliest(self) -> dict[str, date]:
        """The earliest day on which a course of each scenario begins."""
        until = self.recipe.until
        return {scenario.name: beginning(scenario, until, _days(scenario, until) - 1) for scenario in self.scenarios}

    def _fitting(self, had: Sequence[Course], person: Person, scenario: Scenario, number: int, random: Random) -> list[Course]:
        """Return one course at another time than the person's other courses; none if ``TRIES`` attempts find no such time."""
        for _ in range(TRIES):
            course = self._played(person, scenario, number, random)
            if not any(map(course.meets, had)):
                return [course]
        return []

    def _played(self, person: Person, scenario: Scenario, number: int, random: Random) -> Course:
        day = beginning(scenario, self.recipe.until, random.randrange(_days(scenario, self.recipe.until)))
        stage = Stage(person, number, day, random, self.taken)
        scenario.play(stage)
        documents, mistake = tuple(stage.documents()), ""
        if random.random() < self.recipe.mistakes:
            documents, mistake = mistakes.made(documents, random)
        return Course(person, scenario, documents, tuple(stage.newborns), mistake)


def _days(scenario: Scenario, until: date) -> int:
    """Return the number of days within which a course begins; it is smaller in the first year that can be generated."""
    return max(1, min(YEAR, (until - FIRST_BEGINNING).days - scenario.days))


def beginning(scenario: Scenario, until: date, days: int) -> date:
    """Return the first day of a course that ends about ``days`` before ``until``; a larger number never gives a later day."""
    return scenario.first_day(population.safe_day(until - timedelta(days=scenario.days + 1 + days)))


def number_of(document: ClinicalDocument) -> str:
    """Return the number that a document names its patient by: the CPR number, or an alternative one."""
    patient = document.patient
    return patient.cpr or patient.alternative_ids[0].extension
