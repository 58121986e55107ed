"""The name in the Host header, which may be anything: the SOAP services and health take any.

werkzeug refuses a request whose Host has an empty label or one that is too long, and fails over one that looks like an IDNA name
and is none, on whatever path. Here such a Host counts as none.
"""

from __future__ import annotations

import re
from typing import Any

from werkzeug.exceptions import BadHost
from werkzeug.routing import Map, MapAdapter
from werkzeug.urls import uri_to_iri

UNDERSCORED = re.compile(r"[\w.-]*_[\w.-]*(:\d{1,5})?", re.ASCII)


class AnyHost(Map):
    """Routes that are found whatever the Host header says."""

    def bind_to_environ(self, environ: Any, *args: Any, **kwargs: Any) -> MapAdapter:
        """Return the routes for a request, for no name where its Host header cannot be one."""
        try:
            return super().bind_to_environ(environ, *args, **kwargs)
        except BadHost:
            return super().bind_to_environ({**environ, "HTTP_HOST": ""}, *args, **kwargs)


def usable(host: str, said: str) -> str:
    """Return the host of a request, empty where it cannot be one.

    ``host`` is what werkzeug makes of the header ``said``: it knows no underscores, which services of compose may have.
    """
    host = said if UNDERSCORED.fullmatch(said) else host
    try:
        uri_to_iri(f"http://{host}")  # as werkzeug does wherever it tells the address of the request
    except ValueError:
        return ""
    return host
