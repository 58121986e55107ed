"""A register in a database: the cost of a submission, failures of the database, and servers that share it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Event, Thread, current_thread, main_thread

import psycopg
import pytest
from click.testing import CliRunner

from mockregister.app import create_app
from mockregister.cli import main
from mockregister.client import Sending, read_answer, write_request
from mockregister.errors import SettingError, StoreAway, StoreError, StoreInDoubt
from mockregister.model import ClinicalDocument, Submission
from mockregister.register import postgresql_store, sql
from mockregister.register.database import Database, DatabaseConnection, Query
from mockregister.register.indexes import LINKS_OF_CPR, SETS_OF_PATIENT
from mockregister.register.memory_store import MemoryStore
from mockregister.register.postgresql_store import LONGEST_KEY, PostgreSqlStore, fitted, registers
from mockregister.register.rows import Change, LinkRow, Table
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from tests import postgresql
from tests.builders import a_document, an_encounter, an_episode, an_id, as_xml, external, the_next_document
from tests.register.desk import EPISODE, Desk
from tests.register.test_crash import a_set
from tests.register.test_store import kept, link
from tests.serving import PATIENCE
from tests.snapshots import commit, everything
from tests.test_turns import others_compute_during

COMMAND = "from mockregister.cli import main; main()"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return the URL of an empty database."""
    return postgresql.url_for(tmp_path)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """Open the database, which creates its tables."""
    with closing(Database(url, {}, connections=10)) as opened:
        yield opened


@pytest.fixture
def store(database: Database) -> PostgreSqlStore:
    """Return the store of an empty register."""
    return PostgreSqlStore(database, "default")


