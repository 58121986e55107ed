"""A worked example of a vendor's integration tests. They use every control of the mock, and each test has its own register.

pytest tests/examples -n 8 -o lpr3_one_server=true        eight registers at once in one server
MOCKREGISTER_URL=http://127.0.0.1:8080 pytest tests/examples -n 8        the same, in a server that is already running
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from mockregister.testing import Lpr3, assert_refused, assert_stored
from tests.builders import AUTHOR_UNIT, CUSTODIAN, a_condition, a_patient, an_encounter, an_episode, an_sks_code, as_xml, at, uuid
from tests.examples.vendor import ALREADY_THERE, Report, ReportingModule

CPR_NUMBERS = ("2512489996", "0101011234", "0202022345")


def a_report(cpr: str = CPR_NUMBERS[0], *, with_reason: bool = False) -> Report:
    """Return a planned visit with its main condition. ``with_reason`` makes it break rule 05.104."""
    encounter = an_encounter(reason=an_sks_code("ALCC01") if with_reason else None)
    xml = as_xml(episodes=[an_episode()], encounters=[encounter], conditions=[a_condition()], patient=a_patient(cpr)).decode()
    for name in ("set", "document 1", "episode", "encounter", "condition"):
        xml = xml.replace(uuid(name), str(uuid4()).upper())
    return Report(xml.encode())


@pytest.fixture(autouse=True)
def summer(lpr3: Lpr3) -> None:
    """Set the register's clock to noon on a summer day, a month after the visits that are reported."""
    lpr3.clock.freeze("2019-06-01T12:00:00+02:00")


@pytest.fixture
def module(lpr3: Lpr3) -> ReportingModule:
    """Return the system under test, which sends to this test's register."""
    return ReportingModule(lpr3.url)


# what was sent


@pytest.mark.parametrize("number", range(8))
def test_a_delivered_report_is_stored_in_the_register(lpr3: Lpr3, module: ReportingModule, number: int) -> None:
    report = module.send(a_report(CPR_NUMBERS[number % 3]))
    assert (report.state, report.attempts) == ("delivered", 1)
    (exchange,) = lpr3.assert_sent(1, service="save-if-no-errors", patient=CPR_NUMBERS[number % 3], stored=True)
    documents = lpr3.requests.get(exchange["id"])["documents"]
    assert documents[0]["text"].encode() == report.document
    assert lpr3.stored()["sets"] == 1


def test_findings_for_a_clinician_are_put_on_the_work_list(lpr3: Lpr3, module: ReportingModule) -> None:
    assert module.send(a_report(with_reason=True)).work_list == ["05.104"]
    lpr3.assert_sent(1, rule="05.104", status="failure")


def test_the_test_waits_for_reports_that_are_sent_in_the_background(lpr3: Lpr3, module: ReportingModule) -> None:
    with ThreadPoolExecutor(3) as background:
        sending = [background.submit(module.send, a_report(cpr)) for cpr in CPR_NUMBERS]
        assert len(lpr3.requests.wait(3, timeout=60, status="success")) == 3
        assert {report.result().state for report in sending} == {"delivered"}


def test_the_traffic_can_be_saved_as_har(lpr3: Lpr3, module: ReportingModule) -> None:
    module.send(a_report())
    (entry,) = lpr3.requests.har(status="success")["log"]["entries"]
    assert "ProvideAndRegisterDocumentSetRequest" in entry["request"]["postData"]["text"]


# a clean state


def test_a_reset_deletes_everything(lpr3: Lpr3, module: ReportingModule) -> None:
    report = module.send(a_report())
    lpr3.reset()
    assert (lpr3.stored()["sets"], lpr3.requests.count()) == (0, 0)
    lpr3.clock.freeze("2019-06-01T12:00:00+02:00")
    assert module.send(Report(report.document)).state == "delivered"


@pytest.mark.parametrize("scope", [{"patient": CPR_NUMBERS[0]}, {"patient": CPR_NUMBERS[0], "cvr": CUSTODIAN}])
def test_a_patient_is_deleted_and_other_patients_stay(lpr3: Lpr3, module: ReportingModule, scope: dict[str, str]) -> None:
    for cpr in CPR_NUMBERS:
        module.send(a_report(cpr))
    lpr3.reset(**scope)
    assert lpr3.stored()["sets"] == 2


