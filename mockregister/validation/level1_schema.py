"""Level 1: is the document CDA R2 by HL7's schema, and if not, what does Xerces say of it.

libxml2 answers the first question, about as fast as it parses; almost every document gets no further. What it finds invalid
is walked by ``schema.assessment``, which answers the second. Both compile the schema when the first document needs it
(about 10 ms for libxml2, 30 ms for the walk), so nothing is paid at start.
"""

from __future__ import annotations

import re
from collections import deque
from typing import cast

from lxml import etree

from mockregister import safexml
from mockregister.finding import Finding, Level
from mockregister.validation.schema.assessment import Assessment, Problem
from mockregister.validation.schema.components import FOLDER, cda_schema
from mockregister.validation.schema.places import Lines, text_of

# A compiled schema keeps the errors of its last document, so two threads never use one at the same time.
_idle: deque[etree.XMLSchema] = deque()

# What libxml2 lets pass although it is wrong: some values against a pattern with several ranges (time stamps of 17 digits),
# numbers and URIs that break off ("5e", "http:"), references to ids that do not exist, the URIs of xsi:schemaLocation.
_LOOSELY_CHECKED = etree.XPath(
    "//@value | //@probability | //@integrityCheck | //@IDREF | //@referencedObject | //@headers"
    " | //@xsi:schemaLocation | //@xsi:noNamespaceSchemaLocation",
    namespaces={"xsi": safexml.XSI},
    smart_strings=False,
)
_BEYOND_DOUBT = re.compile(
    r"[0-9]{1,8}|[0-9]{9,14}([+-][0-9]{4})?|[0-9]+\.[0-9]+|true|false"
    r"|(tel|mailto|https?):[\w+.@/-]*\w|urn:hl7-org:v3\s+(https?://)?[\w.][\w./-]*",
    re.ASCII,
)


def check(content: bytes, root: etree._Element) -> list[Finding]:
    """What the schema has against a parsed document; ``content`` is the bytes it was parsed from.

    ``where`` is ``line:column`` just after the tag concerned, ``code`` the ``cvc-…`` code (interface specification, 4).
    """
    if _validates(root) and not _is_doubtful(root):
        return []
    text = text_of(content, root)
    lines = Lines(text)
    return [_finding(problem, lines) for problem in Assessment(cda_schema(), text).walk(root)]


def _validates(root: etree._Element) -> bool:
    try:
        schema = _idle.pop()
    except IndexError:
        schema = etree.XMLSchema(file=str(FOLDER / "clinical_document.xsd"))
    try:
        return schema.validate(root)
    finally:
        _idle.append(schema)


def _is_doubtful(root: etree._Element) -> bool:
    return not all(map(_BEYOND_DOUBT.fullmatch, cast("list[str]", _LOOSELY_CHECKED(root))))


def _finding(problem: Problem, lines: Lines) -> Finding:
    line, column = lines.place(problem.offset)
    return Finding(Level.XSD, problem.text, code=problem.code, where=f"{line}:{column}", line=line)
