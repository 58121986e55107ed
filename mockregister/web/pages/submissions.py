"""One submission: its sender, its outcome, and its documents with the findings at their lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from flask import Blueprint, render_template

from mockregister.document.header import summarize
from mockregister.errors import NotFound
from mockregister.finding import Finding
from mockregister.mocking.journal import Exchange, HttpMessage
from mockregister.model import Submission
from mockregister.submission import Outcome, Service
from mockregister.web.explaining import explained as reasons
from mockregister.web.pages.explanations import Explained, explained
from mockregister.web.pages.names import authority_name, unit_name
from mockregister.web.pages.patients import number_of
from mockregister.web.pages.preferences import language
from mockregister.web.pages.source import Source, source
from mockregister.web.registers import namespace, reader
from mockregister.web.visit import JSON, visit

blueprint = Blueprint("submissions", __name__)


class Verdict(Enum):
    """The outcome of a submission, in words."""

    STORED = "Stored"
    STORED_WITH_FINDINGS = "Stored, with findings"
    CLEAN = "Nothing found, not stored"
    REFUSED = "Refused"
    FAULT = "Fault"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document of the submission: its source and the numbers of the findings about it."""

    id: str
    set_id: str
    patients: tuple[str, ...]
    source: Source
    findings: list[int]

    @property
    def marks(self) -> list[int]:
        """Return the findings that point at a row, in the order of the rows."""
        return [number for row in self.source.rows for number in row.findings]

    @property
    def lines(self) -> dict[int, int]:
        """Return the line of each finding that points at a row, by its number."""
        return {number: row.line for row in self.source.rows for number in row.findings}


@dataclass(frozen=True, slots=True)
class Shown:
    """A submission as the page shows it, whether it comes from the journal or from the register.

    ``mendable`` tells that a link offers to mend its documents: it is in the journal and was refused.
    """

    title: str
    verdict: Verdict
    facts: list[tuple[str, str]]
    seconds: Mapping[str, float]
    findings: list[Explained]
    sheets: list[Sheet]
    at: datetime
    messages: list[tuple[str, str]] = field(default_factory=list)
    mendable: bool = False

    @property
    def elsewhere(self) -> list[int]:
        """Return the numbers of the findings that are not about a single document."""
        about = {number for sheet in self.sheets for number in sheet.findings}
        return [number for number in range(len(self.findings)) if number not in about]


@blueprint.get("/submissions/<submission_id>")
def submission(submission_id: str) -> str:
    """Return the page of a stored submission. Raise NotFound."""
    return render_template("submission.html", shown=_of_register(submission_id))


def just_sent(service: Service, sent: Submission, outcome: Outcome) -> str:
    """Return the page of a submission that was just sent, for a server without a journal."""
    facts = [("Service", service.url_name), ("Authority (CVR)", _named_authority(sent.care_provider))]
    result = verdict(outcome.status, outcome.stored, outcome.findings)
    now = namespace().register.clock.now()
    sheets = _sheets(outcome.findings, [document.content for document in sent.documents], now)
    shown = Shown(visit().exchange_id, result, _given(facts), outcome.seconds, *sheets, now)
    return render_template("submission.html", shown=shown)


def verdict(outcome: str, stored: bool, findings: Iterable[Finding]) -> Verdict:
    """Return what to call the outcome of an exchange or submission."""
    if stored:
        return Verdict.STORED_WITH_FINDINGS if list(findings) else Verdict.STORED
    if outcome == "Fault":
        return Verdict.FAULT
    return Verdict.REFUSED if list(findings) else Verdict.CLEAN


def verdict_of(exchange: Exchange) -> Verdict:
    """Return what to call the outcome of an exchange."""
    return verdict(exchange.outcome, exchange.stored, exchange.findings)


def way_of(exchange: Exchange) -> str:
    """Return how an exchange was sent: by SOAP, by the JSON API or by a page."""
    if exchange.call.service != JSON:
        return "SOAP"
    return "JSON API" if exchange.call.path.startswith("/api/") else "This page"


def of_exchange(exchange: Exchange) -> Shown:
    """Return an exchange of the journal as the page shows it."""
    facts = [
        ("Service", exchange.taken_by or exchange.call.service),
        ("Sent as", way_of(exchange)),
        ("Author unit", ", ".join(_named_unit(unit) for unit in sorted(exchange.call.authors))),
        ("Authority (CVR)", ", ".join(_named_authority(cvr) for cvr in sorted(exchange.call.cvr))),
        ("Patient", ", ".join(sorted(exchange.call.patients))),
        ("Answer", f"{exchange.outcome} · HTTP {exchange.status}"),
        ("Simulated faults", ", ".join(exchange.faults)),
    ]
    contents = [document.content for document in exchange.documents]
    seconds = {**exchange.seconds, "total": exchange.duration}
    messages = [("Request", _message(exchange.request)), ("Answer", _message(exchange.answer))]
    sheets, result = _sheets(exchange.findings, contents, exchange.at), verdict_of(exchange)
    mendable = result is Verdict.REFUSED
    return Shown(exchange.id, result, _given(facts), seconds, *sheets, exchange.at, messages, mendable)


def _of_register(submission_id: str) -> Shown:
    found = reader().submission(submission_id)
    if found is None:
        raise NotFound("The register has no submission with this id; a reset may have removed it.")
    facts = [
        ("Service", found.row.service),
        ("Author unit", _named_unit(found.row.author_unit, found.row.author_name)),
        ("Authority (CVR)", _named_authority(found.row.care_provider)),
        ("Patient", ", ".join(dict.fromkeys(number_of(document.row.patient) for document in found.documents))),
    ]
    contents = [document.content for document in found.documents]
    result = verdict("Success", True, found.row.findings)
    sheets = _sheets(found.row.findings, contents, found.row.received)
    return Shown(submission_id, result, _given(facts), found.row.seconds, *sheets, found.row.received)


def _named_authority(cvr: str) -> str:
    name = authority_name(cvr, namespace().register.codes.sor)
    return f"{name} ({cvr})" if name != cvr else cvr


def _named_unit(sor_id: str, name: str = "") -> str:
    name = unit_name(sor_id, namespace().register.codes.sor, name)
    return f"{name} ({sor_id})" if name != sor_id else sor_id


def _given(facts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in facts if value]


def _sheets(findings: Iterable[Finding], contents: list[bytes], at: datetime) -> tuple[list[Explained], list[Sheet]]:
    """Return every finding explained as of ``at``, and every document with its findings; a single document has all findings."""
    findings = list(findings)
    summaries = [summarize(content) for content in contents]
    of_document = [
        [
            number
            for number, finding in enumerate(findings)
            if len(contents) == 1 or (finding.document == summary.id and summary.id)
        ]
        for summary in summaries
    ]
    sheets = [
        Sheet(
            summary.id,
            summary.set_id,
            summary.patients,
            source(content, [(number, findings[number]) for number in numbers]),
            numbers,
        )
        for summary, content, numbers in zip(summaries, contents, of_document, strict=True)
    ]
    return [explained(why) for why in reasons(findings, contents, at, language())], sheets


def _message(message: HttpMessage) -> str:
    """Return headers and body as text. A long body is shortened."""
    head = "\n".join(f"{name}: {value}" for name, value in message.headers)
    body = message.body[:20_000].decode("utf-8", "replace")
    return f"{head}\n\n{body}" + ("\n…" if len(message.body) > 20_000 else "")
