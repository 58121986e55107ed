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
    """Two judgements of the documents called ``name``: the findings of only the first and of only the second.

    ``status`` has both statuses if they differ and matter; ``failure`` says why a judgement is missing. Two findings are equal
    if they have the same level, code or rule, severity and place and, with ``texts``, the same text.
    """

    name: str
    only_a: tuple[Finding, ...] = ()
    only_b: tuple[Finding, ...] = ()
    status: tuple[str, str] = ("", "")
    failure: str = ""

    @property
    def same(self) -> bool:
        """Return whether both judgements are equal."""
        return not (self.only_a or self.only_b or any(self.status) or self.failure)


def compared(
    a: Judge, b: Judge, submissions: Iterable[tuple[str, Sequence[bytes]]], *, texts: bool = False, stored: bool = False
) -> Iterator[Comparison]:
    """Yield the comparison of each submission, given by name.

    With ``stored``, the statuses are compared, too. Without it they are not, because the Validate service answers Failure even
    if nothing is wrong.
    """
    for name, documents in submissions:
        try:
            yield comparison_of(name, a.judge(documents), b.judge(documents), texts=texts, stored=stored)
        except (NoAnswer, NoCard) as error:
            yield Comparison(name, failure=str(error))


def comparison_of(name: str, a: Judgement, b: Judgement, *, texts: bool = False, stored: bool = False) -> Comparison:
    """Return the comparison of two judgements of the documents called ``name``; ``stored`` is as in ``compared``."""
    statuses = (a.failure or a.status, b.failure or b.status)
    matters = stored or bool(a.failure or b.failure)
    status = statuses if matters and statuses[0] != statuses[1] else ("", "")
    return Comparison(name, _without(a.findings, b.findings, texts), _without(b.findings, a.findings, texts), status)


def code_of(finding: Finding) -> str:
    """Return the code of a finding; for levels 1 and 2 it is the text up to the first colon."""
    return finding.code if finding.level in OWN_CODES else finding.text.partition(":")[0]


def _without(findings: Sequence[Finding], others: Sequence[Finding], texts: bool) -> tuple[Finding, ...]:
    """Return the findings that the others lack; a finding that is here twice, and once among the others, is returned once."""
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
