"""Level 3, INTEGRITY_CHECK: asks the register, and says in a sentence and a place what is wrong (interface section 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mockregister.document.reader import Reading
from mockregister.envelope.xdr import Submission
from mockregister.errors import UnreadableDocument
from mockregister.finding import Finding, Level
from mockregister.register.register import Draft
from mockregister.register.violation import Violation

# The sentence of each code; {0}, {1} and {2} are its parameters.
TEXTS = {
    "AUTHOR_INSTITUTION_NOT_FOUND": "The submission set names no author institution as the Danish profile of the XDS "
    "metadata has it, or names one that is not registered",
    "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT": "Set with id {0} already exists in the registry, and ClinicalDocument "
    "does not contain a relatedDocument",
    "MALFORMED_DOCUMENT_FOUND": "The document is not well-formed XML in the encoding that it declares",
}


def check(sent: Submission, readings: Sequence[Reading], draft: Draft) -> list[Finding]:
    """What is wrong with the submission as a whole, then with each document, in the order sent."""
    return [*_metadata(sent), *(_finding(violation, readings[violation.document]) for violation in draft.violations)]


def malformed(error: UnreadableDocument) -> Finding:
    """The finding that a document is no readable XML; nothing in it can be pointed at."""
    text = f"{TEXTS['MALFORMED_DOCUMENT_FOUND']}: {error}"
    return Finding(Level.INTEGRITY_CHECK, text, code="MALFORMED_DOCUMENT_FOUND", line=error.line)


def _metadata(sent: Submission) -> Iterator[Finding]:
    if sent.author is None:
        code = "AUTHOR_INSTITUTION_NOT_FOUND"
        yield Finding(Level.INTEGRITY_CHECK, TEXTS[code], code=code, missing_metadata=True)


def _finding(violation: Violation, reading: Reading) -> Finding:
    return Finding(
        Level.INTEGRITY_CHECK,
        TEXTS[violation.code].format(*violation.params),
        code=violation.code,
        params=violation.params,
        where=reading.places.location(violation.at, violation.attribute),
        document="^".join((reading.document.id.root, reading.document.id.extension)),
        line=reading.places.line(violation.at, violation.attribute),
    )
