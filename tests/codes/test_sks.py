"""SKS codes are looked up by moment and period. Some codes are accepted although they are not listed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockregister.clock import COPENHAGEN
from mockregister.codes.lists import CodeLists
from mockregister.codes.sks import BuiltInSks, SksTable, is_code

LENIENT = BuiltInSks(CodeLists(lenient=True), lenient=True)
STRICT = BuiltInSks(CodeLists(lenient=False), lenient=False)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=COPENHAGEN)


@pytest.fixture
def table(tmp_path: Path) -> SksTable:
    """Return a table with a code that changed lists on 1 September 2018, an expired code, and a code without dates."""
    path = tmp_path / "codes.csv"
    path.write_text(
        "code,term,valid_from,valid_to,lists\n"
        "A1,old,2005-01-01,2018-08-31,one\n"
        "A1,new,2018-09-01,,one;two\n"
        "A2,gone,2005-01-01,2010-12-31,one\n"
        "A3,always,,,three\n"
    )
    return SksTable.from_csv(path)


def test_the_lists_of_a_moment_are_those_of_the_row_that_holds_it(table: SksTable) -> None:
    assert table.lists_at("A1", moment("2018-08-31T23:59:59")) == {"one"}
    assert table.lists_at("A1", moment("2018-09-01T00:00:00")) == {"one", "two"}


def test_the_lists_of_a_period_are_those_of_every_row_it_touches(table: SksTable) -> None:
    assert table.lists_within("A1", moment("2018-08-01T00:00:00"), moment("2018-08-02T00:00:00")) == {"one"}
    assert table.lists_within("A1", moment("2018-08-01T00:00:00"), None) == {"one", "two"}


def test_a_missing_moment_has_no_lists(table: SksTable) -> None:
    assert not table.lists_at("A3", None)
    assert not table.lists_within("A3", None, moment("2018-09-01T00:00:00"))


def test_a_text_that_is_not_a_code_has_no_lists(table: SksTable) -> None:
    assert not table.lists_at("planlagt", moment("2018-09-01T00:00:00"))
    assert not LENIENT.lists_within("", moment("2018-09-01T00:00:00"), None)


def test_a_code_without_dates_is_always_in_its_lists(table: SksTable) -> None:
    assert table.lists_at("A3", moment("1800-01-01T00:00:00")) == {"three"}
    assert table.lists_within("A3", moment("1800-01-01T00:00:00"), moment("1800-01-02T00:00:00")) == {"three"}


def test_fact_109_the_row_overlapping_the_period_and_closest_to_its_start_is_used(table: SksTable) -> None:
    row = table.row_for("A1", moment("2018-08-15T00:00:00"), moment("2018-09-15T00:00:00"))
    assert row is not None
    assert row.term == "old"


def test_an_expired_code_has_no_valid_row_but_a_row_with_dates(table: SksTable) -> None:
    period = moment("2018-08-15T00:00:00"), moment("2018-09-15T00:00:00")
    row = table.row_near("A2", *period)
    assert table.row_for("A2", *period) is None
    assert row is not None
    assert row.valid_to is not None
    assert row.valid_to < period[0]


def test_a_known_code_is_known_whenever_it_was_valid(table: SksTable) -> None:
    """Interface section 7: the rules check when a code is valid, level 3 does not (fact 113)."""
    assert table.known("A2")
    assert not table.known("A4")
    assert table.row_near("A4", moment("2018-08-15T00:00:00"), None) is None


def test_without_a_start_the_last_row_is_the_nearest(table: SksTable) -> None:
    row = table.row_near("A1", None, None)
    assert row is not None
    assert (row.term, table.row_for("A1", None, None)) == ("new", None)


def test_a_users_table_knows_only_the_codes_that_it_lists(table: SksTable) -> None:
    assert not table.known("ALCA00")
    assert table.rows("A1")[1].lists.possible == {"one", "two"}


def test_codes_are_searched_by_prefix_text_and_list(table: SksTable) -> None:
    assert [row.term for row in table.search("A1")] == ["old", "new"]
    assert [row.term for row in table.search(text="GON")] == ["gone"]
    assert [row.term for row in table.search(list_name="two")] == ["new"]


def test_the_built_in_table_has_terms_and_lists() -> None:
    row = LENIENT.rows("ALCA00")[0]
    assert row.term == "fysisk fremmøde"
    assert {"admin.konttype", "admin.konttype.fysfr"} <= row.lists
    assert len(LENIENT.codes) > 46_000


def test_fact_152_a_value_code_that_fits_is_accepted_unless_strict() -> None:
    assert LENIENT.known("VPH0451")
    assert not STRICT.known("VPH0451")


@pytest.mark.parametrize("code", ["ALAC12", "RGAA3805", "EUA12", "AFB99A", "ZPR01B"])
def test_an_unlisted_code_of_a_partially_known_group_is_accepted_without_a_term(code: str) -> None:
    row = LENIENT.rows(code)[0]
    assert (row.term, row.valid_from, row.valid_to) == ("", None, None)
    assert row.lists


@pytest.mark.parametrize("code", ["6101000016001", "DZZ999", "planlagt", "ALAC 1", "ALAC12345678", "", "Å1", "XXX99"])
def test_fact_101_a_text_that_cannot_be_a_code_is_not_known(code: str) -> None:
    assert not LENIENT.known(code)


def test_priority_ata3_has_an_old_and_a_new_row() -> None:
    """Fact 113: the old code ended on 30 June 2018."""
    old, new = LENIENT.rows("ATA3")
    assert old.valid_to == moment("2018-06-30T23:59:59.999999")
    assert new.valid_from == moment("2018-07-01T00:00:00")
    assert "admin.prioritet" in LENIENT.lists_at("ATA3", moment("2018-08-27T13:50:00"))


def test_searching_a_built_in_list_finds_its_members_only() -> None:
    found = list(LENIENT.search(list_name="diag.abort.samraad"))
    assert {row.code[:5] for row in found} == {"DO050", "DO059", "DO069"}
    assert [row.code for row in LENIENT.search("ALGA")] == ["ALGA01", "ALGA02"]
    assert "DC509" in {row.code for row in LENIENT.search(text="brystkræft")}


def test_every_row_of_the_built_in_table_is_readable() -> None:
    for code in LENIENT.codes[::7]:
        assert all(row.code == code and is_code(code) for row in LENIENT.rows(code))


@given(st.text(max_size=12))
def test_any_text_can_be_looked_up(text: str) -> None:
    assert LENIENT.known(text) == bool(LENIENT.rows(text))
    assert is_code(text) or not LENIENT.known(text)
