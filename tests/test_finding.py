"""An answer reports each finding once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mockregister.finding import Finding, Level, Subject, as_reported

PATIENT = Subject(("set", "one"), "patient", ("set", "one"))
BROKEN = Finding(Level.BUSINESS_RULE, "Noget", code="01.a", where="//patient", document="R^1", subject=PATIENT)


def test_a_rule_is_reported_once_at_a_place_although_two_episodes_break_it() -> None:
    again = replace(BROKEN, subject=replace(PATIENT, episode=("set", "two")))
    assert as_reported([BROKEN, again]) == (BROKEN,)


@pytest.mark.parametrize("other", [{"document": "R^2"}, {"where": "//other"}, {"code": "01.b"}])
def test_findings_of_another_document_place_or_rule_are_reported_too(other: dict[str, str]) -> None:
    found = (BROKEN, replace(BROKEN, **other))  # type: ignore[arg-type]
    assert as_reported(found) == found


def test_imposed_findings_and_those_of_other_levels_are_all_reported() -> None:
    asked_for = [replace(BROKEN, subject=None)] * 2
    profile = [replace(BROKEN, level=Level.SCHEMATRON)] * 2
    assert as_reported([*asked_for, *profile]) == (*asked_for, *profile)
