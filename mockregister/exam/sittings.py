"""A sitting of the exam: it has a register of its own, and is judged by what that register holds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import mockregister
from mockregister.errors import NotFound
from mockregister.exam import library
from mockregister.exam.evidence import Evidence, gather
from mockregister.exam.library import stories_of
from mockregister.exam.matching import Roles
from mockregister.exam.notation import FaultyStory
from mockregister.exam.preparing import prepared
from mockregister.exam.spoiling import unprovable
from mockregister.exam.story import Story
from mockregister.exam.units import codes_of, units_of
from mockregister.exam.verdict import ExamStanding, JudgedStory, judge
from mockregister.exam.wording import Wording
from mockregister.mocking.journal import Criteria
from mockregister.mocking.registers import Namespace
from mockregister.mocking.sitting import Sitting, WrittenStory
from mockregister.register.elements import Look
from mockregister.submission import Service

STORING = tuple(service.url_name for service in Service if service.stores)


@dataclass(frozen=True, slots=True)
class SentToSitting:
    """A document that was sent about a person of a story: the person, the id, and the SHA-256 of its bytes."""

    story: str
    person: str
    document: str
    set: str
    version: int
    received: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class ExamReport:
    """The result of a sitting, to be filed: when it was judged, under which edition, by which version, and what was sent."""

    register: str
    at: datetime
    began: datetime
    day0: str
    edition: str
    version: str
    stories: tuple[JudgedStory, ...]
    sent: tuple[SentToSitting, ...] = ()

    def count(self, standing: ExamStanding) -> int:
        """Return the number of expectations with this outcome."""
        return sum(story.count(standing) for story in self.stories)

    @property
    def is_passed(self) -> bool:
        """Whether every expectation is met."""
        return self.count(ExamStanding.MET) == sum(len(story.expectations) for story in self.stories)


@dataclass(frozen=True, slots=True)
class SittingProgress:
    """The progress of a sitting: how many expectations are met, missed and not yet tried, of how many stories."""

    register: str
    began: datetime
    stories: int
    met: int
    missed: int
    untried: int


def start(namespace: Namespace, written: Sequence[WrittenStory], roles: Mapping[str, tuple[str, ...]]) -> Sitting:
    """Start a sitting in a register. Raise Conflict if the register has one, and FaultyStory.

    For stories that do not come with the package, first try whether each expectation can fail.
    """
    register = namespace.register
    now, tables = register.clock.now(), register.codes
    sitting = prepared(namespace.name, written, now, tables, roles, register.settings.journal)
    shipped = library.shipped().values()
    own = [each for each in written if each not in shipped]
    problems = [problem for each in own for problem in unprovable(each, now, tables, namespace.edition)]
    if problems:
        raise FaultyStory(problems)
    namespace.sit(sitting)
    return sitting


def reported_before(namespace: Namespace) -> int:
    """Return how many reports about the people of a sitting its register has: stored documents and refused submissions.

    Right after the start of the sitting, these are from an earlier sitting of the same day, which had the same people. Raise
    NotFound without a sitting.
    """
    with namespace.register.look() as rows:
        look = Look(rows, namespace.register.clock.now())
        found = evidence_of(look, sitting_of(namespace), refusals(namespace))
        people = [evidence for _, people, _ in found for evidence in people.values()]
    refused = frozenset[str]().union(*(evidence.refused for evidence in people))
    return sum(len(evidence.documents) for evidence in people) + len(refused)


def end(namespace: Namespace) -> None:
    """End the sitting of a register, which stays as it is. Raise NotFound without a sitting."""
    sitting_of(namespace)
    namespace.sitting = None


def sitting_of(namespace: Namespace) -> Sitting:
    """Return the sitting of a register. Raise NotFound without a sitting."""
    if namespace.sitting is None:
        raise NotFound(f"'{namespace.name[:80]}' is not a sitting; start one with POST /__admin/exams.")
    return namespace.sitting


def report(namespace: Namespace, language: str = "en") -> ExamReport:
    """Return the verdict on a sitting so far. Raise NotFound without a sitting."""
    sitting, register = sitting_of(namespace), namespace.register
    with register.look() as rows:
        now = register.clock.now()
        judged = judged_stories(Look(rows, now), sitting, refusals(namespace), language)
        sent = tuple(_sent(judged))
    return ExamReport(
        register=namespace.name,
        at=now,
        began=sitting.began,
        day0=sitting.day0,
        edition=namespace.edition.name,
        version=mockregister.__version__,
        stories=tuple(story for story, _ in judged),
        sent=sent,
    )


def progress(namespace: Namespace) -> SittingProgress | None:
    """Return the progress of a register's sitting, for an instructor's list; None without a sitting."""
    sitting, register, counts = namespace.sitting, namespace.register, Counter[ExamStanding]()
    if sitting is None:
        return None
    with register.look() as rows:
        for story, evidence, roles in evidence_of(Look(rows, register.clock.now()), sitting, refusals(namespace)):
            if any(each.is_tried for each in evidence.values()):
                judged = judge(story, evidence, roles, Wording("en"), lines=False)
                counts.update(each.standing for each in judged.expectations)
            else:
                counts[ExamStanding.UNTRIED] += len(story.expectations)
    told = (counts[standing] for standing in ExamStanding)
    return SittingProgress(namespace.name, sitting.began, len(sitting.stories), *told)


def judged_stories(
    look: Look, sitting: Sitting, refused: Mapping[str, frozenset[str]], language: str
) -> list[tuple[JudgedStory, Mapping[str, Evidence]]]:
    """Return the verdict on each story, and what is stored about its people, by their names in the story."""
    wording = Wording(language, sitting.day)
    found = evidence_of(look, sitting, refused)
    return [(judge(story, evidence, roles, wording), evidence) for story, evidence, roles in found]


def evidence_of(
    look: Look, sitting: Sitting, refused: Mapping[str, frozenset[str]]
) -> Iterator[tuple[Story, Mapping[str, Evidence], Roles]]:
    """Yield each story with what is stored about its people, and what its words mean."""
    evidence = gather(look, {(each.story, each.person): each.numbers for each in sitting.patients}, refused)
    for story in stories_of(sitting.stories):
        roles = Roles(sitting.day, units_of([story], sitting.units), codes_of([story], sitting.codes))
        yield story, {person: evidence[story.name, person] for person in story.people}, roles


def refusals(namespace: Namespace) -> dict[str, frozenset[str]]:
    """Return the exchanges in which submissions were refused since the register's journal began, by the patient's number."""
    found = defaultdict[str, set[str]](set)
    for exchange in namespace.journal.find(Criteria(stored=False)):
        if exchange.taken_by in STORING:
            for number in exchange.call.patients:
                found[number.rpartition("^")[2].upper()].add(exchange.id)
    return {number: frozenset(ids) for number, ids in found.items()}


def _sent(judged: Iterable[tuple[JudgedStory, Mapping[str, Evidence]]]) -> Iterator[SentToSitting]:
    for story, evidence in judged:
        for person, found in evidence.items():
            for document in found.documents:
                row = document.row
                digest = sha256(document.content).hexdigest()
                yield SentToSitting(story.name, person, document.id, row.set, row.version, row.received, digest)
