"""The counts that the register keeps while it stores are equal to counting everything again, on every store."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from mockregister.finding import Severity
from mockregister.model import EntryKind
from mockregister.register.elements import Look
from mockregister.register.indexes import CONDITIONS_BY_GROUP, COUNTED, DOCUMENTS_BY_MONTH, Index
from mockregister.register.lists import StandingQuestion, documents_of_month, standing
from mockregister.register.overlay import Overlay
from mockregister.register.overview import (
    condition_groups,
    contacts_by_month,
    documents_by_month,
    figures,
    patient_count,
    rule_counts,
    standing_counts,
)
from mockregister.register.purge import PurgeScope, purge
from mockregister.register.rows import EpisodeRow, Table
from mockregister.register.state import State
from mockregister.register.store import Rows, Store
from tests.builders import (
    CPR_NUMBER,
    SET_ID,
    a_condition,
    a_document,
    a_nullification,
    an_encounter,
    an_episode,
    at,
    the_next_document,
)
from tests.register.desk import Desk
from tests.register.test_query import a_finding, a_set, keep
from tests.snapshots import snapshot

NORTH, CENTRAL = "29190941", "29190925"
ERROR, WARNING = a_finding("05.53"), a_finding("05.104-w", severity=Severity.WARNING, error_by=at("2020-01-01 00:00"))


def counted_again(rows: Rows, index: Index) -> dict[str, int]:
    """Count the rows of an index under each key by reading every row."""
    return dict(Counter(key for _, row in rows.rows(index.table) for key in set(index.keys(row))))


def agrees(rows: Rows) -> bool:
    """Return True if every count is equal to counting again."""
    return all(dict(rows.counts(index)) == counted_again(rows, index) for index in COUNTED)


def reported(**fields: Any) -> Any:
    """Return a document with a contact and a diagnosis."""
    return a_document(episodes=[an_episode()], encounters=[an_encounter()], conditions=[a_condition()], **fields)


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Return the desk of a register to which two authorities have reported."""
    keep(desk, reported(custodian=NORTH), findings=[ERROR, WARNING])
    keep(desk, a_set("other", custodian=CENTRAL))
    return desk


def test_counts_follow_documents_that_are_stored_nullified_and_deleted(filled: Desk) -> None:
    assert agrees(filled.look())
    keep(filled, the_next_document(custodian=NORTH, nullified=[a_nullification(EntryKind.ENCOUNTER, "encounter")]))
    assert contacts_by_month(Look(filled.look(), at("2019-06-01 12:00"))) == Counter()
    assert agrees(filled.look())
    filled.register.change(lambda rows: purge(rows, PurgeScope(set=SET_ID.lower())))
    assert agrees(filled.look())


def test_counts_are_restored_with_a_checkpoint(store: Store) -> None:
    desk = Desk(store)
    keep(desk, reported(custodian=NORTH))
    mark = store.mark()
    keep(desk, a_set("other"))
    store.restore(mark)
    with store.look() as rows:
        assert agrees(rows)
        assert sum(rows.counts(DOCUMENTS_BY_MONTH).values()) == 1


def test_a_state_that_is_made_at_once_has_the_same_counts_as_one_that_grew(filled: Desk) -> None:
    grown = snapshot(filled.register.store)
    made = State.of((table, id, row) for table in Table for id, row in grown.rows(table))
    assert all(dict(made.counts(index)) == dict(grown.counts(index)) for index in COUNTED)


def test_an_overlay_counts_its_own_rows(filled: Desk) -> None:
    overlay = Overlay(filled.look())
    for id, row in filled.look().rows(Table.EPISODES):
        assert isinstance(row, EpisodeRow)
        overlay.put(Table.EPISODES, id, replace(row, findings=()))
    assert not any(overlay.counts(index) for index in COUNTED if index.table is Table.EPISODES)
    assert agrees(overlay)


def test_contacts_documents_and_diagnoses_are_counted_by_authority(filled: Desk) -> None:
    look = Look(filled.look(), at("2019-06-01 12:00"))
    assert contacts_by_month(look) == {("2019-05", NORTH): 1}
    assert sum(documents_by_month(look).values()) == 2
    assert condition_groups(look) == {("DI1", NORTH): 1}
    assert dict(look.rows.counts(CONDITIONS_BY_GROUP)) == {f"DI1\t{NORTH}": 1}


def test_a_warning_counts_as_an_error_once_its_deadline_is_over(desk: Desk) -> None:
    keep(desk, reported(custodian=NORTH), findings=[WARNING])
    before, after = (Look(desk.look(), at(time)) for time in ("2019-12-31 23:59", "2020-01-01 00:00"))
    assert [(count.is_error, count.error_by) for count in standing_counts(before)] == [(False, WARNING.error_by)]
    assert [(count.is_error, count.error_by) for count in standing_counts(after)] == [(True, None)]
    assert [(count.code, count.is_error) for count in rule_counts(before)] == [("05.104-w", False)]
    assert [(count.code, count.is_error) for count in rule_counts(after)] == [("05.104", True)]
    assert (figures(before, 1).with_errors, figures(before, 1).with_warnings) == (0, 1)
    assert (figures(after, 1).with_errors, figures(after, 1).with_warnings) == (1, 0)


def test_the_error_list_is_found_by_authority_rule_and_day(filled: Desk) -> None:
    look = Look(filled.look(), at("2019-12-01 12:00"))
    found = next(standing(look, StandingQuestion()))
    assert (found.authority, {finding.code for finding in found.findings}) == (NORTH, {"05.53", "05.104-w"})
    assert list(standing(look, StandingQuestion(NORTH, "05.53", Severity.ERROR, found.day, found.day))) == [found]
    for wanted in (
        StandingQuestion(CENTRAL),
        StandingQuestion(rule="05.54"),
        StandingQuestion(severity=Severity.WARNING),
        StandingQuestion(last=found.day.replace(year=2018)),
    ):
        assert not list(standing(look, wanted))


def test_documents_are_found_by_month_and_authority(filled: Desk) -> None:
    look = Look(filled.look(), filled.register.clock.now())
    month = f"{look.now:%Y-%m}"
    assert [document.row.custodian for document in documents_of_month(look, month)] == [CENTRAL, NORTH]
    assert [document.row.custodian for document in documents_of_month(look, "", NORTH)] == [NORTH]
    assert not list(documents_of_month(look, "2001-01"))


def test_patients_are_counted_once(filled: Desk) -> None:
    assert patient_count(filled.look()) == 1, CPR_NUMBER
