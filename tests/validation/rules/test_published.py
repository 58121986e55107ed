"""Published rule lists are read from files in every layout."""

from __future__ import annotations

import csv
import re
from datetime import date, datetime, time
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from mockregister.clock import COPENHAGEN
from mockregister.errors import SettingError
from mockregister.finding import Severity
from mockregister.validation.rules.published import UnreadableCondition, read_list, rule_id_of, rules_of
from tests.validation.rules.sessions import a_session

HEADER = ["ErrorType", "RuleGroup", "Rulename", "ErrorNumber", "ErrorText", "Rulesource"]
CONDITION = "when Kontakt( slutTidspunkt <= startTidspunkt ) then"


def a_row(name: object = "05.11", kind="ERROR", number: object = 511, text="Ny tekst", condition=CONDITION):
    return [kind, "KONTAKT", name, number, text, condition]


def a_list(path: Path, *rows: list[object], header: list[object] = HEADER, above: int = 0, sheet: int = 0) -> Path:
    book = openpyxl.Workbook()
    for _ in range(sheet):
        book.create_sheet()
    page = book.worksheets[sheet]
    for row in [["Regler"]] * above + [header, *rows]:
        page.append(row)
    book.save(path)
    return path


def a_csv(path: Path, *rows: list[object], header: list[object] = HEADER, delimiter=",", encoding="utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    return path


def one_rule(path: Path):
    (rule,) = rules_of(read_list(path))
    return rule


def test_a_row_becomes_a_rule(tmp_path):
    rule = one_rule(a_list(tmp_path / "list.xlsx", a_row(kind="WARN")))
    assert (rule.id, rule.number, rule.text, rule.severity) == ("05.11", 511, "Ny tekst", Severity.WARNING)
    assert rule.on.__name__ == "Encounter"
    assert rule.condition == "end ≤ start"
    assert rule.published == CONDITION


@pytest.mark.parametrize(
    "layout",
    [
        {"header": [*HEADER, *[None] * 18]},
        {"header": [*reversed(HEADER)]},
        {"header": ["  errortype ", "RULEGROUP", "RuleName", "ERRORNUMBER", "ErrorText ", "RuleSource"]},
        {"above": 3},
        {"sheet": 1},
    ],
    ids=str,
)
def test_columns_are_found_by_name_in_any_order(tmp_path, layout):
    row = [*reversed(a_row())] if layout.get("header", [""])[0] == "Rulesource" else a_row()
    assert one_rule(a_list(tmp_path / "list.xlsx", row, [None] * 6, **layout)).id == "05.11"


def test_optional_columns_may_be_missing(tmp_path):
    assert one_rule(a_list(tmp_path / "list.xlsx", [*a_row()[:1], *a_row()[2:]], header=[HEADER[0], *HEADER[2:]])).id == "05.11"


def test_a_list_is_read_completely_although_its_file_states_a_smaller_size(tmp_path):
    path = a_list(tmp_path / "list.xlsx", a_row(), a_row("05.12", number=512))
    small = tmp_path / "small.xlsx"
    with ZipFile(path) as book, ZipFile(small, "w") as changed:
        for name in book.namelist():
            changed.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"', book.read(name)))
    assert [rule.id for rule in read_list(small)] == ["05.11", "05.12"]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"delimiter": ";", "encoding": "utf-8-sig"},
        {"delimiter": ";", "encoding": "cp1252"},
        {"delimiter": ";", "encoding": "mac_roman"},
        {"header": ["severity", "group", "rule", "number", "official_text", "condition"]},
    ],
    ids=str,
)
def test_a_csv_file_with_the_same_content_is_read(tmp_path, form):
    rule = one_rule(a_csv(tmp_path / "list.csv", a_row(text="Må ikke ske"), **form))
    assert (rule.id, rule.text) == ("05.11", "Må ikke ske")


@pytest.mark.parametrize(
    ("cell", "rule_id"),
    [
        ("05.102", "05.102"),
        ("5102", "05.102"),
        (5102, "05.102"),
        (5102.0, "05.102"),
        (11101, "11.101"),
        ("13101", "13.101"),
        (511, "05.11"),
        (1203101, "12.03.101"),
        (11.6, "11.60"),
        (2.41, "02.41"),
        ("2.41", "02.41"),
        (datetime(2018, 11, 1), "01.11"),
        (date(2018, 2, 1), "01.02"),
        (" 02.a ", "02.a"),
        ("12.101a", "12.101a"),
        ("RAA01.RDA01-1", "RAA01.RDA01-1"),
        ("RAA17.1-w", "RAA17.1-w"),
        (5.102, "05.102"),
        ("5.102", "05.102"),
        ("11,6", "11.60"),
        ('="11.60"', "11.60"),
        (datetime(1941, 2, 1), "02.41"),
        (time(11, 30), "11.30"),
        ("\xa005.11\xa0", "05.11"),
    ],
)
def test_dots_and_zeros_that_excel_removed_are_restored(cell, rule_id):
    assert rule_id_of(cell) == rule_id


