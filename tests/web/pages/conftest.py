"""Fixtures: a browser without scripts, which keeps cookies and reads HTML."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from mockregister.mocking.registers import Namespace
from tests.web.admin.conftest import bench_of, clean_document, document_with_a_violation


@dataclass
class Reader:
    """A reader of the pages of a register."""

    http: FlaskClient
    register: str = ""

    @property
    def namespace(self) -> Namespace:
        """Return the namespace of the register, without using the page."""
        found: Namespace = self.http.application.extensions["mockregister"].get(self.register or "default")
        return found

    def ask(self, method: str, path: str, **more: Any) -> TestResponse:
        """Send a request, and return the answer of any status."""
        return self.http.open(f"/r/{self.register}{path}" if self.register else path, method=method, buffered=True, **more)

    def page(self, path: str, **more: Any) -> html.HtmlElement:
        """Return a page, which must exist."""
        response = self.ask("GET", path, follow_redirects=True, **more)
        assert response.status_code == 200, response.text[:2000]
        return html.fromstring(response.data.decode())

    def text(self, path: str) -> str:
        """Return the text of a page."""
        return " ".join(self.page(path).text_content().split())

    def send(self, path: str, **form: Any) -> TestResponse:
        """Send a form, and return the page that follows."""
        return self.ask("POST", path, data=form, follow_redirects=True)

    def drop(self, *contents: bytes, service: str = "save", name: str = "document.xml") -> html.HtmlElement:
        """Drop files on the page, and return the page of the result."""
        files = [(BytesIO(content), name) for content in contents]
        response = self.send("/documents", service=service, documents=files)
        assert response.status_code == 200, response.text[:2000]
        return html.fromstring(response.data.decode())


def reader_of(register: str = "", **settings: Any) -> Generator[Reader]:
    with closing(bench_of(register, **settings)) as server:
        yield Reader(next(server).http, register)


@pytest.fixture
def reader() -> Iterator[Reader]:
    """Return a reader of an empty register."""
    yield from reader_of()


@pytest.fixture
def filled(reader: Reader) -> Reader:
    """Return a reader of a register with a document that breaks rule 05.104."""
    reader.drop(document_with_a_violation())
    return reader


@pytest.fixture
def stranger() -> Iterator[Reader]:
    """Return a reader who has not given the admin token of the server."""
    yield from reader_of(admin_token="s3cret")


__all__ = ["Reader", "clean_document", "document_with_a_violation"]
