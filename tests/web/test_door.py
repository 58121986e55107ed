"""Requests are admitted by host name, origin and token. Pages have a content security policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from mockregister.envelope.soap import Version
from mockregister.server import bearer
from mockregister.settings import Settings
from mockregister.testing import Lpr3, server
from tests.applications import application
from tests.envelope.stacks import cxf
from tests.web.admin.conftest import clean_document
from tests.web.calls import asked, stored_query, submission

TOKEN = "blåbærgrød ☂"
FOREIGN = "http://evil.example"
SHOWING = ("/", "/patients", "/__admin/clock", "/api/v1/patients", "/metrics")
DESCRIPTIONS = ("/api/v1/docs/", "/api/v1/openapi.json", f"{submission()}?wsdl", "/xds/registry?wsdl")
OPEN = ("/livez", "/readyz", "/__admin/health", *DESCRIPTIONS)
PAGES = ("/", "/sign-in", "/nowhere", "/api/v1", "/api/v1/", "/api/v1/docs", "/api/v1/docs/", "/patients/x")
NAMED = ("/livez", "/readyz", "/", "/nowhere", "/sign-in", "/api/v1", "/api/v1/patients", "/__admin/clock", "/static/page.css")
LOCAL = ("localhost", "localhost:8080", "LPR3", "a.localhost", "b.local", "c.d.internal", "x.test", "x.test.", "home.home.arpa")
UNDERSCORED = ("lpr_3", "lpr_3:8080", "lpr_3.test")
ADDRESSES = ("127.0.0.1:9", "[::1]:9", "10.1.2.3")
OTHERS = ("evil.example", "localhost.evil.example", "test.example", "xlocal.com", "1.2.3.4.example", "[::1", "user@evil.example")
NO_NAMES = ("", ".", "a..b", ".x", f"{'x' * 64}.dk", "xn--a.dk", "xn--\u00e6", "a_..b", "a b", "[::1", "x:99999", "x_y:99999")
Making = Callable[..., FlaskClient]


@pytest.fixture
def serving() -> Iterator[Making]:
    """Return a function that starts a server with settings and returns a client."""
    with ExitStack() as stack:

        def make(**told: object) -> FlaskClient:
            return stack.enter_context(application(Settings(**told))).test_client()  # type: ignore[arg-type]

        yield make


def query(http: FlaskClient, host: str = "http://localhost", **headers: str) -> TestResponse:
    kind, body = asked(stored_query(), Version.SOAP12)
    named = {name.replace("_", "-"): said for name, said in headers.items()}
    return http.post("/xds/registry", data=body, headers={"Content-Type": kind, **named}, base_url=host)


# host names


@pytest.mark.parametrize("path", SHOWING)
def test_a_page_under_a_rebound_host_name_can_read_nothing(serving: Making, path: str) -> None:
    response = serving().get(path, base_url=FOREIGN, headers={"Accept": "text/html, application/json"})
    assert response.status_code == 421
    assert "--allowed-hosts" in response.text
    assert "<option" not in response.text  # the list of registers that the page shows


@pytest.mark.parametrize("host", [*LOCAL, *UNDERSCORED, *ADDRESSES, "named.example.com"])
def test_host_names_that_nobody_else_can_own_are_allowed(serving: Making, host: str) -> None:
    assert serving(host="named.example.com").get("/api/v1/patients", headers={"Host": host}).status_code == 200


def test_the_wsdl_can_be_read_under_a_host_name_with_an_underscore(serving: Making) -> None:
    description = serving().get(f"{submission()}?wsdl", headers={"Host": "lpr_3:8080"}).text
    assert f'location="http://lpr_3:8080{submission()}"' in description


def test_a_form_can_be_sent_to_a_host_name_with_an_underscore(serving: Making) -> None:
    named = {"Host": "lpr_3:8080", "Origin": "http://lpr_3:8080"}
    assert serving().post("/preferences", headers=named).status_code == 303


@pytest.mark.parametrize("host", [*OTHERS, "e_vil.example"])
def test_other_host_names_are_refused(serving: Making, host: str) -> None:
    assert serving().get("/api/v1/patients", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("allowed", ["*", "evil.example", "a.example,EVIL.example"])
def test_host_names_can_be_allowed_by_a_setting(serving: Making, allowed: str) -> None:
    http = serving(allowed_hosts=Settings.__dataclass_fields__["allowed_hosts"].metadata["read"](allowed))
    assert http.get("/api/v1/patients", base_url=FOREIGN).status_code == 200


@pytest.mark.parametrize("path", OPEN)
def test_services_and_health_accept_any_host_name_and_require_no_token(serving: Making, path: str) -> None:
    assert serving(admin_token=TOKEN).get(path, base_url=FOREIGN).status_code == 200


@pytest.mark.parametrize("host", NO_NAMES)
def test_services_and_health_accept_an_invalid_host_name(serving: Making, host: str) -> None:
    app = serving().application
    for path in (*OPEN, *NAMED[:2]):
        assert answered(app, path, host).startswith("200")
    assert answered(app, "/__admin/clock", host).startswith("421")


@pytest.mark.parametrize("host", NO_NAMES)
def test_a_submission_to_an_invalid_host_name_is_stored_and_in_the_journal(serving: Making, host: str) -> None:
    app = serving().application
    kind, body = cxf([clean_document()])
    answered(app, submission(), host, method="POST", data=body, content_type=kind)
    [noted] = app.test_client().get("/__admin/requests").json["requests"]
    assert noted["outcome"] == "Success"


def answered(app: Flask, path: str, host: str, **request: Any) -> str:
    """Return the status of an answer. Werkzeug's client fails for such hosts, so it is not used."""
    environ = EnvironBuilder(path, **request).get_environ() | {"HTTP_HOST": host}
    return run_wsgi_app(app, environ)[1]


