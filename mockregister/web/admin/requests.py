"""``/__admin/requests``: the journal, listed, searched, counted, waited for, exported and cleared.

Each search takes its criteria from the query, or from a JSON object in a POST, as WireMock does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Range

from mockregister.finding import Finding
from mockregister.mocking import har
from mockregister.mocking.journal import Criteria, Exchange, HttpMessage
from mockregister.web.admin.loading import ServiceOrJson, load
from mockregister.web.explaining import CauseSchema, ExplainSchema, ExplanationSchema, explained
from mockregister.web.registers import namespace, registers

Json = dict[str, Any]

blueprint = Blueprint("requests", __name__)
EITHER = ["GET", "POST"]
LONGEST_WAIT = 300
STATUSES = {"success", "failure", "fault", *map(str, range(100, 600))}


class StatusField(fields.Field[str]):
    """An HTTP status, as a number or in digits, or the name of an outcome."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        if str(value).lower() not in STATUSES:
            raise ValidationError("Use an HTTP status, or one of success, failure and fault.")
        return str(value)


def _known_rule(rule_id: str) -> None:
    """Raise ValidationError for an unknown rule: a test that expects no finding of it would pass because of a misspelt id."""
    if rule_id not in namespace().edition.rules:
        raise ValidationError(f"There is no rule '{rule_id[:80]}'; GET /__admin/rules lists them.")


class CriteriaSchema(Schema):
    """What to look for; every field is optional, and all given fields must match."""

    service = ServiceOrJson()
    path = fields.String()
    set = fields.String()
    patient = fields.String()
    author = fields.String()
    cvr = fields.String()
    code = fields.String()
    rule = fields.String(validate=_known_rule)
    status = StatusField()
    stored = fields.Boolean()


class FindSchema(CriteriaSchema):
    """What to look for, and how many of the newest exchanges to return."""

    limit = fields.Integer(load_default=None, validate=Range(min=0))


class WaitSchema(CriteriaSchema):
    """What to look for, how many exchanges to wait for, and for how many seconds at most."""

    count = fields.Integer(load_default=1, validate=Range(min=1))
    timeout = fields.Float(load_default=10.0, validate=Range(min=0, max=LONGEST_WAIT))


@blueprint.get("/requests")
@blueprint.route("/requests/find", methods=EITHER, endpoint="find")
def listed() -> Json:
    """List the exchanges that match, newest first, without bodies; each exchange's own address has them."""
    criteria = load(FindSchema())
    limit = criteria.pop("limit")
    found = namespace().journal.find(Criteria(**criteria))
    return {"total": len(found), "requests": [summary(exchange) for exchange in found[:limit]]}


@blueprint.route("/requests/count", methods=EITHER)
def count() -> Json:
    """Return the number of exchanges that match."""
    return {"count": namespace().journal.count(Criteria(**load(CriteriaSchema())))}


@blueprint.route("/requests/wait", methods=EITHER)
def wait() -> Json:
    """Answer when ``count`` exchanges match, or after ``timeout`` seconds; ``matched`` says which."""
    criteria = load(WaitSchema())
    wanted, timeout = criteria.pop("count"), criteria.pop("timeout")
    with registers().waiting_room.place():
        found = namespace().journal.wait(Criteria(**criteria), wanted, timeout)
    return {"matched": len(found) >= wanted, "count": len(found), "requests": [summary(exchange) for exchange in found]}


@blueprint.route("/requests/har", methods=EITHER)
def export() -> Json:
    """Return the exchanges that match, as an HTTP Archive."""
    return har.har(namespace().journal.find(Criteria(**load(CriteriaSchema()))))


@blueprint.get("/requests/<exchange_id>")
def show(exchange_id: str) -> Json:
    """Return a whole exchange, and explanations of its findings if ``explain`` names a language."""
    exchange, language = namespace().journal.get(exchange_id), load(ExplainSchema()).get("explain", "")
    return full(exchange) | ({"findings": _explained(exchange, language)} if language else {})


@blueprint.delete("/requests")
def clear() -> tuple[str, int]:
    """Forget all exchanges."""
    namespace().journal.clear()
    return "", 204


def summary(exchange: Exchange) -> Json:
    """Return what an exchange was about, and its outcome, as JSON."""
    return {
        "id": exchange.id,
        "at": exchange.at.isoformat(),
        "received": exchange.received.isoformat(),
        "register": exchange.register,
        "service": exchange.call.service,
        "method": exchange.method,
        "path": exchange.call.path,
        "status": exchange.status,
        "outcome": exchange.outcome,
        "stored": exchange.stored,
        "authors": sorted(exchange.call.authors),
        "cvr": sorted(exchange.call.cvr),
        "sets": sorted(exchange.call.sets),
        "patients": sorted(exchange.call.patients),
        "findings": [_finding(finding) for finding in exchange.findings],
        "seconds": dict(exchange.seconds),
        "duration": exchange.duration,
        "faults": list(exchange.faults),
    }


def full(exchange: Exchange) -> Json:
    """Return the summary with the request, its documents and the answer."""
    return summary(exchange) | {
        "url": exchange.url,
        "request": _message(exchange.request),
        "answer": _message(exchange.answer),
        "documents": [
            {"id": document.id, "set": document.set_id, **har.text(HttpMessage((), document.content))}
            for document in exchange.documents
        ],
    }


def _finding(finding: Finding) -> Json:
    return {
        "level": finding.level.value,
        "severity": finding.severity.value,
        "code": finding.code,
        "params": list(finding.params),
        "text": finding.text,
        "document": finding.document,
        "where": finding.where,
    }


def _explained(exchange: Exchange, language: str) -> list[Json]:
    found = explained(exchange.findings, [document.content for document in exchange.documents], exchange.at, language)
    return [
        _finding(told.finding)
        | {"explanation": ExplanationSchema().dump(told.explanation), "cause": CauseSchema().dump(told.cause)}
        for told in found
    ]


def _message(message: HttpMessage) -> Json:
    return {"headers": [list(pair) for pair in message.headers], **har.text(message)}
