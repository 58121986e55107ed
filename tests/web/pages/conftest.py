"""A browser without scripts: a client of the page that keeps cookies and reads HTML."""

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
    """Somebody who looks at the page; ``register`` is the one they look at."""

    http: FlaskClient
    register: str = ""

    @property
    def namespace(self) -> Namespace:
        """The register, past the page."""
        found: Namespace = self.http.application.extensions["mockregister"].get(self.register or "default")
        return found

    def ask(self, method: str, path: str, **more: Any) -> TestResponse:
        """An answer, whatever it is."""
        return self.http.open(f"/r/{self.register}{path}" if self.register else path, method=method, buffered=True, **more)

    def page(self, path: str, **more: Any) -> html.HtmlElement:
        """A page that is there."""
        response = self.ask("GET", path, follow_redirects=True, **more)
        assert response.status_code == 200, response.text[:2000]
        return html.fromstring(response.data.decode())

    def text(self, path: str) -> str:
        """The words of a page."""
        return " ".join(self.page(path).text_content().split())

    def send(self, path: str, **form: Any) -> TestResponse:
        """A form, sent, and the page that comes after it."""
        return self.ask("POST", path, data=form, follow_redirects=True)

    def drop(self, *contents: bytes, service: str = "save", name: str = "document.xml") -> html.HtmlElement:
        """Files, dropped, and the page about what came of it."""
        files = [(BytesIO(content), name) for content in contents]
        response = self.send("/documents", service=service, documents=files)
        assert response.status_code == 200, response.text[:2000]
        return html.fromstring(response.data.decode())


def reader_of(register: str = "", **settings: Any) -> Generator[Reader]:
    with closing(bench_of(register, **settings)) as server:
        yield Reader(next(server).http, register)


@pytest.fixture
def reader() -> Iterator[Reader]:
    """Somebody who looks at an empty register."""
    yield from reader_of()


@pytest.fixture
def filled(reader: Reader) -> Reader:
    """Somebody who looks at a register that holds a document with a violation of rule 05.104."""
    reader.drop(document_with_a_violation())
    return reader


@pytest.fixture
def stranger() -> Iterator[Reader]:
    """Somebody who looks at a server with an admin token, which they have not given."""
    yield from reader_of(admin_token="s3cret")


__all__ = ["Reader", "clean_document", "document_with_a_violation"]
