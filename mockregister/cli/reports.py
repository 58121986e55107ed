"""Write the findings of several files for people, test runners, editors and pull requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from lxml import etree

import mockregister
from mockregister import safexml
from mockregister.cli.printing import coloured
from mockregister.document.pointing import Pointing
from mockregister.document.short_path import ShortPaths
from mockregister.errors import UnreadableDocument
from mockregister.finding import Finding, Level
from mockregister.lazy import lazy
from mockregister.validation.explaining import wording
from mockregister.validation.explaining.explanation import (
    LANGUAGES,
    Cause,
    DecidingPart,
    ExplainedFinding,
    Explanation,
    Mention,
    by_cause,
)
from mockregister.validation.schema.positions import Lines, tags, text_of

SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass(frozen=True)
class PlacedFinding:
    """A finding in a report: its line and column in its file, from 1, and the short path to it."""

    explained: ExplainedFinding
    line: int
    column: int
    path: str

    @property
    def finding(self) -> Finding:
        """Return the finding without its explanation."""
        return self.explained.finding

    @property
    def code(self) -> str:
        """Return the finding's code with its parameters."""
        return " ".join(word for word in (self.finding.code, *self.finding.params) if word)


@dataclass(frozen=True)
class FileReport:
    """The findings of one file: ``summary`` is one line about them, ``link`` the address of a page with details."""

    file: Path
    summary: str
    found: tuple[PlacedFinding, ...]
    link: str = ""
    failed: bool = False


@dataclass
class PlacesOf:
    """Finds the places of findings in a document, with short paths in a language."""

    content: bytes
    language: str = "en"
    _starts: list[int] | None = field(default=None, init=False)

    def placed(self, explained: ExplainedFinding) -> PlacedFinding:
        """Return the finding with its line, column and short path; line 1 if it has no place."""
        finding = explained.finding
        line, _, column = finding.where.partition(":")
        if line.isdecimal() and column.isdecimal():
            named = explained.explanation.mentions
            return PlacedFinding(explained, int(line), int(column), named[0].name if named else "")
        element = None if self._pointing is None else self._pointing.element(finding.where)
        if element is None or self._pointing is None:
            return PlacedFinding(explained, finding.line or 1, 1, "")
        number = self._pointing.number_of(element)
        return PlacedFinding(explained, *self._places[number], self._paths.path(element))

    @lazy
    def _root(self) -> etree._Element | None:
        try:
            return safexml.parse(self.content)
        except UnreadableDocument:
            return None

    @lazy
    def _pointing(self) -> Pointing | None:
        return Pointing(self._root) if self._root is not None else None

    @lazy
    def _paths(self) -> ShortPaths:
        assert self._root is not None
        return ShortPaths(self._root, self.language)

    @lazy
    def _places(self) -> list[tuple[int, int]]:
        assert self._root is not None
        text = text_of(self.content, self._root)
        lines = Lines(text)
        return [lines.place(tag.start()) for tag in tags(text) if not tag["slash"]]


def report_of(file: Path, content: bytes, explained: Sequence[ExplainedFinding], language: str = "en") -> FileReport:
    """Return the report of a file with this content."""
    places = PlacesOf(content, language)
    findings = [each.finding for each in explained]
    failed = any(finding.is_error for finding in findings)
    return FileReport(file, summary(findings), tuple(map(places.placed, explained)), failed=failed)


def unexplained(finding: Finding, number: int) -> ExplainedFinding:
    """Return a finding without an explanation, as the only finding of the cause with this number."""
    return ExplainedFinding(finding, Explanation(), Cause(number, ""))


def explained_by(finding: Finding, data: Mapping[str, Any]) -> ExplainedFinding:
    """Return a finding with its explanation, which a register's journal gave as JSON."""
    why, cause = data["explanation"], data["cause"]
    because = tuple(DecidingPart(part["text"], tuple(map(_mention, part["values"]))) for part in why["because"])
    explanation = Explanation(because, why["declaration"], tuple(why["register_has"]), why["advice"], why.get("example", ""))
    return ExplainedFinding(finding, explanation, Cause(cause["number"], cause["text"], cause["first"]))


def _mention(data: Mapping[str, Any]) -> Mention:
    return Mention(data["name"], data["value"], data["line"], document=data.get("document", ""))


# -- text


@dataclass(frozen=True)
class TextForm:
    """How a text shows findings.

    ``xpath`` shows places as XPaths instead of short paths, ``explained`` shows explanations, ``folded`` shows only the first
    finding of each cause. ``language`` is that of the explanations and of the words around them.
    """

    xpath: bool = False
    explained: bool = False
    language: str = "en"
    folded: bool = True

    @property
    def words(self) -> Mapping[str, str]:
        """Return the headings in the language."""
        return {word: translations[LANGUAGES.index(self.language)] for word, translations in _WORDS.items()}


