"""Fixtures: a register without sockets, and a client of its JSON API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mockregister.app import create_app
from mockregister.mocking.registers import Namespace
from mockregister.model import SOR, AuthorInstitution, ClinicalDocument, SentDocument, Submission
from mockregister.settings import Settings
from tests.builders import AUTHOR_UNIT, CUSTODIAN, as_xml

NUMBERS = count(1)


@dataclass
class Api:
    """A client of the JSON API of a register."""

    http: FlaskClient
    register: str = ""

    def ask(self, path: str, method: str = "GET", **more: Any) -> TestResponse:
        prefix = f"/r/{self.register}" if self.register else ""
        return self.http.open(f"{prefix}/api/v1/{path}", method=method, **more)

    def get(self, path: str, **query: str) -> Any:
        response = self.ask(path, query_string=query or None)
        assert response.status_code == 200, response.text
        return response.json

    def keys(self, path: str, **query: str) -> list[str]:
        """Return the ids in a short list, in lower case."""
        return [item["id"]["extension"].lower() for item in self.get(path, **query)["items"]]

    def problem(self, path: str, method: str = "GET", **more: Any) -> Any:
        """Send a request that is refused, and return the problem."""
        response = self.ask(path, method, **more)
        assert response.content_type == "application/problem+json", response.text
        problem = response.get_json(force=True)
        assert problem["status"] == response.status_code
        return problem

    def submit(self, *documents: ClinicalDocument | bytes, service: str = "save") -> Any:
        """Submit documents one after the other as CDA, assert that they are stored, and return the last answer."""
        for document in documents:
            content = document if isinstance(document, bytes) else as_xml(document)
            response = self.ask(f"submissions?service={service}", "POST", data=content, content_type="application/xml")
            assert response.status_code == 201, response.text
        return response.json

    def put(self, *documents: ClinicalDocument) -> None:
        """Store documents without validating them."""
        author = AuthorInstitution("", SOR, AUTHOR_UNIT)
        sent = Submission(tuple(SentDocument("", as_xml(document)) for document in documents), author, CUSTODIAN)
        with self.namespace.register.draft(documents) as draft:
            draft.commit(sent, (), "test")

    @property
    def namespace(self) -> Namespace:
        """Return the namespace of the register."""
        found: Namespace = self.http.application.extensions["mockregister"].get(self.register or "default")
        return found


@pytest.fixture(scope="session")
def application() -> Iterator[Flask]:
    """Start a server for all tests."""
    app = create_app(Settings())
    yield app
    app.extensions["mockregister"].close()


@pytest.fixture
def api(application: Flask) -> Api:
    """Return a client of a new register."""
    return Api(application.test_client(), f"test-{next(NUMBERS)}")
