"""gunicorn as a library: one worker process with threads.

One process, because the register's memory, its patient locks and the TinyDB folder live in one; threads, because a slow
sender must not keep the others waiting. The application is made in the worker: what the master made before the fork would
come back, stale, whenever a worker is replaced.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from mockregister.errors import MockRegisterError
from mockregister.mocking.standing import ROOM
from mockregister.settings import Settings

APP_LOAD_ERROR = 4  # gunicorn's own: a worker that exits with it ends the master too


class Server(BaseApplication):  # type: ignore[misc]
    """The register under gunicorn. ``when_ready`` is told the base URL once requests are taken, in the worker process."""

    def __init__(self, settings: Settings, when_ready: Callable[[str], None]) -> None:
        self.settings, self.when_ready = settings, when_ready
        super().__init__()

    def load_config(self) -> None:
        """Translate our settings into gunicorn's."""
        options = {
            "bind": f"{self.settings.host}:{self.settings.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": self.settings.threads + ROOM,  # those that wait on purpose never hold the last one
            "timeout": 0,  # a worker that works hard is not a worker that hangs
            "graceful_timeout": 30,
            "keepalive": 5,
            "loglevel": "error",
            "post_worker_init": self._tell,
            "control_socket_disable": True,
            "proc_name": "mockregister",
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, made in the worker process; what stops it is told in one line."""
        from mockregister.app import create_app
        from mockregister.web import logging

        logging.configure(self.settings.log_format)
        try:
            return create_app(self.settings)
        except MockRegisterError as error:
            print(f"mockregister: {error}", file=sys.stderr, flush=True)
            raise SystemExit(APP_LOAD_ERROR) from None

    def _tell(self, worker: Any) -> None:
        host, port = worker.sockets[0].getsockname()[:2]
        self.when_ready(f"http://{host}:{port}")
