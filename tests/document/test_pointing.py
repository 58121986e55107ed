"""The places that findings name lead to elements."""

from __future__ import annotations

import pytest

from mockregister import safexml
from mockregister.document.pointing import Pointing

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
