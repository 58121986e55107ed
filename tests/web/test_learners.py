"""On a training server with an admin token, trainees can use only their own register, and the instructor can use all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from flask.testing import FlaskClient
from lxml import html

from mockregister.client import Sending, write_request
from tests.web.admin.conftest import bench_of, document_with_a_violation

TOKEN = "s3cret"
INSTRUCTOR = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def server() -> Iterator[FlaskClient]:
    """Return a browser without cookies. Its server is for training, has an admin token, and ada and bo have joined."""
    with closing(bench_of(training="on", admin_token=TOKEN, seed="birth")) as benches:  # this seed is loaded fast
        http = next(benches).http
        for name in ("ada", "bo"):
            assert joined(http, name).status_code == 200
        yield http


def browser(server: FlaskClient) -> FlaskClient:
    """Return another browser without cookies."""
    return server.application.test_client()


def joined(server: FlaskClient, name: str, **form: str) -> FlaskClient:
    """Join with a name, and return the browser on the page that follows."""
    learner = browser(server)
    response = learner.post("/training", data={"name": name, "seed": "empty", **form}, follow_redirects=True)
    learner.status_code, learner.text = response.status_code, response.text  # type: ignore[attr-defined]
    return learner


def back(server: FlaskClient, name: str) -> FlaskClient:
    """Return a browser that used the link which the instructor hands out."""
    learner = browser(server)
    response = learner.get(links(server)[name])
    assert (response.status_code, response.headers["Location"]) == (303, f"/r/{name}/")
    return learner


def signed_in(server: FlaskClient) -> FlaskClient:
    """Return the instructor's browser."""
    instructor = browser(server)
    assert instructor.post("/sign-in", data={"token": TOKEN}).status_code == 303
    return instructor


def links(server: FlaskClient) -> dict[str, str]:
    """Return the links of the instructor's list, by name."""
    page = html.fromstring(signed_in(server).get("/training").data.decode())
    return {row.xpath("string(th/a[1])"): row.xpath("th/a[2]/@href")[0] for row in page.xpath("//tbody/tr")}


def key(server: FlaskClient, name: str) -> dict[str, str]:
    """Return the header that gives programs access to a register."""
    return {"Authorization": f"Bearer {links(server)[name].rpartition('=')[2]}"}


OWN_PAGES = ("/", "/patients", "/control", "/exchanges", "/exams", "/training", "/api/v1/patients")


def test_a_trainee_can_use_every_page_of_their_own_register_and_no_other(server: FlaskClient) -> None:
    ada = back(server, "ada")
    for path in OWN_PAGES:
        assert ada.get(f"/r/ada{path}").status_code == 200, path
    for path in ("/r/bo/", "/r/bo/control", "/", "/patients"):
        response = ada.get(path)
        assert (response.status_code, response.headers["Location"].rpartition("/")[2]) == (303, "training")
    for path in ("/r/bo/api/v1/patients", "/api/v1/patients", "/metrics", "/r/ada/metrics"):
        assert ada.get(path).status_code == 401, path
    assert ada.post("/r/bo/control/reset").status_code == 401


def test_the_pages_of_a_trainee_do_not_name_other_trainees(server: FlaskClient) -> None:
    ada = back(server, "ada")
    for path in OWN_PAGES:
        page = html.fromstring(ada.get(f"/r/ada{path}").data)
        names = {*page.xpath("//option/text()"), *page.xpath("//th//text()"), *page.xpath("//td//text()")}
        assert "bo" not in names, path
    assert "bo" not in links_of(ada.get("/training").text)
    assert set(links(server)) >= {"ada", "bo"}


def links_of(page: str) -> set[str]:
    return set(html.fromstring(page).xpath("//section//a/text()"))


def test_a_trainee_cannot_change_anything_outside_of_their_register(server: FlaskClient) -> None:
    ada, bearer = back(server, "ada"), key(server, "ada")
    for form in ("registers", "registers/remove"):
        assert ada.post(f"/r/ada/control/{form}", data={"name": "bo"}).status_code == 401
    assert ada.post("/training/again", data={"name": "bo"}).status_code == 401
    assert ada.post("/r/ada/training/again", data={"name": "ada"}).status_code == 401
    assert ada.post("/r/ada/exams", data={"name": "bo"}).status_code == 422
    assert ada.get("/r/ada/exams/bo").status_code == 303
    for method, path in (("GET", "registers"), ("DELETE", "registers/bo"), ("PUT", "editions/new"), ("GET", "exams/bo")):
        assert ada.open(f"/r/ada/__admin/{path}", method=method, headers=bearer).status_code == 401, path
    assert set(links(server)) >= {"ada", "bo"}


