"""A reset restores the start. With a scope, it removes only the data of a reporter, a set or a patient."""

from __future__ import annotations

import pytest

from tests.builders import CUSTODIAN, SET_ID, a_patient, uuid
from tests.web.admin.conftest import Bench, clean_document

OTHER_SET = uuid("another set")
OTHER_CPR = "0101011234"
EMPTY = dict.fromkeys(("sets", "documents", "entries", "events", "episodes", "links", "submissions"), 0)


def another_patients_document() -> bytes:
    """Return a document about another patient, in its own set and with its own ids."""
    text = clean_document(patient=a_patient(OTHER_CPR)).decode()
    for name in ("set", "document 1", "episode", "encounter", "condition"):
        text = text.replace(uuid(name), uuid(f"another {name}"))
    return text.encode()


def test_a_reset_removes_everything(bench: Bench) -> None:
    assert bench.submit().status == "Success"
    assert bench.post("reset") == {"reset": "all"}
    assert bench.stored() == EMPTY
    assert bench.get("requests")["total"] == 0


def test_after_a_reset_the_same_document_is_new_again(bench: Bench) -> None:
    for _ in range(2):
        assert bench.submit().status == "Success"
        bench.post("reset")


def test_a_reset_can_be_done_twice(bench: Bench) -> None:
    assert bench.post("reset") == bench.post("reset")


def test_a_reset_restores_clock_rules_and_faults(bench: Bench) -> None:
    start = bench.get("clock")
    bench.call("PUT", "clock", json={"mode": "real"})
    bench.call("PUT", "rules/05.14", json={"enabled": False})
    bench.post("faults", fault={"type": "cut_connection"})
    bench.post("reset")
    assert bench.get("clock") == start
    assert bench.get("rules/05.14")["enabled"] is True
    assert bench.get("faults")["faults"] == []


def test_a_reset_keeps_the_checkpoints(bench: Bench) -> None:
    bench.submit()
    bench.call("PUT", "checkpoints/before")
    bench.post("reset")
    bench.post("checkpoints/before/restore")
    assert bench.stored()["sets"] == 1


@pytest.mark.parametrize(
    "scope",
    [
        {"patient": "251248-9996"},
        {"set": SET_ID},
        {"patient": "2512489996", "cvr": CUSTODIAN},
    ],
)
def test_a_scoped_reset_removes_the_data_in_its_scope(bench: Bench, scope: dict[str, str]) -> None:
    bench.submit()
    one_set = bench.stored()
    bench.submit(another_patients_document())
    assert bench.stored()["sets"] == 2
    assert bench.post("reset", **scope)["sets"] == 1
    assert bench.stored() == one_set
    assert bench.submit(another_patients_document()).findings[0].code == "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT"
    assert bench.submit().status == "Success"


@pytest.mark.parametrize("scope", [{"author": "6071000016008"}, {"cvr": CUSTODIAN}])
def test_a_reporter_is_identified_by_author_or_cvr_number(bench: Bench, scope: dict[str, str]) -> None:
    bench.submit()
    bench.submit(another_patients_document())
    assert bench.post("reset", **scope)["sets"] == 2
    assert bench.stored() == EMPTY


@pytest.mark.parametrize("scope", [{"author": "1"}, {"cvr": "1"}, {"set": "1"}, {"patient": OTHER_CPR, "set": SET_ID}])
def test_a_scope_without_data_removes_nothing(bench: Bench, scope: dict[str, str]) -> None:
    bench.submit()
    before = bench.stored()
    assert bench.post("reset", **scope)["sets"] == 0
    assert bench.stored() == before
    assert bench.get("requests")["total"] == 1


def test_a_scope_can_be_given_in_the_query(bench: Bench) -> None:
    bench.submit()
    assert bench.call("POST", "reset", query_string={"patient": "2512489996"}).json["sets"] == 1


@pytest.mark.parametrize(("body", "field"), [({"pateint": "1"}, "pateint"), ({"patient": ""}, "patient"), ({"set": 7}, "set")])
def test_an_invalid_scope_resets_nothing(bench: Bench, body: dict[str, object], field: str) -> None:
    bench.submit()
    assert bench.problem("POST", "reset", json=body)["field"] == field
    assert bench.stored()["sets"] == 1


@pytest.mark.parametrize("body", [b"{", b"[1]", b"[" * 100_000, b"\xff"])
def test_a_body_that_is_not_a_json_object_resets_nothing(bench: Bench, body: bytes) -> None:
    bench.submit()
    assert bench.problem("POST", "reset", data=body)["status"] == 422
    assert bench.stored()["sets"] == 1


def test_the_problem_for_get_says_to_use_post(bench: Bench) -> None:
    answer = bench.call("GET", "reset")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert answer.json["detail"] == "GET is not allowed here; use OPTIONS, POST."
