"""Exceptions become answers by the kind of path, in one sentence and without internal details."""

from __future__ import annotations

import logging
import re
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from mockregister.client import read_answer
from mockregister.errors import (
    AccessDenied,
    Conflict,
    InvalidRequest,
    NotFound,
    StoreError,
    UnreadableDocument,
    UnreadableRequest,
)
from mockregister.settings import Settings
from mockregister.web import failures

PATHS = {"soap": "/cda-ws/x", "problem": "/api/v1/x", "admin": "/__admin/x", "page": "/x"}


def failing(error: Exception, fault_status: str = "real") -> FlaskClient:
    """Return an application in which every path raises ``error``."""
    app = Flask("failing")
    app.extensions["mockregister"] = SimpleNamespace(settings=Settings(fault_status=fault_status))

    def fail() -> None:
        raise error

    for name, path in PATHS.items():
        app.add_url_rule(path, name, fail, methods=["GET", "POST"])
    failures.install(app)
    return app.test_client()


@pytest.mark.parametrize("path", ["/api/v1/x", "/__admin/x", "/x"])
@pytest.mark.parametrize(
    ("error", "status", "more"),
    [
        (NotFound("There is no such set."), 404, {}),
        (Conflict("It is there already."), 409, {}),
        (InvalidRequest("The mode is unknown.", "clock.mode"), 422, {"field": "clock.mode"}),
        (InvalidRequest("The body is no JSON."), 422, {}),
        (UnreadableDocument("The XML is not well-formed.", 3, 4), 400, {}),
        (UnreadableRequest("The body is over the limit.", 413), 413, {}),
    ],
)
def test_an_error_of_the_caller_is_a_problem_in_one_sentence(
    path: str, error: Exception, status: int, more: dict[str, Any]
) -> None:
    response = failing(error).get(path)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    problem = response.get_json(force=True)
    assert problem.pop("title")
    assert problem == {"type": "about:blank", "status": status, "detail": str(error), **more}


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (UnreadableRequest("No."), 400, "Sender"),
        (UnreadableRequest("No.", 500, "VersionMismatch"), 500, "VersionMismatch"),
        (AccessDenied("No.", sender=True, fault_code="not_authorized"), 400, "Sender"),
        (AccessDenied("No.", fault_code="processing_problem", hint="Why."), 500, "Receiver"),
        (NotFound("No."), 404, "Sender"),
        (RuntimeError("secret"), 500, "Receiver"),
    ],
)
def test_soap_callers_get_a_fault(error: Exception, status: int, code: str) -> None:
    response = failing(error, "http").post("/cda-ws/x", content_type="application/soap+xml")
    answer = read_answer(response.status_code, dict(response.headers), response.data)
    assert answer.http_status == status
    assert answer.fault is not None
    assert (answer.fault.code, answer.fault.hint) == (code, getattr(error, "hint", ""))


@pytest.mark.parametrize("path", PATHS.values())
@pytest.mark.parametrize("error", [RuntimeError("secret"), KeyError("secret"), StoreError("secret folder")])
def test_an_internal_error_is_logged_and_not_shown(path: str, error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        response = failing(error).get(path)
    assert response.status_code == 500
    assert "secret" in caplog.text
    assert not re.search(r"secret|Traceback|\w(Error|Exception)", response.text)
    assert caplog.records[0].getMessage().split()[1].rstrip(",") in response.text


def test_a_browser_gets_a_page() -> None:
    response = failing(NotFound("There is no <b>set</b>.")).get("/x", headers={"Accept": "text/html,*/*;q=0.8"})
    assert response.content_type == "text/html; charset=utf-8"
    assert "There is no &lt;b&gt;set&lt;/b&gt;." in response.text


def test_a_browser_gets_a_problem_from_the_api() -> None:
    response = failing(NotFound("No.")).get("/api/v1/x", headers={"Accept": "text/html"})
    assert response.content_type == "application/problem+json"


def test_an_unknown_path_is_named() -> None:
    assert failing(NotFound("")).get("/api/v1/nowhere").get_json(force=True)["detail"] == "There is nothing at /api/v1/nowhere."


def test_the_problem_for_another_method_names_the_allowed_ones() -> None:
    response = failing(NotFound("")).put("/__admin/x")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]
    assert response.get_json(force=True)["detail"] == "PUT is not allowed here; use GET, HEAD, OPTIONS, POST."


def test_every_wrong_field_is_reported() -> None:
    error = InvalidRequest("mode: Unknown field.", "mode", {"mode": "Unknown field.", "at": "Not a moment."})
    problem = failing(error).get("/api/v1/x").get_json(force=True)
    assert (problem["status"], problem["field"]) == (422, "mode")
    assert problem["errors"] == [
        {"field": "mode", "detail": "Unknown field."},
        {"field": "at", "detail": "Not a moment."},
    ]


def test_an_exception_with_a_response_is_answered_with_it() -> None:
    app = Flask("ready")
    app.add_url_rule("/x", "x", lambda: abort(app.response_class("tea", 418)))
    failures.install(app)
    assert app.test_client().get("/x").text == "tea"
