"""The command ``mockregister rules``."""

from __future__ import annotations

from click.testing import CliRunner

from mockregister.cli import main
from mockregister.validation.editions import NEWEST


def run(*arguments: str, expected: int = 0) -> str:
    result = CliRunner().invoke(main, ["rules", *arguments])
    assert result.exit_code == expected, result.output
    return result.output


def test_all_rules_are_listed():
    assert [line.split()[0] for line in run("list").splitlines()] == [rule.id for rule in NEWEST.rules]


def test_rules_are_filtered():
    assert [line.split()[0] for line in run("list", "12.111").splitlines()] == ["12.111", "12.111a"]
    assert [line.split()[0] for line in run("list", "--list", "diag.lateral").splitlines()] == ["12.102"]
    assert len(run("list", "--warnings").splitlines()) == 6
    assert "15.01" in run("list", "--family", "report", "--text", "NAVN")
    assert {line.split()[0] for line in run("list", "--on", "marker").splitlines()} == {"04.01", "04.02", "04.51", "04.a"}


def test_a_rule_is_explained_with_its_lists_its_cases_and_a_document_that_breaks_it():
    told = run("show", "14.102a")
    assert "violated when: recurrences is not empty and code is not in diag.primkraeft during encounter.period" in told
    assert "code list diag.primkraeft" in told
    assert "The rule is broken by the course 'planned' in which the code of the local recurrence of the main is a code of" in told
    assert "<ClinicalDocument" in told


def test_a_deadline_is_shown_and_the_document_can_be_left_out():
    told = run("show", "RAA02.1-w", "--no-document")
    assert "becomes an error at: end +7 days" in told
    assert "<ClinicalDocument" not in told


def test_an_unknown_rule_is_reported():
    assert "There is no rule '5.1'" in run("show", "5.1", expected=2)
