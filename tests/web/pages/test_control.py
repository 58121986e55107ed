"""The control page has forms, is protected by a token, and refuses invalid requests."""

from __future__ import annotations

from typing import Any

import pytest

from mockregister.web.pages.pieces import SIZE
from tests.builders import CPR_NUMBER
from tests.snapshots import snapshot
from tests.web.pages.conftest import Reader, clean_document


def test_the_clock_is_frozen_moved_and_reset(reader: Reader) -> None:
    clock = reader.namespace.register.clock
    assert "The clock is set" in reader.send("/control/clock", mode="frozen", at="2020-02-03T04:05").text
    assert clock.now().isoformat() == "2020-02-03T04:05:00+01:00"
    reader.send("/control/clock", mode="moved", by="P1D")
    assert clock.moved_by.days == 1
    reader.send("/control/clock", mode="real")
    assert not clock.moved_by


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("clock", {"mode": "frozen", "at": "never"}, 422),
        ("clock", {"mode": "sideways"}, 422),
        ("seed", {"seed": "nope"}, 404),
        ("faults", {"type": "http_status", "status": "99999"}, 422),
        ("faults", {"type": "nothing"}, 422),
        ("faults/remove", {"id": "7"}, 404),
        ("checkpoints", {"action": "checkpoint", "name": "../x"}, 422),
        ("checkpoints", {"action": "explode", "name": "x"}, 422),
        ("registers", {"name": "<b>"}, 422),
        ("registers/remove", {"name": "default"}, 409),
    ],
)
def test_an_impossible_change_is_reported_in_one_sentence(reader: Reader, path: str, form: dict[str, Any], status: int) -> None:
    response = reader.send(f"/control/{path}", **form)
    assert response.status_code == status
    assert 'role="alert"' in response.text
    assert "<b>" not in response.text


@pytest.mark.parametrize("kind", ["application/json", "application/problem+json, */*;q=0.1"])
def test_a_page_that_is_requested_as_json_answers_with_a_problem(reader: Reader, kind: str) -> None:
    for path in ("/r/", "/r/a%20b/patients"):
        response = reader.http.get(path, headers={"Accept": kind})
        assert (response.status_code, response.content_type) == (422, "application/problem+json")
        assert "cannot name a register" in response.get_json(force=True)["detail"]


def test_the_problem_names_the_whole_address_of_another_register(reader: Reader) -> None:
    answer = reader.http.get("/r/people/nowhere", headers={"Accept": "application/json"})
    assert answer.get_json(force=True)["detail"] == "There is nothing at /r/people/nowhere."


def test_a_checkpoint_is_saved_restored_and_removed(reader: Reader) -> None:
    reader.send("/control/checkpoints", action="checkpoint", name="before")
    reader.drop(clean_document())
    reader.send("/control/checkpoints", action="restored", name="before")
    assert snapshot(reader.namespace.register.store).is_empty
    reader.send("/control/checkpoints", action="checkpoint-gone", name="before")
    assert reader.namespace.checkpoints.all() == []


@pytest.mark.parametrize(
    "form",
    [
        {"type": "delay", "seconds": "0.5"},
        {"type": "http_status", "status": "503", "times": "1", "match-service": "PatientHealthcareReportingService"},
        {"type": "soap_fault", "name": "null_pointer", "match-patient": CPR_NUMBER, "probability": "0.5"},
        {"type": "registry_errors", "code": "SET_NOT_FOUND"},
        {"type": "registry_errors", "code": "05.53"},
        {"type": "stored_then_fault", "name": "unknown_error"},
        {"type": "cut_connection"},
        {"type": "half_answer"},
        {"type": "slow_answer", "seconds": "1"},
    ],
)
def test_a_fault_is_set_and_removed(reader: Reader, form: dict[str, Any]) -> None:
    assert "The fault is set" in reader.send("/control/faults", **form).text
    assert len(reader.namespace.faults.all()) == 1
    reader.send("/control/faults/remove")
    assert reader.namespace.faults.all() == []


def test_a_reset_restores_the_start(filled: Reader) -> None:
    filled.send("/control/reset")
    assert snapshot(filled.namespace.register.store).is_empty
    assert filled.namespace.journal.count() == 0


def test_a_register_is_made_shown_and_removed(reader: Reader) -> None:
    response = reader.ask("POST", "/control/registers", data={"name": "mine"})
    assert response.headers["Location"] == "/r/mine/control?done=register"
    other = Reader(reader.http, "mine")
    other.drop(clean_document())
    assert CPR_NUMBER in other.text("/patients")
    assert CPR_NUMBER not in reader.text("/patients")
    assert all(address.startswith(("/r/mine/", "#")) for address in other.page("/").xpath("//a/@href | //form/@action"))
    assert other.ask("POST", "/control/switch", data={"name": "default"}).headers["Location"] == "/"
    assert reader.ask("POST", "/control/registers/remove", data={"name": "mine"}).status_code == 303
    assert "mine" not in reader.http.application.extensions["mockregister"].known_names()


def test_many_registers_are_listed_a_page_at_a_time(reader: Reader) -> None:
    for number in range(SIZE + 1):
        reader.http.application.extensions["mockregister"].make(f"run-{number:03}")
    names = [
        row.xpath("string(td)")
        for path in ("/control", "/control?page=2")
        for row in reader.page(path).xpath("//section[@aria-labelledby='registers-title']//tbody/tr")
    ]
    assert names == ["default", *(f"run-{number:03}" for number in range(SIZE + 1))]


def test_a_form_of_another_origin_is_refused(reader: Reader) -> None:
    for path in ("/control/reset", "/documents", "/preferences", "/rules/05.104", "/sign-in"):
        assert reader.ask("POST", path, headers={"Origin": "https://evil.example"}).status_code == 403
        assert reader.ask("POST", path, headers={"Origin": "null"}).status_code == 403


def test_a_server_with_a_token_asks_visitors_to_sign_in(stranger: Reader) -> None:
    for path in ("/", "/live", "/patients", "/control"):
        assert stranger.ask("GET", path).headers["Location"].startswith("/sign-in?back=")
    assert stranger.ask("POST", "/control/reset").status_code == 401
    assert stranger.ask("GET", "/static/page.css").status_code == 200


def test_the_token_gives_access_until_signing_out(stranger: Reader) -> None:
    assert stranger.send("/sign-in", token="guess").status_code == 403
    response = stranger.ask("POST", "/sign-in", data={"token": "s3cret", "back": "/control"})
    assert response.headers["Location"] == "/control"
    cookie = response.headers["Set-Cookie"]
    assert "s3cret" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert stranger.ask("GET", "/control").status_code == 200
    stranger.send("/sign-out")
    assert stranger.ask("GET", "/control").status_code == 303


def test_the_menu_of_registers_is_hidden_from_visitors_without_the_token(stranger: Reader) -> None:
    stranger.http.application.extensions["mockregister"].make("secret-name")
    assert "secret-name" not in stranger.ask("GET", "/sign-in").text
