"""The small values of the model: identifiers, codes, references."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NamedTuple

SKS = "1.2.208.176.2.4"
SOR = "1.2.208.176.1.1"
CPR = "1.2.208.176.1.2"
CVR = "2.16.840.1.113883.2.24.1.1"


@dataclass(frozen=True, slots=True)
class Identifier:
    """An HL7 instance identifier (II), kept in the letter case in which it was sent (fact 99)."""

    root: str
    extension: str = ""

    @property
    def key(self) -> str:
        """``root^extension``, for comparing two identifiers: letter case makes no difference in UUIDs (facts 106, 191)."""
        return f"{self.root.lower()}^{self.extension.lower()}"


@dataclass(frozen=True, slots=True)
class Code:
    """A coded value, an SKS code unless ``system`` says otherwise; ``display`` is the sender's name for it."""

    code: str
    display: str = ""
    system: str = SKS


class Period(NamedTuple):
    """From ``start`` to ``end``, as a document gives it.

    Without an end the period goes on. Without a start it is unknown when it began: no code is known to be valid within it, but
    a search by time, which shows what may match, includes it.
    """

    start: datetime | None = None
    end: datetime | None = None

    def or_else(self, other: Period) -> Period:
        """Return this period; ``other`` if this one has no times at all (interface section 8)."""
        return self if self.start or self.end else other


class EntryKind(Enum):
    """What can have an id, be referenced, replaced and nullified; the value is its name in paths and files."""

    EPISODE_OF_CARE = "episode-of-care"
    MARKER = "marker"
    ENCOUNTER = "encounter"
    CONDITION = "condition"
    PROCEDURE = "procedure"
    OBSERVATION_ORGANIZER = "observation-organizer"


class Scope(Enum):
    """How far a reference reaches (fact 141).

    INTERNAL is the same document, EXTERNAL the same document set, SET_EXTERNAL any episode of care, existing or future.
    """

    INTERNAL = "internal"
    EXTERNAL = "external"
    SET_EXTERNAL = "set-external"


class ProcedureForm(Enum):
    """The CDA class a procedure was sent as: templates .25 (act), .29 (observation) and .30 (procedure)."""

    ACT = "act"
    OBSERVATION = "observation"
    PROCEDURE = "procedure"


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference from one entry to another.

    A set-external reference names an episode of care by the root of its id alone. ``form`` is the one of the three procedure
    classes that a reference to a procedure was written with.
    """

    scope: Scope
    kind: EntryKind
    id: Identifier
    form: ProcedureForm | None = None
