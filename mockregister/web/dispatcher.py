"""The first code that a request meets: it takes ``/r/<name>`` off the path, and passes the request to the views of its surface.

Most views are imported when a path of their surface is first called, so that the server is ready for submissions sooner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import TYPE_CHECKING

from mockregister.web.surfaces import surface_of
from mockregister.web.visit import REGISTER

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/r/"


class Dispatcher:
    """Passes each request to the application that has the views of its surface, by the name of these views (``Surface.views``).

    An application that is not among ``made`` is made by the thread that first needs it; other threads wait for it.

    ``/r/<name>`` is removed from the path, so that every route exists once and serves every register. It moves to SCRIPT_NAME,
    where WSGI keeps the mount point of an application, so that addresses in answers, such as the one in the WSDL, have it again.
    """

    def __init__(self, made: Mapping[str, WSGIApplication], make: Callable[[str], WSGIApplication]) -> None:
        self._made, self._make, self._making = dict(made), make, Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(PREFIX):
            name, _, path = path.removeprefix(PREFIX).partition("/")
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}{PREFIX}{name}"
            environ["PATH_INFO"] = f"/{path}"
            environ[REGISTER] = name
        views = surface_of(f"/{path.lstrip('/')}").views  # as Flask reads the path
        if views not in self._made:
            with self._making:
                if views not in self._made:
                    self._made[views] = self._make(views)
        return self._made[views](environ, start_response)
