"""The Host header: the SOAP services and health accept any name in it.

werkzeug refuses a request whose Host has an empty or too long label, and fails on a malformed IDNA name, on every path. Here
such a Host counts as missing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from werkzeug.exceptions import BadHost
from werkzeug.routing import Map, MapAdapter
from werkzeug.urls import uri_to_iri

UNDERSCORED = re.compile(r"[\w.-]*_[\w.-]*(:\d{1,5})?", re.ASCII)


class AnyHost(Map):
    """Routes that are found for every Host header."""

    def bind_to_environ(self, environ: Any, *args: Any, **kwargs: Any) -> MapAdapter:
        """Return the routes for a request; an invalid Host header counts as missing."""
        try:
            return super().bind_to_environ(environ, *args, **kwargs)
        except BadHost:
            return super().bind_to_environ({**environ, "HTTP_HOST": ""}, *args, **kwargs)


@lru_cache(maxsize=256)
def usable(host: str, header: str) -> str:
    """Return the host of a request, empty if it is invalid.

    ``host`` is what werkzeug reads from the Host ``header``; it does not know underscores, which Compose services may have.
    """
    host = header if UNDERSCORED.fullmatch(header) else host
    try:
        uri_to_iri(f"http://{host}")  # as werkzeug does whenever it builds the address of the request
    except ValueError:
        return ""
    return host
