"""Findings are printed in forms that editors, test runners and pull requests read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree

from mockregister.cli import main
from mockregister.cli.demo import example
from tests.builders import a_document, an_encounter, an_episode, as_xml

NOON = "2019-06-01T12:00:00+02:00"
FINE = re.sub(rb"[0-9A-F]{8}-", b"0FFFFFF0-", example())  # belongs to another set
WRONG = as_xml(a_document(episodes=[an_episode()], encounters=[an_encounter()]))


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    contents = {"fine.xml": FINE, "wrong.xml": WRONG, "none.xml": b"<a>\x01", "form.xml": b"<ClinicalDocument/>"}
    for name, content in contents.items():
        Path(name).write_bytes(content)
    return list(contents)


def report(files: list[str], form: str) -> str:
    outcome = CliRunner().invoke(main, ["validate", "--clock", NOON, "--format", form, *files])
    assert outcome.exit_code == 1, outcome.output
    return outcome.output


def test_text_begins_with_file_line_and_column(files: list[str]) -> None:
    lines = report(files, "text").splitlines()
    line = next(number for number, said in enumerate(WRONG.decode().splitlines(), 1) if "<encounter" in said)
    column = WRONG.decode().splitlines()[line - 1].index("<encounter") + 1
    assert f"wrong.xml:{line}:{column}: Error BUSINESS_RULE 05.14" in lines
    assert f"    at encounter 1 (line {line})" in lines


def test_json_has_an_object_with_explanations_for_each_file(files: list[str]) -> None:
    fine, wrong, none, form = json.loads(report(files, "json"))
    assert [wrong["failed"], fine["failed"], none["failed"], form["failed"]] == [True, False, True, True]
    finding = next(found for found in wrong["findings"] if found["code"] == "05.14")
    assert finding["explanation"]["lines"]
    assert finding["explanation"]["advice"]
    assert fine["findings"] == []


def test_junit_is_well_formed_and_counts_failures(files: list[str]) -> None:
    root = etree.fromstring(report(files, "junit").encode())
    assert root.tag == "testsuites"
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == files
    for suite in root:
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
    assert suites["fine.xml"].get("failures") == "0"


def test_sarif_has_everything_that_its_schema_requires(files: list[str]) -> None:
    log: dict[str, Any] = json.loads(report(files, "sarif"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules))
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning")
        assert result["message"]["text"]
        for place in (*result["locations"], *result.get("relatedLocations", ())):
            physical = place["physicalLocation"]
            assert physical["artifactLocation"]["uri"] in files
            assert physical["region"]["startLine"] >= 1
            assert physical["region"]["startColumn"] >= 1


def test_github_gets_a_command_for_each_finding_on_one_line(files: list[str]) -> None:
    lines = report(files, "github").splitlines()
    assert all(line.startswith(("::error file=", "::warning file=")) for line in lines)
    assert any(line.startswith("::error file=wrong.xml,line=") and "title=BUSINESS_RULE 05.14::" in line for line in lines)


def test_places_are_shown_as_xpath_on_demand(files: list[str]) -> None:
    outcome = CliRunner().invoke(main, ["validate", "--clock", NOON, "--xpath", "wrong.xml"])
    assert "    at //*[child::*[local-name()='id'" in outcome.output
