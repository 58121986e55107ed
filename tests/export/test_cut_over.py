"""The same activity is counted in LPR2's and in LPR3's tables, and every difference between the counts has a reason."""

from __future__ import annotations

from typing import Any

import pytest

from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.document.reader import read_submission
from mockregister.export import cut_over, lpr2, lpr_a, lpr_f
from mockregister.export.counted_tables import Tables, tables_in
from mockregister.export.cut_over import ActivityCount, UnitMonth, counted
from mockregister.model import EntryKind
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.synthetic import seeds
from mockregister.synthetic.generator import Recipe, generate
from tests.builders import (
    UNIT,
    a_condition,
    a_document,
    a_procedure,
    an_encounter,
    an_episode,
    an_sks_code,
    as_xml,
    at,
    internal,
)
from tests.snapshots import snapshot

OTHER = "486811000016002"


@pytest.fixture(scope="module")
def tables() -> CodeTables:
    return CodeTables.load()


def tables_of(register: Register, layout: Any = lpr_f) -> Tables:
    rows = snapshot(register.store)
    return {**tables_in(lpr2.frames(rows, register.codes)), **tables_in(layout.frames(rows, register.codes))}


def test_every_difference_of_every_scenario_has_a_reason(tables: CodeTables) -> None:
    register = Register(MemoryStore(), tables, Clock(), Settings())
    seeds.load(register, generate(Recipe(120, 1, seeds.UNTIL)))
    counts = counted(tables_of(register))
    assert {count.measure for count in counts} == set(cut_over.MEASURES)
    assert [count for count in counts if count.unexplained] == []
    assert {reason for count in counts for reason in count.reasons} >= {cut_over.TOLD_ONCE, cut_over.OTHER_MONTH}
    assert counted(tables_of(register, lpr_a)) == counts, "LPR_A tells the same as LPR_F"


def test_activity_that_lpr2_lacks_against_the_rules_is_left_unexplained(tables: CodeTables) -> None:
    register = Register(MemoryStore(), tables, Clock(), Settings())
    seeds.load(register, generate(Recipe(1, 3, seeds.UNTIL, scenarios=("hip-fracture",))))
    found = tables_of(register)
    [count] = [count for count in counted({**found, "t_sksopr": []}) if count.measure == cut_over.OPERATIONS]
    assert (count.lpr2, count.lpr3, count.unexplained) == (0, 1, 1)


def counts_of(tables: CodeTables, measure: str, **entries: Any) -> list[ActivityCount]:
    """Return the counts of a register with a document that has these entries."""
    register = Register(MemoryStore(), tables, Clock(), Settings())
    document = a_document(**{"episodes": [an_episode()], "encounters": [an_encounter()], **entries})
    with register.draft([document]) as draft:
        draft.commit(read_submission([as_xml(document)]), ())
    return [count for count in counted(tables_of(register)) if count.measure == measure]


PLANNED, ACUTE = an_sks_code("ATA3"), an_sks_code("ATA1")


@pytest.mark.parametrize(
    ("encounters", "lpr2", "lpr3", "reason"),
    [
        ([an_encounter(type=an_sks_code("ALCA03"))], 0, 1, cut_over.NO_VISIT.format("ALCA03")),
        (
            [
                an_encounter(start=at("2019-05-02 08:00"), end=at("2019-05-02 09:00"), priority=PLANNED),
                an_encounter("again", start=at("2019-05-02 12:00"), end=at("2019-05-02 13:00"), priority=PLANNED),
            ],
            1,
            2,
            cut_over.SAME_DAY,
        ),
    ],
)
def test_some_contacts_are_not_counted_as_visits_in_lpr2(
    encounters: list[Any], lpr2: int, lpr3: int, reason: str, tables: CodeTables
) -> None:
    [count] = counts_of(tables, cut_over.CONTACTS, encounters=encounters)
    assert (count.lpr2, count.lpr3, count.reasons) == (lpr2, lpr3, {reason: 1})


@pytest.mark.parametrize(
    ("start", "end", "priority", "lpr2", "lpr3", "reasons"),
    [
        ("2019-05-02 01:00", "2019-05-02 23:00", ACUTE, 1, 0, {cut_over.AT_LEAST_ONE: -1}),
        ("2019-05-02 23:00", "2019-05-03 01:00", ACUTE, 0, 1, {cut_over.NO_ADMISSION: 1}),
        ("2019-05-02 08:00", "2019-05-04 08:00", PLANNED, 0, 2, {cut_over.NO_ADMISSION: 2}),
        ("2019-05-02 08:00", "2019-05-04 08:00", ACUTE, 2, 2, {}),
    ],
)
def test_bed_days_are_counted_by_different_rules(
    start: str, end: str, priority: Any, lpr2: int, lpr3: int, reasons: dict[str, int], tables: CodeTables
) -> None:
    [count] = counts_of(tables, cut_over.BED_DAYS, encounters=[an_encounter(start=at(start), end=at(end), priority=priority)])
    assert (count.lpr2, count.lpr3, count.reasons) == (lpr2, lpr3, reasons)


def test_lpr2_counts_an_operation_of_another_unit_at_the_responsible_unit(tables: CodeTables) -> None:
    counts = counts_of(tables, cut_over.OPERATIONS, procedures=[a_procedure(code=an_sks_code("KJKA21"), producer=OTHER)])
    here, there = UnitMonth("2019-05", OTHER), UnitMonth("2019-05", UNIT)
    told = {count.place: (count.lpr2, count.lpr3, count.reasons) for count in counts}
    assert told == {here: (0, 1, {cut_over.OTHER_UNIT: 1}), there: (1, 0, {cut_over.OTHER_UNIT: -1})}


def test_lpr2_counts_a_diagnosis_of_a_course_once_and_in_the_month_of_its_beginning(tables: CodeTables) -> None:
    visits = [
        an_encounter(start=at("2019-05-02 08:00"), end=at("2019-05-02 09:00"), priority=PLANNED),
        an_encounter("later", start=at("2019-06-03 08:00"), end=at("2019-06-03 09:00"), priority=PLANNED),
    ]
    conditions = [
        a_condition(code=an_sks_code("DI109")),
        a_condition("same", code=an_sks_code("DI109"), encounter=internal(EntryKind.ENCOUNTER, "later")),
        a_condition("new", code=an_sks_code("DE119"), main=False, encounter=internal(EntryKind.ENCOUNTER, "later")),
    ]
    counts = counts_of(tables, cut_over.DIAGNOSES, encounters=visits, conditions=conditions)
    told = {count.place.month: (count.lpr2, count.lpr3, count.reasons) for count in counts}
    assert told == {
        "2019-05": (2, 1, {cut_over.OTHER_MONTH: -1}),
        "2019-06": (0, 2, {cut_over.TOLD_ONCE: 1, cut_over.OTHER_MONTH: 1}),
    }
