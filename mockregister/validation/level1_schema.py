"""Level 1: is the document CDA R2 by HL7's schema, and if not, what does Xerces say of it.

libxml2 answers the first question, in a tenth of the time of parsing; almost every document gets no further. What it finds
invalid is walked by ``schema.assessment``, which answers the second. The schema is compiled when the first document comes.
"""

from __future__ import annotations

from collections import deque

from lxml import etree

from mockregister.finding import Finding, Level
from mockregister.validation.schema.assessment import Assessment, Problem
from mockregister.validation.schema.components import FOLDER, cda_schema
from mockregister.validation.schema.places import Lines, text_of

# A compiled schema keeps the errors of its last document, so two threads never use one at the same time.
_idle: deque[etree.XMLSchema] = deque()


def check(content: bytes, root: etree._Element) -> list[Finding]:
    """What the schema has against a parsed document; ``content`` is the bytes it was parsed from.

    ``where`` is ``line:column`` just after the tag concerned, ``code`` the ``cvc-…`` code (interface specification, 4).
    """
    if _is_valid(root):
        return []
    text = text_of(content, root)
    lines = Lines(text)
    return [_finding(problem, lines) for problem in Assessment(cda_schema(), text).walk(root)]


def _is_valid(root: etree._Element) -> bool:
    try:
        schema = _idle.pop()
    except IndexError:
        schema = etree.XMLSchema(file=str(FOLDER / "clinical_document.xsd"))
    try:
        return schema.validate(root)
    finally:
        _idle.append(schema)


def _finding(problem: Problem, lines: Lines) -> Finding:
    line, column = lines.place(problem.offset)
    return Finding(Level.XSD, problem.text, code=problem.code, where=f"{line}:{column}", line=line)
