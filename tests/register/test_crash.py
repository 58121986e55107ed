"""A server is killed while it is busy. Everything that it reported as stored is there, and nothing is half stored or locked."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from threading import Event, Lock

import pytest

from mockregister.client import Client, NoAnswer
from mockregister.document import writer
from mockregister.model import ClinicalDocument, Identifier, Reference, Scope
from mockregister.register.rows import DocumentRow, EntryRow, SubmissionRow, Table
from mockregister.register.state import State
from tests.builders import a_condition, a_document, an_encounter, an_episode, uuid
from tests.register.desk import ENCOUNTER, EPISODE
from tests.register.every_store import DURABLE, Kind
from tests.snapshots import snapshot

COMMAND = "from mockregister.cli import main; main()"
CLIENTS = 6


@contextmanager
def a_server(store: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run a real server with this setting. It and its worker are killed at the end if they still run."""
    command = [sys.executable, "-c", COMMAND, "serve", "--port", "0", "--store", store]
    environment = {**os.environ, "PYTHONFAULTHANDLER": "1"}  # a server that crashes or hangs then says where
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True, env=environment)
    assert server.stderr is not None
    try:
        for line in server.stderr:
            if "is ready on" in line:
                yield line.partition("ready on ")[2].partition(",")[0].strip(), server
                return
        pytest.fail("the server did not start")
    finally:
        kill(server)
        server.stderr.close()


def kill(server: subprocess.Popen[str]) -> None:
    """Send SIGKILL to the server and its worker at once."""
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def a_set(name: str) -> ClinicalDocument:
    """Return the document of a set with an episode, an encounter and a condition, all with unique ids."""
    root = uuid(name)

    def an_id(what: str) -> Identifier:
        return Identifier(root, uuid(f"{name} {what}"))

    return a_document(
        set_id=root,
        id=an_id("document"),
        episodes=[an_episode(id=an_id("episode"))],
        encounters=[an_encounter(id=an_id("encounter"), episode=Reference(Scope.INTERNAL, EPISODE, an_id("episode")))],
        conditions=[a_condition(id=an_id("condition"), encounter=Reference(Scope.INTERNAL, ENCOUNTER, an_id("encounter")))],
    )


class Load:
    """Clients that send as fast as they can until nobody answers. ``stored`` has the sets that were answered with Success."""

    def __init__(self, url: str, name: str, enough: int) -> None:
        self.url, self.name, self.enough = url, name, enough
        self.stored: list[str] = []
        self.is_enough, self._numbers, self._lock = Event(), count(), Lock()

    def run(self, server: subprocess.Popen[str]) -> list[str]:
        """Send, and kill the server as soon as enough is stored."""
        with ThreadPoolExecutor(CLIENTS) as clients:
            for _ in range(CLIENTS):
                clients.submit(self._send)
            is_enough = self.is_enough.wait(60)
            if not is_enough:
                server.send_signal(signal.SIGABRT)
                server.wait(30)
            kill(server)
        assert is_enough, server.stderr and server.stderr.read()
        return self.stored

    def _send(self) -> None:
        client = Client(self.url)
        while True:
            document = a_set(f"{self.name} {next(self._numbers)}")
            try:
                answer = client.submit([writer.write(document)])
            except NoAnswer:
                return
            if answer.status == "Success":
                with self._lock:
                    self.stored.append(document.set_id.lower())
            if len(self.stored) >= self.enough:
                self.is_enough.set()


def assert_nothing_is_half(state: State) -> None:
    """Assert that every set has its three entries, its document and its submission, and that nothing else is stored."""
    sets = {id for id, _ in state.rows(Table.SETS)}
    entries = [row.set for _, row in state.rows(Table.ENTRIES) if isinstance(row, EntryRow)]
    assert sorted(entries) == sorted([*sets] * 3)
    documents = [row for _, row in state.rows(Table.DOCUMENTS) if isinstance(row, DocumentRow)]
    assert {row.set for row in documents} == sets
    assert all(state.get(Table.SUBMISSIONS, SubmissionRow, row.submission) for row in documents)
    assert state.count(Table.SUBMISSIONS) == state.count(Table.EPISODES) == len(sets)


@pytest.mark.parametrize("kind", DURABLE.values(), ids=DURABLE)
def test_a_killed_server_loses_no_stored_document_and_leaves_no_lock(tmp_path: Path, kind: Kind) -> None:
    chance, stored = random.Random(3), []
    for round in range(3):
        with a_server(kind.setting_for(tmp_path)) as (url, server):
            stored += Load(url, f"round {round}", chance.randint(5, 60)).run(server)
        with closing(kind.opened(tmp_path)) as store:
            state = snapshot(store)
        assert {id for id, _ in state.rows(Table.SETS)} >= set(stored)
        assert_nothing_is_half(state)


def test_a_second_server_on_the_same_folder_stops_with_a_message(tmp_path: Path) -> None:
    with a_server(f"tinydb:{tmp_path}"):
        second = subprocess.run(
            [sys.executable, "-c", COMMAND, "serve", "--port", "0", "--store", f"tinydb:{tmp_path}"],
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert second.returncode != 0
    assert "Another process keeps its register in" in second.stderr
