"""Documents that break a rule use codes of the register's own tables, or practice tables."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from mockregister.clock import COPENHAGEN, Clock
from mockregister.codes.tables import CodeTables
from mockregister.document import writer
from mockregister.document.reader import read_submission
from mockregister.errors import NotFound
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.synthetic import breaking_rules
from mockregister.synthetic.cases import cases_of, family_cases
from mockregister.synthetic.code_books import ListedBook, PracticeBook, Wish
from mockregister.synthetic.courses import course
from mockregister.validation.editions import NEWEST
from mockregister.validation.rules import FAMILIES

NOW = datetime(2026, 3, 2, 10, tzinfo=COPENHAGEN)
CASES = Path(__file__).parents[1] / "cases" / "rules"


@pytest.fixture(scope="module")
def built_in() -> CodeTables:
    return CodeTables.load()


def findings(documents, tables, now=NOW, service=Service.REPORTING):
    register = Register(MemoryStore(), tables, Clock(frozen_at=now), Settings())
    outcomes = [submit(register, service, read_submission([writer.write(document)])) for document in documents]
    return {finding.code for finding in outcomes[-1].findings}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_document_that_breaks_a_rule_reaches_level_4(family):
    for rule in FAMILIES[family]:
        book, case = PracticeBook(), cases_of(rule.id)[0]
        day = date(2018, 9, 10)
        documents = case.documents(day, case.now(day), book)
        assert rule.id in findings(documents, book.tables(), case.now(day)), rule.id


def broken_alone(rule_id: str, built_in: CodeTables, now: datetime) -> set[str]:
    """Return what a default register finds in the documents of a rule, with the settings that they need."""
    broken = breaking_rules.breaking(rule_id, built_in, now)
    tables = broken.practice.tables() if broken.practice else built_in
    register = Register(MemoryStore(), tables, Clock(frozen_at=now), Settings(rules_off=broken.others))
    outcomes = [submit(register, Service.REPORTING, read_submission([writer.write(document)])) for document in broken.documents]
    return {finding.code for outcome in outcomes for finding in outcome.findings}


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("family", FAMILIES)
def test_documents_break_exactly_their_rule_on_a_register_that_is_set_up_as_advised(family, built_in):
    for rule in FAMILIES[family]:
        assert broken_alone(rule.id, built_in, NOW) == {rule.id}


@pytest.mark.parametrize(
    ("rule_id", "hour"), [("00.01", 0), ("00.01", 23), ("02.01", 15), ("05.22", 10), ("12.111", 0), ("RAA03.2", 23)]
)
def test_documents_break_their_rule_at_any_time_of_the_day(rule_id, hour, built_in):
    now = datetime(2026, 11, 28, hour, 30, tzinfo=COPENHAGEN)
    assert broken_alone(rule_id, built_in, now) == {rule_id}


def test_built_in_codes_are_used_if_they_suffice(built_in):
    broken = breaking_rules.breaking("14.102a", built_in, NOW)
    assert broken.practice is None
    assert "14.102a" in findings(broken.documents, built_in)


def test_practice_tables_are_used_if_built_in_codes_do_not_suffice(built_in):
    broken = breaking_rules.breaking("02.41", built_in, NOW)
    assert broken.practice is not None
    assert "02.41" in findings(broken.documents, broken.practice.tables())


def test_tables_without_the_needed_codes_are_reported(built_in):
    with pytest.raises(NotFound, match="use practice tables"):
        breaking_rules.document_for("02.41", built_in, NOW)


def test_practice_tables_are_written_as_files_that_a_register_can_read(tmp_path):
    book, case = PracticeBook(), cases_of("11.102")[0]
    documents = case.documents(date(2026, 2, 10), NOW, book)
    codes, units = book.write(tmp_path)
    assert findings(documents, CodeTables.load(codes, units)) == {"11.102"}


@pytest.mark.parametrize("ask", [breaking_rules.document_for, breaking_rules.breaking, cases_of])
def test_an_unknown_rule_is_reported(ask):
    with pytest.raises(NotFound, match=r"There is no rule '99\.99'"):
        ask("99.99")


def test_a_warning_is_provoked_before_its_deadline_on_any_day(built_in):
    for now in (NOW, datetime(2018, 10, 29, 1, tzinfo=COPENHAGEN), datetime(2024, 2, 29, 23, 59, tzinfo=COPENHAGEN)):
        documents = breaking_rules.breaking("RAA02.1-w", built_in, now).documents
        assert "RAA02.1-w" in findings(documents, built_in, now)


def test_the_same_case_makes_the_same_documents():
    case, day = cases_of("05.14")[0], date(2018, 9, 10)
    once, again = (case.documents(day, case.now(day), PracticeBook()) for _ in range(2))
    assert once == again


def test_every_rule_has_cases_in_the_package():
    assert sorted(file.stem for file in CASES.glob("*.yml")) == sorted(FAMILIES)
    assert sum(len(family_cases(family)) for family in FAMILIES) == len(NEWEST.rules)


def test_a_book_of_listed_codes_chooses_a_code_that_is_in_few_lists(built_in):
    book = ListedBook(built_in)
    plain = book.code(Wish(frozenset({"diag"})))
    assert built_in.sks.rows(plain.code)[0].lists == {"diag"}


def test_a_practice_code_is_also_in_the_parents_of_its_lists():
    book = PracticeBook()
    code = book.code(Wish(frozenset({"proc.inhabil.suba"}), until=date(2018, 9, 10)))
    (row,) = book.tables().sks.rows(code.code)
    assert row.lists == {"proc.inhabil.suba", "proc.inhabil", "proc.opr"}
    assert row.valid_to.date() == date(2018, 9, 10)


def test_a_change_replaces_adds_and_removes_parts():
    parts = course("planned", {"encounter.end": "day 1 12:00", "minor": {"code": "in diag.abort"}, "stay": None})
    assert parts["encounter"]["end"] == "day 1 12:00"
    assert parts["minor"] == {"code": "in diag.abort", "kind": "in admin.diagart.bidiag"}
    assert "stay" not in parts


def test_an_invalid_time_is_reported():
    with pytest.raises(ValueError, match="'tomorrow' is not a time of a course"):
        breaking_rules.Case("05.14", True, "planned", "tomorrow", {}).now(date(2018, 9, 10))
