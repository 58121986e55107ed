"""Findings, and how an answer reports them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mockregister.finding import Finding, Level, Subject, told

PATIENT = Subject(("set", "one"), "patient", ("set", "one"))
BROKEN = Finding(Level.BUSINESS_RULE, "Noget", code="01.a", where="//patient", document="R^1", subject=PATIENT)


def test_a_rule_is_told_once_at_each_place_whichever_episode_it_was_found_for() -> None:
    again = replace(BROKEN, subject=replace(PATIENT, episode=("set", "two")))
    assert told([BROKEN, again]) == (BROKEN,)


@pytest.mark.parametrize("other", [{"document": "R^2"}, {"where": "//other"}, {"code": "01.b"}])
def test_another_document_place_or_rule_is_told_too(other: dict[str, str]) -> None:
    found = (BROKEN, replace(BROKEN, **other))  # type: ignore[arg-type]
    assert told(found) == found


def test_what_was_asked_for_or_comes_from_another_level_is_told_as_often_as_it_is_there() -> None:
    asked_for = [replace(BROKEN, subject=None)] * 2
    profile = [replace(BROKEN, level=Level.SCHEMATRON)] * 2
    assert told([*asked_for, *profile]) == (*asked_for, *profile)
