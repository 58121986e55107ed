"""A document as its sender wrote it: the text of each element, and changes that leave the rest of the text as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

from mockregister import safexml
from mockregister.document.whereabouts import line_of
from mockregister.lazy import lazy
from mockregister.validation.mending.sentences import MendSentence
from mockregister.validation.schema.positions import tags

_BLANKS = re.compile(r"[ \t\r\n]*\Z")


class Stretch(NamedTuple):
    """Where an element is in the text, as offsets: its start, the end of its start tag, and its end."""

    start: int
    opened: int
    end: int


class TextChange(NamedTuple):
    """A replacement of the text from ``start`` to ``end`` by ``text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Mend:
    """Changes that mend one thing: ``sentence`` describes them, and ``line`` (from 1) is where they are."""

    sentence: MendSentence
    line: int
    changes: tuple[TextChange, ...]


class WrittenDocument:
    """A document's bytes as text.

    Raise UnreadableDocument if they are not XML, LookupError if Python does not know their encoding, and ValueError if the text
    could not be written back unchanged.
    """

    def __init__(self, content: bytes) -> None:
        self.content, self.root = content, safexml.parse(content)
        self._encoding = self.root.getroottree().docinfo.encoding or "utf-8"
        self.text = content.decode(self._encoding)
        if self.text.encode(self._encoding) != content:
            raise ValueError(f"The document cannot be changed: writing its text in {self._encoding} again gives other bytes.")

    def changed(self, changes: Iterable[TextChange]) -> bytes:
        """Return the document with these changes, which do not overlap."""
        text = self.text
        for change in sorted(changes, reverse=True):
            text = text[: change.start] + change.text + text[change.end :]
        return text.encode(self._encoding, "xmlcharrefreplace")

    @lazy
    def _stretches(self) -> dict[etree._Element, Stretch]:
        found: dict[etree._Element, Stretch] = {}
        elements, open_ones = self.root.iter(etree.Element), list[tuple[etree._Element, int, int]]()
        for tag in tags(self.text):
            if not tag["slash"]:
                open_ones.append((next(elements), tag.start(), tag.end()))
            if tag["slash"] or tag["rest"].endswith("/"):
                element, start, opened = open_ones.pop()
                found[element] = Stretch(start, opened, tag.end())
        return found

    def stretch(self, element: etree._Element) -> Stretch:
        """Return where an element is in the text."""
        return self._stretches[element]

    def blanks_before(self, element: etree._Element) -> str:
        """Return the white space between what precedes an element and its start tag."""
        found = _BLANKS.search(self.text, 0, self.stretch(element).start)
        return found[0] if found else ""

    # -- changes

    def set_attribute(self, element: etree._Element, name: str, value: str) -> TextChange:
        """Return the change that gives an attribute, whose name has no prefix, this value."""
        start, opened, _ = self.stretch(element)
        found = re.compile(rf"""\s{re.escape(name)}\s*=\s*("[^"]*"|'[^']*')""").search(self.text, start, opened)
        escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
        if found:
            return TextChange(found.start(1), found.end(1), f'"{escaped}"')
        end = opened - (2 if self.text[opened - 2] == "/" else 1)
        return TextChange(end, end, f' {name}="{escaped}"')

    def rename_attribute(self, element: etree._Element, name: str, right: str) -> TextChange:
        """Return the change that gives an attribute another name."""
        start, opened, _ = self.stretch(element)
        found = re.compile(rf"\s({re.escape(name)})\s*=").search(self.text, start, opened)
        assert found is not None
        return TextChange(found.start(1), found.end(1), right)

    def rename(self, element: etree._Element, right: str) -> list[TextChange]:
        """Return the changes that give an element another local name."""
        start, opened, end = self.stretch(element)
        length = len(etree.QName(element).localname)
        first = start + 1 + (len(element.prefix) + 1 if element.prefix else 0)
        found = [TextChange(first, first + length, right)]
        if end != opened:
            first = self.text.rindex("</", 0, end) + 2 + (len(element.prefix) + 1 if element.prefix else 0)
            found.append(TextChange(first, first + length, right))
        return found

    def insert_first(self, element: etree._Element, markup: Sequence[str]) -> TextChange:
        """Return the change that puts pieces of markup before all else in an element that has child elements."""
        opened = self.stretch(element).opened
        blanks = self.blanks_before(next(element.iterchildren(etree.Element)))
        return TextChange(opened, opened, "".join(blanks + piece for piece in markup))

    def reorder(self, children: Sequence[etree._Element], ordered: Sequence[etree._Element]) -> list[TextChange]:
        """Return the changes that put child elements in another order; text between them stays in place."""
        pairs = [(self.stretch(was), self.stretch(now)) for was, now in zip(children, ordered, strict=True) if was is not now]
        return [TextChange(was.start, was.end, self.text[now.start : now.end]) for was, now in pairs]


def set_attribute(written: WrittenDocument, element: etree._Element, name: str, right: str) -> Mend:
    """Return the mend that gives an attribute another value."""
    was = str(element.get(name, ""))
    sentence = MendSentence("set" if name in element.attrib else "add", right, was, name, element)
    return Mend(sentence, line_of(element), (written.set_attribute(element, name, right),))
