"""Authority codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockregister.codes.authority import AuthorityTable, normal
from mockregister.errors import SettingError

LENIENT, STRICT = AuthorityTable(lenient=True), AuthorityTable(lenient=False)


def test_codes_have_names_and_kinds() -> None:
    assert LENIENT.name("0101") == "København"
    assert LENIENT.name("5100") == "Danmark"
    assert {authority.kind for authority in LENIENT} == {"municipality", "country"}
    assert LENIENT.name("9999") == ""


def test_the_three_digit_county_of_the_examples_is_aarhus() -> None:
    assert normal("751") == "0751"
    assert LENIENT.name("751") == LENIENT.name("0751") == "Aarhus"


def test_fact_131_the_unknown_municipality_is_known() -> None:
    assert STRICT.known("0009")


@pytest.mark.parametrize("text", ["DaneTranslated", "0102", "5111", "9999", "", "07510", "-101", "٠١٠١"])
def test_facts_65_and_169_a_code_that_is_not_in_the_register_is_refused(text: str) -> None:
    assert not LENIENT.known(text)


@pytest.mark.parametrize("text", ["0962", "0100", "5099", "5800"])
def test_codes_that_rules_01a_and_01b_refuse_are_known_here(text: str) -> None:
    assert LENIENT.known(text)
    assert not STRICT.known(text)


def test_a_users_own_file_replaces_the_built_in_authorities(tmp_path: Path) -> None:
    file = tmp_path / "authorities.csv"
    file.write_text("code,kind,name\n0101,municipality,København\n5100,country,Danmark\n", "utf-8")
    table = AuthorityTable.from_csv(file)
    assert [(authority.code, authority.name) for authority in table] == [("0101", "København"), ("5100", "Danmark")]
    assert table.known("101")
    assert not table.known("0751")
    assert not table.known("0962")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("101,municipality,x", "line 3, column code: '101' is not an authority code; write its 4 digits"),
        ("0102,region,x", "line 3, column kind: 'region' is not a kind of authority"),
        ("0101,municipality,x", "line 3, column code: 0101 is in the file twice"),
    ],
)
def test_a_bad_row_is_refused_with_its_place(tmp_path: Path, row: str, told: str) -> None:
    file = tmp_path / "authorities.csv"
    file.write_text(f"code,kind,name\n0101,municipality,København\n{row}\n", "utf-8")
    with pytest.raises(SettingError, match=told):
        AuthorityTable.from_csv(file)


@given(st.text(max_size=6))
def test_any_text_can_be_looked_up(text: str) -> None:
    assert LENIENT.known(text) or not STRICT.known(text)
