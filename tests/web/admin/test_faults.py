"""Outcomes are imposed over HTTP, in advance or by a header. They apply to the SOAP services only."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest

from mockregister.finding import Level, Severity
from mockregister.mocking.outcomes import OBSERVED
from mockregister.mocking.waiting_room import WaitingRoom
from tests.builders import AUTHOR_UNIT, CUSTODIAN, SET_ID
from tests.web.admin.conftest import Bench

REPORTING = "PatientHealthcareReportingService"


def unavailable(bench: Bench, **more: Any) -> Any:
    return bench.post("faults", **{"fault": {"type": "http_status", "status": 503}} | more)


def statuses(bench: Bench, calls: int, **how: Any) -> list[int]:
    return [bench.submit(service="validate", **how).http_status for _ in range(calls)]


def test_an_unavailable_register_answers_with_an_html_page(bench: Bench) -> None:
    unavailable(bench)
    answer = bench.submit()
    assert (answer.http_status, answer.headers["content-type"]) == (503, "text/html")
    assert b"<title>Service Unavailable</title>" in answer.raw
    assert answer.raw.startswith(b"<!DOCTYPE HTML")
    assert bench.stored()["sets"] == 0


def test_a_gateway_timeout_has_its_own_html_page(bench: Bench) -> None:
    bench.post("faults", fault={"type": "http_status", "status": 504})
    answer = bench.submit()
    assert answer.http_status == 504
    assert b"<h2>504 Gateway Time-out</h2>" in answer.raw


@pytest.mark.parametrize("status", [400, 404, 413, 429, 500, 502, 599])
def test_any_error_status_can_be_imposed(bench: Bench, status: int) -> None:
    bench.post("faults", fault={"type": "http_status", "status": status})
    assert bench.submit().http_status == status


@pytest.mark.parametrize("name", sorted(set(OBSERVED) - {"unknown_error"}))
@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_every_observed_fault_can_be_imposed_in_both_soap_versions(bench: Bench, name: str, version: str) -> None:
    bench.post("faults", fault={"type": "soap_fault", "name": name})
    answer = bench.submit(soap=version)
    assert answer.fault is not None
    assert (answer.fault.reason, answer.fault.medcom_code) == (OBSERVED[name].reason, OBSERVED[name].medcom_code)
    assert answer.http_status == 500
    assert bench.stored()["sets"] == 0


def test_the_action_of_a_fault_of_the_application_server_says_so(bench: Bench) -> None:
    thrown = bench.submit(addressing=True, headers={"X-Mock-Outcome": "persistence"})
    assert b"DocumentRepository_ProvideAndRegisterDocumentSet-b:Fault:EJBException</Action>" in thrown.raw
    refused = bench.submit(addressing=True, headers={"X-Mock-Outcome": "no_signature"})
    assert b"Fault:SoapFault</Action>" in refused.raw


def test_the_brokers_fault_is_not_a_multipart(bench: Bench) -> None:
    bench.post("faults", fault={"type": "soap_fault", "name": "unknown_error"})
    answer = bench.submit()
    assert (answer.http_status, answer.headers["content-type"]) == (500, "text/xml; charset=UTF-8")
    assert b"<faultcode>soapenv:66</faultcode>" in answer.raw


def test_a_submission_can_be_stored_and_then_answered_with_a_fault(bench: Bench) -> None:
    bench.post("faults", fault={"type": "stored_then_fault"}, times=1)
    assert b"soapenv:66" in bench.submit().raw
    assert bench.stored()["sets"] == 1
    assert bench.submit().findings[0].code == "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT"
    second, first = bench.get("requests")["requests"]
    assert (first["outcome"], first["stored"], first["faults"]) == ("Fault", True, ["1"])
    assert (second["outcome"], second["faults"]) == ("Failure", [])


@pytest.mark.parametrize(("more", "status"), [({"status": 504}, 504), ({"name": "batch"}, 500)])
def test_the_fault_after_storing_can_be_chosen(bench: Bench, more: dict[str, Any], status: int) -> None:
    bench.post("faults", fault={"type": "stored_then_fault", **more})
    assert bench.submit().http_status == status
    assert bench.stored()["sets"] == 1


def test_registry_errors_can_be_imposed(bench: Bench) -> None:
    errors = [
        {"code": "SET_NOT_FOUND", "params": ["abc"]},
        {"code": "05.14", "severity": "Warning"},
        {"level": "XSD", "text": "cvc-elt.1: made up", "where": "7:9"},
    ]
    bench.post("faults", fault={"type": "registry_errors", "errors": errors})
    answer = bench.submit()
    assert answer.status == "Failure"
    assert [finding.level for finding in answer.findings] == [Level.INTEGRITY_CHECK, Level.BUSINESS_RULE, Level.XSD]
    assert answer.findings[0].params == ("abc",)
    assert answer.findings[1].severity is Severity.WARNING
    assert (answer.findings[2].text, answer.findings[2].where) == ("cvc-elt.1: made up", "7:9")
    assert {finding.document.partition("^")[0] for finding in answer.findings} == {SET_ID}
    assert bench.stored()["sets"] == 0
    assert [finding["code"] for finding in bench.get("requests")["requests"][0]["findings"]] == ["SET_NOT_FOUND", "05.14", ""]


def test_an_imposed_business_error_does_not_prevent_reporting_from_storing(bench: Bench) -> None:
    bench.post("faults", fault={"type": "registry_errors", "errors": [{"code": "05.14"}]})
    answer = bench.submit(service="save")
    assert (answer.status, [finding.code for finding in answer.findings]) == ("Success", ["05.14"])
    assert bench.stored()["sets"] == 1


@pytest.mark.parametrize(
    "match",
    [
        {},
        {"service": "save-if-no-errors"},
        {"service": "PatientHealthcareSaveIfNoErrorsReportingService"},
        {"cvr": CUSTODIAN},
        {"author": AUTHOR_UNIT},
        {"patient": "251248-9996"},
        {"set": SET_ID.lower()},
        {"header": {"x-run": "7"}},
        {"register": "default"},
        {"register": "*"},
    ],
)
def test_a_fault_strikes_a_matching_call(bench: Bench, match: dict[str, Any]) -> None:
    unavailable(bench, match=match)
    assert bench.submit(headers={"X-Run": "7"}).http_status == 503


@pytest.mark.parametrize(
    "match",
    [
        {"service": "validate"},
        {"cvr": "12345678"},
        {"author": "1"},
        {"patient": "0101010101"},
        {"set": "1"},
        {"header": {"X-Run": "8"}},
        {"register": "team-a"},
    ],
)
def test_a_fault_does_not_strike_a_call_that_does_not_match(bench: Bench, match: dict[str, Any]) -> None:
    unavailable(bench, match=match)
    assert bench.submit(headers={"X-Run": "7"}).status == "Success"


def test_a_fault_of_the_default_register_can_strike_another_register(bench: Bench) -> None:
    unavailable(bench, match={"register": "team-a"})
    assert (bench.submit(register="team-a").http_status, bench.submit().http_status) == (503, 200)


def test_times_and_nth_limit_a_fault(bench: Bench) -> None:
    unavailable(bench, times=2)
    assert statuses(bench, 4) == [503, 503, 200, 200]
    bench.call("DELETE", "faults")
    unavailable(bench, match={"nth": 2})
    assert statuses(bench, 3) == [200, 503, 200]


def test_a_fault_also_counts_calls_that_the_default_registers_faults_struck(bench: Bench) -> None:
    team = Bench(bench.http, "team-a")
    unavailable(bench, match={"register": "team-a", "nth": 1})
    team.post("faults", fault={"type": "http_status", "status": 504}, match={"nth": 2})
    assert statuses(team, 3) == [503, 504, 200]


def test_probability_follows_the_seed(bench: Bench) -> None:
    runs = []
    for _ in range(2):
        unavailable(bench, probability=0.5, seed=7)
        runs.append(statuses(bench, 10))
        bench.call("DELETE", "faults")
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 503}


def test_a_fault_is_listed_with_its_counts_and_deleted(bench: Bench) -> None:
    made = bench.call("POST", "faults", json={"match": {"service": "validate"}, "fault": {"type": "cut_connection"}, "seed": 3})
    assert (made.status_code, made.headers["Location"]) == (201, "/__admin/faults/1")
    bench.submit()
    assert bench.get("faults/1") == made.json
    assert made.json == {
        "id": "1",
        "match": {"service": "validate"},
        "fault": {"type": "cut_connection"},
        "times": None,
        "probability": 1.0,
        "seed": 3,
        "calls": 0,
        "fired": 0,
    }
    assert bench.call("DELETE", "faults/1").status_code == 204
    assert bench.problem("GET", "faults/1")["status"] == 404
    assert bench.problem("DELETE", "faults/1")["status"] == 404


def test_a_fault_counts_matching_and_struck_calls(bench: Bench) -> None:
    unavailable(bench, times=1)
    statuses(bench, 3)
    fault = bench.get("faults")["faults"][0]
    assert (fault["calls"], fault["fired"]) == (3, 1)


def test_faults_do_not_affect_admin_health_or_the_wsdl(bench: Bench) -> None:
    unavailable(bench)
    bench.post("faults", fault={"type": "delay", "seconds": 3600})
    for path in ("/livez", "/readyz", "/metrics", "/__admin/health", f"/cda-ws/DocumentRepository_Service/{REPORTING}?wsdl"):
        assert bench.http.get(path, headers={"X-Mock-Outcome": "503"}).status_code == 200


def test_a_fault_without_conditions_also_strikes_unreadable_requests(bench: Bench) -> None:
    path = f"/cda-ws/DocumentRepository_Service/{REPORTING}"
    assert bench.http.post(path, data=b"rubbish").status_code == 500
    unavailable(bench)
    assert bench.http.post(path, data=b"rubbish").status_code == 503


def test_an_imposed_error_about_an_unreadable_request_names_no_document(bench: Bench) -> None:
    path = f"/cda-ws/DocumentRepository_Service/{REPORTING}"
    answer = bench.http.post(path, data=b"rubbish", headers={"X-Mock-Outcome": "SET_NOT_FOUND"})
    assert (answer.status_code, "@root=''" in answer.text) == (200, False)


def test_a_fault_that_does_not_strike_does_not_change_the_answer(bench: Bench) -> None:
    path, unknown = f"/cda-ws/DocumentRepository_Service/{REPORTING}", {"Content-Encoding": "br"}
    expected = bench.http.post(path, data=b"x", headers=unknown).status_code
    unavailable(bench, match={"patient": "0101011234"})
    assert bench.http.post(path, data=b"x", headers=unknown).status_code == expected == 500


def test_a_delay_comes_before_any_processing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    stood: list[float] = []
    monkeypatch.setattr(WaitingRoom, "wait", lambda self, seconds, until: stood.append(seconds))
    bench.post("faults", fault={"type": "delay", "seconds": 5}, times=1)
    bench.post("faults", fault={"type": "delay", "min_seconds": 1, "max_seconds": 2}, seed=1)
    assert bench.submit().status == "Success"
    assert 6 <= stood[0] <= 7


def test_a_delay_ends_when_its_register_is_deleted() -> None:
    closed = Event()
    closed.set()
    WaitingRoom().wait(3600, closed)
    assert closed.is_set()


def test_too_many_delayed_calls_are_asked_to_try_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.post("faults", fault={"type": "delay", "seconds": 3600})
    monkeypatch.setattr(bench.http.application.extensions["mockregister"], "waiting_room", WaitingRoom(0))
    answer = bench.submit()
    assert (answer.http_status, answer.headers["retry-after"]) == (500, "1")
    assert bench.get("clock")["mode"] == "frozen"


def test_a_call_whose_delay_ended_makes_room_for_the_next(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.http.application.extensions["mockregister"], "waiting_room", WaitingRoom(1))
    bench.post("faults", fault={"type": "delay", "seconds": 0.001})
    bench.post("faults", fault={"type": "slow_answer", "seconds": 0.001})
    assert statuses(bench, 3) == [200, 200, 200]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("SET_NOT_FOUND", ("Failure", "SET_NOT_FOUND")),
        ("05.14", ("Failure", "05.14")),
        ("RAA01.5", ("Failure", "RAA01.5")),
    ],
)
def test_a_header_imposes_a_finding_on_a_single_call(bench: Bench, word: str, expected: tuple[str, str]) -> None:
    answer = bench.submit(headers={"X-Mock-Outcome": word})
    assert (answer.status, answer.findings[0].code) == expected
    assert bench.submit().status == "Success"


def test_every_integrity_code_can_be_imposed_by_a_header(bench: Bench) -> None:
    from mockregister.validation.level3_integrity import TEXTS

    for code in TEXTS:
        (finding,) = bench.submit(headers={"X-Mock-Outcome": code}).findings
        assert (finding.level, finding.code) == (Level.INTEGRITY_CHECK, code)


@pytest.mark.parametrize(("word", "status"), [("503", 503), ("504", 504), ("null_pointer", 500), ("stored_then_fault", 500)])
def test_a_header_imposes_a_status_or_fault_on_a_single_call(bench: Bench, word: str, status: int) -> None:
    assert bench.submit(headers={"X-Mock-Outcome": word}).http_status == status


def test_a_header_goes_before_faults_and_is_not_counted_by_them(bench: Bench) -> None:
    unavailable(bench)
    assert bench.submit(headers={"X-Mock-Outcome": "504"}).http_status == 504
    assert bench.get("faults/1")["calls"] == 0


@pytest.mark.parametrize("word", ["", "SET_NOT_THERE", "200", "600", "99.99", "٥٠٣", "x" * 1000])
def test_a_header_with_an_unknown_outcome_is_refused(bench: Bench, word: str) -> None:
    answer = bench.submit(headers={"X-Mock-Outcome": word.encode().decode("latin-1")})
    assert answer.http_status == 500
    assert answer.fault is not None
    assert "is not an outcome" in answer.fault.reason
    assert bench.stored()["sets"] == 0


FAULT = {"type": "http_status", "status": 503}
HALF_SAID = {"code": "SKS_CODE_NOT_FOUND", "params": ["DX"]}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "fault"),
        ({"fault": 503}, "fault"),
        ({"fault": {}}, "fault.type"),
        ({"fault": {"type": "explode"}}, "fault.type"),
        ({"fault": {"type": ["delay"]}}, "fault.type"),
        ({"fault": {"type": "http_status"}}, "fault.status"),
        ({"fault": {"type": "http_status", "status": 200}}, "fault.status"),
        ({"fault": {"type": "http_status", "status": "503"}}, "fault.status"),
        ({"fault": {"type": "http_status", "status": 503, "seconds": 1}}, "fault.seconds"),
        ({"fault": {"type": "delay"}}, "fault.seconds"),
        ({"fault": {"type": "delay", "seconds": 1, "min_seconds": 1, "max_seconds": 2}}, "fault.seconds"),
        ({"fault": {"type": "delay", "min_seconds": 1}}, "fault.max_seconds"),
        ({"fault": {"type": "delay", "min_seconds": 2, "max_seconds": 1}}, "fault.max_seconds"),
        ({"fault": {"type": "delay", "seconds": -1}}, "fault.seconds"),
        ({"fault": {"type": "delay", "seconds": 1e9}}, "fault.seconds"),
        ({"fault": {"type": "soap_fault", "name": "kaboom"}}, "fault.name"),
        ({"fault": {"type": "registry_errors", "errors": []}}, "fault.errors"),
        ({"fault": {"type": "registry_errors", "errors": [{}]}}, "fault.errors.0.code"),
        ({"fault": {"type": "registry_errors", "errors": [{"code": "NOT_A_CODE"}]}}, "fault.errors.0.code"),
        ({"fault": {"type": "registry_errors", "errors": [{"code": "05.14", "level": "XSD"}]}}, "fault.errors.0.code"),
        ({"fault": {"type": "registry_errors", "errors": [{"level": "XSD"}]}}, "fault.errors.0.text"),
        ({"fault": {"type": "registry_errors", "errors": [HALF_SAID]}}, "fault.errors.0.params"),
        ({"fault": {"type": "registry_errors", "errors": [{"code": "05.14", "severity": "Fatal"}]}}, "fault.errors.0.severity"),
        ({"fault": {"type": "stored_then_fault", "name": "batch", "status": 504}}, "fault.status"),
        ({"fault": {"type": "half_answer", "part": 1}}, "fault.part"),
        ({"fault": {"type": "slow_answer"}}, "fault.seconds"),
        ({"fault": {"type": "cut_connection", "when": "now"}}, "fault.when"),
        ({"fault": FAULT, "times": 0}, "times"),
        ({"fault": FAULT, "times": 1.5}, "times"),
        ({"fault": FAULT, "probability": 1.1}, "probability"),
        ({"fault": FAULT, "probability": -0.1}, "probability"),
        ({"fault": FAULT, "seed": "x"}, "seed"),
        ({"fault": FAULT, "often": True}, "often"),
        ({"fault": FAULT, "match": {"cpr": "1"}}, "match.cpr"),
        ({"fault": FAULT, "match": {"service": "dental"}}, "match.service"),
        ({"fault": FAULT, "match": {"service": "json"}}, "match.service"),
        ({"fault": FAULT, "match": {"patient": ""}}, "match.patient"),
        ({"fault": FAULT, "match": {"nth": 0}}, "match.nth"),
        ({"fault": FAULT, "match": {"header": {}}}, "match.header"),
        ({"fault": FAULT, "match": {"header": "X-Run"}}, "match.header"),
        ({"fault": FAULT, "match": {"register": "../x"}}, "match.register"),
        ({"fault": FAULT, "match": {"nth": 2}, "times": 2}, "times"),
    ],
)
def test_an_invalid_fault_is_refused(bench: Bench, body: dict[str, Any], field: str) -> None:
    problem = bench.problem("POST", "faults", json=body)
    assert (problem["status"], problem["field"]) == (422, field)
    assert problem["detail"].startswith(f"{field}: ")
    assert bench.get("faults")["faults"] == []


def test_a_fault_of_another_register_strikes_only_that_register(bench: Bench) -> None:
    team = Bench(bench.http, "team-a")
    body = {"match": {"register": "team-b"}, "fault": FAULT}
    assert team.problem("POST", "faults", json=body)["field"] == "match.register"
    assert team.call("POST", "faults", json={"match": {"register": "team-a"}, "fault": FAULT}).status_code == 201


def test_the_number_of_faults_is_limited(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockregister.mocking.faults.MAX_FAULTS", 1)
    unavailable(bench)
    assert bench.problem("POST", "faults", json={"fault": FAULT})["status"] == 409