def test_every_case_starts_from_a_checkpoint(lpr3: Lpr3, module: ReportingModule) -> None:
    module.send(a_report())
    with lpr3.checkpoint("one-patient"):
        module.send(a_report(CPR_NUMBERS[1]))
        assert lpr3.stored()["sets"] == 2
    assert lpr3.stored()["sets"] == 1


def test_a_seed_fills_the_register(lpr3: Lpr3, module: ReportingModule) -> None:
    lpr3.seed("injury")
    seeded = lpr3.stored()["sets"]
    assert seeded > 0
    module.send(a_report())
    assert lpr3.stored()["sets"] == seeded + 1
    lpr3.seed("empty")
    assert lpr3.stored()["sets"] == 0


def test_registers_do_not_see_each_others_documents(lpr3: Lpr3, lpr3_server: str) -> None:
    neighbour = f"{lpr3.name}.b"
    lpr3.faults.add("http_status", status=503)
    assert ReportingModule(f"{lpr3_server}/r/{neighbour}").send(a_report()).state == "delivered"
    assert (lpr3.stored()["sets"], lpr3.requests.count()) == (0, 0)
    lpr3.admin("DELETE", f"registers/{neighbour}")


# time and rules


def test_a_warning_becomes_an_error_after_its_deadline(lpr3: Lpr3, module: ReportingModule) -> None:
    visit = an_encounter(reason=None, start=at("2019-05-20 08:00"), end=at("2019-05-20 12:00"))
    unfinished = as_xml(episodes=[an_episode()], encounters=[visit])
    in_time = lpr3.submit(unfinished, service="validate")
    lpr3.clock.freeze("2019-09-01T12:00:00+02:00")
    too_late = lpr3.submit(unfinished, service="validate")
    assert {finding.code for finding in too_late.findings} > {finding.code for finding in in_time.findings}


def test_the_clock_can_be_moved_to_another_year(lpr3: Lpr3, module: ReportingModule) -> None:
    lpr3.clock.real()
    lpr3.clock.move(at("2019-06-01 12:00") - lpr3.clock.now())
    assert module.send(a_report()).state == "delivered"
    assert lpr3.requests.find()[0]["at"].startswith("2019-06-01T12:")


def test_next_months_rule_set_can_be_tried(lpr3: Lpr3, module: ReportingModule) -> None:
    lpr3.rules.change("05.104", severity="Warning")
    assert module.send(a_report(with_reason=True)).state == "delivered"
    lpr3.rules.change("05.104", enabled=False)
    assert_stored(lpr3.submit(a_report(with_reason=True).document))


# when the register does not do as it should


@pytest.mark.parametrize("status", [503, 504])
def test_the_module_tries_again_when_the_front_end_is_down(lpr3: Lpr3, module: ReportingModule, status: int) -> None:
    lpr3.faults.add("http_status", {"service": "save-if-no-errors"}, times=2, status=status)
    assert module.send(a_report()).attempts == 3
    assert [exchange["status"] for exchange in lpr3.requests.find()] == [200, status, status]


@pytest.mark.parametrize("name", ["null_pointer", "rolled_back", "batch", "untrusted_certificate"])
def test_the_module_gives_up_after_three_faults(lpr3: Lpr3, module: ReportingModule, name: str) -> None:
    lpr3.faults.add("soap_fault", name=name)
    assert module.send(a_report()).state == "unknown"
    assert lpr3.requests.count(status="fault") == 3
    assert lpr3.stored()["sets"] == 0


@pytest.mark.parametrize(
    "fault", [{"type": "stored_then_fault"}, {"type": "stored_then_fault", "cut": True}, {"type": "half_answer"}]
)
def test_a_report_that_was_stored_without_an_answer_is_not_stored_twice(
    lpr3: Lpr3, module: ReportingModule, fault: dict[str, object]
) -> None:
    lpr3.faults.add(times=1, **fault)
    report = module.send(a_report())
    assert (report.state, report.attempts, report.work_list) == ("delivered", 2, [])
    assert lpr3.stored()["sets"] == 1
    lpr3.assert_sent(1, code=ALREADY_THERE)


