"""The official code files: where they are published, what a file holds, its day, and its rows in our columns."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path

from mockregister.clock import COPENHAGEN
from mockregister.codes import csv_files, official
from mockregister.codes.sks import SksTable
from mockregister.codes.tables import CodeTables

ADDRESSES = {
    "codes": "https://filer.sundhedsdata.dk/sks/data/skscomplete/SKScomplete.txt",
    "sor": "https://sor-filer.sundhedsdata.dk/sor2_produktion/V1_00/data/SorEntity_daily.csv",
}
HEADERS: dict[str, tuple[str, ...]] = {
    "sks": official.SKS_HEADER,
    "codes": official.SKS_HEADER,
    "sor": official.SOR_HEADER,
    "authorities": official.AUTHORITY_HEADER,
}
BEGINNING = 200  # bytes of a file that show what it holds
CHANGED = slice(31, 39)  # of a line of SKScomplete.txt: the day of its last change


def guess(path: Path) -> str:
    """Return what a file holds, judged by its beginning: a key of ``HEADERS``; "codes" are SKS codes in our own columns."""
    start = _beginning(path)
    if start.lstrip().startswith(b"{"):
        return "sks"
    if start.startswith(b"code,term"):
        return "codes"
    if start.lstrip().startswith(b"<") or b"sorid" in start.lower() or b"sor_id" in start.lower():
        return "sor"
    return "sks" if start[:3].islower() and start[3:4].isupper() else "authorities"


def is_official(table: str, path: Path) -> bool:
    """Return whether a file for a table of ``serve`` is in its published form, not a CSV file in our own columns."""
    if table == "sor":
        return guess(path) == "sor" and b"sor_id" not in _beginning(path)
    return table == "codes" and guess(path) == "sks"


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(BEGINNING).removeprefix(b"\xef\xbb\xbf")


def rows(kind: str, source: Path) -> Iterable[Sequence[str]]:
    """Return the rows of a file, in the columns that ``HEADERS`` has for its kind. Raise SettingError."""
    if kind == "sks":
        tables = CodeTables.load()
        return official.sks_rows(source, tables.sks, tables.lists)
    if kind == "codes":
        return official.sks_csv_rows(SksTable.from_csv(source))
    return official.sor_rows(source) if kind == "sor" else official.authority_rows(source)


def as_table(table: str, path: Path, folder: Path) -> Path:
    """Return a CSV file in our own columns: ``path`` if it is one, else a file that is written from it into ``folder``.

    Raise SettingError for a file that cannot be read.
    """
    if not is_official(table, path):
        return path
    made = folder / f"{table}.csv"
    csv_files.write(made, HEADERS[table], iter(rows(guess(path), path)))
    return made


def day_of(path: Path) -> date:
    """Return the day of a source: the last change in SKScomplete.txt, or the date of a FHIR resource.

    For any other file it is the day on which the file was last changed.
    """
    kind = guess(path)
    if kind == "sks":
        content = path.read_bytes()
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
                resource = json.loads(content)
                return date.fromisoformat((resource.get("date") or resource["meta"]["lastUpdated"])[:10])
            days = (line[CHANGED] for line in content.split(b"\n"))
            return date.fromisoformat(max(day for day in days if day.isdigit() and day < b"2200").decode())
    return datetime.fromtimestamp(path.stat().st_mtime, COPENHAGEN).date()


def stamp(path: Path, day: date) -> None:
    """Give a file the modification time of its source's day."""
    moment = datetime.combine(day, time(12), COPENHAGEN).timestamp()
    os.utime(path, (moment, moment))
