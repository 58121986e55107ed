"""Which findings follow from the same value, or from the same missing element."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mockregister.finding import Finding
from mockregister.validation.explaining.explanation import Cause, ExplainedFinding, Explanation, Mention

Key = tuple[str, tuple[str, str, int]]


def with_causes(findings: Sequence[Finding], explanations: Sequence[Explanation]) -> list[ExplainedFinding]:
    """Return each finding with its explanation and its cause.

    Of the values that a finding speaks of, the cause is the one that most other findings of the document speak of, too.
    """
    suspects = [_suspects(*pair) for pair in zip(findings, explanations, strict=True)]
    shared = Counter(key for mentioned in suspects for key in mentioned)
    numbers: dict[Key | int, int] = {}
    found: list[ExplainedFinding] = []
    for place, (finding, explanation) in enumerate(zip(findings, explanations, strict=True)):
        chosen = max(suspects[place], key=lambda key: shared[key], default=None)
        group = chosen if chosen is not None and shared[chosen] > 1 else place
        first = group not in numbers
        number = numbers.setdefault(group, len(numbers) + 1)
        text = _told(suspects[place][chosen]) if chosen is not None else ""
        found.append(ExplainedFinding(finding, explanation, Cause(number, text, first)))
    return found


def _suspects(finding: Finding, explanation: Explanation) -> dict[Key, Mention]:
    return {(finding.document, mention.key): mention for mention in explanation.mentions if mention.may_be_wrong and mention.line}


def _told(mention: Mention) -> str:
    return " ".join(filter(None, (mention.name, mention.value, f"(line {mention.line})" if mention.line else "")))