def test_a_program_can_use_a_register_with_its_key(server: FlaskClient) -> None:
    program, bearer = browser(server), key(server, "bo")
    assert program.get("/r/bo/__admin/clock", headers=bearer).status_code == 200
    frozen = {"mode": "frozen", "at": "2026-06-01T12:00:00+02:00"}
    assert program.put("/r/bo/__admin/clock", json=frozen, headers=bearer).status_code == 200
    xml = document_with_a_violation()
    sent = program.post("/r/bo/api/v1/submissions", data=xml, content_type="application/xml", headers=bearer)
    assert sent.status_code == 201
    for path in ("/r/ada/__admin/clock", "/__admin/clock", "/r/default/__admin/clock"):
        assert program.get(path, headers=bearer).status_code == 401, path
    assert program.get("/r/ada/api/v1/patients", headers=bearer).status_code == 401


def test_an_outcome_can_be_imposed_with_the_key_of_the_register(server: FlaskClient) -> None:
    headers, body = write_request([document_with_a_violation()], Sending(service="save"))
    imposed = {**headers, "X-Mock-Outcome": "503", **key(server, "bo")}
    paths = (Sending(service="save", register=name).path for name in ("bo", "ada"))
    own, other = (browser(server).post(path, data=body, headers=imposed).status_code for path in paths)
    assert (own, other) == (503, 500), "a fault is 500, here that it takes the token"


def test_the_page_shows_a_trainee_their_link_and_key(server: FlaskClient) -> None:
    page = back(server, "ada").get("/r/ada/training").text
    assert links(server)["ada"] in html.fromstring(page).xpath("//a/@href")
    assert key(server, "ada")["Authorization"] in page


def test_a_name_belongs_to_the_first_person_who_joins_with_it(server: FlaskClient) -> None:
    other = joined(server, "ada")
    assert (other.status_code, "already" in other.text) == (409, True)  # type: ignore[attr-defined]
    assert other.get("/r/ada/").status_code == 303
    assert browser(server).get("/training/back?name=ada&key=0123456789abcdef").status_code == 404
    assert signed_in(server).post("/training", data={"name": "ada"}).headers["Location"] == "/r/ada/"


def test_a_trainee_takes_the_exam_in_their_own_register(server: FlaskClient) -> None:
    learner = joined(server, "eve", exam="yes", stories="diagnosis-report")
    assert learner.status_code == 200  # type: ignore[attr-defined]
    assert learner.get("/r/eve/exams/eve").status_code == 200
    listed = html.fromstring(learner.get("/r/eve/exams").data)
    assert "eve" in " ".join(listed.xpath("//td//text() | //th//text()"))


def test_the_instructor_can_see_all_registers_and_reset_each_of_them(server: FlaskClient) -> None:
    instructor = signed_in(server)
    for path in ("/r/ada/", "/r/bo/control", "/", "/training"):
        assert instructor.get(path).status_code == 200, path
    assert instructor.post("/training/again", data={"name": "bo"}).status_code == 303
    assert server.application.test_client().get("/__admin/registers", headers=INSTRUCTOR).status_code == 200


def test_a_stranger_is_redirected_to_the_page_for_joining(server: FlaskClient) -> None:
    stranger = browser(server)
    page = html.fromstring(stranger.get("/", follow_redirects=True).data)
    assert page.xpath("//form//input[@id='learner']")
    assert page.xpath("//a[contains(@href, 'sign-in')]")
    assert not page.xpath("//tbody")


def test_a_key_is_not_accepted_by_a_server_without_training() -> None:
    with closing(bench_of(admin_token=TOKEN)) as benches, closing(bench_of(training="on", admin_token=TOKEN)) as others:
        plain, training = next(benches).http, next(others).http
        joined(training, "ada")
        assert plain.get("/r/ada/__admin/clock", headers=INSTRUCTOR).status_code == 200
        assert plain.get("/r/ada/__admin/clock", headers=key(training, "ada")).status_code == 401
        assert plain.get("/training").status_code == 404
