"""The results of validation: findings are values, never raised.

A finding is something a sender did wrong. A rule or check says *what* is wrong and points at the offending object. The engine
of the level adds document and place, so that a check does not have to know how a location is written.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Level(Enum):
    """The four validation levels of LPR3, in order; the value is the type word in an answer's ``codeContext``."""

    XSD = "XSD"
    SCHEMATRON = "SCHEMATRON"
    INTEGRITY_CHECK = "INTEGRITY_CHECK"
    BUSINESS_RULE = "BUSINESS_RULE"


class Severity(Enum):
    """How bad a finding is; only business rules give warnings, and warnings never prevent storing (facts 64, 108)."""

    ERROR = "Error"
    WARNING = "Warning"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a business rule's finding is reported at: an entry by kind and id, and its episode of care.

    ``kind`` is an ``EntryKind`` value, or ``patient``, which has the episode's id. Ids are ``(root, extension)`` in the
    sender's letter case.
    """

    episode: tuple[str, str]
    kind: str
    id: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a submission.

    ``text`` is the sentence the sender reads. ``code`` is the integrity code of level 3 (``SET_NOT_FOUND``), the dotted rule
    id of level 4 (``05.53``), the ``cvc-…`` code of level 1, or the template name or data type rule of level 2. ``params`` are
    the integrity code's parameters in the order of the interface specification, section 6.

    ``where`` is the place within the document as the answer's ``location`` writes it, without the document id: line:column
    (level 1) or an XPath (levels 2 to 4). ``document`` is ``<id root>^<id extension>`` in the sender's letter case, empty
    until the pipeline adds it. ``line`` is the source line, 0 if unknown. ``rule_number`` and ``rule_set`` are the register's
    number of a business rule and the version of its rule set. ``missing_metadata`` marks findings that are answered with the
    error code ``XDSMissingDocumentMetadata`` (fact 200). ``subject`` is what a business rule's finding is reported at, and
    ``error_by`` the moment at which a warning with a deadline becomes an error (fact 112).
    """

    level: Level
    text: str
    severity: Severity = Severity.ERROR
    code: str = ""
    params: tuple[str, ...] = ()
    where: str = ""
    document: str = ""
    line: int = 0
    rule_number: int = 0
    rule_set: str = ""
    missing_metadata: bool = False
    subject: Subject | None = None
    error_by: datetime | None = None

    @property
    def is_error(self) -> bool:
        """Whether this finding keeps SaveIfNoErrors from storing."""
        return self.severity is Severity.ERROR


def as_reported(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings as an answer reports them: each business rule at most once for a place in a document.

    A business rule about the patient has a finding for each episode of care. All of them are stored, and an answer has one.
    """
    entries: dict[Hashable, Finding] = {}
    for number, finding in enumerate(findings):
        is_rule = finding.level is Level.BUSINESS_RULE and finding.subject is not None
        entries.setdefault((finding.code, finding.where, finding.document) if is_rule else number, finding)
    return tuple(entries.values())
