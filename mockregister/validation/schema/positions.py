"""Lines and columns as a SAX locator gives them: the position just after a tag.

Neither lxml nor expat says where a tag *ends*. The text is known to be well-formed, because it has been parsed already, so one
expression finds all tags in the order in which lxml walks the elements.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from lxml import etree

from mockregister import safexml

_MARKUP = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    r"""|<(?P<slash>/?)(?P<name>[^\s/>]+)(?P<rest>[^'">]*(?:"[^"]*"[^'">]*|'[^']*'[^'">]*)*)>""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s=<>"'/]+)\s*=\s*("[^"]*"|'[^']*')""")
_LINE_END = re.compile(r"\r\n?|\n")
_LINE_ENDS = re.compile(r"[\r\n]+")
_QUOTED_OR_LINE_ENDS = re.compile(r"""(?P<quoted>"[^"]*"|'[^']*')|[\r\n]+""")
_SEEN_IN_FIRST_BYTES = {
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
_BEYOND_BMP = re.compile("[\U00010000-\U0010ffff]")


def tags(text: str) -> Iterator[re.Match[str]]:
    """Return the tags of a well-formed text in order; end tags have a ``slash``, the ``rest`` of empty elements ends in ``/``."""
    return (found for found in _MARKUP.finditer(text) if found["name"])


class StartTag(NamedTuple):
    """A start tag as written: names with their prefixes, and the offset just after it."""

    name: str
    attributes: list[str]
    namespaces: dict[str, str]
    end: int


class Tags:
    """The tags of a document in order; ``start`` and ``end`` are called as the elements start and end."""

    def __init__(self, text: str) -> None:
        self._markup = tags(text)
        self._closed_at = -1

    def start(self) -> StartTag:
        """Return the next start tag."""
        found = next(self._markup)
        if found["rest"].endswith("/"):
            self._closed_at = found.end()
        written = _ATTRIBUTE.findall(found["rest"])
        names = [name for name, _ in written if not _declares_namespace(name)]
        namespaces = {name[6:]: unescape(value[1:-1]) for name, value in written if _declares_namespace(name)}
        return StartTag(found["name"], names, namespaces, found.end())

    def end(self) -> int:
        """Return the offset just after the next end tag; an empty-element tag ends itself."""
        if self._closed_at >= 0:
            offset, self._closed_at = self._closed_at, -1
            return offset
        return next(self._markup).end()

    def past(self) -> int:
        """Return the offset just after the end tag of the element that started last; everything in it is skipped."""
        if self._closed_at >= 0:
            return self.end()
        depth = 1
        for found in self._markup:
            if found["slash"]:
                depth -= 1
            elif not found["rest"].endswith("/"):
                depth += 1
            if not depth:
                break
        return found.end()


def _declares_namespace(attribute: str) -> bool:
    return attribute == "xmlns" or attribute.startswith("xmlns:")


class Lines:
    """Convert an offset just after a tag to line and column, both from 1. Columns count UTF-16 units, as in Java."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
        self._wide = [found.start() for found in _BEYOND_BMP.finditer(text)]
        self._short = dict(_miscounted(text)) if _bare_returns(text) else {}

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of the character at the offset."""
        line = bisect_right(self._starts, offset)
        start = self._starts[line - 1]
        surrogates = bisect_left(self._wide, offset) - bisect_left(self._wide, start)
        return line, offset - start + 1 + surrogates - self._short.get(start, 0)


def _bare_returns(text: str) -> int:
    """Return how many carriage returns are line ends on their own."""
    return text.count("\r") - text.count("\r\n")


def _miscounted(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start of each line in which Xerces counts too few columns, and how many are missing.

    Xerces counts a bare carriage return twice when it reads text, but not before the first tag or between attributes.
    """
    blanks: set[int] = set()
    start = len(text)
    for tag in tags(text):
        start = min(start, tag.start())
        inside = _QUOTED_OR_LINE_ENDS.finditer(text, tag.start(), tag.end())
        blanks.update(found.end() for found in inside if not found["quoted"])
    for found in _LINE_ENDS.finditer(text, start):
        if found.end() not in blanks:
            yield found.end(), _bare_returns(found[0])


def text_of(content: bytes, root: etree._Element) -> str:
    """Return the text of a parsed document, whatever its encoding."""
    text = (
        content.removeprefix(codecs.BOM_UTF8)
        .decode(_SEEN_IN_FIRST_BYTES.get(content[:2]) or root.getroottree().docinfo.encoding or "utf-8", "replace")
        .removeprefix("\ufeff")
    )
    if sum(1 for found in tags(text) if not found["slash"]) == safexml.ELEMENTS(root):
        return text
    # Python decodes this encoding differently from libxml2. The text that lxml writes has the same tags, if other columns.
    return etree.tostring(root, encoding="unicode")


def element_at(where: str, text: str, root: etree._Element) -> etree._Element | None:
    """Return the element whose start or end tag ends at a place (``line:column``); None if there is none."""
    number = next((number for place, number in _places(text) if place == where), None)
    return list(root.iter(etree.Element))[number] if number is not None else None


def elements_by_place(text: str, root: etree._Element) -> dict[str, etree._Element]:
    """Return every element by the places (``line:column``) at which its start tag and its end tag end."""
    elements = list(root.iter(etree.Element))
    return {place: elements[number] for place, number in _places(text)}


def _places(text: str) -> Iterator[tuple[str, int]]:
    """Yield the place (``line:column``) at which each tag ends, and the number of its element, from 0."""
    lines, opened, number = Lines(text), list[int](), -1
    for tag in tags(text):
        if not tag["slash"]:
            number += 1
            opened.append(number)
        yield ":".join(map(str, lines.place(tag.end()))), opened[-1]
        if tag["slash"] or tag["rest"].endswith("/"):
            opened.pop()
