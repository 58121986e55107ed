"""The door: every finding of an examination explained, in the language asked for, with what caused it."""

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
from mockregister.validation.explaining.structure import explain_structure
from mockregister.validation.integrity_codes import current
from mockregister.validation.pipeline import Examination


def explain(findings: Sequence[Finding], examination: Examination, language: str = "en") -> list[ExplainedFinding]:
    """Return each finding with why it came; ``examination`` is of what was sent, to the register as it was then.

    The explanations are worked out anew: nothing is noted while a submission is examined.
    """
    explainer = _Explainer(examination, language)
    return with_causes(findings, [explainer.explain(finding) for finding in findings], language)


class _Explainer:
    """The explanations of one submission's findings; what is only needed for some of them is made when it is asked for."""

    def __init__(self, examination: Examination, language: str) -> None:
        self._examination, self._language = examination, language
        self._integrity: IntegrityExplainer | None = None
        self._business: RuleExplainer | None = None

    def explain(self, finding: Finding) -> Explanation:
        """Return why a finding came; an integrity code is explained under the name that it has today."""
        finding = replace(finding, code=current(finding.code))
        if not finding.line and not finding.where and finding.level is not Level.INTEGRITY_CHECK:
            return Explanation((DecidingPart(finding.text),))
        if finding.level in (Level.XSD, Level.SCHEMATRON):
            templates = self._examination.edition.profile.templates
            return explain_structure(finding, self._content(finding), self._language, templates)
        if any(isinstance(outcome, Finding) for _, outcome in self._examination.parsed):
            return explain_text(finding, self._language)
        return self._of_integrity(finding) if finding.level is Level.INTEGRITY_CHECK else self._of_rule(finding)

    def _content(self, finding: Finding) -> bytes:
        """Return the document that a finding is about; the first one if it names none."""
        sent = [(document, root) for document, root in self._examination.parsed if not isinstance(root, Finding)]
        about = [document.content for document, root in sent if document_id(root).lower() == finding.document.lower()]
        return about[0] if about else sent[0][0].content if sent else b""

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
