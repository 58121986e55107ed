"""The synthetic population is distributed like Denmark's, and nobody in it exists."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

import pytest

from mockregister.codes import cpr
from mockregister.codes.authority import AuthorityTable
from mockregister.codes.csv_files import Packed
from mockregister.codes.cvr import is_cvr
from mockregister.codes.producers import SorProducers
from mockregister.codes.sor import SorTable, has_form, specialities
from mockregister.synthetic import geography, population
from mockregister.synthetic.population import Person

UNTIL = date(2026, 6, 30)


@pytest.fixture(scope="module")
def people() -> list[Person]:
    taken: set[str] = set()
    random = Random(5)
    return [population.person(number, UNTIL, random, taken) for number in range(4000)]


def share(people: list[Person], which: list[bool]) -> float:
    return sum(which) / len(people)


def test_half_of_them_are_women(people: list[Person]) -> None:
    assert share(people, [person.sex == "F" for person in people]) == pytest.approx(0.503, abs=0.03)


def test_a_fifth_of_them_are_65_or_older(people: list[Person]) -> None:
    assert share(people, [person.age(UNTIL) >= 65 for person in people]) == pytest.approx(0.20, abs=0.03)


def test_from_eighty_on_there_are_fewer_people_of_each_age(people: list[Person]) -> None:
    fives = Counter(person.age(UNTIL) // 5 * 5 for person in people)
    assert fives[80] > 1.3 * fives[85] > 1.3 * fives[90] > 2 * fives[95]


def test_regions_have_their_real_share_of_the_population(people: list[Person]) -> None:
    shares = {"Hovedstaden": 0.32, "Sjælland": 0.14, "Syddanmark": 0.21, "Midtjylland": 0.23, "Nordjylland": 0.10}
    found = Counter(person.region.name.removeprefix("Region ") for person in people)
    assert {name: count / len(people) for name, count in found.items()} == pytest.approx(shares, abs=0.03)


def test_names_that_are_common_in_denmark_are_common(people: list[Person]) -> None:
    names = [name for name, _ in Counter(person.name.family for person in people).most_common(6)]
    assert {"Nielsen", "Jensen", "Hansen"} <= set(names)


def test_numbers_are_unique_and_cannot_belong_to_real_people(people: list[Person]) -> None:
    assert len({person.cpr for person in people}) == len(people)
    for person in people:
        assert cpr.birth_date(person.cpr) == person.birth
        assert cpr.sex(person.cpr) == person.sex
        assert not cpr.has_check_digit(person.cpr)


def test_the_tables_know_every_municipality_and_every_unit() -> None:
    authorities, sor = AuthorityTable(lenient=False), SorTable.built_in()
    assert len(geography.MUNICIPALITIES) == 98
    assert all(authorities.known(municipality.code) for municipality in geography.MUNICIPALITIES)
    for region in geography.REGIONS:
        assert is_cvr(region.custodian)
        assert region.author in sor
    assert geography.PRIVATE_HOSPITAL.unit in sor


def test_every_unit_is_invented_and_has_a_name_a_speciality_and_a_region() -> None:
    table, private = SorTable.built_in(), geography.PRIVATE_HOSPITAL
    wards = [(unit, region.code, region.custodian) for region in geography.REGIONS for unit in region.units.values()]
    for sor_id, region, owner in (*wards, (private.unit, table.region_of(private.unit), private.custodian)):
        unit = table.unit(sor_id)
        assert unit is not None, sor_id
        assert (has_form(sor_id), unit.is_made_up, unit.owner_cvr, table.region_of(sor_id)) == (True, True, owner, region)
        assert unit.name
        assert unit.specialities[0] in specialities()
        assert [table.unit(above) is not None for above in table.above(sor_id)] == [True, True]
        assert unit.has_psychiatric_speciality is ("sykiatri" in unit.name)


def test_every_reporting_organisation_is_a_listed_producer_with_a_name() -> None:
    table, private = SorTable.built_in(), geography.PRIVATE_HOSPITAL
    producers = SorProducers(table)
    assert [table.owner_name(region.custodian) for region in geography.REGIONS] == [region.name for region in geography.REGIONS]
    assert table.owner_name(private.custodian) == "Lindeparken A/S"
    for cvr, unit in (*((region.custodian, region.author) for region in geography.REGIONS), (private.custodian, private.unit)):
        assert producers.has_triple(cvr, cvr, unit), unit


def test_sor_has_no_real_identifier_in_the_range_of_invented_units() -> None:
    assert not [unit.sor_id for unit in SorTable({}, Packed("sor.csv.gz")) if unit.is_made_up]
    assert all(unit.is_made_up for unit in SorTable({}, Packed("sor_made_up.csv")))
