"""Read stories from YAML, and report mistakes with file and line.

Every value is read as text, so that ``on``, ``yes`` and ``14:20`` mean what they say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import PurePath
from typing import Any

import yaml
from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from mockregister.codes.sor import has_form
from mockregister.errors import InvalidRequest
from mockregister.exam.facets import FACETS, OWNERS, Wants, facet_of
from mockregister.exam.story import (
    NOTHING,
    OF_THE_WAY,
    Expectation,
    Story,
    StoryPerson,
    StoryStep,
    TimeWindow,
    Wanted,
)

LARGEST = 64 * 1024  # characters of a story
LANGUAGES = ("da", "en")
WORD = r"[a-zæøå][a-zæøå0-9 _-]{0,39}\Z"
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
RESULT_TYPE = re.compile(r"RD[A-Z]\d\d[A-Z0-9]*")
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class StoryProblem:
    """A mistake in a story, in one sentence, with its place."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}"


class FaultyStory(InvalidRequest):
    """Stories cannot be used; ``problems`` are the mistakes in them."""

    def __init__(self, problems: list[StoryProblem]) -> None:
        self.problems = problems
        others = len(problems) - 1
        more = f" There {'are' if others > 1 else 'is'} {others} more." if others else ""
        super().__init__(f"{problems[0]}{more}", "stories", {f"{each.file}:{each.line}": each.sentence for each in problems})


# What is wrong with a value, in our words in place of marshmallow's.
MISSING: dict[str, Any] = {"required": "This is missing; write it."}
NO_NAME = "'{input:.40}' is not a name; a name begins with a small letter, and has up to 40 letters."


class Part(Schema):
    """A part of a story's file."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        known = ", ".join(self.fields)
        self.error_messages |= {
            "unknown": f"There is no such key; the keys here are {known}.",
            "type": f"This must be a mapping; its keys are {known}.",
        }


Text = partial(fields.String, error_messages={**MISSING, "invalid": "This must be one text."})
Number = partial(
    fields.Integer,
    error_messages={**MISSING, "invalid": "{input!r:.40} is not a whole number.", "too_large": "This number is too large."},
)
Mapped = partial(fields.Dict, error_messages={**MISSING, "invalid": "This must be a mapping, such as {{name: value}}."})
Several = partial(fields.List, error_messages={**MISSING, "invalid": "This must be a list, whose items begin with '- '."})
Nested = partial(fields.Nested, error_messages=MISSING)


def _one_of(*choices: str) -> OneOf:
    return OneOf(choices, error="'{input:.40}' is not possible here; write one of: {choices}.")


def _size(least: int, most: int, things: str) -> Length:
    return Length(least, most, error=f"Write {{min}} to {{max}} {things}.")


def _range(least: int, most: int) -> Range:
    return Range(least, most, error="{input} is not possible here; write a number from {min} to {max}.")


class OneOrMore(fields.Field[tuple[str, ...]]):
    """A text, or a list of texts of which any is accepted."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> tuple[str, ...]:
        values = value if isinstance(value, list) else [value]
        if not values or not all(isinstance(each, str) and each for each in values):
            raise ValidationError("Write a text, or a list of texts.")
        return tuple(values)


class TextsSchema(Part):
    """The same text in Danish and English."""

    da = Text(required=True, validate=_size(1, 4000, "characters"))
    en = Text(required=True, validate=_size(1, 4000, "characters"))


class PersonSchema(Part):
    """A person in a story."""

    sex = Text(required=True, validate=_one_of("F", "M"))
    age = Number(load_default=0, validate=_range(0, 110))
    born = Text()
    numbers = Text(load_default="cpr", validate=_one_of("cpr", "replacement", "both"))
    country = Text(load_default="")
    municipality = Text(load_default="")


class StepSchema(TextsSchema):
    """One event of a story, and its time."""

    at = Text(required=True)


NAME = Text(validate=Regexp(WORD, error=NO_NAME))


class StorySchema(Part):
    """A story's file."""

    title = Nested(TextsSchema, required=True)
    people = Mapped(NAME, Nested(PersonSchema), required=True, validate=_size(1, 8, "people"))
    units = Mapped(NAME, Text(), load_default=dict)
    codes = Mapped(NAME, OneOrMore(), load_default=dict)
    tolerance = Number(load_default=15, validate=_range(0, 1440))
    told = Several(Nested(StepSchema), required=True, validate=_size(1, 60, "events"))
    expect = Several(Mapped(Text(), fields.Raw()), required=True, validate=_size(1, 100, "expectations"))