_WORDS = {
    "at": ("at", "ved"),
    "line": ("line", "linje"),
    "lines": ("lines", "linjer"),
    "because": ("because", "fordi:"),
    "found": ("found", "fundet"),
    "declared": ("declared", "erklæret"),
    "do": ("do", "gør"),
    "example": ("example", "eksempel"),
    "see": ("see", "se"),
    "more": (
        "and {0} more from one cause, {1}: {2}",
        "og {0} flere af samme årsag, {1}: {2}",
    ),
    "the same": ("the same", "den samme"),
}


def text(report: FileReport, form: TextForm) -> Iterator[str]:
    """Yield the lines of a file's report."""
    yield f"{report.file.name}: {report.summary}"
    yield from findings_of(report, form)
    if report.link:
        yield f"    {form.words['see']} {report.link}"


def findings_of(report: FileReport, form: TextForm) -> Iterator[str]:
    """Yield the lines of a file's findings."""
    groups = by_cause([placed.explained for placed in report.found])
    by_explained = {id(placed.explained): placed for placed in report.found}
    for group in groups if form.folded else [[placed.explained] for placed in report.found]:
        yield from _finding(by_explained[id(group[0])], report, form)
        if len(group) > 1:
            codes = ", ".join(dict.fromkeys(other.finding.code for other in group[1:]))
            cause = group[0].cause.text or form.words["the same"]
            yield f"    {form.words['more'].format(len(group) - 1, cause, codes)}"


def _finding(placed: PlacedFinding, report: FileReport, form: TextForm) -> Iterator[str]:
    finding = placed.finding
    place = f"{report.file.name}:{placed.line}:{placed.column}"
    yield f"{place}: {coloured(finding.severity.value)} {finding.level.value} {placed.code}".rstrip()
    yield f"    {finding.text}"
    if finding.where:
        at, line = form.words["at"], form.words["line"]
        yield f"    {at} {finding.where if form.xpath or not placed.path else placed.path} ({line} {placed.line})"
    if form.explained:
        yield from (f"    {line}" for line in explanation(placed.explained, form))


def explanation(explained: ExplainedFinding, form: TextForm) -> Iterator[str]:
    """Yield the lines of an explanation: first what the register has, last the declaration."""
    why, words = explained.explanation, form.words
    yield from why.register
    for part in why.because:
        if part.text != explained.finding.text:
            yield f"{words['because']} {part.text}"
        found = [mention for mention in part.mentions if mention.name or mention.value]
        if found and explained.finding.level is not Level.BUSINESS_RULE:
            yield f"{words['found']}: {', '.join(wording.gathered(found, form.language))}"
    if why.lines:
        yield f"{words['lines']}: {', '.join(map(str, why.lines))}"
    if why.advice:
        yield f"{words['do']}: {why.advice}"
    if why.example:
        yield f"{words['example']}:"
        yield from (f"  {line}" for line in why.example.splitlines())
    if why.declaration:
        yield f"{words['declared']}:"
        yield from (f"  {line}" for line in why.declaration.splitlines())


# -- JSON


def as_json(reports: Sequence[FileReport]) -> str:
    """Return the reports as JSON, one object per file."""
    files = [
        {
            "file": str(report.file),
            "summary": report.summary,
            "failed": report.failed,
            "link": report.link,
            "findings": [_finding_as_json(placed) for placed in report.found],
        }
        for report in reports
    ]
    return json.dumps(files, ensure_ascii=False, indent=2)


def _finding_as_json(placed: PlacedFinding) -> dict[str, Any]:
    finding, why, cause = placed.finding, placed.explained.explanation, placed.explained.cause
    return {
        "level": finding.level.value,
        "severity": finding.severity.value,
        "code": finding.code,
        "params": list(finding.params),
        "text": finding.text,
        "document": finding.document,
        "line": placed.line,
        "column": placed.column,
        "path": placed.path,
        "location": finding.where,
        "explanation": {
            "because": [part.text for part in why.because],
            "lines": why.lines,
            "declaration": why.declaration,
            "register": list(why.register),
            "advice": why.advice,
            "example": why.example,
        },
        "cause": {"number": cause.number, "text": cause.text, "first": cause.first},
    }


# -- JUnit


def as_junit(reports: Sequence[FileReport]) -> str:
    """Return the reports as JUnit XML: a test suite per file, a failed test case per error, a passed one per warning."""
    root = etree.Element("testsuites", name="mockregister")
    for report in reports:
        errors = sum(placed.finding.is_error for placed in report.found) or int(report.failed)
        cases = len(report.found) or 1
        suite = etree.SubElement(root, "testsuite", name=report.file.name, tests=str(cases), failures=str(errors), errors="0")
        for placed in report.found:
            _case(suite, report, placed)
        if not report.found:
            case = etree.SubElement(suite, "testcase", classname=report.file.name, name=_allowed(report.summary))
            if report.failed:
                etree.SubElement(case, "failure", message=_allowed(report.summary))
    return etree.tostring(root, encoding="unicode", pretty_print=True)


