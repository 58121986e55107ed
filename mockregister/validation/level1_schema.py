"""Level 1: is the document valid by HL7's CDA R2 schema, and if not, what does Xerces say about it?

libxml2 answers the first question about as fast as it parses, and almost every document passes. A document that it finds
invalid is walked by ``schema.assessment``, which words the errors as Xerces does; the walk skips entries that libxml2 finds
valid on their own.

Both compile the schema for the first document (about 10 ms for libxml2, 30 ms for the walk), so that the start costs nothing.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, cast

from lxml import etree

from mockregister import safexml
from mockregister.finding import Finding, Level
from mockregister.validation.schema import FOLDER

if TYPE_CHECKING:
    from mockregister.validation.schema.assessment import Problem
    from mockregister.validation.schema.positions import Lines

PIECE = 64 * 1024  # bytes

_SCHEMA = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{0}" xmlns="{0}">
  <xs:include schemaLocation="clinical_document.xsd"/>{1}
</xs:schema>"""
_OF_DOCUMENTS = _SCHEMA.format(safexml.CDA, "")
_OF_ENTRIES = _SCHEMA.format(safexml.CDA, '<xs:element name="entry" type="POCD_MT000040.Entry"/>')

# Compiled schemas that no thread uses now, by their texts. A schema keeps the errors of its last document, so only one thread may
# use it at a time.
_idle: dict[str, deque[etree.XMLSchema]] = {_OF_DOCUMENTS: deque(), _OF_ENTRIES: deque()}
_compiling = Lock()  # libxml2 makes its built-in types with its first schema; two threads at once break them, up to a crash

# Attributes in which libxml2 lets wrong values pass: some that violate a pattern with several ranges (timestamps of 17 digits),
# numbers and URIs that break off ("5e", "http:"), references to ids that do not exist, the URIs of xsi:schemaLocation; and the
# same id twice in a document that it is given in pieces.
_VALUES = etree.XPath("descendant-or-self::*/@value", smart_strings=False)
_OTHERS = (
    *("probability", "integrityCheck", "IDREF", "referencedObject", "headers"),
    *("xsi:schemaLocation", "xsi:noNamespaceSchemaLocation"),
)
_OTHERS_LOOSELY_CHECKED = etree.XPath(
    " | ".join(f"descendant-or-self::*/@{name}" for name in _OTHERS), namespaces={"xsi": safexml.XSI}, smart_strings=False
)
# A document with any of _OTHERS has its name among its bytes or, in UTF-16, where names look different, a zero byte.
_SIGNS = (*(name.removeprefix("xsi:").encode() for name in _OTHERS), b"\0")
_ENTRY = f"{{{safexml.CDA}}}entry"
_IDS = etree.XPath("descendant-or-self::*/@ID", smart_strings=False)
# Values about which libxml2 is always right.
_BEYOND_DOUBT = re.compile(
    r"[0-9]{1,8}|[0-9]{9,14}([+-][0-9]{4})?|[0-9]+\.[0-9]+|true|false"
    r"|(tel|mailto|https?):[\w+.@/-]*\w|urn:hl7-org:v3\s+(https?://)?[\w.][\w./-]*",
    re.ASCII,
)


def check(content: bytes, root: etree._Element) -> list[Finding]:
    """Return the schema errors of a parsed document; ``content`` is the bytes it was parsed from.

    ``where`` is ``line:column`` just after the tag concerned, ``code`` the ``cvc-…`` code (interface specification, 4).
    """
    if _is_valid(content, root) and not _is_doubtful(content, root):
        return []
    # imported here to keep them out of the start: few documents have such errors
    from mockregister.validation.schema.assessment import Assessment
    from mockregister.validation.schema.components import cda_schema
    from mockregister.validation.schema.positions import Lines, text_of

    text = text_of(content, root)
    lines = Lines(text)
    return [_finding(problem, lines) for problem in Assessment(cda_schema(), text, _is_sound).walk(root)]


def _is_valid(content: bytes, root: etree._Element) -> bool:
    """Return whether libxml2 finds no errors. A document that fits in one piece is validated without parsing it again."""
    if len(content) > PIECE:
        return _validates(content, _OF_DOCUMENTS)
    with _compiled(_OF_DOCUMENTS) as compiled:
        return compiled.validate(root)


def _validates(content: bytes, schema: str) -> bool:
    """Return whether libxml2 finds no errors.

    The document is checked piece by piece, because the time that libxml2 takes grows with the square of the number of errors.
    Entries are dropped when they are checked, so that a large document is not in memory twice.
    """
    with _compiled(schema) as compiled:
        parser = etree.XMLPullParser(("end",), tag=_ENTRY, schema=compiled, **safexml.GUARDS)
        try:
            for start in range(0, len(content), PIECE):
                parser.feed(content[start : start + PIECE])
                if parser.feed_error_log:
                    return False
                for _, entry in parser.read_events():
                    entry.clear()  # type: ignore[union-attr]  # these events are of elements
            parser.close()
        except etree.XMLSyntaxError:
            return False
    return True


@contextmanager
def _compiled(schema: str) -> Iterator[etree.XMLSchema]:
    idle = _idle[schema]
    try:
        compiled = idle.pop()
    except IndexError:
        with _compiling:
            compiled = etree.XMLSchema(etree.fromstring(schema, base_url=f"{FOLDER}/"))
    try:
        yield compiled
    finally:
        idle.append(compiled)


def _is_doubtful(content: bytes, element: etree._Element) -> bool:
    """Return whether libxml2 may have passed a wrong attribute of an element; ``content`` is the bytes that it is in."""
    values = cast("list[str]", _VALUES(element))
    if any(sign in content for sign in _SIGNS):
        values += cast("list[str]", _OTHERS_LOOSELY_CHECKED(element))
    ids = cast("list[str]", _IDS(element)) if b"ID" in content or b"\0" in content else []
    return not all(map(_BEYOND_DOUBT.fullmatch, values)) or len(set(map(str.strip, ids))) < len(ids)


def _is_sound(entry: etree._Element) -> bool:
    """Return whether an entry is valid on its own and its ids do not clash with those of other entries."""
    content = etree.tostring(entry, with_tail=False)
    return not (_is_doubtful(content, entry) or _IDS(entry)) and _validates(content, _OF_ENTRIES)


def _finding(problem: Problem, lines: Lines) -> Finding:
    line, column = lines.place(problem.offset)
    return Finding(Level.XSD, problem.text, code=problem.code, where=f"{line}:{column}", line=line)
