"""The test kit works with a server in this process and with a server that users start."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from mockregister.client import Answer, NoAnswer
from mockregister.errors import Busy
from mockregister.finding import Finding, Level
from mockregister.testing import Admin, Lpr3, Refused, assert_refused, assert_stored, describe, server
from tests.builders import uuid
from tests.web.admin.conftest import clean_document

pytest_plugins = ["pytester"]
NOON = datetime(2019, 6, 1, 10, tzinfo=UTC)
MAIN = "from mockregister.cli import main; main()"
KNOWN_SET = "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT"


@pytest.fixture(scope="module")
def threaded() -> Iterator[str]:
    """Start the server of the test kit."""
    with server(clock=NOON) as url:
        yield url


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """Run ``mockregister serve`` as users do."""
    command = [sys.executable, "-c", MAIN, "serve", "--port", "0", "--clock", NOON.isoformat(), "--threads", "1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            yield next(found[0] for line in process.stderr if (found := re.search(r"http://[\d.]+:\d+", line)))
        finally:
            process.terminate()
            process.stderr.close()


@pytest.fixture(params=["threaded", "served"])
def lpr3(request: pytest.FixtureRequest) -> Iterator[Lpr3]:
    """Return a new register of each kind of server."""
    register = Lpr3(request.getfixturevalue(request.param))
    yield register
    register.delete()


def test_a_submission_is_stored_and_in_the_journal(lpr3: Lpr3) -> None:
    assert_stored(lpr3.submit(clean_document()))
    (exchange,) = lpr3.assert_sent(1, patient="2512489996")
    assert "RegistryResponse" in lpr3.requests.get(exchange["id"])["answer"]["text"]
    assert lpr3.stored()["sets"] == 1


def test_a_register_has_another_edition_until_a_reset(lpr3: Lpr3) -> None:
    lpr3.edition("2018-09-12")
    assert lpr3.admin("GET", "rules")["version"] == "sds:lpr:3.0.5"
    lpr3.reset()
    assert lpr3.admin("GET", "edition")["name"] == "2023-09-18"


def test_a_cut_connection_is_reported_as_no_answer(lpr3: Lpr3) -> None:
    lpr3.faults.add("cut_connection", times=1)
    with pytest.raises(NoAnswer):
        lpr3.submit(clean_document())
    assert lpr3.stored()["sets"] == 0
    assert_stored(lpr3.submit(clean_document()))


def test_a_connection_can_be_cut_after_storing(lpr3: Lpr3) -> None:
    lpr3.faults.add("stored_then_fault", times=1, cut=True)
    with pytest.raises(NoAnswer):
        lpr3.submit(clean_document(), service="save-if-no-errors")
    assert_refused(lpr3.submit(clean_document(), service="save-if-no-errors"), KNOWN_SET)


@pytest.mark.parametrize("part", [0, 0.5])
def test_half_an_answer_is_reported_as_no_answer(lpr3: Lpr3, part: float) -> None:
    lpr3.faults.add("half_answer", times=1, part=part)
    with pytest.raises(NoAnswer):
        lpr3.submit(clean_document())
    assert lpr3.stored()["sets"] == 1


def test_a_slow_answer_is_read_completely(lpr3: Lpr3) -> None:
    lpr3.faults.add("slow_answer", times=1, seconds=0.05)
    assert_stored(lpr3.submit(clean_document()))


def test_a_delayed_answer_is_read(lpr3: Lpr3) -> None:
    lpr3.faults.add("delay", times=1, seconds=0.05)
    assert_stored(lpr3.submit(clean_document()))


def test_admin_and_health_answer_while_calls_are_delayed(lpr3: Lpr3) -> None:
    held_back = Lpr3(lpr3.url.partition("/r/")[0])
    held_back.faults.add("delay", seconds=3600)
    with ThreadPoolExecutor(12) as pool:
        answers = [pool.submit(held_back.submit, clean_document(), service="validate") for _ in range(12)]
        while held_back.faults.all()[0]["calls"] < 12:
            assert held_back.clock.now() == NOON
        assert get(held_back.url, "/livez") == 200
        held_back.delete()  # deleting a register ends the wait of its callers with an error
        assert [answer.result(60).http_status for answer in answers] == [500] * 12


def get(url: str, path: str) -> int:
    """Return the status of a GET request below ``url``."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.request("GET", urlsplit(url).path + path)
    status = connection.getresponse().status
    connection.close()
    return status


