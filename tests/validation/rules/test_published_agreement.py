"""The rules of the official lists find the same as our declared rules and the cases. Skipped if the lists are missing."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.document import reader
from mockregister.document.reader import read_submission
from mockregister.finding import Finding
from mockregister.model import EpisodeTree
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.safexml import parse
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.synthetic.cases import cases_of
from mockregister.synthetic.code_books import PracticeBook
from mockregister.validation.editions import NEWEST
from mockregister.validation.level4_rules import Surroundings, evaluate
from mockregister.validation.rules import FAMILIES, RuleBook
from mockregister.validation.rules.drools.parser import parse as parse_condition
from mockregister.validation.rules.drools.syntax import written
from mockregister.validation.rules.published import PublishedRule, read_list, rule_id_of, rules_of
from tests.validation.rules.trees import DAY, touched

REFERENCE = Path(__file__).parents[4] / "shared" / "reference"
pytestmark = pytest.mark.skipif(not REFERENCE.is_dir(), reason="../shared/reference is not on this machine")
NOW = datetime.fromisoformat("2019-06-01T12:00:00+02:00")
SEVERITIES = {"Error": "ERROR", "Warning": "WARN"}
LISTS = {
    "2018-10-16": "Regel-liste incl fejltekst.xlsx",
    "2018-06-13": "editions/2018-06-13.xlsx",
    "2018-09-12": "editions/2018-09-12.xlsx",
    "practice": "editions/practice.xlsx",
}


def known_numbers() -> dict[int, list[str]]:
    numbers: dict[int, list[str]] = {}
    for rule in NEWEST.rules:
        numbers.setdefault(rule.number, []).append(rule.id)
    return numbers


@cache
def listed(name: str) -> tuple[PublishedRule, ...]:
    return read_list(REFERENCE / "rules" / LISTS[name], known_numbers())


@cache
def book(name: str) -> RuleBook:
    return RuleBook(rules_of(listed(name)))


@cache
def tables() -> CodeTables:
    return CodeTables.load(REFERENCE / "cases" / "codes.csv", REFERENCE / "cases" / "sor.csv")


def cases(file: str) -> list[dict]:
    path = REFERENCE / "cases" / file
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()] if path.is_file() else []


def trees(case: dict) -> list[EpisodeTree]:
    """Store the earlier documents of a case, and return the episodes of care that the last one touches."""
    register = Register(MemoryStore(), tables(), Clock(frozen_at=NOW), Settings())
    for document in case["before"]:
        submit(register, Service.REPORTING, read_submission([document.encode()]))
    with register.draft([reader.read(parse(case["document"].encode())).document]) as draft:
        return draft.touched()


def told(findings: Iterable[Finding]) -> set[tuple[object, ...]]:
    return {(found.code, found.rule_number, found.severity, found.where, found.subject, found.error_by) for found in findings}


def findings(some: Iterable[EpisodeTree], rules: RuleBook, codes: CodeTables, now: datetime) -> list[Finding]:
    settings = Register(MemoryStore(), codes, Clock(frozen_at=now), Settings()).rule_settings
    return [finding for tree in some for finding in evaluate(tree, Surroundings(codes, now, settings, rules))]


def test_each_list_is_read_completely():
    assert {name: len(listed(name)) for name in LISTS} == {
        "2018-10-16": 399, "2018-06-13": 389, "2018-09-12": 395, "practice": 397,
    }  # fmt: skip
    assert {rule.id for rule in book("2018-10-16")} == {rule.id for rule in NEWEST.rules}


def test_the_csv_files_have_the_same_rules():
    files = {"2018-10-16": "rules.csv", **{name: f"editions/{name}.csv" for name in LISTS if name != "2018-10-16"}}
    for name, file in files.items():
        from_csv = read_list(REFERENCE / "rules" / file, known_numbers())
        assert [(row.id, row.kind, row.number) for row in from_csv] == [(row.id, row.kind, row.number) for row in listed(name)]


@pytest.mark.parametrize("name", LISTS)
def test_every_official_condition_is_written_and_read_back_unchanged(name):
    for rule in listed(name):
        once = written(parse_condition(rule.condition))
        assert written(parse_condition(once)) == once


@pytest.mark.parametrize("case", cases("level4.jsonl.gz"), ids=lambda case: case["name"])
def test_rules_of_a_list_find_the_same_as_our_declared_rules(case):
    touched_trees = trees(case)
    read = findings(touched_trees, book("2018-10-16"), tables(), NOW)
    assert told(read) == told(findings(touched_trees, NEWEST.rules, tables(), NOW))
    assert {(finding.code, SEVERITIES[finding.severity.value]) for finding in read} == expected(case)


@pytest.mark.parametrize("case", cases("editions.jsonl.gz"), ids=lambda case: f"{case['edition']} {case['name']}")
def test_rules_of_a_list_find_what_the_cases_of_that_list_expect(case):
    read = findings(trees(case), book(case["edition"]), tables(), NOW)
    assert {(finding.code, SEVERITIES[finding.severity.value]) for finding in read} == expected(case)


def expected(case: dict) -> set[tuple[str, str]]:
    return {(rule_id_of(finding["rule"]), finding["severity"]) for finding in case["expected"]}


@pytest.mark.parametrize("family", FAMILIES)
def test_rules_of_a_list_find_the_same_as_our_declared_rules_in_our_cases(family):
    for case in (case for rule in FAMILIES[family] for case in cases_of(rule.id)):
        practice, now = PracticeBook(), case.now(DAY)
        documents = case.documents(DAY, now, practice)
        codes = practice.tables()
        some = touched(documents, codes, now)
        assert told(findings(some, book("2018-10-16"), codes, now)) == told(findings(some, NEWEST.rules, codes, now)), case
