"""Find out whether each expectation can fail: find a mistake in the model answer that no other expectation notices.

The mistakes that are tried are another value of a facet, an element that is left out, added or not nullified, an element that is
right at first and so never corrected, one refused submission too many, and a broken business rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from mockregister.clock import COPENHAGEN, Clock
from mockregister.codes.tables import CodeTables
from mockregister.document import writer
from mockregister.exam.answering import Solution, documents
from mockregister.exam.evidence import Evidence, gather
from mockregister.exam.facets import OWNERS, Wants, facet_of
from mockregister.exam.lint import lint
from mockregister.exam.making import CannotAnswer
from mockregister.exam.matching import Roles
from mockregister.exam.notation import FaultyStory, StoryProblem, read
from mockregister.exam.preparing import prepared
from mockregister.exam.story import Expectation, Story, TimeWindow, Wanted
from mockregister.exam.units import DEFAULTS, codes_of, units_of
from mockregister.exam.verdict import ExamStanding, JudgedStory, judge
from mockregister.exam.wording import Wording
from mockregister.finding import Finding
from mockregister.lazy import lazy
from mockregister.mocking.sitting import SittingPatient, WrittenStory
from mockregister.model import ClinicalDocument, Submission
from mockregister.register.elements import Look
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.synthetic.mistakes import MISTAKES
from mockregister.validation.edition import Edition
from mockregister.validation.editions import NEWEST

JOURNAL = 1000  # exchanges, the usual limit
SHIFTS = tuple(timedelta(minutes=minutes) for minutes in (7, -7, 45, -45, 24 * 60, -24 * 60))
CODES: dict[str, tuple[str, ...]] = {  # other values, if no similar code will do
    "condition": ("DZ039", "DI109", "DR104"),
    "procedure": ("BVAA04", "BVAA20", "UXUC80"),
    "marker": ("AFV01A1", "AFV01F", "AFB07B"),
    "absence": ("ALCF00", "ALCF01", "ALCF03"),
}
COMPANIONS: dict[tuple[str, str], dict[str, Wanted]] = {  # facets that must change with another one, or a rule is broken
    ("priority", "ATA3"): {"reason": None},
    ("priority", "ATA1"): {"reason": ("ALCC01",)},
}
PLACES = {"country": ("5100", "5902"), "municipality": ("0101", "0751")}
FIRST_TRIED = ("unit", "side", "label", "code", "origin", "agreement", "country", "municipality")


@dataclass(frozen=True)
class Spoiling:
    """A mistake in an answer: what is reported instead, what is done to the documents, how many submissions are refused."""

    solution: Solution
    change: Callable[[list[ClinicalDocument]], list[ClinicalDocument]] = field(default=lambda documents: documents)
    refused: int = 0


@dataclass(frozen=True)
class Trial:
    """Tries answers to a story, each in a register of its own."""

    story: Story
    written: WrittenStory
    now: datetime
    tables: CodeTables
    edition: Edition = NEWEST

    @lazy
    def patients(self) -> dict[str, SittingPatient]:
        """The people who are made up for the story."""
        sitting = prepared("trial", [self.written], self.now, self.tables, {}, JOURNAL)
        return {each.person: each for each in sitting.patients}

    def judged(self, spoiling: Spoiling) -> tuple[JudgedStory, tuple[Finding, ...]]:
        """Return the verdict on an answer, and the findings in its last document."""
        patients, day = self.patients, self.now.astimezone(COPENHAGEN).date()
        roles = Roles(day, units_of([self.story], {}), codes_of([self.story], {}))
        register = Register(MemoryStore(), self.tables, Clock(self.now), Settings())
        found: tuple[Finding, ...] = ()
        for document in spoiling.change(documents(spoiling.solution, roles, patients, self.now)):
            sent = Submission.of([writer.write(document, pretty=False)]).by_author_of(document)
            found = submit(register, Service.REPORTING, sent, edition=self.edition).findings
        people = {name: patient.numbers for name, patient in patients.items()}
        refused = frozenset(map(str, range(spoiling.refused)))
        with register.look() as rows:
            evidence: dict[str, Evidence] = gather(
                Look(rows, self.now), people, {number: refused for numbers in people.values() for number in numbers}
            )
            return judge(self.story, evidence, roles, Wording("en"), lines=False), found

    def failing(self, spoiling: Spoiling) -> list[int]:
        """Return the places of the expectations that an answer does not meet."""
        try:
            judged, _ = self.judged(spoiling)
        except CannotAnswer:
            return []
        return [number for number, each in enumerate(judged.expectations) if each.standing is not ExamStanding.MET]

    def mistake(self, number: int) -> Spoiling | None:
        """Return a mistake that exactly the expectation at this place notices."""
        expectation = self.story.expectations[number]
        return next((each for each in spoilings(self.story, expectation, self.tables) if self.failing(each) == [number]), None)


def problems_of(
    written: WrittenStory, now: datetime, tables: CodeTables, roles: Mapping[str, tuple[str, ...]], edition: Edition = NEWEST
) -> list[StoryProblem]:
    """Return everything that is wrong with a story, so that no sitting can start."""
    try:
        found = lint(read(written.file, written.text), tables, now.astimezone(COPENHAGEN).date(), roles)
    except FaultyStory as error:
        return error.problems
    return found or list(unprovable(written, now, tables, edition))


def unprovable(written: WrittenStory, now: datetime, tables: CodeTables, edition: Edition) -> Iterator[StoryProblem]:
    """Yield what our own generator cannot report, and each expectation for which no mistake is found that it alone notices."""
    story = read(written.file, written.text)
    trial = Trial(story, written, now, tables, edition)
    try:
        judged, found = trial.judged(Spoiling(Solution(story)))
    except CannotAnswer as error:
        yield StoryProblem(story.file, 1, str(error))
        return
    missed = [each for each in judged.expectations if each.standing is not ExamStanding.MET]
    against = f" The register answers it with {found[0].code}: {found[0].text}" if found else ""
    for each in missed:
        sentence = f"The answer of our own generator does not meet this: {each.found or each.standing.value}.{against}"
        yield StoryProblem(story.file, each.line, sentence)
    for number, expectation in enumerate(story.expectations if not missed else ()):
        if trial.mistake(number) is None:
            sentence = "No mistake makes only this expectation fail; add details to it, or leave it out."
            yield StoryProblem(story.file, expectation.line, sentence)


def spoilings(story: Story, expectation: Expectation, tables: CodeTables) -> Iterator[Spoiling]:
    """Yield mistakes that an expectation should notice, the likeliest first."""
    right = Solution(story)
    name = expectation.name
    if expectation.is_element and expectation.stands == "no":
        yield from (Spoiling(replace(right, added=added)) for added in _additions(story, expectation))
    elif expectation.is_element:
        if expectation.stands == "nullified":
            yield Spoiling(replace(right, kept=frozenset({name})))
        for facet, other in _otherwise(_with_codes(story, expectation), tables):
            for facets in ({facet: other} | COMPANIONS.get((facet, _first(other)), {}), {facet: other}):
                yield Spoiling(replace(right, values={name: facets}))
        yield Spoiling(replace(right, omitted=frozenset({name})))
    elif expectation.kind in ("corrected", "moved"):
        yield Spoiling(replace(right, direct=frozenset({name})))
    elif expectation.kind == "count":
        unwanted = replace(expectation, kind=name, name="one too many", stands="no", wanted={})
        yield from (Spoiling(replace(right, added=added)) for added in _additions(story, unwanted))
    elif expectation.kind == "refused":
        yield Spoiling(right, refused=expectation.number + 1)
    else:
        yield from (Spoiling(right, change) for change in _rule_breakers(story))


def _with_codes(story: Story, expectation: Expectation) -> Expectation:
    """Return an expectation with the codes that its roles stand for."""
    wanted = {
        name: tuple(code for word in value for code in story.codes.get(word, (word,))) if isinstance(value, tuple) else value
        for name, value in expectation.wanted.items()
    }
    return replace(expectation, wanted=wanted)


def _first(wanted: Wanted) -> str:
    return wanted[0] if isinstance(wanted, tuple) else ""


def _otherwise(expectation: Expectation, tables: CodeTables) -> Iterator[tuple[str, Wanted]]:
    """Yield other values for the wanted ones, facet by facet."""
    facets = sorted(expectation.wanted, key=lambda name: (name not in FIRST_TRIED, name))
    for name in facets:
        wanted = expectation.wanted[name]
        yield from ((name, other) for other in islice(_others(expectation.kind, name, wanted, tables), 8))


def _others(kind: str, name: str, wanted: Wanted, tables: CodeTables) -> Iterator[Wanted]:
    facet = facet_of(kind, name)
    if isinstance(wanted, bool):
        yield not wanted
    elif isinstance(wanted, TimeWindow):
        for shift in SHIFTS:
            told = wanted.last + shift if shift > timedelta() else wanted.first + shift
            yield TimeWindow(told, told, told, "")
    elif facet.wants is Wants.UNIT:
        yield from ((role,) for role in DEFAULTS if role not in (wanted or ()))
    elif facet.wants is Wants.CODE:
        yield from _other_codes(kind, name, facet.lists, wanted or (), tables)
    elif name in PLACES:
        yield from ((place,) for place in PLACES[name] if place != _first(wanted))
    elif facet.wants is Wants.TEXT:
        yield from _other_texts(_first(wanted), tables)


def _other_codes(kind: str, name: str, lists: tuple[str, ...], wanted: tuple[str, ...], tables: CodeTables) -> Iterator[Wanted]:
    for code in wanted:
        for row in islice(tables.sks.search(prefix=code[:4].rstrip("*"), list_name=lists[0] if lists else ""), 8):
            if row.valid_to is None and not any(row.code.startswith(each.rstrip("*")) for each in wanted):
                yield (row.code,)
    yield from ((code,) for code in CODES.get(name, CODES.get(kind, ())) if code not in wanted)


def _other_texts(text: str, tables: CodeTables) -> Iterator[Wanted]:
    if text.isdecimal():
        yield from ((str(int(text) + 1).zfill(len(text)),), (str(max(0, int(text) - 1)).zfill(len(text)),))
    elif text.isalnum() and text[:1].isalpha():
        stem, last = text[:-1], text[-1:]
        yield from ((stem + digit,) for digit in "0123456789" if digit != last)
    else:
        yield (f"{text}X",)


def _additions(story: Story, unwanted: Expectation) -> Iterator[tuple[Expectation, ...]]:
    """Yield additional elements of the kind that must not exist."""
    standing = [
        each for each in story.expectations if each.is_element and each.person == unwanted.person and each.stands == "yes"
    ]
    alike = [each for each in standing if each.kind == unwanted.kind]
    owners = [each for each in standing if each.kind in OWNERS[unwanted.kind]]
    for model in (*alike, *owners):
        is_alike = model in alike
        facets = model.wanted if is_alike else {name: model.wanted.get(name) for name in ("start", "end")}
        added = replace(
            unwanted,
            name="one too many",
            on=unwanted.on or (model.on if is_alike else model.name),
            stands="yes",
            wanted=_whole({**_made_up(unwanted.kind), **facets, **unwanted.wanted}),
            answer={name: value for name, value in model.answer.items() if is_alike and not name.startswith("first.")},
        )
        if unwanted.kind == "encounter":
            mains = (each for each in standing if each.on == model.name and each.wanted.get("main") is True)
            planned = replace(added, wanted={**added.wanted, "priority": ("ATA3",), "reason": None}, answer={})
            yield (planned, *(replace(main, name="its condition", on=added.name) for main in islice(mains, 1)))
        yield (added,)


def _made_up(kind: str) -> dict[str, Wanted]:
    """Return the facets of an additional condition or procedure for which the story gives none."""
    code = {"condition": "DZ039", "procedure": "BVAA04"}.get(kind)
    facets: dict[str, Wanted] = {"code": (code,)} if code else {}
    return facets | ({"main": False} if kind == "condition" else {})


def _whole(wanted: Mapping[str, Wanted]) -> dict[str, Wanted]:
    """Return the wanted facets, but make a second condition a minor one."""
    return {**wanted, "main": False} if "main" in wanted else dict(wanted)


def _rule_breakers(story: Story) -> Iterator[Callable[[list[ClinicalDocument]], list[ClinicalDocument]]]:
    """Yield changes that make a typical mistake in an entry, in every document that states it."""
    for mistake in MISTAKES:
        for place in range(12):

            def change(told: list[ClinicalDocument], mistake: Any = mistake, place: int = place) -> list[ClinicalDocument]:
                ids = list(dict.fromkeys(entry.id.key for document in told for entry in document.entries()))
                return [_spoilt(document, mistake, ids[place]) for document in told] if place < len(ids) else told

            yield change


def _spoilt(document: ClinicalDocument, mistake: Any, key: str) -> ClinicalDocument:
    def look(entries: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(mistake.spoil(each) if each.id.key == key and mistake.applies(each) else each for each in entries)

    places: dict[str, Any] = {
        name: look(getattr(document, name)) for name in ("episodes", "encounters", "procedures", "conditions", "organizers")
    }
    return replace(document, **places)
