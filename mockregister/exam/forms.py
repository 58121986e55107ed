"""A verdict as people, programs and test runners read it, and the pages that are printed."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from hashlib import sha256
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from jinja2 import Environment, PackageLoader, StrictUndefined

from mockregister.clock import COPENHAGEN
from mockregister.codes.tables import CodeTables
from mockregister.exam.sheet import address_of, code_lists, name_of, numbers_of, sheet
from mockregister.exam.sittings import ExamReport
from mockregister.exam.verdict import ExamStanding, JudgedExpectation, JudgedStory
from mockregister.exam.wording import Wording
from mockregister.mocking.sitting import Sitting
from mockregister.safexml import NOT_XML

MET, MISSED, UNTRIED = ExamStanding.MET, ExamStanding.MISSED, ExamStanding.UNTRIED


def as_json(report: ExamReport, language: str = "en") -> str:
    """Return the whole verdict as JSON."""
    return json.dumps(full(report), ensure_ascii=False, indent=2)


def full(thing: Any) -> Any:
    """Return a dataclass object as JSON has it, with every field."""
    if is_dataclass(thing):
        return {field.name: full(getattr(thing, field.name)) for field in fields(thing)}
    if isinstance(thing, tuple | list):
        return [full(each) for each in thing]
    if isinstance(thing, Enum):
        return thing.value
    return thing.isoformat() if isinstance(thing, datetime) else thing


def as_text(report: ExamReport, language: str = "en") -> str:
    """Return the verdict for a terminal: a line for each story, and the expectations that are not met."""
    return "\n".join(_lines(report, Wording(language)))


def _lines(report: ExamReport, wording: Wording) -> Iterator[str]:
    yield f"{report.register}: {summary(report, wording)}"
    for story in report.stories:
        is_begun = story.count(UNTRIED) < len(story.expectations)
        mark = "ok" if story.count(MET) == len(story.expectations) else "--"
        state = wording.say("of", met=story.count(MET), number=len(story.expectations)) if is_begun else wording.say("not begun")
        yield f"{mark} {story.name}: {state} ({story.title})"
        for each in story.expectations if is_begun else ():
            if each.standing is not MET:
                yield f"     {wording.say(each.standing.value)}: {each.wanted}"
            if each.standing is not MET or each.rivals:
                yield from (f"       {line}" for line in (found(each, wording), *rivals(each, wording)) if line)


def summary(report: ExamReport, wording: Wording) -> str:
    """Return how many expectations of how many stories are met, missed and not yet tried."""
    counts = (f"{report.count(standing)} {wording.say(standing.value)}" for standing in ExamStanding)
    return ", ".join((wording.say("story" if len(report.stories) == 1 else "stories", number=len(report.stories)), *counts))


def found(each: JudgedExpectation, wording: Wording) -> str:
    """Return what was found, and where it was sent."""
    place = each.place
    if place is None or each.standing is MET:
        return each.found
    where = wording.say("version", number=place.version)
    where += f", {wording.say('line', number=place.line)}" if place.line else ""
    return "; ".join(filter(None, (each.found, where)))


def rivals(each: JudgedExpectation, wording: Wording) -> list[str]:
    """Return the elements that fit equally well."""
    return [wording.say("rival", what=rival) for rival in each.rivals]


def as_junit(report: ExamReport, language: str = "en") -> str:
    """Return JUnit XML: a suite for each story, a case for each expectation; what is not yet tried is skipped."""
    suites = "\n".join(_suite(report, story, Wording(language)) for story in report.stories)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name={_quoted(report.register)}>\n{suites}\n</testsuites>'


def _suite(report: ExamReport, story: JudgedStory, wording: Wording) -> str:
    head = (
        f'<testsuite name={_quoted(story.name)} tests="{len(story.expectations)}" failures="{story.count(MISSED)}" '
        f'errors="0" skipped="{story.count(UNTRIED)}" timestamp={_quoted(report.at.isoformat())}>'
    )
    return "\n".join((head, *(_case(story, each, wording) for each in story.expectations), "</testsuite>"))


def _case(story: JudgedStory, each: JudgedExpectation, wording: Wording) -> str:
    start = f"<testcase classname={_quoted(story.name)} name={_quoted(f'{each.line} {each.wanted}')}"
    if each.standing is MET:
        return f"{start}/>"
    text = "\n".join((found(each, wording), *rivals(each, wording)))
    if each.standing is UNTRIED:
        return f"{start}><skipped message={_quoted(text or each.standing.value)}/></testcase>"
    return f'{start}><failure message={_quoted(found(each, wording))} type="missed">{escape(_xml(text))}</failure></testcase>'


def _quoted(text: str) -> str:
    return quoteattr(_xml(text), {"\n": "&#10;"})


def _xml(text: str) -> str:
    return NOT_XML.sub("�", text)


def as_html(report: ExamReport, language: str = "en") -> str:
    """Return a report that can be printed and filed."""
    return (
        _templates()
        .get_template("report.html")
        .render(report=report, standings=ExamStanding, language=language, wording=Wording(language))
    )


def sheet_html(register: str, sitting: Sitting, language: str, tables: CodeTables) -> str:
    """Return the sheet that is printed or handed out."""
    return (
        _templates()
        .get_template("sheet.html")
        .render(
            register=register,
            day0=sitting.day0,
            stories=sheet(sitting, language, tables.sor),
            lists=code_lists(tables),
            language=language,
        )
    )


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("mockregister.exam"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"found": found, "rivals": rivals, "address_of": address_of, "name_of": name_of, "numbers_of": numbers_of}
    made.filters["moment"] = lambda time: f"{time.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}"
    made.globals["t"] = {"da": lambda da, en: da, "en": lambda da, en: en}
    return made


@cache
def style_hash() -> str:
    """Return the source expression with which a Content-Security-Policy allows the style of these pages."""
    style = _templates().get_template("style.css").render()
    return f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"


FORMS: dict[str, Callable[[ExamReport, str], str]] = {
    "text": as_text,
    "json": as_json,
    "junit": as_junit,
    "html": as_html,
}
