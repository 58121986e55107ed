"""Two judgements of the same documents, compared finding by finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from mockregister.comparing.judging import Judge, Judgement
from mockregister.errors import NoCard
from mockregister.finding import Finding, Level
from mockregister.server import NoAnswer

OWN_CODES = (Level.INTEGRITY_CHECK, Level.BUSINESS_RULE)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two said of the same documents, called ``name``: what only the one and only the other found.

    ``status`` has both words where they differ and matter, ``failure`` why one of them gave no judgement. A finding is the same
    if it has the same level, code or rule, severity and place; with ``texts``, the same text, too.
    """

    name: str
    only_a: tuple[Finding, ...] = ()
    only_b: tuple[Finding, ...] = ()
    status: tuple[str, str] = ("", "")
    failure: str = ""

    @property
    def same(self) -> bool:
        """Whether both said the same."""
        return not (self.only_a or self.only_b or any(self.status) or self.failure)


def compared(
    a: Judge, b: Judge, submissions: Iterable[tuple[str, Sequence[bytes]]], *, texts: bool = False, stored: bool = False
) -> Iterator[Comparison]:
    """Yield the comparison of each submission, given by name; ``stored`` says that the word Success matters.

    It does not at the Validate service, which says Failure where nothing is wrong.
    """
    for name, documents in submissions:
        try:
            yield of(name, a.judge(documents), b.judge(documents), texts=texts, stored=stored)
        except (NoAnswer, NoCard) as error:
            yield Comparison(name, failure=str(error))


def of(name: str, a: Judgement, b: Judgement, *, texts: bool = False, stored: bool = False) -> Comparison:
    """Compare two judgements."""
    said = (a.failure or a.status, b.failure or b.status)
    matters = stored or bool(a.failure or b.failure)
    status = said if matters and said[0] != said[1] else ("", "")
    return Comparison(name, _without(a.findings, b.findings, texts), _without(b.findings, a.findings, texts), status)


def code_of(finding: Finding) -> str:
    """Return the code that an answer tells: of levels 1 and 2, what its text begins with."""
    return finding.code if finding.level in OWN_CODES else finding.text.partition(":")[0]


def _without(findings: Sequence[Finding], others: Sequence[Finding], texts: bool) -> tuple[Finding, ...]:
    """Return the findings that the others lack; what was found twice and once is lacking once."""
    left = Counter(_identity(finding, texts) for finding in others)
    lacking = []
    for finding in findings:
        identity = _identity(finding, texts)
        if not left[identity]:
            lacking.append(finding)
        left[identity] -= bool(left[identity])
    return tuple(lacking)


def _identity(finding: Finding, texts: bool) -> Hashable:
    place = (finding.document.lower(), finding.where.lower())
    return finding.level, code_of(finding), finding.severity, place, finding.text if texts else ""
