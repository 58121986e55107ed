"""gunicorn as a library: our worker alone, or below gunicorn's master.

Where the register's memory, its patient locks or its TinyDB folder live in a process, there is one, and gunicorn's master is left
out: it is there to replace a worker that ended, and a register that came back without what it was told would be worse than one
that is down. On PostgreSQL any number of workers may run below gunicorn's master (``gunicorn_master``).
"""

from __future__ import annotations

import gc
import logging
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from tempfile import gettempdir
from typing import TYPE_CHECKING

from gunicorn.config import Config
from gunicorn.glogging import Logger

from mockregister.cli.connection import Patience
from mockregister.cli.gunicorn_worker import Worker
from mockregister.errors import SettingError
from mockregister.mocking import open_files
from mockregister.mocking.seeds import Watch
from mockregister.mocking.standing import ROOM
from mockregister.settings import Settings
from mockregister.tls import server_context

if TYPE_CHECKING:
    from ssl import SSLContext

    from _typeshed.wsgi import WSGIApplication

    from mockregister.mocking.registers import Registers

LOOK_FOR_GARBAGE_AFTER = (
    10_000,
    20,
    20,
)  # what a submission makes goes away by itself; Python's own 700 look after each, in vain
SWITCH_AFTER = 0.0005  # seconds a thread computes while others wait: with Python's 5 ms the loop waits for each of 40 in turn
BACKLOG = 1024  # connections that wait to be accepted
CONNECTIONS = 1000  # open at once, however slow; then the slowest goes
ALONE = 0  # the parent of a worker that has no master
MEMORY = "/dev/shm"


@dataclass(frozen=True)
class Served:
    """What the worker asks of an application."""

    application: WSGIApplication
    patience: Patience
    dismiss: Callable[[], None]
    context: SSLContext | None = None

    def wsgi(self) -> WSGIApplication:
        """Return the application, which is made already."""
        return self.application


def serve(settings: Settings, when_ready: Callable[[str, str], None], watch: Watch) -> None:
    """Serve until SIGTERM, finish what is in flight, end the process.

    ``when_ready`` is told the base URL, and that of the sFTP server, once requests are taken; ``watch`` shows how far a seed is
    loaded. Raise SettingError and StoreError where it cannot start.
    """
    from mockregister.web.logging import configure

    open_files.raise_limit()
    sys.setswitchinterval(SWITCH_AFTER)
    configure(settings.log_format)
    context = server_context(settings)
    if settings.workers > 1:
        from mockregister.cli.gunicorn_master import serve_many

        serve_many(settings, when_ready, watch, context)
    with listen(settings.host, settings.port) as listener, ExitStack() as until_the_end:
        with nothing_is_garbage():
            from mockregister.app import running

            application = until_the_end.enter_context(running(settings, watch))
            registers: Registers = application.extensions["mockregister"]
            registers.editions.start.profile.warm()
        sftp = application.extensions.get("mockregister.sftp", "")
        config = configured(settings, lambda worker: when_ready(base_url(listener, is_secure=context is not None), sftp))
        patience = Patience(settings.body_timeout, settings.max_body)
        served = Served(application.wsgi_app, patience, registers.dismiss, context)
        Worker(1, ALONE, [listener], served, config.timeout, config, Logger(config)).init_process()
    logging.shutdown()
    os._exit(0)  # a thread that did not come to its end in time is not waited for


@contextmanager
def nothing_is_garbage() -> Iterator[None]:
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
        "threads": settings.threads + ROOM,  # those that wait on purpose never hold the last one
        "worker_connections": CONNECTIONS,
        "graceful_timeout": 30,
        "loglevel": "error",
        "certfile": settings.tls_cert and str(settings.tls_cert),  # for the addresses that answers name
        "post_worker_init": ready,
        "worker_tmp_dir": _temporary_folder(),
    }
    for name, value in options.items():
        config.set(name, value)
    return config


def _temporary_folder() -> str:
    """Return a folder for the file by which gunicorn's master sees that a worker lives; without a master it wants one, too."""
    if os.access(MEMORY, os.W_OK):
        return MEMORY
    try:
        return gettempdir()
    except OSError as error:
        raise SettingError(f"No folder can be written to, neither {MEMORY} nor /tmp; name one in TMPDIR.") from error


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there. Raise SettingError where it cannot."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        why = (error.strerror or str(error)).split(" (")[0]
        raise SettingError(f"Cannot listen on {host} port {port}: {why}; set another --host or --port.") from error
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)  # for its connections: an answer goes out at once
    return listener


def base_url(listener: socket.socket, *, is_secure: bool = False) -> str:
    """Return where the socket is reached."""
    host, port = listener.getsockname()[:2]
    scheme = "https" if is_secure else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
