"""The four levels in order; validation ends at the first level that finds anything."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from time import perf_counter

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
MOST_FINDINGS = 10_000  # of one level: nobody reads an answer with a million errors


class Examination(ExitStack):
    """One submission on its way through the levels, under one edition.

    What a later level needs is made on first use: the readings after the schema and the profile have passed; the draft only
    for levels 3 and 4, because it holds the patient's lock until the examination closes. ``seconds`` is how long each level took.
    """

    def __init__(self, sent: Submission, register: Register, edition: Edition) -> None:
        super().__init__()
        self.sent, self.register, self.edition = sent, register, edition
        self.seconds: dict[str, float] = {}

    def findings(self) -> tuple[Finding, ...]:
        """Return the findings of the first level that has any; level 4 reports errors and warnings together.

        Raise StoreError or Busy if level 3 is reached and the register cannot make a draft.
        """
        for name, check in LEVELS:
            started = perf_counter()
            found = tuple(check(self))
            self.seconds[name] = perf_counter() - started
            if found:
                return found
        return ()

    @lazy
    def parsed(self) -> list[tuple[SentDocument, etree._Element | Finding]]:
        """Each document sent, with its root element or with the finding that it is not XML."""
        parsed: list[tuple[SentDocument, etree._Element | Finding]] = []
        for document in self.sent.documents:
            try:
                parsed.append((document, document.root))
            except UnreadableDocument as error:
                parsed.append((document, level3_integrity.malformed(error, document.content)))
        return parsed

    @lazy
    def readings(self) -> list[Reading]:
        """Each document, read into the logical model."""
        return [reader.read(root) for _, root in self.parsed if not isinstance(root, Finding)]

    @lazy
    def draft(self) -> Draft:
        """The register as it will be when this submission is stored. Raise StoreError or Busy if it cannot make a draft."""
        return self.enter_context(self.register.draft([reading.document for reading in self.readings]))


def _readable(examination: Examination) -> list[Finding]:
    """Check that the documents are XML, then that the sender may report; both checks come before the schema (facts 60, 98)."""
    malformed = [outcome for _, outcome in examination.parsed if isinstance(outcome, Finding)]
    found = malformed or sender.check(examination.sent, examination.register.codes.producers)
    return _as_named(examination.edition, found)


def _each(examination: Examination, check: Callable[[bytes, etree._Element], list[Finding]]) -> list[Finding]:
    """Return the findings of ``check`` in each document, stamped with the document's id; stop after MOST_FINDINGS."""
    found: list[Finding] = []
    for document, root in examination.parsed:
        if not isinstance(root, Finding) and len(found) < MOST_FINDINGS:
            name = document_id(root)
            found += [replace(finding, document=name) for finding in check(document.content, root)]
    return found[:MOST_FINDINGS]


def _as_named(edition: Edition, found: list[Finding]) -> list[Finding]:
    """Return the findings under the edition's names for integrity codes, without the codes that it does not check."""
    named = ((finding, edition.reported_code(finding.code)) for finding in found)
    return [finding if code == finding.code else replace(finding, code=code) for finding, code in named if code is not None]


def _rules(examination: Examination) -> list[Finding]:
    """Return what the rules find. If there is more than MOST_FINDINGS, errors are kept first, because they decide the answer."""
    found = level4_rules.check(examination.draft, examination.register, examination.edition)
    if len(found) > MOST_FINDINGS:
        found.sort(key=lambda finding: not finding.is_error)
    return found[:MOST_FINDINGS]


LEVELS: tuple[tuple[str, Callable[[Examination], list[Finding]]], ...] = (
    (PARSE, _readable),
    (Level.XSD.value, lambda examination: _each(examination, level1_schema.check)),
    (Level.SCHEMATRON.value, lambda examination: _each(examination, lambda _, root: examination.edition.profile.check(root))),
    (
        Level.INTEGRITY_CHECK.value,
        lambda examination: _as_named(examination.edition, level3_integrity.check(examination.readings, examination.draft))[
            :MOST_FINDINGS
        ],
    ),
    (Level.BUSINESS_RULE.value, _rules),
)
