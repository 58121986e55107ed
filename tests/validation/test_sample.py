"""The project's own sample of documents with known findings. tests/cases/agreement/README.md says how it was made.

Each line of level1.jsonl to level4.jsonl changes some lines of a synthetic document and has the resulting findings.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.document import writer
from mockregister.document.reader import read_submission
from mockregister.finding import Finding, Level
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.synthetic.cases import cases_of
from mockregister.synthetic.code_books import PracticeBook
from mockregister.validation.editions import NEWEST

SAMPLE = Path(__file__).parents[1] / "cases" / "agreement"
DAY = date(2018, 9, 10)
FILES = {
    Level.XSD: "level1",
    Level.SCHEMATRON: "level2",
    Level.INTEGRITY_CHECK: "level3",
    Level.BUSINESS_RULE: "level4",
    None: "allowed",
}


def rows(name: str) -> list[dict[str, Any]]:
    """Return the lines of a file of the sample."""
    return [json.loads(line) for line in (SAMPLE / f"{name}.jsonl").read_text("utf-8").splitlines()]


def told(finding: Finding) -> str:
    """Return a finding as the sample writes it: the place without name spaces, and no text."""
    if finding.level is Level.XSD:
        return f"{finding.where} {finding.code}"
    if finding.level is Level.SCHEMATRON:
        return re.sub(r"\*:(\w+)\[namespace-uri\(\)='[^']*'\]", r"\1", finding.where) + f" {finding.code}"
    if finding.level is Level.INTEGRITY_CHECK:
        return " ".join((finding.code, *finding.params))
    return f"{finding.code} {finding.severity.value}"


@cache
def lines_of(document: str) -> list[str]:
    """Return the lines of a document of the sample."""
    return (SAMPLE / "documents" / f"{document}.xml").read_text("utf-8").split("\n")


def changed(row: dict[str, Any]) -> str:
    """Return the document of a row with the lines from the first to the last replaced."""
    first, last = row["lines"]
    lines = lines_of(row["document"])
    return "\n".join((*lines[: first - 1], *row["become"], *lines[last:]))


def registers_of_the_sample() -> dict[str, Register]:
    """Make a register for each document of the sample. It has the patient's earlier documents, and the clock of the document."""
    tables, made = CodeTables.load(), {}
    for row in rows("documents"):
        register = Register(MemoryStore(), tables, Clock(frozen_at=datetime.fromisoformat(row["at"])), Settings())
        for document in row["after"]:
            assert submitted(register, "\n".join(lines_of(document)), Service.REPORTING) == (None, [])
        made[row["document"]] = register
    return made


@pytest.fixture(scope="module")
def registers() -> dict[str, Register]:
    """Return the registers to which the changed documents are sent."""
    return registers_of_the_sample()


def submitted(register: Register, document: str, service: Service = Service.VALIDATE) -> tuple[Level | None, list[str]]:
    """Return the level that has findings, if there is one, and its findings in the order of the sample."""
    findings = submit(register, service, read_submission([document.encode()])).findings
    return findings[0].level if findings else None, sorted(map(told, findings))


@pytest.mark.parametrize("row", rows("documents"), ids=lambda row: row["document"])
def test_a_document_of_the_sample_is_answered_as_recorded(row: dict[str, Any], registers: dict[str, Register]) -> None:
    document = row["document"]
    assert submitted(registers[document], "\n".join(lines_of(document)))[1] == row["expected"]


@pytest.mark.parametrize("level", FILES, ids=FILES.get)
def test_a_changed_document_is_answered_as_recorded(level: Level | None, registers: dict[str, Register]) -> None:
    changes = rows(FILES[level])
    answers = {row["name"]: submitted(registers[row["document"]], changed(row)) for row in changes}
    assert answers == {row["name"]: (level, row["expected"]) for row in changes}


def findings_of(rule_id: str, *, breaks: bool) -> list[str]:
    """Return the findings on the first case that breaks a rule, or on the first that does not, sent as XML."""
    case = next(case for case in cases_of(rule_id) if case.breaks == breaks)
    book, now = PracticeBook(), case.now(DAY)
    documents = [writer.write(document).decode() for document in case.documents(DAY, now, book)]
    register = Register(MemoryStore(), book.tables(), Clock(frozen_at=now), Settings())
    return [submitted(register, document, Service.REPORTING) for document in documents][-1][1]


def test_the_cases_of_the_rules_are_answered_as_recorded() -> None:
    recorded = {row["rule"]: (row["breaks"], row["passes"]) for row in rows("rules")}
    assert list(recorded) == [rule.id for rule in NEWEST.rules]
    for rule_id, expected in recorded.items():
        assert (findings_of(rule_id, breaks=True), findings_of(rule_id, breaks=False)) == expected, rule_id
        assert any(found.split()[0] == rule_id for found in expected[0])


def write(name: str, rows: list[dict[str, Any]]) -> None:
    """Write a file of the sample."""
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (SAMPLE / f"{name}.jsonl").write_text("".join(lines), "utf-8")


if __name__ == "__main__":  # records the current answers: each difference needs a reason
    made = registers_of_the_sample()
    for name in FILES.values():
        write(name, [row | {"expected": submitted(made[row["document"]], changed(row))[1]} for row in rows(name)])
    found = {rule.id: [findings_of(rule.id, breaks=breaks) for breaks in (True, False)] for rule in NEWEST.rules}
    write("rules", [{"rule": rule_id, "breaks": broken, "passes": passed} for rule_id, (broken, passed) in found.items()])
