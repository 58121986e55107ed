"""A sitting: started in a register of its own, and judged by what that register holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from random import Random

import mockregister
from mockregister.clock import COPENHAGEN
from mockregister.codes.tables import CodeTables
from mockregister.errors import Conflict, NotFound
from mockregister.exam.evidence import Evidence, gather
from mockregister.exam.library import stories_of
from mockregister.exam.lint import lint
from mockregister.exam.matching import Roles
from mockregister.exam.notation import FaultyStory, StoryProblem
from mockregister.exam.story import Story, StoryPerson
from mockregister.exam.units import check_roles, codes_of, units_of
from mockregister.exam.verdict import ExamStanding, JudgedStory, judge
from mockregister.exam.wording import Wording
from mockregister.mocking.journal import Criteria
from mockregister.mocking.registers import Namespace
from mockregister.mocking.sitting import Sitting, SittingPatient, WrittenStory
from mockregister.register.elements import Look
from mockregister.submission import Service
from mockregister.synthetic import cpr, population
from mockregister.synthetic.geography import CAPITAL, MUNICIPALITIES

MOST_STORIES = 200
STORING = tuple(service.url_name for service in Service if service.stores)


@dataclass(frozen=True, slots=True)
class SentToSitting:
    """A document that was sent about somebody of a story: whose, which, and the SHA-256 of its bytes."""

    story: str
    person: str
    document: str
    set: str
    version: int
    received: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class ExamReport:
    """What came of a sitting, to be filed: when it was judged, under which edition, by which version, and what was sent."""

    register: str
    at: datetime
    began: datetime
    day0: str
    edition: str
    version: str
    stories: tuple[JudgedStory, ...]
    sent: tuple[SentToSitting, ...] = ()

    def count(self, standing: ExamStanding) -> int:
        """Return how many expectations stand so."""
        return sum(story.count(standing) for story in self.stories)

    @property
    def is_passed(self) -> bool:
        """Whether every expectation is met."""
        return self.count(ExamStanding.MET) == sum(len(story.expectations) for story in self.stories)


@dataclass(frozen=True, slots=True)
class SittingProgress:
    """How far a sitting is: how many expectations are met, missed and not yet tried, of how many stories."""

    register: str
    began: datetime
    stories: int
    met: int
    missed: int
    untried: int


def prepared(
    name: str,
    written: Sequence[WrittenStory],
    now: datetime,
    tables: CodeTables,
    roles: Mapping[str, tuple[str, ...]],
    journal: int,
) -> Sitting:
    """Return a sitting of a register called ``name``, with people made up for its stories; the same every time on one day.

    ``journal`` is how many exchanges the register remembers. Raise FaultyStory for stories that cannot be used.
    """
    stories, day = stories_of(written), now.astimezone(COPENHAGEN).date()
    _check_names(stories)
    check_roles(stories, roles)
    problems = [problem for story in stories for problem in (*lint(story, tables, day, roles), *_unfailing(story, journal))]
    if problems:
        raise FaultyStory(problems)
    units, codes = units_of(stories, {}), codes_of(stories, {})
    return Sitting(
        began=now,
        day0=day.isoformat(),
        stories=tuple(written),
        patients=tuple(_people(name, stories, day)),
        units={role: ids for role, ids in roles.items() if role in units},
        codes={role: values for role, values in roles.items() if role in codes},
    )


def start(namespace: Namespace, written: Sequence[WrittenStory], roles: Mapping[str, tuple[str, ...]]) -> Sitting:
    """Start a sitting in a register, which has none. Raise Conflict and FaultyStory."""
    if namespace.sitting is not None:
        raise Conflict(f"'{namespace.name}' is a sitting already; end it with DELETE, or POST /__admin/reset to begin it anew.")
    register = namespace.register
    limit = register.settings.journal
    sitting = prepared(namespace.name, written, register.clock.now(), register.codes, roles, limit)
    namespace.sitting = sitting
    return sitting


def sitting_of(namespace: Namespace) -> Sitting:
    """Return the sitting of a register. Raise NotFound where it has none."""
    if namespace.sitting is None:
        raise NotFound(f"'{namespace.name[:80]}' is no sitting; start one with POST /__admin/exams.")
    return namespace.sitting


def report(namespace: Namespace, language: str = "en") -> ExamReport:
    """Return what has come of a sitting so far. Raise NotFound where there is none."""
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
    """Return how far the sitting of a register is, None where there is none: what an instructor's list shows."""
    sitting, register = namespace.sitting, namespace.register
    if sitting is None:
        return None
    with register.look() as rows:
        judged = judged_stories(Look(rows, register.clock.now()), sitting, refusals(namespace), "en", lines=False)
    counted = [sum(story.count(standing) for story, _ in judged) for standing in ExamStanding]
    return SittingProgress(namespace.name, sitting.began, len(judged), *counted)


