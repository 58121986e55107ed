"""The first page: the content of the register, the last submissions, and a place to drop a document."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug import Response

from mockregister.document.reader import read_submission
from mockregister.errors import InvalidRequest
from mockregister.mocking.journal import Criteria, Exchange
from mockregister.register.elements import KeptSubmission, Look
from mockregister.register.filters import Filter
from mockregister.register.lists import documents_of_month
from mockregister.submission import Service, submit
from mockregister.web import body
from mockregister.web.pages import denmark
from mockregister.web.pages.figures import ShownFigure, shown_figures
from mockregister.web.pages.pictures import Pictures, known_authorities
from mockregister.web.pages.pieces import asked, piece
from mockregister.web.pages.recent import LOOKED_AT, Recent
from mockregister.web.pages.submissions import just_sent
from mockregister.web.registers import namespace, reader, registers
from mockregister.web.visit import visit

LATEST = 8
SERVICES = {"validate": Service.VALIDATE, "save-if-no-errors": Service.SAVE_IF_NO_ERRORS, "save": Service.REPORTING}

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
def show() -> str:
    """Return the first page: figures and pictures of stored data, and the live list, for all authorities or for one."""
    here, reading, authority = namespace(), reader(), asked("authority")
    return render_template(
        "start.html",
        authority=authority,
        figures=_figures(authority),
        latest=_latest(authority),
        pictures=Pictures(reading.view, reading.codes, here.edition, authority),
        recent=Recent(here.journal.find(limit=LOOKED_AT), here.edition, authority),
        authorities=known_authorities(reading.view, reading.codes.sor),
        map_size=(denmark.WIDTH, denmark.HEIGHT),
        map_box=denmark.box(),
    )


@blueprint.get("/live")
def live() -> Response:
    """Return the parts of the first page that change; the ETag makes it cheap to ask for them again and again."""
    authority = asked("authority")
    content = render_template("live.html", figures=_figures(authority), latest=_latest(authority))
    response = make_response(content)
    response.add_etag()
    response.make_conditional(request)
    return response


def _figures(authority: str) -> list[ShownFigure]:
    return shown_figures(reader().view, namespace().register.patients(), authority)


def _latest(authority: str) -> list[Exchange]:
    """Return the last exchanges of all authorities or of one, newest first."""
    return namespace().journal.find(Criteria(cvr=authority or None), LATEST)


@blueprint.get("/submissions")
def submissions() -> str:
    """Return the page with the stored submissions, newest first; those of a month or an authority if the query names one."""
    reading, month, authority = reader(), asked("month"), asked("authority")
    if month or authority:
        found: Iterator[KeptSubmission] = filter(None, map(reading.submission, _submitted(reading.view, month, authority)))
    else:
        found = reading.submissions(Filter())
    return render_template(
        "submissions.html",
        stored=piece(found),
        month=month,
        authority=authority,
        authorities=known_authorities(reading.view, reading.codes.sor),
    )


def _submitted(look: Look, month: str, authority: str) -> Iterator[str]:
    """Yield the keys of submissions of a month or an authority, each once. Reading stops when the caller stops."""
    seen: set[str] = set()
    for document in documents_of_month(look, month, authority):
        if document.row.submission not in seen:
            seen.add(document.row.submission)
            yield document.row.submission


@blueprint.post("/documents")
def drop() -> Response | str:
    """Validate or submit the dropped files as one submission, and show the result.

    Raise InvalidRequest if no file or no service was chosen.
    """
    request.max_content_length = registers().settings.max_body
    contents = [file.read() for file in request.files.getlist("documents") if file.filename]
    service = SERVICES.get(request.form.get("service", ""))
    if not contents or service is None:
        raise InvalidRequest("Choose at least one XML file, and what to do with it.", "documents")
    body.limit_elements(contents, registers().settings)
    current, sent = visit(), read_submission(contents)
    current.submits(sent, service.url_name)
    current.outcome = outcome = submit(namespace().register, service, sent, edition=namespace().edition)
    if not namespace().journal.limit:
        return just_sent(service, sent, outcome)
    return redirect(url_for("pages.exchanges.exchange", exchange_id=current.exchange_id), 303)