def _element_schema(kind: str) -> type[Schema]:
    own: dict[str, Any] = {
        kind: Text(required=True, validate=Regexp(WORD, error=NO_NAME)),
        "of": Text(),
        "stands": Text(load_default="yes", validate=_one_of("yes", "no", "nullified")),
        "answer": Mapped(Text(), Text(), load_default=dict),
    }
    if OWNERS[kind]:
        own["on"] = Text(load_default="")
    if kind == "report":
        result_type = Text(validate=Regexp(RESULT_TYPE, error="'{input:.40}' is not a result type such as RDA61."))
        own["results"] = Mapped(result_type, OneOrMore(), load_default=dict)
    flag = Text(validate=_one_of("yes", "no"))
    return Part.from_dict(
        own | {name: flag if facet.wants is Wants.FLAG else OneOrMore() for name, facet in FACETS[kind].items()}
    )


_NUMBER = Number(required=True, validate=_range(0, 99))
SCHEMAS: dict[str, type[Schema]] = {
    **{kind: _element_schema(kind) for kind in OWNERS},
    "corrected": Part.from_dict({"corrected": Text(required=True)}),
    "moved": Part.from_dict({"moved": Text(required=True)}),
    "count": Part.from_dict({"count": Text(required=True, validate=_one_of(*tuple(OWNERS)[1:])), "is": _NUMBER, "of": Text()}),
    "refused": Part.from_dict({"refused": _NUMBER}),
    "error_list": Part.from_dict(
        {"error_list": Text(required=True, validate=_one_of("empty")), "but": OneOrMore(load_default=())}
    ),
}


@lru_cache(maxsize=512)
def read(file: str, text: str) -> Story:
    """Return the story of a file with this name and text. Raise FaultyStory."""
    lines: dict[Path, int] = {}
    data = _plain(_composed(file, text), (), lines, file)
    try:
        loaded = StorySchema().load(data)
    except ValidationError as error:
        raise FaultyStory(_problems(file, lines, error.messages_dict)) from error
    return _StoryReading(file, lines, loaded).story()


# -- YAML


def _composed(file: str, text: str) -> yaml.Node:
    if len(text) > LARGEST:
        raise FaultyStory([StoryProblem(file, 1, f"A story has {LARGEST} characters at most; this has {len(text)}.")])
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        raise FaultyStory([StoryProblem(file, line, f"This is not YAML: {getattr(error, 'problem', error)}.")]) from error
    except RecursionError as error:
        raise FaultyStory([StoryProblem(file, 1, "This is nested too deeply for a story.")]) from error
    if not isinstance(root, yaml.MappingNode):
        raise FaultyStory([StoryProblem(file, 1, "A story is a mapping: title, people, told, expect.")])
    return root


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int], file: str, seen: frozenset[int] = frozenset()) -> Any:
    """Return the content of a node as texts, lists and dicts, and note the line of each part in ``lines``."""
    line = node.start_mark.line + 1
    lines[path] = line
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if len(path) > 8:
        raise FaultyStory([StoryProblem(file, line, "This is nested too deeply for a story.")])
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, number), lines, file) for number, item in enumerate(node.value)]
    found: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in found:
            raise FaultyStory([StoryProblem(file, key.start_mark.line + 1, f"'{name[:40]}' is given twice; leave one out.")])
        found[name] = _plain(value, (*path, name), lines, file)
        lines[(*path, name)] = key.start_mark.line + 1
    return found


def _problems(file: str, lines: Mapping[Path, int], messages: Mapping[Any, Any], at: Path = ()) -> list[StoryProblem]:
    """Return marshmallow's errors, each with the line of the nearest part that exists."""
    found: list[StoryProblem] = []
    for name, below in messages.items():
        path = at if name in ("_schema", "value", "key") else (*at, name)
        if isinstance(below, Mapping):
            found += _problems(file, lines, below, path)
        else:
            where = ".".join(map(str, path[2:] if path[:1] == ("expect",) else path))
            found.append(StoryProblem(file, _line(lines, path), f"{where or path[0] if path else 'The story'}: {below[0]}"))
    return found


def _line(lines: Mapping[Path, int], path: Path) -> int:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


# -- what it means