def test_a_rule_without_a_name_gets_that_of_the_known_rule_with_its_number(tmp_path):
    path = a_list(tmp_path / "list.xlsx", a_row("RAA01.RDA04", number=90044), a_row("null", number=90044))
    known = {90044: ("RAA01.RDA04", "RAA01.RDA04-4")}
    assert [rule.id for rule in read_list(path, known)] == ["RAA01.RDA04", "RAA01.RDA04-4"]
    assert [rule.id for rule in read_list(path)] == ["RAA01.RDA04", "null-90044"]


def test_a_rule_of_type_ok_is_listed_and_never_tested(tmp_path):
    rule = one_rule(a_list(tmp_path / "list.xlsx", a_row(kind="OK", condition="when Kontakt( ) then")))
    assert not rule.reported
    assert not rule.is_about(rule.on, "", type(None))


def test_the_error_for_an_unreadable_condition_names_rule_row_place_and_what_was_expected(tmp_path):
    path = a_list(tmp_path / "list.xlsx", a_row(), a_row("05.12", condition="when Kontakt( slut == null ) then"))
    with pytest.raises(UnreadableCondition) as caught:
        rules_of(read_list(path))
    assert str(caught.value).startswith(
        "Rule 05.12 (list.xlsx, sheet Sheet, row 3): its condition cannot be read: expected a field of Kontakt (startTidspunkt,"
    )
    assert str(caught.value).endswith("or a name bound before at character 15, found 'slut == null ) then'.")


def test_unreadable_rules_can_be_left_out(tmp_path):
    path, skipped = a_list(tmp_path / "list.xlsx", a_row(), a_row("05.12", condition="when")), []
    assert [rule.id for rule in rules_of(read_list(path), skipped.append)] == ["05.11"]
    assert "Rule 05.12" in str(skipped[0])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (a_row(kind="FEJL"), "row 2: ErrorType is 'FEJL'; it must be ERROR, WARN, WARNING, OK"),
        (a_row(number="mange"), "row 2: ErrorNumber is 'mange'; it must be a whole number above 0"),
        (a_row(text=" "), "row 2: ErrorText is empty"),
    ],
)
def test_an_invalid_row_is_refused(tmp_path, row, said):
    with pytest.raises(SettingError, match=said):
        read_list(a_list(tmp_path / "list.xlsx", row))


