"""What is noted of every exchange once it is answered: in the journal, in the metrics and in the log.

The views leave what they come to know in ``g`` (``body``, ``submission``, ``taken_by``, ``outcome``); here it is put together.
"""

from __future__ import annotations

import gzip
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter
from uuid import uuid4

from flask import Response, g, request

from mockregister.document.summary import Summary, summary_of
from mockregister.errors import UnreadableDocument
from mockregister.finding import Finding
from mockregister.mocking.call import Call, call
from mockregister.mocking.faults import NOTHING, Plan
from mockregister.mocking.journal import Exchange, JournalDocument, Message, redacted
from mockregister.mocking.registers import Namespace
from mockregister.model import SentDocument
from mockregister.submission import Outcome
from mockregister.web.metrics import Metrics
from mockregister.web.registers import register_name

access = logging.getLogger("mockregister.access")

REQUEST_ID = "X-Request-Id"
EXCHANGE_ID = "X-Mock-Exchange"
WELL_FORMED = re.compile(r"[\w.:/+=-]{1,128}", re.ASCII)
JSON = "json"  # the service name of submissions that came in over the JSON API


def noting(metrics: Metrics) -> Callable[[Response], Response]:
    """What notes every exchange when it has been answered; ``metrics`` are told of each."""

    def note(response: Response) -> Response:
        response.headers[REQUEST_ID] = g.request_id
        exchange = _exchange(response)
        if exchange is not None:
            response.headers[EXCHANGE_ID] = exchange.id
            g.namespace.journal.add(exchange)
            metrics.observe(exchange)
        access.info("%s %s %s", request.method, request.path, response.status_code, extra={"fields": _line(response, exchange)})
        return response

    return note


def begin() -> None:
    """Start the clock of a request and give it an id: the caller's own, where that is fit for a log line."""
    given = request.headers.get(REQUEST_ID, "")
    g.request_id = given if WELL_FORMED.fullmatch(given) else uuid4().hex
    g.received, g.started, g.exchange_id = datetime.now(UTC), perf_counter(), uuid4().hex


def current_call() -> Call:
    """The call that is being answered, as far as it has been read."""
    return call(service_called(), request.path, dict(request.headers), g.get("submission"), summaries())


def service_called() -> str:
    """The service's name in the URL, or ``json``; empty when no submission is being made."""
    if request.blueprint == "soap":
        return request.path.rpartition("/")[2] if request.method == "POST" else ""
    return JSON if "submission" in g else ""


def summaries() -> list[Summary]:
    """What each document that was sent is, in the order sent."""
    if "submission" in g and "summaries" not in g:
        g.summaries = [_summary(document) for document in g.submission.documents]
    found: list[Summary] = g.get("summaries", [])
    return found


def _summary(document: SentDocument) -> Summary:
    try:
        return summary_of(document.root)
    except UnreadableDocument:
        return Summary()


def _exchange(response: Response) -> Exchange | None:
    """The exchange that ends with ``response``; None for what was no submission, or went to no register."""
    namespace: Namespace | None = g.get("namespace")
    if not service_called() or namespace is None:
        return None
    outcome: Outcome | None = g.get("outcome")
    plan: Plan = g.get("plan", NOTHING)
    return Exchange(
        id=g.exchange_id,
        register=namespace.name,
        method=request.method,
        url=request.url,
        call=current_call(),
        taken_by=g.get("taken_by", service_called()),
        at=namespace.register.clock.now(),
        received=g.received,
        request=Message(redacted(tuple(request.headers.items())), g.get("body", b"")),
        answer=Message(tuple(response.headers.items()), _body(response)),
        status=response.status_code,
        outcome=g.get("answered") or (outcome.status if outcome else "Fault"),
        stored=bool(outcome and outcome.stored),
        documents=_documents(),
        findings=_findings(outcome),
        seconds=outcome.seconds if outcome else {},
        duration=perf_counter() - g.started,
        faults=plan.faults,
    )


def _documents() -> tuple[JournalDocument, ...]:
    sent = g.submission.documents if "submission" in g else ()
    return tuple(
        JournalDocument(about.id, about.set_id, document.content) for document, about in zip(sent, summaries(), strict=True)
    )


def _findings(outcome: Outcome | None) -> tuple[Finding, ...]:
    found: tuple[Finding, ...] = outcome.findings if outcome else g.get("imposed", ())
    return found


def _body(response: Response) -> bytes:
    body = response.get_data()
    return gzip.decompress(body) if response.headers.get("Content-Encoding") == "gzip" else body


def _line(response: Response, exchange: Exchange | None) -> dict[str, object]:
    """The fields of a log line."""
    line: dict[str, object] = {
        "request_id": g.request_id,
        "register": register_name(),
        "method": request.method,
        "path": request.path,
        "status": response.status_code,
        "seconds": round(perf_counter() - g.started, 4),
    }
    if exchange is not None:
        line |= {"outcome": exchange.outcome, "stored": exchange.stored, "findings": len(exchange.findings)}
        line |= {"exchange": exchange.id, "faults": list(exchange.faults)}
    return line
