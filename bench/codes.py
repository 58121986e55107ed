"""Measure the code tables: loading, look-ups compared with ``dict.get``, and memory.

    python bench/codes.py

All figures are measured in this run. Compare ratios between machines.
"""

from __future__ import annotations

import tempfile
import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from time import perf_counter
from timeit import repeat

from mockregister.codes.sks import SksTable
from mockregister.codes.tables import CodeTables

ROWS = 100_000
LOOKUPS = 100_000
DAY = datetime(2018, 9, 11, 8, 30, tzinfo=timezone(timedelta(hours=2)))


def big_file(folder: Path) -> Path:
    """Write a code file of 100,000 rows, in which every tenth code has two rows."""
    path = folder / "codes.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("code,term,valid_from,valid_to,lists\n")
        for number in range(ROWS * 10 // 11):
            file.write(f"D{number:07},a term of usual length,2018-09-01,,diag;diag.car\n")
            if number % 10 == 0:
                file.write(f"D{number:07},what it was called before,2005-01-01,2018-08-31,diag\n")
    return path


def seconds(work: Callable[[], object]) -> float:
    """Return how long a call takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def nanoseconds(work: Callable[[], object]) -> float:
    """Return how long one of many calls takes, the best of five rounds."""
    return min(repeat(work, number=LOOKUPS, repeat=5)) / LOOKUPS * 1e9


def weight(work: Callable[[], object]) -> float:
    """Return the memory in MiB that the result of ``work`` uses."""
    tracemalloc.start()
    made = work()
    size = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    del made
    return size


def lookups(name: str, table: SksTable, single: str, double: str) -> None:
    """Print the cost of look-ups compared with ``dict.get``."""
    plain = {single: table}
    peer = nanoseconds(lambda: plain.get(single))
    print(f"\n{name}: dict.get {peer:.0f} ns")
    for what, work in {
        "lists_at, one row": lambda: table.lists_at(single, DAY),
        "lists_at, two rows": lambda: table.lists_at(double, DAY),
        "lists_within, one row": lambda: table.lists_within(single, DAY, None),
        "row_near, two rows": lambda: table.row_near(double, DAY, None),
        "known": lambda: table.known(single),
        "not a code": lambda: table.lists_at("planlagt", DAY),
    }.items():
        cost = nanoseconds(work)
        print(f"  {what:<24}{cost:>7.0f} ns  {cost / peer:>5.1f} x dict.get")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        path = big_file(Path(folder))
        reading = seconds(lambda: path.read_text(encoding="utf-8").splitlines())
        loading = seconds(lambda: SksTable.from_csv(path))
        print(f"built-in tables     {seconds(CodeTables.load) * 1000:>6.0f} ms, {weight(CodeTables.load):.0f} MiB")
        print(f"file of {ROWS:,} rows {loading * 1000:>4.0f} ms, {loading / reading:.0f} x reading its lines")
        print(f"                    {weight(lambda: SksTable.from_csv(path)):>6.0f} MiB")
        lookups("file", SksTable.from_csv(path), "D0000001", "D0000010")
    lookups("built in", CodeTables.load().sks, "DC509", "ATA3")


if __name__ == "__main__":
    main()
