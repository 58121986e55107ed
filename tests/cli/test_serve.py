"""``mockregister serve`` takes settings from three sources, reports a failed start in one line, and stops without loss."""

from __future__ import annotations

import json
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, time
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from gunicorn.http import errors
from tinydb import TinyDB

from mockregister.cli import gunicorn_server, main, refusals
from mockregister.cli.demo import example
from mockregister.cli.serve import run
from mockregister.client import Client, Sending, read_answer, write_request
from mockregister.mocking.seeds import Watch
from mockregister.model import ClinicalDocument
from mockregister.settings import Settings
from tests.builders import a_document
from tests.serving import PATIENCE, Running, answered, head, request, running

HERE = str(Path(__file__).parent)
SAMPLES: dict[str, tuple[str, object]] = {
    "host": ("::1", "::1"),
    "port": ("0", 0),
    "tls_cert": (__file__, Path(__file__)),
    "tls_key": (__file__, Path(__file__)),
    "tls_client_ca": (__file__, Path(__file__)),
    "threads": ("3", 3),
    "workers": ("1", 1),
    "store": ("tinydb:somewhere", "tinydb:somewhere"),
    "seed": ("demo", "demo"),
    "clock": ("2019-06-01T10:00:00Z", datetime(2019, 6, 1, 10, tzinfo=UTC)),
    "codes": ("strict", "strict"),
    "sor": (__file__, Path(__file__)),
    "authorities": (__file__, Path(__file__)),
    "producers": ("listed", "listed"),
    "profile": ("2019-01-06", date(2019, 1, 6)),
    "auth": ("headers", "headers"),
    "trust": (HERE, Path(HERE)),
    "pki": (HERE, Path(HERE)),
    "fault_codes": ("dgws", "dgws"),
    "sts_fault_status": ("200", 200),
    "validate_status": ("helpful", "helpful"),
    "fault_status": ("http", "http"),
    "edition": ("2018-09-12", "2018-09-12"),
    "rules_off": ("05.53,12.a-1", ("05.53", "12.a-1")),
    "max_body": ("4096", 4096),
    "max_elements": ("5000", 5000),
    "body_timeout": ("7", 7),
    "registers": ("listed", "listed"),
    "training": ("on", "on"),
    "max_registers": ("8", 8),
    "journal": ("9", 9),
    "journal_bytes": ("1000000", 1_000_000),
    "admin_token": ("secret", "secret"),
    "reading": ("open", "open"),
    "allowed_hosts": ("lpr3.example.com, lpr3.example.org", ("lpr3.example.com", "lpr3.example.org")),
    "log_format": ("json", "json"),
    "error_list_dir": ("lists", "lists"),
    "error_list_from": ("05:30", time(5, 30)),
    "sftp_port": ("0", 0),
    "sftp_keys": (HERE, Path(HERE)),
    "sftp_host_key": (__file__, Path(__file__)),
    "sftp_banner": ("OpenSSH", "OpenSSH"),
}
SAVE = Sending().path


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """Collect the settings with which the server would be started, without starting it."""
    seen: list[Settings] = []
    monkeypatch.setattr(gunicorn_server, "serve", lambda settings, *_: seen.append(settings))
    return seen


def run_command(*arguments: str, environment: dict[str, str] | None = None) -> tuple[int, str]:
    """Run a command in this process, and return its exit code and standard error."""
    outcome = CliRunner().invoke(main, arguments, env=environment)
    return outcome.exit_code, outcome.stderr


@pytest.mark.parametrize("name", SAMPLES)
def test_every_setting_can_be_given_as_flag_variable_or_key(name: str, served: list[Settings], tmp_path: Path) -> None:
    text, value = SAMPLES[name]
    expected = replace(Settings(), **{name: value})  # type: ignore[arg-type]
    (tmp_path / "settings.toml").write_text(f'{name} = "{text}"\n')
    run_command("serve", f"--{name.replace('_', '-')}", text)
    run_command("serve", environment={f"MOCKREGISTER_{name.upper()}": text})
    run_command("serve", "--config", str(tmp_path / "settings.toml"))
    run_command("serve", environment={"MOCKREGISTER_CONFIG": str(tmp_path / "settings.toml")})
    assert served == [expected] * 4


def test_an_unknown_variable_is_reported_at_start_and_does_not_stop_it(served: list[Settings]) -> None:
    code, line = run_command("serve", environment={"MOCKREGISTER_SED": "demo"})
    sentence = "The variable MOCKREGISTER_SED is no setting, and has no effect. Did you mean 'MOCKREGISTER_SEED'?"
    assert line == f"mockregister: {sentence}\n"
    assert (code, served) == (0, [Settings()])


