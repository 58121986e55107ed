"""Mistakes in a story are reported with file and line."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockregister.exam.lint import lint
from mockregister.exam.notation import FaultyStory, read
from mockregister.exam.story import TimeWindow, at
from tests.exam.conftest import NOW, TABLES, VISIT, story


def problems(text: str) -> list[str]:
    with pytest.raises(FaultyStory) as caught:
        read("visit.yml", text)
    return [str(problem) for problem in caught.value.problems]


def test_a_story_is_read() -> None:
    visit = story()
    assert [(each.kind, each.name, each.line) for each in visit.expectations] == [
        ("episode", "course", 7),
        ("encounter", "visit", 10),
        ("condition", "pressure", 16),
        ("error_list", "empty", 20),
    ]
    assert visit.expectations[2].wanted == {"code": ("DI109",), "main": True}


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("on: course", "on: cours", "visit.yml:11: 'cours' is not the name of any episode of this story; there is course."),
        ("    on: course\n", "", "visit.yml:10: Say with 'on' which episode this encounter belongs to."),
        ("end: day -2 11:00", "end: day -2 9:00", "visit.yml:15: 'day -2 9:00' is not a time; write"),
        ("end: day -2 11:00", "end: day -2 09:00", "visit.yml:15: This ends (day -2 09:00) before it begins (day -2 10:00)."),
        ("end: day -2 11:00", "end: day 3 09:00", "visit.yml:15: 'day 3 09:00' is after the sitting"),
        ("priority: ATA3", "urgency: ATA3", "visit.yml:12: urgency: There is no such key; the keys here are"),
        ("- condition: pressure", "- condition: visit", "visit.yml:16: 'visit' is the name of another element, too."),
        ("- condition: pressure", "- diagnosis: pressure", "visit.yml:16: This expectation has no known kind; begin with one of"),
        ("error_list: empty", "corrected: nobody", "visit.yml:20: 'nobody' is not an element of this story that has to exist."),
        ("error_list: empty", "{count: encounter, is: 0}", "visit.yml:20: The number is 0, but 1 of them are expected above."),
        (
            "error_list: empty",
            "{condition: other, on: visit, main: yes, code: DI489}",
            "visit.yml:20: 'visit' has two main conditions, 'pressure' and 'other'.",
        ),
        (
            "error_list: empty",
            "{condition: unwanted, stands: no, code: DI109}",
            "visit.yml:20: This must not exist, but 'pressure' must, and it is the same.",
        ),
        (
            "- encounter: visit",
            "- encounter: visit\n    stands: nullified",
            "visit.yml:18: This must exist, but 'visit', which it belongs to",
        ),
        ("main: yes", "answer: {document: later}", "visit.yml:18: document: 'later' is not a document of an answer; use 1 to 4."),
        ("main: yes", "answer: {first.on: nobody}", "visit.yml:18: first.on: 'nobody' is not an element of this story."),
        ("main: yes", "answer: {time: day late}", "visit.yml:18: 'day late' is not a time"),
        ("told:", "units: {ward: here}\ntold:", "visit.yml:4: The unit 'ward' needs a SOR id, not 'here'."),
        ("age: 40", "age: old", "visit.yml:3: people.patient.age: 'old' is not a whole number."),
        ("age: 40", "age: 140", "visit.yml:3: people.patient.age: 140 is not possible here; write a number from 0 to 110."),
        ("sex: F", "sex: female", "visit.yml:3: people.patient.sex: 'female' is not possible here; write one of: F, M."),
        ("patient: {sex", "Patient: {sex", "visit.yml:3: people.Patient: 'Patient' is not a name; a name begins with"),
        ("patient: {sex", f"{'p' * 41}: {{sex", f"visit.yml:3: people.{'p' * 41}: 'ppp"),
        ("people:", "persons:", "visit.yml:1: people: This is missing; write it."),
        ("people:", "persons:", "visit.yml:2: persons: There is no such key; the keys here are title, people, units,"),
        ("priority: ATA3", "priority: []", "visit.yml:12: priority: Write a text, or a list of texts."),
        ("main: yes", "main: maybe", "visit.yml:18: main: 'maybe' is not possible here; write one of: yes, no."),
        ("main: yes", "answer: late", "visit.yml:18: answer: This must be a mapping, such as {name: value}."),
        ("title: {", "title: [", "visit.yml:1: This is not YAML"),
        ("    main: yes\n", "    main: yes\n    main: no\n", "visit.yml:19: 'main' is given twice; leave one out."),
    ],
)
def test_a_contradiction_is_reported_with_its_line(before: str, after: str, problem: str) -> None:
    assert before in VISIT
    found = problems(VISIT.replace(before, after))
    assert any(each.startswith(problem) for each in found), found


def test_all_problems_are_reported_together() -> None:
    assert len(problems(VISIT.replace("on: course", "on: x").replace("on: visit", "on: y"))) == 2


@pytest.mark.parametrize("text", ["", "- a", "[" * 5000, "a: " + "x" * 70_000, "a: &a [*a]", "\x00", "title: " + "{a: " * 50])
def test_hostile_text_is_reported_as_a_problem_without_a_crash(text: str) -> None:
    assert problems(text)


CHANGES = st.tuples(st.integers(0, 19), st.sampled_from(["", "none", "[a", "day -3", "{b: c}", "\t", "é: *x"]))


@given(st.lists(CHANGES, max_size=4))
def test_any_damaged_story_is_either_read_or_reported_with_problems(changes: list[tuple[int, str]]) -> None:
    lines = VISIT.splitlines()
    for place, text in changes:
        lines[place] = f"{lines[place].partition(':')[0]}: {text}" if text else ""
    with suppress(FaultyStory):
        assert read("visit.yml", "\n".join(lines)).expectations


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("code: DI109", "code: DI999999", "code: SKS has no code 'DI999999', and no role of the story has this name."),
        ("priority: ATA3", "priority: ALCA00", "priority: ALCA00 is not in the code list admin.prioritet on 2026-06-15."),
        ("ATA3\n    unit: medical", "ATA3\n    unit: mars", "unit: there is no role 'mars'; there are acute, audiology, birth,"),
        ("at {medical}", "at {mars}", "'{mars}' is not a person, unit or code of this story."),
    ],
)
def test_unknown_codes_and_roles_are_reported_with_their_line(before: str, after: str, problem: str) -> None:
    assert before in VISIT
    (found,) = lint(story(VISIT.replace(before, after)), TABLES, NOW.date(), {})
    assert found.sentence.startswith(problem)
    assert found.line > 3


def test_a_time_window_is_in_danish_time() -> None:
    day = date(2026, 3, 30)  # the day before, clocks went forward
    window = TimeWindow.parse("day -1 10:00", 15)
    assert window.holds(at(day, window.told), day)
    assert at(day, window.told).isoformat() == "2026-03-29T10:00:00+02:00"
    whole, span = TimeWindow.parse("day -2", 0), TimeWindow.parse("day -2 10:00 to day -1 09:00", 0)
    assert whole.holds(at(day, whole.last), day)
    assert not whole.holds(at(day, whole.last + (whole.last - whole.first)), day)
    assert span.holds(at(day, span.first), day)
    assert TimeWindow.parse("day -2 10:00 ± 90 min", 5).last == TimeWindow.parse("day -2 11:30", 0).last
