"""The register on disk: what was told to be stored is there again, damage is told, and a full disk changes nothing."""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tinydb import TinyDB
from tinydb.table import Document

from mockregister.errors import StoreError
from mockregister.register import tinydb_store
from mockregister.register.rows import LinkRow, Row, Table
from mockregister.register.state import State
from mockregister.register.store import open_store
from mockregister.register.tinydb_store import FILE, JOURNAL, TinyDbStore
from mockregister.settings import Settings
from tests.builders import a_document, a_marker, an_encounter, an_episode, external, the_next_document
from tests.register.desk import ENCOUNTER, EPISODE, Desk, key
from tests.register.test_store import link, links

Opener = Callable[[], TinyDbStore]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the register is."""
    return tmp_path / "register"


@pytest.fixture
def opened(folder: Path) -> Iterator[Opener]:
    """Opens the register in the folder, as often as wanted; whatever is left open is let go of."""
    stores: list[TinyDbStore] = []

    def open_it() -> TinyDbStore:
        stores.append(TinyDbStore(folder))
        return stores[-1]

    yield open_it
    for store in stores:
        killed(store)


def killed(store: TinyDbStore) -> None:
    """Let go of the folder as the system does for a process that was killed: nothing is tidied up."""
    storage = store.db.storage
    assert isinstance(storage, tinydb_store.JournaledStorage)
    storage._log.close()
    storage._lock.release()


def everything(state: State) -> dict[Table, list[tuple[str, Row]]]:
    """All rows of all tables, in order."""
    return {table: list(state.rows(table)) for table in Table}


def a_used_register(opened: Opener) -> State:
    """The state after a few documents, left behind without a tidy end."""
    store = opened()
    desk = Desk(store)
    assert desk.hand_in(a_document(episodes=[an_episode(markers=[a_marker()])], encounters=[an_encounter()])) == []
    moved = an_encounter(episode=external(EPISODE, "episode"), replaces=external(ENCOUNTER, "encounter"), priority=None)
    assert desk.hand_in(the_next_document(encounters=[moved])) == []
    killed(store)
    return store.state


# what is stored stays


def test_what_was_stored_is_there_after_a_kill(opened: Opener) -> None:
    state = a_used_register(opened)
    assert everything(opened().state) == everything(state)


def test_what_was_stored_is_there_after_a_tidy_end(folder: Path, opened: Opener) -> None:
    state = a_used_register(opened)
    opened().close()
    assert (folder / JOURNAL).stat().st_size == 0
    assert everything(opened().state) == everything(state)


def test_indexes_are_there_again(opened: Opener) -> None:
    a_used_register(opened)
    desk = Desk(opened())
    tree = desk.tree()
    assert tree is not None
    assert len(tree.encounters) == 1
    assert desk.history("encounter") == ["made", "changed"]
    assert desk.hand_in(the_next_document(version=3)) == []


def test_a_restore_outlives_the_process(opened: Opener) -> None:
    store = opened()
    store.commit([link(1)])
    checkpoint = store.state
    store.commit([link(2)])
    store.restore(checkpoint)
    store.commit([link(3)])
    killed(store)
    assert links(opened().state) == ["id 1", "id 3"]


def test_a_reset_outlives_the_process(opened: Opener) -> None:
    a_used_register(opened)
    store = opened()
    store.restore(State())
    killed(store)
    assert opened().state.is_empty


def test_a_restore_of_a_state_from_before_the_compaction(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened()
    store.commit([link(1)])
    checkpoint = store.state
    monkeypatch.setattr(tinydb_store, "COMPACT_AT", 1)
    store.commit([link(2)])
    monkeypatch.undo()
    store.restore(checkpoint)
    killed(store)
    assert links(opened().state) == ["id 1"]


def test_a_kill_between_compaction_and_emptying_the_journal_does_nothing_twice(folder: Path, opened: Opener) -> None:
    store = opened()
    store.commit([link(1)])
    store.commit([link(1, None)])
    journal = (folder / JOURNAL).read_bytes()
    store.close()
    (folder / JOURNAL).write_bytes(journal)
    store = opened()
    assert store.state.is_empty
    store.commit([link(2)])
    killed(store)
    assert links(opened().state) == ["id 2"]


# TinyDB's own way


def test_plain_tinydb_opens_the_file(folder: Path, opened: Opener) -> None:
    a_used_register(opened)
    opened().close()
    with TinyDB(folder / FILE) as plain:
        encounters = [row for row in plain.table("entries").all() if row["kind"] == "encounter"]
    assert [row["_id"] for row in encounters] == [key("encounter")]


def test_a_table_has_string_ids_and_takes_rows(opened: Opener) -> None:
    store = opened()
    table = store.db.table("links")
    table.insert(Document({"cpr": "0101010101"}, "id 1"))  # type: ignore[arg-type]
    assert len(table) == 1
    assert table.get(doc_id="id 1") == {"cpr": "0101010101"}  # type: ignore[call-overload]
    assert store.state.get(Table.LINKS, LinkRow, "id 1") == LinkRow("0101010101")


def test_a_table_refuses_what_has_no_id_and_an_id_twice(opened: Opener) -> None:
    table = opened().db.table("links")
    with pytest.raises(ValueError, match="has an id"):
        table.insert({"cpr": "0101010101"})
    table.insert(Document({"cpr": "0101010101"}, "id 1"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="already exists"):
        table.insert(Document({"cpr": "0202020202"}, "id 1"))  # type: ignore[arg-type]


def test_everything_can_be_written_at_once(opened: Opener) -> None:
    state = a_used_register(opened)
    store = opened()
    plain = store.db.storage.read()
    assert plain is not None
    store.db.storage.write({})
    assert store.state.is_empty
    store.db.storage.write(plain)
    assert everything(store.state) == everything(state)


# one process


def test_a_second_process_is_told_that_the_folder_is_taken(opened: Opener) -> None:
    store = opened()
    with pytest.raises(StoreError, match="Another process keeps its register in"):
        opened()
    store.close()
    opened().close()


def test_a_lock_file_left_behind_keeps_nobody_out(folder: Path, opened: Opener) -> None:
    folder.mkdir()
    (folder / "lock").write_text("4711")
    store = opened()
    assert store.state.is_empty
    store.close()


def test_registers_of_one_server_have_folders_of_their_own(tmp_path: Path) -> None:
    settings = Settings(store=f"tinydb:{tmp_path}")
    one, other = open_store(settings, "one"), open_store(settings, "other")
    one.commit([link(1)])
    assert other.state.is_empty
    one.close()
    other.close()


# damage


def test_a_torn_last_line_is_cut_and_told(folder: Path, opened: Opener) -> None:
    store = opened()
    store.commit([link(1)])
    sound = (folder / JOURNAL).stat().st_size
    store.commit([link(2)])
    killed(store)
    with (folder / JOURNAL).open("r+b") as journal:
        journal.truncate(journal.seek(0, os.SEEK_END) - 3)
    store = opened()
    assert links(store.state) == ["id 1"]
    assert f"line 2 (byte {sound})" in store.report
    store.commit([link(3)])
    killed(store)
    store = opened()
    assert links(store.state) == ["id 1", "id 3"]
    assert store.report == ""


@pytest.mark.parametrize("garbage", [b"\0" * 100, b"no journal line\n", b"\xff\n\xfe\n"])
def test_garbage_at_the_end_is_cut(folder: Path, opened: Opener, garbage: bytes) -> None:
    state = a_used_register(opened)
    with (folder / JOURNAL).open("ab") as journal:
        journal.write(garbage)
    store = opened()
    assert everything(store.state) == everything(state)
    assert store.report


def test_damage_before_sound_lines_stops_the_start_and_says_where(folder: Path, opened: Opener) -> None:
    a_used_register(opened)
    content = bytearray((folder / JOURNAL).read_bytes())
    content[40] ^= 1
    (folder / JOURNAL).write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged at .*journal.log, line 1 \(byte 0\)"):
        opened()


def test_a_line_that_is_gone_is_missed(folder: Path, opened: Opener) -> None:
    store = opened()
    for number in range(3):
        store.commit([link(number)])
    killed(store)
    first, _, third = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    (folder / JOURNAL).write_bytes(first + third)
    with pytest.raises(StoreError, match="from transaction 1 to 3"):
        opened()


@pytest.mark.parametrize("content", [b"{", b"[]", b"{}", b'{"_journal": {"1": {"through": 0}}, "sets": {"1": {}}}', b"\xff"])
def test_a_damaged_file_stops_the_start(folder: Path, opened: Opener, content: bytes) -> None:
    folder.mkdir()
    (folder / FILE).write_bytes(content)
    with pytest.raises(StoreError, match=FILE):
        opened()


def test_a_row_that_cannot_be_read_is_named(folder: Path, opened: Opener) -> None:
    folder.mkdir()
    tables = {"_journal": {"1": {"through": 0}}, "links": {"1": {"_id": "id 1", "cpr": 5}}}
    (folder / FILE).write_text(json.dumps(tables))
    with pytest.raises(StoreError, match="Row id 1 of table links cannot be read"):
        opened()


def test_a_start_that_fails_leaves_no_lock(folder: Path, opened: Opener) -> None:
    folder.mkdir()
    (folder / FILE).write_text("{")
    for _ in range(2):
        with pytest.raises(StoreError, match=FILE):
            opened()


# a disk that refuses


@contextmanager
def a_full_disk(path: Path, room: int = 10) -> Iterator[None]:
    """No file of this process may grow beyond the size of ``path`` and ``room`` bytes; what is over is cut, then refused."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_changes_nothing(folder: Path, opened: Opener) -> None:
    store = opened()
    desk = Desk(store)
    desk.hand_in(a_document(episodes=[an_episode()]))
    before = store.state
    with a_full_disk(folder / JOURNAL), pytest.raises(StoreError, match="Nothing was stored"):
        desk.hand_in(the_next_document(encounters=[an_encounter(episode=external(EPISODE, "episode"))]))
    assert store.state is before
    assert desk.hand_in(the_next_document(encounters=[an_encounter(episode=external(EPISODE, "episode"))])) == []
    killed(store)
    assert key("encounter") in Desk(opened()).live()


def test_a_full_disk_at_compaction_changes_nothing(caplog: pytest.LogCaptureFixture, folder: Path, opened: Opener) -> None:
    state = a_used_register(opened)
    store = opened()
    with a_full_disk(folder / "lock"):
        store.close()
    assert "could not be compacted" in caplog.text
    assert everything(opened().state) == everything(state)
    assert not (folder / f"{FILE}.new").exists()


def test_a_folder_that_cannot_be_written_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be used"):
        TinyDbStore(tmp_path / "file" / "register")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_stops_the_start(folder: Path, opened: Opener) -> None:
    folder.mkdir(mode=0o500)
    with pytest.raises(StoreError, match="cannot be used"):
        opened()
