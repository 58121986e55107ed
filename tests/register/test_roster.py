"""Lists of patients have the right patients in the right order, whether few are looked up or all are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mockregister.finding import Finding, Level, Severity, Subject
from mockregister.model import Code, EntryKind, PersonName
from mockregister.register import roster
from mockregister.register.elements import Look
from mockregister.register.purge import PurgeScope, purge
from mockregister.register.roster import ORDERS, Roster, RosterQuestion
from tests.builders import (
    UNIT,
    a_condition,
    a_document,
    a_patient,
    an_alternatively_identified_patient,
    an_encounter,
    an_episode,
    an_id,
    at,
    internal,
    uuid,
)
from tests.register.desk import Desk
from tests.register.test_query import keep

NORTH, CENTRAL = "29190941", "29190925"
BO, ANNE = "0101011234", "0202022345"


@pytest.fixture(params=[(-1, -1), (-1, 100), (100, 100)], ids=["all are walked", "many are looked up", "few are looked up"])
def two(desk: Desk, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Bo has a broken leg in the north in May, with an error; Anne has an infarct in the middle in June."""
    monkeypatch.setattr(roster, "FEW", request.param[0])
    monkeypatch.setattr(roster, "MANY", request.param[1])
    anne = {"patient": a_patient(cpr=ANNE, name=PersonName("Berg", ("Anne",))), "custodian": CENTRAL}
    bo = {"patient": a_patient(cpr=BO, name=PersonName("Dahl", ("Bo", "Eli"))), "custodian": NORTH}
    report(desk, "bo", "2019-05-02 08:00", "DS82", wrong=True, **bo)
    report(desk, "anne", "2019-06-03 08:00", "DI21", **anne)
    return desk


def report(desk: Desk, name: str, start: str, diagnosis: str, *, wrong: bool = False, **fields: Any) -> None:
    """Report a contact with a diagnosis in its own set."""
    root = uuid(f"set of {name}")
    kinds = (EntryKind.EPISODE_OF_CARE, EntryKind.ENCOUNTER)
    episode, encounter = (replace(internal(kind, ""), id=an_id(f"{kind.name} of {name}", root)) for kind in kinds)
    document = a_document(
        set_id=root,
        name=f"document of {name}",
        episodes=[an_episode(id=episode.id)],
        encounters=[an_encounter(id=encounter.id, episode=episode, start=at(start), end=at(start))],
        conditions=[a_condition(id=an_id(f"condition of {name}", root), encounter=encounter, code=Code(diagnosis))],
        **fields,
    )
    subject = Subject((root, episode.id.extension), "encounter", (root, encounter.id.extension))
    finding = Finding(Level.BUSINESS_RULE, "Noget", code="05.53", subject=subject)
    keep(desk, document, findings=[finding] if wrong else [])


def matching_patients(desk: Desk, order: str = "number", **wanted: Any) -> list[str]:
    """Return the keys of the matching patients."""
    look = Look(desk.look(), at("2019-07-01 12:00"))
    return list(Roster(look, desk.register.codes.sor, desk.register.numbers(), RosterQuestion(**wanted)).keys(order)[0])


@pytest.mark.parametrize(("order", "found"), [("number", [BO, ANNE]), ("name", [ANNE, BO]), ("latest", [ANNE, BO])])
def test_patients_are_listed_in_the_requested_order(two: Desk, order: str, found: list[str]) -> None:
    assert matching_patients(two, order) == found
    assert matching_patients(two, order, unit=UNIT) == found


@pytest.mark.parametrize(
    "wanted",
    [
        {"text": "010101-1"},
        {"text": "dahl bo"},
        {"authority": NORTH},
        {"diagnosis": "ds8"},
        {"diagnosis": "DS00-DT99"},
        {"severity": Severity.ERROR},
        {"until": date(2019, 5, 31)},
        {"since": date(2019, 5, 2), "until": date(2019, 5, 2), "authority": NORTH, "unit": UNIT, "text": "eli"},
    ],
)
def test_a_patient_who_matches_the_question_is_found(two: Desk, wanted: dict[str, Any]) -> None:
    assert matching_patients(two, **wanted) == [BO]


@pytest.mark.parametrize(
    "wanted",
    [
        {"text": "dahl anne"},
        {"authority": "12345678"},
        {"diagnosis": "DS81"},
        {"diagnosis": "DJ00-DK99"},
        {"severity": Severity.WARNING},
        {"since": date(2019, 6, 4)},
        {"authority": NORTH, "since": date(2019, 6, 1)},
        {"unit": "1"},
    ],
)
def test_no_patient_is_found_if_nobody_matches(two: Desk, wanted: dict[str, Any]) -> None:
    assert matching_patients(two, **wanted) == []


def test_a_patient_whose_contact_was_deleted_is_not_found(two: Desk) -> None:
    two.register.change(lambda rows: purge(rows, PurgeScope(patient=BO)))
    assert matching_patients(two) == matching_patients(two, "name") == matching_patients(two, "latest") == [ANNE]
    assert matching_patients(two, severity=Severity.ERROR) == matching_patients(two, authority=NORTH) == []


def test_a_patient_who_got_a_cpr_number_later_is_listed_once(desk: Desk) -> None:
    petra = an_alternatively_identified_patient()
    report(desk, "petra", "2019-05-02 08:00", "DI10", patient=petra)
    report(desk, "petra again", "2019-05-02 08:00", "DI10", patient=replace(petra, cpr=BO))
    for order in ORDERS:
        assert matching_patients(desk, order) == matching_patients(desk, order, text="petra") == [BO]
