"""Every rule on its own cases: what breaks it and what almost does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockregister.synthetic.cases import Case, cases_of, family_cases
from mockregister.synthetic.courses import courses
from mockregister.validation.editions import NEWEST
from mockregister.validation.rules import FAMILIES
from tests.validation.rules.trees import a_case, codes, findings_of


def named(case: Case) -> str:
    return f"{case.rule_id} {'breaks' if case.breaks else 'passes'} {case.changes}"


@pytest.mark.parametrize("rule", NEWEST.rules, ids=lambda rule: rule.id)
def test_a_rule_finds_what_breaks_it_and_nothing_else(rule):
    for case in cases_of(rule.id):
        assert (rule.id in codes(findings_of(case))) == case.breaks, named(case)


@pytest.mark.parametrize("rule", NEWEST.rules, ids=lambda rule: rule.id)
def test_a_rule_has_a_case_that_breaks_it_and_one_that_does_not(rule):
    assert {case.breaks for case in cases_of(rule.id)} == {True, False}


@pytest.mark.parametrize("family", FAMILIES)
def test_cases_are_those_of_the_family_s_rules_in_their_order(family):
    assert list(family_cases(family)) == [rule.id for rule in FAMILIES[family]]


@pytest.mark.parametrize("name", courses())
def test_nothing_is_wrong_with_the_courses_that_cases_start_from(name):
    assert codes(findings_of(a_case(name))) == []


@given(st.integers(1, 40), st.sampled_from(courses()))
def test_an_error_after_a_deadline_was_a_warning_before_it(days, course):
    found = {finding.code for finding in findings_of(a_case(course, f"day {days} 12:00", report=None))}
    errors = {rule_id for rule_id in found if f"{rule_id}-w" in NEWEST.rules}
    warnings = {rule_id for rule_id in found if rule_id.endswith("-w")}
    assert not {f"{rule_id}-w" for rule_id in errors} & warnings
