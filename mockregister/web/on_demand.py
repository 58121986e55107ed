"""Views that are imported when a path of their surface is first called, so that the server is ready for submissions sooner."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import TYPE_CHECKING

from mockregister.web.surfaces import surface_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class SurfacesOnDemand:
    """Passes each call on to the application that has the views of its surface, under their name in the table of surfaces.

    An application that is not ``made`` is made by the thread that first calls it; other threads wait for it.
    """

    def __init__(self, made: Mapping[str, WSGIApplication], make: Callable[[str], WSGIApplication]) -> None:
        self._made, self._make, self._making = dict(made), make, Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = f"/{environ.get('PATH_INFO', '').lstrip('/')}"  # as Flask reads it
        return self._application(surface_of(path).views)(environ, start_response)

    def _application(self, views: str) -> WSGIApplication:
        if views not in self._made:
            with self._making:
                if views not in self._made:
                    self._made[views] = self._make(views)
        return self._made[views]
