"""A checkpoint is a state that can be restored."""

from __future__ import annotations

import pytest

from tests.web.admin.conftest import Bench


def test_a_register_is_restored_to_a_checkpoint(bench: Bench) -> None:
    bench.submit()
    assert bench.call("PUT", "checkpoints/one").status_code == 201
    after_one = bench.stored()
    bench.post("reset")
    assert bench.post("checkpoints/one/restore")["name"] == "one"
    assert bench.stored() == after_one
    assert bench.submit().findings[0].code == "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT"


def test_a_checkpoint_can_be_restored_twice(bench: Bench) -> None:
    bench.call("PUT", "checkpoints/empty")
    for _ in range(2):
        assert bench.submit().status == "Success"
        bench.post("checkpoints/empty/restore")


def test_the_clock_is_restored_too(bench: Bench) -> None:
    bench.call("PUT", "checkpoints/then")
    then = bench.get("clock")
    bench.call("PUT", "clock", json={"mode": "moved", "by": "P1Y"})
    bench.post("checkpoints/then/restore")
    assert bench.get("clock") == then


def test_faults_rules_and_journal_are_not_restored(bench: Bench) -> None:
    bench.call("PUT", "checkpoints/before")
    bench.submit()
    bench.post("faults", fault={"type": "cut_connection"})
    bench.call("PUT", "rules/05.14", json={"enabled": False})
    bench.post("checkpoints/before/restore")
    assert bench.get("requests")["total"] == 1
    assert len(bench.get("faults")["faults"]) == 1
    assert bench.get("rules/05.14")["enabled"] is False


def test_a_name_can_be_used_again(bench: Bench) -> None:
    bench.call("PUT", "checkpoints/x")
    bench.submit()
    assert bench.call("PUT", "checkpoints/x").status_code == 200
    assert bench.get("checkpoints/x")["stored"]["sets"] == 1


def test_checkpoints_are_listed_and_deleted(bench: Bench) -> None:
    for name in ("b", "a"):
        bench.call("PUT", f"checkpoints/{name}")
    assert [checkpoint["name"] for checkpoint in bench.get("checkpoints")["checkpoints"]] == ["a", "b"]
    assert bench.call("DELETE", "checkpoints/a").status_code == 204
    assert [checkpoint["name"] for checkpoint in bench.get("checkpoints")["checkpoints"]] == ["b"]


@pytest.mark.parametrize(
    "name", ["..", "../x", "a/b", "%2e%2e%2fetc", "..%2f..", ".hidden", "a" * 65, "a%00b", "a..b", "%5c", "-x", "a%20b", "æ"]
)
@pytest.mark.parametrize("method", ["PUT", "GET", "DELETE"])
def test_a_name_with_path_tricks_is_refused(bench: Bench, name: str, method: str) -> None:
    problem = bench.problem(method, f"checkpoints/{name}")
    assert (problem["status"], problem["field"]) == (422, "name")
    assert bench.get("checkpoints")["checkpoints"] == []


@pytest.mark.parametrize(("method", "path"), [("GET", "x"), ("DELETE", "x"), ("POST", "x/restore")])
def test_an_unknown_checkpoint_is_not_found(bench: Bench, method: str, path: str) -> None:
    assert bench.problem(method, f"checkpoints/{path}")["status"] == 404


def test_the_number_of_checkpoints_is_limited(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockregister.mocking.checkpoints.MAX_CHECKPOINTS", 2)
    for name in ("a", "b"):
        bench.call("PUT", f"checkpoints/{name}")
    assert bench.problem("PUT", "checkpoints/c")["status"] == 409
    assert bench.call("PUT", "checkpoints/a").status_code == 200
