"""CSV files with a header line: a user's files (interface section 10) and those in this package."""

from __future__ import annotations

import csv
import gzip
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from io import StringIO
from itertools import chain, groupby
from pathlib import Path
from typing import Any, TextIO

from mockregister.errors import SettingError, reason


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, how its cells are read (ValueError says what to do), and whether a file may leave it out."""

    name: str
    read: Callable[[str], Any] = str
    optional: bool = False


def read(path: Path, columns: Sequence[Column]) -> Iterator[tuple[int, list[Any]]]:
    """Yield line number and values (in the order of ``columns``) of each row; other columns are skipped.

    Raise SettingError, naming file, line and column, for a file that cannot be read, is not UTF-8 or not CSV, lacks a column,
    or has a cell that its column refuses.
    """
    lines = csv.reader(StringIO(_text(path), newline=""), strict=True)
    try:
        yield from _rows(path, lines, columns)
    except csv.Error as error:
        raise refusal(path, lines.line_num, f"this is not CSV ({error})") from error


def refusal(path: Path, line: int, sentence: str, column: str = "") -> SettingError:
    """Return the error that says what is wrong with a file, and in which line and column."""
    place = f"{path}, line {line}" + (f", column {column}" if column else "")
    return SettingError(f"{place}: {sentence}.")


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
        return (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise refusal(path, line, "this is not UTF-8; save the file in that encoding") from error
    except (OSError, EOFError) as error:
        raise SettingError(f"{path} cannot be read: {reason(error)}.") from error


def _rows(path: Path, lines: Any, columns: Sequence[Column]) -> Iterator[tuple[int, list[Any]]]:
    header = [name.strip() for name in next(lines, [])]
    places = _places(path, header, columns)
    readers = [(place, column.read) for place, column in zip(places, columns, strict=True)]
    for cells in lines:
        if not cells:
            continue
        if len(cells) != len(header):
            sizes = f"the row has {len(cells)} cells and the header line {len(header)}"
            raise refusal(path, lines.line_num, f"{sizes}; write one cell for each column")
        cells.append("")
        try:
            values = [read_cell(cells[place]) for place, read_cell in readers]
        except ValueError:
            raise _bad_cell(path, lines.line_num, cells, places, columns) from None
        yield lines.line_num, values


def _places(path: Path, header: Sequence[str], columns: Sequence[Column]) -> list[int]:
    """Return the position of each column; a missing optional column gets that of the empty cell added to every row."""
    missing = [column.name for column in columns if not column.optional and column.name not in header]
    if missing:
        raise refusal(path, 1, f"add the column {missing[0]}; the header line has {', '.join(header) or 'nothing'}")
    return [header.index(column.name) if column.name in header else len(header) for column in columns]


def _bad_cell(path: Path, line: int, cells: list[str], places: list[int], columns: Sequence[Column]) -> SettingError:
    for place, column in zip(places, columns, strict=True):
        try:
            column.read(cells[place])
        except ValueError as error:
            return refusal(path, line, str(error), column.name)
    raise AssertionError("a column that refused a cell takes it now")


def write(path: Path, header: Sequence[str], rows: Iterator[Sequence[str]]) -> int:
    """Write a CSV file, compressed if its name ends in .gz, and return the number of rows. Raise SettingError if that fails."""
    count = 0
    try:
        open_file: Callable[..., TextIO] = gzip.open if path.suffix == ".gz" else open
        with open_file(path, "wt", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            for row in rows:
                writer.writerow(row)
                count += 1
    except OSError as error:
        raise SettingError(f"{path} cannot be written: {reason(error)}.") from error
    return count


class Packed(Mapping[str, list[str]]):
    """The lines of files in this package, without their headers, by the text before the first comma, by which they are sorted.

    The files are read on first use. Their lines stay text, because a server needs a few hundred of fifty thousand codes;
    ``cells`` splits the lines that it needs. Iterating puts all lines into a dictionary, which later look-ups use.
    """

    def __init__(self, *names: str) -> None:
        self._names = names
        self._by_key: dict[str, list[str]] = {}

    @cached_property
    def _lines(self) -> list[str]:
        files = [_brought(name).rstrip("\n").split("\n")[1:] for name in self._names]
        return files[0] if len(files) == 1 else sorted(chain(*files))

    def __getitem__(self, key: str) -> list[str]:
        if self._by_key:
            return self._by_key[key]
        first, last = (bisect_left(self._lines, f"{key}{sign}") for sign in ",-")  # "-" is the character that follows ","
        if first == last or "," in key:
            raise KeyError(key)
        return self._lines[first:last]

    def keys_with(self, text: str) -> frozenset[str]:
        """Return the keys of the lines that contain ``text``."""
        return frozenset([line.partition(",")[0] for line in self._lines if text in line])

    def __iter__(self) -> Iterator[str]:
        if not self._by_key:
            self._by_key = {key: list(lines) for key, lines in groupby(self._lines, lambda line: line.partition(",")[0])}
        return iter(self._by_key)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@cache
def packed(*names: str) -> Packed:
    """Return the lines of files in this package. They never change, so all tables of a process share them."""
    return Packed(*names)


def cells(line: str) -> list[str]:
    """Return the cells of one line of a ``packed`` file."""
    return next(csv.reader((line,))) if '"' in line else line.split(",")


def brought(name: str) -> list[list[str]]:
    """Return the rows of a small file in this package, without the header."""
    return list(csv.reader(_brought(name).splitlines()))[1:]


def _brought(name: str) -> str:
    content = (resources.files("mockregister.codes") / "data" / name).read_bytes()
    return (gzip.decompress(content) if name.endswith(".gz") else content).decode("utf-8")