@pytest.mark.parametrize(
    "whose", [{"cvr": CUSTODIAN}, {"author": AUTHOR_UNIT}, {"patient": CPR_NUMBERS[0]}, {"header": {"X-Tenant": "north"}}]
)
def test_a_fault_affects_only_matching_requests(lpr3: Lpr3, whose: dict[str, object]) -> None:
    lpr3.faults.add("soap_fault", whose, name="rolled_back")
    lpr3.faults.add("soap_fault", {"patient": CPR_NUMBERS[2]}, name="batch")
    answer = lpr3.submit(a_report(CPR_NUMBERS[0]).document, headers={"X-Tenant": "north"})
    assert answer.fault is not None
    assert answer.fault.reason == "Transaction rolled back"
    assert [fault["fired"] for fault in lpr3.faults.all()] == [1, 0]


def test_the_first_and_the_third_attempt_fail_in_different_ways(lpr3: Lpr3, module: ReportingModule) -> None:
    lpr3.faults.add("http_status", {"nth": 1}, status=503)
    lpr3.faults.add("soap_fault", {"nth": 3}, name="statement")
    assert module.send(a_report(CPR_NUMBERS[0])).attempts == 2
    assert module.send(a_report(CPR_NUMBERS[1])).attempts == 2
    assert [exchange["status"] for exchange in lpr3.requests.find()] == [200, 500, 200, 503]


def test_a_cut_connection_is_tried_again(lpr3: Lpr3, module: ReportingModule) -> None:
    lpr3.faults.add("cut_connection", {"nth": 1})
    assert module.send(a_report()).attempts == 2


def test_the_module_waits_for_a_slow_register(lpr3: Lpr3, module: ReportingModule) -> None:
    lpr3.faults.add("delay", min_seconds=0.01, max_seconds=0.02, seed=1)
    lpr3.faults.add("slow_answer", seconds=0.02)
    assert module.send(a_report()).state == "delivered"


def test_a_third_of_the_calls_fails_and_these_are_the_same_on_every_run(lpr3: Lpr3, module: ReportingModule) -> None:
    attempts = []
    for _ in range(2):
        lpr3.reset()
        lpr3.clock.freeze("2019-06-01T12:00:00+02:00")
        lpr3.faults.add("http_status", probability=0.3, seed=7, status=503)
        attempts.append([module.send(a_report()).attempts for _ in range(6)])
    assert attempts[0] == attempts[1]
    assert max(attempts[0]) > 1


def test_chosen_errors_are_put_on_the_work_list(lpr3: Lpr3, module: ReportingModule) -> None:
    errors = [{"code": "SOR_ORG_UNIT_NOT_FOUND", "params": ["1"]}, {"code": "05.14", "severity": "Warning"}]
    lpr3.faults.add("registry_errors", {"patient": CPR_NUMBERS[1]}, errors=errors)
    assert module.send(a_report(CPR_NUMBERS[0])).state == "delivered"
    assert module.send(a_report(CPR_NUMBERS[1])).work_list == ["SOR_ORG_UNIT_NOT_FOUND"]


@pytest.mark.parametrize("word", ["SET_NOT_FOUND", "05.14"])
def test_a_header_chooses_the_outcome_of_a_single_call(lpr3: Lpr3, word: str) -> None:
    document = a_report().document
    assert_refused(lpr3.submit(document, service="save-if-no-errors", headers={"X-Mock-Outcome": word}), word)
    assert_stored(lpr3.submit(document, service="save-if-no-errors"))


def test_the_metrics_count_what_was_done(lpr3: Lpr3, module: ReportingModule) -> None:
    module.send(a_report(with_reason=True))
    connection = HTTPConnection(urlsplit(lpr3.url).netloc, timeout=30)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    assert 'mockregister_findings_total{code="05.104",level="BUSINESS_RULE",severity="Error"}' in text
