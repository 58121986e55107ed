"""Every request to ``/__admin`` is accepted, or refused with one sentence that says what is wrong."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockregister.mocking.outcomes import OBSERVED
from mockregister.settings import Settings
from tests.web.admin.conftest import Bench

WORDS = st.sampled_from(
    [
        *("match", "fault", "type", "times", "probability", "seed", "mode", "at", "by", "service", "register", "nth", "header"),
        *("status", "seconds", "min_seconds", "max_seconds", "name", "errors", "code", "level", "params", "text", "part", "cut"),
        *("author", "cvr", "set", "patient", "enabled", "severity", "count", "timeout", "limit", "stored", "rule", "path"),
    ]
)
MEANT = ["delay", "http_status", "registry_errors", "half_answer", "real", "frozen", "P1D", "05.14", "save", "*", "XSD"]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(MEANT),
    st.sampled_from(sorted(OBSERVED)),
)
JSON = st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=5), max_leaves=12)
BODIES = st.dictionaries(WORDS, JSON, max_size=6)
ENDPOINTS = [
    ("POST", "reset"),
    ("PUT", "clock"),
    ("POST", "faults"),
    ("POST", "requests/find"),
    ("POST", "requests/count"),
    ("POST", "requests/har"),
    ("PUT", "rules/05.14"),
]


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
@given(body=BODIES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_is_either_accepted_or_refused(bench: Bench, method: str, path: str, body: dict[str, Any]) -> None:
    answer = bench.call(method, path, json=body)
    assert answer.status_code in (200, 201, 409, 422), answer.text
    if answer.status_code == 422:
        assert answer.content_type == "application/problem+json"
        assert answer.json["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "faults", {"fault": {"type": "registry_errors", "errors": [{"code": "SET_NOT_FOUND", "params": ["\ud800"]}]}}),
        ("PUT", "rules/05.14", {"text": "\udfff"}),
        ("POST", "requests/find", {"patient": "\ud800"}),
    ],
)
def test_a_lone_surrogate_is_refused(bench: Bench, method: str, path: str, body: dict[str, Any]) -> None:
    assert bench.problem(method, path, data=json.dumps(body))["status"] == 422


@pytest.mark.parametrize("path", ["checkpoints", "registers", "seeds", "rules", "faults", "requests"])
@given(name=st.text(min_size=1, max_size=80))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_name_is_found_not_found_or_refused(bench: Bench, path: str, name: str) -> None:
    answer = bench.call("GET", f"{path}/{quote(name, safe='')}")
    assert answer.status_code in (200, 308, 404, 405, 422), answer.text


@given(word=st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=30))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_outcome_header_is_either_accepted_or_refused(bench: Bench, word: str) -> None:
    answer = bench.submit(headers={"X-Mock-Outcome": word})
    assert answer.http_status in {200, *range(400, 600)}
    assert answer.http_status != 500 or word in OBSERVED or word == "500" or "is not an outcome" in answer.fault.reason  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "requests?patient=2512489996"),
        ("DELETE", "faults?service=save"),
        ("GET", "faults?service=save"),
        ("PUT", "checkpoints/a?patient=2512489996"),
        ("POST", "checkpoints/a/restore?patient=2512489996"),
        ("POST", "seeds/empty?patient=2512489996"),
        ("PUT", "registers/a?seed=demo"),
        ("DELETE", "rules/05.14?enabled=true"),
        ("POST", "revalidation?patient=2512489996"),
    ],
)
def test_unknown_query_parameters_are_refused(bench: Bench, method: str, path: str) -> None:
    bench.call("PUT", "checkpoints/a")
    word = path.partition("?")[2].partition("=")[0]
    assert bench.problem(method, path)["field"] == word
    assert bench.problem(method, path.partition("?")[0], json={word: 1})["field"] == word


def test_every_wrong_parameter_is_reported(bench: Bench) -> None:
    problem = bench.problem("PUT", "clock", json={"mode": "later", "tomorrow": 1})
    assert [error["field"] for error in problem["errors"]] == ["mode", "tomorrow"]


def test_the_size_of_a_body_is_limited(bench: Bench) -> None:
    assert bench.problem("POST", "reset", data=b" " * (Settings().max_body + 1))["status"] == 413
