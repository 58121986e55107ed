"""Find out which findings follow from the same value, or from the same missing element."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mockregister.finding import Finding
from mockregister.validation.explaining import wording
from mockregister.validation.explaining.explanation import Cause, ExplainedFinding, Explanation, Mention

Key = tuple[str, tuple[str, str, int]]


def with_causes(findings: Sequence[Finding], explanations: Sequence[Explanation], language: str = "en") -> list[ExplainedFinding]:
    """Return each finding with its explanation and its cause.

    The value that most findings have in common is their cause; then the value that most of the others have in common, and so on.
    The finding to read first is the first one on a line of the cause, or else the first one that follows from it.
    """
    suspects = [_suspects(*pair) for pair in zip(findings, explanations, strict=True)]
    chosen = _chosen(suspects)
    groups: dict[Key | int, list[int]] = {}
    for place in range(len(findings)):
        groups.setdefault(chosen.get(place, place), []).append(place)
    causes: dict[int, Cause] = {}
    for number, (group, places) in enumerate(groups.items(), 1):
        mentions = [mention for place in places for mention in suspects[place].get(group, ())] if isinstance(group, tuple) else []
        same = {(mention.value, mention.line): mention for mention in mentions if mention.name or mention.value}
        text = ", ".join(wording.gathered(list(same.values()), language))
        lines = {mention.line for mention in mentions}
        first = next((place for place in places if findings[place].line in lines), places[0])
        causes |= {place: Cause(number, text, first=place == first) for place in places}
    explained = zip(findings, explanations, strict=True)
    return [ExplainedFinding(finding, why, causes[place]) for place, (finding, why) in enumerate(explained)]


def _chosen(suspects: Sequence[Mapping[Key, Sequence[Mention]]]) -> dict[int, Key]:
    """Return the cause of each finding that has a possible cause, by the finding's index."""
    speaking: dict[Key, list[int]] = {}
    for place, mentioned in enumerate(suspects):
        for key in mentioned:
            speaking.setdefault(key, []).append(place)
    chosen: dict[int, Key] = {}
    for key in sorted(speaking, key=lambda key: -len(speaking[key])):
        for place in speaking[key]:
            chosen.setdefault(place, key)
    return chosen


def _suspects(finding: Finding, explanation: Explanation) -> dict[Key, list[Mention]]:
    found: dict[Key, list[Mention]] = {}
    for mention in explanation.mentions:
        if mention.may_be_wrong and mention.line:
            found.setdefault((finding.document, mention.key), []).append(mention)
    return found
