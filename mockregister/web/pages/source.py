"""A document as it was sent, in rows of coloured XML, with the findings at the rows they point at."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mockregister import safexml
from mockregister.document.pointing import Pointing
from mockregister.errors import UnreadableDocument
from mockregister.finding import Finding
from mockregister.lazy import lazy
from mockregister.validation.schema.positions import Lines, tags, text_of

SHOWN = 4000  # most rows that are shown
LONG = 400  # characters; a longer line is too long to read on a screen
_LINE_END = re.compile(r"\r\n?|\n")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_LINE_COLUMN = re.compile(r"(\d+):(\d+)")
_PIECE = re.compile(
    r"(?P<comment><!--.*?-->)|(?P<tag></?[\w:.-]+|/?>)|(?P<name>[\w:.-]+(?==[\"']))|(?P<value>\"[^\"]*\"|'[^']*')", re.DOTALL
)


@dataclass(slots=True)
class Row:
    """A row of the document: the line of the source that it is on, its text, and the numbers of the findings about it."""

    line: int
    text: str
    findings: list[int] = field(default_factory=list)

    @property
    def pieces(self) -> Iterator[tuple[str, str]]:
        """Return the text in pieces, each with its kind: tag, name, value, comment or none.

        Invisible characters, and those that turn the direction of others, are shown as their number.
        """
        text = _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", self.text)
        position = 0
        for found in _PIECE.finditer(text):
            yield "", text[position : found.start()]
            yield found.lastgroup or "", found[0]
            position = found.end()
        yield "", text[position:]


@dataclass(slots=True)
class Source:
    """A document to look at: ``broken`` says that long lines were broken at tags, ``left_out`` counts the rows not shown."""

    rows: list[Row]
    broken: bool = False
    left_out: int = 0
    unplaced: list[int] = field(default_factory=list)


def source(content: bytes, findings: Iterable[tuple[int, Finding]]) -> Source:
    """Return the document with these numbered findings; findings without a place in it are among ``unplaced``."""
    try:
        root = safexml.parse(content)
    except UnreadableDocument:
        return _placed(_Text(content.decode("utf-8", "replace")), findings)
    return _placed(_Text(text_of(content, root), Pointing(root)), findings)


class _Text:
    """A document's text; ``elements`` is None if it is not XML."""

    def __init__(self, text: str, elements: Pointing | None = None) -> None:
        self.text, self.elements = text, elements
        self.lines = [0, *(found.end() for found in _LINE_END.finditer(text))]

    @lazy
    def starts(self) -> list[int]:
        """Return where each element starts."""
        return [tag.start() for tag in tags(self.text) if not tag["slash"]]

    @property
    def has_long_lines(self) -> bool:
        """Return True if it is XML with lines that are too long to read."""
        return self.elements is not None and max(map(len, self.text.splitlines()), default=0) > LONG

    def offset(self, finding: Finding) -> int | None:
        """Return where a finding points: at a line and column, at an element, or at least at a line."""
        written = _LINE_COLUMN.fullmatch(finding.where)
        if written:
            return self._at_line(int(written[1]), int(written[2]) - 2)
        number = self.elements.number(finding.where) if self.elements else None
        return self._at_line(finding.line) if number is None else self.starts[number]

    def _at_line(self, line: int, column: int = 0) -> int | None:
        """Return the offset of a column, from 0, in a line, from 1; None for a line that is not there."""
        return min(self.lines[line - 1] + max(0, column), len(self.text)) if 0 < line <= len(self.lines) else None


def _placed(text: _Text, findings: Iterable[tuple[int, Finding]]) -> Source:
    broken = text.has_long_lines
    starts = sorted({*text.lines, *_at_tags(text.text)}) if broken else text.lines
    made = Source(_rows(text.text, starts), broken)
    for number, finding in findings:
        offset = text.offset(finding)
        place = made.unplaced if offset is None else made.rows[bisect_right(starts, offset) - 1].findings
        place.append(number)
    return _cut(made)


def _cut(made: Source) -> Source:
    """Return the beginning of a long document; findings after it are shown without their place."""
    made.unplaced += [number for row in made.rows[SHOWN:] for number in row.findings]
    made.left_out = max(0, len(made.rows) - SHOWN)
    del made.rows[SHOWN:]
    return made


def _rows(text: str, starts: list[int]) -> list[Row]:
    lines = Lines(text)
    ends = [*starts[1:], len(text)]
    return [Row(lines.place(start)[0], text[start:end].rstrip("\r\n")) for start, end in zip(starts, ends, strict=True)]


def _at_tags(text: str) -> Iterator[int]:
    """Yield where a line may be broken: at every tag that directly follows another one, but at no end tag after its start tag."""
    previous_end, opened = -1, False
    for tag in tags(text):
        ends = bool(tag["slash"])
        if tag.start() == previous_end and not (ends and opened):
            yield tag.start()
        previous_end, opened = tag.end(), not ends and not tag["rest"].endswith("/")
