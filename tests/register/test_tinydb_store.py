"""A register on disk keeps stored documents over a restart, reports damage, and is safe on a full disk."""

from __future__ import annotations

import fcntl
import json
import os
import resource
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tinydb import TinyDB
from tinydb.table import Document

from mockregister import __version__
from mockregister.errors import StoreError, StoreGone
from mockregister.model import EntryKind
from mockregister.register import journaled_storage
from mockregister.register.indexes import CONDITIONS_BY_GROUP, CONTACTS_BY_MONTH, COUNTED, STANDING_BY_DAY, STANDING_BY_RULE
from mockregister.register.rows import LinkRow, Row, Table
from mockregister.register.state import State
from mockregister.register.stores import TinyDbStores
from mockregister.register.tinydb_folder import FILE, JOURNAL
from mockregister.register.tinydb_store import TinyDbStore
from tests.builders import (
    a_condition,
    a_document,
    a_marker,
    an_encounter,
    an_episode,
    an_organizer,
    external,
    internal,
    the_next_document,
)
from tests.register.desk import ENCOUNTER, EPISODE, Desk, key
from tests.register.test_query import a_finding, keep
from tests.register.test_store import link, links

Opener = Callable[[], TinyDbStore]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of the register."""
    return tmp_path / "register"


@pytest.fixture
def opened(folder: Path) -> Iterator[Opener]:
    """Return a function that opens the register in the folder. Stores that are left open are released."""
    stores: list[TinyDbStore] = []

    def open_it() -> TinyDbStore:
        stores.append(TinyDbStore(folder))
        return stores[-1]

    yield open_it
    for store in stores:
        killed(store)


def killed(store: TinyDbStore) -> None:
    """Release the folder as the system does for a killed process, without closing the store."""
    storage = store.db.storage
    assert isinstance(storage, journaled_storage.JournaledStorage)
    storage._log.close()


def everything(state: State) -> dict[Table, list[tuple[str, Row]]]:
    """Return all rows of all tables, in order."""
    return {table: list(state.rows(table)) for table in Table}


def a_used_register(opened: Opener) -> State:
    """Return the state after a few documents. The store is left behind without being closed."""
    store = opened()
    desk = Desk(store)
    assert desk.hand_in(a_document(episodes=[an_episode(markers=[a_marker()])], encounters=[an_encounter()])) == []
    moved = an_encounter(episode=external(EPISODE, "episode"), replaces=external(ENCOUNTER, "encounter"), priority=None)
    assert desk.hand_in(the_next_document(encounters=[moved])) == []
    killed(store)
    return store.state


# stored documents stay


def test_a_report_on_a_marker_belongs_to_the_marker_of_its_episode_after_a_restart(opened: Opener) -> None:
    store = opened()
    report = an_organizer(cause=internal(EntryKind.MARKER, "marker"))
    assert Desk(store).hand_in(a_document(episodes=[an_episode(markers=[a_marker()])], organizers=[report])) == []
    killed(store)
    (tree,) = Desk(opened()).touched(the_next_document(encounters=[an_encounter(episode=external(EPISODE, "episode"))])).values()
    assert tree.organizers[0].marker is tree.entry.markers[0]


def test_stored_documents_are_there_after_a_kill(opened: Opener) -> None:
    state = a_used_register(opened)
    assert everything(opened().state) == everything(state)


def test_stored_documents_are_there_after_the_store_was_closed(folder: Path, opened: Opener) -> None:
    state = a_used_register(opened)
    opened().close()
    assert (folder / JOURNAL).read_bytes().count(b"\n") == 1  # the line about the format
    assert everything(opened().state) == everything(state)


def test_indexes_are_built_again_at_the_start(opened: Opener) -> None:
    a_used_register(opened)
    desk = Desk(opened())
    tree = desk.tree()
    assert tree is not None
    assert len(tree.encounters) == 1
    assert desk.history("encounter") == ["made", "changed"]
    assert desk.hand_in(the_next_document(version=3)) == []


def test_a_restored_state_is_there_after_a_restart(opened: Opener) -> None:
    store = opened()
    store.commit([link(1)])
    checkpoint = store.state
    store.commit([link(2)])
    store.restore(checkpoint)
    store.commit([link(3)])
    killed(store)
    assert links(opened().state) == ["id 1", "id 3"]


def test_an_emptied_register_is_empty_after_a_restart(opened: Opener) -> None:
    a_used_register(opened)
    store = opened()
    store.restore(State())
    killed(store)
    assert opened().state.is_empty


def test_a_state_from_before_a_compaction_can_be_restored(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened()
    store.commit([link(1)])
    checkpoint = store.state
    monkeypatch.setattr(journaled_storage, "COMPACT_AT", 1)
    store.commit([link(2)])
    monkeypatch.undo()
    store.restore(checkpoint)
    killed(store)
    assert links(opened().state) == ["id 1"]


def test_no_change_is_made_twice_after_a_kill_during_compaction(folder: Path, opened: Opener) -> None:
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


def test_a_table_stores_rows_with_string_ids(opened: Opener) -> None:
    store = opened()
    table = store.db.table("links")
    table.insert(Document({"cpr": "0101010101"}, "id 1"))  # type: ignore[arg-type]
    assert len(table) == 1
    assert table.get(doc_id="id 1") == {"cpr": "0101010101"}  # type: ignore[call-overload]
    assert store.state.get(Table.LINKS, LinkRow, "id 1") == LinkRow("0101010101")


def test_a_table_refuses_rows_without_an_id_and_repeated_ids(opened: Opener) -> None:
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


def as_0_1_0_wrote_it(folder: Path) -> None:
    """Remove from the file what 0.1.0 did not write: custodians of entries and episodes of care, the format, checksums."""
    tables = json.loads((folder / FILE).read_bytes())
    for row in (*tables["entries"].values(), *tables["episodes"].values()):
        del row["custodian"]
    tables["_journal"] = {"1": {"through": tables["_journal"]["1"]["through"]}}
    (folder / FILE).write_text(json.dumps(tables))


def test_a_register_that_0_1_0_filled_is_counted_by_authority(folder: Path, opened: Opener) -> None:
    store = opened()
    conditions, findings = [a_condition()], [a_finding("05.53")]
    keep(Desk(store), a_document(episodes=[an_episode()], encounters=[an_encounter()], conditions=conditions), findings=findings)
    state = store.state
    assert all(state.counts(index) for index in (CONTACTS_BY_MONTH, CONDITIONS_BY_GROUP, STANDING_BY_DAY, STANDING_BY_RULE))
    store.close()
    as_0_1_0_wrote_it(folder)
    again = opened()
    assert everything(again.state) == everything(state)
    assert all(dict(again.state.counts(index)) == dict(state.counts(index)) for index in COUNTED)


# one process


def test_a_second_process_cannot_open_the_folder(opened: Opener) -> None:
    store = opened()
    with pytest.raises(StoreError, match="Another process keeps its register in"):
        opened()
    store.close()
    opened().close()


def test_a_lock_file_of_an_ended_process_does_not_block_the_folder(folder: Path, opened: Opener) -> None:
    folder.mkdir()
    (folder / "lock").write_text("4711")
    store = opened()
    assert store.state.is_empty
    store.close()


def test_registers_of_a_server_have_different_folders(tmp_path: Path) -> None:
    with closing(TinyDbStores(tmp_path)) as stores:
        first, second = stores.open("first"), stores.open("second")
        first.commit([link(1)])
        assert second.state.is_empty
        assert stores.kept() == {"first", "second"}
        first.close()
        second.close()


# damage


def test_an_incomplete_last_line_is_cut_off_and_reported(folder: Path, opened: Opener) -> None:
    store = opened()
    store.commit([link(1)])
    sound = (folder / JOURNAL).stat().st_size
    store.commit([link(2)])
    killed(store)
    with (folder / JOURNAL).open("r+b") as journal:
        journal.truncate(journal.seek(0, os.SEEK_END) - 3)
    store = opened()
    assert links(store.state) == ["id 1"]
    assert f"line 3 (byte {sound})" in store.report
    store.commit([link(3)])
    killed(store)
    store = opened()
    assert links(store.state) == ["id 1", "id 3"]
    assert store.report == ""


@pytest.mark.parametrize("garbage", [b"\0" * 100, b"no journal line\n", b"\xff\n\xfe\n"])
def test_garbage_at_the_end_is_cut_off(folder: Path, opened: Opener, garbage: bytes) -> None:
    state = a_used_register(opened)
    with (folder / JOURNAL).open("ab") as journal:
        journal.write(garbage)
    store = opened()
    assert everything(store.state) == everything(state)
    assert store.report


@pytest.fixture(scope="module")
def sound_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return a file and the journal that continues it, by name."""
    folder = tmp_path_factory.mktemp("sound")
    store = TinyDbStore(folder)
    desk = Desk(store)
    assert desk.hand_in(a_document(episodes=[an_episode(markers=[a_marker()])], encounters=[an_encounter()])) == []
    store.close()
    store = TinyDbStore(folder)
    for number in range(3):
        store.commit([link(number)])
    killed(store)
    return {name: (folder / name).read_bytes() for name in (FILE, JOURNAL)}