def _case(suite: etree._Element, report: FileReport, placed: PlacedFinding) -> None:
    name = _allowed(f"{placed.finding.level.value} {placed.code} line {placed.line}")
    file = report.file
    case = etree.SubElement(suite, "testcase", classname=file.name, name=name, file=str(file), line=str(placed.line))
    content = _allowed("\n".join(click.unstyle(line) for line in _finding(placed, report, TextForm(explained=True))))
    inner = "failure" if placed.finding.is_error else "system-out"
    element = etree.SubElement(case, inner)
    element.text = content
    if placed.finding.is_error:
        element.set("message", _allowed(placed.finding.text))
        element.set("type", placed.finding.level.value)


def _allowed(content: str) -> str:
    """Return a text that XML can hold: control characters become �, and the noncharacters U+FFFE and U+FFFF are left out."""
    return "".join(letter if letter >= " " or letter in "\n\t" else "�" for letter in content if letter not in "\ufffe\uffff")


# -- SARIF


def as_sarif(reports: Sequence[FileReport]) -> str:
    """Return the reports as SARIF 2.1.0, which editors and code scanning read."""
    codes = list(dict.fromkeys(_rule_id(placed.finding) for report in reports for placed in report.found))
    driver = {
        "name": "mockregister",
        "version": mockregister.__version__,
        "rules": [{"id": code, "shortDescription": {"text": code}} for code in codes],
    }
    results = [_result(report, placed, codes) for report in reports for placed in report.found]
    log = {"$schema": SARIF, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _rule_id(finding: Finding) -> str:
    return f"{finding.level.value}/{finding.code}" if finding.code else finding.level.value


def _result(report: FileReport, placed: PlacedFinding, codes: Sequence[str]) -> dict[str, Any]:
    why = placed.explained.explanation
    others = [mention for mention in why.mentions if mention.line and mention.line != placed.line and not mention.document]
    sentences = [placed.finding.text, *(part.text for part in why.because if part.text != placed.finding.text), why.advice]
    code = _rule_id(placed.finding)
    result: dict[str, Any] = {
        "ruleId": code,
        "ruleIndex": codes.index(code),
        "level": "error" if placed.finding.is_error else "warning",
        "message": {"text": "\n".join(filter(None, sentences))},
        "locations": [{"physicalLocation": _location(report.file, placed.line, placed.column)}],
    }
    if placed.path:
        result["locations"][0]["logicalLocations"] = [{"fullyQualifiedName": placed.path}]
    if others:
        result["relatedLocations"] = [
            {
                "id": number,
                "message": {"text": " ".join(filter(None, (mention.name, mention.value))) or "here"},
                "physicalLocation": _location(report.file, mention.line, 1),
            }
            for number, mention in enumerate(others, 1)
        ]
    return result


def _location(file: Path, line: int, column: int) -> dict[str, Any]:
    uri = file.absolute().as_uri() if file.is_absolute() else file.as_posix()
    return {"artifactLocation": {"uri": uri}, "region": {"startLine": line, "startColumn": column}}


# -- GitHub


def as_github(reports: Sequence[FileReport]) -> str:
    """Return the reports as workflow commands, which GitHub shows as annotations of a pull request."""
    return "\n".join(_annotation(report, placed) for report in reports for placed in report.found)


def _annotation(report: FileReport, placed: PlacedFinding) -> str:
    text, why = placed.finding.text, placed.explained.explanation
    sentences = [text, *(part.text for part in why.because if part.text != text)]
    properties = {
        "file": report.file.as_posix(),
        "line": placed.line,
        "col": placed.column,
        "title": f"{placed.finding.level.value} {placed.code}",
    }
    escaped = {name: _message(str(value)).replace(":", "%3A").replace(",", "%2C") for name, value in properties.items()}
    written = ",".join(f"{name}={value}" for name, value in escaped.items())
    command = "error" if placed.finding.is_error else "warning"
    return f"::{command} {written}::{_message(chr(10).join([*sentences, why.advice]).strip())}"


def _message(content: str) -> str:
    return content.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


FORMATS: dict[str, Callable[[Sequence[FileReport]], str]] = {
    "json": as_json,
    "junit": as_junit,
    "sarif": as_sarif,
    "github": as_github,
}


def summary(findings: Sequence[Finding]) -> str:
    """Return the number of errors and warnings in words, and the level at which validation stopped before the business rules."""
    if not findings:
        return "nothing wrong"
    errors = sum(finding.is_error for finding in findings)
    stopped = findings[0].level
    after = "" if stopped is Level.BUSINESS_RULE else f"; stopped at {stopped.value}"
    return f"{_counted(errors, 'error')}, {_counted(len(findings) - errors, 'warning')}{after}"


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
