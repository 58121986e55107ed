"""Two servers share a database. Settings made on one apply on the other from the next request."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from mockregister.app import create_app
from mockregister.delivery.outbox import Outbox
from mockregister.mocking.nightly import Nightly
from mockregister.mocking.registers import Registers
from mockregister.register.rows import Table
from mockregister.settings import Settings
from tests import postgresql
from tests.builders import a_document, an_episode, as_xml, the_next_document
from tests.register.test_crash import a_set
from tests.web.admin.conftest import document_with_a_violation

SERVICE = "/cda-ws/DocumentRepository_Service/PatientHealthcareReportingService"
SAVE = "/api/v1/submissions"
A_LIST = (
    b"ErrorType,Rulename,ErrorNumber,ErrorText,Rulesource\n"
    b"ERROR,05.91,591,Kontakter er forbudt,when Kontakt( type != null ) then\n"
)


@dataclass
class Server:
    """A server that is called without a socket."""

    registers: Registers
    http: FlaskClient

    def get(self, path: str) -> Any:
        """Return the JSON at a path."""
        response = self.http.get(path)
        assert response.status_code == 200, response.text
        return response.json

    def change(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request that changes something, and return its answer."""
        response = self.http.open(path, method=method, json=body)
        assert response.status_code < 300, response.text
        return response.json if response.content_length else None

    def submit(self, document: Any = None) -> int:
        """Submit a document, and return the HTTP status."""
        xml = as_xml(document or a_document(episodes=[an_episode()]))
        return self.http.post(SAVE, data=xml, content_type="application/xml").status_code


