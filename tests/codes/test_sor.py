"""SOR units have identifiers, specialities and a hierarchy."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockregister.codes import sor
from mockregister.codes.sor import SorTable
from mockregister.errors import SettingError

HEADER = "sor_id,name,unit_type,owner_cvr,valid_from,valid_to,specialities,parent\n"
BUILT_IN = SorTable.built_in()


@pytest.fixture
def table(tmp_path: Path) -> SorTable:
    """Return a table with an owner, its institution, a ward of that institution, and a unit of another owner."""
    path = tmp_path / "sor.csv"
    path.write_text(
        HEADER + "10001,Region,IO,99999993,2005-01-01,,,\n"
        "10002,Hospital,SI,99999993,2005-01-01,,394579002;394587001,10001\n"
        "10003,Ward,OE,,2005-01-01,2018-06-30,394588006,10002\n"
        "10004,Clinic,SI,29190623,,,394579002,\n"
    )
    return SorTable.from_csv(path)


def test_a_unit_is_psychiatric_by_any_of_its_specialities(table: SorTable) -> None:
    assert {unit.sor_id for unit in table if unit.has_psychiatric_speciality} == {"10002", "10003"}


def test_all_units_of_an_owner_are_below_it(table: SorTable) -> None:
    assert table.below("10001") == {"10001", "10002", "10003"}
    assert table.below("10002") == {"10002", "10003"}
    assert table.below("10004") == {"10004"}


def test_an_unknown_unit_has_no_other_units_below_it(table: SorTable) -> None:
    assert table.below("1") == {"1"}
    assert table.unit("1") is None
    assert table.above("1") == ()


def test_units_above_a_unit_are_listed_nearest_first(table: SorTable) -> None:
    assert table.above("10003") == ("10002", "10001")


def test_units_are_searched(table: SorTable) -> None:
    assert [unit.name for unit in table.search(text="wARD")] == ["Ward"]
    assert [unit.name for unit in table.search("1000", owner_cvr="29190623")] == ["Clinic"]


def test_a_circle_of_units_does_not_loop_forever(tmp_path: Path) -> None:
    path = tmp_path / "sor.csv"
    path.write_text(HEADER + "10001,a,OE,,,,,10002\n10002,b,OE,,,,,10001\n")
    table = SorTable.from_csv(path)
    assert table.below("10001") == {"10001", "10002"}
    assert table.above("10001") == ("10002", "10001")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("10001,a,,,,,,\n10001,b,,,,,,", "line 3, column sor_id: 10001 is in the file twice"),
        ("10001,a,,,2018-01-02,2018-01-01,,", "line 2, column valid_to: 10001 closes before it opens; correct"),
        ("SOR1,a,,,,,,", "line 2, column sor_id: 'SOR1' is not a SOR id"),
        ("10001,a,,123,,,,", "line 2, column owner_cvr: '123' is not a CVR number"),
        ("10001,a,,,,,psykiatri,", "line 2, column specialities: 'psykiatri' is not a speciality id"),
    ],
)
def test_a_bad_sor_file_is_refused_with_its_place(tmp_path: Path, row: str, said: str) -> None:
    path = tmp_path / "sor.csv"
    path.write_text(HEADER + row)
    with pytest.raises(SettingError, match=said):
        SorTable.from_csv(path)


def test_the_built_in_units_include_those_of_the_published_examples() -> None:
    assert all(unit in BUILT_IN for unit in ("276231000016004", "486811000016002", "6071000016008"))
    region = BUILT_IN.unit("6071000016008")
    assert region is not None
    assert (region.name, region.owner_cvr, region.is_owner) == ("Region Nordjylland", "29190941", True)


def test_every_built_in_id_has_its_check_digit() -> None:
    assert all(sor.has_form(unit.sor_id) for unit in BUILT_IN)


def test_specialities_have_names() -> None:
    assert sor.specialities()["394587001"] == "psykiatri"


@given(st.integers(min_value=1, max_value=99_999_999))
def test_a_synthetic_identifier_is_valid_until_a_digit_is_changed(item: int) -> None:
    made = sor.identifier(item)
    assert sor.has_form(made)
    assert not sor.has_form(made[:-1] + str((int(made[-1]) + 1) % 10))


@given(st.text(max_size=20))
def test_any_text_can_be_checked(text: str) -> None:
    assert not sor.has_form(text) or text.isdecimal()
