"""Sets, versions and parents: a document is the next of its set, or it is refused."""

from __future__ import annotations

import pytest

from mockregister.model import Identifier, Relation
from tests.builders import a_condition, a_document, a_parent, a_patient, an_episode, an_id, external, the_next_document, uuid
from tests.register.desk import ENCOUNTER, Desk, key
from tests.snapshots import snapshot


def test_a_new_set_may_begin_with_any_version_fact_67(desk: Desk) -> None:
    assert desk.hand_in(a_document(version=476929, episodes=[an_episode()])) == []
    assert desk.live() == {key("episode")}


def test_a_set_that_exists_needs_a_related_document_fact_192(desk: Desk) -> None:
    document = a_document(episodes=[an_episode()])
    desk.hand_in(document)
    [violation] = desk.violations(document)
    assert violation.code == "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT"
    assert violation.params == (document.set_id.lower(),)
    assert violation.at is document


def test_the_id_of_a_set_is_compared_without_regard_to_case_fact_192(desk: Desk) -> None:
    document = a_document()
    desk.hand_in(document)
    lower = document.set_id.lower()
    again = a_document(set_id=lower, id=Identifier(lower, uuid("other document")))
    assert desk.hand_in(again) == ["SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT"]


def test_a_related_document_must_belong_to_an_existing_set(desk: Desk) -> None:
    [violation] = desk.violations(the_next_document())
    assert (violation.code, violation.params) == ("SET_NOT_FOUND", (the_next_document().set_id.lower(),))


@pytest.mark.parametrize("relation", Relation)
def test_the_parent_must_be_the_latest_document_facts_73_187(desk: Desk, relation: Relation) -> None:
    desk.hand_in(a_document())
    desk.hand_in(the_next_document())
    late = the_next_document(version=3, parent=a_parent(relation, 1))
    wrong = {violation.code: violation for violation in desk.violations(late)}
    assert wrong.keys() == {"PARENT_DOCUMENT_ID_MISMATCH", "PARENT_DOCUMENT_VERSION_MISMATCH"}
    assert wrong["PARENT_DOCUMENT_ID_MISMATCH"].params == (key("document 1"), key("document 2"))
    assert wrong["PARENT_DOCUMENT_VERSION_MISMATCH"].params == ("1", "2")


def test_a_parent_without_a_version_is_identified_by_its_id(desk: Desk) -> None:
    desk.hand_in(a_document())
    parent = a_parent()
    assert desk.hand_in(the_next_document(parent=type(parent)(parent.relation, parent.id, parent.set_id, None))) == []


@pytest.mark.parametrize("version", [1, 0, -7])
def test_a_new_version_must_be_greater(desk: Desk, version: int) -> None:
    desk.hand_in(a_document())
    document = the_next_document(version=version, name="other document", parent=a_parent())
    [violation] = desk.violations(document)
    assert violation.code == "PARENT_DOCUMENT_VERSION_MISMATCH"
    assert violation.params == (str(version), "1")


def test_versions_may_skip_numbers(desk: Desk) -> None:
    desk.hand_in(a_document())
    assert desk.hand_in(the_next_document(version=40, parent=a_parent())) == []


def test_a_chain_of_120_addenda_is_stored_fact_172(desk: Desk) -> None:
    desk.hand_in(a_document())
    for version in range(2, 122):
        assert desk.hand_in(the_next_document(version=version)) == []


def test_a_document_id_can_be_used_only_once(desk: Desk) -> None:
    desk.hand_in(a_document())
    assert desk.hand_in(the_next_document(id=an_id("document 1"))) == ["EXTENSION_ALREADY_USED"]


def test_a_document_must_have_an_id_and_a_set(desk: Desk) -> None:
    nameless = a_document(id=Identifier("", ""), set_id="")
    assert desk.hand_in(nameless) == ["CLINICAL_DOCUMENT_ID_NOT_FOUND", "SET_ID_NOT_FOUND"]


def test_the_author_may_change_within_a_set_fact_142(desk: Desk) -> None:
    desk.hand_in(a_document())
    author = type(a_document().author)("6081000016005")
    assert desk.hand_in(the_next_document(author=author)) == []


def test_the_last_document_decides_who_the_patient_is_fact_92(desk: Desk) -> None:
    desk.hand_in(a_document(episodes=[an_episode()]))
    assert desk.hand_in(the_next_document(patient=a_patient("0101901234"))) == []
    tree = desk.tree()
    assert tree is not None
    assert tree.patient.cpr == "0101901234"


def test_a_change_of_patient_touches_every_episode_of_the_set(desk: Desk) -> None:
    desk.hand_in(a_document(episodes=[an_episode(), an_episode("second")]))
    assert desk.touched(the_next_document()) == {}
    assert desk.touched(the_next_document(patient=a_patient("0101901234"))).keys() == {key("episode"), key("second")}


# several documents in one submission


def test_documents_of_a_submission_must_have_the_same_patient_fact_91(desk: Desk) -> None:
    other = uuid("other set")
    stranger = a_document(set_id=other, patient=a_patient("0101901234"))
    [violation] = desk.violations(a_document(), stranger)
    assert (violation.code, violation.document, violation.at) == ("NO_PATIENT_ID_IN_COMMON", 1, stranger.patient)


def test_documents_of_a_submission_may_build_on_each_other(desk: Desk) -> None:
    assert desk.hand_in(a_document(), the_next_document(episodes=[an_episode()])) == []
    assert desk.live() == {key("episode")}


def test_documents_in_the_wrong_order_are_reported_only_for_the_missing_set(desk: Desk) -> None:
    third = the_next_document(version=3, conditions=[a_condition(encounter=external(ENCOUNTER, "encounter"))])
    found = desk.violations(the_next_document(), third, a_document(episodes=[an_episode()]))
    assert [(violation.code, violation.document) for violation in found] == [("SET_NOT_FOUND", 0), ("SET_NOT_FOUND", 1)]


def test_a_submission_is_stored_completely_or_not_at_all(desk: Desk) -> None:
    broken = a_document(set_id=uuid("other set"), parent=a_parent())
    assert desk.hand_in(a_document(episodes=[an_episode()]), broken) == ["SET_NOT_FOUND"]
    assert snapshot(desk.register.store).is_empty


def test_a_document_that_is_sent_twice_is_reported_once(desk: Desk) -> None:
    document = a_document(episodes=[an_episode()])
    [violation] = desk.violations(document, a_document(episodes=[an_episode()]))
    assert (violation.code, violation.document) == ("DUPLICATE_DOCUMENT", 1)
