"""Documents that break a rule, with codes of a register's own tables or with practice tables."""

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
def test_what_breaks_a_rule_breaks_it_on_the_way_through_all_levels(family):
    for rule in FAMILIES[family]:
        book, case = PracticeBook(), cases_of(rule.id)[0]
        day = date(2018, 9, 10)
        documents = case.documents(day, case.now(day), book)
        assert rule.id in findings(documents, book.tables(), case.now(day)), rule.id


def broken_alone(rule_id: str, built_in: CodeTables, now: datetime) -> set[str]:
    """What a default register finds in the documents of a rule, told what stands beside them."""
    broken = breaking_rules.breaking(rule_id, built_in, now)
    tables = broken.practice.tables() if broken.practice else built_in
    register = Register(MemoryStore(), tables, Clock(frozen_at=now), Settings(rules_off=broken.others))
    outcomes = [submit(register, Service.REPORTING, read_submission([writer.write(one)])) for one in broken.documents]
    return {finding.code for outcome in outcomes for finding in outcome.findings}


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_promised_breaks_exactly_its_rule_once_the_register_was_told_what_is_said(family, built_in):
    for rule in FAMILIES[family]:
        assert broken_alone(rule.id, built_in, NOW) == {rule.id}


@pytest.mark.parametrize(
    ("rule_id", "hour"), [("00.01", 0), ("00.01", 23), ("02.01", 15), ("05.22", 10), ("12.111", 0), ("RAA03.2", 23)]
)
def test_it_breaks_at_any_time_of_the_day(rule_id, hour, built_in):
    now = datetime(2026, 11, 28, hour, 30, tzinfo=COPENHAGEN)
    assert broken_alone(rule_id, built_in, now) == {rule_id}


def test_built_in_codes_are_used_where_they_have_what_it_takes(built_in):
    broken = breaking_rules.breaking("14.102a", built_in, NOW)
    assert broken.practice is None
    assert "14.102a" in findings(broken.documents, built_in)


def test_practice_tables_are_used_where_they_have_not(built_in):
    broken = breaking_rules.breaking("02.41", built_in, NOW)
    assert broken.practice is not None
    assert "02.41" in findings(broken.documents, broken.practice.tables())


def test_tables_that_know_too_little_are_told(built_in):
    with pytest.raises(NotFound, match="use practice tables"):
        breaking_rules.document_for("02.41", built_in, NOW)


def test_practice_tables_are_written_as_files_that_a_register_reads(tmp_path):
    book, case = PracticeBook(), cases_of("11.102")[0]
    documents = case.documents(date(2026, 2, 10), NOW, book)
    codes, units = book.write(tmp_path)
    assert findings(documents, CodeTables.load(codes, units)) == {"11.102"}


@pytest.mark.parametrize("ask", [breaking_rules.document_for, breaking_rules.breaking, cases_of])
def test_an_id_that_no_rule_has_is_told(ask):
    with pytest.raises(NotFound, match=r"There is no rule '99\.99'"):
        ask("99.99")


def test_a_deadline_is_kept_whatever_the_day(built_in):
    for now in (NOW, datetime(2018, 10, 29, 1, tzinfo=COPENHAGEN), datetime(2024, 2, 29, 23, 59, tzinfo=COPENHAGEN)):
        documents = breaking_rules.breaking("RAA02.1-w", built_in, now).documents
        assert "RAA02.1-w" in findings(documents, built_in, now)


def test_the_same_case_makes_the_same_documents():
    case, day = cases_of("05.14")[0], date(2018, 9, 10)
    once, again = (case.documents(day, case.now(day), PracticeBook()) for _ in range(2))
    assert once == again


def test_the_cases_lie_where_the_tests_are_too():
    assert sorted(file.stem for file in CASES.glob("*.yml")) == sorted(FAMILIES)
    assert sum(len(family_cases(family)) for family in FAMILIES) == len(NEWEST.rules)


def test_a_book_over_tables_finds_the_code_that_is_in_least_lists(built_in):
    book = ListedBook(built_in)
    plain = book.code(Wish(frozenset({"diag"})))
    assert built_in.sks.rows(plain.code)[0].lists == {"diag"}


def test_a_practice_code_is_in_the_families_of_its_lists():
    book = PracticeBook()
    code = book.code(Wish(frozenset({"proc.inhabil.suba"}), until=date(2018, 9, 10)))
    (row,) = book.tables().sks.rows(code.code)
    assert row.lists == {"proc.inhabil.suba", "proc.inhabil", "proc.opr"}
    assert row.valid_to.date() == date(2018, 9, 10)


def test_a_change_replaces_adds_and_takes_away():
    parts = course("planned", {"encounter.end": "day 1 12:00", "minor": {"code": "in diag.abort"}, "stay": None})
    assert parts["encounter"]["end"] == "day 1 12:00"
    assert parts["minor"] == {"code": "in diag.abort", "kind": "in admin.diagart.bidiag"}
    assert "stay" not in parts


def test_a_time_that_is_none_is_told():
    with pytest.raises(ValueError, match="'tomorrow' is not a time of a course"):
        breaking_rules.Case("05.14", True, "planned", "tomorrow", {}).now(date(2018, 9, 10))
