"""Fast and slow clients are served at the same time, over real sockets."""

from __future__ import annotations

import socket
import struct
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import repeat
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from threading import Event, Semaphore, Thread
from typing import TYPE_CHECKING, Any

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger
from packaging.requirements import Requirement

from mockregister.cli import gunicorn_server
from mockregister.cli.connection import CHUNK, Connection, ConnectionStage, Patience
from mockregister.cli.gunicorn_worker import Worker
from mockregister.errors import SettingError
from mockregister.settings import Settings
from tests.serving import PATIENCE, Client, Running, answered, head, running

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SLOW = 200  # more clients than threads; waiting for them in turn would exceed the time limit of a test
LONG = Patience(body=PATIENCE, max_body=1000, head=PATIENCE, idle=PATIENCE, send=PATIENCE, linger=PATIENCE, drain=PATIENCE)
LARGE = bytes(20_000_000)  # more than fits the buffers of a socket


def test_gunicorn_is_the_version_that_was_tested() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    allowed = next(found for found in map(Requirement, project["dependencies"]) if found.name == "gunicorn")
    assert str(allowed.specifier) == "<27.1,>=27.0.1"  # the worker uses parts that gunicorn does not document: test, then change
    assert version("gunicorn") in allowed.specifier


def test_the_error_for_a_machine_without_a_writable_folder_names_tmpdir(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gunicorn_server, "MEMORY", "/nowhere")
    monkeypatch.setattr(gunicorn_server, "gettempdir", lambda: (_ for _ in ()).throw(FileNotFoundError))
    with pytest.raises(SettingError, match="TMPDIR"):
        gunicorn_server.configured(Settings(), lambda worker: None)


def slow_head(server: Running) -> socket.socket:
    client = server.connect()
    client.sendall(b"POST /cda-ws/anything HTTP/1.1\r\nHost: x\r\n")
    return client


def slow_body(server: Running) -> socket.socket:
    client = server.connect()
    client.sendall(head("/cda-ws/anything", "Content-Length: 20000") + bytes(10_000))
    return client


def takes_nothing(server: Running) -> socket.socket:
    client = server.connect()
    client.sendall(head("/api/v1/docs/swagger-ui-bundle.js", method="GET") * 5)
    return client


@pytest.mark.parametrize("slow", [slow_head, slow_body, takes_nothing])
def test_slow_clients_do_not_delay_others(slow: Callable[[Running], socket.socket]) -> None:
    with running("--threads", "1") as server, ExitStack() as others:
        for _ in range(SLOW):
            others.enter_context(slow(server))
        with server.connect() as client:
            client.sendall(head("/livez", method="GET"))
            assert answered(client).status == 200


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with the path and the body."""
    body = environ["wsgi.input"].read()
    path = environ["PATH_INFO"]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [LARGE] if path == "/large" else [path.encode(), b" ", body]


@dataclass
class RunningWorker:
    """A worker that runs in a thread. A call connects to it."""

    worker: Any
    address: tuple[str, int]

    def __call__(self) -> Client:
        return Client(self.address)

    def has_taken(self, client: socket.socket, stage: ConnectionStage) -> None:
        """Wait until the client's connection has reached a stage. The worker measures slowness from then on."""
        while not any(each.peer == client.getsockname() and each.stage is stage for each in set(self.worker._connections)):
            Event().wait(0.001)


@contextmanager
def serving(
    application: WSGIApplication = echo,
    patience: Patience = LONG,
    connections: int = 100,
    context: SSLContext | None = None,
    before: Callable[[tuple[str, int]], None] = lambda address: None,
) -> Iterator[RunningWorker]:
    """Run a worker in a thread until the block ends. ``before`` is called while the port is open and nothing is read yet."""
    config = Config()
    for name, value in {"threads": 2, "worker_connections": connections, "loglevel": "critical"}.items():
        config.set(name, value)
    with gunicorn_server.listen("127.0.0.1", 0) as listener:
        served = gunicorn_server.Served(application, patience, lambda: None, context)
        worker = Worker(1, gunicorn_server.ALONE, [listener], served, 0, config, Logger(config))
        worker.load_wsgi()
        thread = Thread(target=worker.run)
        address = listener.getsockname()
        before(address)
        thread.start()
        try:
            yield RunningWorker(worker, address)
        finally:
            worker.handle_exit(0, None)
            thread.join(PATIENCE)
            assert not thread.is_alive()
            worker.tmp.close()


def was_hung_up(client: socket.socket) -> bool:
    """Wait for the next bytes or the end of the connection. Return True if it is the end."""
    try:
        return client.recv(1000) == b""
    except ConnectionResetError:
        return True


def test_the_oldest_slow_connection_is_closed_when_there_are_too_many() -> None:
    with serving(connections=3) as connect, ExitStack() as stack:
        oldest, younger, youngest = (stack.enter_context(connect()) for _ in range(3))
        for client in (oldest, younger, youngest):
            client.sendall(b"GET")
            connect.has_taken(client, ConnectionStage.HEAD)
        newcomer = stack.enter_context(connect())
        newcomer.sendall(head("/newcomer", method="GET"))
        assert answered(newcomer).body == b"/newcomer "
        assert was_hung_up(oldest)
        for client in (younger, youngest):
            client.sendall(b" /patient HTTP/1.1\r\nHost: x\r\n\r\n")
            assert answered(client).body == b"/patient "


