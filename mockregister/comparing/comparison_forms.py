"""The differences between two registers' answers as text, JSON, JUnit XML and Markdown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from mockregister.comparing.answers import Comparison, code_of
from mockregister.finding import Finding
from mockregister.safexml import NOT_XML


@dataclass(frozen=True, slots=True)
class Compared:
    """The names of the two registers, A and B, and the comparison of each submission."""

    a: str
    b: str
    comparisons: Sequence[Comparison]

    @property
    def failed(self) -> bool:
        """Return whether a judgement is missing."""
        return any(comparison.failure for comparison in self.comparisons)

    @property
    def differing(self) -> list[Comparison]:
        """Return the comparisons that have a difference, or lack a judgement."""
        return [comparison for comparison in self.comparisons if not comparison.same]

    @property
    def summary(self) -> str:
        """Return a sentence with the number of submissions compared and the number answered differently."""
        asked, otherwise = len(self.comparisons), len(self.differing)
        return f"{asked} submission{'' if asked == 1 else 's'} compared, {otherwise or 'none'} answered differently"


def as_text(compared: Compared) -> str:
    """Return the differences for a terminal: - marks what only A answered, + what only B answered."""
    lines = [f"- {compared.a}", f"+ {compared.b}"]
    for comparison in compared.differing:
        lines += [comparison.name, *(f"  {line}" for line in _lines(comparison))]
    return "\n".join([*lines, compared.summary])


def _lines(comparison: Comparison) -> Iterator[str]:
    if comparison.failure:
        yield comparison.failure
    if any(comparison.status):
        yield from (f"- {comparison.status[0]}", f"+ {comparison.status[1]}")
    for mark, findings in (("-", comparison.only_a), ("+", comparison.only_b)):
        for finding in findings:
            yield f"{mark} {_title(finding)}: {finding.text}"
            yield f"    at {finding.document} {finding.where}".rstrip()


def _title(finding: Finding) -> str:
    return f"{finding.severity.value} {finding.level.value} {code_of(finding)}"


def as_json(compared: Compared) -> str:
    """Return all comparisons as JSON, including those without a difference."""
    told = [
        {
            "name": comparison.name,
            "same": comparison.same,
            "only_a": [_plain(finding) for finding in comparison.only_a],
            "only_b": [_plain(finding) for finding in comparison.only_b],
            "status": {"a": comparison.status[0], "b": comparison.status[1]} if any(comparison.status) else None,
            "failure": comparison.failure or None,
        }
        for comparison in compared.comparisons
    ]
    content = {"a": compared.a, "b": compared.b, "summary": compared.summary, "submissions": told}
    return json.dumps(content, ensure_ascii=False, indent=2)


def _plain(finding: Finding) -> dict[str, str]:
    return {
        "level": finding.level.value,
        "code": code_of(finding),
        "severity": finding.severity.value,
        "document": finding.document,
        "where": finding.where,
        "text": finding.text,
    }


def as_junit(compared: Compared) -> str:
    """Return JUnit XML: a test case for each submission, with a failure if the two differ and an error if one gave no answer."""
    failed = sum(bool(comparison.failure) for comparison in compared.comparisons)
    counts = {"tests": len(compared.comparisons), "failures": len(compared.differing) - failed, "errors": failed}
    root = etree.Element("testsuites", name="mockregister compare")
    suite = etree.SubElement(root, "testsuite", name=_xml(f"{compared.a} and {compared.b}"))
    for name, number in counts.items():
        suite.set(name, str(number))
    for comparison in compared.comparisons:
        case = etree.SubElement(suite, "testcase", classname="mockregister.compare", name=_xml(comparison.name))
        if not comparison.same:
            tag = "error" if comparison.failure else "failure"
            element = etree.SubElement(case, tag, message=_xml(comparison.failure or "answered differently"))
            element.text = _xml("\n".join(_lines(comparison)))
    return etree.tostring(root, encoding="unicode", pretty_print=True).rstrip()


def _xml(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)


def as_markdown(compared: Compared) -> str:
    """Return the differences as a table."""
    lines = [f"# {_cell(compared.a)} and {_cell(compared.b)}", "", f"{compared.summary}."]
    if compared.differing:
        lines += ["", "| submission | only the first | only the second |", "|---|---|---|"]
    for comparison in compared.differing:
        found = (comparison.only_a, comparison.only_b)
        sides = [[_cell(f"{_title(finding)}: {finding.text}") for finding in side] for side in found]
        for side, status in zip(sides, comparison.status, strict=True):
            side += [_cell(status)] if status else []
        sides[0] += [_cell(comparison.failure)] if comparison.failure else []
        lines.append(f"| {_cell(comparison.name)} | {'<br>'.join(sides[0])} | {'<br>'.join(sides[1])} |")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


FORMATS: dict[str, Callable[[Compared], str]] = {
    "text": as_text,
    "json": as_json,
    "junit": as_junit,
    "markdown": as_markdown,
}
