"""The path of one submission: it is validated, stored if the service stores it, and answered.

The three services of LPR3 are one path with two switches; all of it is in this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from mockregister.errors import StoreContended
from mockregister.finding import Finding, Level, as_reported
from mockregister.model import Submission
from mockregister.register.register import Register
from mockregister.validation.edition import Edition
from mockregister.validation.editions import NEWEST
from mockregister.validation.pipeline import Examination

ATTEMPTS = 3


class Service(Enum):
    """The services of LPR3 (interface specification, section 1).

    Each has its name in the URL, whether it stores, and whether errors of business rules prevent storing.
    """

    REPORTING = ("PatientHealthcareReportingService", True, False)
    SAVE_IF_NO_ERRORS = ("PatientHealthcareSaveIfNoErrorsReportingService", True, True)
    VALIDATE = ("PatientHealthcareValidateReportingService", False, True)

    def __init__(self, url_name: str, stores: bool, stopped_by_business_errors: bool) -> None:
        self.url_name = url_name
        self.stores = stores
        self.stopped_by_business_errors = stopped_by_business_errors

    def keeps(self, findings: Sequence[Finding]) -> bool:
        """Return whether a submission with these findings is stored; warnings never prevent that."""
        return self.stores and not any(self._is_stopped_by(finding) for finding in findings)

    def _is_stopped_by(self, finding: Finding) -> bool:
        return finding.is_error and (finding.level is not Level.BUSINESS_RULE or self.stopped_by_business_errors)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a submission: the findings of the answer, whether it was stored, and the seconds each level took.

    ``status`` is the word in the answer's status URN, Success or Failure; ``submission_id`` is the id under which it was stored,
    empty if it was not.
    """

    status: str
    stored: bool
    findings: tuple[Finding, ...]
    seconds: dict[str, float]
    submission_id: str = ""


def submit(
    register: Register, service: Service, sent: Submission, imposed: tuple[Finding, ...] = (), edition: Edition = NEWEST
) -> Outcome:
    """Validate a submission on four levels, store it if the service's policy allows it, and return the outcome.

    It is validated under ``edition``. ``imposed`` are findings that were requested on purpose; none of them prevents this
    service from storing, and they are added to those of the levels if the submission is stored.

    Raise StoreError if the register cannot store it. Then the register is unchanged; after StoreInDoubt, that is not known. If
    the store asks for a retry, as a database does after a deadlock, the submission is tried again.
    """
    for _ in range(ATTEMPTS - 1):
        with suppress(StoreContended):
            return _submit(register, service, sent, imposed, edition)
    return _submit(register, service, sent, imposed, edition)


def _submit(register: Register, service: Service, sent: Submission, imposed: tuple[Finding, ...], edition: Edition) -> Outcome:
    with Examination(sent, register, edition) as examination:
        findings = examination.findings()
        findings += imposed if service.keeps(findings) else ()
        stored = service.keeps(findings)
        submission_id = examination.draft.commit(sent, findings, service.url_name, examination.seconds) if stored else ""
    status = "Success" if stored or _is_helpful(register, service, findings) else "Failure"
    return Outcome(status, stored, as_reported(findings), examination.seconds, submission_id)


def _is_helpful(register: Register, service: Service, findings: Sequence[Finding]) -> bool:
    """Return whether Validate answers Success, as it does if ``validate_status`` is "helpful" and nothing is wrong.

    Otherwise it answers Failure, as the real register does (facts 79, 95).
    """
    return service is Service.VALIDATE and register.settings.validate_status == "helpful" and not findings
