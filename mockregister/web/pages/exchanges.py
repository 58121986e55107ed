"""The journal: every exchange in it, to search, read, download and send again."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug import Response as AnyResponse

from mockregister.client import SERVICES
from mockregister.clock import COPENHAGEN
from mockregister.document.reader import read_submission
from mockregister.errors import InvalidRequest, NotFound, UnreadableRequest
from mockregister.mocking import har
from mockregister.mocking.journal import Criteria, Exchange
from mockregister.model import Submission
from mockregister.submission import Service, submit
from mockregister.web import body, soap
from mockregister.web.admin import requests
from mockregister.web.pages import submissions
from mockregister.web.pages.pieces import asked, asked_day, piece
from mockregister.web.pages.submissions import Verdict, verdict_of
from mockregister.web.registers import namespace, registers
from mockregister.web.visit import visit

blueprint = Blueprint("exchanges", __name__, url_prefix="/exchanges")

OUTCOMES = {
    "stored": (Verdict.STORED, Verdict.STORED_WITH_FINDINGS),
    "refused": (Verdict.REFUSED,),
    "clean": (Verdict.CLEAN,),
    "fault": (Verdict.FAULT,),
}
ORDERS = {"newest": "Newest first", "oldest": "Oldest first", "slowest": "Slowest first"}
OF_THE_CONNECTION = frozenset(  # left out of the command: headers of the connection, the browser and the encoded body
    {"host", "content-length", "content-encoding", "connection", "accept-encoding", "transfer-encoding", "expect", "cookie"}
)


@dataclass(frozen=True, slots=True)
class JournalQuestion:
    """A search of the journal; empty fields match everything."""

    service: str
    outcome: str
    code: str
    patient: str
    author: str
    cvr: str
    since: date | None
    until: date | None

    def answers(self, exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
        """Yield the matching exchanges."""
        return filter(self.fits, exchanges)

    def fits(self, exchange: Exchange) -> bool:
        """Return whether an exchange has this service, outcome and time."""
        day = exchange.at.astimezone(COPENHAGEN).date() if self.since or self.until else date.min
        return (
            self.service in ("", exchange.taken_by)
            and (self.outcome not in OUTCOMES or verdict_of(exchange) in OUTCOMES[self.outcome])
            and (self.since is None or day >= self.since)
            and (self.until is None or day <= self.until)
        )


@blueprint.get("")
def show() -> str:
    """Return the page with the exchanges that match the search."""
    question = JournalQuestion(
        service=asked("service"),
        outcome=asked("outcome"),
        code=asked("code"),
        patient=asked("patient"),
        author=asked("author"),
        cvr=asked("cvr"),
        since=asked_day("from"),
        until=asked_day("to"),
    )
    criteria = Criteria(**{name: getattr(question, name) or None for name in ("code", "patient", "author", "cvr")})
    found = list(question.answers(namespace().journal.find(criteria)))
    order = asked("order") if asked("order") in ORDERS else "newest"
    if order != "newest":
        found.sort(key=(lambda exchange: exchange.at) if order == "oldest" else (lambda exchange: -exchange.duration))
    return render_template(
        "exchanges.html",
        piece=piece(found),
        total=len(found),
        kept=namespace().journal.count(),
        limit=namespace().journal.limit,
        question=question,
        order=order,
        orders=ORDERS,
        services=list(SERVICES.values()),
        outcomes=list(OUTCOMES),
    )


@blueprint.get("/<exchange_id>")
def exchange(exchange_id: str) -> str:
    """Return the page of an exchange, with links to the newer and the older one. Raise NotFound."""
    found = _known(exchange_id)
    ids = [other.id for other in namespace().journal.find()]
    place = ids.index(found.id) if found.id in ids else 0
    return render_template(
        "exchange.html",
        exchange=found,
        shown=submissions.of_exchange(found),
        newer=ids[place - 1] if place else "",
        older=ids[place + 1] if place + 1 < len(ids) else "",
        curl=curl(found),
    )


@blueprint.get("/<exchange_id>/exchange.json")
def as_json(exchange_id: str) -> Response:
    """Return the exchange as JSON, as ``GET /__admin/requests/<id>`` does. Raise NotFound."""
    return jsonify(requests.full(_known(exchange_id)))


@blueprint.get("/<exchange_id>/exchange.har")
def as_har(exchange_id: str) -> Response:
    """Return the exchange as an HTTP Archive. Raise NotFound."""
    return _attached(jsonify(har.har([_known(exchange_id)])), f"{exchange_id[:8]}.har")


@blueprint.get("/<exchange_id>/<any(request, answer):part>.bin")
def message(exchange_id: str, part: str) -> Response:
    """Return the body of the request or of the answer, as it went over the wire. Raise NotFound."""
    found = _known(exchange_id)
    return _attached(make_response(getattr(found, part).body), f"{part}-{found.id[:8]}.bin", "application/octet-stream")


@blueprint.get("/<exchange_id>/document-<int:number>.xml")
def document(exchange_id: str, number: int) -> Response:
    """Return the ``number``-th document of the exchange, from 1. Raise NotFound."""
    found = _known(exchange_id)
    if not 0 < number <= len(found.documents):
        raise NotFound("The exchange does not have this document.")
    name = f"document-{found.id[:8]}-{number}.xml"
    return _attached(make_response(found.documents[number - 1].content), name, "application/xml")


@blueprint.post("/<exchange_id>/again")
def again(exchange_id: str) -> AnyResponse | str:
    """Submit the same documents to the same service again, and show the result. Raise InvalidRequest and NotFound."""
    found = _known(exchange_id)
    service = next((service for service in Service if service.url_name == found.taken_by), None)
    if service is None or not found.documents:
        raise InvalidRequest("The exchange has no documents that could be sent again.")
    sent = _sent(found)
    body.limit_elements([document.content for document in sent.documents], registers().settings)
    current = visit()
    current.submits(sent, service.url_name)
    current.outcome = outcome = submit(namespace().register, service, sent, edition=namespace().edition)
    if not namespace().journal.limit:
        return submissions.just_sent(service, sent, outcome)
    return redirect(url_for("pages.exchanges.exchange", exchange_id=current.exchange_id), 303)


def _known(exchange_id: str) -> Exchange:
    try:
        return namespace().journal.get(exchange_id)
    except NotFound as error:
        raise NotFound("The journal does not have this exchange; newer ones may have replaced it.") from error


def _sent(exchange: Exchange) -> Submission:
    """Return what was submitted, with the author if the envelope names one."""
    try:
        return soap.sent_in(exchange.request)
    except UnreadableRequest:
        return read_submission([document.content for document in exchange.documents])


def curl(exchange: Exchange) -> str:
    """Return a command that sends the same request. The user has to fill in headers whose secrets were redacted.

    A document that was sent by a page is sent to the JSON API, which accepts it without an envelope.
    """
    if exchange.request.body:
        headers = [(name, value) for name, value in exchange.request.headers if name.lower() not in OF_THE_CONNECTION]
        return _command(exchange.url, headers, f"request-{exchange.id[:8]}.bin")
    parts = urlsplit(exchange.url)
    service = next((word for word, name in SERVICES.items() if name == exchange.taken_by), "save")
    address = f"{parts.scheme}://{parts.netloc}{request.script_root}/api/v1/submissions?service={service}"
    return _command(address, [("Content-Type", "application/xml")], f"document-{exchange.id[:8]}-1.xml")


def _command(address: str, headers: Iterable[tuple[str, str]], file: str) -> str:
    options = [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in headers]
    return " \\\n  ".join([f"curl {shlex.quote(address)}", *options, f"--data-binary @{file}"])


def _attached(response: Response, name: str, kind: str = "") -> Response:
    """Return an answer that a browser saves as a file of this name and never shows as a page."""
    if kind:
        response.content_type = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
