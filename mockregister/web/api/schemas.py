"""Schemas that several resources share: findings, references to submissions, documents without their entries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from mockregister import model
from mockregister.finding import Finding, Level, Severity
from mockregister.model import Relation
from mockregister.register.elements import DocumentStanding
from mockregister.validation.explaining.explanation import ExplainedFinding
from mockregister.web.api.model_schemas import schema_of
from mockregister.web.explaining import CauseSchema, ExplanationSchema
from mockregister.web.values import Moment


class SubmissionId(fields.String):
    """The id of a submission: a UUID, which the register stores without dashes; null if there is none."""

    def _serialize(self, value: str | None, attr: str | None, obj: Any, **more: Any) -> str | None:
        return str(UUID(value)) if value else None


class SubjectSchema(Schema):
    """The element or patient that a business rule's finding is about."""

    kind = fields.String(required=True, metadata={"description": "Its kind, such as encounter or patient."})
    id = fields.Function(lambda subject: subject.id[1].lower(), metadata={"type": "string", "description": "Its id, a UUID."})
    episode_of_care = fields.Function(
        lambda subject: subject.episode[1].lower(),
        metadata={"type": "string", "description": "The id of the episode of care (forløbselement) that it belongs to."},
    )


class FindingSchema(Schema):
    """One thing that is wrong."""

    level = fields.Enum(Level, by_value=True, required=True, metadata={"description": "The validation level that found it."})
    severity = fields.Enum(Severity, by_value=True, required=True, metadata={"description": "Error or Warning."})
    code = fields.String(metadata={"description": "The cvc code, template, integrity code or rule id, depending on the level."})
    params = fields.List(fields.String(), metadata={"description": "The parameters of an integrity code."})
    rule_id = fields.Method("rule", metadata={"type": "string", "description": "The id of the business rule, such as 05.53."})
    rule_number = fields.Integer(metadata={"description": "The register's number for the rule; 0 for other levels."})
    rule_set = fields.String(metadata={"description": "The rule set that the rule is from."})
    text = fields.String(metadata={"description": "What is wrong."})
    document = fields.String(metadata={"description": "root^extension of the document, as the sender wrote it."})
    location = fields.String(
        attribute="where", metadata={"description": "line:column (XSD) or an XPath into the document (all other levels)."}
    )
    line = fields.Integer(metadata={"description": "The line of the document; 0 if unknown."})
    error_by = Moment(metadata={"description": "When the warning becomes an error."}, allow_none=True)
    stands_at = fields.Nested(
        SubjectSchema,
        attribute="subject",
        allow_none=True,
        metadata={"description": "The element or patient of a business rule's finding."},
    )

    explanation = fields.Nested(ExplanationSchema, metadata={"description": "The explanation, if it was asked for."})
    cause = fields.Nested(
        CauseSchema, metadata={"description": "The cause that it shares with other findings; only with an explanation."}
    )

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Return the value of a field, also of an explained finding."""
        inner = isinstance(obj, ExplainedFinding) and attr not in ("explanation", "cause")
        return super().get_attribute(obj.finding if inner else obj, attr, default)

    def rule(self, told: Finding | ExplainedFinding) -> str:
        """Return the id of the rule; empty for other levels."""
        finding = told.finding if isinstance(told, ExplainedFinding) else told
        return finding.code if finding.level is Level.BUSINESS_RULE else ""


def findings(description: str) -> fields.List[Any]:
    """Return a field with findings."""
    return fields.List(fields.Nested(FindingSchema), metadata={"description": description})


class DocumentMetaSchema(Schema):
    """What the register knows about a document besides its content."""

    status = fields.Enum(
        DocumentStanding,
        attribute="standing",
        by_value=True,
        metadata={"description": "current; replaced: by a document of type RPLC; removed: its set is empty."},
    )
    relation = fields.Enum(
        Relation, attribute="row.relation", by_value=True, allow_none=True, metadata={"description": "How it follows its parent."}
    )
    parent = fields.String(allow_none=True, metadata={"description": "The id of the document that it follows."})
    submission = SubmissionId(attribute="row.submission", metadata={"description": "The id of the submission that it came with."})
    received = Moment(attribute="row.received", metadata={"description": "When it was received, by the register's clock."})


class DocumentItemSchema(Schema):
    """A clinical document (indberetning) without its entries."""

    id = fields.Nested(schema_of(model.Identifier), attribute="row.id", metadata={"description": "The id of the document."})
    set_id = fields.String(attribute="row.set", metadata={"description": "The UUID of its document set (dokumentsæt)."})
    version = fields.Integer(attribute="row.version", metadata={"description": "Its version in the set."})
    effective_time = Moment(
        attribute="row.effective_time", allow_none=True, metadata={"description": "The report's time stamp (dannelsestidspunkt)."}
    )
    patient = fields.Nested(
        schema_of(model.Patient), attribute="row.patient", metadata={"description": "The patient that it is about."}
    )
    author = fields.Nested(schema_of(model.Author), attribute="row.author", metadata={"description": "Who wrote it."})
    custodian = fields.String(attribute="row.custodian", metadata={"description": "The CVR number of the reporting authority."})
    title = fields.String(attribute="row.title", metadata={"description": "The title."})
    meta = fields.Nested(DocumentMetaSchema, attribute="itself", metadata={"description": "What the register knows about it."})

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Return the value of a field; the schema nested under ``meta`` gets the same document."""
        return obj if attr == "itself" else super().get_attribute(obj, attr, default)
