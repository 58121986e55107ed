"""The line of a document that a finding points at, for people who read the document rather than an XPath."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import cast

from lxml import etree

from mockregister import safexml
from mockregister.document.pointing import selected
from mockregister.errors import UnreadableDocument
from mockregister.finding import Finding

LINE_AND_COLUMN = re.compile(r"(\d+):\d+")


def with_lines(findings: Iterable[Finding], contents: Mapping[str, bytes]) -> Iterator[Finding]:
    """Yield the findings, each with its line; 0 if the place cannot be found.

    ``contents`` are the documents by their ids as findings write them, in lower case.
    """
    roots: dict[str, etree._Element | None] = {}
    for finding in findings:
        key = finding.document.lower()
        if not finding.line and finding.where and key not in roots:
            roots[key] = _root(contents.get(key, b""))
        root = roots.get(key)
        yield finding if finding.line or root is None else replace(finding, line=_line(finding.where, root))


def _root(content: bytes) -> etree._Element | None:
    try:
        return safexml.parse(content)
    except UnreadableDocument:
        return None


def _line(where: str, root: etree._Element) -> int:
    numbers = LINE_AND_COLUMN.fullmatch(where)
    if numbers:
        return int(numbers[1])
    found = selected(root, where)
    return 0 if found is None else cast("int | None", found.sourceline) or 0
