"""Recordings of the journal, of our proxy or of another proxy are sent again, and the answers are compared."""

from __future__ import annotations

import base64
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner, Result
from werkzeug.serving import make_server

from mockregister.builders import a_correction, a_visit, as_xml, shortened
from mockregister.cli import main
from mockregister.client import Client, Sending, write_request
from mockregister.comparing.recorder import HarFile, Recorder
from mockregister.comparing.recording import read_recording
from mockregister.envelope.soap import Version
from mockregister.errors import SettingError
from mockregister.server import Server
from mockregister.testing import Lpr3, assert_stored, server
from tests.web.calls import asked, retrieval, stored_query

VISIT = a_visit(minor_conditions=["DE119"])
CORRECTION = a_correction(VISIT, shortened(VISIT.encounters[0], end="2019-05-02 11:30"))


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with server() as address:
        yield address


@pytest.fixture
def lpr3(url: str) -> Iterator[Lpr3]:
    register = Lpr3(url)
    yield register
    register.delete()


@contextmanager
def recorder(target: str, file: Path) -> Iterator[str]:
    wsgi = make_server("127.0.0.1", 0, Recorder(target, Server(target), HarFile(file)), threaded=True)
    thread = Thread(target=wsgi.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{wsgi.port}"
    finally:
        wsgi.shutdown()
        thread.join()
        wsgi.server_close()


@pytest.fixture
def recording(lpr3: Lpr3, tmp_path: Path) -> Path:
    """Submit two documents to a register, and write its journal to a file."""
    assert_stored(lpr3.submit(VISIT))
    assert_stored(lpr3.submit(CORRECTION))
    file = tmp_path / "journal.har"
    file.write_text(json.dumps(lpr3.requests.har()), "utf-8")
    return file


def replay(file: Path, url: str, *more: str) -> Result:
    return CliRunner().invoke(main, ["replay", str(file), "--url", url, *more])


def test_an_empty_register_answers_a_recording_as_the_first_register_did(recording: Path, url: str) -> None:
    other = Lpr3(url)
    done = replay(recording, other.url)
    assert (done.exit_code, other.stored()["documents"]) == (0, 2)
    assert "2 submissions compared, none answered differently" in done.output


def test_a_different_answer_is_reported(recording: Path, lpr3: Lpr3) -> None:
    done = replay(recording, lpr3.url)
    assert done.exit_code == 1
    assert "- Success" in done.output
    assert "+ Failure" in done.output
    assert "+ Error INTEGRITY_CHECK SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT" in done.output


def test_with_new_ids_the_same_register_accepts_a_recording_again(recording: Path, lpr3: Lpr3) -> None:
    done = replay(recording, lpr3.url, "--new-ids")
    assert (done.exit_code, lpr3.stored()["sets"]) == (0, 2), done.output


def test_findings_that_name_new_ids_count_as_the_same(lpr3: Lpr3, tmp_path: Path) -> None:
    lpr3.submit(CORRECTION)
    file = tmp_path / "journal.har"
    file.write_text(json.dumps(lpr3.requests.har()), "utf-8")
    done = replay(file, lpr3.url, "--new-ids", "--texts")
    assert done.exit_code == 0, done.output


def test_new_ids_move_the_times_to_today(recording: Path, lpr3: Lpr3) -> None:
    archive = json.loads(recording.read_text("utf-8"))
    for entry in archive["log"]["entries"]:
        entry["startedDateTime"] = "2026-01-01T12:00:00+01:00"
    recording.write_text(json.dumps(archive), "utf-8")
    assert replay(recording, lpr3.url, "--new-ids").exit_code == 0
    starts = sorted(encounter["start"] for encounter in lpr3.api.find("encounters"))
    assert starts[0] == "2019-05-02T08:00:00+02:00"
    assert starts[1] > "2019-05-03"
    assert "T08:00:00+0" in starts[1]


def test_the_exit_code_is_2_if_there_is_no_answer(recording: Path) -> None:
    done = replay(recording, "http://127.0.0.1:1")
    assert (done.exit_code, "No answer from 127.0.0.1:1" in done.output) == (2, True)


def test_nothing_is_sent_to_another_machine_without_the_option_yes(recording: Path) -> None:
    done = replay(recording, "http://lpr3.example")
    assert (done.exit_code, "to be sent to http://lpr3.example: 2 recorded requests" in done.output) == (2, True)
    assert "nothing was sent; add --yes to send it" in done.output


def test_our_proxy_forwards_and_records_requests(lpr3: Lpr3, url: str, tmp_path: Path) -> None:
    file = tmp_path / "recorded.har"
    with recorder(lpr3.url, file) as proxy:
        assert_stored(Client(proxy, token="secret").submit([VISIT]))
        assert_stored(Client(proxy).submit([CORRECTION], compressed=True, soap="1.1"))
        wsdl = Server(proxy).get("/cda-ws/DocumentRepository_Service/PatientHealthcareReportingService?wsdl", "text/xml")
    assert proxy.encode() in wsdl
    assert lpr3.stored()["documents"] == 2
    assert "secret" not in file.read_text("utf-8")
    assert len(json.loads(file.read_text("utf-8"))["log"]["entries"]) == 3
    assert file.stat().st_mode & 0o077 == 0
    done = replay(file, Lpr3(url).url)
    assert done.exit_code == 0, done.output
    assert "1 other requests of the recording are left out" in done.output


def test_our_proxy_accepts_a_chunked_body(lpr3: Lpr3, tmp_path: Path) -> None:
    headers, body = write_request([as_xml(VISIT)], Sending())
    with recorder(lpr3.url, tmp_path / "x.har") as proxy:
        connection = HTTPConnection(proxy.partition("//")[2])
        pieces = (body[start : start + 1000] for start in range(0, len(body), 1000))
        connection.request("POST", Sending().path, pieces, headers, encode_chunked=True)
        assert connection.getresponse().read()
        connection.close()
    [exchange] = read_recording((tmp_path / "x.har").read_bytes()).exchanges
    assert (exchange.body, exchange.answer.status) == (body, "Success")


def test_the_proxy_answers_bad_gateway_if_the_register_does_not_answer(tmp_path: Path) -> None:
    with recorder("http://127.0.0.1:1", tmp_path / "x.har") as proxy:
        assert Server(proxy).exchange("GET", "/readyz", {}).status == 502
    assert json.loads((tmp_path / "x.har").read_text("utf-8"))["log"]["entries"] == []


def test_the_command_records_until_it_is_stopped(lpr3: Lpr3, tmp_path: Path) -> None:
    file = tmp_path / "recorded.har"
    command = [sys.executable, "-c", "from mockregister.cli import main; main()", "record", "--to", lpr3.url]
    with subprocess.Popen([*command, "--port", "0", "--out", str(file)], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = re.search(r"http://[\d.:]+", process.stderr.readline())
        assert found is not None
        assert_stored(Client(found[0]).submit([VISIT]))
        process.send_signal(signal.SIGTERM)
        said = process.stderr.read()
    assert (process.returncode, "1 exchanges in" in said) == (0, True)
    assert len(read_recording(file.read_bytes()).exchanges) == 1


def entry(**request: Any) -> dict[str, Any]:
    """Return an entry as another proxy might write it."""
    sent = {"method": "POST", "url": "https://lpr3.example/prefix/cda-ws/X", "headers": [], **request}
    response = {"status": 500, "headers": [{"name": "Content-Type", "value": "text/html"}], "content": {"text": "<html/>"}}
    return {"request": sent, "response": response}


def test_base64_may_be_marked_in_two_ways() -> None:
    for word in ("encoding", "_encoding"):
        sent = {"text": base64.b64encode(b"\xff\x00").decode(), word: "base64"}
        [exchange] = read_recording(json.dumps({"log": {"entries": [entry(postData=sent)]}}).encode()).exchanges
        assert (exchange.body, exchange.path, exchange.started) == (b"\xff\x00", "/cda-ws/X", None)


def test_connection_headers_and_secrets_are_not_sent_again() -> None:
    headers = {":method": "POST", "Host": "x", "Content-Length": "3", "Authorization": "[redacted]", "SOAPAction": '"a"'}
    pairs = [{"name": name, "value": value} for name, value in headers.items()]
    [exchange] = read_recording(json.dumps({"log": {"entries": [entry(headers=pairs)]}}).encode()).exchanges
    assert exchange.headers == {"SOAPAction": '"a"'}


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (b"", "Expecting value: line 1 column 1"),
        (b"[]", "one of its values is of another kind than that form has"),
        (b"{}", "it has no 'log'"),
        (b'{"log": {"entries": [1]}}', "one of its values is of another kind"),
        (b"\xff", "it is not UTF-8"),
    ],
)
def test_a_file_that_is_not_a_recording_is_refused_in_words(content: bytes, flaw: str) -> None:
    with pytest.raises(SettingError, match=f"not an HTTP Archive .*: {flaw}"):
        read_recording(content)


