"""An overlay of changed rows reads as if the changes had been written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mockregister.model import EntryKind
from mockregister.register.indexes import BY_STANDING, ENTRIES_OF_SET, EVER_OF_SET, OWNED, standing_key
from mockregister.register.overlay import Overlay
from mockregister.register.rows import Change, EntryRow, Status, Table
from mockregister.register.state import State
from tests.builders import an_episode

NAMES = ("a", "b", "c")
ENTRY = an_episode()
ROWS = st.builds(
    EntryRow,
    st.just(EntryKind.EPISODE_OF_CARE),
    st.just(ENTRY),
    st.sampled_from(NAMES),
    st.sampled_from(("", *NAMES)),
    st.sampled_from((Status.LIVE, Status.FELL)),
    st.just("document"),
)
CHANGES = st.lists(st.builds(Change, st.just(Table.ENTRIES), st.sampled_from(NAMES), st.none() | ROWS), max_size=8)


@given(stored=CHANGES, earlier=CHANGES, later=CHANGES)
def test_an_overlay_looks_like_the_state_with_its_changes(
    stored: list[Change], earlier: list[Change], later: list[Change]
) -> None:
    below = State().apply(stored)
    first = Overlay(below)
    second = Overlay(first)
    for layer, changes in ((first, earlier), (second, later)):
        for change in changes:
            layer.put(change.table, change.id, change.row)
    assert_looks_like(second, below.apply([*earlier, *later]))
    assert_looks_like(first, below.apply(earlier))


def assert_looks_like(rows: Overlay, state: State) -> None:
    """Check that every way of reading gives the same for both."""
    for name in NAMES:
        assert rows.get(Table.ENTRIES, EntryRow, name) == state.get(Table.ENTRIES, EntryRow, name)
        for index in (OWNED, ENTRIES_OF_SET, EVER_OF_SET):
            assert sorted(rows.find(index, name)) == sorted(state.find(index, name))
            assert set(rows.posted(index, name)) >= set(state.find(index, name))
            assert rows.postings(index, name) >= len(state.find(index, name))
            assert name in rows.keys(index) or not state.find(index, name)
    live = standing_key(EntryKind.EPISODE_OF_CARE, "live")
    assert sorted(rows.find(BY_STANDING, live)) == sorted(state.find(BY_STANDING, live))
    assert rows.count(Table.ENTRIES) == state.count(Table.ENTRIES)
    assert dict(rows.rows(Table.ENTRIES)) == dict(state.rows(Table.ENTRIES))
