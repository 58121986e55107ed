"""The entry point: mend a document as far as possible with certainty, and report each change and the findings that are left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff

from mockregister.document.reader import read_submission
from mockregister.errors import UnreadableDocument
from mockregister.finding import Finding, Level, as_reported
from mockregister.register.register import Register
from mockregister.validation.edition import Edition
from mockregister.validation.explaining.explain import explain
from mockregister.validation.explaining.explanation import ExplainedFinding
from mockregister.validation.mending.codes import code_mends
from mockregister.validation.mending.integrity import integrity_mends
from mockregister.validation.mending.profile import profile_mends
from mockregister.validation.mending.schema import schema_mends
from mockregister.validation.mending.written import Mend, WrittenDocument
from mockregister.validation.pipeline import LEVELS, Examination

MOST_MENDS = 100
MOST_TRIALS = 500  # validations in one mending
MOST_BYTES = 2_000_000  # largest document that is mended: it is validated again for every trial
_ORDER = [name for name, _ in LEVELS]
_PROPOSING: dict[Level, Callable[[Finding, WrittenDocument, Examination], Iterator[Mend]]] = {
    Level.XSD: schema_mends,
    Level.SCHEMATRON: profile_mends,
    Level.INTEGRITY_CHECK: integrity_mends,
    Level.BUSINESS_RULE: code_mends,
}


@dataclass(frozen=True)
class MadeMend:
    """A mend that was made: what was done, in a sentence, and on which line (from 1)."""

    what: str
    line: int


@dataclass(frozen=True)
class Mending:
    """A document before and after mending: ``mends`` in the order in which they were made, and the findings that are ``left``."""

    before: bytes
    after: bytes
    mends: tuple[MadeMend, ...]
    left: tuple[ExplainedFinding, ...]

    def diff(self, before: str = "before", after: str = "after") -> Iterator[str]:
        """Yield the lines of the unified difference of the document before and after, without line ends."""
        if self.mends:
            old, new = (WrittenDocument(content).text.splitlines() for content in (self.before, self.after))
            yield from unified_diff(old, new, before, after, lineterm="")

    @property
    def text(self) -> str:
        """The document after mending, as text; without mends it is decoded as UTF-8, with U+FFFD for invalid bytes."""
        return WrittenDocument(self.after).text if self.mends else self.after.decode("utf-8", "replace")


def mended(content: bytes, register: Register, edition: Edition, language: str = "en") -> Mending:
    """Mend the errors of a document for which only one correction is possible, or one is clearly intended.

    The document is validated against the register's current content, before the first mend and after each. It is not mended if it
    is not XML or has more than MOST_BYTES. Mends and remaining findings are described in ``language``, ``en`` or ``da``. Raise
    StoreError or Busy if the register cannot make a draft.
    """
    mends: list[MadeMend] = []
    after, mender = content, _Mender(register, edition)
    findings = mender.examined(content)
    while len(mends) < MOST_MENDS and len(content) <= MOST_BYTES:
        found = mender.better(after, findings)
        if found is None:
            break
        mend, after, findings = found
        mends.append(MadeMend(mend.sentence.in_language(language), mend.line))
    with Examination(read_submission([after]), register, edition) as examination:
        left = explain(as_reported(findings), examination, language)
    return Mending(content, after, tuple(mends), tuple(left))


class _Mender:
    """Tries mends: validates each changed document against one register, under one edition."""

    def __init__(self, register: Register, edition: Edition) -> None:
        self._register, self._edition, self._trials = register, edition, 0

    def examined(self, content: bytes) -> Sequence[Finding]:
        """Return the findings in a document."""
        with Examination(read_submission([content]), self._register, self._edition) as examination:
            return examination.findings()

    def better(self, content: bytes, findings: Sequence[Finding]) -> tuple[Mend, bytes, Sequence[Finding]] | None:
        """Return the first mend that makes a document better, with the new document and its findings; None if there is none.

        If several would mend the same finding equally well, none of them is used.
        """
        for finding in findings:
            proposed = self._proposed(finding, content) if self._trials < MOST_TRIALS else []
            self._trials += len(proposed)
            tried = [(mend, changed, self.examined(changed)) for mend, changed in proposed]
            better = [found for found in tried if _is_better(found[2], findings, finding)]
            best = [found for found in better if _rank(found[2]) == min(_rank(now) for _, _, now in better)]
            if len({changed for _, changed, _ in best}) == 1:
                return best[0]
        return None

    def _proposed(self, finding: Finding, content: bytes) -> list[tuple[Mend, bytes]]:
        """Return possible mends of a finding, each with the resulting document. The patient is locked only during this call."""
        try:
            written = WrittenDocument(content)
        except (UnreadableDocument, ValueError, LookupError):
            return []
        with Examination(read_submission([content]), self._register, self._edition) as examination:
            mends = _PROPOSING[finding.level](finding, written, examination)
            return [(mend, written.changed(mend.changes)) for mend in mends]


def _rank(findings: Sequence[Finding]) -> tuple[int, int]:
    """Return how much is wrong, for comparing documents: less if a later level made the findings, then by their number."""
    return (-_ORDER.index(findings[0].level.value) if findings else -len(_ORDER), len(findings))


def _is_better(now: Sequence[Finding], before: Sequence[Finding], mended: Finding) -> bool:
    """Return whether less is wrong and the mended finding occurs less often.

    The schema reports only one error at a time among the children of an element, so at level 1 a new finding may take the place
    of the mended one.
    """
    if _rank(now)[0] != _rank(before)[0]:
        return _rank(now) < _rank(before)
    was, remaining = (Counter((each.code, each.text) for each in found) for found in (before, now))
    mended_key = (mended.code, mended.text)
    is_less = len(now) < len(before) or (mended.level is Level.XSD and len(now) == len(before))
    return remaining[mended_key] < was[mended_key] and is_less