def test_closing_a_connection_at_the_moment_in_which_it_sends_affects_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    is_held, go = Event(), Event()

    def hold() -> None:
        is_held.set()
        go.wait(PATIENCE)

    with serving(connections=1) as connect, connect() as slow:
        slow.sendall(b"GET")
        monkeypatch.setattr(connect.worker, "notify", hold)  # the loop calls it now and then
        assert is_held.wait(PATIENCE)
        with connect() as newcomer:
            slow.sendall(b" /slow")
            go.set()
            newcomer.sendall(head("/newcomer", method="GET"))
            assert answered(newcomer).body == b"/newcomer "
        assert was_hung_up(slow)


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1"])
def test_a_connection_that_is_reset_before_tls_begins_affects_no_other(sent: bytes) -> None:
    def reset(address: tuple[str, int]) -> None:
        with Client(address) as gone:
            gone.sendall(sent)
            gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with serving(context=SSLContext(PROTOCOL_TLS_SERVER), before=reset) as connect, connect() as client:
        client.sendall(head("/plain", method="GET"))
        assert answered(client).status == 400


def test_the_oldest_slow_request_is_closed_when_all_bodies_together_are_too_large() -> None:
    with serving() as connect, ExitStack() as stack:
        clients = [stack.enter_context(connect()) for _ in range(6)]
        for client in clients:
            client.sendall(head("/slow", "Content-Length: 1000") + bytes(900))
            connect.has_taken(client, ConnectionStage.BODY)
        assert was_hung_up(clients[0])
        clients[-1].sendall(bytes(100))
        assert answered(clients[-1]).status == 200


@pytest.mark.parametrize(
    ("stage", "sent"),
    [
        ("head", b""),
        ("head", b"GET / HTTP/1.1\r\n"),
        ("linger", head("/closed", "Connection: close", method="GET")),
        ("idle", head("/kept", method="GET")),
    ],
)
def test_a_connection_on_which_nothing_comes_is_closed(stage: str, sent: bytes) -> None:
    with serving(patience=replace(LONG, **{stage: 0.0})) as connect, connect() as client:
        client.sendall(sent)
        assert any(was_hung_up(client) for _ in repeat(None))


def test_the_connection_is_closed_if_the_client_does_not_read_the_answer() -> None:
    with serving(patience=replace(LONG, send=0.0)) as connect, connect() as client:
        client.sendall(head("/large", method="GET"))
        assert client.recv(1)
        while connect.worker._connections:
            Event().wait(0.01)
        with suppress(ConnectionResetError):
            assert len(b"".join(iter(lambda: client.recv(1_000_000), b""))) < len(LARGE)


def test_livez_is_answered_while_every_thread_is_busy() -> None:
    begun, done = Semaphore(0), Event()

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/busy":
            begun.release()
            done.wait(PATIENCE)
        return echo(environ, start_response)

    with serving(application) as connect, ExitStack() as busy:
        for _ in range(3):  # one client more than there are threads
            busy.enter_context(client := connect())
            client.sendall(head("/busy", method="GET"))
        assert all(begun.acquire(timeout=PATIENCE) for _ in range(2))
        with connect() as client:
            client.sendall(head("/livez", method="GET"))
            assert answered(client).status == 200
        done.set()


def test_the_application_gets_a_timeout_error_if_the_body_comes_too_late() -> None:
    told: list[type] = []

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            environ["wsgi.input"].read()
        except TimeoutError as error:
            told.append(type(error))
        start_response("408 Request Timeout", [("Content-Length", "0")])
        return []

    with serving(application, replace(LONG, body=0.0)) as connect, connect() as client:
        client.sendall(head("/late", "Content-Length: 10") + b"12345")
        assert answered(client).headers["connection"] == "close"
    assert told == [TimeoutError]


def test_a_slowly_arriving_body_does_not_extend_the_time_limit() -> None:
    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with pytest.raises(TimeoutError):
            environ["wsgi.input"].read()
        start_response("408 Request Timeout", [("Content-Length", "0")])
        return []

    def trickle() -> None:
        with suppress(OSError):
            while not done.wait(0.01):
                client.sendall(b"x")

    done = Event()
    with serving(application, replace(LONG, body=0.0)) as connect, connect() as client:
        client.sendall(head("/late", "Content-Length: 1000"))
        thread = Thread(target=trickle)
        thread.start()
        assert answered(client).status == 408
        done.set()
        thread.join()


def test_pipelined_requests_are_answered_in_order() -> None:
    chunked = head("/second", "Transfer-Encoding: chunked") + b"3\r\nabc\r\n0\r\n\r\n"
    with serving() as connect, connect() as client:
        third = head("/third", "Connection: close", method="GET")
        client.sendall(head("/first", "Content-Length: 2") + b"ab" + chunked + third)
        assert [answered(client).body for _ in range(3)] == [b"/first ab", b"/second abc", b"/third "]
        assert was_hung_up(client)


