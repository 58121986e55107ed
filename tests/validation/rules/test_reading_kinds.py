"""Each kind of condition in Danish, and its opposite: one condition for each word of the algebra."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockregister.validation.editions import BUILT_IN
from mockregister.validation.rules import Rule
from mockregister.validation.rules.checks import (
    gap_or_overlap,
    invalid_at,
    invalid_between,
    invalid_during,
    named,
    never_valid_together,
    of_other_type_than,
    of_type_beyond,
    result,
)
from mockregister.validation.rules.danish import DANISH
from mockregister.validation.rules.expression import Condition, both, either, none_of, some, the
from mockregister.validation.rules.facts import Encounter, Episode, Fact, MainCondition, Patient, Procedure, Report
from mockregister.validation.rules.joins import no_member, of_kind, of_type, pairs, together, under, unless
from mockregister.validation.rules.reading import reading

NOT = "følgende gælder ikke: ({})"  # the opposite of a condition that has no words for it

KINDS: list[tuple[type[Fact], Condition, str, str]] = [
    (Encounter, the.end.given, "kontaktens sluttidspunkt er angivet", "kontaktens sluttidspunkt mangler"),
    (Encounter, the.end.missing, "kontaktens sluttidspunkt mangler", "kontaktens sluttidspunkt er angivet"),
    (Procedure, the.encounter.given, "proceduren hører til en kontakt", "proceduren hører ikke til en kontakt"),
    (
        Report,
        the.encounter.missing,
        "resultatindberetningen er ikke udløst af en kontakt",
        "resultatindberetningen er udløst af en kontakt",
    ),
    (Episode, the.link.given, "referencen findes", "referencen mangler"),
    (Encounter, the.stays.filled, "kontakten har opholdsadresser", "kontakten har ingen opholdsadresser"),
    (Encounter, the.stays.empty, "kontakten har ingen opholdsadresser", "kontakten har opholdsadresser"),
    (Report, result("RDA01", "RDA02").absent, "resultatet RDA01 eller RDA02 mangler", "resultatet RDA01 eller RDA02 findes"),
    (Report, result("RDA01").repeated, "resultatet RDA01 findes mere end én gang", "resultatet RDA01 findes højst én gang"),
    (
        Report,
        result("RDA01").not_just_one,
        "resultatet RDA01 findes ikke præcis én gang",
        "resultatet RDA01 findes præcis én gang",
    ),
    (
        Encounter,
        the.start < the.end,
        "kontaktens starttidspunkt er før kontaktens sluttidspunkt",
        "kontaktens starttidspunkt er ikke før kontaktens sluttidspunkt",
    ),
    (
        Encounter,
        the.start <= the.end,
        "kontaktens starttidspunkt er før eller samtidig med kontaktens sluttidspunkt",
        "kontaktens starttidspunkt er efter kontaktens sluttidspunkt",
    ),
    (
        Encounter,
        the.start > the.end,
        "kontaktens starttidspunkt er efter kontaktens sluttidspunkt",
        "kontaktens starttidspunkt er ikke efter kontaktens sluttidspunkt",
    ),
    (
        Encounter,
        the.start >= the.end,
        "kontaktens starttidspunkt er efter eller samtidig med kontaktens sluttidspunkt",
        "kontaktens starttidspunkt er før kontaktens sluttidspunkt",
    ),
    (
        Report,
        some(the.results, the.whole_number < 5),
        "for mindst ét af resultatindberetningens resultater gælder: resultatets værdi er mindre end 5",
        "for ingen af resultatindberetningens resultater gælder: resultatets værdi er mindre end 5",
    ),
    (
        Report,
        some(the.results, the.number <= 5),
        "for mindst ét af resultatindberetningens resultater gælder: resultatets værdi er højst 5",
        "for ingen af resultatindberetningens resultater gælder: resultatets værdi er højst 5",
    ),
    (
        Report,
        result("RDA01").above(5),
        "for mindst ét resultat RDA01 gælder: resultatets værdi er større end 5",
        "for intet resultat RDA01 gælder: resultatets værdi er større end 5",
    ),
    (
        Report,
        some(the.results, the.number >= 5),
        "for mindst ét af resultatindberetningens resultater gælder: resultatets værdi er mindst 5",
        "for ingen af resultatindberetningens resultater gælder: resultatets værdi er mindst 5",
    ),
    (
        Encounter,
        the.start.equals(the.end),
        "kontaktens starttidspunkt er lig med kontaktens sluttidspunkt",
        "kontaktens starttidspunkt er ikke lig med kontaktens sluttidspunkt",
    ),
    (
        Encounter,
        the.start.differs_from(the.end),
        "kontaktens starttidspunkt er ikke lig med kontaktens sluttidspunkt",
        "kontaktens starttidspunkt er lig med kontaktens sluttidspunkt",
    ),
    (MainCondition, the.code.text.equals("DZ039"), "aktionsdiagnosens kode er DZ039", "aktionsdiagnosens kode er ikke DZ039"),
    (MainCondition, the.code.text.is_not("DZ039"), "aktionsdiagnosens kode er ikke DZ039", "aktionsdiagnosens kode er DZ039"),
    (
        MainCondition,
        the.code.text.among("DZ039", "DZ038", "DZ037"),
        "aktionsdiagnosens kode er en af DZ039, DZ038 og DZ037",
        "aktionsdiagnosens kode er ingen af DZ039, DZ038 og DZ037",
    ),
    (
        MainCondition,
        the.code.text.not_among("DZ039", "DZ038"),
        "aktionsdiagnosens kode er ingen af DZ039 og DZ038",
        "aktionsdiagnosens kode er en af DZ039 og DZ038",
    ),
    (
        Patient,
        the.identifiers.has(the.born),
        "patientens id'er omfatter patientens fødselsdato",
        "patientens id'er omfatter ikke patientens fødselsdato",
    ),
    (
        Patient,
        the.identifiers.lacks(the.born),
        "patientens id'er omfatter ikke patientens fødselsdato",
        "patientens id'er omfatter patientens fødselsdato",
    ),
    (
        Encounter,
        the.type.inside("admin.konttype", at=the.start),
        "kontakttypen hører til kodelisten admin.konttype på kontaktens starttidspunkt",
        "kontakttypen hører ikke til kodelisten admin.konttype på kontaktens starttidspunkt",
    ),
    (
        Encounter,
        the.type.outside("admin.konttype", "spec.lateraldiag", during=the.period),
        "kontakttypen hører ikke til nogen af kodelisterne admin.konttype og spec.lateraldiag i kontaktens periode",
        "kontakttypen hører til en af kodelisterne admin.konttype og spec.lateraldiag i kontaktens periode",
    ),
    (
        MainCondition,
        the.metastases.inside("spec.lateraldiag", at=the.encounter.start),
        "mindst én af aktionsdiagnosens metastasekoder hører til kodelisten spec.lateraldiag på kontaktens starttidspunkt",
        NOT,
    ),
    (
        MainCondition,
        the.metastases.outside("spec.lateraldiag", at=the.encounter.start),
        "mindst én af aktionsdiagnosens metastasekoder hører ikke til kodelisten spec.lateraldiag på kontaktens starttidspunkt",
        NOT,
    ),
    (
        MainCondition,
        the.metastases.nowhere_in("spec.lateraldiag", at=the.encounter.start),
        "ingen af aktionsdiagnosens metastasekoder hører til kodelisten spec.lateraldiag på kontaktens starttidspunkt",
        "mindst én af aktionsdiagnosens metastasekoder hører til kodelisten spec.lateraldiag på kontaktens starttidspunkt",
    ),
    (
        Report,
        result("RDA01").inside("spec.lateraldiag"),
        "for mindst ét resultat RDA01 gælder: resultatets værdi hører til kodelisten spec.lateraldiag i årsagens periode",
        "for intet resultat RDA01 gælder: resultatets værdi hører til kodelisten spec.lateraldiag i årsagens periode",
    ),
    (
        Encounter,
        invalid_at(the.type, the.start),
        "kontakttypen gælder ikke på kontaktens starttidspunkt",
        "kontakttypen gælder på kontaktens starttidspunkt",
    ),
    (
        Encounter,
        invalid_during(the.type, the.period),
        "kontakttypen gælder ikke på noget tidspunkt i kontaktens periode",
        "kontakttypen gælder på et tidspunkt i kontaktens periode",
    ),
    (
        Encounter,
        invalid_between(the.type, the.start, the.end),
        "kontakttypen gælder ikke på noget tidspunkt fra kontaktens starttidspunkt til kontaktens sluttidspunkt",
        "kontakttypen gælder på et tidspunkt fra kontaktens starttidspunkt til kontaktens sluttidspunkt",
    ),
    (
        MainCondition,
        invalid_at(the.metastases, the.encounter.start),
        "mindst én af aktionsdiagnosens metastasekoder gælder ikke på kontaktens starttidspunkt",
        NOT,
    ),
    (
        MainCondition,
        never_valid_together(the.metastases, the.code),
        "mindst én af aktionsdiagnosens metastasekoder gælder aldrig samtidig med aktionsdiagnosens kode",
        NOT,
    ),
    (
        Encounter,
        gap_or_overlap(the.stays),
        "kontaktens opholdsadresser følger ikke hinanden uden huller og overlap",
        "kontaktens opholdsadresser følger hinanden uden huller og overlap",
    ),
    (
        Report,
        of_other_type_than("RDA01", "RDA02"),
        "der er et resultat af en anden type end RDA01 eller RDA02",
        "der er intet resultat af en anden type end RDA01 eller RDA02",
    ),
    (
        Report,
        of_type_beyond("RDA01", "RDA09"),
        "der er et resultat af en anden type end dem fra RDA01 til RDA09",
        "der er intet resultat af en anden type end dem fra RDA01 til RDA09",
    ),
    (Report, named("RAA01"), "resultatindberetningens navn er RAA01", "resultatindberetningens navn er ikke RAA01"),
    (Report, of_kind(the.condition, MainCondition), "diagnosen er en aktionsdiagnose", "diagnosen er ikke en aktionsdiagnose"),
    (
        Encounter,
        both(the.unit.psychiatric),
        "kontaktens ansvarlige enhed har psykiatrisk hovedspeciale",
        "kontaktens ansvarlige enhed har ikke psykiatrisk hovedspeciale",
    ),
    (Episode, both(the.link.same_patient), "referencen fører til samme patient", "referencen fører til en anden patient"),
    (
        Report,
        some(the.results, both(the.is_date_time)),
        "for mindst ét af resultatindberetningens resultater gælder: "
        "resultatets værdi er et gyldigt tidspunkt (ÅÅÅÅMMDDttmmss±ZZzz)",
        "for ingen af resultatindberetningens resultater gælder: resultatets værdi er et gyldigt tidspunkt (ÅÅÅÅMMDDttmmss±ZZzz)",
    ),
    (
        Encounter,
        some(the.stays, the.absence.given),
        "for mindst én af kontaktens opholdsadresser gælder: opholdsadressens fravær er angivet",
        "for ingen af kontaktens opholdsadresser gælder: opholdsadressens fravær er angivet",
    ),
    (
        Encounter,
        none_of(the.stays, the.absence.given),
        "for ingen af kontaktens opholdsadresser gælder: opholdsadressens fravær er angivet",
        "for mindst én af kontaktens opholdsadresser gælder: opholdsadressens fravær er angivet",
    ),
    (
        Encounter,
        both(the.end.given, the.reason.missing, the.type.given),
        "kontaktens sluttidspunkt er angivet, og kontaktårsagen mangler, og kontakttypen er angivet",
        NOT,
    ),
    (
        Encounter,
        either(the.end.given, the.reason.missing, the.type.given),
        "kontaktens sluttidspunkt er angivet, eller kontaktårsagen mangler, eller kontakttypen er angivet",
        NOT,
    ),
    (
        Encounter,
        both(the.end.given, either(the.reason.given, the.type.given)),
        "kontaktens sluttidspunkt er angivet, og (kontaktårsagen er angivet, eller kontakttypen er angivet)",
        NOT,
    ),
    (
        Encounter,
        either(the.end.given, both(the.reason.given, the.type.given)),
        "kontaktens sluttidspunkt er angivet, eller (kontaktårsagen er angivet, og kontakttypen er angivet)",
        NOT,
    ),
    (
        Encounter,
        under(the.episode, the.end.given),
        "forløbselementets sluttidspunkt er angivet",
        "forløbselementets sluttidspunkt mangler",
    ),
    (
        Encounter,
        the.start.plus(days=7, minutes=30) < the.end,
        "7 dage 30 minutter efter kontaktens starttidspunkt er før kontaktens sluttidspunkt",
        "7 dage 30 minutter efter kontaktens starttidspunkt er ikke før kontaktens sluttidspunkt",
    ),
    (
        Episode,
        the.reported < the.now,
        "dokumentets dannelsestidspunkt er før nu",
        "dokumentets dannelsestidspunkt er ikke før nu",
    ),
    (
        Encounter,
        some(pairs(the.stays), the.this.start < the.outer.end),
        "for mindst én af kontaktens opholdsadresser gælder: opholdsadressens starttidspunkt er før kontaktens sluttidspunkt",
        "for ingen af kontaktens opholdsadresser gælder: opholdsadressens starttidspunkt er før kontaktens sluttidspunkt",
    ),
    (
        Encounter,
        the.start.day() < the.episode.patient.born,
        "datoen for kontaktens starttidspunkt er før patientens fødselsdato",
        "datoen for kontaktens starttidspunkt er ikke før patientens fødselsdato",
    ),
    (
        Encounter,
        no_member(together([the.payments, the.stays])),
        "kontaktens betalingsoplysninger og kontaktens opholdsadresser mangler",
        "kontaktens betalingsoplysninger og kontaktens opholdsadresser findes",
    ),
    (Report, no_member(of_type(the, ("RDA01",))), "resultatet RDA01 mangler", "resultatet RDA01 findes"),
]


def words_in(condition: Condition) -> Iterator[tuple[str, bool]]:
    """Yield the words of a condition and of its parts, each with whether it is about literal values."""
    yield condition.word, bool(condition.values)
    for part in condition.parts:
        yield from words_in(part)


@pytest.mark.parametrize(("on", "condition", "so", "not_so"), KINDS, ids=lambda value: getattr(value, "reads", ""))
def test_each_kind_of_condition_and_its_opposite_are_worded_in_danish(
    on: type[Fact], condition: Condition, so: str, not_so: str
) -> None:
    rules = (Rule("99.01", 9901, "En regel.", on=on, violated=said) for said in (condition, unless(condition)))
    assert [reading(rule, DANISH) for rule in rules] == [so, not_so.format(so)]


def test_the_tested_kinds_of_conditions_are_all_that_rules_use() -> None:
    of_rules = {word for edition in BUILT_IN.values() for rule in edition.rules for word in words_in(rule.violated)}
    assert of_rules <= {word for _, condition, *_ in KINDS for word in words_in(condition)}
