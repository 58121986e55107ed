"""Business rules are switched and changed while the register runs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.admin.conftest import Bench, document_with_a_violation

DIRTY = document_with_a_violation()


def found(bench: Bench) -> list[tuple[str, str]]:
    return [(finding.code, finding.severity.value) for finding in bench.submit(DIRTY, service="validate").findings]


def test_a_rule_that_is_switched_off_finds_nothing(bench: Bench) -> None:
    assert found(bench) == [("05.104", "Error")]
    assert bench.call("PUT", "rules/05.104", json={"enabled": False}).json["enabled"] is False
    assert found(bench) == []
    bench.call("PUT", "rules/05.104", json={"enabled": True})
    assert found(bench) == [("05.104", "Error")]


def test_the_severity_of_a_rule_is_changed(bench: Bench) -> None:
    bench.call("PATCH", "rules/05.104", json={"severity": "Warning"})
    assert found(bench) == [("05.104", "Warning")]
    assert bench.submit(DIRTY).status == "Success"


def test_a_rule_is_restored(bench: Bench) -> None:
    before = bench.get("rules/05.104")
    bench.call("PUT", "rules/05.104", json={"enabled": False, "severity": "Warning", "text": "?"})
    assert bench.call("DELETE", "rules/05.104").json == before == bench.get("rules/05.104")


def test_all_rules_are_listed_with_the_version_that_answers_state(bench: Bench) -> None:
    listed = bench.get("rules")
    assert listed["version"] == "sds:lpr:3.0.6"
    assert len(listed["rules"]) == len({rule["id"] for rule in listed["rules"]}) > 300


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_answers_state_another_version_until_a_reset(bench: Bench, method: str) -> None:
    assert bench.call(method, "rules", json={"version": "sds:lpr:3.0.7"}).json == {"version": "sds:lpr:3.0.7"}
    assert {finding.rule_set for finding in bench.submit(DIRTY, service="validate").findings} == {"sds:lpr:3.0.7"}
    bench.call("POST", "reset")
    assert bench.get("rules")["version"] == "sds:lpr:3.0.6"


@pytest.mark.parametrize("body", [{}, {"version": ""}, {"version": "a|||b"}, {"version": "a b"}, {"version": 3}])
def test_a_version_that_an_answer_cannot_state_is_refused(bench: Bench, body: dict[str, Any]) -> None:
    assert bench.problem("PUT", "rules", json=body)["field"] == "version"
    assert bench.get("rules")["version"] == "sds:lpr:3.0.6"


@pytest.mark.parametrize(
    ("body", "field"),
    [({"enabled": "no"}, "enabled"), ({"severity": "Fatal"}, "severity"), ({"on": True}, "on"), ({"text": 1}, "text")],
)
def test_an_invalid_change_is_refused(bench: Bench, body: dict[str, Any], field: str) -> None:
    assert bench.problem("PUT", "rules/05.104", json=body)["field"] == field
    assert found(bench) == [("05.104", "Error")]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_unknown_rule_is_not_found(bench: Bench, method: str) -> None:
    assert bench.problem(method, "rules/99.99")["status"] == 404
