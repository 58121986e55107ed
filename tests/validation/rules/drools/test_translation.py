"""Published conditions are translated and evaluated on courses of treatment."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockregister.validation.rules.drools.parser import ConditionError, parse
from mockregister.validation.rules.drools.syntax import written
from mockregister.validation.rules.drools.translation import translate
from tests.validation.rules.drools.mutants import mutant
from tests.validation.rules.drools.naive import places
from tests.validation.rules.sessions import a_session, found, kinds, sessions

SAMPLES = (
    "when ForloebElement( afslutningsmaade == null && harSlutTidspunkt()) then",
    "when F : ForloebElement( reference != null, reference.forloebElement.patient.erSammePatient(F.patient) != true ) then",
    "when P : Patient( foedselsdato != null ) Henvisning( tidspunkt != null , tidspunkt.toLocalDate() < P.foedselsdato ) then",
    "when P : Patient( ) Procedure( startTidspunkt.minusDays(90).toLocalDate() <= P.foedselsdato ) then",
    "when UofficielBopael( landeKode.kode in ( '5100', '5902' ), kommuneKode.kode not in ( '0851' ) ) then",
    "when K : Kontakt( KS : slutTidspunkt ) (Diagnose( kode.primaerKode.kodelisterPaaDato(KS) contains 'diag' ) "
    "from K.bidiagnoser) then",
    "when K : Kontakt( ) not ( OpholdAdresse( startTidspunkt == K.startTidspunkt ) from K.opholdAddresser ) then",
    "when K : Kontakt( harSlutTidspunkt() ) ( BetalingOplysning( slutTidspunkt < K.slutTidspunkt ) or "
    "OpholdAdresse( slutTidspunkt < K.slutTidspunkt ) from K.opholdAddresser ) then",
    "when D : Diagnose( ) K : Kontakt( aktionDiagnose == ( D ) || bidiagnoser contains D, startTidspunkt > D.kode.primaerKode."
    "gyldigTilDato || slutTidspunkt < D.kode.primaerKode.gyldigFraDato ) then",
    "when D : Diagnose( ) (SksKode( gyldigFraDato > D.kode.primaerKode.gyldigTilDato ) from D.kode.tillaegsKoder) then",
    "when P : Procedure( ) Kontakt( procedurer contains P && startTidspunkt > P.startTidspunkt ) then",
    "when P : Procedure( betalingOplysning == null ) ForloebElement( procedurer contains P ) then",
    "when K : Kontakt( A : aktionDiagnose != null || B : bidiagnoser != null ) ResultatIndberetning( diagnose != null , "
    "diagnose == ( A ) || diagnose == ( B ) , navn.gyldigTilDato < K.startTidspunkt ) then",
    "when K : Kontakt( A : aktionDiagnose ) not ( ResultatIndberetning( diagnose == A ) ) then",
    "when P : Procedure( ) ( Procedure( this == P , harResultatIndberetning('RAA07') == false ) or "
    "ResultatIndberetning( indberetningAarsag == P , status.kodelisterPaaDato(aarsagStartTidspunkt) not contains 'a' ) ) then",
    "when RI : ResultatIndberetning( navn.kode == 'RAA01' , Resultater : resultater) Set( size() != 1 ) from collect ( "
    "(Resultat( type.kode == 'RDA01' || type.kode == 'RDA04' ) from Resultater) ) then",
    "when RI : ResultatIndberetning( procedure == null, S : aarsagStartTidspunkt ) ( R : Resultat( vaerdiSomHeltal() > 1, "
    "vaerdiSomSksKode().kodelisterIndenforPeriode(S, S) not contains 'diag' ) from RI.resultater ) then",
    "when K : Kontakt( ) M : Kontakt( this != K, startTidspunkt < K.slutTidspunkt, slutTidspunkt > K.startTidspunkt ) then",
    "when Kontakt( opholdsadresserFoelgerHinandenUdenOverlapEllerSlip() == true, (harSlutTidspunkt() || opholdAddresser.empty) "
    "== false ) then",
    "when F : ForloebElement( forloebMarkoere.empty, T : startTidspunkt ) Set( size() < 1 ) from collect ( ( Kontakt( "
    "startTidspunkt >= T.plusDays(6) ) or Procedure( startTidspunkt > T ) ) ) then",
    "when Kontakt( resultatIndberetning != null, resultatIndberetning.navn.kode == 'RAA05' ) then",
    "when not ( Henvisning( maade == null ) ) P : Procedure( ) then",
    "when Procedure( S : startTidspunkt ) K : Kontakt( startTidspunkt <= S ) then",
    "when ( A : Kontakt( type != null ) or B : Procedure( sideAngivelse == null ) ) then",
    "when R : ResultatIndberetning( ) K : Kontakt( ) from R.indberetningAarsag then",
    "when D : Diagnose( ) M : SksKode( harGyldigTilDato() ) from D.metastaser then",
)
"""Conditions that use all of the notation."""


@pytest.mark.parametrize("condition", SAMPLES)
def test_a_condition_finds_the_same_as_trying_every_combination(condition):
    for session in sessions():
        assert {id(fact) for fact in found(condition, session)} == places(parse(condition), session)


@settings(max_examples=300)
@given(st.sampled_from(SAMPLES), st.randoms(use_true_random=False), st.data())
def test_a_changed_condition_finds_the_same_as_trying_every_combination(condition, random, data):
    changed = written(mutant(parse(condition), random))
    try:
        translation = translate(changed)
    except ConditionError:
        return  # the change removed the part that binds a used name
    session = data.draw(st.sampled_from(sessions()))
    assert {id(fact) for fact in found(translation, session)} == places(parse(changed), session), changed


@pytest.mark.parametrize("condition", SAMPLES)
def test_a_condition_is_written_in_words(condition):
    assert translate(condition).violated.reads


# the place of a finding


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ("when Kontakt( ) (P : OpholdAdresse( )) then", "Stay"),
        ("when Kontakt( ) OpholdAdresse( ) then", "Encounter"),
        ("when not ( X : Procedure( ) ) Kontakt( ) then", "Encounter"),
        ("when not ( X : Procedure( ) ) then", "Episode"),
        ("when D : Diagnose( ) S : SksKode( ) from D.metastaser then", "AnyCondition"),
        ("when Set( size() == 0 ) from collect ( Procedure( ) ) then", "Episode"),
    ],
)
def test_a_finding_is_placed_at_the_first_named_pattern_or_else_at_the_first(condition, kind):
    assert translate(condition).on.__name__ == kind


def test_a_finding_is_placed_at_the_alternative_that_matches():
    condition = "when ( K : Kontakt( type == null ) or S : OpholdAdresse( ) ) then"
    assert kinds(condition, a_session()) == ["Stay"]
    assert kinds("when ( K : Kontakt( ) or S : OpholdAdresse( ) ) then", a_session()) == ["Encounter", "Stay"]


# missing values


@pytest.mark.parametrize(
    ("constraint", "holds"),
    [
        ("slutTidspunkt == null", True),
        ("slutTidspunkt != null", False),
        ("slutTidspunkt != startTidspunkt", True),
        ("slutTidspunkt < startTidspunkt", False),
        ("slutTidspunkt >= startTidspunkt", False),
        ("slutTidspunkt < null", False),
        ("kontaktAarsag.kode == null", False),
        ("kontaktAarsag.kode != 'A'", False),
        ("kontaktAarsag.kode not in ( 'A' )", False),
        ("kontaktAarsag.kodelisterPaaDato(startTidspunkt) not contains 'diag'", False),
        ("type.kodelisterPaaDato(slutTidspunkt) not contains 'admin.konttype'", True),
        ("type.kodelisterPaaDato(slutTidspunkt) contains 'admin.konttype'", False),
        ("type.kodelisterIndenforPeriode(startTidspunkt, slutTidspunkt) contains 'admin.konttype'", True),
        ("kontaktAarsag.harGyldigTilDato() == false", False),
        ("X : kontaktAarsag.gyldigTilDato, X == null", True),
        ("slutTidspunkt.plusDays(1) == null", False),
        ("X : slutTidspunkt.plusDays(1), X == null", True),
        ("aktionDiagnose.lokalRecidiver.empty", True),
        ("harSlutTidspunkt() == false", True),
        ("harSlutTidspunkt() != false", False),
        ("X : slutTidspunkt", True),
        ("X : slutTidspunkt || type == null", True),
        ("(type == null) == false", True),
    ],
)
def test_missing_values_are_treated_as_the_notation_says(constraint, holds):
    session = a_session(encounter__end=None, encounter__reason=None)
    assert bool(found(f"when K : Kontakt( {constraint} ) then", session)) is holds


def test_a_text_that_is_not_a_number_counts_as_missing():
    session = a_session("mother", report__RDA22="mange")
    assert kinds("when Resultat( type.kode == 'RDA22', vaerdiSomHeltal() == null ) then", session) == ["Result"]
    assert not found("when Resultat( type.kode == 'RDA22', vaerdiSomHeltal() < 5 ) then", session)


def test_a_whole_number_equals_a_decimal_of_the_same_value():
    session = a_session("mother", report__RDA22="2")
    assert found("when Resultat( type.kode == 'RDA22', vaerdiSomHeltal() == 2.0, vaerdiSomDecimaltal() == 2 ) then", session)


def test_an_unknown_list_has_no_members():
    condition = "when K : Kontakt( type.kodelisterPaaDato(startTidspunkt) {} 'no.such.list' ) then"
    assert found(condition.format("not contains"), a_session())
    assert not found(condition.format("contains"), a_session())
    assert translate(condition.format("contains")).violated.lists == ("no.such.list",)


def test_a_linked_episode_is_reached_only_through_the_reference():
    session = a_session("planned", link={}, **{"linked episode": {}})
    linked = "when F : ForloebElement( reference.forloebElement.startTidspunkt < F.startTidspunkt ) then"
    assert kinds(linked, session) == ["Episode"]
    assert not found("when F : ForloebElement( L : reference.forloebElement ) ForloebElement( this == L ) then", session)


# mistakes in a list


@pytest.mark.parametrize(
    ("condition", "at", "expected"),
    [
        ("when Kontakter( ) then", 6, "a type (Patient,"),
        ("when Kontakt( slut == null ) then", 15, "a field of Kontakt (startTidspunkt,"),
        ("when Kontakt( X.slutTidspunkt == null ) then", 15, "or a name bound before"),
        ("when Kontakt( X == null, X : type ) then", 15, "or a name bound before"),
        ("when Kontakt( ) from X.y then", 22, "a name bound before"),
        ("when Kontakt( ) from bidiagnoser then", 22, "a name bound before"),
        ("when Kontakt( harSlut() ) then", 15, "a function of Kontakt (harStartTidspunkt,"),
        ("when Kontakt( slutTidspunkt.plusHours(1) == null ) then", 29, "a function of a moment (toLocalDate,"),
        ("when Kontakt( slutTidspunkt.plusDays() == null ) then", 29, "plusDays with 1 argument"),
        ("when Kontakt( slutTidspunkt.plusDays('x') == null ) then", 38, "a number as argument of plusDays, not a text"),
        ("when Kontakt( type == 'ALCA00' ) then", 23, "SksKode to compare with, not a text"),
        ("when Kontakt( startTidspunkt < '2019' ) then", 32, "a moment to compare with, not a text"),
        ("when Kontakt( startTidspunkt.toLocalDate() < startTidspunkt ) then", 46, "a date to compare with, not a moment"),
        ("when Kontakt( type < type ) then", 15, "a moment, a date, a text or a number to put in order, not SksKode"),
        ("when K : Kontakt( ) Diagnose( this == K ) then", 39, "Diagnose to compare with, not Kontakt"),
        ("when Kontakt( type contains 'x' ) then", 15, "a list before 'contains', not SksKode"),
        ("when Kontakt( bidiagnoser contains 'x' ) then", 36, "Diagnose, not a text"),
        ("when Kontakt( type.kode in ( 1 ) ) then", 30, "a text to compare with, not a number"),
        ("when Kontakt( type ) then", 15, "a value that is true or false, or a comparison; this is SksKode"),
        ("when SksKode( ) then", 6, "a type that is found without 'from'; SksKode is not"),
        ("when K : Kontakt( ) Procedure( ) from K.bidiagnoser then", 21, "Diagnose, as K.bidiagnoser is a list of Diagnose"),
        ("when Set( size() > 1 ) then", 6, "Set( … ) from collect( … ), each only with the other"),
        ("when Kontakt( ) from collect ( Kontakt( ) ) then", 6, "Set( … ) from collect( … ), each only with the other"),
        ("when Kontakt( startTidspunkt > OffsetDateTime.later() ) then", 32, "OffsetDateTime.now()"),
        ("when not ( K : Kontakt( ) ) Procedure( startTidspunkt > K.startTidspunkt ) then", 57, "or a name bound before"),
        ("when ( K : Kontakt( ) or P : Patient( ) ) Diagnose( K == null ) then", 53, "or a name bound before"),
    ],
)
def test_a_mistake_in_a_condition_is_reported_with_its_place(condition, at, expected):
    with pytest.raises(ConditionError) as caught:
        translate(condition)
    assert caught.value.at + 1 == at
    assert expected in caught.value.expected


def test_too_many_alternatives_are_refused():
    choice = " or ".join(f"A{number} : Kontakt( )" for number in range(70))
    with pytest.raises(ConditionError, match="no more than 64 alternatives"):
        translate(f"when ( {choice} ) then")
