"""The entry point: explain every finding of an examination in a language, with its cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mockregister.document.places import document_id
from mockregister.document.whereabouts import Whereabouts
from mockregister.finding import Finding, Level
from mockregister.register.query import Reader
from mockregister.register.view import View
from mockregister.validation.explaining.business import RuleExplainer
from mockregister.validation.explaining.causes import with_causes
from mockregister.validation.explaining.earlier import EarlierDocuments
from mockregister.validation.explaining.explanation import DecidingPart, ExplainedFinding, Explanation
from mockregister.validation.explaining.integrity import IntegrityExplainer, explain_text
from mockregister.validation.explaining.read_document import ReadDocument
from mockregister.validation.explaining.structure import explain_structure
from mockregister.validation.integrity_codes import current
from mockregister.validation.pipeline import Examination

MOST_EXPLAINED = 1000  # findings of one submission


def explain(findings: Sequence[Finding], examination: Examination, language: str = "en") -> list[ExplainedFinding]:
    """Return each finding with its reasons. ``examination`` has the submission and the state of the register at that time.

    Explanations are computed only now; nothing is recorded while a submission is examined. If there are very many findings, those
    after the first ``MOST_EXPLAINED`` have only their text.
    """
    explainer = _Explainer(examination, language)
    explained = [explainer.explain(finding) for finding in findings[:MOST_EXPLAINED]]
    others = [Explanation((DecidingPart(finding.text),)) for finding in findings[MOST_EXPLAINED:]]
    return with_causes(findings, [*explained, *others], language)


class _Explainer:
    """Explains the findings of one submission; what only some of them need is made on first use."""

    def __init__(self, examination: Examination, language: str) -> None:
        self._examination, self._language = examination, language
        self._integrity: IntegrityExplainer | None = None
        self._business: RuleExplainer | None = None
        self._read: dict[str, ReadDocument | None] = {}

    def explain(self, finding: Finding) -> Explanation:
        """Return why a finding came; an integrity code is explained under the name that it has today."""
        finding = replace(finding, code=current(finding.code))
        if not finding.line and not finding.where and finding.level is not Level.INTEGRITY_CHECK:
            return Explanation((DecidingPart(finding.text),))
        if finding.level in (Level.XSD, Level.SCHEMATRON):
            templates = self._examination.edition.profile.templates
            return explain_structure(finding, self._document(finding), self._language, templates)
        if any(isinstance(outcome, Finding) for _, outcome in self._examination.parsed):
            return explain_text(finding, self._language)
        return self._of_integrity(finding) if finding.level is Level.INTEGRITY_CHECK else self._of_rule(finding)

    def _document(self, finding: Finding) -> ReadDocument | None:
        """Return the document that a finding is about, the first one if it names none; None if that is not XML."""
        if finding.document not in self._read:
            sent = [(document, root) for document, root in self._examination.parsed if not isinstance(root, Finding)]
            about = [document.content for document, root in sent if document_id(root).lower() == finding.document.lower()]
            contents = [*about, *(document.content for document, _ in sent)]
            self._read[finding.document] = ReadDocument(contents[0]) if contents else None
        return self._read[finding.document]

    def _of_integrity(self, finding: Finding) -> Explanation:
        if self._integrity is None:
            examination = self._examination
            before, tables = examination.draft.before, examination.register.codes
            self._integrity = IntegrityExplainer(View(before), tables, examination.readings, self._places, self._language)
        return self._integrity.explain(finding)

    def _of_rule(self, finding: Finding) -> Explanation:
        if self._business is None:
            register, trees = self._examination.register, self._examination.draft.touched()
            now, rules = register.clock.now(), self._examination.edition.rules
            earlier = EarlierDocuments(Reader(self._examination.draft.before, register.codes, now), self._language)
            self._business = RuleExplainer(trees, register.codes, now, rules, self._places, earlier, self._language)
        return self._business.explain(finding)

    @property
    def _places(self) -> Whereabouts:
        return Whereabouts(self._examination.readings)