def test_a_recording_without_submissions_is_reported(tmp_path: Path) -> None:
    (tmp_path / "x.har").write_text('{"log": {"entries": []}}')
    done = replay(tmp_path / "x.har", "http://localhost")
    assert (done.exit_code, "has no submissions, queries or retrievals" in done.output) == (2, True)


def test_a_fault_of_the_register_is_compared_too(recording: Path, lpr3: Lpr3, url: str) -> None:
    other = Lpr3(url)
    other.faults.add("http_status", {"service": "save"}, times=1, status=503)
    done = replay(recording, other.url)
    assert (done.exit_code, "+ HTTP 503 without SOAP" in done.output) == (1, True)


def test_queries_are_recorded_and_sent_again(lpr3: Lpr3, url: str, tmp_path: Path) -> None:
    file, other = tmp_path / "recorded.har", Lpr3(url)
    kind, query = asked(stored_query(), Version.SOAP12)
    with recorder(lpr3.url, file) as proxy:
        assert_stored(Client(proxy).submit([VISIT]))
        answer = Client(proxy).post("/xds/registry", {"Content-Type": kind}, query)
        kind, retrieve = asked(retrieval("document 1"), Version.SOAP12, mtom=True)
        assert Client(proxy).post("/xds/repository", {"Content-Type": kind}, retrieve).status
    assert (answer.status, answer.objects) == ("Success", 1)
    done = replay(file, other.url)
    assert (done.exit_code, "3 submissions compared" in done.output) == (0, True), done.output
    assert_stored(other.client.submit([CORRECTION]))
    assert read_recording(file.read_bytes()).exchanges[1].path.endswith("/xds/registry")


def test_a_recording_of_several_registers_is_sent_to_registers_of_the_same_names(lpr3: Lpr3, url: str, tmp_path: Path) -> None:
    first, second = Lpr3(url), Lpr3(url)
    assert_stored(first.submit(VISIT))
    assert_stored(second.submit(VISIT))
    entries = [entry for register in (first, second) for entry in register.requests.har()["log"]["entries"]]
    (tmp_path / "both.har").write_text(json.dumps({"log": {"entries": entries}}), "utf-8")
    first.reset()
    second.reset()
    assert replay(tmp_path / "both.har", url).exit_code == 0
    assert [register.stored()["documents"] for register in (first, second)] == [1, 1]


def test_requests_through_a_proxy_that_shortens_the_path_are_recorded_too() -> None:
    request = {"method": "POST", "url": "https://gateway.example/lpr/DocumentRepository_Service/X", "headers": [], "postData": {}}
    entry = {"request": request, "response": {"status": 200, "headers": [], "content": {}}}
    recording = read_recording(json.dumps({"log": {"entries": [entry]}}).encode())
    assert [exchange.path for exchange in recording.exchanges] == ["/DocumentRepository_Service/X"]