def test_a_request_that_comes_byte_by_byte_is_read_as_one_request() -> None:
    whole = b"\r\n" + head("/pieces", "Transfer-Encoding: chunked") + b"3\r\nabc\r\n1;x=y\r\nd\r\n0\r\nA: b\r\n\r\n"
    with serving() as connect, connect() as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        for place in range(len(whole)):
            client.sendall(whole[place : place + 1])
        assert answered(client).body == b"/pieces abcd"


def test_a_client_that_speaks_tls_to_a_plain_port_is_refused_at_once() -> None:
    with serving() as connect, connect() as client:
        client.sendall(b"\x16\x03\x01\x00\xa5" + b"\n" * 160)  # the random bytes of a TLS greeting may have any value
        answer = answered(client)
        assert (answer.status, answer.detail) == (400, "This is not an HTTP request.")
        assert was_hung_up(client)


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\nHost: lpr3.test\n\n",
        b"GET / HTTP/1.1\r\nHost: lpr3.test\nAccept: */*\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: lpr3.test\r\nContent-Length: 1\r\n\nx",
    ],
)
def test_a_head_with_a_line_that_ends_with_lf_alone_is_refused_at_once(sent: bytes) -> None:
    with serving() as connect, connect() as client:
        client.sendall(sent)
        answer = answered(client)
        assert answer.status == 400
        assert b"end each line with CR LF" in answer.body
        assert was_hung_up(client)


def test_a_body_may_have_lines_that_end_with_lf_alone() -> None:
    with serving() as connect, connect() as client:
        client.sendall(head("/text", "Content-Length: 4") + b"a\n\nb")
        assert answered(client).body == b"/text a\n\nb"


def test_head_and_small_body_are_one_packet_and_a_large_body_is_not_copied() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        connection = Connection(Config(), ours, "", Patience(body=1, max_body=1))
        for body in (b"small", bytes(CHUNK)):
            with connection.together():
                connection.sendall(b"head ")
                connection.sendall(body)
        connection.sendall(b"alone")
        assert [len(theirs.recv(2 * CHUNK)) for _ in range(4)] == [10, 5, CHUNK, 5]


def test_a_client_that_expects_100_continue_gets_it_once() -> None:
    with serving() as connect, connect() as client:
        client.sendall(head("/careful", "Expect: 100-continue", "Content-Length: 2"))
        expected = b"HTTP/1.1 100 Continue\r\n\r\n"
        assert client.recv(len(expected)) == expected
        client.sendall(b"ab")
        assert client.recv(12) == b"HTTP/1.1 200"


@pytest.mark.parametrize(
    "sent",
    [
        head("/announced", "Content-Length: 100000000"),
        head("/chunked", "Transfer-Encoding: chunked") + (b"1000\r\n" + bytes(4096) + b"\r\n") * 2,
    ],
)
def test_a_body_over_the_limit_is_refused_before_all_of_it_is_sent(sent: bytes) -> None:
    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("413 Content Too Large", [("Content-Length", "0")])
        return []

    with serving(application) as connect, connect() as client:
        client.sendall(sent)
        assert answered(client).status == 413
        client.sendall(bytes(100_000))  # the server still reads it, as a sender may be in the middle of sending


def test_a_body_in_very_many_tiny_chunks_is_refused() -> None:
    roomy = replace(LONG, max_body=10_000_000)
    with serving(patience=roomy) as connect, connect() as client:
        client.sendall(head("/flood", "Transfer-Encoding: chunked") + b"1\r\na\r\n" * 20_000)
        assert answered(client).headers["connection"] == "close"


def test_a_client_that_half_closes_its_connection_is_still_answered() -> None:
    with serving() as connect, connect() as client:
        client.sendall(head("/half-closed", method="GET"))
        client.shutdown(socket.SHUT_WR)
        assert answered(client).body == b"/half-closed "


def test_an_error_outside_of_the_application_is_answered_as_a_problem() -> None:
    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise ValueError("broken")

    with serving(application) as connect, connect() as client:
        client.sendall(head("/", method="GET"))
        answer = answered(client)
        assert (answer.status, answer.kind) == (500, "application/problem+json")


def test_everything_that_was_sent_before_a_connection_is_cut_arrives() -> None:
    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", str(len(LARGE)))])
        yield LARGE[:-1]
        environ["gunicorn.socket"].shutdown(socket.SHUT_RDWR)
        yield LARGE[-1:]

    with serving(application) as connect, connect() as client:
        client.sendall(head("/", method="GET"))
        taken = b"".join(iter(lambda: client.recv(1_000_000), b""))
        assert len(taken.partition(b"\r\n\r\n")[2]) == len(LARGE) - 1


def test_a_client_that_hangs_up_before_its_answer_affects_no_other() -> None:
    go = Event()

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        go.wait(PATIENCE)
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    with serving(application) as connect:
        with connect() as client:
            client.sendall(head("/gone", method="GET"))
        go.set()
        with connect() as client:
            client.sendall(head("/there", method="GET"))
            assert answered(client).body == b"ok"
