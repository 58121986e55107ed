"""``/__admin/exams``: sittings of an exam, each in its own register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from flask import Blueprint, Response, request
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from mockregister.errors import InvalidRequest, NotFound
from mockregister.exam import forms, library, sittings
from mockregister.exam.notation import LANGUAGES
from mockregister.exam.preparing import MOST_STORIES
from mockregister.exam.sittings import SittingProgress
from mockregister.mocking.names import check_name
from mockregister.mocking.registers import Namespace
from mockregister.mocking.sitting import WrittenStory
from mockregister.model.plain import to_plain
from mockregister.web import door
from mockregister.web.admin.loading import load
from mockregister.web.dispatcher import PREFIX
from mockregister.web.registers import registers
from mockregister.web.visit import visit

Json = dict[str, Any]
KINDS = {"text": "text/plain", "json": "application/json", "junit": "application/xml", "html": "text/html"}
ADDRESS = "/exams/<path:name>"

blueprint = Blueprint("exams", __name__)


class StoryTextSchema(Schema):
    """A story that the user wrote."""

    file = fields.String(required=True, validate=Length(1, 120))
    text = fields.String(required=True)


class StartSchema(Schema):
    """The register and the stories of a sitting, and the units or codes of roles.

    Without ``stories`` and ``own``, the sitting has all shipped stories.
    """

    name = fields.String(required=True)
    stories = fields.List(fields.String(), load_default=list, validate=Length(max=MOST_STORIES))
    own = fields.List(fields.Nested(StoryTextSchema), load_default=list, validate=Length(max=MOST_STORIES))
    roles = fields.Dict(fields.String(), fields.List(fields.String(), validate=Length(1, 50)), load_default=dict)


class LanguageSchema(Schema):
    """The language of the answer."""

    language = fields.String(load_default="en", validate=OneOf(LANGUAGES))


class ReportSchema(LanguageSchema):
    """The form of a verdict."""

    format = fields.String(load_default="json", validate=OneOf(tuple(forms.FORMS)))


@blueprint.get("/exams")
def listed() -> Json:
    """List every sitting, by name, with its progress; and the shipped stories."""
    stories = library.stories_of(library.chosen(()))
    return {
        "exams": [forms.full(progress) for progress in all_progress()],
        "stories": [{"name": story.name, "title": dict(story.titles)} for story in stories],
    }


@blueprint.post("/exams")
def start() -> tuple[Json, int]:
    """Start a sitting in a register, which is made if it does not exist.

    ``reported_before`` is the number of reports that the register already has about the people, which the verdict counts.
    """
    wanted = load(StartSchema())
    own = tuple(WrittenStory(**story) for story in wanted["own"])
    shipped = library.chosen(wanted["stories"]) if wanted["stories"] or not own else ()
    namespace = begin(wanted["name"], (*shipped, *own), {role: tuple(ids) for role, ids in wanted["roles"].items()})
    sitting = sittings.sitting_of(namespace)
    url = f"{request.url_root.split(PREFIX)[0].rstrip('/')}{PREFIX}{namespace.name}/"
    before = sittings.reported_before(namespace)
    told = {"name": namespace.name, "url": url, "day0": sitting.day0, "stories": len(sitting.stories), "reported_before": before}
    return told, 201


def begin(name: str, stories: tuple[WrittenStory, ...], roles: Mapping[str, tuple[str, ...]]) -> Namespace:
    """Start a sitting in the register of this name. Raise InvalidRequest, Conflict or FaultyStory if none can be started."""
    own = visit().register_name
    if not door.sees_all() and name != own:
        raise InvalidRequest(f"'{name[:80]}' is not your register; start the sitting in '{own}'.", "name")
    return sit_down(name, stories, roles)


def sit_down(name: str, stories: tuple[WrittenStory, ...], roles: Mapping[str, tuple[str, ...]]) -> Namespace:
    """Start a sitting as ``begin`` does, but in any register, whoever calls."""
    namespace, is_new = registers().make(check_name(name, "register"))
    try:
        with namespace.changing():
            sittings.start(namespace, stories, roles)
    except BaseException:
        if is_new:
            registers().delete(name)
        raise
    return namespace


@blueprint.get(ADDRESS)
def show(name: str) -> Response:
    """Return the verdict so far on a sitting."""
    options = load(ReportSchema())
    report = sittings.report(registers().find(name), options["language"])
    return page(forms.FORMS[options["format"]](report, options["language"]), KINDS[options["format"]])


@blueprint.get(f"{ADDRESS}/sheet")
def sheet(name: str) -> Response:
    """Return the sheet for the candidate."""
    return sheet_of(name, load(LanguageSchema())["language"])


def sheet_of(name: str, language: str) -> Response:
    """Return the sheet of a sitting in a language. Raise NotFound."""
    namespace = registers().find(name)
    told = forms.sheet_html(name, sittings.sitting_of(namespace), language, namespace.register.codes)
    return page(told, "text/html")


@blueprint.get(f"{ADDRESS}/sitting")
def sitting(name: str) -> Json:
    """Return the sitting and the register's time, which ``mockregister exam sit`` needs."""
    namespace = registers().find(name)
    return {"now": namespace.register.clock.now().isoformat(), "sitting": to_plain(sittings.sitting_of(namespace))}


@blueprint.delete(ADDRESS)
def end(name: str) -> tuple[str, int]:
    """End a sitting; what its register holds is not changed."""
    namespace = registers().find(name)
    with namespace.changing():
        sittings.end(namespace)
    return "", 204


def all_progress() -> list[SittingProgress]:
    """Return the progress of each sitting of this server, by name. Registers on disk are opened to find their sittings.

    A trainee gets only the sitting of his or her own register.
    """
    if not door.sees_all():
        own = sittings.progress(registers().find(visit().register_name))
        return [own] if own is not None else []
    return list(_progress(registers().sittings()))


def _progress(names: Iterable[str]) -> Iterator[SittingProgress]:
    for name in names:
        with suppress(NotFound):  # deleted meanwhile
            progress = sittings.progress(registers().find(name))
            if progress is not None:
                yield progress


def page(text: str, kind: str) -> Response:
    """Return a text of a sitting as an answer; HTML gets a content policy that allows its inline style."""
    response = Response(text, content_type=f"{kind}; charset=utf-8")
    if kind == "text/html":
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src {forms.style_hash()}; base-uri 'none'; frame-ancestors 'none'"
        )
    return response
