"""What every store does: all changes or none, one state after the other, and any of them again."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from mockregister.register.indexes import SETS_OF_PATIENT
from mockregister.register.rows import LinkRow, Table
from mockregister.register.state import Change, State
from mockregister.register.store import Store
from tests.builders import a_document, a_nullification, an_encounter, an_episode, the_next_document
from tests.register.desk import EPISODE, Desk, key


def link(number: int, cpr: str | None = "0101010101") -> Change:
    """A change of one row."""
    return Change(Table.LINKS, f"id {number}", LinkRow(cpr) if cpr else None)


def links(state: State) -> Sequence[str]:
    """The ids of the rows that ``link`` writes, in order."""
    return [id for id, _ in state.rows(Table.LINKS)]


def test_a_store_starts_empty(store: Store) -> None:
    assert store.state.is_empty


def test_a_row_can_be_written_changed_and_taken_away(store: Store) -> None:
    store.commit([link(1), link(2)])
    store.commit([link(1, "0202020202")])
    assert store.state.get(Table.LINKS, LinkRow, "id 1") == LinkRow("0202020202")
    store.commit([link(1, None)])
    assert links(store.state) == ["id 2"]


def test_rows_stand_in_the_order_in_which_they_came(store: Store) -> None:
    store.commit([link(number) for number in range(50)])
    assert links(store.state) == [f"id {number}" for number in range(50)]


def test_an_older_state_stays_as_it_was(store: Store) -> None:
    store.commit([link(1)])
    before = store.state
    store.commit([link(1, None), link(2)])
    assert links(before) == ["id 1"]


def test_a_store_goes_back_to_any_state_it_had(store: Store) -> None:
    store.commit([link(1)])
    checkpoint = store.state
    store.commit([link(2)])
    store.restore(checkpoint)
    assert links(store.state) == ["id 1"]
    store.commit([link(3)])
    assert links(store.state) == ["id 1", "id 3"]
    store.restore(State())
    assert store.state.is_empty


def test_a_store_goes_to_a_state_that_was_made_elsewhere(store: Store) -> None:
    store.commit([link(1)])
    store.restore(State().apply([link(7)]))
    assert links(store.state) == ["id 7"]


def test_many_threads_lose_nothing(store: Store) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: store.commit([link(number)]), range(200)))
    assert sorted(links(store.state)) == sorted(f"id {number}" for number in range(200))


def test_indexes_follow_the_rows(desk: Desk) -> None:
    desk.hand_in(a_document(episodes=[an_episode()], encounters=[an_encounter()]))
    assert desk.view.owned(key("episode")) == [key("encounter")]
    desk.hand_in(the_next_document(nullified=[a_nullification(EPISODE, "episode")]))
    assert desk.view.owned(key("episode")) == []
    assert len(desk.register.state.find(SETS_OF_PATIENT, a_document().patient.cpr)) == 1


def test_a_store_may_be_closed_twice(store: Store) -> None:
    store.close()
    store.close()
    assert store.state.is_empty


@pytest.mark.parametrize("times", [1, 3])
def test_a_checkpoint_of_a_register_is_its_state(desk: Desk, times: int) -> None:
    desk.hand_in(a_document(episodes=[an_episode()]))
    checkpoint = desk.register.state
    for _ in range(times):
        assert desk.hand_in(the_next_document(nullified=[a_nullification(EPISODE, "episode")])) == []
        desk.register.restore(checkpoint)
    assert desk.live() == {key("episode")}