@given(name=st.sampled_from([FILE, JOURNAL]), data=st.data())
@settings(max_examples=300)
def test_every_flipped_bit_is_noticed(sound_files: dict[str, bytes], name: str, data: st.DataObject) -> None:
    content = bytearray(sound_files[name])
    for _ in range(data.draw(st.integers(1, 3 if name == FILE else 1), "flips")):
        content[data.draw(st.integers(0, len(content) - 1), "byte")] ^= 1 << data.draw(st.integers(0, 7), "bit")
    with tempfile.TemporaryDirectory() as folder:
        for file, sound in sound_files.items():
            Path(folder, file).write_bytes(content if file == name else sound)
        if content != sound_files[name]:
            with pytest.raises(StoreError, match=rf"{name}.* line \d+ \(.*byte \d+|{name}.* of format"):
                TinyDbStore(Path(folder))


def test_the_damaged_part_of_a_large_file_is_reported(folder: Path, opened: Opener) -> None:
    store = opened()
    store.commit([link(number) for number in range(5000)])
    store.close()
    content = bytearray((folder / FILE).read_bytes())
    content[content.index(b"id 4000")] ^= 4
    (folder / FILE).write_bytes(content)
    with pytest.raises(StoreError, match=rf"{FILE} is damaged at or after line \d+ \(between byte 131072 and 196608\)"):
        opened()


