"""gunicorn's threaded worker as a library: one process with threads.

One process, because the register's memory, its patient locks and the TinyDB folder live in one; threads, because a slow
sender must not keep the others waiting. gunicorn's master is left out: it is there to replace a worker that ended, and
a register that came back without what it was told would be worse than one that is down.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http import errors
from gunicorn.util import close_graceful
from gunicorn.workers.gthread import TConn, ThreadWorker

from mockregister.errors import SettingError
from mockregister.mocking.seeds import Watch
from mockregister.mocking.standing import ROOM
from mockregister.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

    from mockregister.mocking.registers import Registers

log = logging.getLogger(__name__)

LOOK_FOR_GARBAGE_AFTER = (10_000, 20, 20)  # what a submission makes goes by itself; Python's own 700 look after each, in vain
BACKLOG = 1024  # connections that wait while all threads are at work
MEMORY = "/dev/shm"
HEAD_SECONDS = 10.0  # for a request's head to arrive; its body has a setting
LAST_SECONDS = 0.5  # the same, and for a connection that is kept alive, once told to stop
SEND_SECONDS = 30  # for the next bytes of an answer to be taken
SLOW = 128  # threads for those who send, take and hang up slowly, so that they do not keep out the others
REFUSALS: dict[type[Exception], tuple[HTTPStatus, str]] = {
    errors.LimitRequestLine: (HTTPStatus.REQUEST_URI_TOO_LONG, "The request line is too long."),
    errors.LimitRequestHeaders: (
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        "There are too many header fields, or one is too long; send at most 100 of at most 8190 bytes.",
    ),
    errors.InvalidHTTPVersion: (HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "Speak HTTP/1.1 or HTTP/1.0."),
    errors.InvalidHeader: (HTTPStatus.BAD_REQUEST, "A header field has a value that cannot be, or comes twice."),
    errors.InvalidHeaderName: (HTTPStatus.BAD_REQUEST, "A header field has a name that cannot be."),
    errors.ObsoleteFolding: (HTTPStatus.BAD_REQUEST, "A header field goes on in the next line; write it in one."),
    errors.ExpectationFailed: (HTTPStatus.EXPECTATION_FAILED, "Expect nothing but 100-continue."),
    errors.InvalidRequestMethod: (HTTPStatus.BAD_REQUEST, "The method is none; it is written in capital letters."),
    errors.InvalidSchemeHeaders: (HTTPStatus.BAD_REQUEST, "The header fields of the proxies contradict each other."),
    errors.UnsupportedTransferCoding: (HTTPStatus.NOT_IMPLEMENTED, "Use no Transfer-Encoding but chunked."),
}
NO_REQUEST = (HTTPStatus.BAD_REQUEST, "This is no HTTP request.")
BROKEN = (HTTPStatus.INTERNAL_SERVER_ERROR, "Something broke in the mock; its log tells more.")


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker without a master; ``app`` is the WSGI application itself."""

    def __init__(self, *args: Any, when_told_to_stop: Callable[[], None] = lambda: None) -> None:
        super().__init__(*args)
        self._when_told_to_stop = when_told_to_stop
        self._awaited: dict[TConn, float] = {}

    def handle(self, conn: TConn) -> Any:
        """One request, whose head is awaited for a while and not for ever.

        The connection is closed here, too: gunicorn would wait in its main thread, where nobody else is heard meanwhile,
        for the other side to close it as well.
        """
        self._awaited[conn] = monotonic()
        try:
            kept = super().handle(conn)
        finally:
            self._awaited.pop(conn, None)
        if not kept:
            close_graceful(conn.sock)
        return kept

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """One request whose head has arrived; False, as ever, where the connection is to be closed."""
        self._awaited.pop(conn, None)
        try:
            return super().handle_request(req, conn)
        except BlockingIOError:
            log.info("nobody took the answer to %s %s for %s seconds", req.method, req.path, SEND_SECONDS)
            return False

    def finish_request(self, conn: TConn, fs: Any) -> None:
        """What follows a request: nothing, where the connection was closed."""
        if conn.sock.fileno() < 0:
            self.nr_conns -= 1
        else:
            super().finish_request(conn, fs)

    def notify(self) -> None:
        """Called once a second: the master is not there to hear it, but slow senders are there to be hung up on."""
        late = monotonic() - (HEAD_SECONDS if self.alive else LAST_SECONDS)
        for conn in [conn for conn, since in self._awaited.copy().items() if since < late]:
            with suppress(OSError):
                conn.sock.shutdown(socket.SHUT_RD)

    def _cap_keepalive(self, deadline: float) -> None:
        """Called when told to stop: who has asked for nothing yet may still do so, but at once."""
        soon = min(deadline, monotonic() + LAST_SECONDS)
        for conn in (*self.keepalived_conns, *self.pending_conns):
            conn.timeout = min(conn.timeout, soon)

    def load_wsgi(self) -> None:
        """Nothing is loaded: the application is there already."""
        self.wsgi = self.app

    def is_parent_alive(self) -> bool:
        """There is no master to follow: whoever started this process may go."""
        return True

    def handle_exit(self, sig: int, frame: object) -> None:
        """SIGTERM finishes what is in flight, and ends what only waits."""
        if self.alive:
            Thread(target=self._when_told_to_stop, daemon=True).start()  # a signal handler must not wait for a lock
        super().handle_exit(sig, frame)

    def handle_quit(self, sig: int, frame: object) -> None:
        """SIGINT and SIGQUIT do as SIGTERM does; a second one waits for nothing."""
        if not self.alive:
            os._exit(1)
        self.handle_exit(sig, frame)

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Answer what never became a request, as a problem and not as gunicorn's HTML page."""
        status, sentence = refusal(exc)
        if status is HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("a request broke outside of the application: %s", exc, exc_info=exc)
        try:
            client.sendall(problem(status, sentence))
        except OSError:
            log.info("nobody waited to be told: %s", sentence)


