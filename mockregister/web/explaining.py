"""Explanations of findings in answers, made on request with ``?explain=en`` or ``?explain=da``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from mockregister.finding import Finding
from mockregister.model import Submission
from mockregister.validation.explaining.afterwards import explain_afterwards
from mockregister.validation.explaining.explanation import LANGUAGES, ExplainedFinding
from mockregister.web.registers import namespace


class ExplainSchema(Schema):
    """The query parameter ``explain``."""

    explain = fields.String(
        validate=OneOf(LANGUAGES),
        metadata={"description": "Explain each finding, in English (en) or Danish (da)."},
    )


class MentionSchema(Schema):
    """A value that took part in a finding."""

    name = fields.String(metadata={"description": "The name of the value, such as: end of the encounter."})
    value = fields.String(metadata={"description": "The value; empty if it is missing."})
    line = fields.Integer(metadata={"description": "The line of the value; 0 if the value is not in the document."})
    document = fields.String(
        metadata={"description": "The earlier document that has the line; empty if it is the document that was sent."}
    )


class DecidingPartSchema(Schema):
    """A part of the condition that decided."""

    text = fields.String(metadata={"description": "The part in a sentence, with its values and lines."})
    values = fields.List(fields.Nested(MentionSchema), attribute="mentions", metadata={"description": "The values in the part."})


class ExplanationSchema(Schema):
    """The reasons for a finding."""

    because = fields.List(fields.Nested(DecidingPartSchema), metadata={"description": "The parts that decided."})
    lines = fields.List(fields.Integer(), metadata={"description": "All lines of the document that matter."})
    declaration = fields.String(metadata={"description": "What the schema, template, code or rule requires, in its own words."})
    register_has = fields.List(fields.String(), attribute="register", metadata={"description": "What the register has instead."})
    advice = fields.String(metadata={"description": "What to do."})
    example = fields.String(
        metadata={"description": "What to add, as XML from a shipped document; empty if there is no example."}
    )


class CauseSchema(Schema):
    """What several findings follow from."""

    number = fields.Integer(metadata={"description": "The number of the cause, from 1; findings with the same number share it."})
    text = fields.String(metadata={"description": "The value, or what is missing."})
    first = fields.Boolean(metadata={"description": "Whether this is the finding to read first."})


def explained(findings: Sequence[Finding], contents: Iterable[bytes], at: datetime, language: str) -> list[ExplainedFinding]:
    """Return the findings on these documents, which were answered at the moment ``at``, with explanations."""
    here = namespace()
    return explain_afterwards(findings, Submission.of(contents), here.register, here.edition, at, language)
