"""Note every answered exchange in the journal, the metrics and the log."""

from __future__ import annotations

import gzip
import logging
from time import perf_counter

from flask import Response, request

from mockregister.errors import StoreError
from mockregister.mocking.journal import Exchange, HttpMessage, JournalDocument, redacted
from mockregister.web.registers import namespace
from mockregister.web.surfaces import Noting
from mockregister.web.tally import tally
from mockregister.web.visit import REQUEST_ID, visit

access = logging.getLogger("mockregister.access")

EXCHANGE_ID = "X-Mock-Exchange"


def note(response: Response) -> Response:
    """Note the exchange that ends with ``response``, and add its ids to the response headers."""
    response.headers[REQUEST_ID] = visit().request_id
    exchange = _exchange(response)
    if exchange is not None:
        response.headers[EXCHANGE_ID] = exchange.id
        tally().add(exchange)
        try:
            namespace().journal.add(exchange, tally().as_json)
        except StoreError as error:  # the answer is sent even if the exchange cannot be noted
            access.warning("exchange %s is not in the journal: %s", exchange.id, error)
    access.info("%s %s %s", request.method, request.path, response.status_code, extra={"fields": _line(response, exchange)})
    return response


def _exchange(response: Response) -> Exchange | None:
    """Return the exchange that ends with ``response``; None if it is not a submission, or has no register."""
    current = visit()
    here, outcome = current.namespace, current.outcome
    if current.surface.noting is Noting.NONE or not current.service or here is None:
        return None
    sent = zip(current.submission.documents if current.submission else (), current.summaries, strict=True)
    answered, is_packed = response.get_data(), response.headers.get("Content-Encoding") == "gzip"
    return Exchange(
        id=current.exchange_id,
        register=here.name,
        method=request.method,
        url=request.url,
        call=current.call(),
        taken_by=current.taken_by or current.service,
        at=here.register.clock.now(),
        received=current.received,
        request=HttpMessage(redacted(tuple(request.headers.items())), current.body),
        answer=HttpMessage(tuple(response.headers.items()), gzip.decompress(answered) if is_packed else answered),
        status=response.status_code,
        outcome=current.answered or (outcome.status if outcome else "Fault"),
        stored=bool(outcome and outcome.stored),
        documents=tuple(JournalDocument(about.id, about.set_id, document.content) for document, about in sent),
        findings=outcome.findings if outcome else current.imposed,
        seconds=outcome.seconds if outcome else {},
        duration=perf_counter() - current.started,
        faults=current.plan.faults,
    )


def _line(response: Response, exchange: Exchange | None) -> dict[str, object]:
    """Return the fields of a log line."""
    line: dict[str, object] = {
        "request_id": visit().request_id,
        "register": visit().register_name,
        "method": request.method,
        "path": request.path,
        "status": response.status_code,
        "seconds": round(perf_counter() - visit().started, 4),
    }
    if exchange is not None:
        line |= {"outcome": exchange.outcome, "stored": exchange.stored, "findings": len(exchange.findings)}
        line |= {"exchange": exchange.id, "faults": list(exchange.faults)}
    return line
