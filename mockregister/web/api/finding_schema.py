"""Findings, as the JSON API tells them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from mockregister.finding import Finding, Level, Severity
from mockregister.web.values import Moment


class SubjectSchema(Schema):
    """What a business rule's finding stands at."""

    kind = fields.String(required=True, metadata={"description": "What it is, such as encounter; or patient."})
    id = fields.Function(lambda subject: subject.id[1].lower(), metadata={"type": "string", "description": "Its id, a UUID."})
    episode_of_care = fields.Function(
        lambda subject: subject.episode[1].lower(),
        metadata={"type": "string", "description": "The id of the episode of care (forløbselement) that it belongs to."},
    )


class FindingSchema(Schema):
    """One thing that is wrong."""

    level = fields.Enum(Level, by_value=True, required=True, metadata={"description": "The validation level that found it."})
    severity = fields.Enum(Severity, by_value=True, required=True, metadata={"description": "Error or Warning."})
    code = fields.String(metadata={"description": "cvc code, template, integrity code or rule id, by level."})
    params = fields.List(fields.String(), metadata={"description": "The parameters of an integrity code."})
    rule_id = fields.Method("rule", metadata={"type": "string", "description": "The id of the business rule, such as 05.53."})
    rule_number = fields.Integer(metadata={"description": "The register's number for the rule; 0 for other levels."})
    rule_set = fields.String(metadata={"description": "The rule set that the rule is from."})
    text = fields.String(metadata={"description": "What is wrong."})
    document = fields.String(metadata={"description": "root^extension of the document, as the sender wrote it."})
    location = fields.String(
        attribute="where", metadata={"description": "line:column (XSD) or an XPath into the document (all other levels)."}
    )
    line = fields.Integer(metadata={"description": "The line of the document; 0 where none is known."})
    error_by = Moment(metadata={"description": "When a warning turns into an error."}, allow_none=True)
    stands_at = fields.Nested(
        SubjectSchema, attribute="subject", allow_none=True, metadata={"description": "What a business rule's finding stands at."}
    )

    def rule(self, finding: Finding) -> str:
        """The id of the rule; empty for other levels."""
        return finding.code if finding.level is Level.BUSINESS_RULE else ""


def findings(description: str) -> fields.List[Any]:
    """A field with findings."""
    return fields.List(fields.Nested(FindingSchema), metadata={"description": description})
