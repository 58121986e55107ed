"""Every rule is tested on its own cases, which break it or almost break it."""

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
def test_a_rule_is_reported_for_cases_that_break_it_and_only_for_them(rule):
    for case in cases_of(rule.id):
        assert (rule.id in codes(findings_of(case))) == case.breaks, named(case)


@pytest.mark.parametrize("rule", NEWEST.rules, ids=lambda rule: rule.id)
def test_a_rule_has_a_case_that_breaks_it_and_one_that_does_not(rule):
    assert {case.breaks for case in cases_of(rule.id)} == {True, False}


@pytest.mark.parametrize("family", FAMILIES)
def test_the_cases_of_a_family_are_in_the_order_of_its_rules(family):
    assert list(family_cases(family)) == [rule.id for rule in FAMILIES[family]]


@pytest.mark.parametrize("name", courses())
def test_the_courses_that_cases_are_based_on_have_no_findings(name):
    assert codes(findings_of(a_case(name))) == []


@given(st.integers(1, 40), st.sampled_from(courses()))
def test_an_error_after_a_deadline_was_a_warning_before_it(days, course):
    found = {finding.code for finding in findings_of(a_case(course, f"day {days} 12:00", report=None))}
    errors = {rule_id for rule_id in found if f"{rule_id}-w" in NEWEST.rules}
    warnings = {rule_id for rule_id in found if rule_id.endswith("-w")}
    assert not {f"{rule_id}-w" for rule_id in errors} & warnings
