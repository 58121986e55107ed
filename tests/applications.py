"""Applications for tests.

Compiling routes and templates takes longer than most tests, so an application is reused by later tests. It gets new registers
and new parts for everything else that depends on the settings.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from mockregister.app import equipped, with_routes
from mockregister.settings import Settings

_idle: list[Flask] = []


@contextmanager
def application(settings: Settings | None = None) -> Iterator[Flask]:
    """Yield an application with these settings, as if it had just been started."""
    app = equipped(_idle.pop() if _idle else with_routes(), settings or Settings())
    try:
        yield app
    finally:
        app.extensions["mockregister"].close()
        _idle.append(app)