def test_rows_may_be_short_and_the_stated_size_of_a_sheet_is_ignored(tmp_path):
    short = tmp_path / "list.csv"
    short.write_text(f"{','.join(HEADER)},ArchivedDate\n\n,,\nERROR,Kontakt,05.11,511,Tekst,when Kontakt( ) then\n", "utf-8")
    assert [rule.id for rule in read_list(short)] == ["05.11"]
    path = a_list(tmp_path / "list.xlsx", a_row(), a_row("05.12"))
    claimed = tmp_path / "claimed.xlsx"
    with ZipFile(path) as old, ZipFile(claimed, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', old.read(name)))
    assert [rule.id for rule in read_list(claimed)] == ["05.11", "05.12"]


def test_a_rule_that_is_listed_twice_is_refused(tmp_path):
    with pytest.raises(SettingError, match=r"row 3: rule 05.11 is in the list twice, first in list.xlsx, sheet Sheet, row 2"):
        read_list(a_list(tmp_path / "list.xlsx", a_row(), a_row()))


@pytest.mark.parametrize("content", [b"", b"PK", b"ErrorType;Rulename\n"])
def test_a_file_that_is_not_a_list_is_refused(tmp_path, content):
    for name in ("list.xlsx", "list.csv"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SettingError, match=name):
            read_list(tmp_path / name)


def test_stray_characters_in_cells_are_ignored(tmp_path):
    header = ["Error\nType ", "Rule Group", "RULENAME", "Error_Number", "ErrorText\xa0", "Rulesource"]
    row = a_row("\xa005.11 ", "Error\xa0", "511.0", "Ny\x0btekst", CONDITION.replace(" ", "\xa0"))
    path = a_csv(tmp_path / "list.csv", row, [""] * 6, header=header)
    rule = one_rule(path)
    assert (rule.id, rule.text, rule.condition) == ("05.11", "Ny tekst", "end ≤ start")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", ["\t", ";", ","])
def test_a_csv_file_may_have_a_title_above_its_header(tmp_path, encoding, delimiter):
    rows = HEADER, a_row(text="Åbent")
    path = a_csv(tmp_path / "list.txt", *rows, header=["Regler, pr. 1. maj"], delimiter=delimiter, encoding=encoding)
    assert one_rule(path).text == "Åbent"


def test_a_workbook_is_recognised_without_its_file_extension(tmp_path):
    path = a_list(tmp_path / "list.xlsx", a_row())
    assert one_rule(path.rename(tmp_path / "download")).id == "05.11"


def test_a_formula_that_is_only_a_text_is_read_as_the_text(tmp_path):
    assert one_rule(a_list(tmp_path / "list.xlsx", a_row('="05.102"'))).id == "05.102"


def test_a_formula_without_a_stored_value_is_reported(tmp_path):
    path = a_list(tmp_path / "list.xlsx", a_row('=CONCATENATE("05",".11")'))
    with pytest.raises(SettingError, match="row 2: Rulename is a formula without a value"):
        read_list(path)


def test_an_error_type_merged_over_rows_counts_for_each_of_them(tmp_path):
    path = a_list(tmp_path / "list.xlsx", a_row(kind="WARN"), a_row("05.12", None, 512), a_row("05.13", "ERROR", 513))
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("A2:A3")
    book.save(path)
    assert [(rule.id, rule.kind) for rule in read_list(path)] == [("05.11", "WARN"), ("05.12", "WARN"), ("05.13", "ERROR")]


def test_a_rule_merged_over_empty_rows_is_read_once(tmp_path):
    path = a_list(tmp_path / "list.xlsx", a_row(), [None] * 6, a_row("05.12", "ERROR", 512))
    book = openpyxl.load_workbook(path)
    for column in "ABCDEF":
        book.active.merge_cells(f"{column}2:{column}3")
    book.save(path)
    assert [rule.id for rule in read_list(path)] == ["05.11", "05.12"]


def test_a_workbook_in_the_old_xls_format_is_refused(tmp_path):
    (tmp_path / "list").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1"))
    with pytest.raises(SettingError, match=r"save it as \.xlsx or CSV"):
        read_list(tmp_path / "list")


def test_a_list_without_rules_is_refused(tmp_path):
    with pytest.raises(SettingError, match="there is no rule below"):
        read_list(a_list(tmp_path / "list.xlsx"))


# date limits


def limited(tmp_path: Path, **days: object):
    header, row = [*HEADER, *days], [*a_row(condition="when K : Kontakt( ) then"), *days.values()]
    rule = one_rule(a_list(tmp_path / "list.xlsx", row, header=header))
    session = a_session()  # an encounter on 2018-09-10 from 9 to 12, seen on 2018-09-30
    return rule.reported and any(rule.violated.holds(fact) for fact in session.facts if isinstance(fact, rule.on))


@pytest.mark.parametrize(
    ("column", "inside", "outside"),
    [
        ("ArchivedDate", "2018-10-01", "2018-09-30"),
        ("ReportReceivedFromDate", datetime(2018, 9, 30), datetime(2018, 10, 1)),
        ("ReportReceivedToDate", datetime(2018, 9, 30), datetime(2018, 9, 29)),
        ("EpisodeOfCareStartFromDate", "10-09-2018", "11-09-2018"),
        ("EpisodeOfCareStartToDate", "2018-09-10", "2018-09-09"),
        ("EncounterStartFromDate", "10.09.2018", "11.09.2018"),
        ("EncounterStartToDate", "2018-09-10", "2018-09-09"),
        ("EncounterEndFromDate", "2018-09-10 12:00", "2018-09-10 12:01"),
        ("EncounterEndToDate", "2018-09-10", "2018-09-10 11:59"),
        ("EncounterStartFromDate", 43353, 43354),
        ("IsValidForLPRReports", True, False),
        ("IsValidForLPRReports", None, "FALSK"),
    ],
)
def test_a_rule_is_limited_to_the_dates_in_its_columns(tmp_path, column, inside, outside):
    assert limited(tmp_path, **{column: inside})
    assert not limited(tmp_path, **{column: outside})


def test_an_invalid_date_is_refused(tmp_path):
    with pytest.raises(SettingError, match="ArchivedDate is 'snart'; write a date like 2019-02-01"):
        limited(tmp_path, ArchivedDate="snart")


def test_date_limits_are_shown_with_the_condition(tmp_path):
    header, row = [*HEADER, "ArchivedDate"], [*a_row(), datetime(2019, 2, 1, tzinfo=None)]
    assert one_rule(a_list(tmp_path / "list.xlsx", row, header=header)).condition.startswith(
        "it is within archiveddate 2019-02-01"
    )


def test_the_deadline_of_a_warning_is_read_from_its_condition(tmp_path):
    condition = "when Kontakt( harSlutTidspunkt(), slutTidspunkt.plusDays(7) {} ( OffsetDateTime.now() ) ) then"
    rows = [a_row("RAA99.1-w", "WARN", 1, "x", condition.format(">")), a_row("RAA99.1", "ERROR", 1, "x", condition.format("<="))]
    warning, error = rules_of(read_list(a_list(tmp_path / "list.xlsx", *rows)))
    (encounter,) = a_session().every(warning.on)
    assert warning.error_by.get(encounter) == datetime(2018, 9, 17, 12, tzinfo=COPENHAGEN)
    assert error.error_by is None