def refusal(error: Exception) -> tuple[HTTPStatus, str]:
    """The HTTP status and the sentence for what gunicorn could not read as a request."""
    known = (REFUSALS[kind] for kind in type(error).__mro__ if kind in REFUSALS)
    return next(known, NO_REQUEST if isinstance(error, errors.ParseException) else BROKEN)


def problem(status: HTTPStatus, sentence: str) -> bytes:
    """A whole HTTP answer that ends the connection (RFC 9457)."""
    body = json.dumps({"type": "about:blank", "title": status.phrase, "status": status.value, "detail": sentence}).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Content-Type: application/problem+json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    return "\r\n".join((*head, "", "")).encode() + body


def serve(settings: Settings, when_ready: Callable[[str], None], watch: Watch) -> None:
    """Serve until SIGTERM, finish what is in flight, end the process.

    ``when_ready`` is told the base URL once requests are taken, ``watch`` shows how far a seed is loaded. Raises SettingError and
    StoreError where it cannot start.
    """
    with listen(settings.host, settings.port) as listener:
        with _nothing_is_garbage():
            application = _made(settings, watch)
        registers: Registers = application.extensions["mockregister"]
        config = configured(settings, lambda worker: when_ready(base_url(listener)))
        usual = (1, os.getppid(), [listener], application.wsgi_app, config.timeout, config, Logger(config))
        Worker(*usual, when_told_to_stop=registers.dismiss).init_process()
    registers.close()
    logging.shutdown()
    os._exit(0)  # a thread that did not come to its end in time is not waited for


def _made(settings: Settings, watch: Watch) -> Flask:
    from mockregister.app import create_app
    from mockregister.web.logging import configure

    configure(settings.log_format)
    return create_app(settings, watch)


@contextmanager
def _nothing_is_garbage() -> Iterator[None]:
    """What a start makes stays for good: to look for garbage in it takes a fifth of the start, and of every later look."""
    gc.disable()
    try:
        yield
        gc.freeze()
        gc.set_threshold(*LOOK_FOR_GARBAGE_AFTER)
    finally:
        gc.enable()


def configured(settings: Settings, ready: Callable[[Worker], None]) -> Config:
    """Our settings as gunicorn's."""
    config = Config()
    options = {
        "threads": settings.threads + ROOM + SLOW,  # those that wait on purpose never hold the last one
        "graceful_timeout": 30,
        "keepalive": 5,
        "loglevel": "error",
        "post_worker_init": ready,
        "worker_tmp_dir": MEMORY if os.path.isdir(MEMORY) else None,  # of no use here, but it wants one that can be written
    }
    for name, value in options.items():
        config.set(name, value)
    return config


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises SettingError where it cannot."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        why = (error.strerror or str(error)).split(" (")[0]
        raise SettingError(f"Cannot listen on {host} port {port}: {why}; set another --host or --port.") from error
    # for its connections: an answer goes out at once, and a thread does not wait for ever for it to be taken
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", SEND_SECONDS, 0))
    return listener


def base_url(listener: socket.socket) -> str:
    """Where the socket is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
