"""A finding is reported for every code, unit and number that the national registers do not know."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from mockregister.model import CPR, ClinicalDocument, Code, Identifier
from tests.builders import (
    a_condition,
    a_document,
    a_marker,
    a_nullification,
    a_patient,
    a_payment,
    a_procedure,
    a_referral,
    a_referral_reason,
    a_residence,
    a_result,
    a_stay,
    an_absence,
    an_alternatively_identified_patient,
    an_encounter,
    an_episode,
    an_indication,
    an_organizer,
    at,
    external,
    internal,
    the_next_document,
)
from tests.register.desk import CONDITION, ENCOUNTER, EPISODE, MARKER, Desk, key

WRONG = Code("???")
VISIT = ("2019-05-02T08:00+02:00", "2019-05-02T12:00+02:00")
START = ("2019-05-01T10:00+02:00", "")
SCAN = ("2019-05-02T09:00+02:00", "2019-05-02T09:30+02:00")
REFERRED = ("2019-04-30T12:00+02:00",) * 2
MARKED = ("2019-05-01T10:00+02:00",) * 2
ON_CONDITION = {"cause": internal(CONDITION, "condition")}


def a_document_with(**fields: object) -> ClinicalDocument:
    """Return a document with an episode, an encounter, a condition and a procedure, unless the test gives other entries."""
    defaults = {
        "episodes": [an_episode()],
        "encounters": [an_encounter()],
        "conditions": [a_condition()],
        "procedures": [a_procedure()],
    }
    return a_document(**{**defaults, **fields})


@pytest.mark.parametrize(
    ("fields", "period"),
    [
        ({"episodes": [an_episode(label=WRONG)]}, START),
        ({"episodes": [an_episode(completion=WRONG)]}, START),
        ({"episodes": [an_episode(markers=[a_marker(code=WRONG)])]}, MARKED),
        ({"episodes": [an_episode(markers=[a_marker(None, code=WRONG, time=None)])]}, START),
        ({"episodes": [an_episode(referral=a_referral(origin=WRONG))]}, REFERRED),
        ({"episodes": [an_episode(referral=a_referral(free_choice=WRONG, time=None))]}, START),
        ({"episodes": [an_episode(referral=a_referral(reason=a_referral_reason("DJ189", "???")))]}, REFERRED),
        ({"encounters": [an_encounter(type=WRONG)]}, VISIT),
        ({"encounters": [an_encounter(priority=WRONG)]}, VISIT),
        ({"encounters": [an_encounter(reason=WRONG)]}, VISIT),
        ({"encounters": [an_encounter(stays=[an_absence(absence=WRONG, end=None)])]}, (VISIT[0], "")),
        ({"encounters": [an_encounter(payments=[a_payment(payer=WRONG)])]}, VISIT),
        ({"encounters": [an_encounter(payments=[a_payment(agreement=WRONG, start=None, end=None)])]}, VISIT),
        ({"conditions": [a_condition(code=WRONG)]}, VISIT),
        ({"conditions": [a_condition(supplementary=[WRONG])]}, VISIT),
        ({"conditions": [a_condition(metastases=[WRONG])]}, VISIT),
        ({"conditions": [a_condition(recurrences=[WRONG])]}, VISIT),
        ({"conditions": [a_condition(side=WRONG)]}, VISIT),
        ({"procedures": [a_procedure(code=WRONG)]}, SCAN),
        ({"procedures": [a_procedure(code=WRONG, start=None, end=None)]}, VISIT),
        ({"procedures": [a_procedure(contrast=WRONG)]}, SCAN),
        ({"procedures": [a_procedure(indication=an_indication("DI109", "???"))]}, SCAN),
        ({"organizers": [an_organizer(status=WRONG)]}, VISIT),
        ({"organizers": [replace(an_organizer(**ON_CONDITION), name=WRONG)]}, VISIT),
        ({"organizers": [an_organizer(results=[a_result("???")])]}, VISIT),
        ({"organizers": [an_organizer(results=[a_result("???", time=at("2019-05-01 10:00"))])]}, MARKED),
        (
            {
                "episodes": [an_episode(markers=[a_marker()])],
                "organizers": [replace(an_organizer(cause=internal(MARKER, "marker")), name=WRONG)],
            },
            MARKED,
        ),
    ],
)
def test_an_unknown_code_is_reported_with_its_period_fact_152(
    desk: Desk, fields: dict[str, object], period: tuple[str, str]
) -> None:
    [violation] = desk.violations(a_document_with(**fields))
    assert (violation.code, violation.params) == ("SKS_CODE_NOT_FOUND", ("???", *period))
    assert violation.at is WRONG or violation.at == WRONG


def test_the_period_may_come_from_a_stored_owner(desk: Desk) -> None:
    desk.hand_in(a_document_with())
    condition = a_condition("new", main=False, code=WRONG, encounter=external(ENCOUNTER, "encounter"))
    [violation] = desk.violations(the_next_document(conditions=[condition]))
    assert violation.params == ("???", *VISIT)


def test_times_are_reported_with_the_offset_that_was_sent(desk: Desk) -> None:
    winter = datetime(2018, 11, 7, 16, 43, 12, tzinfo=timezone(timedelta(hours=-5)))
    [violation] = desk.violations(a_document_with(episodes=[an_episode(label=WRONG, start=winter, end=winter)]))
    assert violation.params == ("???", "2018-11-07T16:43-05:00", "2018-11-07T16:43-05:00")


def test_a_sor_number_is_not_an_sks_code_fact_101(desk: Desk) -> None:
    payment = a_payment(payer=Code("6101000016001"))
    [violation] = desk.violations(a_document_with(encounters=[an_encounter(payments=[payment])]))
    assert violation.params[0] == "6101000016001"


def test_a_known_code_that_is_not_valid_then_is_left_to_the_business_rules_fact_113(desk: Desk) -> None:
    before_sks = datetime(1950, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    assert desk.hand_in(a_document_with(episodes=[an_episode(start=before_sks)])) == []


def test_every_unknown_code_is_reported(desk: Desk) -> None:
    document = a_document_with(conditions=[a_condition(code=WRONG, side=Code("TUL99")), a_condition("b", main=False, kind=WRONG)])
    codes = [violation.params[0] for violation in desk.violations(document)]
    assert codes.count("???") == 2


UNITS = {
    "99999999999999": "SOR_ORG_UNIT_NOT_FOUND",
    str(2**63 - 1): "SOR_ORG_UNIT_NOT_FOUND",
    str(2**63): "SOR_IDENTIFIER_INVALID",
    "9" * 5000: "SOR_IDENTIFIER_INVALID",
    "276231000016004x": "SOR_IDENTIFIER_INVALID",
}


@pytest.mark.parametrize(("number", "code"), UNITS.items())
@pytest.mark.parametrize(
    ("place", "attribute"),
    [
        (lambda number: {"episodes": [an_episode(responsible_unit=number)]}, "responsible_unit"),
        (lambda number: {"episodes": [an_episode(referral=a_referral(referrer=number))]}, "referrer"),
        (lambda number: {"encounters": [an_encounter(responsible_unit=number)]}, "responsible_unit"),
        (lambda number: {"encounters": [an_encounter(stays=[a_stay(unit=number)])]}, "unit"),
        (lambda number: {"procedures": [a_procedure(producer=number)]}, "producer"),
        (lambda number: {"organizers": [an_organizer(responsible_unit=number)]}, "responsible_unit"),
    ],
)
def test_an_unknown_unit_is_reported(desk: Desk, place: object, attribute: str, number: str, code: str) -> None:
    [violation] = desk.violations(a_document_with(**place(number)))  # type: ignore[operator]
    assert (violation.code, violation.params, violation.attribute) == (code, (number,), attribute)


@pytest.mark.parametrize(("field", "value"), [("country", "DaneTranslated"), ("municipality", "9999")])
def test_an_unknown_authority_code_of_a_residence_is_reported_facts_65_131_169(desk: Desk, field: str, value: str) -> None:
    patient = a_patient(residences=(a_residence(**{field: value}),))
    [violation] = desk.violations(a_document(patient=patient))
    assert (violation.code, violation.params) == ("MYNDIGHED_CODE_NOT_FOUND", (value,))
    assert (violation.at, violation.attribute) == (patient.residences[0], field)


def test_the_code_for_an_unknown_municipality_is_accepted_fact_131(desk: Desk) -> None:
    residence = a_residence(municipality="0009", country="5999", street=(), postal_code="", city="")
    assert desk.hand_in(a_document(patient=an_alternatively_identified_patient(residences=(residence,)))) == []


# who the patient is


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("3102489996", "INVALID_CPR_NUMBER"),
        ("251248999", "INVALID_CPR_NUMBER"),
        ("9913489996", "INVALID_REPLACEMENT_CPR_NUMBER"),
    ],
)
def test_a_cpr_number_with_an_impossible_date_is_reported_fact_87(desk: Desk, number: str, code: str) -> None:
    [violation] = desk.violations(a_document(patient=a_patient(number)))
    assert (violation.code, violation.params, violation.attribute) == (code, (), "cpr")


def test_the_gender_must_agree_with_the_cpr_number(desk: Desk) -> None:
    assert desk.hand_in(a_document(patient=a_patient(gender="M"))) == ["GENDERS_MISMATCH"]
    assert desk.violations(a_document(patient=a_patient(gender="F"))) == []
    assert desk.violations(a_document(patient=a_patient(gender="UN"))) == []


def test_the_birth_date_must_agree_with_the_cpr_number(desk: Desk) -> None:
    assert desk.hand_in(a_document(patient=a_patient(birth_time=at("1948-12-24 00:00")))) == ["BIRTH_DATES_MISMATCH"]
    assert desk.violations(a_document(patient=a_patient(birth_time=at("1948-12-25 23:59")))) == []
    in_greenwich = datetime(1948, 12, 24, 23, 30, tzinfo=timezone(timedelta(0)))
    assert desk.violations(a_document(patient=a_patient(birth_time=in_greenwich))) == []


def test_a_code_of_another_system_is_not_looked_up(desk: Desk) -> None:
    assert desk.violations(a_document_with(conditions=[a_condition(code=Code("???", "", "1.2.3"))])) == []


def test_a_patient_must_have_an_id(desk: Desk) -> None:
    assert desk.hand_in(a_document(patient=a_patient(""))) == ["CPR_NUMBER_MISSING"]


def test_an_alternative_id_of_the_cpr_system_is_reported_fact_41(desk: Desk) -> None:
    patient = an_alternatively_identified_patient(alternative_ids=(Identifier(CPR, "2512489996"),))
    [violation] = desk.violations(a_document(patient=patient))
    assert violation.code == "ALTERNATIVE_IDENTIFIER_WITH_CPR_SYSTEMID_NOT_ALLOWED"
    assert violation.at is patient.alternative_ids[0]


def test_a_replacement_number_must_have_the_form_of_its_system(desk: Desk) -> None:
    patient = an_alternatively_identified_patient("not a number")
    [violation] = desk.violations(a_document(patient=patient))
    assert (violation.code, violation.params) == ("INVALID_REPLACEMENT_NUMBER", ())


def test_a_custodian_must_have_a_cvr_number(desk: Desk) -> None:
    [violation] = desk.violations(a_document(custodian="12345678"))
    assert (violation.code, violation.params, violation.attribute) == ("INVALID_CVR_NUMBER", (), "custodian")


def test_an_alternative_id_is_linked_to_the_cpr_number_that_it_comes_with_fact_34(desk: Desk) -> None:
    alternative = an_alternatively_identified_patient()
    desk.hand_in(a_document(patient=alternative, episodes=[an_episode()]))
    both = replace(alternative, cpr="2512489996")
    other = "0F1E2D3C-0000-5000-8000-000000000001"
    assert desk.hand_in(a_document(set_id=other, name="link", patient=both)) == []
    tree = desk.tree()
    assert tree is not None
    assert tree.patient == both


# edited by hand


TAKEN_BACK = a_nullification(EPISODE, "episode")
NEW_VISIT = an_encounter("new", episode=external(EPISODE, "episode"))
AGAIN = an_episode(replaces=external(EPISODE, "episode"))
SCAN_BELOW = a_procedure("new", owner=external(ENCOUNTER, "encounter"))


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"episodes": [AGAIN]}, AGAIN),
        ({"nullified": [TAKEN_BACK]}, TAKEN_BACK.target),
        ({"encounters": [NEW_VISIT]}, NEW_VISIT.episode),
        ({"procedures": [SCAN_BELOW]}, None),
    ],
    ids=["replaced", "taken back", "added to", "added to below"],
)
def test_documents_cannot_change_an_episode_that_was_edited_by_hand(desk: Desk, change: dict[str, Any], at: object) -> None:
    desk.hand_in(a_document_with())
    desk.register.edit_by_hand(key("episode"))
    document = the_next_document(**change)
    [violation] = desk.violations(document)
    assert (violation.code, violation.at) == ("WEBSERVICE_CHANGE_NOT_ALLOWED", at or document)
