"""Read the register's published rule list, with its conditions, as the rules of an edition.

The list is an Excel file, or a CSV file of the same content. Its columns are found by name. ErrorType, Rulename, ErrorNumber,
ErrorText and Rulesource are required; RuleGroup and the columns that limit a rule to some days are optional. Other columns are
ignored: they concern reports other than LPR reports.
"""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import partial
from io import BytesIO, StringIO
from itertools import zip_longest
from pathlib import Path, PurePath
from typing import Any
from zipfile import ZipFile

from mockregister.errors import SettingError
from mockregister.finding import Severity
from mockregister.validation.rules.drools.parser import ConditionError
from mockregister.validation.rules.drools.translation import translate
from mockregister.validation.rules.expression import both
from mockregister.validation.rules.limits import COLUMNS, DATES, Limits, day_of
from mockregister.validation.rules.rule import Rule

NEEDED = {name.lower(): name for name in ("ErrorType", "Rulename", "ErrorNumber", "ErrorText", "Rulesource")}
OTHER_NAMES = {
    "severity": "errortype",
    "rule": "rulename",
    "number": "errornumber",
    "officialtext": "errortext",
    "condition": "rulesource",
    "group": "rulegroup",
}
EXCEL = (b"PK", b"\xd0\xcf")  # the first bytes of a workbook, and of one from before Excel 2007
KINDS = {"ERROR": Severity.ERROR, "WARN": Severity.WARNING, "WARNING": Severity.WARNING, "OK": Severity.ERROR}
FIRST_YEAR = 2018  # of LPR3; an earlier year belongs to an id that Excel took for month and year
NAMELESS = ("", "null", "none")
NO = ("false", "falsk", "nej", "no", "0", "0.0")
FORMULA, MERGED = re.compile(rb"<f[ >]"), re.compile(rb"<mergeCell ")
HEADER_WITHIN = 20  # rows of a sheet; there may be titles above the header
DELIMITERS = ",;\t"
UNSEEN = re.compile(r"_x000[dD]_|[\x00-\x08\x0b\x0c\x0e-\x1f\u200b\u2060\ufeff]")  # XML forbids some, Excel shows none of them

Row = dict[str, Any]
Sheets = list[tuple[str, list[list[Any]]]]


@dataclass(frozen=True)
class PublishedRule:
    """A row of the list: ``kind`` is its ErrorType, ``condition`` its Rulesource as written, ``place`` its place in the file."""

    id: str
    kind: str
    number: int
    text: str
    condition: str
    group: str = ""
    limits: Limits = field(default_factory=Limits)
    place: str = ""

    @property
    def reported(self) -> bool:
        """Whether an answer can name the rule: it is not of type OK, and it is for LPR reports."""
        return self.kind != "OK" and self.limits.for_lpr


class UnreadableCondition(SettingError):
    """A condition in the list cannot be read; the message names the rule, the place, and what was expected."""


