"""All code tables together, and the organisations that may report."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockregister.codes.tables import CodeTables
from mockregister.errors import SettingError
from mockregister.settings import Settings


def saved(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


@pytest.fixture
def sor_file(tmp_path: Path) -> Path:
    return saved(
        tmp_path / "sor.csv",
        "sor_id,name,unit_type,owner_cvr,valid_from,valid_to,specialities\n"
        "10001,Region,IO,99999993,,,\n10002,Clinic,SI,29190623,,,\n10003,Somebody's,OE,,,,\n",
    )


def test_each_file_replaces_its_table(tmp_path: Path, sor_file: Path) -> None:
    codes = saved(tmp_path / "codes.csv", "code,term,valid_from,valid_to,lists\nA1,x,2005-01-01,,diag\n")
    tables = CodeTables.load(codes, sor_file)
    assert tables.sks.known("A1")
    assert not tables.sks.known("ALCA00")
    assert "10001" in tables.sor
    assert "276231000016004" not in tables.sor


def test_anyone_may_report_unless_producers_are_set(sor_file: Path) -> None:
    producers = CodeTables.load(sor=sor_file).producers
    assert producers.has_owner("1")
    assert producers.has_unit("2")
    assert producers.has_pair("3", "2")


def test_listed_producers_are_the_owners_of_the_sor_table(sor_file: Path) -> None:
    producers = CodeTables.load(sor=sor_file, listed=True).producers
    assert producers.has_owner("99999993")
    assert not producers.has_owner("11111111")
    assert producers.has_pair("99999993", "10001")
    assert not producers.has_pair("99999993", "10002")
    assert producers.has_pair("99999993", "10003")
    assert not producers.has_pair("11111111", "10003")
    assert not producers.has_pair("99999993", "99999")


def test_a_file_of_producers_lists_the_combinations(tmp_path: Path) -> None:
    file = saved(tmp_path / "p.csv", "cvr,sor_id,name\n71017516,291651000016009,Privathospital\n")
    producers = CodeTables.load(producers=file).producers
    assert producers.has_pair("71017516", "291651000016009")
    assert not producers.has_pair("71017516", "276231000016004")
    assert not producers.has_owner("29190623")


@pytest.mark.parametrize(("row", "column"), [("1,10001,x", "cvr"), ("71017516,SOR,x", "sor_id")])
def test_a_bad_file_of_producers_is_refused(tmp_path: Path, row: str, column: str) -> None:
    file = saved(tmp_path / "p.csv", f"cvr,sor_id,name\n{row}\n")
    with pytest.raises(SettingError, match=f"line 2, column {column}"):
        CodeTables.load(producers=file)


def test_fact_166_a_unit_whose_pair_was_not_registered_is_refused() -> None:
    producers = CodeTables.load(listed=True).producers
    assert not producers.has_pair("27506909", "293161000016004")
    assert producers.has_pair("29190941", "6071000016008")


def test_settings_name_the_tables() -> None:
    tables = CodeTables.of(Settings(codes="strict", producers="listed"))
    assert not tables.sks.known("VPH0451")
    assert not tables.producers.has_owner("11111111")
