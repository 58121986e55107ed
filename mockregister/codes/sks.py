"""SKS, the classification of the Danish health service: codes, terms, validity, and the lists that a code belongs to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property, lru_cache
from itertools import islice, takewhile
from pathlib import Path

from mockregister.codes import validity
from mockregister.codes.csv_files import Column, brought, cells, packed, read, refusal
from mockregister.codes.lists import NO_LISTS, CodeLists, Membership, listed, pattern

LONGEST_CODE = 20
REMEMBERED = 10_000
SEARCHES_REMEMBERED = 16  # by list; each holds the codes of one list
LISTED = "sks.csv.gz"


@dataclass(frozen=True, slots=True)
class SksRow:
    """One validity period of an SKS code; None is an open end. An unknown date is read as an open end."""

    code: str
    term: str
    valid_from: datetime | None
    valid_to: datetime | None
    lists: Membership


def is_code(text: str) -> bool:
    """Return whether ``text`` has the form of an SKS code: ASCII capitals and digits, a letter first, 1 to 10 characters."""
    return len(text) <= 10 and text.isascii() and text.isalnum() and text[0].isalpha() and text.upper() == text


class SksTable:
    """The SKS codes of one register; immutable.

    Hundreds of rules ask about the same few codes and moments of a document, so recent answers are cached: ``lists_at``,
    ``lists_within`` and ``row_near`` are the methods ``_lists_at``, ``_lists_within`` and ``_row_near`` with a cache.
    """

    def __init__(self, rows: dict[str, tuple[SksRow, ...]]) -> None:
        self._rows = rows
        remember = lru_cache(maxsize=REMEMBERED)
        self.lists_at: Callable[[str, datetime | None], Membership] = remember(self._lists_at)
        self.lists_within: Callable[[str, datetime | None, datetime | None], Membership] = remember(self._lists_within)
        self.row_near: Callable[[str, datetime | None, datetime | None], SksRow | None] = remember(self._row_near)

    @classmethod
    def from_csv(cls, path: Path) -> SksTable:
        """Return the table of a user's file; list patterns do not apply to it. Raise SettingError."""
        lists = lru_cache(maxsize=None)(lambda cell: Membership(listed(cell)))
        columns = (
            Column("code", _code),
            Column("term"),
            Column("valid_from", validity.start_of),
            Column("valid_to", validity.end_of),
            Column("lists", lists),
        )
        rows: dict[str, tuple[SksRow, ...]] = {}
        for line, values in read(path, columns):
            row = SksRow(*values)
            if not validity.in_order(row.valid_from, row.valid_to):
                raise refusal(path, line, f"{row.code} ends before it starts; correct one of the two dates", "valid_to")
            rows[row.code] = (*rows.get(row.code, ()), row)
        return cls(rows)

    def rows(self, code: str) -> tuple[SksRow, ...]:
        """Return every row of the code, in the order of the file; none for a text that is not a code."""
        return self._rows.get(code, ())

    def known(self, code: str) -> bool:
        """Return whether the code has a row (interface section 7); if not, level 3 reports SKS_CODE_NOT_FOUND."""
        return bool(self.rows(code))

    def _lists_at(self, code: str, moment: datetime | None) -> Membership:
        """Return the lists of every row that is valid at ``moment``; none for a missing moment (interface section 8)."""
        return _joined([row for row in self.rows(code) if moment is not None and validity.holds(row, moment)])

    def _lists_within(self, code: str, start: datetime | None, end: datetime | None) -> Membership:
        """Return the lists of every row that overlaps the period, which is open without ``end``; none without ``start``."""
        return _joined([row for row in self.rows(code) if start is not None and validity.overlaps(row, start, end)])

    def row_for(self, code: str, start: datetime | None, end: datetime | None) -> SksRow | None:
        """Return the row that overlaps the period; if several do, the one whose validity is closest to its start (fact 109).

        Return None if no row overlaps it, or without ``start``.
        """
        if start is None:
            return None
        return validity.closest((row for row in self.rows(code) if validity.overlaps(row, start, end)), start)

    def _row_near(self, code: str, start: datetime | None, end: datetime | None) -> SksRow | None:
        """Return the row of ``row_for``; without one, the row whose validity is closest to the start.

        So a rule can compare gyldigFraDato and gyldigTilDato of a code that has expired or is not valid yet. Without a start
        this is the last row. Return None only for an unknown code.
        """
        rows = self.rows(code)
        if start is None or len(rows) < 2:
            return rows[-1] if rows else None
        return self.row_for(code, start, end) or validity.closest(rows, start)

    def search(self, prefix: str = "", text: str = "", list_name: str = "") -> Iterator[SksRow]:
        """Yield the rows, sorted by code, of the codes that start with ``prefix`` and contain ``text``, in code or term.

        Letter case does not matter in ``text``. With ``list_name``, only rows in that list are yielded.
        """
        wanted = text.casefold()
        first = bisect_left(self.codes, prefix)
        for code in takewhile(lambda code: code.startswith(prefix), islice(self.codes, first, None)):
            is_named = not wanted or wanted in self._words(code).casefold()
            if is_named and (not list_name or self._may_be_in(code, list_name)):
                yield from (row for row in self.rows(code) if not list_name or list_name in row.lists)

    def _words(self, code: str) -> str:
        return " ".join((code, *(row.term for row in self.rows(code))))

    def _may_be_in(self, code: str, list_name: str) -> bool:
        """Return False if a row cannot be in the list, which saves reading it."""
        return True

    @cached_property
    def codes(self) -> Sequence[str]:
        """Every listed code, sorted."""
        return sorted(self._rows)


