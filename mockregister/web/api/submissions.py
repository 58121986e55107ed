"""``/submissions``: every submission with its sender and outcome; a POST submits a document without SOAP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NoReturn
from uuid import UUID

from flask import request
from marshmallow import ValidationError, fields
from marshmallow.validate import OneOf
from werkzeug.exceptions import UnsupportedMediaType

from mockregister import client
from mockregister.document import writer
from mockregister.document.header import is_about
from mockregister.document.reader import read_submission
from mockregister.errors import InvalidRequest, NotFound, UnreadableRequest
from mockregister.mocking.journal import Criteria, Exchange
from mockregister.model import ClinicalDocument
from mockregister.register.codings import moment
from mockregister.register.filters import Filter, Question
from mockregister.submission import Service, submit
from mockregister.web import body
from mockregister.web.api.model_schemas import schema_of
from mockregister.web.api.resource import JSON, PREFIX, XML, Blueprint
from mockregister.web.api.submission_schemas import (
    ShownSubmission,
    SubmissionItemSchema,
    SubmissionSchema,
    journalled,
    kept,
    not_kept,
)
from mockregister.web.explaining import ExplainSchema
from mockregister.web.registers import namespace, reader, registers
from mockregister.web.visit import visit
from mockregister.web.wrong_fields import refusal

blueprint = Blueprint("submissions", "Submissions, with their sender and outcome.")
USUAL = ("patient", "from", "to", "sor", "has", "rule", "authority", "set", "submitted_since")
SERVICES = {word: service for word, name in client.SERVICES.items() for service in Service if service.url_name == name}


class ServiceSchema(ExplainSchema):
    """The service whose policy a submission follows."""

    service = fields.String(
        load_default="save",
        validate=OneOf(list(SERVICES)),
        metadata={
            "description": "save stores it despite errors of business rules, save-if-no-errors does not, validate never does."
        },
    )


STORED = fields.Boolean(
    load_default=True, metadata={"description": "false: submissions that were not stored, as far back as the journal goes."}
)


@blueprint.listing(SubmissionItemSchema, *USUAL, stored=STORED)
def listed(stored: bool, **filters: Any) -> Iterator[ShownSubmission]:
    """List submissions, newest first.

    from and to apply to the time of arrival, sor to the author institution, has and rule to the findings.
    """
    wanted = Filter(**filters)
    return map(kept, reader().submissions(wanted)) if stored else map(journalled, _not_kept(wanted))


def _not_kept(wanted: Filter) -> Iterator[Exchange]:
    """Yield the matching exchanges of the journal that stored nothing; the journal knows patients by extension only."""
    root, _, number = (wanted.patient or "").rpartition("^")
    criteria = Criteria(set=wanted.set, patient=number or None, cvr=wanted.authority, stored=False)
    question = reader().question(wanted)
    for exchange in namespace().journal.find(criteria):
        about = not root or any(is_about(document.content, f"{root}^{number}") for document in exchange.documents)
        if about and _fits(exchange, question):
            yield exchange


def _fits(exchange: Exchange, question: Question) -> bool:
    wanted = question.wanted
    if wanted.sor is not None and question.units.isdisjoint(exchange.call.authors):
        return False
    asks_for_findings = wanted.has is not None or wanted.rule is not None
    is_recent = wanted.submitted_since is None or exchange.at >= wanted.submitted_since
    found = not asks_for_findings or question.was_found(exchange.findings)
    return found and is_recent and question.overlaps(moment(exchange.at))


def show(query: dict[str, str], id: UUID) -> ShownSubmission:
    """Return one submission: its sender, its documents, and the findings of each level."""
    return replace(find(id), language=query.get("explain", ""))


def find(id: UUID) -> ShownSubmission:
    """Return the submission of this id from the store or the journal. Raise NotFound."""
    found = reader().submission(id.hex)
    if found is not None:
        return kept(found)
    try:
        return journalled(namespace().journal.get(id.hex))
    except NotFound as error:
        raise NotFound(f"There is no submission {id}; GET /api/v1/submissions lists those there are.") from error


blueprint.single("<uuid:id>", SubmissionSchema, "Its id.", query=ExplainSchema)(show)


@blueprint.posting(ServiceSchema, SubmissionSchema, {JSON: schema_of(ClinicalDocument), XML: {"type": "string"}})
def send(query: dict[str, str]) -> Any:
    """Submit a clinical document.

    Send it as CDA, or as the logical model, from which the register writes the CDA itself. It is handled like every submission:
    validated on four levels, then stored or not as the service decides. 201: it was stored; 200: it was not, and the findings
    say what is wrong.
    """
    register, service = namespace().register, SERVICES[query["service"]]
    current = visit()
    current.body = body.receive(request, registers().settings)
    sent = read_submission([_cda(current.body)])
    current.submits(sent, service.url_name)
    current.outcome = outcome = submit(register, service, sent, edition=namespace().edition)
    if not outcome.stored:
        id = current.exchange_id if namespace().journal.limit else ""
        shown = not_kept(id, service.url_name, register.clock.now(), sent, outcome)
        return replace(shown, language=query.get("explain", "")), 200
    kept_as = UUID(outcome.submission_id)
    return show(query, kept_as), 201, {"Location": f"{request.script_root}{PREFIX}/submissions/{kept_as}"}


def _cda(content: bytes) -> bytes:
    """Return the CDA in a body, or written from its model. Raise UnsupportedMediaType, UnreadableRequest and InvalidRequest."""
    if request.mimetype in (XML, "text/xml") or request.mimetype.endswith("+xml"):
        return content
    if request.mimetype != JSON:
        raise UnsupportedMediaType(f"'{request.mimetype[:80]}' is not taken here; send {XML} (CDA) or {JSON} (the model).")
    try:
        document: ClinicalDocument = schema_of(ClinicalDocument)().load(_json(content))
        return writer.write(document)
    except ValidationError as error:
        raise refusal(error.messages_dict) from error
    except ValueError as error:
        raise InvalidRequest(f"This cannot be written as a document: {error}") from error


def _json(content: bytes) -> Any:
    try:
        return json.loads(content, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise UnreadableRequest(f"The body is not JSON: {error}.") from error


def _refused(constant: str) -> NoReturn:
    """Raise ValueError for NaN and Infinity, which Python reads as numbers and JSON does not have."""
    raise ValueError(f"{constant} is not a JSON value")
