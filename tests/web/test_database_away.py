"""The database goes away while a server runs: no wrong answer and no lost document, and the server recovers by itself."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from time import monotonic
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from mockregister.client import Client
from mockregister.document import writer
from tests import postgresql
from tests.register.test_crash import a_set
from tests.serving import running

RECOVERS = 30  # seconds; a quiet machine needs six, and TCP alone would need minutes


@pytest.fixture
def server() -> Iterator[postgresql.Server]:
    """Start a database server for this test only."""
    programs = postgresql.binaries()
    if programs is None:
        pytest.skip(postgresql.WHY_NOT)
    started = postgresql.started(programs)
    yield started
    started.stop()


def status(url: str) -> int:
    """Return the HTTP status of a GET request."""
    try:
        with urlopen(url, timeout=30) as response:
            return int(response.status)
    except HTTPError as error:
        return error.code


@pytest.mark.slow
def test_a_database_that_hangs_is_noticed_within_seconds(server: postgresql.Server) -> None:
    with running("--store", server.url("register")) as mock:
        client = Client(mock.url)
        assert client.submit([writer.write(a_set("first"))]).status == "Success"
        for name in ("second", "third"):  # waiting and later callers
            server.signal(signal.SIGSTOP)
            before = monotonic()
            answer = client.submit([writer.write(a_set(name))])
            assert monotonic() - before < RECOVERS
            assert answer.fault is not None
            assert (status(f"{mock.url}/livez"), status(f"{mock.url}/readyz")) == (200, 503)
        server.signal(signal.SIGCONT)
        before = monotonic()
        while status(f"{mock.url}/readyz") != 200:
            assert monotonic() - before < RECOVERS
        assert client.submit([writer.write(a_set("fourth"))]).status == "Success"


def test_a_server_recovers_after_its_database_was_down(server: postgresql.Server) -> None:
    with running("--store", server.url("register")) as mock:
        client = Client(mock.url)
        assert client.submit([writer.write(a_set("first"))]).status == "Success"
        server.stop()
        before = monotonic()
        answer = client.submit([writer.write(a_set("second"))])
        assert monotonic() - before < RECOVERS
        assert (answer.status, answer.findings) == ("", ())
        assert answer.fault is not None
        assert "was not kept; send it again" in answer.fault.reason
        assert (status(f"{mock.url}/livez"), status(f"{mock.url}/readyz")) == (200, 503)
        assert status(f"{mock.url}/api/v1/patients") == 503
        assert status(f"{mock.url}/patients") == 503
        server.start()
        before = monotonic()
        while status(f"{mock.url}/readyz") != 200:
            assert monotonic() - before < RECOVERS
        assert client.submit([writer.write(a_set("third"))]).status == "Success"
        assert mock.stored["documents"] == 2
