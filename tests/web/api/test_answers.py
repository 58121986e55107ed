"""All resources share pages, ETags, media types, and problems that name what was wrong."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.builders import SET_ID, a_document, a_patient, an_encounter, an_episode, an_id, uuid
from tests.web.api.conftest import Api

SINGLES = [
    f"episodes-of-care/{uuid('episode')}",
    f"encounters/{uuid('encounter')}",
    f"documents/{uuid('document 1')}",
    f"document-sets/{SET_ID}",
    "patients/2512489996",
    "codes/DI109",
    "code-lists/admin.konttype",
    "sor-units/6071000016008",
    "rules/05.53",
]
LISTS = sorted({path.partition("/")[0] for path in SINGLES} | {"conditions", "procedures", "results", "markers"})


@pytest.fixture
def filled(api: Api) -> Api:
    api.put(a_document(episodes=[an_episode()], encounters=[an_encounter()]))
    return api


def test_pages_are_linked_and_contain_everything_once(api: Api) -> None:
    names = [f"episode {number}" for number in range(7)]
    api.put(a_document(episodes=[an_episode(name) for name in names]))
    found, path = [], "episodes-of-care?page_size=3"
    while path:
        page = api.get(path)
        found += [item["id"]["extension"] for item in page["items"]]
        assert (page["total"], page["page_size"]) == (7, 3)
        path = page["next"] and urlsplit(page["next"])._replace(path="episodes-of-care").geturl()
    assert found == [uuid(name) for name in reversed(names)], "newest first"
    header = api.ask("episodes-of-care?page_size=3&page=2").headers["Link"]
    base = f"/r/{api.register}/api/v1/episodes-of-care?page_size=3&page="
    assert header == f'<{base}1>; rel="first", <{base}1>; rel="prev", <{base}3>; rel="next"'


def test_a_page_after_the_last_is_empty(filled: Api) -> None:
    page = filled.get("episodes-of-care", page="9")
    assert (page["items"], page["total"], page["next"]) == ([], 1, None)


def test_the_total_is_given_near_the_end_of_a_list(api: Api) -> None:
    api.put(a_document(episodes=[an_episode(f"episode {number}") for number in range(11)]))
    assert [api.get("episodes-of-care", page_size="2", page=str(page))["total"] for page in (1, 2, 6)] == [None, 11, 11]


@pytest.mark.parametrize("path", SINGLES)
def test_a_single_resource_has_an_etag(filled: Api, path: str) -> None:
    first = filled.ask(path)
    again = filled.ask(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert filled.ask(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_an_etag_does_not_change_with_other_resources(filled: Api) -> None:
    path = f"episodes-of-care/{uuid('episode')}"
    before = filled.ask(path).headers["ETag"]
    other = uuid("other set")
    filled.put(a_document(set_id=other, name="x", episodes=[an_episode(id=an_id("x", other))]))
    assert filled.ask(path).headers["ETag"] == before
    filled.namespace.register.edit_by_hand(uuid("episode"))
    assert filled.ask(path).headers["ETag"] == before


@pytest.mark.parametrize("path", [*SINGLES, *LISTS])
def test_head_returns_only_headers(filled: Api, path: str) -> None:
    response = filled.ask(path, "HEAD")
    assert (response.status_code, response.data, response.content_type) == (200, b"", "application/json")
    assert "ETag" in response.headers


@pytest.mark.parametrize("path", [*SINGLES, *LISTS])
def test_an_unavailable_media_type_is_answered_with_406(filled: Api, path: str) -> None:
    problem = filled.problem(path, headers={"Accept": "image/png"})
    assert (problem["status"], problem["title"]) == (406, "Not Acceptable")
    assert "application/json" in problem["detail"]


@pytest.mark.parametrize("path", SINGLES[:5])
def test_ids_may_be_in_upper_or_lower_case(filled: Api, path: str) -> None:
    resource, _, id = path.partition("/")
    assert filled.get(f"{resource}/{id.lower()}") == filled.get(f"{resource}/{id.upper()}")


def test_answers_are_compressed_if_the_caller_accepts_it(filled: Api) -> None:
    response = filled.ask("episodes-of-care", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page_size=1001", "page_size"),
        ("page=x", "page"),
        ("from=yesterday", "from"),
        ("to=2019-02-30", "to"),
        ("sor=abc", "sor"),
        ("set=abc", "set"),
        ("has=trouble", "has"),
        ("status=gone", "status"),
        ("stauts=open", "stauts"),
        ("status=open&status=closed", "status"),
        ("submitted_since=2019", "submitted_since"),
    ],
)
def test_a_wrong_parameter_is_named(api: Api, query: str, field: str) -> None:
    problem = api.problem(f"encounters?{query}")
    assert (problem["status"], problem["field"]) == (422, field)
    assert problem["detail"].startswith(f"{field}: ")


@pytest.mark.parametrize("path", SINGLES)
def test_a_single_resource_accepts_no_parameters(filled: Api, path: str) -> None:
    problem = filled.problem(f"{path}?status=open")
    assert (problem["status"], problem["field"]) == (422, "status")


def test_every_wrong_parameter_is_reported(api: Api) -> None:
    problem = api.problem("encounters?page=0&has=x&foo=1")
    assert sorted(item["field"] for item in problem["errors"]) == ["foo", "has", "page"]


@pytest.mark.parametrize("offset", ["+02:00", "+0200", "+02", "%2B02:00"])
def test_an_offset_with_an_unencoded_plus_is_understood(filled: Api, offset: str) -> None:
    assert filled.keys(f"encounters?from=2019-05-02T08:00:00{offset}") == [uuid("encounter").lower()]


@pytest.mark.parametrize("day", ["2019-05-02", "20190502"])
def test_a_date_means_the_whole_day(filled: Api, day: str) -> None:
    assert filled.keys(f"encounters?from={day}&to={day}") == [uuid("encounter").lower()]


def test_another_method_is_refused(api: Api) -> None:
    response = api.ask("encounters", "DELETE")
    assert (response.status_code, response.content_type) == (405, "application/problem+json")
    assert "GET" in response.headers["Allow"]


def test_every_register_is_read_separately(application: object, api: Api) -> None:
    api.put(a_document(episodes=[an_episode()], patient=a_patient()))
    elsewhere = Api(api.http, f"{api.register}-other")
    assert (len(api.get("patients")["items"]), elsewhere.get("patients")["items"]) == (1, [])


def test_codes_lists_units_and_rules_can_be_searched(api: Api) -> None:
    assert [item["code"] for item in api.get("codes", code="di10*", list="diag")["items"]] == ["DI10", "DI109"]
    assert "DI109" in [item["code"] for item in api.get("codes", text="hypertension", page_size="1000")["items"]]
    assert [item["code"] for item in api.get("codes", code="DI109")["items"]] == ["DI109"]
    assert "admin.konttype" in [item["name"] for item in api.get("code-lists", text="kontakttype")["items"]]
    assert "6071000016008" in [item["sor_id"] for item in api.get("sor-units", text="Nordjylland")["items"]]
    assert [item["id"] for item in api.get("rules", text="05.53")["items"]] == ["05.53"]
    assert {item["severity"] for item in api.get("rules", has="warnings")["items"]} == {"Warning"}
    assert {item["family"] for item in api.get("rules", family="encounter")["items"]} == {"encounter"}
    assert api.problem("rules?family=nothing")["field"] == "family"
    for path in ("codes/XX99", "code-lists/nothing", "sor-units/1", "rules/99.99"):
        assert api.problem(path)["status"] == 404
