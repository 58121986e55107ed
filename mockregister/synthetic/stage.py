"""The stage of a scenario: a patient, a first day, a random generator, and the charts that are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from mockregister.clock import COPENHAGEN
from mockregister.model import ClinicalDocument, Patient
from mockregister.synthetic import population
from mockregister.synthetic.chart import Chart
from mockregister.synthetic.geography import Region
from mockregister.synthetic.population import Person
from mockregister.synthetic.working_days import is_workday, workday

OTHERS = (
    (0, 0, "DP599"),
    (1, 17, "DJ459"),
    (3, 40, "DL209"),
    (5, 130, "DZ880"),
    (16, 60, "DF172"),
    (18, 130, "DE669"),
    (25, 130, "DK219"),
    (35, 130, "DI109"),
    (40, 130, "DE780"),
    (45, 130, "DE039"),
    (55, 130, "DJ449"),
    (65, 130, "DM819"),
)  # lowest and highest age, and a disease that people have beside the one they come for
BESIDE = 1 / 3  # the share of encounters that report such a disease


@dataclass
class Stage:
    """One course of disease: ``number`` distinguishes it from others of the same patient, ``day`` is its first day.

    ``taken`` are the CPR numbers in use, for scenarios in which a child is born; ``newborns`` are those children.
    """

    person: Person
    number: int
    day: date
    random: Random
    taken: set[str]
    charts: list[Chart] = field(default_factory=list)
    newborns: list[Person] = field(default_factory=list)

    @property
    def region(self) -> Region:
        """Return the region that treats the patient: that of their home."""
        return self.person.region

    def unit(self, kind: str) -> str:
        """Return the region's unit for a kind of treatment."""
        return self.region.units[kind]

    def at(self, days: int, hour: int = 0, minute: int = 0) -> datetime:
        """Return a moment ``days`` after the course began; without an hour, a random one on that day or the next working day."""
        day = self.day + timedelta(days=days)
        if not hour:
            hour, minute = self.random.randrange(8, 15), self.random.choice((0, 15, 30, 45))
            day = workday(day)
        moment = datetime.combine(day, time(hour, minute), COPENHAGEN)
        return moment.astimezone(UTC).astimezone(COPENHAGEN)  # an hour that summer time leaves out becomes the next one

    def between(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``."""
        return self.random.randint(low, high)

    def one_of(self, *choices: str) -> str:
        """Return one of the choices."""
        return self.random.choice(choices)

    def chance(self, share: float) -> bool:
        """Return True in this share of cases."""
        return self.random.random() < share

    def chart(self, patient: Patient | None = None, author: str = "", custodian: str = "", about: Person | None = None) -> Chart:
        """Return a new chart of the patient or of the person ``about``, by the region or another author.

        ``patient`` is how the chart reports that person, if not by CPR number alone.
        """
        about = about or self.person
        local = f"{about.cpr}-{self.number}-{len(self.charts) + 1}"
        other = self.one_of(*(code for low, high, code in OTHERS if low <= about.age(self.day) <= high))

        def also(main: str) -> str:
            return other if main != other and self.chance(BESIDE) else ""

        opened = Chart(patient or about.patient, local, author or self.region.author, custodian or self.region.custodian, also)
        self.charts.append(opened)
        return opened

    def newborn(self) -> Person:
        """Return a child of the patient, born on the day the course begins, with the patient's family name and home."""
        mother = self.person
        family, number = mother.name.family, -(mother.number * 100 + self.number)
        sex = self.one_of("F", "M")
        child = population.born(number, self.day, sex, mother.home, self.random, self.taken, family)
        self.newborns.append(child)
        return child

    def documents(self) -> Iterator[ClinicalDocument]:
        """Yield the documents that the charts sent, in the order of their effective times."""
        sent = [document for chart in self.charts for document in chart.documents]
        yield from sorted(sent, key=moment_of)


def moment_of(document: ClinicalDocument) -> datetime:
    """Return when a document was made."""
    assert document.effective_time is not None, "every document of a chart has a time"
    return document.effective_time


@dataclass(frozen=True, slots=True)
class Scenario:
    """A course of disease: whom it fits, its frequency relative to the others, and how many days it takes.

    ``play`` writes the charts; the last document is sent at most ``days`` after the course begins. Only one scenario of a
    ``group`` happens to a person, and nothing happens after a scenario that is ``last``. A ``planned`` scenario begins on a
    working day that another working day follows. A visit on a day off is moved by up to five days: the visits of a course
    are at least six days apart, and ``days`` has room for that.
    """

    name: str
    title: str
    days: int
    weight: int
    play: Callable[[Stage], None]
    fits: Callable[[Person, date], bool] = lambda person, day: True
    group: str = ""
    last: bool = False
    planned: bool = False

    def first_day(self, day: date) -> date:
        """Return the first day: this day, or some days earlier."""
        while self.planned and not (is_workday(day) and is_workday(day + timedelta(days=1))):
            day -= timedelta(days=1)
        return day


def aged(low: int, high: int = 130, sex: str = "FM") -> Callable[[Person, date], bool]:
    """Return a test for people of these ages and this sex."""
    return lambda person, day: low <= person.age(day) <= high and person.sex in sex
