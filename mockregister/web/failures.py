"""The one place where an exception becomes an answer: a SOAP fault, problem+json or a page, depending on the surface.

SOAP fault            in the version and the packaging of the request; one HTTP status for all (setting ``fault_status``)
page                  title and one sentence
problem+json          RFC 9457: ``type, title, status, detail``, and ``field`` or ``errors`` where one is wrong, ``request_id``
                      for a 500

Internal errors are logged under a request id; the answer gives only that id.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.exceptions import NotFound as NothingThere
from werkzeug.http import HTTP_STATUS_CODES

from mockregister.envelope import soap
from mockregister.envelope.soap import SoapFault, Version
from mockregister.errors import (
    AccessDenied,
    Busy,
    Conflict,
    InvalidRequest,
    IssueRefused,
    NotFound,
    StoreAway,
    StoreError,
    UnreadableDocument,
    UnreadableRequest,
)
from mockregister.security.idcard import STS_PATH, message_id, security_header
from mockregister.submission import Service
from mockregister.web import body, door
from mockregister.web.registers import registers
from mockregister.web.surfaces import FailureForm, Noting
from mockregister.web.visit import visit

log = logging.getLogger(__name__)

STATUS: dict[type[Exception], int] = {
    UnreadableDocument: 400,
    InvalidRequest: 422,
    NotFound: 404,
    Conflict: 409,
}
SERVICES = ", ".join(f"/cda-ws/DocumentRepository_Service/{service.url_name}" for service in Service)


@dataclass(frozen=True, slots=True)
class Failure:
    """What an answer says about an exception: HTTP status, one sentence, the fault for SOAP callers, and further details."""

    status: int
    sentence: str
    fault: SoapFault
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)


def install(app: Flask) -> None:
    """Answer every failure of ``app`` from here. Call it last, because extensions install their own handlers."""
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> Response:
    """Return the answer to an exception."""
    failure = read(error)
    body.take_in_rest(request)
    if visit().surface.failure_form in (FailureForm.PACKAGED_FAULT, FailureForm.FAULT):
        response = soap_fault(failure.status, failure.fault)
    elif wants_page():
        response = _page(failure)
    else:
        response = _problem(failure)
    response.headers.update(failure.headers)
    return response


def read(error: Exception) -> Failure:
    """Return the failure to show to the caller; an internal error is logged."""
    if isinstance(error, UnreadableRequest):
        return Failure(error.http_status, str(error), SoapFault(error.fault_code, str(error)))
    if isinstance(error, AccessDenied):
        fault = SoapFault("Sender" if error.sender else "Receiver", str(error), error.fault_code, error.hint)
        return Failure(400 if error.sender else 500, str(error), fault)
    if isinstance(error, IssueRefused):
        fault = SoapFault("Sender", str(error), error.fault_code, trust_code=error.code)
        return Failure(500, str(error), fault)
    if isinstance(error, HTTPException):
        return _http(error)
    if isinstance(error, Busy):
        return Failure(503, str(error), SoapFault("Receiver", str(error)), {"Retry-After": "1"})
    status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), None)
    if status is not None:
        more = _wrong_fields(error) if isinstance(error, InvalidRequest) else {}
        return Failure(status, str(error), SoapFault("Sender", str(error)), more=more)
    return _unexpected(error)


def _wrong_fields(error: InvalidRequest) -> dict[str, Any]:
    errors = [{"field": field, "detail": sentence} for field, sentence in error.errors.items()]
    details = {"field": error.field, "errors": errors, "more_errors": error.more_errors}
    return {name: value for name, value in details.items() if value}


def _http(error: HTTPException) -> Failure:
    """Return the failure for an exception of the framework."""
    if isinstance(error, MethodNotAllowed):
        error.valid_methods = sorted(error.valid_methods or ())  # a set, whose order differs from start to start
    status, sentence = error.code or 500, _sentence(error)
    headers = {name: value for name, value in error.get_headers() if name not in ("Content-Type", "Content-Length")}
    return Failure(status, sentence, SoapFault("Sender" if status < 500 else "Receiver", sentence), headers)


def _sentence(error: HTTPException) -> str:
    if error.code == 404 and (visit().surface.failure_form is FailureForm.PACKAGED_FAULT or visit().surface.prefix == "/sts"):
        known = STS_PATH if visit().surface.prefix == "/sts" else SERVICES
        return f"There is no service at {request.path[:200]}; the services are {known}."
    if isinstance(error, NothingThere) and error.description == NothingThere.description:
        return f"There is nothing at {f'{request.script_root}{request.path}'[:200]}."
    if isinstance(error, MethodNotAllowed) and error.description == MethodNotAllowed.description:
        return f"{request.method} is not allowed here; use {', '.join(error.valid_methods or ())}."
    return str(error.description or _title(error.code or 500))


def _unexpected(error: Exception) -> Failure:
    request_id = visit().request_id
    is_away = isinstance(error, StoreAway)
    log.error("request %s, %s %s: %s", request_id, request.method, request.path, error, exc_info=None if is_away else error)
    problem = _of_store(error) if isinstance(error, StoreError) else "Something broke in the mock"
    sentence = f"{problem}; its log has the details under the request id {request_id}."
    return Failure(503 if is_away else 500, sentence, SoapFault("Receiver", sentence), more={"request_id": request_id})


def _of_store(error: StoreError) -> str:
    is_submission = request.method == "POST" and visit().surface.noting is not Noting.NONE and request.path != STS_PATH
    return error.for_sender if is_submission else error.for_others


def soap_fault(status: int, fault: SoapFault) -> Response:
    """Return a SOAP fault in the version of the request, with the HTTP status that the setting ``fault_status`` gives it.

    ``real`` is 500 for every fault: the real register was seen with no other status (fact 118), and toolkits discard the body of
    an answer with most other statuses. ``http`` is 500 for a fault of the sender in SOAP 1.1, whose binding has no other status;
    errors with an HTTP status of their own (405, 413, 415, …) keep it. Refusals of the STS have their own setting. Refusals by
    ``door`` of calls to ``/xds``, which the real register lacks, always keep their status, because HTTP clients act on it.
    """
    caller, surface, settings = visit().caller, visit().surface, registers().settings
    is_real = settings.fault_status == "real" and (surface.struck or status not in door.STATUSES)
    if fault.trust_code:
        status = settings.sts_fault_status
    elif is_real or (status == 400 and caller.version is Version.SOAP11):
        status = 500
    header, here, message = "", visit().namespace, visit().message
    if surface.prefix == "/sts" and here is not None:  # Seal reads no fault without a time and an actor
        repeated = message_id(message.header if message is not None else None)
        header, fault = security_header(here.register.clock.now(), repeated), replace(fault, actor=STS_PATH)
    kind, content = soap.write_fault(caller, fault, header, packaged=surface.failure_form is FailureForm.PACKAGED_FAULT)
    return Response(content, status, content_type=kind)


def _title(status: int) -> str:
    return HTTP_STATUS_CODES.get(status, "Error")


def _problem(failure: Failure) -> Response:
    problem = {
        "type": "about:blank",
        "title": _title(failure.status),
        "status": failure.status,
        "detail": failure.sentence,
        **failure.more,
    }
    content = json.dumps(problem, ensure_ascii=False).encode(errors="replace")
    return Response(content, failure.status, content_type="application/problem+json")


def wants_page() -> bool:
    """Return whether the caller is a browser that asks for a page."""
    accepted = request.accept_mimetypes
    return visit().surface.failure_form is FailureForm.PAGE and accepted["text/html"] > accepted["application/json"]


def _page(failure: Failure) -> Response:
    title = _title(failure.status)
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f'<h1>{title}</h1><p>{escape(failure.sentence)}</p><p><a href="/">mockregister</a></p></html>'
    )
    return Response(page, failure.status, content_type="text/html; charset=utf-8")
