"""The parts of an explanation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mockregister.finding import Finding

LANGUAGES = ("en", "da")


@dataclass(frozen=True, slots=True)
class Mention:
    """A value that took part: what it is of, how it reads (empty: missing), and its line (0: not in the documents sent).

    ``may_be_wrong`` is False for what was only looked at on the way, such as the moment at which a code was looked up.
    ``mended`` is what to change to change the value, where that has another name: the unit, for its closing date. ``whole`` is
    what the value is a part or a copy of, such as a period with its two ends; empty for one that stands for itself.
    ``document`` names the earlier document whose line it is, empty for one of those sent.
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
        """What two findings share if they speak of the same thing: the whole, the place of a value, or what is missing there."""
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
    """A wrong value or missing part that causes findings. ``number`` counts from 1, ``first`` marks the finding to read first."""

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
    """Return the findings in groups of one cause each, in the order in which the causes first come; the one to read leads."""
    groups: dict[int, list[ExplainedFinding]] = {}
    for mention in found:
        groups.setdefault(mention.cause.number, []).append(mention)
    return [sorted(group, key=lambda one: not one.cause.first) for group in groups.values()]
