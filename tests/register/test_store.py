"""Every store makes all changes of a transaction or none, can return to any earlier state, and orders overlapping claims."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from mockregister.errors import Busy
from mockregister.register.indexes import LINKS_OF_CPR, SETS_OF_PATIENT
from mockregister.register.memory_store import MemoryStore
from mockregister.register.overlay import Overlay
from mockregister.register.rows import Change, LinkRow, Table
from mockregister.register.store import Rows, Store
from tests.builders import a_document, a_nullification, an_encounter, an_episode, the_next_document
from tests.register.desk import EPISODE, Desk, key
from tests.snapshots import commit, everything, snapshot


def link(number: int, cpr: str | None = "0101010101") -> Change:
    """Return a change of one row."""
    return Change(Table.LINKS, f"id {number}", LinkRow(cpr) if cpr else None)


def links(rows: Rows) -> Sequence[str]:
    """Return the ids of the rows that ``link`` writes, in order."""
    return [id for id, _ in rows.rows(Table.LINKS)]


def kept(store: Store) -> Sequence[str]:
    """Return the ids of these rows in a store."""
    with store.look() as rows:
        return links(rows)


def test_a_store_starts_empty_and_new(store: Store) -> None:
    assert snapshot(store).is_empty
    assert store.is_new


def test_a_store_that_was_emptied_is_not_new(store: Store) -> None:
    store.fill(MemoryStore().state)
    assert snapshot(store).is_empty
    assert not store.is_new


def test_a_row_can_be_written_changed_and_removed(store: Store) -> None:
    commit(store, [link(1), link(2)])
    commit(store, [link(1, "0202020202")])
    with store.look() as rows:
        assert rows.get(Table.LINKS, LinkRow, "id 1") == LinkRow("0202020202")
        assert rows.get(Table.LINKS, LinkRow, "id 3") is None
    commit(store, [link(1, None)])
    assert kept(store) == ["id 2"]


def test_rows_are_kept_in_the_order_in_which_they_came(store: Store) -> None:
    commit(store, [link(number) for number in range(50)])
    assert kept(store) == [f"id {number}" for number in range(50)]


def test_rows_are_found_by_index_and_counted(store: Store) -> None:
    commit(store, [link(1), link(2), link(3, "0202020202")])
    commit(store, [link(2, "0202020202"), link(4)])
    with store.look() as rows:
        assert rows.count(Table.LINKS) == 4
        assert rows.find(LINKS_OF_CPR, "0101010101") == ["id 1", "id 4"]
        assert set(rows.find(LINKS_OF_CPR, "0202020202")) == {"id 2", "id 3"}
        assert {"id 1", "id 4"} <= set(rows.posted(LINKS_OF_CPR, "0101010101"))
        assert rows.postings(LINKS_OF_CPR, "0101010101") >= 2
        assert (list(rows.posted(LINKS_OF_CPR, "none")), rows.postings(LINKS_OF_CPR, "none")) == ([], 0)
        assert {"0101010101", "0202020202"} <= set(rows.keys(LINKS_OF_CPR))


def test_fetching_rows_ahead_does_not_change_what_is_read(store: Store) -> None:
    commit(store, [link(1), link(2)])
    with store.transaction(frozenset()) as rows:
        rows.fetch([(Table.LINKS, "id 1"), (Table.LINKS, "id 3")], [(LINKS_OF_CPR, "0101010101"), (LINKS_OF_CPR, "none")])
        assert rows.get(Table.LINKS, LinkRow, "id 1") == LinkRow("0101010101")
        assert rows.get(Table.LINKS, LinkRow, "id 3") is None
        assert rows.find(LINKS_OF_CPR, "0101010101") == ["id 1", "id 2"]
        assert rows.find(LINKS_OF_CPR, "none") == []


def test_a_look_does_not_change_while_others_write(store: Store) -> None:
    commit(store, [link(1)])
    with store.look() as before:
        commit(store, [link(1, None), link(2)])
        assert links(before) == ["id 1"]
    assert kept(store) == ["id 2"]


def test_a_transaction_that_commits_nothing_changes_nothing(store: Store) -> None:
    commit(store, [link(1)])
    with store.transaction(frozenset({"claim"})) as transaction:
        assert links(transaction) == ["id 1"]
    with pytest.raises(ValueError, match="broken"), store.transaction(frozenset({"claim"})):
        raise ValueError("broken")
    with store.transaction(frozenset({"claim"})) as transaction:
        transaction.commit([link(2)])
    assert kept(store) == ["id 1", "id 2"]


def test_a_transaction_sees_the_changes_of_earlier_ones_with_the_same_claim(store: Store) -> None:
    def count_up(_: int) -> None:
        with store.transaction(frozenset({"counter"})) as transaction:
            transaction.commit([link(transaction.count(Table.LINKS))])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(count_up, range(40)))
    assert kept(store) == [f"id {number}" for number in range(40)]


def test_transactions_with_different_claims_run_at_once(store: Store) -> None:
    inside, outside = Event(), Event()

    def wait() -> None:
        with store.transaction(frozenset({"one"})) as transaction:
            inside.set()
            assert outside.wait(30)
            transaction.commit([link(1)])

    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(wait)
        assert inside.wait(30)
        with store.transaction(frozenset({"other"})) as transaction:
            transaction.commit([link(2)])
        outside.set()
        waiting.result(30)
    assert kept(store) == ["id 2", "id 1"]


def test_changes_of_many_threads_are_all_stored(store: Store) -> None:
    def add(number: int) -> None:
        with store.transaction(frozenset({f"claim {number}"})) as transaction:
            transaction.commit([link(number)])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(200)))
    assert sorted(kept(store)) == sorted(f"id {number}" for number in range(200))


def test_a_store_can_be_restored_to_any_mark(store: Store) -> None:
    empty = store.mark()
    commit(store, [link(1)])
    mark = store.mark()
    commit(store, [link(2)])
    assert (empty.count(Table.LINKS), mark.count(Table.LINKS)) == (0, 1)
    for _ in range(2):
        store.restore(mark)
        assert kept(store) == ["id 1"]
        commit(store, [link(3)])
        assert kept(store) == ["id 1", "id 3"]
    store.restore(empty)
    assert snapshot(store).is_empty


def test_marks_are_equal_if_nothing_changed_in_between(store: Store) -> None:
    mark = store.mark()
    assert store.mark() == mark
    commit(store, [link(1)])
    assert store.mark() != mark


def test_a_store_can_be_filled_from_another(store: Store) -> None:
    other = MemoryStore()
    other.commit([link(7), link(8)])
    other.commit([link(7, None)])
    commit(store, [link(1)])
    with other.look() as rows:
        store.fill(rows)
        store.fill(Overlay(rows))
    assert kept(store) == ["id 8"]
    commit(store, [link(9)])
    assert (kept(store), kept(other)) == (["id 8", "id 9"], ["id 8"])


def test_a_retired_store_asks_callers_to_send_again(store: Store) -> None:
    store.retire()
    for late in (lambda: store.transaction(frozenset({"claim"})), store.exclusive):
        with pytest.raises(Busy, match="send it again"), late():
            pass
    with pytest.raises(Busy):
        store.fill(MemoryStore().state)


def test_a_working_store_passes_its_check(store: Store) -> None:
    store.check()
    assert store.is_new


def test_indexes_follow_the_rows(desk: Desk) -> None:
    desk.hand_in(a_document(episodes=[an_episode()], encounters=[an_encounter()]))
    assert list(desk.view.owned(key("episode"))) == [key("encounter")]
    desk.hand_in(the_next_document(nullified=[a_nullification(EPISODE, "episode")]))
    assert desk.view.owned(key("episode")) == {}
    with desk.register.look() as rows:
        assert len(rows.find(SETS_OF_PATIENT, a_document().patient.cpr)) == 1


def test_a_store_may_be_closed_twice(store: Store) -> None:
    store.close()
    store.close()
    store.retire()
    with pytest.raises(Busy):
        store.fill(MemoryStore().state)


@pytest.mark.parametrize("times", [1, 3])
def test_a_checkpoint_of_a_register_is_a_mark(desk: Desk, times: int) -> None:
    desk.hand_in(a_document(episodes=[an_episode()]))
    mark, before = desk.register.store.mark(), everything(desk.register.store)
    for _ in range(times):
        assert desk.hand_in(the_next_document(nullified=[a_nullification(EPISODE, "episode")])) == []
        desk.register.store.restore(mark)
    assert desk.live() == {key("episode")}
    assert everything(desk.register.store) == before
