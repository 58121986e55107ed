"""The journal lists exchanges over HTTP, and lets callers wait for them."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mockregister.mocking.waiting_room import WaitingRoom
from tests.builders import AUTHOR_UNIT, CUSTODIAN, SET_ID
from tests.web.admin.conftest import Bench, bench_of, clean_document, document_with_a_violation

DIRTY = document_with_a_violation()
REPORTING = "PatientHealthcareReportingService"


def total(bench: Bench, **query: Any) -> int:
    return int(bench.get("requests/count", **query)["count"])


def test_an_exchange_is_kept_with_request_and_answer(bench: Bench) -> None:
    document = clean_document()
    answer = bench.submit(document)
    listed = bench.get("requests")["requests"][0]
    exchange = bench.get(f"requests/{listed['id']}")
    assert exchange["documents"][0]["text"] == document.decode()
    assert document.decode() in exchange["request"]["text"]
    assert "RegistryResponse" in exchange["answer"]["text"]
    assert (exchange["status"], exchange["outcome"], exchange["stored"]) == (200, "Success", True)
    assert set(exchange["seconds"]) == {"parse", "XSD", "SCHEMATRON", "INTEGRITY_CHECK", "BUSINESS_RULE"}
    assert answer.headers["x-mock-exchange"] == listed["id"]
    assert exchange["at"].startswith("2019-06-01T")


def test_findings_of_an_exchange_are_kept(bench: Bench) -> None:
    bench.submit(DIRTY)
    (finding,) = bench.get("requests")["requests"][0]["findings"]
    assert (finding["level"], finding["code"], finding["severity"]) == ("BUSINESS_RULE", "05.104", "Error")


def test_unreadable_requests_are_kept_too(bench: Bench) -> None:
    path = f"/cda-ws/DocumentRepository_Service/{REPORTING}"
    bench.http.post(path, data=b"<x/>", content_type="text/xml")
    (exchange,) = bench.get("requests", status="fault")["requests"]
    assert exchange["status"] == 500
    assert bench.get(f"requests/{exchange['id']}")["request"]["text"] == "<x/>"


def test_other_requests_are_not_kept(bench: Bench) -> None:
    bench.http.get(f"/cda-ws/DocumentRepository_Service/{REPORTING}?wsdl")
    bench.http.get("/livez")
    assert total(bench) == 0


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, 2),
        ({"service": "save-if-no-errors"}, 1),
        ({"service": REPORTING}, 1),
        ({"service": "validate"}, 0),
        ({"path": "/cda-ws/DocumentRepository_Service/"}, 2),
        ({"patient": "2512489996"}, 2),
        ({"patient": "251248-9996"}, 2),
        ({"set": SET_ID}, 2),
        ({"author": AUTHOR_UNIT}, 2),
        ({"cvr": CUSTODIAN}, 2),
        ({"rule": "05.104"}, 1),
        ({"code": "05.104"}, 1),
        ({"status": "200"}, 2),
        ({"status": "failure"}, 1),
        ({"stored": "true"}, 1),
        ({"author": "1"}, 0),
        ({"rule": "05.104", "service": "validate"}, 0),
    ],
)
def test_exchanges_are_found_and_counted(bench: Bench, query: dict[str, str], expected: int) -> None:
    bench.submit(service="save")
    bench.post("reset", set=SET_ID)
    bench.submit(DIRTY)
    assert total(bench, **query) == expected
    assert len(bench.get("requests", **query)["requests"]) == expected
    assert bench.post("requests/count", **query)["count"] == expected
    assert bench.post("requests/find", **query)["total"] == expected


def test_a_status_can_be_a_number(bench: Bench) -> None:
    bench.submit()
    assert bench.post("requests/count", status=200) == {"count": 1}


def test_the_newest_exchanges_come_first_and_their_number_can_be_limited(bench: Bench) -> None:
    for service in ("save", "validate"):
        bench.submit(service=service)
    found = bench.get("requests", limit=1)
    assert found["total"] == 2
    assert [exchange["service"] for exchange in found["requests"]] == ["PatientHealthcareValidateReportingService"]


def test_a_cleared_journal_is_empty(bench: Bench) -> None:
    bench.submit()
    assert bench.call("DELETE", "requests").status_code == 204
    assert total(bench) == 0


def test_an_unknown_exchange_is_not_found(bench: Bench) -> None:
    assert bench.problem("GET", "requests/nothing")["status"] == 404


def test_waiting_ends_when_enough_exchanges_have_come(bench: Bench) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(bench.get, "requests/wait", count=2, timeout=60, service="save-if-no-errors")
        bench.submit()
        bench.submit(service="validate")
        bench.submit()
        found = waiting.result(60)
    assert (found["matched"], found["count"]) == (True, 2)


def test_waiting_ends_after_the_timeout(bench: Bench) -> None:
    assert bench.get("requests/wait", count=1, timeout=0) == {"matched": False, "count": 0, "requests": []}


def test_the_number_of_waiting_callers_is_limited(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.http.application.extensions["mockregister"], "waiting_room", WaitingRoom(0))
    answer = bench.call("GET", "requests/wait", query_string={"timeout": 60})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert bench.submit().status == "Success"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"services": "validate"}, "services"),
        ({"service": "nonsense"}, "service"),
        ({"count": "0"}, "count"),
        ({"count": "x"}, "count"),
        ({"timeout": "301"}, "timeout"),
        ({"timeout": "-1"}, "timeout"),
        ({"timeout": "nan"}, "timeout"),
        ({"stored": "perhaps"}, "stored"),
        ({"status": "succes"}, "status"),
        ({"status": "600"}, "status"),
        ({"rule": "99.99"}, "rule"),
    ],
)
def test_an_invalid_search_is_refused(bench: Bench, query: dict[str, str], field: str) -> None:
    assert bench.problem("GET", "requests/wait", query_string=query)["field"] == field


def test_waiting_for_more_than_the_journal_keeps_is_refused() -> None:
    bench = next(generator := bench_of(journal=2))
    assert bench.problem("GET", "requests/wait", query_string={"count": 3})["status"] == 409
    for _ in range(4):
        bench.submit()
    assert total(bench) == 2
    generator.close()


def test_headers_with_secrets_are_redacted(bench: Bench) -> None:
    bench.submit(headers={"Authorization": "Bearer hush", "X-Kept": "yes"})
    exchange = bench.get(f"requests/{bench.get('requests')['requests'][0]['id']}")
    assert ["Authorization", "[redacted]"] in exchange["request"]["headers"]
    assert ["X-Kept", "yes"] in exchange["request"]["headers"]
    assert "hush" not in json.dumps(exchange)


def test_the_journal_is_exported_as_har(bench: Bench) -> None:
    bench.submit(register="")
    bench.submit(service="validate")
    entries = bench.get("requests/har", service="validate")["log"]["entries"]
    assert [entry["request"]["method"] for entry in entries] == ["POST"]
    assert entries[0]["request"]["url"].endswith("PatientHealthcareValidateReportingService")
    assert "RegistryResponse" in entries[0]["response"]["content"]["text"]
    assert entries[0]["time"] > 0


def test_the_callers_request_id_is_returned(bench: Bench) -> None:
    assert bench.submit(headers={"X-Request-Id": "run-7"}).headers["x-request-id"] == "run-7"
    assert bench.submit(headers={"X-Request-Id": "no good\tid"}).headers["x-request-id"] != "no good\tid"


def test_a_submission_without_soap_is_kept_too(bench: Bench) -> None:
    path, document = "/api/v1/submissions?service=save-if-no-errors", clean_document()
    assert bench.http.post(path, data=document, content_type="application/xml").status_code == 201
    (exchange,) = bench.get("requests", service="json")["requests"]
    assert (exchange["stored"], exchange["patients"]) == (True, ["2512489996"])
    assert bench.get(f"requests/{exchange['id']}")["documents"][0]["text"] == document.decode()
