"""Findings are explained on demand, over the JSON API, in the journal and on the page."""

from __future__ import annotations

from typing import Any

import pytest

from mockregister.cli.demo import example
from mockregister.model import EntryKind
from tests.builders import a_document, an_encounter, an_episode, as_xml, at, external, the_next_document
from tests.web.api.conftest import Api

EPISODE = external(EntryKind.EPISODE_OF_CARE, "episode")
NO_MAIN_CONDITION = as_xml(a_document(episodes=[an_episode()], encounters=[an_encounter()]))


def post(api: Api, content: bytes, **query: str) -> Any:
    response = api.ask("submissions", "POST", query_string=query, data=content, content_type="application/xml")
    assert response.status_code in (200, 201), response.text
    return response.json


def page(api: Api, path: str) -> str:
    response = api.http.get(f"/r/{api.register}{path}")
    assert response.status_code == 200
    return response.text


def test_without_the_parameter_there_are_no_explanations(api: Api) -> None:
    told = post(api, NO_MAIN_CONDITION)
    assert told["findings"]
    assert not any("explanation" in finding or "cause" in finding for finding in told["findings"])


@pytest.mark.parametrize("service", ["save", "save-if-no-errors", "validate"])
def test_answers_of_every_service_are_explained(api: Api, service: str) -> None:
    told = post(api, NO_MAIN_CONDITION, service=service, explain="en")
    (finding,) = [finding for finding in told["findings"] if finding["rule_id"] == "05.14"]
    missing, given = finding["explanation"]["because"]
    assert "main condition of the encounter" in missing["text"]
    assert missing["values"][0]["value"] == ""
    assert given["values"][0]["line"] in finding["explanation"]["lines"]
    assert finding["explanation"]["advice"].startswith("Send the main condition of the encounter")
    assert finding["cause"]["number"] >= 1


def test_explanations_are_danish_on_demand(api: Api) -> None:
    told = post(api, NO_MAIN_CONDITION, explain="da")
    assert any("mangler" in part["text"] for finding in told["findings"] for part in finding["explanation"]["because"])


def test_an_unknown_language_is_refused(api: Api) -> None:
    assert api.problem("submissions/0b5dbd0e-94d9-4a0b-b46a-0d2e5bb4e9b7?explain=sv")["status"] == 422


def test_a_stored_submission_is_explained_by_the_register_of_that_time(api: Api) -> None:
    first = post(api, NO_MAIN_CONDITION)
    later = the_next_document(encounters=[an_encounter("second", episode=EPISODE, end=at("2019-05-02 12:00"))])
    post(api, as_xml(later))
    told = api.get(f"submissions/{first['id']}", explain="en")
    assert told["findings"]
    for finding in told["findings"]:
        assert finding["explanation"]["because"], finding["code"]
        assert finding["explanation"]["lines"]


def test_an_addendum_is_explained_with_values_of_the_first_document(api: Api) -> None:
    episode = an_episode(end=at("2019-05-01 11:00"))
    post(api, as_xml(a_document(episodes=[episode])))
    late = an_encounter(episode=EPISODE, start=at("2019-05-03 10:00"), end=at("2019-05-03 11:00"))
    kept = post(api, as_xml(the_next_document(encounters=[late])))
    told = api.get(f"submissions/{kept['id']}", explain="en")
    (finding,) = [finding for finding in told["findings"] if finding["rule_id"] == "05.22"]
    start, end = finding["explanation"]["because"][0]["values"]
    assert (start["value"], end["value"]) == ("2019-05-03 10:00", "2019-05-01 11:00")
    assert start["line"] > 0
    assert end["line"] > 0
    assert (start["document"], end["document"].split(", ")[1]) == ("", "version 1")


def test_the_journal_explains_refused_submissions(api: Api) -> None:
    post(api, example().replace(b'"DI109"', b'"DI108"'))
    listed = api.http.get(f"/r/{api.register}/__admin/requests").json["requests"]
    found = api.http.get(f"/r/{api.register}/__admin/requests/{listed[0]['id']}?explain=en").json
    assert any("DI109" in said for said in found["findings"][0]["explanation"]["register_has"])
    assert "explanation" not in listed[0]["findings"][0]


def test_the_page_shows_the_deciding_parts_and_folds_dependent_findings(api: Api) -> None:
    wrong = example().replace(b'<low value="20190501100000+0200"/>', b'<low value="20190520100000+0200"/>')
    told = page(api, f"/submissions/{post(api, wrong)['id'].replace('-', '')}")
    assert "What decided:" in told
    assert "2019-05-20 10:00 (line" in told
    assert "the same cause as another finding:" in told
