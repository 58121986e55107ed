"""An element is read by its id, with the tree below it, its findings, its history and its state."""

from __future__ import annotations

import pytest

from mockregister.model import EntryKind, Relation
from tests.builders import (
    SET_ID,
    a_condition,
    a_document,
    a_marker,
    a_minor_condition,
    a_nullification,
    a_procedure,
    an_encounter,
    an_episode,
    an_organizer,
    at,
    external,
    internal,
    the_next_document,
    uuid,
)
from tests.web.api.conftest import Api


def key(name: str) -> str:
    return uuid(name).lower()


def ids(nodes: list[dict[str, dict[str, str]]]) -> list[str]:
    return [node["id"]["extension"].lower() for node in nodes]


def test_an_episode_of_care_is_returned_as_a_tree(api: Api) -> None:
    api.put(
        a_document(
            episodes=[an_episode(markers=[a_marker(), a_marker(None)])],
            encounters=[an_encounter()],
            conditions=[a_condition(), a_minor_condition()],
            procedures=[a_procedure(), a_procedure("own", owner=internal(EntryKind.EPISODE_OF_CARE, "episode"))],
            organizers=[
                an_organizer("of the encounter"),
                an_organizer("of the condition", cause=internal(EntryKind.CONDITION, "condition")),
                an_organizer("of the procedure", cause=internal(EntryKind.PROCEDURE, "procedure")),
                an_organizer("of the marker", cause=internal(EntryKind.MARKER, "marker")),
                an_organizer("of the episode", cause=internal(EntryKind.EPISODE_OF_CARE, "episode")),
            ],
        )
    )
    tree = api.get(f"episodes-of-care/{uuid('episode')}")
    [encounter] = tree["encounters"]
    main, minor = encounter["conditions"]
    assert (ids([encounter]), ids([main, minor])) == ([key("encounter")], [key("condition"), key("minor condition")])
    assert ids(tree["procedures"]) == [key("own")]
    assert ids(tree["result_reports"]) == [key("of the episode")]
    assert ids(encounter["result_reports"]) == [key("of the encounter")]
    assert ids(main["result_reports"]) == [key("of the condition")]
    assert ids(encounter["procedures"][0]["result_reports"]) == [key("of the procedure")]
    assert [marker["id"] is None for marker in tree["markers"]] == [False, True]
    assert ids(tree["markers"][0]["result_reports"]) == [key("of the marker")]


def test_findings_are_listed_at_each_element_of_the_tree(api: Api) -> None:
    answer = api.submit(a_document(episodes=[an_episode()], encounters=[an_encounter()], procedures=[a_procedure()]))
    at_procedure = [finding for finding in answer["findings"] if finding["stands_at"]["kind"] == "procedure"]
    assert at_procedure != []
    tree = api.get(f"episodes-of-care/{uuid('episode')}")
    [procedure] = tree["encounters"][0]["procedures"]
    assert [finding["rule_id"] for finding in procedure["findings"]] == [finding["rule_id"] for finding in at_procedure]
    assert [finding["code"] for finding in tree["findings"]] == [
        finding["code"] for finding in answer["findings"] if finding["stands_at"]["kind"] == "episode-of-care"
    ]


def test_an_element_shows_the_versions_that_made_it(api: Api) -> None:
    api.put(a_document(episodes=[an_episode()], encounters=[an_encounter()]))
    changed = an_encounter(end=at("2019-05-02 13:00"), replaces=external(EntryKind.ENCOUNTER, "encounter"))
    api.put(the_next_document(encounters=[changed]))
    api.put(the_next_document(version=3, episodes=[an_episode("another")]))
    encounter = api.get(f"encounters/{uuid('encounter')}")
    assert [(event["happening"], event["version"], event["set_id"]) for event in encounter["history"]] == [
        ("made", 1, SET_ID.lower()),
        ("changed", 2, SET_ID.lower()),
    ]
    assert (encounter["meta"]["document"], encounter["meta"]["version"]) == (key("document 2"), 2)


