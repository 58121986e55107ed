"""Two judgements are compared finding by finding."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from lxml import etree

from mockregister.builders import a_condition, a_visit, an_encounter, an_episode, as_xml
from mockregister.comparing.answers import Comparison, compared, comparison_of
from mockregister.comparing.comparison_forms import FORMATS, Compared
from mockregister.comparing.judging import EditionJudge, Judgement
from mockregister.finding import Finding, Level, Severity
from mockregister.server import NoAnswer
from mockregister.settings import Settings
from mockregister.submission import Service
from mockregister.validation.editions import BUILT_IN

LATE = Finding(Level.BUSINESS_RULE, "For sent.", code="05.14", where="//*[1]", document="R^E")
MISSING = Finding(Level.SCHEMATRON, "(Encounter): missing", where="/a[1]", document="R^E")
OTHER = Finding(Level.SCHEMATRON, "(Stay): missing", where="/a[1]", document="R^E")


def failed(*findings: Finding) -> Judgement:
    return Judgement("Failure", findings)


@pytest.mark.parametrize(
    ("a", "b", "only_a", "only_b"),
    [
        ([LATE], [LATE], [], []),
        ([LATE], [], [LATE], []),
        ([LATE, LATE], [LATE], [LATE], []),
        ([MISSING], [OTHER], [MISSING], [OTHER]),
        ([MISSING, OTHER], [OTHER, MISSING], [], []),
    ],
)
def test_a_finding_is_compared_by_level_code_and_place(
    a: list[Finding], b: list[Finding], only_a: list[Finding], only_b: list[Finding]
) -> None:
    found = comparison_of("x", failed(*a), failed(*b))
    assert (list(found.only_a), list(found.only_b), found.same) == (only_a, only_b, not only_a and not only_b)


def test_the_letter_case_of_ids_makes_no_difference_but_severity_does() -> None:
    assert comparison_of("x", failed(LATE), failed(replace(LATE, document="r^e"))).same
    assert not comparison_of("x", failed(LATE), failed(replace(LATE, severity=Severity.WARNING))).same


def test_texts_are_compared_on_demand() -> None:
    said_otherwise = replace(LATE, text="Alt for sent.")
    assert comparison_of("x", failed(LATE), failed(said_otherwise)).same
    assert comparison_of("x", failed(LATE), failed(said_otherwise), texts=True).only_b == (said_otherwise,)


def test_the_status_is_compared_only_if_documents_are_stored() -> None:
    assert comparison_of("x", Judgement("Success"), Judgement("Failure")).same
    assert comparison_of("x", Judgement("Success"), Judgement("Failure"), stored=True).status == ("Success", "Failure")
    fault = Judgement("", failure="fault: no")
    assert comparison_of("x", Judgement("Failure"), fault).status == ("Failure", "fault: no")
    assert comparison_of("x", fault, fault).same


class Silent:
    """A judge that gives no answer."""

    name = "silent"

    def judge(self, documents: Sequence[bytes]) -> Judgement:
        raise NoAnswer("No answer from example.dk.")


def test_a_missing_answer_is_reported_as_a_failure() -> None:
    edition = EditionJudge(next(iter(BUILT_IN.values())), Settings())
    [comparison] = compared(edition, Silent(), [("x", [as_xml(a_visit())])])
    assert (comparison.failure, comparison.same) == ("No answer from example.dk.", False)


def test_an_edition_stores_documents_exactly_if_the_service_does() -> None:
    sent = [as_xml(episodes=[an_episode()], encounters=[an_encounter()], conditions=[a_condition()])]
    edition = next(iter(BUILT_IN.values()))
    keeping, validating = EditionJudge(edition, Settings()), EditionJudge(edition, Settings(), Service.VALIDATE)
    assert [keeping.judge(sent).status, keeping.judge(sent).status] == ["Success", "Failure"]
    assert validating.judge(sent) == validating.judge(sent) == Judgement("Failure")


TOLD = Compared(
    "a", "b", [Comparison("same"), Comparison("1.xml", (LATE,), (OTHER,)), Comparison("2|.xml", failure="No answer\x00.")]
)


def test_text_shows_the_findings_of_each_side() -> None:
    text = FORMATS["text"](TOLD)
    assert "  - Error BUSINESS_RULE 05.14: For sent." in text
    assert "  + Error SCHEMATRON (Stay): (Stay): missing" in text
    assert text.endswith("3 submissions compared, 2 answered differently")


def test_json_has_an_object_for_each_submission() -> None:
    told = json.loads(FORMATS["json"](TOLD))
    assert [submission["same"] for submission in told["submissions"]] == [True, False, False]
    assert told["submissions"][1]["only_a"][0]["code"] == "05.14"


def test_junit_has_a_case_for_each_submission() -> None:
    [suite] = etree.fromstring(FORMATS["junit"](TOLD))
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")
    assert [[child.tag for child in case] for case in suite] == [[], ["failure"], ["error"]]


def test_markdown_is_a_table() -> None:
    assert "| 2\\|.xml | No answer" in FORMATS["markdown"](TOLD)
