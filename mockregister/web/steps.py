"""The steps of a request before and after its view, in this order.

====================  =====================================================================================================
``arrive``            A visit begins: request id, surface, service, time. Refuses an invalid register name.
``door.admit``        Needs the surface. Refuses callers without access, or leads them to the sign-in.
``outcomes.strike``   Needs the surface and the service. Adds the plan of faults, and the envelope where faults ask for it.
                      May wait, and may answer in place of the view.
the view              Needs the register. Adds the envelope, the submission and the outcome. A failure becomes an answer in
                      ``failures.py``. A blueprint's own hooks, such as ``body.compress``, belong to its views.
``outcomes.replace``  Needs the plan. Puts an imposed answer in the place of the view's.
``protect``           Needs the surface. Adds the headers that restrict what a page may load and who may frame it.
``exchanges.note``    Needs everything. Adds the exchange to the journal, the metrics and the log.
``outcomes.deliver``  Needs the plan. Cuts the answer off or slows it down, after it was noted whole.
====================  =====================================================================================================

Flask runs the functions before a request in the order in which they were registered, and those after it in reverse. Only one of
each is registered here, so this file alone decides the order.
"""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug import Response as AnyResponse

from mockregister.mocking.names import check_name
from mockregister.web import door, exchanges, host_name, outcomes
from mockregister.web.surfaces import FailureForm
from mockregister.web.visit import visit

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def install(app: Flask) -> None:
    """Let every request of ``app`` run these steps."""
    app.before_request(before)
    app.after_request(after)
    app.teardown_request(lambda _: visit().looking.close())


def arrive() -> None:
    """Begin the visit. Raise InvalidRequest for a path with an invalid register name."""
    current = visit()
    request.host = host_name.usable(request.host, request.headers.get("Host", ""))
    check_name(current.register_name, "register")


def before() -> AnyResponse | None:
    """Run the steps before the view; an answer from one of them replaces the view."""
    for step in (arrive, door.admit, outcomes.strike):
        answer: AnyResponse | None = step()
        if answer is not None:
            return answer
    return None


def after(response: Response) -> Response:
    """Run the steps after the view, even if it failed."""
    for step in (outcomes.replace, protect, exchanges.note, outcomes.deliver):
        response = step(response)
    return response


def protect(response: Response) -> Response:
    """Add the headers that restrict what a page may load and who may frame it."""
    is_page = visit().surface.failure_form is FailureForm.PAGE and request.endpoint is not None
    if is_page or response.mimetype == "text/html":
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
    if is_page or (response.mimetype == "text/html" and visit().surface.failure_form is FailureForm.PAGE):
        response.headers.setdefault("Cache-Control", "no-cache")
    return response
