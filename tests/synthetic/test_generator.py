"""The generator makes the same documents from the same seed, uses every scenario, and makes documents without findings."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest

from mockregister.clock import COPENHAGEN
from mockregister.codes.tables import CodeTables
from mockregister.document import writer
from mockregister.document.reader import read_submission
from mockregister.errors import SettingError
from mockregister.finding import Finding
from mockregister.model import ClinicalDocument, Relation
from mockregister.register.elements import Look
from mockregister.register.error_list import error_list
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.register.rows import EpisodeRow, Table
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.synthetic import population, seeds
from mockregister.synthetic.chart import PLANNED, sks
from mockregister.synthetic.generator import YEAR, Course, Generated, Recipe, beginning, generate
from mockregister.synthetic.mistakes import MISTAKES, Mistake
from mockregister.synthetic.scenarios import BY_NAME, SCENARIOS
from mockregister.synthetic.stage import Scenario, Stage, moment_of
from mockregister.synthetic.working_days import is_workday
from mockregister.validation import revalidation
from tests.snapshots import snapshot

UNTIL = date(2026, 6, 30)


@pytest.fixture(scope="module")
def tables() -> CodeTables:
    return CodeTables.load()


def empty_register(tables: CodeTables) -> Register:
    settings = Settings()
    return Register(MemoryStore(), tables, settings.start_clock(), settings)


def submitted(register: Register, documents: list[ClinicalDocument]) -> list[Finding]:
    """Submit each document a minute after it was made, and return all findings."""
    found: list[Finding] = []
    for document in documents:
        register.clock.freeze(moment_of(document) + timedelta(minutes=1))
        found += submit(register, Service.SAVE_IF_NO_ERRORS, read_submission([writer.write(document)])).findings
    return found


def as_bytes(generated: Generated) -> list[bytes]:
    return [writer.write(document) for document in generated.documents()]


def test_the_same_seed_and_date_give_the_same_bytes() -> None:
    recipe = Recipe(40, 11, UNTIL, mistakes=0.3)
    assert as_bytes(generate(recipe)) == as_bytes(generate(recipe))


def test_another_seed_makes_other_people() -> None:
    first, second = (generate(Recipe(20, seed, UNTIL)) for seed in (1, 2))
    assert {person.cpr for person in first.people}.isdisjoint(person.cpr for person in second.people)


def test_two_populations_fit_into_one_register() -> None:
    others = [Recipe(50, 1, UNTIL, scenarios=(name,)) for name in ("psychiatry", "coercion")]
    recipes = Recipe(200, 1, UNTIL), Recipe(200, 2, UNTIL), Recipe(200, 1, date(2026, 6, 29)), *others
    sets = [{document.set_id for document in generate(recipe).documents()} for recipe in recipes]
    assert len(set().union(*sets)) == sum(map(len, sets))


def test_every_scenario_is_used_if_there_are_enough_patients() -> None:
    generated = generate(Recipe(len(SCENARIOS), 1, UNTIL))
    assert {course.scenario.name for course in generated.courses} == set(BY_NAME)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_scenario_has_no_findings_when_it_is_submitted_and_when_it_is_revalidated(name: str, tables: CodeTables) -> None:
    documents = generate(Recipe(12, 4, UNTIL, scenarios=(name,))).documents()
    register = empty_register(tables)
    assert submitted(register, documents) == []
    register.clock.freeze(datetime(UNTIL.year, UNTIL.month, UNTIL.day, 23, tzinfo=COPENHAGEN))
    for _ in revalidation.revalidate(register, revalidation.episodes(register)):
        pass
    rows = [row for _, row in snapshot(register.store).rows(Table.EPISODES) if isinstance(row, EpisodeRow)]
    assert rows
    assert not [finding for row in rows for finding in row.findings]


def test_nothing_happens_after_the_last_day() -> None:
    documents = generate(Recipe(60, 8, UNTIL)).documents()
    assert max(map(moment_of, documents)).date() <= UNTIL


def test_documents_follow_each_other_in_their_sets() -> None:
    latest: dict[str, ClinicalDocument] = {}
    for document in generate(Recipe(60, 8, UNTIL)).documents():
        before = latest.get(document.set_id)
        assert (document.parent.id if document.parent else None) == (before.id if before else None)
        latest[document.set_id] = document


def test_documents_include_addenda_replacements_and_nullifications() -> None:
    documents = generate(Recipe(80, 1, UNTIL)).documents()
    relations = {document.parent.relation if document.parent else None for document in documents}
    assert relations == {None, Relation.APPEND, Relation.REPLACE}
    assert any(document.nullified for document in documents)
    assert any(entry.replaces for document in documents for entry in document.entries())


def test_planned_visits_are_on_working_days_in_working_hours() -> None:
    documents = generate(Recipe(600, 1, UNTIL)).documents()
    visits = (visit for document in documents for visit in document.encounters if visit.priority == sks(PLANNED))
    starts = [visit.start for visit in visits if visit.start]
    assert starts
    assert not [start for start in starts if not (is_workday(start.date()) and 8 <= start.hour < 18)]


def test_courses_of_a_patient_do_not_overlap() -> None:
    had: dict[str, list[Course]] = {}
    for course in generate(Recipe(600, 1, UNTIL)).courses:
        others = had.setdefault(course.person.cpr, [])
        assert not any(map(course.meets, others)), course.person
        others.append(course)


def test_a_course_for_which_there_is_no_time_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Course, "meets", lambda *_: True)
    patients = [course.person.cpr for course in generate(Recipe(60, 1, UNTIL)).courses]
    assert len(patients) == len(set(patients)) == 60


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_scenario_begins_first_on_the_day_that_its_patients_are_chosen_for(scenario: Scenario) -> None:
    for until in (UNTIL, date(2026, 9, 18), date(2024, 12, 27)):
        begins = [beginning(scenario, until, days) for days in range(YEAR)]
        assert min(begins) == begins[-1]
        assert max(begins) + timedelta(days=scenario.days) < until


def test_every_hip_fracture_has_an_implant_and_a_complication() -> None:
    for course in generate(Recipe(6, 1, UNTIL, scenarios=("hip-fracture",))).courses:
        reports = {report.name.code for document in course.documents for report in document.organizers}
        assert reports == {"RAA05", "RAA08", "RAA09"}


def test_the_patients_of_a_course_are_those_that_the_register_knows() -> None:
    [birth, hearing, faroese] = (generate(Recipe(1, 3, UNTIL, scenarios=(name,))) for name in ("birth", "hearing", "faroese"))
    assert [*birth.courses[0].patients()] == [person.cpr for person in birth.people]
    assert [*hearing.courses[0].patients()] == [hearing.people[1].cpr]
    assert not [number for number in faroese.courses[0].patients() if number.isdecimal()]


@pytest.mark.parametrize("until", [date(2024, 1, 14), date(2024, 4, 12)])
def test_no_planned_course_begins_on_a_day_off(until: date) -> None:
    for course in generate(Recipe(40, 4, until, scenarios=("diagnosis-report", "faroese"))).courses:
        assert is_workday(moment_of(course.documents[0]).date())


def test_a_time_that_summer_time_skips_is_moved_by_an_hour() -> None:
    person = population.person(0, UNTIL, Random(1), set())
    assert f"{Stage(person, 0, date(2026, 3, 29), Random(1), set()).at(0, 2, 30):%H:%M %z}" == "03:30 +0200"


def test_a_cancer_has_the_same_stage_at_every_visit() -> None:
    for course in generate(Recipe(5, 1, UNTIL, scenarios=("cancer",))).courses:
        reports = [report for document in course.documents for report in document.organizers]
        found = {tuple((result.type, result.value) for result in report.results) for report in reports}
        assert len(found) == 1 < len(reports)


def test_patients_have_an_age_that_fits_their_disease() -> None:
    ages = {"DH259": (50, 130), "DM809": (45, 130), "DJ449": (40, 130), "DE119": (40, 130), "DM171": (45, 130)}
    ages |= {"DJ450": (3, 19), "DG409": (3, 19), "DG439": (18, 62), "DS934": (6, 130), "DS525": (3, 130)}
    ages |= {"DF901": (14, 57), "DF313": (18, 130), "DC250": (35, 90)}
    for course in generate(Recipe(600, 1, UNTIL)).courses:
        for condition in [condition for document in course.documents for condition in document.conditions]:
            youngest, oldest = ages.get(condition.code.code, (0, 130))
            assert youngest <= course.person.age(UNTIL) <= oldest, (course.scenario.name, condition.code)


@pytest.mark.parametrize("until", [date(2018, 12, 31), date(2019, 6, 30), date(2024, 2, 29), date(2057, 12, 31)])
def test_documents_until_the_first_the_last_and_a_leap_day_have_no_findings(until: date, tables: CodeTables) -> None:
    assert submitted(empty_register(tables), generate(Recipe(40, 4, until)).documents()) == []


def test_a_last_day_that_is_too_early_or_too_late_is_refused() -> None:
    for until in (date(2018, 12, 30), date(2058, 1, 1)):
        with pytest.raises(SettingError, match="choose a day from 2018-12-31"):
            generate(Recipe(1, 1, until))


def test_ids_are_uuids_that_are_made_from_template_and_author() -> None:
    [course] = generate(Recipe(1, 3, UNTIL, scenarios=("dead-on-arrival",))).courses
    document = course.documents[0]
    namespace = uuid5(uuid5(NAMESPACE_OID, "1.2.208.176.7.1.10.80"), document.author.unit)
    episode = UUID(document.episodes[0].id.extension)
    assert episode in {uuid5(namespace, f"{course.person.cpr}-0-1/episode-{number}") for number in range(1, 9)}
    assert all(entry.id.root == document.set_id for entry in document.entries())


def test_mother_and_child_are_two_people_whose_episodes_are_linked() -> None:
    generated = generate(Recipe(1, 3, UNTIL, scenarios=("birth",)))
    mother, child = generated.people
    episodes = {document.patient.cpr: document.episodes[0] for document in generated.documents() if document.episodes}
    link = episodes[child.cpr].link
    assert link is not None
    assert link.target.id.root == episodes[mother.cpr].id.extension
    assert child.name.family == mother.name.family


def test_a_share_of_the_courses_has_a_mistake(tables: CodeTables) -> None:
    generated = generate(Recipe(60, 1, UNTIL, mistakes=0.5))
    wrong = [course for course in generated.courses if course.mistake]
    assert 0.3 < len(wrong) / len(generated.courses) < 0.7
    register = empty_register(tables)
    seeds.load(register, generated)
    assert snapshot(register.store).count(Table.DOCUMENTS) == len(generated.documents())


def test_exactly_the_courses_with_a_mistake_are_in_the_error_list(tables: CodeTables) -> None:
    generated = generate(Recipe(150, 2, UNTIL, mistakes=0.5))
    register = empty_register(tables)
    seeds.load(register, generated)
    register.clock.freeze(seeds.noon(UNTIL))
    look = Look(snapshot(register.store), register.clock.now())
    found = {row.set for error in error_list(look.rows, look.now) if (row := look.entry(error.episode)) is not None}
    for course in generated.courses:
        sets = {document.set_id.lower() for document in course.documents}
        assert bool(sets & found) is bool(course.mistake), (course.scenario.name, course.mistake)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_course_with_a_mistake_is_stored_and_breaks_the_rule_of_the_mistake(mistake: Mistake, tables: CodeTables) -> None:
    generated = generate(Recipe(250, 1, UNTIL, mistakes=1))
    course = next(course for course in generated.courses if course.mistake == mistake.name)
    register = empty_register(tables)
    found: set[str] = set()
    for document in course.documents:
        register.clock.freeze(moment_of(document) + timedelta(minutes=1))
        outcome = submit(register, Service.REPORTING, read_submission([writer.write(document)]))
        assert outcome.stored, outcome.findings
        found.update(finding.code for finding in outcome.findings)
    assert any(code.startswith(mistake.rule) for code in found)


def test_the_error_for_an_unknown_scenario_names_the_known_ones() -> None:
    with pytest.raises(SettingError, match="no scenario 'flue'; there are injury"):
        generate(Recipe(1, 1, UNTIL, scenarios=("flue",)))
