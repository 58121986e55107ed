"""A gunicorn worker for slow and fast senders: one loop for all connections, and a thread only for a complete request.

A slow head, a slow body or a client that does not read its answer holds a connection but no thread. If there are too many of
them, the connection that has been slow for longest is closed.

The worker extends ``gunicorn.workers.base.Worker``, which gunicorn documents for custom workers, and uses gunicorn's parser of
requests and writer of answers, as gunicorn's own workers do. Those two are not documented, so ``pyproject.toml`` names the
versions of gunicorn that were tested. gunicorn's threaded worker gives a thread to every client that has sent one byte, and only
its private methods could be overridden to change that. This worker runs below gunicorn's master, or alone with 0 as its parent.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from threading import Thread
from time import monotonic, sleep
from typing import Any

from gunicorn.http import errors, wsgi
from gunicorn.workers import base

from mockregister.cli.connection import CHUNK, Connection, ConnectionStage
from mockregister.cli.encrypted import Encrypted
from mockregister.cli.refusals import BROKEN, problem, refusal
from mockregister.cli.threads import Threads
from mockregister.turns import computing

log = logging.getLogger(__name__)

LOOKS_EVERY = 0.25  # seconds between checks for late senders
LAST_SECONDS = 0.5  # after the signal to stop, for connections that have no complete request
LIVES = "/livez"  # for liveness probes: it does not wait for other requests
BODIES_HELD = 4  # times the largest body: the most bytes of slow requests and answers that are kept in memory
AWAITED = {
    ConnectionStage.IDLE: EVENT_READ,
    ConnectionStage.HEAD: EVENT_READ,
    ConnectionStage.BODY: EVENT_READ,
    ConnectionStage.LINGERING: EVENT_READ,
    ConnectionStage.SENDING: EVENT_WRITE,
}


class Worker(base.Worker):  # type: ignore[misc]
    """Serves ``app``: ``wsgi()`` returns the application, ``patience`` limits slow senders, ``dismiss()`` wakes waiting calls.

    ``context`` is the TLS context, None without TLS.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.alive: bool
        self._connections: set[Connection] = set()
        self._answered: SimpleQueue[Connection] = SimpleQueue()
        self._looked = 0.0
        self._ear, self._bell = socket.socketpair()  # a byte at the bell wakes the loop, which listens at the ear
        self._bell.setblocking(False)

    def run(self) -> None:
        """Serve until a signal to stop, then finish the requests that have begun."""
        self._threads = Threads(self.cfg.threads, "answering", self._ring)
        self._at_once = Threads(1, "answering-at-once", self._ring)
        with self._ear, self._bell, DefaultSelector() as self._poller:
            self._poller.register(self._ear, EVENT_READ, partial(self._hear, self._ear))
            for listener in self.sockets:
                listener.setblocking(False)
                self._poller.register(listener, EVENT_READ, partial(self._accept, listener))
            while self.alive and self.ppid in (0, os.getppid()):
                self._turn()
            self.alive = False
            self._finish()

    def handle_exit(self, sig: int, frame: object) -> None:
        """On SIGTERM, finish open requests and end waiting ones."""
        if self.alive:
            self.alive = False
            Thread(target=self.app.dismiss, daemon=True).start()  # a signal handler must not wait for a lock
            self._ring()

    def handle_quit(self, sig: int, frame: object) -> None:
        """On SIGINT and SIGQUIT, do the same as on SIGTERM; on a second one, stop at once."""
        if not self.alive:
            os._exit(1)
        self.handle_exit(sig, frame)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer an unreadable request with a problem instead of gunicorn's HTML page."""
        status, sentence = refusal(exc)
        if (status, sentence) == BROKEN:
            log.error("a request broke outside of the application: %s", exc, exc_info=exc)
        client.sendall(problem(status, sentence))

    def _turn(self) -> None:
        """Wait a moment for events and handle them; end connections that are late or hold too many bytes."""
        ready, waiting = self._poller.select(LOOKS_EVERY), self._poller.get_map()
        for key, _ in ready:
            if waiting.get(key.fd) is key:  # an earlier event of this turn may have ended it
                key.data()
        if monotonic() - self._looked > LOOKS_EVERY:
            self._looked = monotonic()
            self.notify()
            self._look_at_the_late()
            most = BODIES_HELD * self.app.patience.max_body
            self._make_room(lambda: sum(each.held for each in self._slow()) > most)

    def _finish(self) -> None:
        for listener in self.sockets:
            self._poller.unregister(listener)
            listener.close()
        soon, last = monotonic() + LAST_SECONDS, monotonic() + self.cfg.graceful_timeout
        for connection in self._connections:
            if connection.stage in (ConnectionStage.IDLE, ConnectionStage.HEAD, ConnectionStage.LINGERING):
                connection.due = min(connection.due, soon)
        while self._connections and monotonic() < last:
            self._turn()
        for connection in self._connections:
            connection.close()
        self._threads.stop()
        self._at_once.stop()

    def _accept(self, listener: socket.socket) -> None:
        self._make_room(lambda: len(self._connections) >= self.cfg.worker_connections)
        try:
            sock, peer = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # another worker was faster, or the other side has hung up
        except OSError as error:
            log.warning("no more connections can be taken: %s", error.strerror)
            self._end_the_slowest()
            sleep(0.01)
            return
        try:
            secured = sock if self.app.context is None else Encrypted(sock, self.app.context)
        except OSError:
            return  # the other side has hung up before TLS began
        connection = Connection(self.cfg, secured, peer, self.app.patience)
        self._connections.add(connection)
        self._settle(connection)

    def _flush(self, connection: Connection) -> None:
        connection.flush()
        if not connection.is_sending:
            self._step(connection, connection.proceed)

    def _step(self, connection: Connection, step: Callable[[], None]) -> None:
        """Run a step that may complete the head of a request, which may be invalid."""
        try:
            step()
        except errors.NoMoreData:
            connection.stage = ConnectionStage.OVER
        except Exception as error:
            self.handle_error(None, connection, connection.peer, error)
            connection.refuse()
        self._settle(connection)

    def _settle(self, connection: Connection) -> None:
        """Register the connection for the event that it now waits for."""
        if connection.stage is ConnectionStage.WHOLE:
            connection.stage = ConnectionStage.ANSWERING
            threads = self._at_once if connection.request.path.endswith(LIVES) else self._threads
            threads.submit(partial(self._answer, connection))
        events = AWAITED.get(connection.stage, 0)
        is_known = connection.sock in self._poller.get_map()
        if is_known:
            self._poller.unregister(connection.sock)
        if events:
            read, write = partial(self._step, connection, connection.receive), partial(self._flush, connection)
            self._poller.register(connection.sock, events, read if events == EVENT_READ else write)
        if connection.stage is ConnectionStage.OVER:
            self._connections.discard(connection)
            connection.close()

    def _answer(self, connection: Connection) -> None:
        """Answer one request, in its own thread."""
        try:
            with computing():
                connection.keeps = self._respond(connection)
        except Exception as error:
            connection.keeps = False
            if connection.has_answered:
                log.error("an answer broke off: %s", error, exc_info=error)
            else:
                self.handle_error(connection.request, connection, connection.peer, error)
        self._answered.put(connection)

    def _respond(self, connection: Connection) -> bool:
        """Let the application answer; return whether the connection may be used again."""
        response, environ = wsgi.create(connection.request, connection, connection.peer, connection.name, self.cfg)
        environ["wsgi.multithread"] = True
        environ["wsgi.file_wrapper"] = lambda file, size: wsgi.FileWrapper(file, max(size, CHUNK))
        if not self.alive or connection.is_incomplete:
            response.force_close()
        pieces: Iterable[bytes] = self.wsgi(environ, response.start_response)
        try:
            for piece in pieces:
                with connection.together():
                    response.write(piece)
            response.close()
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
        return not response.should_close()

    def _ring(self) -> None:
        with suppress(OSError):  # it is signalled already, or nobody listens
            self._bell.send(b"!")

    def _hear(self, ear: socket.socket) -> None:
        ear.recv(4096)
        with suppress(Empty):
            while True:
                connection = self._answered.get_nowait()
                self._step(connection, connection.proceed)

    def _slow(self) -> list[Connection]:
        """Return the connections that wait for the other side, not for a thread."""
        return [each for each in self._connections if each.stage in AWAITED]

    def _look_at_the_late(self) -> None:
        now = monotonic()
        for connection in self._slow():
            if connection.due < now:
                connection.time_out()
                self._settle(connection)

    def _make_room(self, is_short: Callable[[], bool]) -> None:
        while is_short() and self._end_the_slowest():
            pass

    def _end_the_slowest(self) -> bool:
        """Close the connection that has been slow for longest; return whether there was a slow one."""
        oldest = min(self._slow(), key=lambda each: each.since, default=None)
        if oldest is not None:
            oldest.stage = ConnectionStage.OVER
            self._settle(oldest)
        return oldest is not None
