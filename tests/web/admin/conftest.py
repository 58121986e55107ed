"""Fixtures: a server without sockets, and a client for ``/__admin``."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mockregister.client import Answer, Sending, read_answer, write_request
from mockregister.mocking.registers import Registers
from mockregister.settings import Settings
from tests.applications import application
from tests.builders import a_condition, an_encounter, an_episode, an_sks_code, as_xml

NOON = datetime(2019, 6, 1, 10, tzinfo=UTC)


@dataclass
class Bench:
    """A client of a register: ``submit`` sends SOAP, the other methods send JSON to ``/__admin``."""

    http: FlaskClient
    register: str = ""

    def submit(self, document: bytes | None = None, **how: Any) -> Answer:
        sending = Sending(**{"register": self.register, "service": "save-if-no-errors"} | how)
        headers, body = write_request([document or clean_document()], sending)
        with self.http.post(sending.path, data=body, headers=headers) as response:
            return read_answer(response.status_code, dict(response.headers), response.data)

    def call(self, method: str, path: str, **more: Any) -> TestResponse:
        prefix = f"/r/{self.register}" if self.register else ""
        return self.http.open(f"{prefix}/__admin/{path}", method=method, **more)

    def get(self, path: str, /, **query: Any) -> Any:
        response = self.call("GET", path, query_string=query)
        assert response.status_code == 200, response.text
        return response.json

    def post(self, path: str, /, **body: Any) -> Any:
        response = self.call("POST", path, json=body)
        assert response.status_code in (200, 201), response.text
        return response.json

    def stored(self) -> dict[str, int]:
        name = self.register or "default"
        return next(each["stored"] for each in self.get("registers")["registers"] if each["name"] == name)

    def problem(self, method: str, path: str, **more: Any) -> Any:
        """Send a call that is refused, and return the problem."""
        response = self.call(method, path, **more)
        assert response.content_type == "application/problem+json", response.text
        assert response.json["status"] == response.status_code
        return response.json


def clean_document(**fields: Any) -> bytes:
    """Return a document without findings at ``NOON``."""
    defaults = {"episodes": [an_episode()], "encounters": [an_encounter(reason=None)], "conditions": [a_condition()]}
    return as_xml(**defaults | fields)


def document_with_a_violation() -> bytes:
    """Return a planned visit with a reason, which breaks only rule 05.104."""
    return clean_document(encounters=[an_encounter(reason=an_sks_code("ALCC01"))])


def bench_of(register: str = "", **settings: Any) -> Generator[Bench]:
    """Start a server with these settings."""
    with application(Settings(**{"clock": NOON} | settings)) as app:
        yield Bench(app.test_client(), register)


@pytest.fixture(scope="session")
def shared() -> Iterator[Bench]:
    """Start a server that many tests share, because starting it takes longer than most tests."""
    yield from bench_of()


@pytest.fixture
def bench(shared: Bench) -> Bench:
    """Return a client of the default register. It is reset, and other registers are deleted."""
    registers: Registers = shared.http.application.extensions["mockregister"]
    registers.close()
    registers.get()
    return Bench(shared.http.application.test_client())


@pytest.fixture
def listed() -> Iterator[Bench]:
    """Start a server that makes registers only on request."""
    yield from bench_of(registers="listed")


@pytest.fixture
def guarded() -> Iterator[Bench]:
    """Start a server with an admin token."""
    yield from bench_of(admin_token="s3cret")