@contextmanager
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Collect the statements that are executed within the block."""
    said: list[str] = []
    execute = DatabaseConnection.execute

    def noting(self: DatabaseConnection, query: str, *values: object) -> object:
        if current_thread() is main_thread():  # the sweeper runs in another thread
            said.append(query)
        return execute(self, query, *values)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(DatabaseConnection, "execute", noting)
        yield said


@pytest.mark.parametrize(("encounters", "first", "addendum"), [(10, 10, 15), (500, 12, 15)])  # large: checks the size of journals
def test_a_submission_executes_few_statements(
    url: str, monkeypatch: pytest.MonkeyPatch, encounters: int, first: int, addendum: int
) -> None:
    def statements_of(document: ClinicalDocument) -> list[str]:
        headers, body = write_request([as_xml(document)], Sending())
        with statements(monkeypatch) as said:
            response = server.test_client().post(Sending().path, data=body, headers=headers)
        assert read_answer(response.status_code, dict(response.headers), response.data).status == "Success"
        return said

    server = create_app(Settings(store=url))
    with closing(server.extensions["mockregister"]):
        stays = [an_encounter(id=an_id(f"encounter {number}")) for number in range(encounters)]
        assert len(said := statements_of(a_document(episodes=[an_episode()], encounters=stays))) <= first, said
        another = an_encounter(id=an_id("another"), episode=external(EPISODE, "episode"))
        assert len(said := statements_of(the_next_document(encounters=[another]))) <= addendum, said


def test_other_requests_compute_while_one_waits_for_another_server(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    here, elsewhere = PostgreSqlStore(database, "default"), PostgreSqlStore(database, "default")

    def wait(until: Event) -> None:
        is_held = Event()

        def hold() -> None:
            with elsewhere.transaction(frozenset("a")):
                is_held.set()
                until.wait(PATIENCE)

        Thread(target=hold).start()
        assert is_held.wait(PATIENCE)
        commit(here, [link(1)])

    assert others_compute_during(wait, monkeypatch)
    assert kept(elsewhere) == ["id 1"]


def test_registers_of_a_database_share_nothing(database: Database) -> None:
    first, second = PostgreSqlStore(database, "first"), PostgreSqlStore(database, "second")
    commit(first, [link(1)])
    assert (kept(first), kept(second)) == (["id 1"], [])
    second.discard()
    assert registers(database) == {"first"}
    assert kept(first) == ["id 1"]


def test_a_register_that_is_made_again_is_empty(database: Database) -> None:
    old = PostgreSqlStore(database, "one")
    commit(old, [link(1)])
    old.discard()
    again = PostgreSqlStore(database, "one")
    assert again.is_new
    assert kept(again) == []


def test_a_seed_is_loaded_once_and_then_restored(store: PostgreSqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    seed = MemoryStore()
    seed.commit([link(number) for number in range(50)])
    store.fill(seed.state)
    whole = everything(store)
    commit(store, [link(3, None), link(60), link(7, "0202020202")])
    with statements(monkeypatch) as said:
        store.fill(seed.state)
    assert not any("nextval('mockregister.generations')" in statement for statement in said)
    assert everything(store) == whole
    with store.look() as rows:
        assert rows.find(LINKS_OF_CPR, "0101010101") == [f"id {number}" for number in range(50)]
        assert rows.postings(LINKS_OF_CPR, "0202020202") == 0


def test_a_register_is_filled_as_new_only_once(store: PostgreSqlStore) -> None:
    seed, other = MemoryStore(), MemoryStore()
    seed.commit([link(1)])
    other.commit([link(2)])
    store.fill(seed.state, if_new=True)
    store.fill(other.state, if_new=True)
    assert kept(store) == ["id 1"]


@pytest.mark.parametrize("key", ["x" * 5000, "a\0b", "æ" * 800, "\ud800"])
def test_any_key_can_be_stored_and_found(store: PostgreSqlStore, key: str) -> None:
    commit(store, [Change(Table.LINKS, key, LinkRow(key)), Change(Table.LINKS, f"{key}!", LinkRow(f"{key}!"))])
    with store.look() as rows:
        assert rows.get(Table.LINKS, LinkRow, key) == LinkRow(key)
        assert rows.find(LINKS_OF_CPR, key) == [fitted(key)]
        assert rows.find(SETS_OF_PATIENT, key) == []
    assert len(fitted(key).encode()) <= LONGEST_KEY


def test_a_transaction_can_claim_more_keys_than_the_database_has_locks(store: PostgreSqlStore) -> None:
    with store.transaction(frozenset(f"claim {number}" for number in range(20_000))) as transaction:
        transaction.commit([link(1)])
    assert kept(store) == ["id 1"]


# failures of the database


def test_ended_connections_are_replaced_without_an_error(store: PostgreSqlStore, url: str) -> None:
    with ExitStack() as looks:
        for _ in range(3):
            looks.enter_context(store.look())
    for number in range(3):
        postgresql.end_backends(url)
        commit(store, [link(number)])
    assert kept(store) == ["id 0", "id 1", "id 2"]
    store.check()


def test_a_change_that_is_lost_before_its_commit_is_reported_and_not_stored(store: PostgreSqlStore, url: str) -> None:
    with store.transaction(frozenset({"claim"})) as transaction:
        postgresql.end_backends(url)
        with pytest.raises(StoreAway):
            transaction.commit([link(1)])
    assert kept(store) == []


@pytest.mark.parametrize("is_made", [True, False])
def test_after_a_lost_answer_the_store_looks_up_whether_the_commit_was_made(
    store: PostgreSqlStore, url: str, monkeypatch: pytest.MonkeyPatch, is_made: bool
) -> None:
    together, is_first = DatabaseConnection.together, iter([True])

    def lost(self: DatabaseConnection, *said: tuple[str, Query]) -> object:
        if said[-1][0] == sql.COMMIT and next(is_first, False):
            if is_made:
                together(self, *said)
            postgresql.end_backends(url)
        return together(self, *said)

    with store.transaction(frozenset({"claim"})) as transaction, monkeypatch.context() as patch:
        patch.setattr(DatabaseConnection, "together", lost)
        if is_made:
            transaction.commit([link(1)])
        else:
            with pytest.raises(StoreAway, match="before it committed"):
                transaction.commit([link(1)])
    assert kept(store) == (["id 1"] if is_made else [])


def test_a_read_only_database_is_reported_as_away_and_its_connection_is_closed(store: PostgreSqlStore, url: str) -> None:
    def change() -> None:
        with store.transaction(frozenset({"claim"})) as transaction:
            connections.append(transaction._connection)
            transaction._connection.execute("SET TRANSACTION READ ONLY")
            transaction.commit([link(1)])

    connections: list[DatabaseConnection] = []
    with pytest.raises(StoreAway, match="no changes any more"):
        change()
    assert connections[0].closed
    commit(store, [link(2)])
    assert kept(store) == ["id 2"]


def test_a_transaction_is_repeated_after_a_deadlock(store: PostgreSqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    execute, deadlocks = DatabaseConnection.execute, iter([True, True])

    def deadlocked(self: DatabaseConnection, query: str, *values: object) -> object:
        if query == sql.CLAIM and next(deadlocks, False):
            raise psycopg.errors.DeadlockDetected("deadlock detected")
        return execute(self, query, *values)  # type: ignore[arg-type]

    monkeypatch.setattr(DatabaseConnection, "execute", deadlocked)
    with store.transaction(frozenset({"claim"})) as transaction:
        transaction.commit([link(1)])
    assert kept(store) == ["id 1"]


def test_a_commit_that_was_not_replicated_is_reported_as_in_doubt(
    store: PostgreSqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_store, "DOUBT", 1.0)
    with (
        store.transaction(frozenset({"claim"})) as transaction,
        impatient(postgresql.server()),
        pytest.raises(StoreInDoubt),
    ):
        transaction.commit([link(1)])


@contextmanager
def impatient(server: postgresql.Server) -> Iterator[None]:
    """Make commits wait for a standby that does not exist, and cancel each wait after a moment."""
    begun, enough = Event(), Event()

    def lose_patience() -> None:
        while not enough.wait(0.1):
            if server.ask("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"):
                begun.set()

    server.ask("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
    server.ask("SELECT pg_reload_conf()")
    thread = Thread(target=lose_patience)
    thread.start()
    try:
        while not begun.is_set():  # the server reads its settings again in its own time
            server.ask("SELECT pg_logical_emit_message(true, 'is it', 'waited for')")
        yield
    finally:
        server.ask("ALTER SYSTEM RESET synchronous_standby_names")
        server.ask("SELECT pg_reload_conf()")
        enough.set()
        thread.join()


# servers that share the database


def serve(*flags: str) -> subprocess.CompletedProcess[str]:
    """Run a server that is expected to stop by itself."""
    command = [sys.executable, "-c", COMMAND, "serve", "--port", "0", *flags]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("store", "said"),
    [
        ("postgresql://", "cannot be used; use memory, tinydb:DIR or postgresql://USER@HOST/DATABASE"),
        ("postgresql://me:secret@127.0.0.1:1/nowhere", "The database postgresql://me:***@127.0.0.1:1/nowhere cannot be reached"),
        ("postgresql://me:secret@127.0.0.1:x/nowhere", "postgresql://me:***@127.0.0.1:x/nowhere"),
        ("postgresql://me@127.0.0.1/x?password=secret&nonsense=1", "invalid URI query parameter"),
        ("postgres:me:secret@nowhere", "'postgres:me:***@nowhere' cannot be used"),
        ("postgresql://me:sec/ret@127.0.0.1/x", "write the letters / @ : ? # of a password as"),
    ],
)
def test_a_wrong_url_is_reported_in_one_line_without_the_password(store: str, said: str) -> None:
    stopped = CliRunner().invoke(main, ["serve", "--port", "0", "--store", store])
    assert stopped.exit_code == 2
    assert said in stopped.stderr
    assert stopped.stderr.count("\n") == 1
    assert "secret" not in stopped.stderr


def test_a_database_with_other_tables_is_refused(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE accounts (id int)")
    with pytest.raises(SettingError, match=r"holds something else \(public.accounts\)"):
        Database(url, {}, connections=1)


def test_a_database_of_a_later_version_is_refused(url: str) -> None:
    Database(url, {}, connections=1).close()
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE mockregister.about SET version = 99")
    with pytest.raises(SettingError, match="written by a later version"):
        Database(url, {}, connections=1)


def test_an_unreadable_row_is_reported(store: PostgreSqlStore, url: str) -> None:
    commit(store, [link(1)])
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE mockregister.row SET data = '{\"nonsense\": 1}'")
    with store.look() as rows, pytest.raises(StoreError, match="cannot be read"):
        rows.get(Table.LINKS, LinkRow, "id 1")


def test_a_second_server_with_other_settings_stops_with_a_message(url: str) -> None:
    with closing(Database(url, {"codes": "lenient", "edition": "2023-09-18"}, connections=1)):
        stopped = serve("--store", url, "--codes", "strict")
    assert stopped.returncode == 2
    assert "with other settings: authorities is None there" in stopped.stderr
    assert "codes is lenient there and strict here" in stopped.stderr


def stored_settings(url: str) -> dict[str, str]:
    with psycopg.connect(url) as connection:
        row = connection.execute(sql.ABOUT).fetchone()
    assert row is not None
    return dict(row[1])


def test_a_server_that_is_alone_decides_the_settings(url: str) -> None:
    Database(url, {"codes": "lenient"}, connections=1).close()
    Database(url, {"codes": "strict"}, connections=1).close()
    assert stored_settings(url)["codes"] == "strict"
    with closing(Database(url, {"codes": "lenient"}, connections=1)), closing(Database(url, {"codes": "lenient"}, connections=1)):
        assert stored_settings(url)["codes"] == "lenient"


def test_a_submission_is_stored_in_spite_of_a_deadlock(store: PostgreSqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    execute, deadlocks = DatabaseConnection.execute, iter([True, True])

    def deadlocked(self: DatabaseConnection, query: str, *values: object) -> object:
        if query == sql.ADD and next(deadlocks, False):
            raise psycopg.errors.DeadlockDetected("deadlock detected")
        return execute(self, query, *values)  # type: ignore[arg-type]

    desk = Desk(store)
    sent = Submission.of([as_xml(a_document(episodes=[an_episode()]))])
    monkeypatch.setattr(DatabaseConnection, "execute", deadlocked)
    assert submit(desk.register, Service.REPORTING, sent).stored
    assert desk.live()


@pytest.mark.parametrize("many", [1, 2, 100])
def test_few_and_many_keys_of_an_index_are_found(store: PostgreSqlStore, monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    monkeypatch.setattr(postgresql_store, "MANY_KEYS", many)
    commit(store, [link(number, f"{number % 3}") for number in range(9)])
    with store.look() as rows:
        assert sorted(rows.keys(LINKS_OF_CPR)) == ["0", "1", "2"]


def test_the_rows_of_a_list_are_read_with_few_statements(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(Settings(store=url))
    with closing(app.extensions["mockregister"]):
        http = app.test_client()
        for number in range(12):
            content = as_xml(a_set(f"{number}"))
            assert http.post("/api/v1/submissions", data=content, content_type="application/xml").status_code == 201
        with statements(monkeypatch) as said:
            assert http.get("/api/v1/encounters").json["total"] == 12
    assert len(said) <= 16