# versions


def later(number: int, content: dict[str, Any]) -> bytes:
    """Return a line of a journal."""
    body = f"{number} {json.dumps(content)}\n".encode()
    return b"%08x " % zlib.crc32(body) + body


def test_a_journal_of_a_later_version_is_refused_with_both_versions(folder: Path, opened: Opener) -> None:
    folder.mkdir()
    (folder / JOURNAL).write_bytes(later(0, {"format": 3, "version": "7.8.9"}))
    with pytest.raises(StoreError, match=rf"format 3, which mockregister 7.8.9 wrote; this is mockregister {__version__}"):
        opened()


def test_a_file_of_a_later_version_is_refused_with_both_versions(folder: Path, opened: Opener) -> None:
    folder.mkdir()
    (folder / FILE).write_text('{"rows": [], "_journal": {"1": {"format": 3, "version": "7.8.9"}}}')
    with pytest.raises(StoreError, match=rf"format 3, which mockregister 7.8.9 wrote; this is mockregister {__version__}"):
        opened()


def test_a_register_of_0_1_0_is_read_and_gets_checksums(folder: Path, opened: Opener) -> None:
    folder.mkdir()
    rows = {"1": {"_id": "id 1", "cpr": "0101010101"}}
    (folder / FILE).write_text(json.dumps({"links": rows, "_journal": {"1": {"through": 4}}}))
    (folder / JOURNAL).write_bytes(later(5, {"do": [["links", "id 2", {"cpr": "0202020202"}]]}))
    (folder / "lock").touch()
    store = opened()
    assert links(store.state) == ["id 1", "id 2"]
    assert not store.is_new
    store.close()
    assert b'"checksum":' in (folder / FILE).read_bytes()
    assert links(opened().state) == ["id 1", "id 2"]


