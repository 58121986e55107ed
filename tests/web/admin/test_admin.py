"""``/__admin`` describes itself, and is protected by a token."""

from __future__ import annotations

import pytest

from mockregister import __version__
from tests.web.admin.conftest import Bench


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_the_index_lists_all_resources(bench: Bench) -> None:
    index = bench.http.get("/__admin").json
    assert index["version"] == __version__
    assert "POST /__admin/reset" in index["endpoints"]
    assert bench.http.get("/__admin/").json == index


def test_health_and_version_are_shown(bench: Bench) -> None:
    assert bench.get("health")["status"] == "ok"
    assert bench.get("version") == {"version": __version__}


@pytest.mark.parametrize(
    "headers", [{}, bearer("wrong"), bearer(""), bearer("s3cret2"), {"Authorization": "s3cret"}, bearer("é")]
)
@pytest.mark.parametrize(("method", "path"), [("POST", "reset"), ("GET", "clock"), ("GET", ""), ("DELETE", "registers/x")])
def test_a_call_without_the_token_is_refused(guarded: Bench, headers: dict[str, str], method: str, path: str) -> None:
    answer = guarded.call(method, path, headers={name: value.encode().decode("latin-1") for name, value in headers.items()})
    assert (answer.status_code, answer.headers["WWW-Authenticate"].lower()) == (401, "bearer")


def test_a_call_with_the_token_is_accepted(guarded: Bench) -> None:
    assert guarded.call("POST", "reset", headers=bearer("s3cret")).status_code == 200


def test_other_registers_require_the_token_too(guarded: Bench) -> None:
    assert Bench(guarded.http, "team-a").call("POST", "reset").status_code == 401


def test_health_requires_no_token(guarded: Bench) -> None:
    assert guarded.get("health")["status"] == "ok"
    assert guarded.http.get("/livez").status_code == 200


def test_submitting_requires_no_token(guarded: Bench) -> None:
    assert guarded.submit().status == "Success"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost.evil.example"])
def test_requests_of_pages_of_other_origins_are_refused(bench: Bench, origin: str) -> None:
    assert bench.submit().status == "Success"
    answer = bench.call("POST", "reset", headers={"Origin": origin})
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert bench.stored()["sets"] == 1


def test_requests_of_our_own_pages_are_accepted(bench: Bench) -> None:
    assert bench.call("POST", "reset", headers={"Origin": "http://localhost"}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "reset"), ("PUT", "faults"), ("GET", "checkpoints/x/restore"), ("POST", "clock")]
)
def test_the_problem_for_a_wrong_method_names_the_right_ones(bench: Bench, method: str, path: str) -> None:
    answer = bench.call(method, path)
    assert answer.status_code == 405
    assert answer.headers["Allow"]
    assert "is not allowed here; use" in answer.json["detail"]
