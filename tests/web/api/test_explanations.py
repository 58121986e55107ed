"""Why findings came, for those who ask: over the JSON API, in the journal and on the page."""

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


def test_nobody_is_told_who_does_not_ask(api: Api) -> None:
    told = post(api, NO_MAIN_CONDITION)
    assert told["findings"]
    assert not any("explanation" in one or "cause" in one for one in told["findings"])


@pytest.mark.parametrize("service", ["save", "save-if-no-errors", "validate"])
def test_the_answer_tells_what_decided_whatever_the_service(api: Api, service: str) -> None:
    told = post(api, NO_MAIN_CONDITION, service=service, explain="en")
    (finding,) = [one for one in told["findings"] if one["rule_id"] == "05.14"]
    missing, given = finding["explanation"]["because"]
    assert "main condition of the encounter" in missing["text"]
    assert missing["values"][0]["value"] == ""
    assert given["values"][0]["line"] in finding["explanation"]["lines"]
    assert finding["explanation"]["advice"].startswith("Send the main condition of the encounter")
    assert finding["cause"]["number"] >= 1


def test_it_is_told_in_danish_for_who_asks_so(api: Api) -> None:
    told = post(api, NO_MAIN_CONDITION, explain="da")
    assert any("mangler" in part["text"] for one in told["findings"] for part in one["explanation"]["because"])


def test_a_language_that_is_none_is_refused(api: Api) -> None:
    assert api.problem("submissions/0b5dbd0e-94d9-4a0b-b46a-0d2e5bb4e9b7?explain=sv")["status"] == 422


def test_what_was_kept_is_explained_as_the_register_was_then(api: Api) -> None:
    first = post(api, NO_MAIN_CONDITION)
    later = the_next_document(encounters=[an_encounter("second", episode=EPISODE, end=at("2019-05-02 12:00"))])
    post(api, as_xml(later))
    told = api.get(f"submissions/{first['id']}", explain="en")
    assert told["findings"]
    for one in told["findings"]:
        assert one["explanation"]["because"], one["code"]
        assert one["explanation"]["lines"]


def test_an_addendum_is_explained_with_what_stands_in_the_first_document(api: Api) -> None:
    episode = an_episode(end=at("2019-05-01 11:00"))
    post(api, as_xml(a_document(episodes=[episode])))
    late = an_encounter(episode=EPISODE, start=at("2019-05-03 10:00"), end=at("2019-05-03 11:00"))
    kept = post(api, as_xml(the_next_document(encounters=[late])))
    told = api.get(f"submissions/{kept['id']}", explain="en")
    (finding,) = [one for one in told["findings"] if one["rule_id"] == "05.22"]
    start, end = finding["explanation"]["because"][0]["values"]
    assert (start["value"], end["value"]) == ("2019-05-03 10:00", "2019-05-01 11:00")
    assert start["line"] > 0
    assert end["line"] > 0
    assert (start["document"], end["document"].split(", ")[1]) == ("", "version 1")


def test_the_journal_explains_what_was_refused(api: Api) -> None:
    post(api, example().replace(b'"DI109"', b'"DI108"'))
    listed = api.http.get(f"/r/{api.register}/__admin/requests").json["requests"]
    found = api.http.get(f"/r/{api.register}/__admin/requests/{listed[0]['id']}?explain=en").json
    assert any("DI109" in said for said in found["findings"][0]["explanation"]["register_has"])
    assert "explanation" not in listed[0]["findings"][0]


def test_the_page_tells_what_decided_and_folds_what_follows(api: Api) -> None:
    wrong = example().replace(b'<low value="20190501100000+0200"/>', b'<low value="20190520100000+0200"/>')
    told = page(api, f"/submissions/{post(api, wrong)['id'].replace('-', '')}")
    assert "What decided:" in told
    assert "2019-05-20 10:00 (line" in told
    assert "the same cause as above or before:" in told
