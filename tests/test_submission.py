"""Each service decides which submissions are stored, and what is answered."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Event

import pytest

from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.document.reader import read_submission
from mockregister.finding import Finding, Level, Severity
from mockregister.model import ClinicalDocument
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Draft, Register
from mockregister.register.rows import EpisodeRow, SubmissionRow, Table
from mockregister.settings import Settings
from mockregister.submission import Outcome, Service, submit
from tests.builders import a_document, a_patient, a_residence, an_episode, as_xml
from tests.snapshots import snapshot

WARNING = Severity.WARNING
NEW = as_xml(episodes=[an_episode()])
IMPOSED = (Finding(Level.BUSINESS_RULE, "asked for", code="05.53"),)


def register(**settings: str) -> Register:
    return Register(MemoryStore(), CodeTables.load(), Clock(), Settings(**settings))


def texts(outcome: Outcome) -> list[str]:
    return [finding.text for finding in outcome.findings]


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("severity", Severity)
def test_only_reporting_stores_documents_with_business_errors_and_warnings_never_prevent_storing(
    level: Level, severity: Severity
) -> None:
    found = [Finding(level, "wrong", severity)]
    assert Service.SAVE_IF_NO_ERRORS.keeps(found) is (severity is WARNING)
    assert Service.REPORTING.keeps(found) is (severity is WARNING or level is Level.BUSINESS_RULE)
    assert not Service.VALIDATE.keeps(found)


@pytest.mark.parametrize("service", Service)
def test_facts_79_and_95_a_clean_document_is_a_success_if_it_is_stored(service: Service) -> None:
    desk, stored = register(), service is not Service.VALIDATE
    outcome = submit(desk, service, read_submission([NEW]))
    assert (outcome.status, outcome.stored, texts(outcome)) == ("Success" if stored else "Failure", stored, [])
    assert snapshot(desk.store).is_empty is not stored


def test_helpful_validate_answers_success_only_for_clean_documents() -> None:
    desk = register(validate_status="helpful")
    assert submit(desk, Service.VALIDATE, read_submission([NEW])).status == "Success"
    assert submit(desk, Service.VALIDATE, read_submission([b"<a>"])).status == "Failure"
    assert submit(desk, Service.SAVE_IF_NO_ERRORS, read_submission([b"<a>"])).status == "Failure"
    assert snapshot(desk.store).is_empty


def test_a_finding_on_the_patient_is_answered_once_and_stored_at_each_episode() -> None:
    desk, abroad = register(), a_patient(residences=[a_residence(country="0001")])
    both = as_xml(patient=abroad, episodes=[an_episode("first"), an_episode("second")])
    outcome = submit(desk, Service.REPORTING, read_submission([both]))
    assert [finding.code for finding in outcome.findings] == ["01.a"]
    [kept] = [row for _, row in snapshot(desk.store).rows(Table.SUBMISSIONS)]
    assert isinstance(kept, SubmissionRow)
    assert kept.findings == outcome.findings
    stand = [row.findings for _, row in snapshot(desk.store).rows(Table.EPISODES) if isinstance(row, EpisodeRow)]
    assert [[finding.code for finding in findings] for findings in stand] == [["01.a"], ["01.a"]]


def test_an_imposed_business_error_is_answered_and_stored() -> None:
    outcome = submit(register(), Service.REPORTING, read_submission([NEW]), IMPOSED)
    assert (outcome.stored, texts(outcome)) == (True, ["asked for"])


def test_an_imposed_business_error_is_not_answered_if_an_earlier_level_stopped() -> None:
    outcome = submit(register(), Service.REPORTING, read_submission([b"<a>"]), IMPOSED)
    assert not outcome.stored
    assert [finding.code for finding in outcome.findings] == ["MALFORMED_DOCUMENT_FOUND"]


def test_documents_without_an_envelope_have_the_author_of_the_first_document() -> None:
    sent = read_submission([NEW, b"<a>"])
    assert [document.content for document in sent.documents] == [NEW, b"<a>"]
    assert sent.author is not None
    assert sent.care_provider
    assert read_submission([b"<a>"]).author is None
    assert read_submission([]).documents == ()


def test_a_submission_that_waits_for_its_patient_does_not_delay_others(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, asked = register(), Event()
    usual = desk.draft

    def draft(documents: Sequence[ClinicalDocument]) -> AbstractContextManager[Draft]:
        asked.set()
        return usual(documents)

    monkeypatch.setattr(desk, "draft", draft)
    other = as_xml(patient=a_patient("0101901234"), set_id="1c0b3f5e-0d7a-4a7b-9c55-1d2b8f0f7f01", name="other")
    with ThreadPoolExecutor(2) as threads:
        with usual([a_document()]):
            waiting = threads.submit(submit, desk, Service.REPORTING, read_submission([NEW]))
            assert asked.wait(20)
            assert texts(threads.submit(submit, desk, Service.REPORTING, read_submission([other])).result(20)) == []
            assert not waiting.done()
        assert waiting.result(20).stored
