"""The reporting module of an invented vendor: the system under test of the worked example.

It behaves as a real module must: it tries again when the register's front end is down, it treats "already there" as delivered
if an earlier attempt ended without an answer, and it keeps a work list for clinicians.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mockregister.client import Answer, Client, NoAnswer
from mockregister.finding import Severity

ALREADY_THERE = "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT"


@dataclass
class Report:
    """A document that is delivered, refused (with the codes for the clinician's work list), or still to be sent."""

    document: bytes
    state: str = "new"
    work_list: list[str] = field(default_factory=list)
    attempts: int = 0


class ReportingModule:
    """Sends reports to the register at ``url`` with ``service``."""

    def __init__(self, url: str, service: str = "save-if-no-errors", attempts: int = 3, timeout: float = 30) -> None:
        self.client, self.service, self.attempts = Client(url, timeout=timeout), service, attempts

    def send(self, report: Report) -> Report:
        """Try until the register has answered, or the attempts are used up."""
        while report.state in ("new", "unknown") and report.attempts < self.attempts:
            report.attempts += 1
            self._attempt(report)
        return report

    def _attempt(self, report: Report) -> None:
        try:
            answer = self.client.submit([report.document], service=self.service)
        except NoAnswer:
            report.state = "unknown"
            return
        if not answer.status:  # a page of the front end or a SOAP fault does not tell what was stored
            report.state = "unknown"
            return
        self._conclude(report, answer)

    def _conclude(self, report: Report, answer: Answer) -> None:
        codes = [finding.code for finding in answer.findings]
        is_known = report.state == "unknown" and codes == [ALREADY_THERE]
        report.state = "delivered" if answer.status == "Success" or is_known else "refused"
        report.work_list = [found.code for found in answer.findings if found.severity is Severity.ERROR and not is_known]
