"""Surfaces on demand: a submission needs none of them, and their first calls may come together."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest
from flask import Flask

from mockregister.app import create_app, others
from mockregister.settings import Settings
from mockregister.web.on_demand import SurfacesOnDemand

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
def app() -> Flask:
    return create_app(Settings())


def test_two_first_calls_at_once_are_both_answered_by_one_application(app: Flask) -> None:
    together, made = Barrier(2), list[Flask]()

    def make() -> Flask:
        made.append(others(app))
        return made[-1]

    app.wsgi_app = SurfacesOnDemand(app, make)  # type: ignore[method-assign]

    def status(path: str) -> int:
        together.wait()
        return app.test_client().get(path).status_code

    with closing(app.extensions["mockregister"]), ThreadPoolExecutor(2) as callers:
        assert list(callers.map(status, ("/__admin/version", "/api/v1/patients"))) == [200, 200]
    assert len(made) == 1


def test_services_and_health_need_no_other_surface(app: Flask) -> None:
    def make() -> Flask:
        raise AssertionError("the other surfaces were made")

    app.wsgi_app = SurfacesOnDemand(app, make)  # type: ignore[method-assign]
    with closing(app.extensions["mockregister"]):
        for path in ("/livez", "/readyz", "/cda-ws/DocumentRepository_Service?wsdl", "/cda-ws/nowhere", "/sts/nowhere"):
            assert app.test_client().get(path).status_code in (200, 500)


def test_a_submission_imports_no_other_surface() -> None:
    done = subprocess.run((sys.executable, "-c", SUBMIT), capture_output=True, text=True, check=True)
    status, *imported = done.stdout.split()
    assert status == "200"
    assert not set(NEEDLESS) & set(imported)
