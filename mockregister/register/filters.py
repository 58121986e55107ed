"""What readers search for, and whether something that the register holds matches it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from mockregister.codes.tables import CodeTables
from mockregister.finding import Finding, Severity
from mockregister.lazy import lazy
from mockregister.model import Code, Encounter, EntryKind, EpisodeOfCare, ObservationOrganizer, Period
from mockregister.register.elements import Document, Element, KeptSubmission, Look, Standing, document
from mockregister.register.identity import sets_of
from mockregister.register.indexes import codes_in
from mockregister.register.rows import SetRow

ANY = "*"


@dataclass(frozen=True, slots=True)
class Filter:
    """What to search for; a field that is None is not tested, and all others have to match.

    ``patient`` is a CPR number, the extension of an alternative id, or ``root^extension``. ``since`` and ``until`` match
    everything that overlaps the time between them. ``sor`` is the SOR id of a unit and matches the units below it, too.
    ``label``, ``type``, ``priority`` and ``code`` are SKS codes; a trailing ``*`` matches all codes that begin so. ``status``
    None matches open and closed elements, not removed ones. ``has`` and ``rule`` are the severity and the code of a finding,
    and ``outstanding`` matches what has any finding against it. ``authority`` is a CVR number, ``set`` the UUID of a document
    set, ``submitted_since`` a moment of the register's clock. Something without a label, type or priority has that of its owner.
    """

    patient: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    sor: str | None = None
    label: str | None = None
    type: str | None = None
    priority: str | None = None
    code: str | None = None
    status: Standing | None = None
    has: Severity | None = None
    rule: str | None = None
    authority: str | None = None
    set: str | None = None
    submitted_since: datetime | None = None
    outstanding: bool | None = None


class Question:
    """A filter, and the values that are looked up for it only once."""

    def __init__(self, view: Look, codes: CodeTables, wanted: Filter) -> None:
        self.view, self.codes, self.wanted = view, codes, wanted
        self.asked = [field.name for field in fields(wanted) if getattr(wanted, field.name) is not None]

    @lazy
    def units(self) -> frozenset[str]:
        """The SOR ids of the filter's unit and of the units below it."""
        return self.codes.sor.below(self.wanted.sor or "")

    @lazy
    def sets_of_patient(self) -> frozenset[str]:
        """The keys of the document sets of the filter's patient."""
        return frozenset(sets_of(self.view, self.wanted.patient or ""))

    def fits_element(self, element: Element) -> bool:
        """Return whether an element matches."""
        return self._fits(ELEMENT_TESTS, element) and (self.wanted.status is not None or element.row.is_live)

    def fits_set(self, row: SetRow) -> bool:
        """Return whether a document set matches, judged by its last document."""
        latest = document(self.view, row.document)
        return row.root != "" and latest is not None and self._fits(SET_TESTS, latest)

    def fits_document(self, document: Document) -> bool:
        """Return whether a document matches."""
        return self._fits(DOCUMENT_TESTS, document)

    def fits_submission(self, submission: KeptSubmission) -> bool:
        """Return whether a submission matches, and one of its documents if the filter asks for something of documents."""
        about = not SET_TESTS.keys().isdisjoint(self.asked)
        return self._fits(SUBMISSION_TESTS, submission) and (
            not about or any(self._fits(SET_TESTS, document) for document in submission.documents)
        )

    def _fits(self, tests: dict[str, Callable[[Question, Any], bool]], thing: object) -> bool:
        return all(tests[name](self, thing) for name in self.asked if name in tests)

    def is_recent(self, document: Document | None) -> bool:
        """Return whether a document arrived at or after the filter's moment."""
        return (
            document is not None
            and self.wanted.submitted_since is not None
            and document.row.received >= self.wanted.submitted_since
        )

    def overlaps(self, period: Period) -> bool:
        """Return whether a period overlaps the filter's period; a missing end is open."""
        since, until = self.wanted.since, self.wanted.until
        ends_before = since is not None and period.end is not None and period.end < since
        begins_after = until is not None and period.start is not None and period.start > until
        return not ends_before and not begins_after

    def was_found(self, findings: Iterable[Finding]) -> bool:
        """Return whether the filter's rule, at the filter's severity, is among these findings."""
        rule, severity = self.wanted.rule, self.wanted.has
        return any(rule in (None, finding.code) and severity in (None, finding.severity) for finding in findings)


