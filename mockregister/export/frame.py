"""Tables with named columns, and the files they are written to."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TextIO

from mockregister.errors import SettingError

Cell = str | int | float | date | time | datetime | None


@dataclass(frozen=True, slots=True)
class Frame:
    """A table: its name, which is also that of its file, the types of its cells by name of the column, and its rows."""

    name: str
    columns: dict[str, type]
    rows: Sequence[tuple[Cell, ...]]


def write_csv(frame: Frame, folder: Path) -> Path:
    """Write a table as ``<name>.csv`` and return the path.

    The file is in UTF-8, with a header line, dates and times in ISO 8601, and an empty cell for an unknown value.
    """
    path = folder / f"{frame.name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(_Lines(file), lineterminator="\r\n")
        writer.writerow(frame.columns)
        writer.writerows([cell.isoformat() if isinstance(cell, datetime) else cell for cell in row] for row in frame.rows)
    return path


class _Lines:
    """Ends lines with a line feed in place of the csv writer's CRLF, which makes the writer quote a lone carriage return, too."""

    def __init__(self, file: TextIO) -> None:
        self.file = file

    def write(self, line: str) -> None:
        """Write one row of the table, which may have line ends in its cells."""
        self.file.write(line.removesuffix("\r\n") + "\n")


def write_parquet(frame: Frame, folder: Path) -> Path:
    """Write a table as ``<name>.parquet``, with null for an unknown value, and return the path.

    Raise SettingError if pyarrow is not installed.
    """
    pyarrow, parquet = _pyarrow()
    types: dict[type, Any] = {
        str: pyarrow.string(),
        int: pyarrow.int64(),
        float: pyarrow.float64(),
        date: pyarrow.date32(),
        time: pyarrow.time32("s"),
        datetime: pyarrow.timestamp("ms"),
    }
    schema = pyarrow.schema([(name, types[kind]) for name, kind in frame.columns.items()])
    cells = [[None if row[place] == "" else row[place] for row in frame.rows] for place in range(len(frame.columns))]
    path = folder / f"{frame.name}.parquet"
    parquet.write_table(pyarrow.table(cells, schema=schema), path)
    return path


def read_parquet(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a Parquet file by column name. Raise SettingError if pyarrow is not installed."""
    _, parquet = _pyarrow()
    rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    return rows


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise SettingError("Parquet files need pyarrow: pip install 'mockregister[parquet]', or leave out --parquet.") from error
    return pyarrow, parquet


WRITERS: dict[str, Callable[[Frame, Path], Path]] = {"csv": write_csv, "parquet": write_parquet}


def write(frames: Iterable[Frame], folder: Path, kinds: Sequence[str]) -> list[Path]:
    """Write tables as files of these kinds (``csv``, ``parquet``) into a folder, which is made, and return their paths.

    Raise SettingError if pyarrow is needed and not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [WRITERS[kind](frame, folder) for frame in frames for kind in kinds]
