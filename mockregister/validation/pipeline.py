"""The four levels in order, and where they stop: each of the first three ends the walk when it finds something."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from time import perf_counter
from types import TracebackType
from typing import Self

from lxml import etree

from mockregister.document import reader
from mockregister.document.places import document_id
from mockregister.document.reader import Reading
from mockregister.errors import UnreadableDocument
from mockregister.finding import Finding, Level
from mockregister.lazy import lazy
from mockregister.model import SentDocument, Submission
from mockregister.register.register import Draft, Register
from mockregister.validation import level1_schema, level3_integrity, level4_rules, sender
from mockregister.validation.edition import Edition

PARSE = "parse"
MOST_FINDINGS = 10_000  # of a level: who sends a million errors reads no answer


class Examination:
    """One submission on its way through the levels, under one edition.

    What a later level needs is made when it is asked for: the readings after the schema and the profile have passed, the
    draft (and with it the patient's lock, held until the examination closes) only for levels 3 and 4.
    """

    def __init__(self, sent: Submission, register: Register, edition: Edition) -> None:
        self.sent, self.register, self.edition = sent, register, edition
        self.seconds: dict[str, float] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._open.__exit__(kind, error, trace)

    def findings(self) -> tuple[Finding, ...]:
        """Return what the first level that finds anything finds; level 4 reports errors and warnings together."""
        for name, check in LEVELS:
            started = perf_counter()
            found = tuple(check(self))
            self.seconds[name] = perf_counter() - started
            if found:
                return found
        return ()

    def commit(self, findings: tuple[Finding, ...], service: str) -> str:
        """Keep what the service of this name took, with the findings that stand against it; gives the submission's id."""
        return self.draft.commit(self.sent, findings, service, self.seconds)

    @lazy
    def parsed(self) -> list[tuple[SentDocument, etree._Element | Finding]]:
        """Each document sent with its root element, or with the finding that it is not XML."""
        return [(document, _parse(document)) for document in self.sent.documents]

    @lazy
    def readings(self) -> list[Reading]:
        """Each document as the logical model."""
        return [reader.read(root) for _, root in self.parsed if not isinstance(root, Finding)]

    @lazy
    def draft(self) -> Draft:
        """The register as it will be when this submission is kept."""
        return self._open.enter_context(self.register.draft([reading.document for reading in self.readings]))


def _parse(document: SentDocument) -> etree._Element | Finding:
    try:
        return document.root
    except UnreadableDocument as error:
        return level3_integrity.malformed(error, document.content)


def _readable(examination: Examination) -> list[Finding]:
    """Check that the documents are XML, then that the sender may report; both come before the schema (facts 60, 98)."""
    malformed = [outcome for _, outcome in examination.parsed if isinstance(outcome, Finding)]
    found = malformed or sender.check(examination.sent, examination.register.codes.producers)
    return _said(examination.edition, found)


def _schema(examination: Examination) -> list[Finding]:
    return _each(examination, level1_schema.check)


def _profile(examination: Examination) -> list[Finding]:
    return _each(examination, lambda content, root: examination.edition.profile.check(root))


def _each(examination: Examination, check: Callable[[bytes, etree._Element], list[Finding]]) -> list[Finding]:
    """Return what ``check`` finds in each document, stamped with the document's id; MOST_FINDINGS are enough."""
    found: list[Finding] = []
    for document, root in examination.parsed:
        if not isinstance(root, Finding) and len(found) < MOST_FINDINGS:
            name = document_id(root)
            found += [replace(finding, document=name) for finding in check(document.content, root)]
    return found[:MOST_FINDINGS]


def _integrity(examination: Examination) -> list[Finding]:
    return _said(examination.edition, level3_integrity.check(examination.readings, examination.draft))[:MOST_FINDINGS]


def _said(edition: Edition, found: list[Finding]) -> list[Finding]:
    """Return the findings with the edition's names of their integrity codes, without the codes it does not check."""
    named = ((finding, edition.code_said(finding.code)) for finding in found)
    return [finding if code == finding.code else replace(finding, code=code) for finding, code in named if code is not None]


def _rules(examination: Examination) -> list[Finding]:
    """Return what the rules find; of more than MOST_FINDINGS the errors first, which decide what becomes of the submission."""
    found = level4_rules.check(examination.readings, examination.draft, examination.register, examination.edition)
    if len(found) > MOST_FINDINGS:
        found.sort(key=lambda finding: not finding.is_error)
    return found[:MOST_FINDINGS]


LEVELS: tuple[tuple[str, Callable[[Examination], list[Finding]]], ...] = (
    (PARSE, _readable),
    (Level.XSD.value, _schema),
    (Level.SCHEMATRON.value, _profile),
    (Level.INTEGRITY_CHECK.value, _integrity),
    (Level.BUSINESS_RULE.value, _rules),
)
