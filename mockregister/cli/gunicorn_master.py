"""Serve with gunicorn's master and several workers. Each worker has its own application; all share one database."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from contextlib import ExitStack, closing
from multiprocessing import get_context
from ssl import SSLContext
from time import sleep
from typing import TYPE_CHECKING, Any, NoReturn

from gunicorn.arbiter import Arbiter
from gunicorn.config import Config

from mockregister.cli.connection import Patience
from mockregister.cli.gunicorn_server import base_url, configured, listen, nothing_is_garbage
from mockregister.cli.gunicorn_worker import Worker
from mockregister.errors import SettingError, StoreError
from mockregister.register.stores import stores_of
from mockregister.settings import Settings
from mockregister.web.logging import configure

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from mockregister.mocking.registers import Registers
    from mockregister.mocking.seeds import Watch


log = logging.getLogger(__name__)

TRIES_EVERY = 0.5  # seconds between attempts to reach the database
SIGN_OF_LIFE = 120  # seconds without a sign of life until a worker is replaced: on a slow machine its start may take long


class Many:
    """What gunicorn's master and workers need to know of the application, which each worker makes for itself after the fork."""

    def __init__(self, settings: Settings, watch: Watch, context: SSLContext | None, cfg: Config) -> None:
        self.settings, self.watch, self.context, self.cfg = settings, watch, context, cfg
        self.patience = Patience(settings.body_timeout, settings.max_body)
        self.dismiss: Callable[[], None] = lambda: None  # replaced when the application exists
        self._master = os.getpid()
        self._until_the_end = ExitStack()

    def wsgi(self) -> WSGIApplication:
        """Return this worker's application; wait until the database answers. Raise SystemExit if the master has ended.

        Other errors are temporary, since the master has made an application with the same settings.
        """
        configure(self.settings.log_format)  # the thread that writes the master's log does not exist after the fork
        while os.getppid() == self._master:
            try:
                return self._made()
            except (SettingError, StoreError) as error:
                log.error("a worker cannot start yet: %s", error)
                sleep(TRIES_EVERY)
        raise SystemExit("The master of this worker has ended.")

    def _made(self) -> WSGIApplication:
        from mockregister.app import running

        with nothing_is_garbage():
            application = self._until_the_end.enter_context(running(self.settings, self.watch))
            registers: Registers = application.extensions["mockregister"]
            registers.editions.start.profile.warm()
            self.dismiss = registers.dismiss
        return application.wsgi_app

    def reload(self) -> None:
        """Do nothing: the settings do not change while the master runs."""

    def close(self, master: object, worker: object) -> None:
        """Release this worker's resources."""
        self._until_the_end.close()


def serve_many(settings: Settings, when_ready: Callable[[str, str], None], watch: Watch, context: SSLContext | None) -> NoReturn:
    """Serve with several workers until SIGTERM; a worker that ends is replaced. Raise SettingError if it cannot start.

    ``when_ready`` is called once, when the last of the workers accepts requests. The master keeps the workers' entry in the
    database, so that a replaced worker finds the controls that were set before.
    """
    from mockregister.app import create_app

    with listen(settings.host, settings.port) as listener, closing(stores_of(settings)):
        checked: Registers = create_app(settings, watch).extensions["mockregister"]  # errors are shown here, once
        checked.close()
        config = _configured(settings, listener, when_ready, context)
        many = Many(settings, watch, context, config)
        config.set("worker_exit", many.close)
        arbiter = Arbiter(many)
        arbiter.LISTENERS = [listener]
        try:
            arbiter.run()
        finally:
            logging.shutdown()
    os._exit(0)


def _configured(
    settings: Settings, listener: socket.socket, when_ready: Callable[[str, str], None], context: SSLContext | None
) -> Config:
    forked = get_context("fork")
    others, untold = forked.Semaphore(settings.workers - 1), forked.Semaphore(1)

    def ready(worker: Any) -> None:
        """Call ``when_ready`` when the last of the workers is ready, but not again when a worker is replaced."""
        if not others.acquire(block=False) and untold.acquire(block=False):
            when_ready(base_url(listener, is_secure=context is not None), "")

    config = configured(settings, ready)
    config.set("workers", settings.workers)
    config.set("worker_class", Worker)
    config.set("timeout", SIGN_OF_LIFE)
    config.set("control_socket_disable", True)
    return config