def test_waiting_ends_when_the_exchange_comes(lpr3: Lpr3) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lpr3.requests.wait, 1, 60, service="validate")
        lpr3.submit(clean_document(), service="validate")
        (exchange,) = waiting.result(60)
    assert exchange["service"] == "PatientHealthcareValidateReportingService"


def test_waiting_fails_after_the_timeout(lpr3: Lpr3) -> None:
    with pytest.raises(AssertionError, match=r"waited 0\.0 seconds for 1 of \{'rule': '05\.14'\}, found 0"):
        lpr3.requests.wait(timeout=0.0, rule="05.14")


def test_waiting_is_tried_again_if_too_many_are_waiting(lpr3: Lpr3, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: Iterator[object] = iter([Busy("full"), {"matched": True, "requests": []}])
    paused: list[float] = []

    def call(*_: object) -> object:
        answer = next(answers)
        if isinstance(answer, Busy):
            raise answer
        return answer

    monkeypatch.setattr(lpr3.requests, "admin", call)
    monkeypatch.setattr("mockregister.testing.sleep", paused.append)
    assert lpr3.requests.wait(timeout=60) == []
    assert len(paused) == 1


def test_a_checkpoint_is_restored_at_the_end_of_the_block(lpr3: Lpr3) -> None:
    with lpr3.checkpoint() as checkpoint:
        assert_stored(lpr3.submit(clean_document()))
    assert lpr3.stored()["sets"] == 0
    lpr3.submit(clean_document())
    checkpoint.restore()
    assert lpr3.stored()["sets"] == 0


def test_the_clock_of_the_register_is_controlled(lpr3: Lpr3) -> None:
    lpr3.clock.freeze(NOON + timedelta(days=1))
    assert lpr3.clock.now() == NOON + timedelta(days=1)
    lpr3.clock.move(timedelta(days=-400))
    assert lpr3.clock.now() < datetime.now(UTC) - timedelta(days=399)
    lpr3.clock.real()
    assert abs(lpr3.clock.now() - datetime.now(UTC)) < timedelta(minutes=5)


def test_faults_and_rules_can_be_set_and_reset(lpr3: Lpr3) -> None:
    lpr3.faults.add("http_status", {"service": "validate"}, probability=0.5, seed=7, status=504)
    lpr3.rules.change("05.14", enabled=False)
    lpr3.rules.name("sds:lpr:3.0.7")
    assert lpr3.admin("GET", "rules")["version"] == "sds:lpr:3.0.7"
    assert lpr3.faults.all()[0]["seed"] == 7
    lpr3.submit(clean_document())
    lpr3.reset(patient="2512489996")
    assert (lpr3.stored()["sets"], len(lpr3.faults.all())) == (0, 1)
    lpr3.reset()
    assert (lpr3.requests.count(), lpr3.faults.all()) == (0, [])


def test_a_single_fault_or_rule_can_be_restored(lpr3: Lpr3) -> None:
    made = [lpr3.faults.add("cut_connection", {"service": "validate"}) for _ in range(2)]
    lpr3.faults.remove(made[0]["id"])
    assert [fault["id"] for fault in lpr3.faults.all()] == [made[1]["id"]]
    lpr3.rules.change("05.14", enabled=False)
    assert lpr3.rules.restore("05.14")["enabled"]


def test_a_register_is_made_explicitly_if_the_server_requires_it() -> None:
    with server(registers="listed") as url:
        lpr3 = Lpr3(url)
        with pytest.raises(Refused, match="404: There is no register"):
            lpr3.reset()
        lpr3.make()
        lpr3.reset()


def test_a_seed_is_loaded_and_the_journal_is_exported_and_cleared(lpr3: Lpr3) -> None:
    lpr3.submit(clean_document())
    assert len(lpr3.requests.har()["log"]["entries"]) == 1
    lpr3.seed("empty")
    assert lpr3.stored()["sets"] == 0
    lpr3.requests.clear()
    assert lpr3.requests.find() == []


def test_a_refused_call_says_why(lpr3: Lpr3) -> None:
    with pytest.raises(Refused, match=r"422: fault\.type: Use one of") as refused:
        lpr3.faults.add("explode")
    assert refused.value.problem["field"] == "fault.type"


def test_an_unknown_episode_cannot_be_edited_by_hand(lpr3: Lpr3) -> None:
    with pytest.raises(Refused, match="404: There is no episode of care"):
        lpr3.edit_by_hand(uuid("episode"))


def test_the_failure_of_assert_sent_lists_what_was_sent(lpr3: Lpr3) -> None:
    lpr3.submit(clean_document())
    with pytest.raises(AssertionError) as failed:
        lpr3.assert_sent(service="validate")
    assert "expected at least one of {'service': 'validate'}, found 0" in str(failed.value)
    assert "PatientHealthcareReportingService 200 Success" in str(failed.value)


def test_the_service_url_answers_with_the_wsdl(lpr3: Lpr3) -> None:
    url = lpr3.service_url("save-if-no-errors", medcom="1.0.1")
    assert get(url, "?wsdl") == 200
    assert url.endswith("/cda-ws/medcom-1.0.1/DocumentRepository_Service/PatientHealthcareSaveIfNoErrorsReportingService")


def test_the_admin_token_is_sent() -> None:
    with server(admin_token="s3cret") as url:
        Lpr3(url, admin_token="s3cret").reset()
        with pytest.raises(Refused, match="401"):
            Admin(url)("POST", "reset")


def answer(status: str = "Success", *codes: str) -> Answer:
    found = tuple(Finding(Level.BUSINESS_RULE, f"about {code}", code=code) for code in codes)
    return Answer(200, {}, b"", status, found)


def test_an_answer_as_expected_passes() -> None:
    assert_stored(answer())
    assert_stored(answer("Success", "05.14"), "05.14")
    assert_refused(answer("Failure", "05.15", "05.14"), "05.14", "05.15")


def test_an_answer_that_is_not_as_expected_shows_the_difference() -> None:
    with pytest.raises(AssertionError) as failed:
        assert_refused(answer("Failure", "05.15", "05.16"), "05.14", "05.16")
    lines = str(failed.value).splitlines()
    assert {"- 05.14", "+ 05.15", "  05.16", "  05.15 (Error): about 05.15"} <= set(lines)


def test_an_answer_without_soap_is_shown() -> None:
    with pytest.raises(AssertionError, match=r"\+ HTTP 503: <html>"):
        assert_stored(Answer(503, {}, b"<html>"))


def test_an_exchange_is_described_in_one_line() -> None:
    exchange = {"service": "S", "status": 200, "outcome": "Failure", "sets": ["s"], "patients": ["p"]}
    findings = [{"code": "", "level": "XSD"}, {"code": "05.14", "level": "BUSINESS_RULE"}]
    assert describe(exchange | {"findings": findings}) == "S 200 Failure: sets ['s'], patients ['p'], XSD, 05.14"


def test_the_plugin_gives_each_test_its_own_register(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        names = set()

        def test_one(lpr3):
            names.add(lpr3.name)
            assert lpr3.stored()["sets"] == 0

        def test_two(lpr3):
            assert lpr3.name not in names
            assert [register["name"] for register in lpr3.admin("GET", "registers")["registers"]] == ["default", lpr3.name]
        """
    )
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=2)


def test_a_failed_test_shows_what_was_sent_and_answered(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from mockregister.builders import a_visit
        from mockregister.testing import Lpr3

        def test_it(lpr3):
            lpr3.submit(a_visit())
            lpr3.submit(a_visit())
            lpr3.submit("no XML")
            assert lpr3.stored()["sets"] == 2

        def test_that_passes(lpr3):
            lpr3.submit(a_visit())

        def test_that_sends_nothing(lpr3):
            assert not lpr3

        @pytest.fixture
        def gone():
            return Lpr3("http://127.0.0.1:1")

        def test_whose_server_is_gone(gone):
            assert not gone
        """
    )
    done = pytester.runpytest_subprocess("-W", "error")
    done.assert_outcomes(failed=3, passed=1)
    said = done.stdout.str()
    assert said.count("- mockregister -") == 3
    assert "3 exchanges" in said
    assert "Error INTEGRITY_CHECK SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT: Set " in said
    assert '<encounter classCode="ENC" moodCode="EVN">' in said
    assert "no XML" in said
    assert "<ns2:RegistryResponse" in said
    assert "no exchanges" in said
    assert "No answer from" in said


def test_the_plugin_can_use_a_running_server(pytester: pytest.Pytester, served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKREGISTER_URL", served)
    pytester.makepyfile(f"def test_it(lpr3): assert lpr3.url.startswith({served!r})")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


@pytest.mark.slow
def test_all_workers_can_share_a_server(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("number", range(4))
        def test_it(lpr3_server, number):
            with open("urls.txt", "a") as urls:
                urls.write(lpr3_server + "\\n")
        """
    )
    pytester.runpytest_subprocess("-n", "2", "-o", "lpr3_one_server=true").assert_outcomes(passed=4)
    assert len(set((pytester.path / "urls.txt").read_text().split())) == 1
