"""The web pages for people: ``/``, and ``/r/<name>/`` for another register. One file for each group of pages.

Everything is made on the server and works without scripts; a small script keeps the live parts up to date. Templates escape
whatever documents contain, and a Content-Security-Policy without inline code (``web/steps.py``) is a second defence.
"""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.blueprints import BlueprintSetupState
from jinja2 import StrictUndefined

from mockregister.web import failures
from mockregister.web.pages import (
    codes,
    control,
    document_sets,
    editions,
    error_list,
    exams,
    exchanges,
    mending,
    patients,
    preferences,
    rules,
    sign_in,
    start,
    submissions,
    surroundings,
    training,
)

KINDS = ("text/html", "application/json", "application/problem+json")

blueprint = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static")
for concern in (
    *(start, exchanges, submissions, mending, patients, document_sets, error_list),
    *(rules, codes, exams, control, editions, training, sign_in, preferences),
):
    blueprint.register_blueprint(concern.blueprint)
blueprint.context_processor(surroundings.words)
blueprint.context_processor(control.outcome_of_form)


@blueprint.record_once
def strict(setup: BlueprintSetupState) -> None:
    """Let an undefined name in a template raise an error instead of rendering an empty text."""
    setup.app.jinja_env.undefined = StrictUndefined
    setup.app.jinja_env.trim_blocks = setup.app.jinja_env.lstrip_blocks = True


@blueprint.errorhandler(Exception)
def failed(error: Exception) -> Response:
    """Return a failure as a page with a link back, or as a problem if the caller prefers JSON."""
    if request.accept_mimetypes.best_match(KINDS, KINDS[0]) != KINDS[0]:
        return failures.answer(error)
    failure = failures.read(error)
    return Response(render_template("failure.html", sentence=failure.sentence), failure.status)


@blueprint.app_errorhandler(404)
def strayed(error: Exception) -> Response:
    """Return a page that says that the address is unknown, or a problem if the caller is not a browser."""
    if not failures.wants_page():
        return failures.answer(error)
    words = {**surroundings.words(), **control.outcome_of_form()}
    return Response(render_template("failure.html", sentence="There is nothing here.", **words), 404)
