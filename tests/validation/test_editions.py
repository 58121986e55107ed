"""The built-in editions are declared as differences. Each finds the same as the official list of its date."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.document.reader import read_submission
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.validation.edition import Edition
from mockregister.validation.editions import BUILT_IN, NEWEST
from mockregister.validation.integrity_codes import DOCUMENTED, STRUCTURAL
from mockregister.validation.level3_integrity import TEXTS
from mockregister.validation.rules.published import read_list, rule_id_of

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
NOW = datetime.fromisoformat("2019-06-01T12:00:00+02:00")
SEVERITIES = {"Error": "ERROR", "Warning": "WARN"}
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="../shared/reference is not on this machine")


@pytest.mark.parametrize(
    ("name", "rules", "codes", "version"),
    [
        ("2018-06-13", 389, 30, "sds:lpr:3.0.4"),
        ("2018-09-12", 395, 38, "sds:lpr:3.0.5"),
        ("2019-02-01", 399, 43, "sds:lpr:3.0.6"),
        ("2023-09-18", 399, 52, "sds:lpr:3.0.6"),
    ],
)
def test_an_edition_has_what_was_in_force_on_its_date(name, rules, codes, version):
    edition = BUILT_IN[name]
    assert (len(edition.rules), len(edition.integrity), edition.version) == (rules, codes, version)


def test_the_newest_edition_has_every_code_with_a_known_sentence():
    assert NEWEST.integrity == frozenset(TEXTS)
    assert frozenset(TEXTS) >= STRUCTURAL


def test_an_integrity_code_that_an_edition_lacks_is_not_reported():
    assert BUILT_IN["2019-02-01"].reported_code("MULTIPLE_ALTERNATIVE_IDENTIFIERS_NOT_ALLOWED") is None
    assert NEWEST.reported_code("MULTIPLE_ALTERNATIVE_IDENTIFIERS_NOT_ALLOWED")


def test_a_renamed_integrity_code_has_its_old_name_in_earlier_editions():
    code = "ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION"
    assert BUILT_IN["2019-02-01"].reported_code(code) == "ENCOUNTER_ALREADY_HAVE_MAJOR_CONDITION_OBSERVATION"
    assert NEWEST.reported_code(code) == code


def test_documents_that_would_damage_the_register_are_refused_in_every_edition():
    assert all(edition.reported_code(code) for edition in BUILT_IN.values() for code in STRUCTURAL)


def test_editions_share_equal_rules():
    assert BUILT_IN["2019-02-01"].profile is NEWEST.profile
    assert BUILT_IN["2018-09-12"].rules["05.11"] is NEWEST.rules["05.11"]


def test_rules_of_type_ok_are_listed_and_never_tested():
    book = BUILT_IN["2018-06-13"].rules
    listed = [rule.id for rule in book if not rule.reported]
    assert sorted(listed) == ["05.11", "15.16", "RAA01.RDA04-3", "RAA01.RDA04-4"]


@needs_reference
@pytest.mark.parametrize("name", ["2018-06-13", "2018-09-12"])
def test_the_rules_are_those_of_the_official_list(name):
    listed = read_list(REFERENCE / "rules" / "editions" / f"{name}.csv")
    official = {rule.id: (rule.number, rule.kind) for rule in listed}
    kinds = {rule.id: SEVERITIES[rule.severity.value] if rule.reported else "OK" for rule in BUILT_IN[name].rules}
    assert {rule.id: (rule.number, kinds[rule.id]) for rule in BUILT_IN[name].rules} == official


@needs_reference
def test_integrity_codes_have_the_dates_of_the_documentation():
    lines = (REFERENCE / "rules" / "integrity_codes.csv").read_text("utf-8").splitlines()
    official = {row["code"]: row["documented_from"] for row in csv.DictReader(lines)}
    assert {code: since for since, codes in DOCUMENTED.items() for code in codes} == official


@cache
def tables() -> CodeTables:
    return CodeTables.load(REFERENCE / "cases" / "codes.csv", REFERENCE / "cases" / "sor.csv")


def cases() -> list[dict]:
    path = REFERENCE / "cases" / "editions.jsonl.gz"
    found = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()] if path.is_file() else []
    return [case for case in found if case["edition"] in BUILT_IN]


def with_the_profile_of_the_cases(name: str) -> Edition:
    """Return an edition with the profile of 2019-01-06, for which the documents of the cases were written."""
    return BUILT_IN[name].changed(name, profile=NEWEST.profile)


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['edition']} {case['name']}")
def test_a_built_in_edition_finds_the_same_as_its_official_list(case):
    register = Register(MemoryStore(), tables(), Clock(frozen_at=NOW), Settings())
    for document in (*case["before"], case["document"]):
        sent = read_submission([document.encode()])
        outcome = submit(register, Service.REPORTING, sent, edition=with_the_profile_of_the_cases(case["edition"]))
    expected = {(rule_id_of(finding["rule"]), finding["severity"]) for finding in case["expected"]}
    assert {(found.code, SEVERITIES[found.severity.value]) for found in outcome.findings} == expected


@needs_reference
def test_the_registers_examples_of_2018_are_stored_unless_they_name_unknown_codes():
    """docs/deviations.md says which of the 13 examples are not stored, and why."""
    files = sorted((REFERENCE / "examples").glob("*.xml"), key=lambda file: file.name != "EpisodeOfCare.xml")
    stored = {}
    for name in ("2019-02-01", "2023-09-18"):
        register = Register(MemoryStore(), CodeTables.load(), Clock(frozen_at=NOW), Settings())
        for file in files:
            outcome = submit(register, Service.REPORTING, read_submission([file.read_bytes()]), edition=BUILT_IN[name])
            stored.setdefault(name, []).extend([file.name] if outcome.stored else [])
    assert stored == {"2019-02-01": ["EpisodeOfCare.xml"], "2023-09-18": []}
