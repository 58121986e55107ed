"""Concurrent submissions of a patient are stored one at a time, those of different patients in parallel."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event

import pytest

from mockregister.model import ClinicalDocument
from tests.builders import a_document, a_patient, an_episode, an_id, the_next_document, uuid
from tests.register.desk import Desk, key


def in_set(number: int, **fields: object) -> ClinicalDocument:
    """Return a document in a set of its own."""
    return a_document(**{"set_id": uuid(f"set {number}"), "name": f"document {number}", **fields})


def at_once(desk: Desk, documents: list[ClinicalDocument]) -> list[list[str]]:
    """Submit each document from its own thread, all at the same moment."""
    barrier = Barrier(len(documents))

    def hand_in(document: ClinicalDocument) -> list[str]:
        barrier.wait(10)
        return desk.hand_in(document)

    with ThreadPoolExecutor(len(documents)) as threads:
        return list(threads.map(hand_in, documents))


def test_of_two_documents_with_the_same_new_id_exactly_one_is_stored(desk: Desk) -> None:
    rivals = [in_set(n, patient=a_patient(f"010101{n:04d}"), episodes=[an_episode()]) for n in range(1, 9)]
    assert sorted(at_once(desk, rivals)) == sorted([[], *[["EOC_ALREADY_EXISTS"]] * 7])


def test_of_two_first_documents_of_a_set_exactly_one_is_stored(desk: Desk) -> None:
    rivals = [a_document(id=an_id(f"document {number}")) for number in range(8)]
    assert sorted(at_once(desk, rivals)) == sorted([[], *[["SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT"]] * 7])


def test_of_two_successors_of_a_document_exactly_one_is_stored(desk: Desk) -> None:
    desk.hand_in(a_document())
    rivals = [the_next_document(name=f"rival {number}") for number in range(8)]
    assert sorted(map(bool, at_once(desk, rivals))) == [False, *[True] * 7]


def test_documents_of_different_patients_are_all_stored(desk: Desk) -> None:
    documents = [
        in_set(n, patient=a_patient(f"010101{n:04d}"), episodes=[an_episode(id=replace(an_id(f"episode {n}"), root="r"))])
        for n in range(16)
    ]
    assert at_once(desk, documents) == [[]] * 16
    assert desk.live() == {key(f"episode {n}") for n in range(16)}


@pytest.mark.parametrize(
    ("cpr", "waits"),
    [(a_document().patient.cpr, True), ("0101901234", False)],
    ids=["the same patient waits", "another patient does not"],
)
def test_a_submission_waits_only_for_submissions_about_the_same_patient(desk: Desk, cpr: str, waits: bool) -> None:
    entered = Event()

    def enter() -> None:
        with desk.register.draft([in_set(2, patient=a_patient(cpr))]):
            entered.set()

    with ThreadPoolExecutor(1) as other:
        with desk.register.draft([in_set(1)]):
            other.submit(enter)
            assert entered.wait(0.1 if waits else 10) is not waits
        assert entered.wait(10)


def test_a_draft_that_fails_does_not_block_the_next_draft(desk: Desk) -> None:
    with pytest.raises(ZeroDivisionError), desk.register.draft([a_document()]):
        raise ZeroDivisionError
    assert desk.hand_in(a_document()) == []