class _StoryReading:
    """A story whose form is right, while its meaning is checked."""

    def __init__(self, file: str, lines: Mapping[Path, int], loaded: Mapping[str, Any]) -> None:
        self.file, self.lines, self.loaded = file, lines, loaded
        self.problems: list[StoryProblem] = []

    def story(self) -> Story:
        """Return the story. Raise FaultyStory."""
        story = Story(
            name=PurePath(self.file).stem,
            file=self.file,
            titles=self.loaded["title"],
            people={name: self._person(name, person) for name, person in self.loaded["people"].items()},
            units=self.loaded["units"],
            codes=self.loaded["codes"],
            steps=tuple(
                StoryStep(_line(self.lines, ("told", number)), step["at"], {name: step[name] for name in LANGUAGES})
                for number, step in enumerate(self.loaded["told"])
            ),
            expectations=tuple(self._expectation(number, each) for number, each in enumerate(self.loaded["expect"])),
        )
        if not self.problems:
            self._check(story)
        if self.problems:
            raise FaultyStory(sorted(self.problems, key=lambda problem: problem.line))
        return story

    def _wrong(self, sentence: str, *path: str | int) -> None:
        self.problems.append(StoryProblem(self.file, _line(self.lines, path), sentence))

    def _person(self, name: str, loaded: Mapping[str, Any]) -> StoryPerson:
        born = loaded.get("born")
        fields_ = {key: value for key, value in loaded.items() if key != "born"}
        window = self._window(born, "people", name, "born") if born else None
        return StoryPerson(**fields_, born=window.first.days if window else None)

    def _window(self, text: str, *path: str | int) -> TimeWindow | None:
        try:
            window = TimeWindow.parse(text, self.loaded["tolerance"])
        except ValueError as error:
            self._wrong(f"{str(error)[:1].upper()}{str(error)[1:]}.", *path)
            return None
        if window.told.days > 0:
            self._wrong(f"'{text}' is after the sitting; day 0 is its day, and days before it are negative.", *path)
        return window

    def _expectation(self, number: int, raw: Mapping[str, Any]) -> Expectation:
        kind = next((key for key in raw if key in SCHEMAS), "")
        nobody = Expectation("", "", 0, "")
        if not kind:
            self._wrong(f"This expectation has no known kind; begin with one of {', '.join(SCHEMAS)}.", "expect", number)
            return nobody
        try:
            loaded = SCHEMAS[kind]().load(raw)
        except ValidationError as error:
            self.problems += _problems(self.file, self.lines, error.messages_dict, ("expect", number))
            return nobody
        person = loaded.get("of") or next(iter(self.loaded["people"]))
        line = self.lines["expect", number]
        if kind in OF_THE_WAY:
            number_ = loaded.get("is", loaded[kind] if kind == "refused" else 0)
            return Expectation(kind, str(loaded[kind]), line, person, wanted={"but": loaded.get("but", ())}, number=number_)
        wanted = {name: self._wanted(kind, name, loaded[name], number) for name in FACETS[kind] if name in loaded}
        wanted |= {name: self._wanted(kind, name, value, number) for name, value in loaded.get("results", {}).items()}
        return Expectation(
            kind, loaded[kind], line, person, loaded.get("on", ""), loaded["stands"], wanted, answer=loaded["answer"]
        )

    def _wanted(self, kind: str, name: str, value: Any, number: int) -> Wanted:
        wants = facet_of(kind, name).wants
        if wants is Wants.FLAG:
            return bool(value == "yes")
        if value == (NOTHING,):
            return None
        is_time = wants is Wants.MOMENT or (wants is Wants.TEXT and value[0].startswith("day "))
        return self._window(value[0], "expect", number, name) if is_time else value

    # -- contradictions

    def _check(self, story: Story) -> None:
        for number, expectation in enumerate(story.expectations):
            if expectation.person not in story.people:
                self._wrong(f"There is nobody called '{expectation.person}' in this story.", "expect", number, "of")
            if expectation.is_element:
                self._check_element(story, number, expectation)
            else:
                self._check_way(story, number, expectation)
        self._check_together(story)
        for number, step in enumerate(story.steps):
            self._window(step.at, "told", number, "at")
        for role, unit in story.units.items():
            if not has_form(unit):
                self._wrong(f"The unit '{role}' needs a SOR id, not '{unit[:40]}'.", "units", role)

    def _check_element(self, story: Story, number: int, wanted: Expectation) -> None:
        owners, elements = OWNERS[wanted.kind], _elements(story)
        if owners and not wanted.on and wanted.stands != "no":
            self._wrong(f"Say with 'on' which {' or '.join(owners)} this {wanted.kind} belongs to.", "expect", number)
        if wanted.on and (wanted.on not in elements or elements[wanted.on].kind not in owners):
            known = [name for name, each in elements.items() if each.kind in owners]
            self._wrong(
                f"'{wanted.on}' is not the name of any {' or '.join(owners)} of this story; "
                f"there is {', '.join(known) or 'none'}.",
                "expect", number, "on",
            )  # fmt: skip
        elif wanted.on and wanted.stands == "yes" and elements[wanted.on].stands != "yes":
            self._wrong(f"This must exist, but '{wanted.on}', which it belongs to, must not.", "expect", number, "on")
        elif wanted.on and elements[wanted.on].person != wanted.person:
            self._wrong(f"'{wanted.on}' is about somebody else.", "expect", number, "on")
        for name, value in wanted.answer.items():
            self._check_answer(elements, number, name, value)
        follows = wanted.wanted.get("follows")
        if isinstance(follows, tuple) and (follows[0] not in elements or elements[follows[0]].kind != "episode"):
            self._wrong(f"'{follows[0]}' is not an episode of this story.", "expect", number, "follows")
        start, end = wanted.wanted.get("start"), wanted.wanted.get("end")
        if isinstance(start, TimeWindow) and isinstance(end, TimeWindow) and end.last <= start.first:
            self._wrong(f"This ends ({end.written}) before it begins ({start.written}).", "expect", number, "end")
        owner = elements[wanted.on].wanted.get("start") if wanted.on in elements else None
        if isinstance(start, TimeWindow) and isinstance(owner, TimeWindow) and start.last < owner.first:
            self._wrong(f"This begins ({start.written}) before '{wanted.on}' ({owner.written}).", "expect", number, "start")

    def _check_answer(self, elements: Mapping[str, Expectation], number: int, name: str, value: str) -> None:
        if name == "document" and value not in ("1", "2", "3", "4"):
            self._wrong(f"document: '{value[:40]}' is not a document of an answer; use 1 to 4.", "expect", number, "answer")
        if name == "first.on" and value not in elements:
            self._wrong(f"{name}: '{value[:40]}' is not an element of this story.", "expect", number, "answer")
        if value.startswith("day "):
            self._window(value, "expect", number, "answer")

    def _check_way(self, story: Story, number: int, expectation: Expectation) -> None:
        if expectation.kind in ("corrected", "moved"):
            element = _elements(story).get(expectation.name)
            if element is None or element.stands != "yes" or element.kind in ("patient", "stay", "marker"):
                self._wrong(f"'{expectation.name}' is not an element of this story that has to exist.", "expect", number)
        standing = [each for each in _elements(story).values() if each.stands == "yes" and each.person == expectation.person]
        least = sum(each.kind == expectation.name for each in standing)
        if expectation.kind == "count" and expectation.number < least:
            self._wrong(f"The number is {expectation.number}, but {least} of them are expected above.", "expect", number)

    def _check_together(self, story: Story) -> None:
        names: dict[str, Expectation] = {}
        for number, each in enumerate(story.expectations):
            if each.is_element and each.name in names:
                self._wrong(f"'{each.name}' is the name of another element, too.", "expect", number)
            names[each.name] = each
            for other in story.expectations:
                if each.stands == "no" and other.stands == "yes" and _wants_the_same(each, other):
                    self._wrong(f"This must not exist, but '{other.name}' must, and it is the same.", "expect", number)
        mains = [each for each in names.values() if each.stands == "yes" and each.wanted.get("main") is True]
        for first, second in ((a, b) for a in mains for b in mains if a.line < b.line and a.on == b.on):
            self.problems.append(
                StoryProblem(self.file, second.line, f"'{first.on}' has two main conditions, '{first.name}' and '{second.name}'.")
            )


def _elements(story: Story) -> dict[str, Expectation]:
    return {each.name: each for each in story.expectations if each.is_element}


def _wants_the_same(unwanted: Expectation, wanted: Expectation) -> bool:
    """Return whether the same is both required and forbidden."""
    same_place = (unwanted.kind, unwanted.person) == (wanted.kind, wanted.person) and unwanted.on in ("", wanted.on)
    return same_place and all(wanted.wanted.get(name) == value for name, value in unwanted.wanted.items())


def placeholders(story: Story) -> Iterator[tuple[StoryStep, str]]:
    """Yield each step with the names that its texts have in braces."""
    for step in story.steps:
        for text in step.texts.values():
            yield from ((step, name) for name in PLACEHOLDER.findall(text))
