"""Find what the register does not know in a story: codes, units, roles, and names in its texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from mockregister.codes.sor import has_form
from mockregister.codes.tables import CodeTables
from mockregister.exam.facets import Wants, facet_of
from mockregister.exam.notation import StoryProblem, placeholders
from mockregister.exam.story import Expectation, Story, TimeWindow, at
from mockregister.exam.units import codes_of, units_of
from mockregister.register.filters import ANY


def lint(story: Story, tables: CodeTables, day: date, units: Mapping[str, tuple[str, ...]]) -> list[StoryProblem]:
    """Return the mistakes of a story if ``day`` is day 0; ``units`` are SOR ids by role."""
    known = units_of([story], units)
    return [*_texts(story, known), *_units(story, known), *_codes(story, tables, day)]


def _texts(story: Story, units: Mapping[str, tuple[str, ...]]) -> Iterator[StoryProblem]:
    names = {*story.people, *units, *story.codes}
    for step, name in placeholders(story):
        if name not in names:
            yield StoryProblem(story.file, step.line, f"'{{{name[:40]}}}' is not a person, unit or code of this story.")


def _units(story: Story, units: Mapping[str, tuple[str, ...]]) -> Iterator[StoryProblem]:
    for expectation, facet, wanted in _wanted(story, Wants.UNIT):
        for role in wanted:
            if role not in units and not has_form(role):
                sentence = f"{facet}: there is no role '{role[:40]}'; there are {', '.join(sorted(units))}."
                yield StoryProblem(story.file, expectation.line, sentence)


def _codes(story: Story, tables: CodeTables, day: date) -> Iterator[StoryProblem]:
    roles = codes_of([story], {})
    for expectation, facet, wanted in _wanted(story, Wants.CODE):
        lists = facet_of(expectation.kind, facet).lists
        for word in wanted:
            for code in roles.get(word, (word,)):
                sentence = _wrong_code(code, lists, tables, day, expectation)
                if sentence:
                    yield StoryProblem(story.file, expectation.line, f"{facet}: {sentence}")


def _wrong_code(code: str, lists: tuple[str, ...], tables: CodeTables, day: date, expectation: Expectation) -> str:
    if code.endswith(ANY):
        return "" if code[:-1].isalnum() and code[:-1].isupper() else f"'{code[:40]}' cannot be the beginning of a code."
    if not tables.sks.known(code):
        return f"SKS has no code '{code[:40]}', and no role of the story has this name."
    start = expectation.wanted.get("start") or expectation.wanted.get("time")
    moment = at(day, start.told) if isinstance(start, TimeWindow) else at(day, timedelta(days=-1))
    found = tables.sks.lists_at(code, moment)
    if lists and found.possible.isdisjoint(lists):
        return f"{code} is not in the code list {' or '.join(lists)} on {moment.date()}."
    return ""


def _wanted(story: Story, wants: Wants) -> Iterator[tuple[Expectation, str, tuple[str, ...]]]:
    for expectation in filter(lambda each: each.is_element, story.expectations):
        for facet, wanted in expectation.wanted.items():
            if isinstance(wanted, tuple) and facet_of(expectation.kind, facet).wants is wants:
                yield expectation, facet, wanted