def read_list(path: Path, numbers: Mapping[int, Sequence[str]] | None = None) -> tuple[PublishedRule, ...]:
    """Return the rules of an Excel or CSV file in their order, as ``list_of`` does. Raise SettingError if it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SettingError(f"{path} cannot be read: {error.strerror}.") from error
    return list_of(path, content, numbers)


def list_of(path: PurePath, content: bytes, numbers: Mapping[int, Sequence[str]] | None = None) -> tuple[PublishedRule, ...]:
    """Return the rules in the content of an Excel or CSV file in their order; ``path`` is the file's name.

    ``numbers`` are the ids of known rules by number, for a rule that has no name in the list. Raise SettingError if the file
    is not a rule list, or a row is not a rule.
    """
    rules = [_rule(row, place) for place, row in _rows_of(path, content)]
    if not rules:
        raise SettingError(f"{path} is not a rule list: there is no rule below its first row.")
    return _distinct(path, _named(rules, numbers or {}))


def rules_of(listed: Iterable[PublishedRule], skip: Callable[[UnreadableCondition], None] | None = None) -> tuple[Rule, ...]:
    """Return the rows of a list as rules.

    A condition that cannot be read is handed to ``skip`` and its rule left out; without ``skip``, raise UnreadableCondition.
    """
    listed = tuple(listed)
    errors = {rule.id for rule in listed if rule.kind == "ERROR" and rule.reported}
    made = []
    for rule in listed:
        try:
            made.append(_made(rule, errors))
        except ConditionError as error:
            unreadable = UnreadableCondition(f"Rule {rule.id} ({rule.place}): its condition cannot be read: {error}.")
            if skip is None:
                raise unreadable from error
            skip(unreadable)
    return tuple(made)


def _made(listed: PublishedRule, errors: set[str]) -> Rule:
    found = translate(listed.condition)
    becomes_error = listed.kind != "ERROR" and listed.id.removesuffix("-w") in errors - {listed.id}
    return Rule(
        listed.id,
        listed.number,
        listed.text,
        on=found.on,
        key=found.key,
        cause=found.cause,
        violated=both(listed.limits.condition, found.violated) if listed.limits.dates else found.violated,
        severity=KINDS[listed.kind],
        error_by=found.deadline if becomes_error else None,
        published=listed.condition,
        reported=listed.reported,
    )


# from cells to rows


def _rows_of(path: PurePath, content: bytes) -> Iterator[tuple[str, Row]]:
    """Yield each row that is not empty, by column name, with its place; from the first sheet that has the columns."""
    is_excel = content[:2] in EXCEL or path.suffix.lower().startswith(".xls")
    sheets = _sheets(path, content) if is_excel else _csv_rows(path, content)
    lacks = list(NEEDED)
    for name, rows in sheets:
        for line, cells in enumerate(rows[:HEADER_WITHIN], 1):
            named = (re.sub(r"[\s_]", "", _text(cell).lower()) for cell in cells)
            columns = [OTHER_NAMES.get(name, name) for name in named]
            missing = [column for column in NEEDED if column not in columns]
            if not missing:
                return _below(f"{path.name}{name}", columns, rows, line)
            lacks = min(lacks, missing, key=len)
    raise SettingError(f"{path} is not a rule list: none of its first {HEADER_WITHIN} rows has the column {NEEDED[lacks[0]]}.")


def _below(place: str, columns: list[str], rows: list[list[Any]], line: int) -> Iterator[tuple[str, Row]]:
    for number, cells in enumerate(rows[line:], line + 1):
        row = {column: cell for column, cell in zip_longest(columns, cells) if column}
        if _text(row["rulename"]) or _text(row.get("rulesource")):
            yield f"{place}, row {number}", row


def _sheets(path: PurePath, content: bytes) -> Sheets:
    try:
        import openpyxl
    except ModuleNotFoundError as error:
        raise SettingError("Excel files need openpyxl: pip install 'mockregister[xlsx]'.") from error
    if not content.startswith(EXCEL[0]):
        raise SettingError(f"{path} is not an .xlsx file, but perhaps one of an older Excel; save it as .xlsx or CSV.")
    try:
        with ZipFile(BytesIO(content)) as file:
            pages = [file.read(name) for name in file.namelist() if name.startswith("xl/worksheets/")]
        load = partial(_loaded, openpyxl, content, merged=any(MERGED.search(page) for page in pages))
        values = load(data_only=True)
        return _with_formulas(values, load(data_only=False)) if any(FORMULA.search(page) for page in pages) else values
    except Exception as error:  # a damaged file makes zip, XML and openpyxl fail in their own ways
        raise SettingError(f"{path} cannot be read as an Excel file: {error}.") from error


def _loaded(openpyxl: Any, content: bytes, *, merged: bool, data_only: bool) -> Sheets:
    """Return the sheets with the values of formulas or, unless ``data_only``, with the formulas themselves.

    openpyxl tells which cells are ``merged`` only if it reads the whole workbook at once.
    """
    sheets: Sheets = []
    with closing(openpyxl.load_workbook(BytesIO(content), read_only=not merged, data_only=data_only)) as book:
        for sheet in book.worksheets:
            if not merged:
                sheet.reset_dimensions()  # some programs write too small a size, and cells beyond it would not be read
            rows = [list(row) for row in sheet.iter_rows(values_only=True)]
            sheets.append((f", sheet {sheet.title}", _filled(rows, sheet.merged_cells.ranges) if merged else rows))
    return sheets


def _filled(rows: list[list[Any]], areas: Iterable[Any]) -> list[list[Any]]:
    """Return the rows with the value of cells that are merged downwards in each row that has other values."""
    used = {number for number, row in enumerate(rows) if any(cell is not None for cell in row)}
    for area in areas:  # a file has the value in the first row only; an area counts rows and columns from 1
        for number in used.intersection(range(area.min_row, area.max_row)):
            rows[number][area.min_col - 1] = rows[area.min_row - 1][area.min_col - 1]
    return rows


def _with_formulas(values: Sheets, formulas: Sheets) -> Sheets:
    """Return the values; where a program wrote a formula without its value, the formula."""
    return [
        (place, [[text if value is None else value for value, text in zip_longest(*two)] for two in zip_longest(rows, texts)])
        for (place, rows), (_, texts) in zip(values, formulas, strict=True)
    ]


def _csv_rows(path: PurePath, content: bytes) -> Sheets:
    """Return the rows for each delimiter; the reader uses those in which it finds the columns."""
    text = _decoded(content)
    try:
        return [("", [list(row) for row in csv.reader(StringIO(text, newline=""), delimiter=sign)]) for sign in DELIMITERS]
    except csv.Error as error:
        raise SettingError(f"{path} cannot be read as CSV: {error}.") from error


def _decoded(content: bytes) -> str:
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:  # Excel writes the encoding of Windows or, as "CSV (Macintosh)", that of the old Macintosh
        return max((content.decode(name, "replace") for name in ("cp1252", "mac_roman")), key=_danish_letters)


def _danish_letters(text: str) -> int:
    return sum(map(text.count, "æøåÆØÅ"))


# from rows to rules


def _rule(row: Row, place: str) -> PublishedRule:
    unsaved = next((column for column in NEEDED if _text(row[column]).startswith("=")), "")
    if unsaved:
        raise SettingError(f"{place}: {NEEDED[unsaved]} is a formula without a value; save the list in a spreadsheet program.")
    kind, number, text = _text(row["errortype"]).upper(), _text(row["errornumber"]).removesuffix(".0"), _text(row["errortext"])
    if kind not in KINDS:
        raise SettingError(f"{place}: ErrorType is '{kind}'; it must be {', '.join(KINDS)}.")
    if not number.isdecimal() or int(number) == 0:
        raise SettingError(f"{place}: ErrorNumber is '{number}'; it must be a whole number above 0.")
    if not text:
        raise SettingError(f"{place}: ErrorText is empty; answers need a text.")
    kind, condition = "WARN" if kind == "WARNING" else kind, _text(row["rulesource"])
    return PublishedRule(
        rule_id_of(row["rulename"]), kind, int(number), text, condition, _text(row.get("rulegroup")), _limits(row, place), place
    )


def _limits(row: Row, place: str) -> Limits:
    days: dict[str, datetime] = {}
    for column in DATES:
        cell = row.get(column)
        if _text(cell):
            try:
                days[column] = day_of(cell, ends=column.endswith("todate"))
            except ValueError as error:
                raise SettingError(f"{place}: {COLUMNS[column]} is '{_text(cell)}'; {error}.") from error
    return Limits(_text(row.get("isvalidforlprreports")).lower() not in NO, days)


def rule_id_of(cell: object) -> str:
    """Return the id that a cell means: Excel removes dots and zeros from 05.102 and 11.60, or turns them into dates or times."""
    if isinstance(cell, date):
        is_month = cell.day == 1 and cell.year < FIRST_YEAR
        return f"{cell.month:02}.{cell.year % 100:02}" if is_month else f"{cell.day:02}.{cell.month:02}"
    if isinstance(cell, time):
        return f"{cell.hour:02}.{cell.minute:02}"
    text = _text(cell).removesuffix(".0")
    if re.fullmatch(r"\d\d?[.,]\d+", text):
        family, _, number = text.replace(",", ".").partition(".")
        return f"{family.zfill(2)}.{number.ljust(2, '0')}"
    if not re.fullmatch(r"\d{3,7}", text):
        return text
    if len(text) > 5:
        return f"{text[:-5].zfill(2)}.{text[-5:-3]}.{text[-3:]}"
    places = 2 if len(text) == 3 else 3
    return f"{text[:-places].zfill(2)}.{text[-places:]}"


def _named(rules: list[PublishedRule], numbers: Mapping[int, Sequence[str]]) -> Iterator[PublishedRule]:
    """Yield the rules, with a name for those that have none.

    It is that of the only known rule with this number that the list does not name, or else ``null-`` and the number.
    """
    taken = {rule.id for rule in rules}
    for rule in rules:
        known = [name for name in numbers.get(rule.number, ()) if name not in taken]
        if rule.id.lower() not in NAMELESS:
            yield rule
        elif len(known) == 1:
            yield replace(rule, id=known[0])
        else:
            yield replace(rule, id=f"null-{rule.number}")


def _distinct(path: PurePath, rules: Iterable[PublishedRule]) -> tuple[PublishedRule, ...]:
    found: dict[str, PublishedRule] = {}
    for rule in rules:
        if rule.id in found:
            raise SettingError(f"{rule.place}: rule {rule.id} is in the list twice, first in {found[rule.id].place}.")
        found[rule.id] = rule
    return tuple(found.values())


def _text(cell: Any) -> str:
    text = "" if cell is None else UNSEEN.sub(" ", str(cell)).strip()
    return text[2:-1] if re.fullmatch('="[^"]*"', text) else text  # ="05" stays a text in spreadsheets
