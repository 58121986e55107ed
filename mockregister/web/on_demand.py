"""Surfaces whose views are imported when one of them is first called, so that the server is ready for submissions before that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Lock
from typing import TYPE_CHECKING

from flask import Flask

from mockregister.web.surfaces import surface_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class SurfacesOnDemand:
    """Passes on each call: to ``first`` if it has views on the surface of the path, and else to the application of ``make``.

    ``make`` is called once, by the thread that has the first such call; others with such a call wait for it.
    """

    def __init__(self, first: Flask, make: Callable[[], Flask]) -> None:
        self._first, self._make = first.wsgi_app, make
        self._surfaces = {surface_of(rule.rule) for rule in first.url_map.iter_rules()}
        self._others: WSGIApplication | None = None
        self._making = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        is_first = surface_of(environ.get("PATH_INFO", "")) in self._surfaces
        return (self._first if is_first else self.others())(environ, start_response)

    def others(self) -> WSGIApplication:
        """Return the application of the other surfaces."""
        with self._making:
            if self._others is None:
                self._others = self._make().wsgi_app
            return self._others
