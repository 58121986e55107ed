"""The surfaces of the server: what holds for every request below a path, told in one table.

A path belongs to the row with the longest prefix of whole segments. ``/r/<name>`` has been taken off before (``registers.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Telling(Enum):
    """How failures are told."""

    PACKAGED_FAULT = auto()
    """As a SOAP fault, multipart where the request was (fact 214)."""
    FAULT = auto()
    """As a SOAP fault, the envelope alone."""
    PROBLEM = auto()
    """As ``application/problem+json``."""
    PAGE = auto()
    """As a page to browsers, else as ``application/problem+json``."""


class Noting(Enum):
    """Which requests are noted in the journal and counted in the metrics."""

    NONE = auto()
    """None."""
    SERVICES = auto()
    """Every call of a service, under the service's name in the path."""
    SUBMISSIONS = auto()
    """Those that submit documents, under the name ``json``."""


class Entry(Enum):
    """Who may come in (``door.py``). All but ``ANYONE`` and ``ID_CARD`` want a host name that the server knows."""

    ANYONE = auto()
    """Anyone."""
    ID_CARD = auto()
    """Whoever sends the security headers that the setting ``auth`` asks for; imposed outcomes ask for the admin token."""
    READER = auto()
    """Whoever sends the admin token or has signed in, where one is set; anyone may read with the setting ``reading = open``."""
    OWN_PAGES = auto()
    """Anyone, but no browser on behalf of a page of another origin."""
    TOKEN = auto()
    """Whoever sends the admin token, where one is set; no page of another origin."""
    SIGNED_IN = auto()
    """A browser that has signed in with the admin token, where one is set; no page of another origin."""


@dataclass(frozen=True, slots=True)
class Surface:
    """What holds for the paths below ``prefix``; ``struck`` says whether faults and imposed outcomes strike the calls there.

    ``compressed`` says whether answers are compressed for callers who allow it.
    """

    prefix: str
    telling: Telling
    noting: Noting
    struck: bool
    entry: Entry
    compressed: bool = False


SURFACES = (
    Surface("/cda-ws", Telling.PACKAGED_FAULT, Noting.SERVICES, True, Entry.ID_CARD, compressed=True),
    Surface("/DocumentRepository_Service", Telling.PACKAGED_FAULT, Noting.NONE, False, Entry.ANYONE),  # where none is
    Surface("/sts", Telling.FAULT, Noting.SERVICES, True, Entry.ANYONE),
    Surface("/xds", Telling.FAULT, Noting.NONE, False, Entry.READER, compressed=True),  # its views ask for an ID card, too
    Surface("/api", Telling.PROBLEM, Noting.SUBMISSIONS, False, Entry.READER),
    Surface("/api/v1/docs", Telling.PROBLEM, Noting.NONE, False, Entry.ANYONE),
    Surface("/api/v1/openapi.json", Telling.PROBLEM, Noting.NONE, False, Entry.ANYONE),
    Surface("/__admin", Telling.PROBLEM, Noting.NONE, False, Entry.TOKEN),
    Surface("/__admin/health", Telling.PROBLEM, Noting.NONE, False, Entry.ANYONE),
    Surface("/livez", Telling.PROBLEM, Noting.NONE, False, Entry.ANYONE),
    Surface("/readyz", Telling.PROBLEM, Noting.NONE, False, Entry.ANYONE),
    Surface("/llms.txt", Telling.PROBLEM, Noting.NONE, False, Entry.ANYONE),
    Surface("/metrics", Telling.PROBLEM, Noting.NONE, False, Entry.READER),
    Surface("/static", Telling.PAGE, Noting.NONE, False, Entry.ANYONE),
    Surface("/sign-in", Telling.PAGE, Noting.NONE, False, Entry.OWN_PAGES),
    Surface("/preferences", Telling.PAGE, Noting.NONE, False, Entry.OWN_PAGES),
    Surface("", Telling.PAGE, Noting.SUBMISSIONS, False, Entry.SIGNED_IN),
)
BY_PREFIX = {surface.prefix: surface for surface in SURFACES}


def surface_of(path: str) -> Surface:
    """Return the surface that ``path`` belongs to."""
    while path not in BY_PREFIX:
        path = path.rpartition("/")[0]
    return BY_PREFIX[path]