def test_the_samples_of_this_module_cover_every_setting() -> None:
    assert list(SAMPLES) == list(Settings.__dataclass_fields__)


@pytest.mark.parametrize("at_terminal", [True, False])
def test_the_progress_of_loading_a_seed_is_shown_only_in_a_terminal(at_terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[ClinicalDocument] = []

    def serve(settings: Settings, when_ready: object, watch: Watch) -> None:
        with watch([a_document(), a_document()]) as documents:
            loaded.extend(documents)

    monkeypatch.setattr(gunicorn_server, "serve", serve)
    screen = StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: at_terminal)
    monkeypatch.setattr("sys.stderr", screen)
    run(Settings())
    assert "loading 2 documents" in screen.getvalue() if at_terminal else screen.getvalue() == ""
    assert len(loaded) == 2


@pytest.fixture
def occupied() -> Iterator[int]:
    """Return a port on which another socket already listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use_is_reported_in_one_line(command: str, occupied: int) -> None:
    code, line = run_command(command, "--port", str(occupied))
    assert code == 2
    assert re.fullmatch(
        rf"mockregister: Cannot listen on 127\.0\.0\.1 port {occupied}: Address already in use; set another .*\n", line
    )


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--host", "999.1.1.1"), "Cannot listen on 999.1.1.1"),
        (("--store", "tinydb:{file}"), "cannot be used: Not a directory"),
        (("--store", "tinydb:/proc/nowhere"), "cannot be used"),
        (("--codes", "{file}"), "file.csv, line 1"),
        (("--sor", "{file}"), "file.csv, line 1"),
        (("--producers", "{file}"), "file.csv, line 1"),
        (("--edition", "{file}"), "file.csv"),
        (("--rules-off", "99.99.99"), "99.99.99"),
        (("--seed", "nowhere"), "There is no seed 'nowhere'"),
        (("--config", "{folder}/none.toml"), "none.toml cannot be read"),
        (("--threads", "0"), "--threads: '0' cannot be used"),
        (("--error-list-dir", "{file}"), "file.csv"),
        (("--error-list-from", "05:00"), "--error-list-from has no effect without --error-list-dir or --sftp-port"),
        (("--sftp-keys", "{folder}"), "--sftp-keys has no effect without --sftp-port; set that, too, or leave --sftp-keys out"),
        (("--sftp-host-key", "{file}"), "--sftp-host-key has no effect without --sftp-port"),
        (("--sftp-banner", "OpenSSH"), "--sftp-banner has no effect without --sftp-port"),
        (("--sts-fault-status", "200"), "--sts-fault-status has no effect without --pki"),
        (("--fault-codes", "dgws"), "--fault-codes has no effect without --auth"),
        (("--trust", "{folder}"), "--trust has no effect without --auth signed"),
        (("--tls-key", "{file}"), "set --tls-cert"),
    ],
)
def test_a_setting_that_prevents_the_start_is_reported_in_one_line(flags: tuple[str, str], words: str, tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    file.write_text("a,b\n1,2\n")
    name, value = flags
    code, line = run_command("serve", "--port", "0", name, value.format(file=file, folder=tmp_path))
    assert code == 2
    assert line.startswith("mockregister: ")
    assert line.count("\n") == 1
    assert words in line


@pytest.mark.parametrize(("host", "url"), [("127.0.0.1", r"http://127\.0\.0\.1:\d+"), ("::1", r"http://\[::1\]:\d+")])
def test_the_printed_address_is_a_valid_url(host: str, url: str) -> None:
    if host == "::1" and not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    with gunicorn_server.listen(host, 0) as listener:
        assert re.fullmatch(url, gunicorn_server.base_url(listener))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.InvalidRequestLine("x"), 400),
        (errors.InvalidRequestMethod("x"), 400),
        (errors.InvalidHTTPVersion("x"), 505),
        (errors.InvalidHeader("x"), 400),
        (errors.InvalidHeaderName("x"), 400),
        (errors.LimitRequestLine(1, 1), 414),
        (errors.LimitRequestHeaders("x"), 431),
        (errors.UnsupportedTransferCoding("x"), 501),
        (RuntimeError("x"), 500),
    ],
)
def test_an_unreadable_request_is_answered_with_a_status_and_a_sentence(error: Exception, status: int) -> None:
    found, sentence = refusals.refusal(error)
    assert found == status
    assert re.fullmatch(r"[A-Z][^\n]+\.", sentence)


def test_clients_that_keep_their_connection_open_do_not_delay_others(server: Running) -> None:
    with ExitStack() as lingering:
        for _ in range(PATIENCE // 2 + 1):  # gunicorn waits two seconds for each of them
            connection = lingering.enter_context(server.connect())
            connection.sendall(head("/livez", "Connection: close", method="GET"))
            assert answered(connection).status == 200
        assert server.send(head("/livez", "Connection: close", method="GET")).status == 200


def submission() -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of a request with the example."""
    return write_request([example()], Sending())


