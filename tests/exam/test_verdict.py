"""The verdict names the nearest element, how it differs from the expectation, and where it was sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mockregister.builders.terms import sks
from mockregister.exam.answering import Solution
from mockregister.exam.evidence import gather
from mockregister.exam.verdict import ExamStanding, JudgedExpectation
from mockregister.model import ClinicalDocument, Stay
from mockregister.register.elements import Look
from tests.exam.conftest import NOW, VISIT, Room, written

MET, MISSED, UNTRIED = ExamStanding.MET, ExamStanding.MISSED, ExamStanding.UNTRIED
CORRECTED = VISIT.replace("error_list: empty", "corrected: visit").replace(
    "end: day -2 11:00", "end: day -2 11:00\n    answer: {first.end: day -2 12:00}"
)


def answer(room: Room, solution: Solution | None = None) -> list[ClinicalDocument]:
    return room.answer(room.stories[0], solution)


def judged_expectation(room: Room, name: str, language: str = "en") -> JudgedExpectation:
    return next(each for each in room.judged(language)[0].expectations if each.name == name)


def acute(document: ClinicalDocument) -> ClinicalDocument:
    encounter = replace(document.encounters[0], priority=sks("ATA1"), reason=sks("ALCC01"))
    return replace(document, encounters=(encounter,))


def contents(room: Room) -> list[str]:
    with room.register.look() as rows:
        stored = gather(Look(rows, NOW), {"patient": room.sitting.patients[0].numbers}, {})["patient"].documents
        return [document.content.decode() for document in stored]


def test_a_missed_expectation_names_the_nearest_element_and_its_place(room: Room) -> None:
    room.send([acute(each) for each in answer(room)])
    visit = judged_expectation(room, "visit")
    assert (visit.standing, visit.found) == (MISSED, "encounter found, but priority ATA1 instead of ATA3")
    assert visit.place is not None
    assert (visit.place.version, visit.place.line > 20) == (1, True)
    (content,) = contents(room)
    assert "ATA1" in content.splitlines()[visit.place.line - 1]
    assert room.first(MISSED) == ["visit"]


def test_the_verdict_is_written_in_danish(room: Room) -> None:
    room.send([acute(each) for each in answer(room)])
    assert judged_expectation(room, "visit", "da").found == "kontakt fundet, men prioritet ATA1 i stedet for ATA3"


def test_an_element_below_a_nearest_element_can_still_be_met(room: Room) -> None:
    room.send([acute(each) for each in answer(room)])
    assert judged_expectation(room, "pressure").standing is MET


def test_two_elements_that_fit_equally_well_are_both_named(room: Room) -> None:
    (document,) = answer(room)
    other = replace(document.encounters[0], id=replace(document.encounters[0].id, extension="0" * 8 + document.id.extension[8:]))
    room.send([replace(document, encounters=(*document.encounters, replace(other, end=None, stays=(), payments=())))])
    assert judged_expectation(room, "visit").rivals == ()
    again = Room([written()])
    again.send([replace(document, encounters=(*document.encounters, other))])
    (rival,) = judged_expectation(again, "visit").rivals
    assert other.id.extension.lower() in rival


def test_a_moment_within_the_tolerance_is_met_and_one_after_it_missed(room: Room) -> None:
    for minutes, standing in ((15, MET), (16, MISSED)):
        tried = Room([written()])
        (document,) = answer(tried)
        encounter = document.encounters[0]
        assert encounter.end is not None
        end = encounter.end + timedelta(minutes=minutes)
        stays = (Stay(encounter.start, end, encounter.responsible_unit),)
        tried.send([replace(document, encounters=(replace(encounter, end=end, stays=stays),))])
        assert judged_expectation(tried, "visit").standing is standing


def test_a_correction_is_a_second_report_of_the_same_element() -> None:
    room = Room([written(CORRECTED)])
    first, second = answer(room)
    room.send([first])
    assert judged_expectation(room, "visit").kind == "encounter"
    assert [each.standing for each in room.judged()[0].expectations] == [MET, MISSED, MET, MISSED]
    room.send([second])
    assert {each.standing for each in room.judged()[0].expectations} == {MET}


def test_an_element_that_was_right_at_once_does_not_count_as_corrected() -> None:
    room = Room([written(CORRECTED)])
    room.send(answer(room, Solution(room.stories[0], direct=frozenset({"visit"}))))
    assert [each.found for each in room.judged()[0].expectations if each.standing is MISSED] == [
        "reported once and never corrected"
    ]


def test_an_expectation_without_an_element_is_not_yet_tried(room: Room) -> None:
    room.send(answer(room, Solution(room.stories[0], omitted=frozenset({"pressure"}))))
    assert room.first(UNTRIED) == ["pressure"]
    assert judged_expectation(room, "empty").found == "in the error list: 05.14"


def test_an_element_that_agrees_in_less_than_half_is_not_the_nearest(room: Room) -> None:
    (document,) = answer(room)
    other = replace(document.conditions[0], main=False, kind=sks("ALGA02"), code=sks("DE119"))
    room.send([replace(document, conditions=(other,))])
    assert judged_expectation(room, "pressure").standing is UNTRIED


@pytest.mark.parametrize(("refused", "standing"), [(1, MET), (2, MISSED)])
def test_refused_submissions_are_counted(refused: int, standing: ExamStanding) -> None:
    room = Room([written(VISIT.replace("error_list: empty", "refused: 1"))])
    number = room.sitting.patients[0].cpr
    room.refused = {number: frozenset(map(str, range(refused)))}
    assert judged_expectation(room, "1").standing is standing
    assert judged_expectation(room, "1").found == f"{refused} refused"


def test_the_candidates_own_units_have_the_roles() -> None:
    unit = "6071000016008"
    room = Room([written()], {"medical": (unit,)})
    room.send(answer(room))
    assert [each.standing for each in room.judged()[0].expectations] == [MET] * 4
    assert {each.responsible_unit for each in answer(room)[0].encounters} == {unit}
