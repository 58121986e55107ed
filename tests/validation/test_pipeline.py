"""The levels run in order, and the number of reported findings is limited."""

from __future__ import annotations

import pytest

from mockregister.client import read_answer
from mockregister.finding import Finding, Level, Severity
from mockregister.validation import pipeline
from tests.applications import application
from tests.builders import an_episode, as_xml
from tests.envelope.stacks import cxf
from tests.web.calls import submission

CDA = as_xml(episodes=[an_episode()])


PATIENT = b'<id root="1.2.208.176.1.2"'
XSD_ERRORS = CDA.replace(PATIENT, b'<id root="?"/>' * 80 + PATIENT, 1)
PROFILE_ERRORS = CDA.replace(PATIENT, PATIENT + b' extension="1"/>' + PATIENT, 80)


@pytest.mark.parametrize("document", [XSD_ERRORS, PROFILE_ERRORS], ids=["level 1", "level 2"])
def test_the_number_of_findings_of_a_submission_is_limited(monkeypatch: pytest.MonkeyPatch, document: bytes) -> None:
    monkeypatch.setattr(pipeline, "MOST_FINDINGS", 3)
    kind, body = cxf([document, document])
    with application() as app:
        response = app.test_client().post(submission(), data=body, headers={"Content-Type": kind})
    answer = read_answer(response.status_code, dict(response.headers), response.data)
    assert (answer.status, len(answer.findings)) == ("Failure", 3)


def test_of_too_many_findings_of_business_rules_the_errors_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "MOST_FINDINGS", 3)
    warnings = [Finding(Level.BUSINESS_RULE, "warns", Severity.WARNING, where=f"//*[{number}]") for number in range(5)]
    error = Finding(Level.BUSINESS_RULE, "forbids")
    monkeypatch.setattr(pipeline.level4_rules, "check", lambda *_: [*warnings, error])
    with application() as app:
        kind, body = cxf([CDA])
        response = app.test_client().post(submission(), data=body, headers={"Content-Type": kind})
    answer = read_answer(response.status_code, dict(response.headers), response.data)
    assert [finding.text for finding in answer.findings] == ["forbids", "warns", "warns"]
