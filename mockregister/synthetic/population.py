"""Synthetic people with the ages, sexes, names, municipalities and regions of Denmark in realistic shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from mockregister.clock import COPENHAGEN
from mockregister.model import Identifier, Patient, PersonName, Residence
from mockregister.synthetic import cpr, geography, names
from mockregister.synthetic.geography import Municipality, Region

# Thousands of inhabitants by age, from 0 to 99 in tens (Statistics Denmark, rounded), women and men.
AGES = {"F": (297, 332, 382, 368, 355, 398, 355, 297, 172, 40), "M": (312, 349, 400, 380, 354, 400, 346, 277, 129, 18)}
# Exponents, by decade, that make the lower ages of a decade more frequent: two thirds of those aged 80 to 89 are under 85, and
# four fifths of those aged 90 to 99 are under 95.
DWINDLING = {8: 1.5, 9: 2.8}


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up person. ``number`` is their place in the population, ``birth`` the date in their CPR number."""

    number: int
    cpr: str
    sex: str
    birth: date
    name: PersonName
    home: Municipality
    address: str

    @property
    def region(self) -> Region:
        """Return the region of the person's home."""
        return self.home.region

    def age(self, on: date) -> int:
        """Return the age in whole years on a day."""
        return on.year - self.birth.year - ((on.month, on.day) < (self.birth.month, self.birth.day))

    @property
    def patient(self) -> Patient:
        """Return the person as EHRs report them: by CPR number alone."""
        return Patient(self.cpr)

    def named(self, alternative: Identifier | None = None, residence: Residence | None = None) -> Patient:
        """Return the person with name, sex and birth time, as for patients with an alternative id or without a home."""
        birth = datetime(self.birth.year, self.birth.month, self.birth.day, tzinfo=COPENHAGEN)
        return Patient(
            cpr="" if alternative else self.cpr,
            alternative_ids=(alternative,) if alternative else (),
            name=self.name,
            gender=self.sex,
            birth_time=birth,
            residences=(residence,) if residence else (),
        )


def person(number: int, until: date, random: Random, taken: set[str]) -> Person:
    """Return a person whose CPR number is not in ``taken``, and add it there."""
    sex = random.choices(tuple(AGES), [sum(ages) for ages in AGES.values()])[0]
    decade = random.choices(range(10), AGES[sex])[0]
    years = 10 * (decade + random.random() ** DWINDLING.get(decade, 1))
    birth = safe_day(until - timedelta(days=int(years * 365.2)))
    return born(number, birth, sex, geography.home(random), random, taken)


def born(number: int, birth: date, sex: str, home: Municipality, random: Random, taken: set[str], family: str = "") -> Person:
    """Return a person of this birth date and sex, whose CPR number is not in ``taken``, and add it there."""
    own = cpr.nobodys_number(birth, sex, random)
    while own in taken:
        own = cpr.nobodys_number(birth, sex, random)
    taken.add(own)
    return Person(number, own, sex, birth, names.name(sex, birth.year, random, family), home, names.address(random))


def safe_day(day: date) -> date:
    """Return the day, or the day before if every CPR number of that birth date may be real."""
    return day if cpr.can_be_safe(day) else day - timedelta(days=1)
