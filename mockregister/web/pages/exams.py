"""The exam: sittings are started, shown live, printed and ended."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from werkzeug import Response
from werkzeug.datastructures import FileStorage

from mockregister.errors import InvalidRequest
from mockregister.exam import forms, library, sittings
from mockregister.exam.sittings import ExamReport
from mockregister.exam.units import read_roles
from mockregister.exam.verdict import ExamStanding
from mockregister.exam.wording import Wording
from mockregister.mocking.sitting import WrittenStory
from mockregister.web import admin
from mockregister.web.pages.control import done
from mockregister.web.pages.preferences import language
from mockregister.web.registers import registers

ADDRESS = "/<name>"

blueprint = Blueprint("exams", __name__, url_prefix="/exams")


@blueprint.get("")
def show() -> str:
    """Return the page with every sitting, its progress, and a form to start one."""
    return render_template(
        "exams.html",
        sittings=admin.exams.all_progress(),
        stories=[(story.name, story.titles[language()]) for story in library.stories_of(library.chosen(()))],
    )


@blueprint.post("")
def start() -> Response:
    """Start a sitting. Raise InvalidRequest, Conflict and FaultyStory."""
    units = request.form.get("units", "").strip()
    named, own = request.form.getlist("stories"), [_written(file) for file in request.files.getlist("own") if file.filename]
    stories = (*(library.chosen(named) if named or not own else ()), *own)
    roles = read_roles("units", units, library.stories_of(stories)) if units else {}
    namespace = admin.exams.begin(request.form.get("name", ""), stories, roles)
    key = "exam-reported" if sittings.reported_before(namespace) else "exam"
    return done(key, "pages.exams.sitting", name=namespace.name)


def _written(file: FileStorage) -> WrittenStory:
    """Return the story in an uploaded file. Raise InvalidRequest if it is not text."""
    name = (file.filename or "").rpartition("/")[2][-120:]
    try:
        return WrittenStory(name, file.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"{name} is not UTF-8 text; save the story in UTF-8.") from error


@blueprint.get(ADDRESS)
def sitting(name: str) -> str:
    """Return the page of a sitting: the expectations that are met so far, and for the others the element that is closest.

    Raise NotFound.
    """
    return render_template("exam.html", **_verdict(name))


@blueprint.get(f"{ADDRESS}/live")
def live(name: str) -> Response:
    """Return the part of the sitting's page that changes. Raise NotFound."""
    response = make_response(render_template("exam_verdict.html", **_verdict(name)))
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get(f"{ADDRESS}/sheet")
def sheet(name: str) -> Response:
    """Return the sheet to print or hand out. Raise NotFound."""
    return admin.exams.sheet_of(name, language())


@blueprint.get(f"{ADDRESS}/report")
def report(name: str) -> Response:
    """Return the report to print and file. Raise NotFound."""
    return admin.exams.page(forms.as_html(_report(name), language()), "text/html")


@blueprint.post(f"{ADDRESS}/end")
def end(name: str) -> Response:
    """End a sitting. Raise NotFound."""
    admin.exams.end(name)
    return done("exam-gone", "pages.exams.show")


def _report(name: str) -> ExamReport:
    return sittings.report(registers().find(name), language())


def _verdict(name: str) -> dict[str, object]:
    """Return what the templates of a sitting show. Stories with expectations that were tried come first."""
    report = _report(name)
    stories = sorted(report.stories, key=lambda story: story.count(ExamStanding.UNTRIED) == len(story.expectations))
    told = {"found": forms.found, "rivals": forms.rivals, "wording": Wording(language()), "standings": ExamStanding}
    return {"report": report, "stories": stories, **told}