def started(url: str, **settings: Any) -> Iterator[Server]:
    app = create_app(Settings(store=url, **settings))
    registers: Registers = app.extensions["mockregister"]
    with closing(registers):
        yield Server(registers, app.test_client())


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return the URL of an empty database."""
    return postgresql.url_for(tmp_path)


@pytest.fixture
def server_a(url: str) -> Iterator[Server]:
    """A server on the database."""
    yield from started(url)


@pytest.fixture
def server_b(server_a: Server, tmp_path: Path) -> Iterator[Server]:
    """A second server on the same database."""
    yield from started(postgresql.url_for(tmp_path))


def test_a_clock_is_set_on_all_servers(server_a: Server, server_b: Server) -> None:
    server_a.change("PUT", "/__admin/clock", {"mode": "frozen", "at": "2019-06-01T12:00:00+02:00"})
    assert server_b.get("/__admin/clock")["at"] == "2019-06-01T12:00:00+02:00"
    server_b.change("PUT", "/__admin/clock", {"mode": "moved", "by": "P14D"})
    assert server_a.get("/__admin/clock")["by"] == "P14D"
    server_b.change("POST", "/__admin/reset")
    assert server_a.get("/__admin/clock")["mode"] == "real"


def test_a_rule_is_changed_on_all_servers(server_a: Server, server_b: Server) -> None:
    rule = server_a.get("/__admin/rules")["rules"][0]["id"]
    server_a.change("PUT", f"/__admin/rules/{rule}", {"enabled": False, "severity": "Warning", "text": "another"})
    told = server_b.get(f"/__admin/rules/{rule}")
    assert (told["enabled"], told["severity"], told["text"]) == (False, "Warning", "another")
    server_b.change("DELETE", f"/__admin/rules/{rule}")
    assert server_a.get(f"/__admin/rules/{rule}")["enabled"]


def test_an_edition_is_chosen_on_all_servers(server_a: Server, server_b: Server) -> None:
    names = [edition["name"] for edition in server_a.get("/__admin/editions")["editions"]]
    server_a.change("PUT", "/__admin/edition", {"name": names[-1]})
    assert server_b.get("/__admin/edition")["name"] == names[-1]


def test_an_uploaded_rule_list_is_available_on_all_servers_and_after_a_restart(
    server_a: Server, server_b: Server, tmp_path: Path
) -> None:
    for version, server, another in (("first", server_a, server_b), ("second", server_b, server_a)):
        assert server.http.put(f"/__admin/editions/march?version={version}", data=A_LIST).status_code == 201
        another.change("PUT", "/__admin/edition", {"name": "march"})
        assert server.get("/__admin/edition") == another.get("/__admin/edition")
        assert server_a.get("/__admin/edition")["version"] == version
    server_a.registers.close()
    server_b.registers.close()
    for server in started(postgresql.url_for(tmp_path)):
        assert server.get("/__admin/edition")["name"] != "march"
        assert server.change("PUT", "/__admin/edition", {"name": "march"})["version"] == "second"


def test_a_fault_strikes_exactly_as_often_as_it_may_on_all_servers_together(server_a: Server, server_b: Server) -> None:
    server_a.change("POST", "/__admin/faults", {"fault": {"type": "http_status", "status": 504}, "times": 7})

    def send(number: int) -> int:
        client = (server_a, server_b)[number % 2].http.application.test_client()
        return int(client.post(SERVICE, data=b"<nothing/>", content_type="text/xml").status_code)

    with ThreadPoolExecutor(6) as threads:
        statuses = list(threads.map(send, range(40)))
    assert statuses.count(504) == 7
    [fault] = server_b.get("/__admin/faults")["faults"]
    assert (fault["calls"], fault["fired"]) == (40, 7)
    server_b.change("DELETE", "/__admin/faults")
    assert server_a.get("/__admin/faults")["faults"] == []


def test_a_submission_to_a_server_is_in_the_journal_of_the_other(server_a: Server, server_b: Server) -> None:
    assert server_a.submit() == 201
    [request] = server_b.get("/__admin/requests")["requests"]
    assert request["stored"]
    assert server_b.get(f"/__admin/requests/{request['id']}")["documents"]
    assert server_b.get("/__admin/requests/count?service=json")["count"] == 1
    server_b.change("DELETE", "/__admin/requests")
    assert server_a.get("/__admin/requests")["total"] == 0


def test_waiting_at_a_server_ends_with_a_submission_to_the_other(server_a: Server, server_b: Server) -> None:
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(lambda: server_b.get("/__admin/requests/wait?count=1&timeout=20"))
        assert server_a.submit() == 201
        assert waiting.result(20)["matched"]


def test_the_length_of_the_journal_is_limited(tmp_path: Path) -> None:
    for server in started(postgresql.url_for(tmp_path), journal=5):
        for _ in range(40):
            server.submit()
        assert server.get("/__admin/requests")["total"] == 5


def test_a_checkpoint_can_be_restored_on_the_other_server(server_a: Server, server_b: Server) -> None:
    assert server_a.submit() == 201
    server_a.change("PUT", "/__admin/clock", {"mode": "frozen", "at": "2019-06-01T12:00:00+02:00"})
    server_a.change("PUT", "/__admin/checkpoints/before")
    assert server_b.submit(the_next_document()) == 201
    server_b.change("PUT", "/__admin/clock", {"mode": "real"})
    assert server_b.change("POST", "/__admin/checkpoints/before/restore")["stored"]["documents"] == 1
    assert server_a.get("/__admin/clock")["mode"] == "frozen"
    assert server_a.get("/__admin/registers/default")["stored"]["documents"] == 1


def test_checkpoints_outlive_the_servers(tmp_path: Path) -> None:
    for server in started(postgresql.url_for(tmp_path)):
        server.submit()
        server.change("PUT", "/__admin/checkpoints/before")
        server.change("PUT", "/__admin/clock", {"mode": "frozen", "at": "2019-06-01T12:00:00+02:00"})
        server.change("POST", "/__admin/reset")
    for server in started(postgresql.url_for(tmp_path)):
        assert server.get("/__admin/clock")["mode"] == "real"
        assert server.change("POST", "/__admin/checkpoints/before/restore")["stored"]["documents"] == 1


def test_registers_are_made_and_deleted_on_all_servers(server_a: Server, server_b: Server) -> None:
    server_a.change("PUT", "/__admin/registers/mine")
    assert [here["name"] for here in server_b.get("/__admin/registers")["registers"]] == ["default", "mine"]
    assert server_b.http.post(f"/r/mine{SAVE}", data=as_xml(a_document(episodes=[an_episode()])), content_type="application/xml")
    server_b.change("PUT", "/r/mine/__admin/clock", {"mode": "frozen", "at": "2019-06-01T12:00:00+02:00"})
    server_b.change("DELETE", "/__admin/registers/mine")
    assert server_a.http.get("/__admin/registers/mine").status_code == 404
    assert server_a.get("/r/mine/__admin/clock")["mode"] == "real"
    assert server_a.get("/__admin/registers/mine")["stored"]["documents"] == 0


def test_metrics_of_any_server_count_everything(server_a: Server, server_b: Server) -> None:
    for server in (server_a, server_b, server_b):
        server.submit()
    for server in (server_a, server_b):
        lines = server.http.get("/metrics").text.splitlines()
        counted = [line for line in lines if line.startswith("mockregister_requests_total{")]
        assert sum(float(line.rpartition(" ")[2]) for line in counted) == 3


ASKED = (
    "/",
    "/api/v1/patients",
    "/__admin/requests",
    "/__admin/registers",
    "/__admin/checkpoints",
    "/__admin/rules",
    "/r/mine/__admin/registers/mine",
    "/metrics",
    "/readyz",
)
TOLD = (
    ("PUT", "/__admin/clock", {"mode": "frozen", "at": "2019-06-01T12:00:00+02:00"}),
    ("PUT", "/__admin/registers/mine", None),
    ("PUT", "/__admin/checkpoints/before", None),
    ("POST", "/__admin/faults", {"fault": {"type": "http_status", "status": 504}, "match": {"service": "validate"}}),
    ("POST", "/__admin/reset", None),
    ("POST", "/__admin/checkpoints/before/restore", None),
    ("DELETE", "/__admin/registers/mine", None),
)


def test_questions_are_answered_after_connections_were_lost(server_a: Server, url: str) -> None:
    server_a.change("PUT", "/__admin/registers/mine")
    for path in ASKED:
        several_connections(server_a)
        postgresql.end_backends(url)
        assert (path, server_a.http.get(path).status_code) == (path, 200)


def test_changes_and_exchanges_are_kept_after_connections_were_lost(server_a: Server, url: str) -> None:
    for number, (method, path, said) in enumerate(TOLD):
        several_connections(server_a)
        postgresql.end_backends(url)
        server_a.change(method, path, said)
        server_a.change("DELETE", "/__admin/requests")
        several_connections(server_a)
        postgresql.end_backends(url)
        assert server_a.submit(a_set(f"{number}")) == 201
        assert server_a.get("/__admin/requests")["requests"][0]["stored"]


def several_connections(server: Server) -> None:
    """Make the server open several connections."""
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(server.registers.get("default").register.look())


def test_metrics_count_registers_that_only_the_other_server_has_open(server_a: Server, server_b: Server) -> None:
    path = f"/r/mine{SAVE}?service=save"
    assert server_a.http.post(path, data=document_with_a_violation(), content_type="application/xml").status_code == 201
    server_a.change("POST", "/r/mine/__admin/faults", {"match": {}, "fault": {"type": "http_status", "status": 503}, "times": 2})
    told = server_b.http.get("/metrics").text.splitlines()
    with server_a.registers.get("mine").register.look() as rows:
        kept = {table.label: rows.count(table) for table in Table}
    assert kept["documents"] == 1
    assert {f'mockregister_stored_entities{{kind="{label}"}} {number}.0' for label, number in kept.items()} <= set(told)
    assert 'mockregister_error_list_episodes{severity="Error"} 1.0' in told
    assert 'mockregister_error_list_findings{code="05.104"} 1.0' in told
    assert {"mockregister_faults 1.0", "mockregister_registers 2.0"} <= set(told)
    assert server_b.registers.at_rest() == ["mine"]


def test_registers_are_listed_without_opening_them(server_a: Server, server_b: Server) -> None:
    server_a.change("PUT", "/r/mine/__admin/clock", {"mode": "frozen", "at": "2019-06-01T12:00:00+02:00"})
    server_a.change("PUT", "/r/mine/__admin/checkpoints/before")
    server_a.change("POST", "/r/mine/__admin/faults", {"match": {}, "fault": {"type": "delay", "seconds": 0.0}})
    assert server_a.submit() == 201
    server_a.change("PUT", "/__admin/registers/new")
    listed = server_b.get("/__admin/registers")
    assert server_b.registers.at_rest() == ["mine", "new"]
    assert listed["at_rest"] == []
    opened = [server_b.get(f"/__admin/registers/{name}") for name in ("default", "mine", "new")]
    assert [register["requests"] for register in opened] == [1, 0, 0]
    for register in (*listed["registers"], *opened):
        register["clock"] = register["clock"]["mode"]  # the time goes on
    assert listed["registers"] == opened


def test_the_nightly_job_opens_only_registers_whose_list_is_due(server_a: Server, server_b: Server, tmp_path: Path) -> None:
    for name in ("early", "late"):
        server_a.change("PUT", f"/r/{name}/__admin/clock", {"mode": "frozen", "at": "2019-06-01T01:00:00+02:00"})
    nightly = Nightly(server_b.registers, Outbox(tmp_path, ["12345678"]))
    nightly.look()
    assert server_b.registers.at_rest() == ["early", "late"]
    server_a.change("PUT", "/r/early/__admin/clock", {"mode": "frozen", "at": "2019-06-01T05:00:00+02:00"})
    nightly.look()
    assert server_b.registers.at_rest() == ["late"]


def test_sittings_are_listed_without_opening_other_registers(server_a: Server, server_b: Server) -> None:
    server_a.change("PUT", "/__admin/registers/mine")
    server_a.change("POST", "/__admin/exams", {"name": "ada", "stories": ["diagnosis-report"]})
    assert [exam["register"] for exam in server_b.get("/__admin/exams")["exams"]] == ["ada"]
    assert server_b.registers.at_rest() == ["mine"]


def test_the_page_names_registers_without_opening_them(server_a: Server, server_b: Server) -> None:
    server_a.change("PUT", "/r/mine/__admin/clock", {"mode": "frozen", "at": "2019-06-01T12:00:00+02:00"})
    assert "<option>mine</option>" in server_b.http.get("/").text
    assert server_b.http.post("/control/switch", data={"name": "mine"}).headers["Location"] == "/r/mine/"
    assert server_b.http.post("/control/switch", data={"name": "nobody"}).headers["Location"] == "/"
    assert server_b.registers.at_rest() == ["mine"]


def test_two_servers_that_start_at_once_load_the_seed_only_once(tmp_path: Path) -> None:
    url = postgresql.url_for(tmp_path)

    def start(_: int) -> int:
        for server in started(url, seed="demo"):
            return int(server.get("/__admin/registers/default")["stored"]["documents"])
        return 0

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(start, range(2))
    assert first == second > 0
