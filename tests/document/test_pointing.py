"""The places that findings name lead to elements."""

from __future__ import annotations

import pytest

from mockregister import safexml
from mockregister.document.pointing import Pointing, line

ROOT = safexml.parse(b'<a xmlns="urn:x"><b><id root="1" extension="E"/></b><!-- --><b/><c xmlns="urn:y"/></a>')


@pytest.mark.parametrize(
    ("where", "number"),
    [
        ("/*:a[namespace-uri()='urn:x'][1]", 0),
        ("/*:a[namespace-uri()='urn:x'][1]/*:b[namespace-uri()='urn:x'][2]", 3),
        ("//*[child::*[local-name()='id' and @root='1' and @extension='E']]", 1),
        ("//*[local-name()='c']", 4),
        ("//*[local-name()='d']", None),
        ("12:5", None),
        ("", None),
        ("//@root", None),
        ("count(//*)", None),
        ("//*[", None),
        ("document('file:///etc/passwd')", None),
    ],
)
def test_a_place_leads_to_an_element_or_nowhere(where: str, number: int | None) -> None:
    assert Pointing(ROOT).number(where) == number


ONE = b"""<a xmlns="urn:hl7-org:v3">
  <id root="R" extension="E"/>
  <b
     c="d"/>
</a>"""


@pytest.mark.parametrize(
    ("document", "where", "number"),
    [
        ("R^E", "//*[local-name()='b']", 4),
        ("R^E", "/*:a[namespace-uri()='urn:hl7-org:v3'][1]", 1),
        ("R^E", "//*[local-name()='z']", 0),
        ("R^E", "", 0),
        ("r^E", "//*[local-name()='b']", 0),
        ("^", "//*[local-name()='b']", 0),
    ],
)
def test_a_place_has_a_line_in_its_own_document_only(document: str, where: str, number: int) -> None:
    assert line(ONE, document, where) == number


def test_a_place_in_what_is_no_xml_has_no_line() -> None:
    assert line(b"<a>", "^", "/*") == 0
