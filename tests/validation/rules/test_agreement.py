"""Cases with known answers. The test is skipped on a machine that does not have them."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from pathlib import Path

import pytest

from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.document.reader import read_submission
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.submission import Service, submit

CASES = Path(__file__).parents[4] / "shared" / "reference" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="../shared/reference is not on this machine")
NOW = datetime.fromisoformat("2019-06-01T12:00:00+02:00")
SEVERITIES = {"Error": "ERROR", "Warning": "WARN"}


def known_cases() -> list[dict]:
    file = CASES / "level4.jsonl.gz"
    return [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()] if file.is_file() else []


@pytest.fixture(scope="module")
def tables() -> CodeTables:
    return CodeTables.load(CASES / "codes.csv", CASES / "sor.csv")


@pytest.mark.parametrize("case", known_cases(), ids=lambda case: case["name"])
def test_the_rules_find_what_the_published_conditions_find(case, tables):
    register = Register(MemoryStore(), tables, Clock(frozen_at=NOW), Settings())
    for document in (*case["before"], case["document"]):
        outcome = submit(register, Service.REPORTING, read_submission([document.encode()]))
    expected = {(finding["rule"], finding["severity"]) for finding in case["expected"]}
    assert {(finding.code, SEVERITIES[finding.severity.value]) for finding in outcome.findings} == expected