class BuiltInSks(SksTable):
    """The SKS codes in this package, read line by line on first use.

    A lenient table also accepts unlisted codes that fit a partly listed main group, with open validity; a strict table refuses
    them.
    """

    def __init__(self, lists: CodeLists, *, lenient: bool) -> None:
        super().__init__({})
        self._lines = packed(LISTED)
        self._with = lru_cache(maxsize=SEARCHES_REMEMBERED)(self._lines.keys_with)
        self._lists = lists
        self._takes = pattern(glob for row in brought("groups.csv") for glob in row[2].split() if lenient)

    def rows(self, code: str) -> tuple[SksRow, ...]:
        """Return every row of the code; an accepted but unlisted code has one row, mostly without a term."""
        found = self._rows.get(code)
        if found is None:
            found = self._read(code)
            if len(self._rows) < REMEMBERED or code in self._lines:
                self._rows[code] = found
        return found

    def _read(self, code: str) -> tuple[SksRow, ...]:
        if code in self._lines:
            return tuple(self._row(*cells(line)) for line in self._lines[code])
        if is_code(code) and self._takes.match(code):
            return (SksRow(code, _terms().get(code, ""), None, None, self._lists.membership(code, ())),)
        return ()

    def _row(self, code: str, term: str, valid_from: str, valid_to: str, lists: str) -> SksRow:
        membership = self._lists.membership(code, listed(lists))
        dates = validity.start_of(valid_from), validity.end_of(valid_to)
        return SksRow(code, term or _terms().get(code, ""), *dates, membership)

    def _words(self, code: str) -> str:
        return "\n".join(self._lines[code])

    def _may_be_in(self, code: str, list_name: str) -> bool:
        return code in self._with(list_name) or self._lists.takes(list_name, code)

    @cached_property
    def codes(self) -> Sequence[str]:
        """Every listed code, sorted."""
        return sorted(self._lines)


def term(code: str) -> str:
    """Return the term that this package has for a code, the last one if it has several; empty if it has none."""
    lines = packed(LISTED).get(code)
    return (cells(lines[-1])[1] if lines else "") or _terms().get(code, "")


@cache
def _terms() -> dict[str, str]:
    """Return the terms of codes that are not listed, or are listed without one."""
    return dict(brought("terms.csv"))


def _joined(rows: Sequence[SksRow]) -> Membership:
    if len(rows) == 1:
        return rows[0].lists
    return Membership.of_all(row.lists for row in rows) if rows else NO_LISTS


def _code(cell: str) -> str:
    if not cell or len(cell) > LONGEST_CODE or any(letter.isspace() for letter in cell):
        raise ValueError(f"'{cell}' is not a code; write 1 to {LONGEST_CODE} characters without spaces")
    return cell