def test_a_request_with_the_token_may_use_any_host_name(serving: Making) -> None:
    http = serving(admin_token=TOKEN)
    assert http.get("/api/v1/patients", base_url=FOREIGN).status_code == 421
    assert http.get("/api/v1/patients", base_url=FOREIGN, headers=bearer(TOKEN)).status_code == 200
    assert http.get("/", base_url=FOREIGN).location == "/sign-in?back=/"
    assert http.post("/sign-in", base_url=FOREIGN, data={"token": TOKEN}).status_code == 303
    assert http.get("/", base_url=FOREIGN).status_code == 200


def test_a_toolkit_may_query_under_any_host_name_and_a_browser_may_not(serving: Making) -> None:
    http = serving()
    assert query(http, FOREIGN).status_code == 200
    assert query(http, FOREIGN, Origin=FOREIGN).status_code == 421
    assert query(http, FOREIGN, Sec_Fetch_Site="same-origin").status_code == 421


# other sites


@pytest.mark.parametrize("path", ["/r/new/", "/r/new/api/v1/patients", "/r/new/readyz", f"/r/new{submission()}"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_of_another_site_cannot_make_a_register(serving: Making, method: str, path: str) -> None:
    http = serving()
    http.open(path, method=method, headers={"Sec-Fetch-Site": "cross-site"})
    assert [register["name"] for register in http.get("/__admin/registers").json["registers"]] == ["default"]  # type: ignore[index]
    assert http.get("/r/new/readyz", headers={"Sec-Fetch-Site": "none"}).status_code == 200
    assert http.get("/r/new/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


# the token


@pytest.mark.parametrize("path", ["/__admin/clock", "/api/v1/patients", "/api/v1", "/metrics"])
def test_paths_that_show_data_require_the_token(serving: Making, path: str) -> None:
    http = serving(admin_token=TOKEN)
    refused = http.get(path)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert http.get(path, headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert http.get(path, headers=bearer(TOKEN)).status_code < 400


def test_queries_require_the_token(serving: Making) -> None:
    http = serving(admin_token=TOKEN)
    assert query(http).status_code == 401
    assert b"Fault" in query(http).data
    assert query(http, **bearer(TOKEN)).status_code == 200


def test_a_signed_in_user_can_read_the_api_but_not_from_a_page_of_another_origin(serving: Making) -> None:
    http = serving(admin_token=TOKEN)
    http.post("/sign-in", data={"token": TOKEN})
    assert http.get("/api/v1/patients").status_code == 200
    assert http.get("/api/v1/patients", headers={"Origin": FOREIGN}).status_code == 401


def test_reading_can_be_allowed_without_token_but_changing_cannot(serving: Making) -> None:
    http = serving(admin_token=TOKEN, reading="open")
    assert {http.get(path).status_code for path in ("/api/v1/patients", "/metrics")} == {200}
    assert query(http).status_code == 200
    sent = {"data": clean_document(), "content_type": "application/xml"}
    assert http.post("/api/v1/submissions", **sent).status_code == 401
    assert http.post("/api/v1/submissions", headers=bearer(TOKEN), **sent).status_code == 201
    assert http.get("/__admin/clock").status_code == 401
    assert http.get("/api/v1/patients", base_url=FOREIGN).status_code == 421


@pytest.mark.parametrize("token", ["s3cret", "grød", TOKEN])
def test_a_token_may_have_any_characters(serving: Making, token: str) -> None:
    http = serving(admin_token=token)
    assert http.get("/__admin/clock", headers=bearer(token)).status_code == 200
    assert http.get("/__admin/clock", headers=bearer(token + "x")).status_code == 401


@pytest.mark.parametrize(("fault_status", "status"), [("real", 500), ("http", 401)])
def test_an_imposed_outcome_requires_the_token_and_a_submission_does_not(serving: Making, fault_status: str, status: int) -> None:
    http, (kind, body) = serving(admin_token=TOKEN, fault_status=fault_status), cxf([clean_document()])
    sent = {"Content-Type": kind}
    assert http.post(submission(), data=body, headers=sent).status_code == 200
    refused = http.post(submission(), data=body, headers={**sent, "X-Mock-Outcome": "503"})
    assert (refused.status_code, b"needs the admin token" in refused.data) == (status, True)
    assert http.post(submission(), data=body, headers={**sent, "X-Mock-Outcome": "503", **bearer(TOKEN)}).status_code == 503


def test_the_python_client_sends_the_token_with_every_request() -> None:
    with server(admin_token=TOKEN) as url:
        lpr3 = Lpr3(url, admin_token=TOKEN)
        assert lpr3.submit(clean_document(), headers={"X-Mock-Outcome": "504"}).http_status == 504
        assert lpr3.submit(clean_document()).status == "Success"
        assert lpr3.stored()["sets"] == 1


# pages


@pytest.mark.parametrize("path", PAGES)
def test_every_html_answer_has_a_strict_content_security_policy(serving: Making, path: str) -> None:
    response = serving().get(path, headers={"Accept": "text/html,*/*;q=0.1"})
    assert response.mimetype == "text/html"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


# names of registers


@pytest.mark.parametrize("name", ["a%0ab", "a%0d%0aX-Evil:%201", "..", "%00", "", "a%20b", "-a", "%ff", "x" * 65])
@pytest.mark.parametrize("path", NAMED)
def test_an_invalid_name_of_a_register_is_refused_on_every_path(serving: Making, name: str, path: str) -> None:
    for told in ({}, {"admin_token": TOKEN}):
        response = serving(**told).get(f"/r/{name}{path}", headers={"Accept": "text/html"})
        assert (response.status_code, "cannot name a register" in response.text) == (422, True)


@pytest.mark.parametrize("path", [submission(), f"{submission()}?wsdl", "/cda-ws/nothing", "/xds/registry", "/xds/registry?wsdl"])
def test_an_invalid_name_of_a_register_is_refused_on_a_soap_path(serving: Making, path: str) -> None:
    response = serving().get(f"/r/a%0ab{path}")
    assert (response.status_code, b"cannot name a register" in response.data) == (500, True)


@pytest.mark.parametrize("path", ["/api/v1/submissions", "/__admin/reset", "/__admin/faults"])
@pytest.mark.parametrize("body", [b'{"\\ud800": 1}', b'{"a\\udfff": {"\\ud800": "\\ud800"}}', b'{"\xed\xa0\x80": 1}'])
def test_a_lone_surrogate_in_json_is_refused(serving: Making, path: str, body: bytes) -> None:
    response = serving().post(path, data=body, content_type="application/json")
    assert response.status_code in (400, 422), response.text
    assert response.json
