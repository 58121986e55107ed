"""The parts of an explanation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mockregister.finding import Finding

LANGUAGES = ("en", "da")


@dataclass(frozen=True, slots=True)
class Mention:
    """A value that took part in a decision: the name of what has it, its text (empty: missing), and its line (0: unknown).

    ``may_be_wrong`` is False for a value that was only used on the way, such as the moment at which a code was looked up.
    ``mended`` names what to correct if that is not the value itself: the unit, for its closing date. ``whole`` is what the value
    is a part or a copy of, such as a period, for its two ends; empty if there is no such thing. ``document`` names the earlier
    document that the line is in, and is empty for a document that was sent.
    """

    name: str
    value: str
    line: int = 0
    may_be_wrong: bool = True
    mended: str = ""
    whole: str = ""
    document: str = ""

    @property
    def key(self) -> tuple[str, str, int]:
        """What mentions of the same thing share: the whole, a value and its line, or the name of what is missing and the line."""
        if self.whole:
            return (self.whole, "", 0)
        return ("" if self.value and self.line else self.name, self.value, self.line)


@dataclass(frozen=True, slots=True)
class DecidingPart:
    """A part of the condition that decided, as a sentence, with the values in it."""

    text: str
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a finding came.

    ``because`` has the deciding parts, ``declaration`` the requirement of the schema, template, code or rule in its own words,
    ``register`` what the register has instead, ``advice`` a sentence that says what to do, and ``example`` the XML to add.
    """

    because: tuple[DecidingPart, ...] = ()
    declaration: str = ""
    register: tuple[str, ...] = ()
    advice: str = ""
    example: str = ""

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """Return every value that took part, once."""
        return tuple(dict.fromkeys(mention for part in self.because for mention in part.mentions))

    @property
    def lines(self) -> list[int]:
        """Return the relevant lines of the sent document, in order."""
        return sorted({mention.line for mention in self.mentions if mention.line and not mention.document})


@dataclass(frozen=True, slots=True)
class Cause:
    """A wrong value or missing part that causes findings. ``number`` counts from 1; ``first`` marks the finding to read first."""

    number: int
    text: str
    first: bool = True


@dataclass(frozen=True, slots=True)
class ExplainedFinding:
    """A finding with why it came and what caused it."""

    finding: Finding
    explanation: Explanation
    cause: Cause


def by_cause(found: Sequence[ExplainedFinding]) -> list[list[ExplainedFinding]]:
    """Return the findings grouped by cause, in the order in which the causes first occur; in a group the one to read is first."""
    groups: dict[int, list[ExplainedFinding]] = {}
    for explained in found:
        groups.setdefault(explained.cause.number, []).append(explained)
    return [sorted(group, key=lambda explained: not explained.cause.first) for group in groups.values()]