def test_a_register_that_0_1_0_has_open_cannot_be_opened(folder: Path, opened: Opener) -> None:
    folder.mkdir()
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="Another process keeps its register in"):
            opened()
    opened()


@pytest.mark.parametrize(
    "content",
    [
        *(5, [], {}, {"undo": []}, {"as": 9}, {"as": []}, {"do": 5}, {"do": [5]}, {"do": [["links"]]}),
        *({"do": [row]} for row in (["links", "1", {"x": 1}], ["beds", "1", {}], [[], "1", {}], ["links", [], {"cpr": "1"}])),
    ],
)
def test_a_journal_line_of_an_unknown_kind_is_reported_with_its_place(folder: Path, opened: Opener, content: Any) -> None:
    folder.mkdir()
    (folder / JOURNAL).write_bytes(later(0, {"format": 2, "version": "0.1.5"}) + later(1, content))
    with pytest.raises(StoreError, match=r"journal.log, line 2 \(byte \d+\) has content that mockregister .* does not know"):
        opened()


@pytest.mark.parametrize("line", [b"1 no JSON\n", b"1 " + b"[" * 100_000 + b"\n", b"0 {\n", b"0 []\n", b'0 {"format": "2"}\n'])
def test_an_unreadable_journal_line_is_reported_with_its_place(folder: Path, opened: Opener, line: bytes) -> None:
    folder.mkdir()
    (folder / JOURNAL).write_bytes(b"%08x " % zlib.crc32(line) + line)
    with pytest.raises(StoreError, match=r"journal.log, line 1 \(byte 0\)"):
        opened()


# damage of the journal


def test_damage_before_undamaged_lines_prevents_the_start_and_is_located(folder: Path, opened: Opener) -> None:
    a_used_register(opened)
    content = bytearray((folder / JOURNAL).read_bytes())
    content[40] ^= 1
    (folder / JOURNAL).write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged at .*journal.log, line 1 \(byte 0\)"):
        opened()


def test_a_missing_line_is_noticed(folder: Path, opened: Opener) -> None:
    store = opened()
    for number in range(3):
        store.commit([link(number)])
    killed(store)
    about, first, _, third = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    (folder / JOURNAL).write_bytes(about + first + third)
    with pytest.raises(StoreError, match="from transaction 1 to 3"):
        opened()


@pytest.mark.parametrize("content", [b"{", b"[]", b"{}", b'{"_journal": {"1": {"through": 0}}, "sets": {"1": {}}}', b"\xff"])
def test_a_damaged_file_prevents_the_start(folder: Path, opened: Opener, content: bytes) -> None:
    folder.mkdir()
    (folder / FILE).write_bytes(content)
    with pytest.raises(StoreError, match=FILE):
        opened()


def test_an_unreadable_row_is_named(folder: Path, opened: Opener) -> None:
    folder.mkdir()
    tables = {"_journal": {"1": {"through": 0}}, "links": {"1": {"_id": "id 1", "cpr": 5}}}
    (folder / FILE).write_text(json.dumps(tables))
    with pytest.raises(StoreError, match="Row id 1 of table links cannot be read"):
        opened()


def test_a_failed_start_leaves_no_lock(folder: Path, opened: Opener) -> None:
    folder.mkdir()
    (folder / FILE).write_text("{")
    for _ in range(2):
        with pytest.raises(StoreError, match=FILE):
            opened()


# a folder that disappears


@pytest.mark.parametrize("left", [0, 10, -1])
def test_a_journal_that_others_cut_off_is_noticed_and_not_changed(folder: Path, opened: Opener, left: int) -> None:
    store = opened()
    store.commit([link(1)])
    journal = folder / JOURNAL
    whole = journal.read_bytes()
    journal.write_bytes(whole[:left])
    for doing in (store.check_place, store.check, lambda: store.commit([link(2)]), lambda: store.restore(State())):
        with pytest.raises(StoreGone, match="was cut off at byte"):
            doing()
    assert journal.read_bytes() == whole[:left]
    journal.write_bytes(whole)
    store.check()
    store.commit([link(3)])
    killed(store)
    assert links(opened().state) == ["id 1", "id 3"]


