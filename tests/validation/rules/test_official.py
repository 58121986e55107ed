"""The register's published rule list, as far as it is read here."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from mockregister.errors import SettingError
from mockregister.finding import Severity
from mockregister.register.rule_settings import RuleSettings, read_rules_file
from mockregister.settings import Settings
from mockregister.validation.rules import RULES, RuleBook, official
from mockregister.validation.rules.official import COLUMNS, Comparison, compare, read_json, read_list, rule_id_of, write_json

HEADER = ["RuleGroup", *COLUMNS]
PUBLISHED = Path(__file__).parents[4] / "shared/reference/rules/Regel-liste incl fejltekst.xlsx"


def a_list(path: Path, *rows: tuple[object, ...], header: list[str] = HEADER) -> Path:
    book = openpyxl.Workbook()
    book.active.append(header)
    for row in rows:
        book.active.append(["KONTAKT", *row])
    book.save(path)
    return path


def a_row(name: object = "05.11", kind="ERROR", number: object = 511, text="Ny tekst", condition="when then"):
    return kind, name, number, text, condition


def test_a_rule_is_read_with_its_text_and_severity(tmp_path):
    listed = read_list(a_list(tmp_path / "list.xlsx", a_row(kind="WARN")))
    assert listed == {"05.11": {"text": "Ny tekst", "severity": "Warning", "number": 511, "condition": "when then"}}


@pytest.mark.parametrize(
    ("cell", "rule_id"),
    [
        ("05.102", "05.102"),
        ("5102", "05.102"),
        (5102, "05.102"),
        (11101, "11.101"),
        ("13101", "13.101"),
        (11.6, "11.60"),
        (2.41, "02.41"),
        (5102.0, "05.102"),
        ("RAA01.RDA01-1", "RAA01.RDA01-1"),
        ("77.77", "77.77"),
    ],
)
def test_dots_and_zeros_that_excel_took_come_back(cell, rule_id):
    assert rule_id_of(cell) == rule_id


def test_every_id_is_understood_without_its_dots_and_zeros():
    for rule in RULES:
        assert rule_id_of(rule.id.replace(".", "").lstrip("0")) == rule.id


def test_what_is_new_gone_and_changed_is_told_against_the_declarations(tmp_path):
    change = compare(read_list(a_list(tmp_path / "list.xlsx", a_row(kind="WARN"), a_row("77.77"))), {})
    assert change.new == ("77.77",)
    assert "05.12" in change.gone
    assert change.changed == {"05.11": "severity Error → Warning, text reworded, condition reworded"}


def test_a_rule_of_our_own_is_not_gone_from_a_list_it_never_stood_in(tmp_path, monkeypatch):
    monkeypatch.setattr(official, "RULES", RuleBook([*RULES, replace(RULES["05.11"], id="05.999")]))
    assert "05.999" not in compare(read_list(a_list(tmp_path / "list.xlsx", a_row())), {}).gone


def test_what_is_new_gone_and_changed_is_told_against_an_earlier_list(tmp_path):
    before = read_list(a_list(tmp_path / "old.xlsx", a_row(), a_row("05.12", text="Anden tekst")))
    after = read_list(a_list(tmp_path / "new.xlsx", a_row(text="Nyere tekst", condition="when K then"), a_row("05.13")))
    change = compare(after, before)
    assert (change.new, change.gone) == (("05.13",), ("05.12",))
    assert change.changed == {"05.11": "text reworded, condition reworded"}


def test_a_register_takes_texts_and_severities_from_what_was_imported(tmp_path):
    file = tmp_path / "rules.json"
    write_json(file, read_list(a_list(tmp_path / "list.xlsx", a_row(kind="WARN"))))
    settings = RuleSettings.of(Settings(rules_file=file))
    assert settings.text("05.11", "vores") == "Ny tekst"
    assert settings.severity("05.11", Severity.ERROR) is Severity.WARNING
    assert settings.text("05.12", "vores") == "vores"
    assert read_json(file)["05.11"]["condition"] == "when then"


def test_a_file_written_by_hand_may_say_only_how_severe_a_rule_is_or_what_it_says(tmp_path):
    file = tmp_path / "rules.json"
    file.write_text('{"05.11": {"severity": "Warning"}, "05.12": {"text": "Ny tekst"}}')
    assert read_rules_file(file) == ({"05.12": "Ny tekst"}, {"05.11": Severity.WARNING})


def test_a_rule_is_restored_to_what_the_register_started_with(tmp_path):
    file = tmp_path / "rules.json"
    write_json(file, read_list(a_list(tmp_path / "list.xlsx", a_row(kind="WARN"))))
    settings, start = (RuleSettings.of(Settings(rules_file=file, rules_off=("05.11",))) for _ in range(2))
    settings.change("05.11", enabled=True, severity=Severity.ERROR, text="?")
    settings.change("05.12", enabled=False, severity=Severity.WARNING, text="?")
    for rule_id in ("05.11", "05.12"):
        settings.restore(rule_id)
    assert settings == start


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"05.11": {}}', b'{"05.11": {"text": "x", "severity": "Fatal"}}', b"\xff"]
)
def test_a_rules_file_that_no_import_wrote_is_refused(tmp_path, content):
    file = tmp_path / "rules.json"
    file.write_bytes(content)
    with pytest.raises(SettingError, match="is not what `mockregister rules import` writes"):
        read_rules_file(file)


def test_without_openpyxl_an_excel_file_is_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(SettingError, match=r"Excel files need openpyxl: pip install 'mockregister\[xlsx\]'"):
        read_list(tmp_path / "list.xlsx")


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="../shared/reference is not on this machine")
def test_the_list_that_the_declarations_follow_says_nothing_otherwise():
    assert compare(read_list(PUBLISHED), {}) == Comparison((), (), {})


def test_columns_may_stand_in_any_order_and_numbers_be_text(tmp_path):
    header = [f" {name} " for name in reversed(COLUMNS)]
    book = openpyxl.Workbook()
    book.active.append(header)
    book.active.append(["when then", "Ny tekst", "511", "05.11", "WARN"])
    book.save(tmp_path / "list.xlsx")
    assert read_list(tmp_path / "list.xlsx") == read_list(a_list(tmp_path / "other.xlsx", a_row(kind="WARN")))


def test_a_file_that_is_no_list_is_refused(tmp_path):
    (tmp_path / "list.xlsx").write_bytes(b"no Excel")
    with pytest.raises(SettingError, match="cannot be read as an Excel file"):
        read_list(tmp_path / "list.xlsx")


def test_a_damaged_file_is_refused(tmp_path):
    with ZipFile(a_list(tmp_path / "whole.xlsx", a_row())) as whole, ZipFile(tmp_path / "list.xlsx", "w") as damaged:
        for name in whole.namelist():
            damaged.writestr(name, whole.read(name)[:200])
    with pytest.raises(SettingError, match="cannot be read as an Excel file"):
        read_list(tmp_path / "list.xlsx")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([], "no rule stands below its first row"),
        ([a_row(), a_row()], "row 3: rule 05.11 stands in the list twice"),
        ([a_row(text="")], "row 2: ErrorText is empty"),
        ([a_row(number="ti")], "row 2: ErrorNumber is 'ti'"),
    ],
)
def test_a_list_that_answers_could_not_be_made_from_is_refused(tmp_path, rows, told):
    with pytest.raises(SettingError, match=told):
        read_list(a_list(tmp_path / "list.xlsx", *rows))


def test_a_list_without_a_column_is_refused(tmp_path):
    with pytest.raises(SettingError, match="lacks the column Rulesource"):
        read_list(a_list(tmp_path / "list.xlsx", header=HEADER[:-1]))


def test_a_row_with_another_severity_is_refused(tmp_path):
    with pytest.raises(SettingError, match="row 2: ErrorType is 'FATAL'"):
        read_list(a_list(tmp_path / "list.xlsx", a_row(kind="FATAL")))
