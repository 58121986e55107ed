"""Views are made on demand: a submission needs none of these, and their first calls may come together."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest
from flask import Flask

from mockregister.app import FIRST, create_app, with_views
from mockregister.settings import Settings
from mockregister.web.dispatcher import Dispatcher

SUBMIT = """
import sys
from mockregister.app import create_app
from mockregister.client import Sending, write_request
from tests.builders import as_xml
headers, body = write_request([as_xml()], Sending())
path = "/cda-ws/DocumentRepository_Service/PatientHealthcareReportingService"
answer = create_app().test_client().post(path, data=body, headers=headers)
print(answer.status_code, *sorted(sys.modules))
"""
NEEDLESS = ("mockregister.web.admin", "mockregister.web.api", "mockregister.web.pages", "marshmallow", "prometheus_client")


@pytest.fixture
def app() -> Iterator[Flask]:
    app = create_app(Settings())
    with closing(app.extensions["mockregister"]):
        yield app


def made_by(make: Callable[[str], Flask], app: Flask) -> Flask:
    """Return the application; what it gets on demand is made by another function."""
    app.wsgi_app = Dispatcher(dict.fromkeys(FIRST, app.wsgi_app), make)  # type: ignore[method-assign]
    return app


def test_two_first_calls_at_once_are_both_answered_by_one_application(app: Flask) -> None:
    together, made = Barrier(2), list[str]()

    def make(views: str) -> Flask:
        made.append(views)
        return with_views(views, beside=app)

    def status(path: str) -> int:
        together.wait()
        return answering.test_client().get(path).status_code

    answering = made_by(make, app)
    with ThreadPoolExecutor(2) as callers:
        assert list(callers.map(status, ("/__admin/version", "/__admin/clock"))) == [200, 200]
    assert made == ["admin"]


def test_all_surfaces_share_the_same_registers(app: Flask) -> None:
    client = app.test_client()
    assert client.put("/__admin/registers/mine").status_code == 201
    assert "mine" in client.get("/r/mine/__admin/registers").text
    assert client.get("/r/mine/api/v1/patients").json["total"] == 0  # type: ignore[index]


def test_services_and_health_need_no_other_surface(app: Flask) -> None:
    def make(views: str) -> Flask:
        raise AssertionError(f"{views} was made")

    client = made_by(make, app).test_client()
    for path in ("/livez", "/readyz", "/cda-ws/DocumentRepository_Service?wsdl", "/cda-ws/nowhere", "/sts/nowhere"):
        assert client.get(path).status_code in (200, 500)


@pytest.mark.parametrize("path", ["//livez", "livez", "/r/mine//livez", "//__admin/version", "///api/v1/patients"])
def test_several_leading_slashes_of_a_path_count_as_one(app: Flask, path: str) -> None:
    assert app.test_client().get(environ_overrides={"PATH_INFO": path}).status_code == 200


def test_a_submission_imports_no_other_surface() -> None:
    done = subprocess.run((sys.executable, "-c", SUBMIT), capture_output=True, text=True, check=True)
    status, *imported = done.stdout.split()
    assert status == "200"
    assert not set(NEEDLESS) & set(imported)
