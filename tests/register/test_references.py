"""References are internal (within the document), external (within the set) or set-external (to any set)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mockregister.model import ClinicalDocument, EntryKind
from mockregister.validation.rules.gathering import EpisodeFacts
from tests.builders import (
    a_condition,
    a_document,
    a_link,
    a_procedure,
    an_encounter,
    an_episode,
    an_id,
    an_organizer,
    external,
    internal,
    set_external,
    the_next_document,
    uuid,
)
from tests.register.desk import CONDITION, ENCOUNTER, EPISODE, MARKER, ORGANIZER, PROCEDURE, Desk, code_tables, key
from tests.validation.rules.sessions import found


def test_an_internal_reference_finds_entries_of_its_document_only_facts_164_212(desk: Desk) -> None:
    desk.hand_in(a_document(episodes=[an_episode()]))
    visit = an_encounter()
    [violation] = desk.violations(the_next_document(encounters=[visit]))
    assert (violation.code, violation.params) == ("INTERNAL_EOC_NOT_FOUND", (key("episode"),))
    assert violation.at is visit.episode


def test_an_external_reference_finds_stored_entries_of_its_set_fact_141(desk: Desk) -> None:
    visit = an_encounter(episode=external(EPISODE, "episode"))
    assert desk.hand_in(a_document(encounters=[visit])) == ["EXTERNAL_EOC_NOT_FOUND"]
    desk.hand_in(a_document(episodes=[an_episode()]))
    assert desk.hand_in(the_next_document(encounters=[visit])) == []


def test_an_episode_of_another_set_is_not_part_of_this_set_fact_46(desk: Desk) -> None:
    desk.hand_in(a_document(episodes=[an_episode()]))
    other = uuid("other set")
    visit = an_encounter(id=replace(an_id("visit"), root=other), episode=external(EPISODE, "episode"))
    [violation] = desk.violations(a_document(set_id=other, encounters=[visit]))
    assert violation.code == "EXTERNAL_EOC_NOT_PART_OF_SET"
    assert violation.params == (key("episode"), other.lower())


INTERNAL = {
    EPISODE: "INTERNAL_EOC_NOT_FOUND",
    MARKER: "INTERNAL_EOC_MARKER_NOT_FOUND",
    ENCOUNTER: "INTERNAL_ENCOUNTER_NOT_FOUND",
    CONDITION: "INTERNAL_CONDITION_OBSERVATION_NOT_FOUND",
    PROCEDURE: "INTERNAL_PROCEDURE_NOT_FOUND",
}
EXTERNAL = {
    EPISODE: "EXTERNAL_EOC_NOT_FOUND",
    MARKER: "EXTERNAL_EPISODE_OF_CARE_MARKER_NOT_FOUND",
    ENCOUNTER: "EXTERNAL_ENCOUNTER_NOT_FOUND",
    CONDITION: "EXTERNAL_CONDITION_OBSERVATION_NOT_FOUND",
    PROCEDURE: "EXTERNAL_PROCEDURE_NOT_FOUND",
}


@pytest.mark.parametrize(("kind", "code"), INTERNAL.items())
def test_an_internal_cause_of_a_result_report_must_be_in_the_document(desk: Desk, kind: EntryKind, code: str) -> None:
    assert desk.hand_in(a_document(organizers=[an_organizer(cause=internal(kind, "lost"))])) == [code]


@pytest.mark.parametrize(("kind", "code"), EXTERNAL.items())
def test_an_external_cause_of_a_result_report_must_be_in_the_set(desk: Desk, kind: EntryKind, code: str) -> None:
    assert desk.hand_in(a_document(organizers=[an_organizer(cause=external(kind, "lost"))])) == [code]


def test_a_result_report_must_have_a_cause(desk: Desk) -> None:
    report = an_organizer(cause=None)
    [violation] = desk.violations(a_document(organizers=[report]))
    assert violation.code == "OBSERVATION_ORGANIZER_HAS_NO_REFERENCE"
    assert (violation.params, violation.at) == ((key("organizer"),), report)


def test_a_result_report_cannot_be_the_cause_of_another(desk: Desk) -> None:
    desk.hand_in(a_document(episodes=[an_episode()], organizers=[an_organizer(cause=internal(EPISODE, "episode"))]))
    report = an_organizer("second", cause=external(ORGANIZER, "organizer"))
    assert desk.hand_in(the_next_document(organizers=[report])) == ["OBSERVATION_ORGANIZER_HAS_NO_REFERENCE"]


def test_a_procedure_must_have_an_owner_fact_51(desk: Desk) -> None:
    assert desk.hand_in(a_document(procedures=[a_procedure(owner=None)])) == ["INTERNAL_ENCOUNTER_NOT_FOUND"]


def test_an_encounter_and_a_condition_must_have_an_owner(desk: Desk) -> None:
    loose = a_document(encounters=[an_encounter(episode=None)], conditions=[a_condition(encounter=None)])
    assert desk.hand_in(loose) == ["INTERNAL_EOC_NOT_FOUND", "INTERNAL_ENCOUNTER_NOT_FOUND"]


def test_a_missing_set_is_reported_once(desk: Desk) -> None:
    visit = an_encounter(episode=external(EPISODE, "episode"))
    assert desk.hand_in(the_next_document(encounters=[visit])) == ["SET_NOT_FOUND"]


# links between episodes of care


def linking(target: object) -> ClinicalDocument:
    """Return a document whose episode links to ``target``."""
    return a_document(episodes=[an_episode(link=a_link(target))])  # type: ignore[arg-type]


def test_a_link_may_name_an_episode_that_is_not_stored_yet_fact_141(desk: Desk) -> None:
    assert desk.hand_in(linking(set_external(uuid("later")))) == []
    tree = desk.tree()
    assert tree is not None
    assert tree.linked is None


def test_a_link_leads_to_the_episode_once_it_is_stored(desk: Desk) -> None:
    desk.hand_in(linking(set_external(uuid("later"))))
    other = uuid("other set")
    desk.hand_in(a_document(set_id=other, episodes=[an_episode(id=replace(an_id("later"), root=other))]))
    tree = desk.tree()
    assert tree is not None
    assert tree.linked is not None
    assert tree.linked.set_id == other.lower()


def test_rules_reach_entries_of_a_linked_episode_only_through_the_link(desk: Desk) -> None:
    other = uuid("other set")
    episode = an_episode(id=replace(an_id("later"), root=other), link=a_link(set_external(uuid("episode"))))
    there = replace(internal(EPISODE, "later"), id=episode.id)
    procedure = a_procedure(id=replace(an_id("procedure"), root=other), owner=there)
    desk.hand_in(a_document(set_id=other, episodes=[episode], procedures=[procedure]))
    desk.hand_in(linking(set_external(uuid("later"))))
    tree = desk.tree()
    assert tree is not None
    session = EpisodeFacts(tree, code_tables(), desk.register.clock.now()).session
    linked = "F : ForloebElement( X : reference.forloebElement )"
    assert found(f"when {linked} Procedure( ) from X.procedurer then", session)
    assert found("when F : ForloebElement( reference.forloebElement.reference.forloebElement == this ) then", session)
    assert not found("when F : ForloebElement( ) Procedure( ) then", session)


@pytest.mark.parametrize("target", [set_external(uuid("episode")), set_external(key("episode")), internal(EPISODE, "episode")])
def test_an_episode_cannot_link_to_itself(desk: Desk, target: object) -> None:
    document = linking(target)
    [violation] = desk.violations(document)
    assert (violation.code, violation.params) == ("EOC_SELF_REFERENCE", (key("episode"),))
    assert violation.at is target


def test_a_link_within_the_set_must_name_a_known_episode(desk: Desk) -> None:
    assert desk.hand_in(linking(internal(EPISODE, "lost"))) == ["INTERNAL_EOC_NOT_FOUND"]
    assert desk.hand_in(linking(external(EPISODE, "lost"))) == ["EXTERNAL_EOC_NOT_FOUND"]
