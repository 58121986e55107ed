"""Conditions are written in Danish: every rule, and every word of the algebra."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from mockregister.validation.editions import BUILT_IN
from mockregister.validation.rules import Rule
from mockregister.validation.rules.checks import result
from mockregister.validation.rules.danish import DANISH
from mockregister.validation.rules.expression import Condition, both, either, some, the
from mockregister.validation.rules.facts import Encounter, Episode, Fact, MainCondition, Procedure, Report
from mockregister.validation.rules.joins import those_of, unless
from mockregister.validation.rules.published import read_list, rules_of
from mockregister.validation.rules.reading import looked_at, reading, reading_of_path

LISTS = Path(__file__).parents[4] / "shared" / "reference" / "rules" / "editions"
ENGLISH = re.compile(r"\b(is|of|the|not|has|and|or|none|some|where|it|given|missing|during|every|this|those|day)\b|[_≤≥≠<>]")
CODE = re.compile(r"\b[a-z]+\.[a-z_.]+\b")


def said(on: type[Fact], violated: Condition, key: str = "") -> str:
    return reading(Rule("99.01", 9901, "En regel.", on=on, key=key, violated=violated), DANISH)


def english_in(rules: Iterable[Rule]) -> dict[str, str]:
    """Return the rules whose reading has an English word, or an attribute of the model, in it."""
    found = {}
    for rule in rules:
        paths = [path for path in (rule.stands_at, rule.error_by) if path is not None]
        told = " | ".join(
            [reading(rule, DANISH), looked_at(rule, DANISH), *(reading_of_path(rule, path, DANISH) for path in paths)]
        )
        if ENGLISH.search(CODE.sub("", told)):
            found[rule.id] = told
    return found


@pytest.mark.parametrize("edition", BUILT_IN)
def test_every_condition_is_written_in_danish(edition: str) -> None:
    assert not english_in(BUILT_IN[edition].rules)


@pytest.mark.skipif(not LISTS.is_dir(), reason="../shared/reference is not on this machine")
@pytest.mark.parametrize("name", ["2018-06-13", "2018-09-12", "practice"])
def test_every_published_condition_is_written_in_danish(name: str) -> None:
    assert not english_in(rules_of(read_list(LISTS / f"{name}.csv")))


def test_times_and_owners_are_written_in_a_coders_words() -> None:
    assert said(Encounter, the.end <= the.start) == "kontaktens sluttidspunkt er før eller samtidig med kontaktens starttidspunkt"
    assert said(Encounter, the.unit.closed < the.start) == (
        "kontaktens ansvarlige enheds lukkedato er før kontaktens starttidspunkt"
    )
    assert said(Encounter, the.start.plus(minutes=1).differs_from(the.end)) == (
        "1 minut efter kontaktens starttidspunkt er ikke lig med kontaktens sluttidspunkt"
    )
    assert said(Episode, the.start <= the.link.episode.start) == (
        "forløbselementets starttidspunkt er før eller samtidig med det refererede forløbselements starttidspunkt"
    )
    assert said(Procedure, the.start.plus(days=-90).day() <= the.patient.born) == (
        "datoen 90 dage før procedurens starttidspunkt er før eller samtidig med patientens fødselsdato"
    )


def test_codes_are_written_with_their_lists_and_their_time() -> None:
    assert said(MainCondition, the.side.outside("spec.lateraldiag", during=the.encounter.period)) == (
        "aktionsdiagnosens sideangivelse hører ikke til kodelisten spec.lateraldiag i kontaktens periode"
    )
    assert said(Procedure, the.code.outside("proc.act", "proc.opr", at=the.start)) == (
        "procedurekoden hører ikke til nogen af kodelisterne proc.act og proc.opr på procedurens starttidspunkt"
    )


def test_a_thing_is_compared_with_one_or_several() -> None:
    assert said(Report, the.condition.equals(the.encounter.main_condition)) == "diagnosen er den samme som aktionsdiagnosen"
    assert said(Report, the.condition.equals(the.encounter.minor_conditions)) == "diagnosen er en af kontaktens bidiagnoser"


def test_joined_parts_have_brackets_inside_a_part_joined_by_the_other_word() -> None:
    assert said(Encounter, both(the.end.given, either(the.reason.missing, the.stays.empty))) == (
        "kontaktens sluttidspunkt er angivet, og (kontaktårsagen mangler, eller kontakten har ingen opholdsadresser)"
    )


def test_a_condition_on_members_has_brackets_if_more_follows() -> None:
    inner = some(the.stays, the.start < the.encounter.start)
    told = "for mindst én af kontaktens opholdsadresser gælder: opholdsadressens starttidspunkt er før kontaktens starttidspunkt"
    assert said(Encounter, both(the.end.given, inner)) == f"kontaktens sluttidspunkt er angivet, og {told}"
    assert said(Encounter, both(inner, the.end.given)) == f"({told}), og kontaktens sluttidspunkt er angivet"


def test_results_are_named_by_their_type() -> None:
    assert said(Report, result("RDA01").absent, "RAA01") == "resultatet RDA01 mangler"
    assert said(Report, result("RDA32").above(1), "RAA03") == (
        "for mindst ét resultat RDA32 gælder: resultatets værdi er større end 1"
    )


def test_the_opposite_of_a_condition_has_its_own_words() -> None:
    assert said(Encounter, unless(the.end.given)) == "kontaktens sluttidspunkt mangler"
    assert said(Encounter, unless(both(the.end.given, the.reason.given))) == (
        "følgende gælder ikke: (kontaktens sluttidspunkt er angivet, og kontaktårsagen er angivet)"
    )
    assert said(Encounter, both(the.unit.psychiatric)) == "kontaktens ansvarlige enhed har psykiatrisk hovedspeciale"
    assert said(Encounter, unless(both(the.unit.psychiatric))) == "kontaktens ansvarlige enhed har ikke psykiatrisk hovedspeciale"


def test_a_clause_about_some_members_ends_with_a_comma_unless_it_ends_the_sentence() -> None:
    stay = "dem af kontaktens opholdsadresser, hvor opholdsadressens sluttidspunkt mangler"
    ended = those_of(the.stays, the.end.missing)
    assert said(Encounter, some(ended, the.unit.given)) == f"for mindst én af {stay}, gælder: opholdsadressens enhed er angivet"
    assert said(Encounter, both(some(ended, the.unit.given), the.end.given)).startswith(f"(for mindst én af {stay}, gælder: ")
    assert said(Encounter, ended.has(the.main_condition)) == f"{stay}, omfatter aktionsdiagnosen"
    assert said(Encounter, the.main_condition.equals(ended)) == f"aktionsdiagnosen er en af {stay}"
