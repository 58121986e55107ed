"""The surfaces of the server: one table of what applies to every request below a path.

A path belongs to the row with the longest prefix of whole segments. ``/r/<name>`` has been removed by then (``dispatcher.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache


class FailureForm(Enum):
    """The form in which callers get failures."""

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
    """Who may call (``door.py``). All but ``ANYONE`` and ``ID_CARD`` require a host name that the server knows."""

    ANYONE = auto()
    """Anyone."""
    ID_CARD = auto()
    """Callers with the security headers that the setting ``auth`` asks for; imposed outcomes need the admin token."""
    READER = auto()
    """Callers with the admin token or a sign-in, if a token is set; with the setting ``reading = open`` anyone may read.

    Here and below, a trainee's key is as good as the token for their own register (``learners.py``).
    """
    OWN_PAGES = auto()
    """Anyone, except a browser on behalf of a page of another origin."""
    TOKEN = auto()
    """Callers with the admin token, if one is set; no page of another origin."""
    SIGNED_IN = auto()
    """A browser that has signed in with the admin token, if one is set; no page of another origin."""


@dataclass(frozen=True, slots=True)
class Surface:
    """What applies to the paths below ``prefix``.

    ``views`` names the module of this folder that has the views; most are imported on demand (``dispatcher.py``). ``struck``
    says whether faults and imposed outcomes apply to calls there.
    """

    prefix: str
    views: str
    failure_form: FailureForm
    noting: Noting
    struck: bool
    entry: Entry


SURFACES = (
    Surface("/cda-ws", "soap", FailureForm.PACKAGED_FAULT, Noting.SERVICES, True, Entry.ID_CARD),
    Surface("/DocumentRepository_Service", "soap", FailureForm.PACKAGED_FAULT, Noting.NONE, False, Entry.ANYONE),  # no service
    Surface("/sts", "sts", FailureForm.FAULT, Noting.SERVICES, True, Entry.ANYONE),
    Surface("/xds", "xds", FailureForm.FAULT, Noting.NONE, False, Entry.READER),  # its views also ask for an ID card
    Surface("/api", "api", FailureForm.PROBLEM, Noting.SUBMISSIONS, False, Entry.READER),
    Surface("/api/v1/docs", "api", FailureForm.PROBLEM, Noting.NONE, False, Entry.ANYONE),
    Surface("/api/v1/openapi.json", "api", FailureForm.PROBLEM, Noting.NONE, False, Entry.ANYONE),
    Surface("/__admin", "admin", FailureForm.PROBLEM, Noting.NONE, False, Entry.TOKEN),
    Surface("/__admin/health", "admin", FailureForm.PROBLEM, Noting.NONE, False, Entry.ANYONE),
    Surface("/livez", "health", FailureForm.PROBLEM, Noting.NONE, False, Entry.ANYONE),
    Surface("/readyz", "health", FailureForm.PROBLEM, Noting.NONE, False, Entry.ANYONE),
    Surface("/llms.txt", "llms", FailureForm.PROBLEM, Noting.NONE, False, Entry.ANYONE),
    Surface("/metrics", "metrics", FailureForm.PROBLEM, Noting.NONE, False, Entry.READER),
    Surface("/static", "pages", FailureForm.PAGE, Noting.NONE, False, Entry.ANYONE),
    Surface("/sign-in", "pages", FailureForm.PAGE, Noting.NONE, False, Entry.OWN_PAGES),
    Surface("/training", "pages", FailureForm.PAGE, Noting.NONE, False, Entry.OWN_PAGES),
    Surface("/training/again", "pages", FailureForm.PAGE, Noting.NONE, False, Entry.SIGNED_IN),
    Surface("/preferences", "pages", FailureForm.PAGE, Noting.NONE, False, Entry.OWN_PAGES),
    Surface("", "pages", FailureForm.PAGE, Noting.SUBMISSIONS, False, Entry.SIGNED_IN),
)
BY_PREFIX = {surface.prefix: surface for surface in SURFACES}


@lru_cache(maxsize=256)
def surface_of(path: str) -> Surface:
    """Return the surface that ``path`` belongs to."""
    while path not in BY_PREFIX:
        path = path.rpartition("/")[0]
    return BY_PREFIX[path]