def means(pattern: str | None, code: Code | None) -> bool:
    """Return whether a code is the filter's code, or begins like it if the filter ends in ``*``."""
    return code is not None and _means(pattern or "", code.code.upper())


def _means(pattern: str, code: str) -> bool:
    wanted = pattern.upper()
    return code.startswith(wanted[:-1]) if wanted.endswith(ANY) else code == wanted


def _has_type(question: Question, element: Element) -> bool:
    encounter, wanted = element.around(Encounter), question.wanted.type
    results = element.entry.results if isinstance(element.entry, ObservationOrganizer) else ()
    return means(wanted, encounter.type if encounter else None) or any(means(wanted, result.type) for result in results)


def _has_findings(question: Question, element: Element) -> bool:
    """Return whether there are findings as the filter asks; for an episode of care, those against everything in it count."""
    return question.was_found(element.episode_findings if element.kind is EntryKind.EPISODE_OF_CARE else element.findings)


def _has_documents_findings(question: Question, document: Document) -> bool:
    return question.was_found(document.findings)


ELEMENT_TESTS: dict[str, Callable[[Question, Element], bool]] = {
    "status": lambda question, element: element.standing is question.wanted.status,
    "set": lambda question, element: element.row.set == (question.wanted.set or "").lower(),
    "patient": lambda question, element: element.row.set in question.sets_of_patient,
    "authority": lambda question, element: element.authority == question.wanted.authority,
    "code": lambda question, element: any(_means(question.wanted.code or "", code) for code in codes_in(element.entry)),
    "label": lambda question, element: (
        (episode := element.around(EpisodeOfCare)) is not None and means(question.wanted.label, episode.label)
    ),
    "type": _has_type,
    "priority": lambda question, element: (
        (encounter := element.around(Encounter)) is not None and means(question.wanted.priority, encounter.priority)
    ),
    "sor": lambda question, element: not question.units.isdisjoint(element.units),
    "rule": _has_findings,
    "has": _has_findings,
    "outstanding": _has_findings,
    "since": lambda question, element: question.overlaps(element.period),
    "until": lambda question, element: question.overlaps(element.period),
    "submitted_since": lambda question, element: question.is_recent(element.document),
}
SET_TESTS: dict[str, Callable[[Question, Document], bool]] = {
    "set": lambda question, document: document.row.set == (question.wanted.set or "").lower(),
    "patient": lambda question, document: document.row.set in question.sets_of_patient,
    "authority": lambda question, document: document.row.custodian == question.wanted.authority,
    "submitted_since": lambda question, document: question.is_recent(document),
}
DOCUMENT_TESTS: dict[str, Callable[[Question, Document], bool]] = SET_TESTS | {
    "sor": lambda question, document: document.row.author.unit in question.units,
    "since": lambda question, document: question.overlaps(Period(document.row.effective_time, document.row.effective_time)),
    "until": lambda question, document: question.overlaps(Period(document.row.effective_time, document.row.effective_time)),
    "rule": _has_documents_findings,
    "has": _has_documents_findings,
}
SUBMISSION_TESTS: dict[str, Callable[[Question, KeptSubmission], bool]] = {
    "sor": lambda question, submission: submission.row.author_unit in question.units,
    "since": lambda question, submission: question.overlaps(Period(submission.row.received, submission.row.received)),
    "until": lambda question, submission: question.overlaps(Period(submission.row.received, submission.row.received)),
    "rule": lambda question, submission: question.was_found(submission.row.findings),
    "has": lambda question, submission: question.was_found(submission.row.findings),
}
