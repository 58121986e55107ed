"""A submission as callers see it, stored or not: the same form from the store, the journal and the answer to a POST."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from marshmallow import Schema, fields

from mockregister.document.header import summary_of
from mockregister.document.lines import with_lines
from mockregister.finding import Finding, Level
from mockregister.mocking.journal import Exchange
from mockregister.model import Submission
from mockregister.register.elements import KeptSubmission
from mockregister.submission import Outcome
from mockregister.validation.explaining.explanation import ExplainedFinding
from mockregister.validation.pipeline import LEVELS, PARSE
from mockregister.web.api.schemas import SubmissionId, findings
from mockregister.web.explaining import explained
from mockregister.web.values import Moment


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document that was sent: its id as ``root^extension``, its set, and a function that returns its bytes."""

    id: str
    set_id: str
    content: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class ShownSubmission:
    """A submission that was stored, or one that was not stored and is in the journal."""

    id: str
    service: str
    received: datetime
    status: str
    stored: bool
    author_unit: str
    author_name: str
    care_provider: str
    read_documents: Callable[[], tuple[ShownDocument, ...]]
    found: tuple[Finding, ...]
    seconds: Mapping[str, float]
    language: str = ""

    @property
    def documents(self) -> tuple[ShownDocument, ...]:
        """Return the documents, in the order sent. They are read only now, so a list reads only those that it shows."""
        return self.read_documents()

    @property
    def findings(self) -> Sequence[Finding | ExplainedFinding]:
        """Return the findings with their lines in the document, explained if there is a ``language``."""
        found = list(with_lines(self.found, {document.id.lower(): document.content() for document in self.documents}))
        contents = [document.content() for document in self.documents]
        return explained(found, contents, self.received, self.language) if self.language else found

    @property
    def levels(self) -> Iterator[dict[str, Any]]:
        """Yield the levels that were run, with the number of findings and the duration of each.

        A finding with the level INTEGRITY_CHECK counts for parsing if level 3 was not run: at parsing it is checked whether the
        documents are XML and whether their sender may report.
        """
        parsing = {PARSE} if Level.INTEGRITY_CHECK.value in self.seconds else {PARSE, Level.INTEGRITY_CHECK.value}
        for level in (name for name, _ in LEVELS if name in self.seconds):
            found = [finding for finding in self.found if finding.level.value in (parsing if level == PARSE else {level})]
            errors = sum(finding.is_error for finding in found)
            yield {"level": level, "seconds": self.seconds[level], "errors": errors, "warnings": len(found) - errors}


def kept(submission: KeptSubmission) -> ShownSubmission:
    """Return a stored submission."""
    row, documents = submission.row, partial(_kept_documents, submission)
    author = row.author_unit, row.author_name, row.care_provider
    return ShownSubmission(
        submission.key, row.service, row.received, "Success", True, *author, documents, row.findings, row.seconds
    )


def _kept_documents(submission: KeptSubmission) -> tuple[ShownDocument, ...]:
    return tuple(ShownDocument(each.key, each.row.set, partial(getattr, each, "content")) for each in submission.documents)


def not_kept(id: str, service: str, now: datetime, sent: Submission, outcome: Outcome) -> ShownSubmission:
    """Return a submission that was just refused or only validated; ``id`` is the id of its exchange."""
    about = [summary_of(document) for document in sent.documents]
    contents = [partial(getattr, document, "content") for document in sent.documents]
    documents = tuple(ShownDocument(each.id, each.set_id, content) for each, content in zip(about, contents, strict=True))
    author = (sent.author.sor_id, sent.author.name) if sent.author else ("", "")
    general = id, service, now, outcome.status, False
    return ShownSubmission(*general, *author, sent.care_provider, lambda: documents, outcome.findings, outcome.seconds)


def journalled(exchange: Exchange) -> ShownSubmission:
    """Return the submission in an exchange of the journal."""
    call = exchange.call
    documents = tuple(
        ShownDocument(document.id, document.set_id, partial(getattr, document, "content")) for document in exchange.documents
    )
    author = next(iter(sorted(call.authors)), ""), ""
    general = exchange.id, exchange.taken_by, exchange.at, exchange.outcome, exchange.stored
    provider = next(iter(sorted(call.cvr)), "")
    return ShownSubmission(*general, *author, provider, lambda: documents, exchange.findings, exchange.seconds)


class LevelSchema(Schema):
    """A validation level that was run."""

    level = fields.String(
        metadata={"description": "parse (with the check of the sender), XSD, SCHEMATRON, INTEGRITY_CHECK or BUSINESS_RULE."}
    )
    seconds = fields.Float(metadata={"description": "How long it took."})
    errors = fields.Integer(metadata={"description": "How many errors it found."})
    warnings = fields.Integer(metadata={"description": "How many warnings it found."})


class SentDocumentSchema(Schema):
    """A document that was sent."""

    id = fields.Function(
        lambda document: document.id.rpartition("^")[2].lower(), metadata={"type": "string", "description": "Its id."}
    )
    set_id = fields.Function(
        lambda document: document.set_id.lower(), metadata={"type": "string", "description": "Its document set (dokumentsæt)."}
    )


class SubmissionItemSchema(Schema):
    """A submission (indberetning)."""

    id = SubmissionId(
        allow_none=True, metadata={"description": "Its id; if it was not stored, that of its exchange, null without a journal."}
    )
    service = fields.String(metadata={"description": "The service whose policy decided whether it was stored."})
    received = Moment(metadata={"description": "When it was received, by the register's clock."})
    status = fields.String(metadata={"description": "Success, Failure, or Fault if it could not be read."})
    stored = fields.Boolean(metadata={"description": "Whether it was stored."})
    author_unit = fields.String(metadata={"description": "The SOR id of the author institution (indberettende enhed)."})
    author_name = fields.String(metadata={"description": "The name that the sender gave the author institution."})
    care_provider = fields.String(metadata={"description": "The CVR number of the care provider in the ID card."})
    documents = fields.List(fields.Nested(SentDocumentSchema), metadata={"description": "The documents, in the order sent."})
    levels = fields.List(fields.Nested(LevelSchema), metadata={"description": "The levels that were run."})


class SubmissionSchema(SubmissionItemSchema):
    """A submission with what was found in it."""

    findings = findings("The findings, as in the answer.")