def test_nullified_elements_are_listed_with_time_and_document(api: Api) -> None:
    api.put(a_document(episodes=[an_episode()], encounters=[an_encounter()], conditions=[a_condition()]))
    api.put(the_next_document(nullified=[a_nullification(EntryKind.ENCOUNTER, "encounter")]))
    encounter = api.get(f"encounters/{uuid('encounter')}")
    assert encounter["meta"]["status"] == "nullified"
    assert encounter["history"][-1]["happening"] == "nullified"
    assert encounter["history"][-1]["document"] == key("document 2")
    assert encounter["conditions"] == []
    assert [(removed["kind"], removed["id"]) for removed in encounter["removed"]] == [("condition", key("condition"))]
    tree = api.get(f"episodes-of-care/{uuid('episode')}")
    assert tree["encounters"] == []
    removed = {each["id"]: [event["happening"] for event in each["history"]] for each in tree["removed"]}
    assert removed == {key("encounter"): ["made", "nullified"], key("condition"): ["made", "fell"]}


def test_elements_that_a_replacement_left_out_are_marked(api: Api) -> None:
    api.put(a_document(episodes=[an_episode()], encounters=[an_encounter()]))
    api.put(the_next_document(Relation.REPLACE, episodes=[an_episode()]))
    encounter = api.get(f"encounters/{uuid('encounter')}")
    assert (encounter["meta"]["status"], encounter["history"][-1]["happening"]) == ("dropped", "dropped")


def test_an_element_has_the_registers_information_about_it(api: Api) -> None:
    api.put(a_document(episodes=[an_episode()], encounters=[an_encounter()], conditions=[a_condition()]))
    meta = api.get(f"conditions/{uuid('condition')}")["meta"]
    submitted = meta.pop("submitted")
    assert submitted.startswith("20")
    assert meta == {
        "kind": "condition",
        "status": "closed",
        "set_id": SET_ID.lower(),
        "authority": "29190941",
        "patient": "2512489996",
        "episode_of_care": key("episode"),
        "owner": key("encounter"),
        "document": key("document 1"),
        "version": 1,
    }


@pytest.mark.parametrize("path", ["encounters", "episodes-of-care", "results"])
def test_an_id_of_another_kind_is_not_found(api: Api, path: str) -> None:
    api.put(a_document(episodes=[an_episode()], encounters=[an_encounter()], conditions=[a_condition()]))
    problem = api.problem(f"{path}/{uuid('condition')}")
    assert problem["status"] == 404
    assert f"GET /api/v1/{path}" in problem["detail"]


def test_patients_are_listed_with_their_sets_and_episodes_of_care(api: Api) -> None:
    api.put(a_document(episodes=[an_episode(), an_episode("another")]))
    [listed] = api.get("patients")["items"]
    assert (listed["cpr"], listed["key"], listed["document_sets"]) == ("2512489996", "2512489996", [SET_ID.lower()])
    for name in ("2512489996", "251248-9996", "1.2.208.176.1.2^2512489996"):
        patient = api.get(f"patients/{name}")
        assert sorted(ids(patient["episodes_of_care"])) == sorted([key("episode"), key("another")])
    assert api.problem("patients/0101019999")["status"] == 404


def test_the_error_list_has_the_findings_of_an_episode_and_the_registers_file(api: Api) -> None:
    answer = api.submit(a_document(episodes=[an_episode()], encounters=[an_encounter()], procedures=[a_procedure()]))
    for query in ({}, {"authority": "29190941"}, {"has": "errors"}):
        [item] = api.get("error-list", **query)["items"]
        assert (item["episode_of_care"], item["errors"]) == (key("episode"), len(answer["findings"]))
    assert api.get("error-list", authority="99999999")["items"] == []
    file = api.get(f"error-list/{uuid('episode')}")["file"]
    assert file["identifier"] == {"root": SET_ID.lower(), "extension": key("episode")}
    assert api.problem(f"error-list/{uuid('encounter')}")["status"] == 404
