"""gunicorn as a library: our worker alone, or below gunicorn's master.

If the register's memory, its patient locks or its TinyDB folder live in a process, there is one worker without gunicorn's master:
the master would replace a worker that ended, and a register that came back without its controls would be worse than one that is
down. On PostgreSQL any number of workers may run below gunicorn's master (``gunicorn_master``).
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
from mockregister.mocking.waiting_room import ROOM
from mockregister.settings import Settings
from mockregister.tls import server_context

if TYPE_CHECKING:
    from ssl import SSLContext

    from _typeshed.wsgi import WSGIApplication

    from mockregister.mocking.registers import Registers
    from mockregister.mocking.seeds import Watch

# A submission's objects need no garbage collection; with Python's default of 700 it would run after each one and find nothing.
# The middle generation is collected often, because all requests wait for as long as that takes.
LOOK_FOR_GARBAGE_AFTER = (10_000, 4, 100)
SWITCH_AFTER = 0.0005  # seconds until a thread lets another run; with Python's 5 ms the loop waits 5 ms for each of 40 threads
BACKLOG = 1024  # connections that wait to be accepted
CONNECTIONS = 1000  # open at once; beyond that the slowest is closed
ALONE = 0  # the parent of a worker that has no master
MEMORY = "/dev/shm"


@dataclass(frozen=True)
class Served:
    """What the worker needs to know of an application."""

    application: WSGIApplication
    patience: Patience
    dismiss: Callable[[], None]
    context: SSLContext | None = None

    def wsgi(self) -> WSGIApplication:
        """Return the application, which exists already."""
        return self.application


def serve(settings: Settings, when_ready: Callable[[str, str], None], watch: Watch) -> None:
    """Serve until SIGTERM, then finish open requests and end the process.

    ``when_ready`` is called with the base URL and the URL of the sFTP server, empty if there is none, as soon as requests are
    accepted; ``watch`` shows the progress of loading a seed. Raise SettingError or StoreError if it cannot start.
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
    os._exit(0)  # does not wait for threads that did not end in time


@contextmanager
def nothing_is_garbage() -> Iterator[None]:
    """Turn garbage collection off during the start: its objects stay, and searching them takes a fifth of the start."""
    gc.disable()
    try:
        yield
        gc.freeze()
        gc.set_threshold(*LOOK_FOR_GARBAGE_AFTER)
    finally:
        gc.enable()


def configured(settings: Settings, ready: Callable[[Worker], None]) -> Config:
    """Return our settings as a gunicorn configuration."""
    config = Config()
    options = {
        "threads": settings.threads + ROOM,  # calls that are delayed on purpose never hold the last thread
        "worker_connections": CONNECTIONS,
        "graceful_timeout": 30,
        "loglevel": "error",
        "certfile": settings.tls_cert and str(settings.tls_cert),  # so that addresses in answers begin with https
        "post_worker_init": ready,
        "worker_tmp_dir": _temporary_folder(),
    }
    for name, value in options.items():
        config.set(name, value)
    return config


def _temporary_folder() -> str:
    """Return a folder for gunicorn's heartbeat file, which gunicorn needs even without a master."""
    if os.access(MEMORY, os.W_OK):
        return MEMORY
    try:
        return gettempdir()
    except OSError as error:
        raise SettingError(f"No folder can be written to, neither {MEMORY} nor /tmp; name one in TMPDIR.") from error


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raise SettingError if the address cannot be used."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        why = (error.strerror or str(error)).split(" (")[0]
        raise SettingError(f"Cannot listen on {host} port {port}: {why}; set another --host or --port.") from error
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)  # inherited by its connections: answers are sent at once
    return listener


def base_url(listener: socket.socket, *, is_secure: bool = False) -> str:
    """Return the base URL of a socket."""
    host, port = listener.getsockname()[:2]
    scheme = "https" if is_secure else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
