"""CSV files are read row by row with line numbers. Errors name the file, the line and the column."""

from __future__ import annotations

import csv
import gzip
import io
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockregister.codes.csv_files import Column, Packed, read, write
from mockregister.codes.sks import SksTable
from mockregister.codes.sor import SorTable
from mockregister.errors import SettingError

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r"))
HEADER = "code,term,valid_from,valid_to,lists\n"


def saved(folder: Path, content: str | bytes) -> Path:
    path = folder / "codes.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def complaint(folder: Path, content: str | bytes) -> str:
    path = saved(folder, content)
    with pytest.raises(SettingError) as caught:
        SksTable.from_csv(path)
    return str(caught.value).removeprefix(str(path))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", ", line 1: add the column code; the header line has nothing."),
        ("code,term\nA1,x\n", ", line 1: add the column valid_from; the header line has code, term."),
        (HEADER + "A1,x,,\n", ", line 2: the row has 4 cells and the header line 5; write one cell for each column."),
        (HEADER + "A1,x,,,\n\nA2,x,2018-13-01,,\n", ", line 4, column valid_from: '2018-13-01' is not an ISO 8601 date"),
        (HEADER + "A1,x,2018-01-02,2018-01-01,\n", ", line 2, column valid_to: A1 ends before it starts; correct one of"),
        (HEADER + "A 1,x,,,\n", ", line 2, column code: 'A 1' is not a code"),
        (HEADER + "A1,x,,,admin konttype\n", ", line 2, column lists: 'admin konttype' is not a list name"),
        (HEADER + 'A1,"x" y,,,\n', ", line 2: this is not CSV"),
        (HEADER.encode() + b"A1,x,,,\nA2,f\xf8dsel,,,\n", ", line 3: this is not UTF-8; save the file in that encoding."),
    ],
)
def test_a_bad_file_is_refused_with_its_place(tmp_path: Path, content: str | bytes, said: str) -> None:
    assert complaint(tmp_path, content).startswith(said)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="cannot be read"):
        SksTable.from_csv(tmp_path / "none.csv")


def test_a_truncated_gzip_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv.gz"
    path.write_bytes(gzip.compress(b"code,term\n" * 100)[:-12])
    with pytest.raises(SettingError, match="cannot be read"):
        list(read(path, [Column("code")]))


def test_files_saved_by_spreadsheet_programs_are_accepted(tmp_path: Path) -> None:
    path = saved(tmp_path, b'\xef\xbb\xbflists,code,note,term,valid_to,valid_from\r\na.b; c,A1,mine,"x\r\ny",,\r\n\r\n')
    row = SksTable.from_csv(path).rows("A1")[0]
    assert (row.term, row.lists) == ("x\r\ny", {"a.b", "c"})


def test_a_missing_optional_column_reads_as_empty(tmp_path: Path) -> None:
    path = saved(tmp_path, "code\nA1\n")
    assert list(read(path, [Column("code"), Column("parent", optional=True)])) == [(2, ["A1", ""])]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELLS, CELLS)))
def test_every_written_file_is_read_back_unchanged(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    path = tmp_path / "any.csv"
    assert write(path, ("one", "two"), iter(rows)) == len(rows)
    assert [tuple(values) for _, values in read(path, [Column("one"), Column("two")])] == rows


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_are_either_loaded_or_refused(tmp_path: Path, content: bytes) -> None:
    for load in (SksTable.from_csv, SorTable.from_csv):
        with suppress(SettingError):
            assert isinstance(load(saved(tmp_path, HEADER.encode() + content)), SksTable | SorTable)


@given(st.lists(st.lists(st.text(alphabet='a",;\n\r 0', max_size=4), max_size=6), max_size=5))
def test_odd_cells_are_either_loaded_or_refused(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path = tmp_path_factory.getbasetemp() / "odd.csv"
    path.write_bytes((HEADER + text.getvalue()).encode())
    with suppress(SettingError):
        assert isinstance(SksTable.from_csv(path), SksTable)


@pytest.mark.parametrize("name", ["sks.csv.gz", "sor.csv.gz"])
def test_the_lines_of_a_key_are_found_with_and_without_a_dictionary(name: str) -> None:
    by_search, by_key = Packed(name), Packed(name)
    keys = list(by_key)
    assert keys == sorted(keys)
    for key in [*keys[::500], keys[-1], "", "nobody", keys[0][:-1], ",", by_key[keys[0]][0][:-1]]:
        assert by_search.get(key) == by_key.get(key)
