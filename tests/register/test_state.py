"""The state of a register has indexes of any length, and older states never change."""

from __future__ import annotations

from itertools import islice

import pytest

from mockregister.register.indexes import LINKS_OF_CPR
from mockregister.register.rows import Change, LinkRow, Table
from mockregister.register.state import LOOKED_THROUGH, SHEET, State

CPR = "2512489996"


def with_links(state: State, ids: list[str], cpr: str = CPR) -> State:
    for id in ids:
        state = state.apply([Change(Table.LINKS, id, LinkRow(cpr))])
    return state


@pytest.mark.parametrize("number", [0, 1, 2, SHEET, SHEET + 1, 3 * SHEET + 5])
def test_the_rows_of_a_key_are_found_in_order(number: int) -> None:
    ids = [f"id {count}" for count in range(number)]
    loaded = State.of((Table.LINKS, id, LinkRow(CPR)) for id in ids)
    for state in (with_links(State(), ids), loaded):
        assert state.find(LINKS_OF_CPR, CPR) == ids
        assert list(state.posted(LINKS_OF_CPR, CPR)) == ids[::-1]
        assert state.postings(LINKS_OF_CPR, CPR) == number


def test_an_older_state_does_not_change() -> None:
    ids = [f"id {count}" for count in range(3 * SHEET)]
    states = [State()]
    for id in ids:
        states.append(with_links(states[-1], [id]))
    assert all(state.find(LINKS_OF_CPR, CPR) == ids[:number] for number, state in enumerate(states))


@pytest.mark.parametrize("number", [1, 2, SHEET, SHEET + 2, 2 * SHEET + 2])
def test_a_removed_row_is_removed_from_the_index(number: int) -> None:
    ids = [f"id {count}" for count in range(number)]
    full = with_links(State(), ids)
    left = full.apply([Change(Table.LINKS, id, None) for id in ids[1:]])
    assert (left.find(LINKS_OF_CPR, CPR), left.postings(LINKS_OF_CPR, CPR)) == (ids[:1], 1)
    assert list(left.apply([Change(Table.LINKS, ids[0], None)]).keys(LINKS_OF_CPR)) == []
    assert full.find(LINKS_OF_CPR, CPR) == ids


def test_a_row_that_is_removed_and_added_again_is_the_newest() -> None:
    state = with_links(State(), ["a", "b"]).apply([Change(Table.LINKS, "a", None)])
    assert list(islice(with_links(state, ["a"]).posted(LINKS_OF_CPR, CPR), 2)) == ["a", "b"]


def test_only_the_newest_rows_of_an_index_are_searched() -> None:
    """Removing a row from a long index costs no more than from a short one."""
    ids = [f"id {count}" for count in range(LOOKED_THROUGH + 3 * SHEET)]
    state = with_links(State(), ids).apply([Change(Table.LINKS, ids[0], None)])
    assert (state.find(LINKS_OF_CPR, CPR), state.postings(LINKS_OF_CPR, CPR)) == (ids[1:], len(ids))