def judged_stories(
    look: Look, sitting: Sitting, refused: Mapping[str, frozenset[str]], language: str, *, lines: bool = True
) -> list[tuple[JudgedStory, Mapping[str, Evidence]]]:
    """Return what came of each story, and what is stored about its people by their names in the story."""
    people = {(each.story, each.person): each.numbers for each in sitting.patients}
    evidence, wording = gather(look, people, refused), Wording(language)
    found: list[tuple[JudgedStory, Mapping[str, Evidence]]] = []
    for story in stories_of(sitting.stories):
        own = {person: evidence[story.name, person] for person in story.people}
        roles = Roles(sitting.day, units_of([story], sitting.units), codes_of([story], sitting.codes))
        found.append((judge(story, own, roles, wording, lines=lines), own))
    return found


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


def _check_names(stories: Sequence[Story]) -> None:
    """Raise FaultyStory for two stories of one name, and for too many."""
    if not 0 < len(stories) <= MOST_STORIES:
        raise FaultyStory([StoryProblem("stories", 1, f"An exam has 1 to {MOST_STORIES} stories, not {len(stories)}.")])
    seen: set[str] = set()
    for story in stories:
        if story.name in seen:
            raise FaultyStory([StoryProblem(story.file, 1, f"There are two stories called '{story.name[:80]}'.")])
        seen.add(story.name)


def _unfailing(story: Story, journal: int) -> Iterator[StoryProblem]:
    """Yield what nothing can fail in this register: refused submissions are counted in its journal."""
    for each in story.expectations:
        if each.kind == "refused" and each.number >= journal:
            yield StoryProblem(
                story.file,
                each.line,
                f"Nothing can fail this: {each.number} may be refused, and the journal remembers {journal}; raise --journal.",
            )


def _people(name: str, stories: Sequence[Story], day: date) -> Iterator[SittingPatient]:
    taken: set[str] = set()
    homes = [home for home in MUNICIPALITIES if home.region is CAPITAL]
    for story in stories:
        families: list[str] = []
        for person, said in story.people.items():
            random = Random(f"{name}/{day}/{story.name}/{person}")
            birth = population.safe_day(_birth(said, day, random))
            family = families[0] if said.born is not None and families else ""
            made = population.born(0, birth, said.sex, random.choice(homes), random, taken, family)
            families.append(made.name.family)
            number = cpr.replacement_number(birth, said.sex, random) if said.numbers != "cpr" else ""
            yield SittingPatient(
                story=story.name,
                person=person,
                cpr="" if said.numbers == "replacement" else made.cpr,
                sex=said.sex,
                birth=birth.isoformat(),
                given=made.name.given,
                family=made.name.family,
                address=made.address,
                postal_code=made.home.postal_code,
                town=made.home.town,
                municipality=made.home.code,
                replacement=number,
            )


def _birth(said: StoryPerson, day: date, random: Random) -> date:
    if said.born is not None:
        return day + timedelta(days=said.born)
    return day - timedelta(days=int(said.age * 365.25) + random.randrange(30, 300))