@pytest.mark.parametrize("gone", ["folder", FILE, JOURNAL])
def test_nothing_is_stored_in_a_folder_that_was_deleted_or_exchanged(folder: Path, opened: Opener, gone: str) -> None:
    opened().close()
    store = opened()
    store.commit([link(1)])
    store.close()
    store = opened()
    state = store.state
    path = folder if gone == "folder" else folder / gone
    away = path.with_name("away")
    path.rename(away)
    with pytest.raises(StoreGone, match="was deleted or exchanged while it was in use"):
        store.commit([link(2)])
    elsewhere = State().apply([link(3)])
    for doing in (store.check_place, store.check, lambda: store.restore(State()), lambda: store.restore(elsewhere)):
        with pytest.raises(StoreGone):
            doing()
    assert store.state is state
    away.rename(path)
    store.check()
    store.commit([link(4)])
    killed(store)
    assert links(opened().state) == ["id 1", "id 4"]


def test_a_folder_that_disappears_during_a_write_stores_nothing(
    folder: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened()
    fsync, away = os.fsync, folder.with_name("away")

    def moved(file: int) -> None:
        fsync(file)
        if not away.exists():
            folder.rename(away)

    monkeypatch.setattr(os, "fsync", moved)
    with pytest.raises(StoreGone):
        store.commit([link(1)])
    monkeypatch.undo()
    away.rename(folder)
    store.commit([link(2)])
    killed(store)
    assert links(opened().state) == ["id 2"]


def test_closing_a_store_does_not_touch_files_that_replaced_its_own(folder: Path, opened: Opener) -> None:
    store = opened()
    store.commit([link(1)])
    folder.rename(folder.with_name("away"))
    folder.mkdir()
    store.close()
    assert list(folder.iterdir()) == []
    other = opened()
    other.commit([link(2)])
    store.discard()
    assert links(other.state) == ["id 2"]
    other.check_place()


def test_discarding_a_store_deletes_only_its_own_files(folder: Path, opened: Opener) -> None:
    store = opened()
    (folder / "notes.txt").write_text("mine")
    store.commit([link(1)])
    store.discard()
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_only_a_store_that_never_held_anything_is_new(opened: Opener) -> None:
    store = opened()
    assert store.is_new
    killed(store)
    store = opened()
    assert store.is_new
    store.restore(State())
    assert not store.is_new
    killed(store)
    assert not opened().is_new


# a full or read-only disk


def test_the_check_of_an_unwritable_store_fails_and_leaves_nothing_behind(folder: Path, opened: Opener) -> None:
    store = opened()
    store.check()
    size = (folder / JOURNAL).stat().st_size
    with a_full_disk(folder / JOURNAL, room=1000), pytest.raises(StoreError, match="cannot be written"):
        store.check()
    store.check()
    assert (folder / JOURNAL).stat().st_size == size


def test_a_register_is_not_made_on_a_full_disk(folder: Path, opened: Opener) -> None:
    empty = folder.with_name("empty")
    empty.touch()
    with a_full_disk(empty), pytest.raises(StoreError, match="Nothing was stored"):
        opened()
    assert not folder.exists()


def test_a_register_holds_one_file_open(opened: Opener) -> None:
    before = len(os.listdir("/dev/fd"))
    opened()
    assert len(os.listdir("/dev/fd")) == before + 1


@contextmanager
def a_full_disk(path: Path, room: int = 10) -> Iterator[None]:
    """Let no file of this process grow beyond the size of ``path`` plus ``room`` bytes."""
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
    empty = folder.with_name("empty")
    empty.touch()
    with a_full_disk(empty):
        store.close()
    assert "could not be compacted" in caplog.text
    assert everything(opened().state) == everything(state)
    assert not (folder / f"{FILE}.new").exists()


def test_an_unwritable_folder_prevents_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be used"):
        TinyDbStore(tmp_path / "file" / "register")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_prevents_the_start(folder: Path, opened: Opener) -> None:
    folder.mkdir(mode=0o500)
    with pytest.raises(StoreError, match="cannot be used"):
        opened()
