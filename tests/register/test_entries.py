"""Addenda, replacements and nullifications change the entries of a set."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mockregister.model import ClinicalDocument, EntryKind, Relation
from mockregister.register.rows import Status
from tests.builders import (
    a_condition,
    a_document,
    a_marker,
    a_minor_condition,
    a_nullification,
    a_procedure,
    an_encounter,
    an_episode,
    an_id,
    an_organizer,
    external,
    internal,
    the_next_document,
    uuid,
)
from tests.register.desk import CONDITION, ENCOUNTER, EPISODE, MARKER, ORGANIZER, PROCEDURE, Desk, key

REPLACE = Relation.REPLACE


def a_full_document(**fields: object) -> ClinicalDocument:
    """Return a document with an episode, a marker, an encounter, a procedure, two conditions, and result reports on them."""
    everything = {
        "episodes": [an_episode(markers=[a_marker()])],
        "encounters": [an_encounter()],
        "procedures": [a_procedure()],
        "conditions": [a_condition(), a_minor_condition()],
        "organizers": [
            an_organizer("on episode", cause=internal(EPISODE, "episode")),
            an_organizer("on marker", cause=internal(MARKER, "marker")),
            an_organizer("on encounter", cause=internal(ENCOUNTER, "encounter")),
            an_organizer("on condition", cause=internal(CONDITION, "condition")),
            an_organizer("on procedure", cause=internal(PROCEDURE, "procedure")),
        ],
    }
    return a_document(**{**everything, **fields})


@pytest.fixture
def full(desk: Desk) -> Desk:
    """Return a desk to which ``a_full_document`` has been submitted."""
    assert desk.hand_in(a_full_document()) == []
    return desk


def test_a_document_is_stored_as_one_tree(full: Desk) -> None:
    tree = full.tree()
    assert tree is not None
    [encounter] = tree.encounters
    assert encounter.main_condition is not None
    assert len(encounter.minor_conditions) == 1
    nodes = (tree, *tree.encounters, *tree.all_conditions(), *tree.all_procedures())
    assert [report.entry.id for node in nodes for report in node.organizers] == [
        an_id(f"on {cause}") for cause in ("marker", "episode", "encounter", "condition", "procedure")
    ]
    assert tree.organizers[0].marker == a_marker()


# ids


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"episodes": [an_episode()]}, "EOC_ALREADY_EXISTS"),
        ({"episodes": [an_episode("new", markers=[a_marker()])]}, "EOC_MARKER_ALREADY_EXISTS"),
        ({"encounters": [an_encounter(episode=external(EPISODE, "episode"))]}, "ENCOUNTER_ALREADY_EXISTS"),
        ({"procedures": [a_procedure(owner=external(ENCOUNTER, "encounter"))]}, "PROCEDURE_ALREADY_EXISTS"),
        (
            {"conditions": [a_minor_condition(encounter=external(ENCOUNTER, "encounter"))]},
            "CONDITION_OBSERVATION_ALREADY_EXISTS",
        ),
        (
            {"organizers": [an_organizer("on episode", cause=external(EPISODE, "episode"))]},
            "OBSERVATION_ORGANIZER_ALREADY_EXISTS",
        ),
    ],
)
def test_a_known_id_without_a_replacement_reference_is_refused_facts_171_207_208_210(
    full: Desk, fields: dict[str, object], code: str
) -> None:
    assert full.hand_in(the_next_document(**fields)) == [code]


def test_a_main_condition_that_is_sent_again_as_minor_is_refused_fact_75(full: Desk) -> None:
    minor = a_minor_condition("condition", encounter=external(ENCOUNTER, "encounter"))
    assert full.hand_in(the_next_document(conditions=[minor])) == ["CONDITION_OBSERVATION_ALREADY_EXISTS"]


def test_an_id_that_another_kind_of_entry_uses_is_refused(full: Desk) -> None:
    procedure = a_procedure("condition", owner=external(ENCOUNTER, "encounter"))
    [violation] = full.violations(the_next_document(procedures=[procedure]))
    assert (violation.code, violation.params, violation.at) == ("EXTENSION_ALREADY_USED", (key("condition"),), procedure)


def test_an_id_that_a_document_uses_twice_is_reported_at_the_second_entry_fact_170(desk: Desk) -> None:
    twin = a_minor_condition("condition")
    document = a_document(episodes=[an_episode()], encounters=[an_encounter()], conditions=[a_condition(), twin])
    [violation] = desk.violations(document)
    assert (violation.code, violation.at) == ("EXTENSION_ALREADY_USED", twin)
    assert violation.at is twin


def test_an_id_of_another_set_is_refused(full: Desk) -> None:
    other = uuid("other set")
    document = a_document(set_id=other, episodes=[an_episode(id=replace(an_id("episode"), root=other))])
    assert full.hand_in(document) == ["EOC_ALREADY_EXISTS"]


def test_ids_are_compared_without_regard_to_case_fact_106(full: Desk) -> None:
    lower = replace(an_id("episode"), extension=key("episode"))
    assert full.hand_in(the_next_document(episodes=[an_episode(id=lower)])) == ["EOC_ALREADY_EXISTS"]


# replacing an entry


def test_a_replaced_entry_has_the_content_that_was_sent_last_facts_96_145(full: Desk) -> None:
    updated = an_encounter(
        episode=external(EPISODE, "episode"), priority=None, stays=[], replaces=external(ENCOUNTER, "encounter")
    )
    assert full.hand_in(the_next_document(encounters=[updated])) == []
    row = full.entry("encounter")
    assert row is not None
    assert row.entry == updated
    assert full.history("encounter") == ["made", "changed"]


def test_entries_below_a_replaced_entry_stay(full: Desk) -> None:
    before = full.live()
    updated = an_encounter(episode=external(EPISODE, "episode"), replaces=external(ENCOUNTER, "encounter"))
    full.hand_in(the_next_document(encounters=[updated]))
    assert full.live() == before


def test_a_replaced_episode_has_only_the_markers_that_were_sent_last_fact_96(full: Desk) -> None:
    same = an_episode(markers=[a_marker()], replaces=external(EPISODE, "episode"))
    assert full.hand_in(the_next_document(episodes=[same])) == []
    assert key("marker") in full.live()
    other = an_episode(markers=[a_marker("second")], replaces=external(EPISODE, "episode"))
    assert full.hand_in(the_next_document(version=3, episodes=[other])) == []
    assert full.live().isdisjoint({key("marker"), key("on marker")})


def test_a_replacement_of_an_unknown_entry_is_refused_fact_45(full: Desk) -> None:
    lost = an_encounter("lost", episode=external(EPISODE, "episode"), replaces=external(ENCOUNTER, "lost"))
    [violation] = full.violations(the_next_document(encounters=[lost]))
    assert (violation.code, violation.params) == ("EXTERNAL_ENCOUNTER_NOT_FOUND", (key("lost"),))
    assert violation.at is lost.replaces


def test_a_replacement_reference_to_another_kind_of_entry_is_refused_fact_45(full: Desk) -> None:
    visit = an_encounter(episode=external(EPISODE, "episode"), replaces=external(EPISODE, "encounter"))
    assert full.hand_in(the_next_document(encounters=[visit])) == ["ENCOUNTER_ALREADY_EXISTS"]


def test_a_closed_episode_may_be_opened_again_fact_158(desk: Desk) -> None:
    closed = an_episode(end=an_episode().start)
    desk.hand_in(a_document(episodes=[closed]))
    assert desk.hand_in(the_next_document(episodes=[an_episode(replaces=external(EPISODE, "episode"))])) == []


# moving


def test_an_encounter_moves_to_another_episode(full: Desk) -> None:
    document = the_next_document(
        episodes=[an_episode("second")],
        encounters=[an_encounter(episode=internal(EPISODE, "second"), replaces=external(ENCOUNTER, "encounter"))],
    )
    assert full.touched(document).keys() == {key("episode"), key("second")}
    assert full.hand_in(document) == []
    first, second = full.tree(), full.tree("second")
    assert first is not None
    assert second is not None
    assert not first.encounters
    assert len(list(second.all_conditions())) == 2
    assert full.history("encounter") == ["made", "moved"]


def test_a_procedure_moves_from_its_encounter_to_the_episode(full: Desk) -> None:
    moved = a_procedure(owner=external(EPISODE, "episode"), replaces=external(PROCEDURE, "procedure"))
    assert full.hand_in(the_next_document(procedures=[moved])) == []
    tree = full.tree()
    assert tree is not None
    assert [node.entry.id for node in tree.procedures] == [an_id("procedure")]
    assert not tree.encounters[0].procedures


def test_an_entry_that_moves_away_from_a_nullified_episode_stays_fact_202(full: Desk) -> None:
    document = the_next_document(
        episodes=[an_episode("second")],
        encounters=[an_encounter(episode=internal(EPISODE, "second"), replaces=external(ENCOUNTER, "encounter"))],
        nullified=[a_nullification(EPISODE, "episode")],
    )
    assert full.hand_in(document) == []
    assert key("procedure") in full.live()
    assert full.live().isdisjoint({key("episode"), key("marker"), key("on episode"), key("on marker")})


def test_no_entry_can_move_from_an_episode_that_was_nullified_before(full: Desk) -> None:
    full.hand_in(the_next_document(nullified=[a_nullification(EPISODE, "episode")]))
    moved = an_encounter(episode=internal(EPISODE, "second"), replaces=external(ENCOUNTER, "encounter"))
    document = the_next_document(version=3, episodes=[an_episode("second")], encounters=[moved])
    [violation] = full.violations(document)
    assert violation.code == "ELEMENT_CAN_NOT_BE_MOVED_FROM_DELETED_EOC"
    assert (violation.params, violation.at) == ((key("encounter"),), moved)


# nullifying


@pytest.mark.parametrize(
    ("kind", "name", "gone"),
    [
        (ORGANIZER, "on episode", {"on episode"}),
        (MARKER, "marker", {"marker", "on marker"}),
        (CONDITION, "condition", {"condition", "on condition"}),
        (PROCEDURE, "procedure", {"procedure", "on procedure"}),
        (
            ENCOUNTER,
            "encounter",
            {"encounter", "condition", "minor condition", "procedure", "on encounter", "on condition", "on procedure"},
        ),
    ],
)
def test_a_nullified_entry_is_removed_with_all_entries_below_it_fact_172(
    full: Desk, kind: EntryKind, name: str, gone: set[str]
) -> None:
    before = full.live()
    assert full.hand_in(the_next_document(nullified=[a_nullification(kind, name)])) == []
    assert before - full.live() == {key(name) for name in gone}
    assert full.history(name) == ["made", "nullified"]


def test_a_nullified_episode_is_removed_with_everything_below_it_facts_124_172(full: Desk) -> None:
    full.hand_in(the_next_document(nullified=[a_nullification(EPISODE, "episode")]))
    assert full.live() == set()
    assert full.tree() is None


def test_an_episode_no_longer_has_a_nullified_marker(full: Desk) -> None:
    full.hand_in(the_next_document(nullified=[a_nullification(MARKER, "marker")]))
    tree = full.tree()
    assert tree is not None
    assert tree.entry.markers == ()
    again = an_episode(markers=[a_marker()], replaces=external(EPISODE, "episode"))
    assert full.hand_in(the_next_document(version=3, episodes=[again])) == ["EOC_MARKER_ALREADY_EXISTS"]


def test_a_nullified_procedure_is_removed_from_its_episode_fact_168(full: Desk) -> None:
    full.hand_in(the_next_document(nullified=[a_nullification(PROCEDURE, "procedure")]))
    assert key("episode") in full.live()


def test_an_entry_that_was_removed_with_its_owner_cannot_be_nullified_again_fact_172(full: Desk) -> None:
    full.hand_in(the_next_document(nullified=[a_nullification(ENCOUNTER, "encounter")]))
    document = the_next_document(version=3, nullified=[a_nullification(PROCEDURE, "procedure")])
    [violation] = full.violations(document)
    assert (violation.code, violation.params) == ("EXTERNAL_PROCEDURE_NOT_FOUND", (key("procedure"),))
    assert violation.at is document.nullified[0].target


def test_an_entry_and_its_owner_can_be_nullified_together(full: Desk) -> None:
    both = [a_nullification(ENCOUNTER, "encounter"), a_nullification(PROCEDURE, "procedure")]
    assert full.hand_in(the_next_document(nullified=both)) == []


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("name", ["encounter", "procedure"])
def test_ids_of_nullified_entries_can_never_be_used_again_fact_168(full: Desk, relation: Relation, name: str) -> None:
    full.hand_in(the_next_document(nullified=[a_nullification(ENCOUNTER, "encounter")]))
    episode = [an_episode("second")]
    again = {
        "encounter": {"encounters": [an_encounter(episode=internal(EPISODE, "second"))]},
        "procedure": {"procedures": [a_procedure(owner=internal(EPISODE, "second"))]},
    }[name]
    document = the_next_document(relation, version=3, episodes=episode, **again)
    assert full.hand_in(document) == [f"{name.upper()}_ALREADY_EXISTS"]


def test_a_nullified_episode_cannot_be_referenced_fact_168(full: Desk) -> None:
    full.hand_in(the_next_document(nullified=[a_nullification(EPISODE, "episode")]))
    visit = an_encounter("new", episode=external(EPISODE, "episode"))
    [violation] = full.violations(the_next_document(version=3, encounters=[visit]))
    assert (violation.code, violation.at) == ("EXTERNAL_EOC_NOT_FOUND", visit.episode)


def test_a_document_cannot_refer_to_an_entry_that_it_nullifies(full: Desk) -> None:
    visit = an_encounter("new", episode=external(EPISODE, "episode"))
    document = the_next_document(encounters=[visit], nullified=[a_nullification(EPISODE, "episode")])
    [violation] = full.violations(document)
    assert (violation.code, violation.at) == ("EXTERNAL_EOC_NOT_FOUND", visit.episode)


def test_an_addendum_cannot_state_an_entry_that_it_nullifies(full: Desk) -> None:
    again = a_procedure(owner=external(EPISODE, "episode"))
    document = the_next_document(procedures=[again], nullified=[a_nullification(PROCEDURE, "procedure")])
    assert full.hand_in(document) == ["EXTENSION_ALREADY_USED"]


def test_a_nullification_with_the_wrong_kind_finds_no_entry(full: Desk) -> None:
    assert full.hand_in(the_next_document(nullified=[a_nullification(ENCOUNTER, "episode")])) == ["EXTERNAL_ENCOUNTER_NOT_FOUND"]


# replacing everything


def test_a_replacing_document_removes_entries_that_it_leaves_out_facts_12_66_68(full: Desk) -> None:
    assert full.hand_in(the_next_document(REPLACE, episodes=[an_episode()])) == []
    assert full.live() == {key("episode")}
    assert full.history("encounter") == ["made", "dropped"]


def test_a_replacing_document_without_entries_empties_the_set_fact_124(full: Desk) -> None:
    assert full.hand_in(the_next_document(REPLACE)) == []
    assert full.live() == set()


def test_a_replacing_document_may_use_the_ids_of_its_set_again_fact_154(desk: Desk) -> None:
    desk.hand_in(a_document(episodes=[an_episode()]))
    second = the_next_document(REPLACE, episodes=[an_episode()], encounters=[an_encounter()])
    third = the_next_document(REPLACE, version=3, episodes=[an_episode()], encounters=[an_encounter(priority=None)])
    assert desk.hand_in(second) == []
    assert desk.hand_in(third) == []
    row = desk.entry("encounter")
    assert row is not None
    assert row.entry == third.encounters[0]
    assert desk.history("episode") == ["made"]


def test_a_replacing_document_may_move_an_entry_facts_201_202(full: Desk) -> None:
    moved = a_procedure(owner=internal(EPISODE, "episode"))
    document = the_next_document(
        REPLACE,
        episodes=[an_episode()],
        procedures=[moved],
        nullified=[a_nullification(ENCOUNTER, "encounter"), a_nullification(PROCEDURE, "procedure")],
    )
    assert full.hand_in(document) == []
    assert full.live() == {key("episode"), key("procedure")}


def test_a_replacing_document_may_name_the_entry_that_it_replaces(full: Desk) -> None:
    same = an_episode(replaces=external(EPISODE, "episode"))
    assert full.hand_in(the_next_document(REPLACE, episodes=[same])) == []


def test_a_replacing_document_cannot_refer_to_an_entry_that_it_leaves_out(full: Desk) -> None:
    visit = an_encounter("new", episode=external(EPISODE, "episode"))
    assert full.hand_in(the_next_document(REPLACE, encounters=[visit])) == ["EXTERNAL_EOC_NOT_FOUND"]


def test_an_entry_that_was_left_out_can_return_only_in_a_replacing_document(full: Desk) -> None:
    full.hand_in(the_next_document(REPLACE, episodes=[an_episode()]))
    visit = {"encounters": [an_encounter(episode=external(EPISODE, "episode"))]}
    assert full.hand_in(the_next_document(version=3, **visit)) == ["ENCOUNTER_ALREADY_EXISTS"]
    all_of_it = {"episodes": [an_episode()], "encounters": [an_encounter()]}
    assert full.hand_in(the_next_document(REPLACE, version=3, **all_of_it)) == []


def test_an_id_can_be_used_again_only_in_its_own_set(full: Desk) -> None:
    full.hand_in(the_next_document(REPLACE))
    other = uuid("other set")
    document = a_document(set_id=other, episodes=[an_episode(id=replace(an_id("episode"), root=other))])
    assert full.hand_in(document) == ["EOC_ALREADY_EXISTS"]


def test_an_id_that_a_replacing_document_nullifies_can_never_be_used_again(full: Desk) -> None:
    document = the_next_document(REPLACE, nullified=[a_nullification(EPISODE, "episode")])
    assert full.hand_in(document) == []
    row = full.entry("encounter")
    assert row is not None
    assert row.status is Status.FELL
    assert full.hand_in(the_next_document(REPLACE, version=3, episodes=[an_episode()])) == ["EOC_ALREADY_EXISTS"]


# main conditions


def test_an_encounter_has_only_one_main_condition(full: Desk) -> None:
    second = a_condition("second", encounter=external(ENCOUNTER, "encounter"))
    [violation] = full.violations(the_next_document(conditions=[second]))
    assert violation.code == "ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION"
    assert (violation.params, violation.at) == ((key("second"),), second)


def test_a_second_main_condition_in_a_document_is_refused(desk: Desk) -> None:
    second = a_condition("second")
    mains = [a_condition(), second]
    [violation] = desk.violations(a_document(episodes=[an_episode()], encounters=[an_encounter()], conditions=mains))
    assert (violation.code, violation.at) == ("ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION", second)


def a_promotion(**fields: object) -> ClinicalDocument:
    """Return the minor condition as a main condition."""
    promoted = a_condition(
        "minor condition",
        encounter=external(ENCOUNTER, "encounter"),
        replaces=external(CONDITION, "minor condition"),
    )
    conditions = [promoted, *fields.pop("conditions", [])]  # type: ignore[misc]
    return the_next_document(conditions=conditions, **fields)


def test_a_minor_condition_cannot_become_main_beside_another_main_condition(full: Desk) -> None:
    [violation] = full.violations(a_promotion())
    assert violation.code == "CANNOT_REPLACE_MINOR_WITH_MAIN_CONDITION"
    assert violation.params == (key("minor condition"),)


def test_a_minor_condition_becomes_main_when_the_main_condition_is_nullified(full: Desk) -> None:
    assert full.hand_in(a_promotion(nullified=[a_nullification(CONDITION, "condition")])) == []


def test_the_main_and_a_minor_condition_can_be_exchanged(full: Desk) -> None:
    demoted = a_minor_condition(
        "condition", encounter=external(ENCOUNTER, "encounter"), replaces=external(CONDITION, "condition")
    )
    assert full.hand_in(a_promotion(conditions=[demoted])) == []
    tree = full.tree()
    assert tree is not None
    assert tree.encounters[0].main_condition is not None
    assert tree.encounters[0].main_condition.entry.id == an_id("minor condition")


def test_a_main_condition_cannot_move_to_an_encounter_with_a_main_condition(full: Desk) -> None:
    visit = an_encounter("second", episode=external(EPISODE, "episode"))
    own = a_condition("own", encounter=internal(ENCOUNTER, "second"))
    moved = a_condition(encounter=internal(ENCOUNTER, "second"), replaces=external(CONDITION, "condition"))
    [violation] = full.violations(the_next_document(encounters=[visit], conditions=[own, moved]))
    assert violation.code == "ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION"
    assert violation.at is moved