def test_a_request_that_has_begun_is_finished_before_the_server_stops(tmp_path: Path) -> None:
    headers, body = submission()
    with running("--store", f"tinydb:{tmp_path}") as server, server.connect() as slow:
        slow.sendall(request(SAVE, headers, body)[:-100])
        assert server.send(head("/livez", "Connection: close", method="GET")).status == 200  # the slow one is being read now
        server.process.send_signal(signal.SIGTERM)
        slow.sendall(body[-100:])
        answer = answered(slow)
        assert read_answer(answer.status, answer.headers, answer.body).status == "Success"
        assert server.process.wait(PATIENCE) == 0
    with TinyDB(tmp_path / "default" / "register.json") as kept:
        assert len(kept.table("documents")) == 1


def test_a_waiting_admin_request_does_not_keep_the_server_from_stopping() -> None:
    body = b'{"count": 9, "timeout": 300}'
    with running() as server, server.connect() as waiting:
        waiting.sendall(head("/__admin/requests/wait", f"Content-Length: {len(body)}", "Connection: close") + body)
        assert server.send(head("/livez", "Connection: close", method="GET")).status == 200
        server.process.send_signal(signal.SIGTERM)
        assert json.loads(answered(waiting).body)["matched"] is False
        assert server.process.wait(PATIENCE) == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_stored_documents_survive_every_kind_of_end(how: signal.Signals, tmp_path: Path) -> None:
    with running("--store", f"tinydb:{tmp_path}") as server:
        assert Client(server.url).submit([example()]).status == "Success"
        before = server.stored
        server.end(how)
    with running("--store", f"tinydb:{tmp_path}") as again:
        assert again.stored == before
        assert [finding.code for finding in Client(again.url).submit([example()]).findings] == [
            "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT"
        ]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run a server whose store is in a folder of its own."""
    with running("--store", f"tinydb:{tmp_path_factory.mktemp('store')}") as found:
        yield found


def test_a_server_on_port_0_prints_the_free_port_that_it_uses(server: Running) -> None:
    assert not server.url.endswith(":0")
    assert server.send(head("/readyz", "Connection: close", method="GET")).status == 200


def test_a_folder_that_another_process_uses_is_reported_in_one_line(server: Running) -> None:
    folder = server.process.args[-1]  # type: ignore[index]
    code, line = run_command("serve", "--port", "0", "--store", str(folder))
    assert code == 2
    assert re.fullmatch(r"mockregister: Another process keeps its register in .*\n", line)


@pytest.mark.parametrize(("path", "status"), [("/cda-ws/nowhere", 500), ("/nowhere", 404)])
@pytest.mark.parametrize("length", ["Content-Length: 9000000", "Transfer-Encoding: chunked"])
def test_a_client_that_sends_much_to_an_unknown_path_can_read_the_answer(
    server: Running, path: str, status: int, length: str
) -> None:
    content = b"%x\r\n%b\r\n0\r\n\r\n" % (9_000_000, bytes(9_000_000)) if "chunked" in length else bytes(9_000_000)
    assert server.send(head(path, length, "Connection: close"), content).status == status


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"hello\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"get /livez HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /livez HTTP/9.9\r\nHost: x\r\n\r\n", 505),
        (b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /" + b"a" * 10_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET /livez HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        (b"GET /livez HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", 400),
        (b"GET /livez HTTP/1.1\r\nHost: x\r\nA b: c\r\n\r\n", 400),
        (b"GET /livez HTTP/1.1\r\nHost: x\r\nA: b\x00\r\n\r\n", 400),
        (head("/livez", f"A: {'a' * 10_000}"), 431),
        (head("/livez", *(f"A-{number}: a" for number in range(200))), 431),
        (head(SAVE, "Content-Length: -1"), 400),
        (head(SAVE, "Content-Length: ten"), 400),
        (head(SAVE, "Content-Length: 1", "Content-Length: 2"), 400),
        (head(SAVE, "Content-Length: 1", "Transfer-Encoding: chunked"), 400),
        (head(SAVE, "Transfer-Encoding: sorcery"), 501),
        (head(SAVE, "Expect: the unexpected", "Content-Length: 0"), 417),
    ],
)
def test_invalid_http_is_answered_with_a_problem(server: Running, sent: bytes, status: int) -> None:
    answer = server.send(sent)
    assert (answer.status, answer.kind) == (status, "application/problem+json")
    assert re.fullmatch(r"[A-Z][^\n]+\.", answer.detail)
