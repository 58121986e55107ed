"""Prepare a sitting: check its stories, and make up people for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random

from mockregister.clock import COPENHAGEN
from mockregister.codes.tables import CodeTables
from mockregister.exam.library import stories_of
from mockregister.exam.lint import lint
from mockregister.exam.making import DENMARK
from mockregister.exam.notation import FaultyStory, StoryProblem
from mockregister.exam.story import Story, StoryPerson
from mockregister.exam.units import codes_of, units_of, wrong_roles
from mockregister.mocking.sitting import Sitting, SittingPatient, WrittenStory
from mockregister.synthetic import cpr, population
from mockregister.synthetic.geography import CAPITAL, MUNICIPALITIES

MOST_STORIES = 200


def prepared(
    name: str,
    written: Sequence[WrittenStory],
    now: datetime,
    tables: CodeTables,
    roles: Mapping[str, tuple[str, ...]],
    journal: int,
) -> Sitting:
    """Return a sitting of a register called ``name``, with people made up for its stories.

    The people are the same for the same name, stories and day. ``roles`` are SOR ids and SKS codes by role; ``journal`` is how
    many exchanges the register remembers. Raise FaultyStory for stories and roles that cannot be used.
    """
    stories, day = stories_of(written), now.astimezone(COPENHAGEN).date()
    _check_names(stories)
    problems = [StoryProblem("roles", 1, wrong) for wrong in wrong_roles(stories, roles)]
    problems += [problem for story in stories for problem in (*lint(story, tables, day, roles), *_unfailing(story, journal))]
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


def _check_names(stories: Sequence[Story]) -> None:
    """Raise FaultyStory if two stories have the same name, or if there are too many."""
    if not 0 < len(stories) <= MOST_STORIES:
        raise FaultyStory([StoryProblem("stories", 1, f"An exam has 1 to {MOST_STORIES} stories, not {len(stories)}.")])
    seen: set[str] = set()
    for story in stories:
        if story.name in seen:
            raise FaultyStory([StoryProblem(story.file, 1, f"There are two stories called '{story.name[:80]}'; rename one.")])
        seen.add(story.name)


def _unfailing(story: Story, journal: int) -> Iterator[StoryProblem]:
    """Yield the expectations that cannot fail in this register: refused submissions are counted in its journal."""
    for each in story.expectations:
        if each.kind == "refused" and each.number >= journal:
            yield StoryProblem(
                story.file,
                each.line,
                f"This cannot fail: {each.number} may be refused, and the journal remembers only {journal}; raise --journal.",
            )


def _people(name: str, stories: Sequence[Story], day: date) -> Iterator[SittingPatient]:
    taken: set[str] = set()
    homes = [home for home in MUNICIPALITIES if home.region is CAPITAL]
    for story in stories:
        families: list[str] = []
        for person, about in story.people.items():
            random = Random(f"{name}/{day}/{story.name}/{person}")
            birth = population.safe_day(_birth(about, day, random))
            family = families[0] if about.born is not None and families else ""
            near = [home for home in MUNICIPALITIES if home.code == about.municipality] or homes
            made = population.born(0, birth, about.sex, random.choice(near), random, taken, family)
            families.append(made.name.family)
            number = cpr.replacement_number(birth, about.sex, random) if about.numbers != "cpr" else ""
            yield SittingPatient(
                story=story.name,
                person=person,
                cpr="" if about.numbers == "replacement" else made.cpr,
                sex=about.sex,
                birth=birth.isoformat(),
                given=made.name.given,
                family=made.name.family,
                address=made.address,
                postal_code=made.home.postal_code,
                town=made.home.town,
                municipality=about.municipality or made.home.code,
                country="" if about.country == DENMARK else about.country,
                replacement=number,
            )


def _birth(about: StoryPerson, day: date, random: Random) -> date:
    if about.born is not None:
        return day + timedelta(days=about.born)
    return day - timedelta(days=int(about.age * 365.25) + random.randrange(30, 300))
