"""Findings get the line of the place that they name in their document."""

from __future__ import annotations

import pytest

from mockregister.document.lines import with_lines
from mockregister.finding import Finding, Level

DOCUMENT = b"""<a xmlns="urn:hl7-org:v3">
  <id root="R" extension="E"/>
  <b
     c="d"/>
</a>"""
CONTENTS = {"r^e": DOCUMENT, "no^xml": b"<a>"}


def line(where: str, document: str = "R^E", line: int = 0) -> int:
    (found,) = with_lines([Finding(Level.SCHEMATRON, "wrong", where=where, document=document, line=line)], CONTENTS)
    return found.line


@pytest.mark.parametrize(
    ("where", "number"),
    [
        ("//*[local-name()='b']", 4),
        ("/*:a[namespace-uri()='urn:hl7-org:v3'][1]", 1),
        ("//*[local-name()='z']", 0),
        ("//*[", 0),
        ("", 0),
        ("12:5", 12),
    ],
)
def test_the_line_of_a_place_is_where_its_start_tag_ends(where: str, number: int) -> None:
    assert line(where) == number


def test_a_line_that_a_finding_has_already_is_kept() -> None:
    assert line("//*[local-name()='b']", line=7) == 7


@pytest.mark.parametrize("document", ["other^document", "no^xml", ""])
def test_a_place_has_a_line_in_its_own_document_only(document: str) -> None:
    assert line("//*", document) == 0
