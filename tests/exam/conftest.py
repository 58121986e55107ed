"""Fixtures: the shipped stories, answered once, and a short story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from mockregister.clock import COPENHAGEN, Clock
from mockregister.codes.tables import CodeTables
from mockregister.document import writer
from mockregister.exam import library, sittings
from mockregister.exam.answering import Solution, documents
from mockregister.exam.matching import Roles
from mockregister.exam.notation import read
from mockregister.exam.preparing import prepared
from mockregister.exam.story import Story
from mockregister.exam.units import codes_of, units_of
from mockregister.exam.verdict import ExamStanding, JudgedStory
from mockregister.finding import Finding
from mockregister.mocking.sitting import Sitting, WrittenStory
from mockregister.model import ClinicalDocument, Submission
from mockregister.register.elements import Look
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.register.store import Store
from mockregister.settings import Settings
from mockregister.submission import Service, submit

NOW = datetime(2026, 6, 17, 12, tzinfo=COPENHAGEN)
TABLES = CodeTables.load()
NAMES = list(library.shipped())

VISIT = """\
title: {da: Et besøg, en: A visit}
people:
  patient: {sex: F, age: 40}
told:
  - {at: day -2 10:00, da: "{patient} ses på {medical}.", en: "{patient} is seen at {medical}."}
expect:
  - episode: course
    unit: medical
    start: day -2 10:00
  - encounter: visit
    on: course
    priority: ATA3
    unit: medical
    start: day -2 10:00
    end: day -2 11:00
  - condition: pressure
    on: visit
    main: yes
    code: DI109
  - error_list: empty
"""


@dataclass
class Room:
    """A register in which a candidate works on some stories."""

    written: Sequence[WrittenStory]
    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    store: Store = field(default_factory=MemoryStore)

    def __post_init__(self) -> None:
        self.sitting: Sitting = prepared("room", self.written, NOW, TABLES, self.roles, 1000)
        self.register = Register(self.store, TABLES, Clock(NOW), Settings())
        self.refused: dict[str, frozenset[str]] = {}

    @property
    def stories(self) -> list[Story]:
        """Return the stories."""
        return library.stories_of(self.written)

    def answer(self, story: Story, solution: Solution | None = None) -> list[ClinicalDocument]:
        """Return the documents that our own generator reports."""
        patients = {each.person: each for each in self.sitting.patients if each.story == story.name}
        roles = Roles(self.sitting.day, units_of([story], self.roles), codes_of([story], self.roles))
        return documents(solution or Solution(story), roles, patients, NOW)

    def send(self, told: Sequence[ClinicalDocument]) -> list[Finding]:
        """Submit documents one after the other, and return the findings of the last one."""
        found: list[Finding] = []
        for document in told:
            sent = Submission.of([writer.write(document)]).by_author_of(document)
            found = list(submit(self.register, Service.REPORTING, sent).findings)
        return found

    def judged(self, language: str = "en") -> list[JudgedStory]:
        """Return the verdict."""
        with self.register.look() as rows:
            judged = sittings.judged_stories(Look(rows, NOW), self.sitting, self.refused, language)
        return [story for story, _ in judged]

    def first(self, standing: ExamStanding) -> list[str]:
        """Return the names of the expectations of the first story that have this standing."""
        return [each.name for each in self.judged()[0].expectations if each.standing is standing]


def written(text: str = VISIT, file: str = "visit.yml") -> WrittenStory:
    """Return a story as it is written in a file."""
    return WrittenStory(file, text)


def story(text: str = VISIT) -> Story:
    """Return a story as it is read."""
    return read("visit.yml", text)


@pytest.fixture
def room() -> Room:
    """Return a room with the short story."""
    return Room([written()])


@pytest.fixture(scope="module")
def every_story() -> Room:
    """Return a room in which every shipped story has been answered."""
    made = Room(library.chosen([]))
    for each in made.stories:
        made.send(made.answer(each))
    return made
