"""Decide who may call a surface, by its ``Entry``.

The admin token, if there is one, is sent as ``Authorization: Bearer <token>``, or given once on the sign-in page, which sets a
cookie. On a server for training, the key of a register opens that register in both ways (``learners.py``). Pages on the internet
must not reach the server through a user's browser: requests from pages of another origin are refused, and so are those from pages
whose own name was made to point here (DNS rebinding), which the Host header shows.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import redirect, request, url_for
from werkzeug import Response
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, MisdirectedRequest, Unauthorized

from mockregister.web import learners
from mockregister.web.registers import registers
from mockregister.web.surfaces import Entry, FailureForm, Noting, Surface
from mockregister.web.visit import visit

COOKIE = "mockregister_admin"
IMPOSED = "X-Mock-Outcome"
BROWSER_HEADERS = ("Origin", "Sec-Fetch-Site")  # SOAP toolkits do not send these
LOCAL_DOMAINS = (".localhost", ".local", ".internal", ".test", ".home.arpa")  # domains in which nobody can register a name
STATUSES = (401, 403, 421)  # of the refusals in this module


def admit() -> Response | None:
    """Return None for a caller who may call the view, else the redirection to the sign-in page.

    Raise MisdirectedRequest for a host name that is not known, Forbidden for other origins, Unauthorized without the token.
    """
    surface = visit().surface
    if request.endpoint is None:
        return None
    if surface.struck and IMPOSED in request.headers and not _may_send():
        raise _wants_token(f"{IMPOSED} needs the admin token. ")
    if surface.entry in (Entry.ANYONE, Entry.ID_CARD):
        return None
    if surface.failure_form is FailureForm.FAULT and request.method != "POST":
        return None  # the description of a service shows no data of the register
    _check_host(surface)
    return _enter(surface.entry)


def refuse_other_origins() -> None:
    """Raise Forbidden for a request that a page of another origin made a browser send."""
    if not _is_own_origin():
        origin = request.headers["Origin"]
        raise Forbidden(f"Pages of {origin[:80]} may not use this server; CORS is off here.")


def is_admin_token(given: bytes) -> bool:
    """Return whether ``given`` is the admin token in UTF-8; True if no token is set."""
    token = _token()
    return not token or hmac.compare_digest(given, token.encode())


def is_signed_in() -> bool:
    """Return whether the browser has signed in with the admin token, or no token is set."""
    token = _token()
    return not token or hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), _proof(token).encode())


def is_let_in() -> bool:
    """Return whether a page may show data of the request's register."""
    return (is_signed_in() or learners.is_learner()) and is_known_host()


def sees_all() -> bool:
    """Return whether the caller may see all registers: anyone who gave the admin token, and everyone if no token is set."""
    return is_signed_in() or (_token() != "" and _has_bearer())


def is_known_host() -> bool:
    """Return whether the name in the Host header is allowed; with the admin token every name is."""
    settings = registers().settings
    if settings.admin_token and (_has_bearer() or is_signed_in()):
        return True
    try:
        name = (urlsplit(f"//{request.host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    is_local = bool(name) and ("." not in name or _is_address(name) or name.endswith(LOCAL_DOMAINS))
    return is_local or name == settings.host.lower() or not {"*", name}.isdisjoint(settings.allowed_hosts)


def remember(response: Response) -> Response:
    """Set a cookie, valid until the browser closes, that shows that the token was given."""
    response.set_cookie(COOKIE, _proof(_token()), samesite="Strict", httponly=True, secure=request.is_secure, path="/")
    return response


def forget(response: Response) -> Response:
    """Remove the cookie that shows that the token was given."""
    response.delete_cookie(COOKIE, path="/")
    return response


def _check_host(surface: Surface) -> None:
    """Raise MisdirectedRequest for an unknown host name, unless the request can only lead to the sign-in page.

    SOAP toolkits may use any name: only a browser can be led here by a name that someone else owns.
    """
    is_toolkit = surface.failure_form is FailureForm.FAULT and not any(name in request.headers for name in BROWSER_HEADERS)
    leads_to_sign_in = surface.failure_form is FailureForm.PAGE and _token() != ""
    if not (is_toolkit or leads_to_sign_in or is_known_host()):
        name = request.headers.get("Host", "")[:80]
        raise MisdirectedRequest(
            f"This server does not know the host name '{name}'. Send the admin token, or start the server with "
            "--allowed-hosts and the names that clients use."
        )


def _enter(entry: Entry) -> Response | None:
    if entry is Entry.READER:
        is_browser = is_signed_in() or learners.is_learner()
        if not (_may_send() or (is_browser and _is_own_origin()) or _may_read_openly()):
            raise _wants_token()
        return None
    refuse_other_origins()
    if entry is Entry.TOKEN and not _may_send():
        raise _wants_token()
    return _to_sign_in() if entry is Entry.SIGNED_IN and not (is_signed_in() or learners.is_learner()) else None


def _may_read_openly() -> bool:
    reads = visit().surface.noting is Noting.NONE or request.method in ("GET", "HEAD", "OPTIONS")
    return reads and registers().settings.reading == "open"


def _wants_token(why: str = "") -> Unauthorized:
    wanted = f"{why}Send the admin token as 'Authorization: Bearer <token>'."
    return Unauthorized(wanted, www_authenticate=WWWAuthenticate("bearer"))


def _token() -> str:
    return registers().settings.admin_token


def _has_bearer() -> bool:
    """Return whether the admin token was sent, in UTF-8, which WSGI passes on as Latin-1, or in Latin-1."""
    token = _bearer()
    return is_admin_token(token.encode("latin-1", "replace")) or is_admin_token(token.encode())


def _may_send() -> bool:
    """Return whether the admin token was sent, or the key of the request's register for a view about that register."""
    return _has_bearer() or learners.may_use(_bearer())


def _bearer() -> str:
    kind, _, credentials = request.headers.get("Authorization", "").partition(" ")
    return credentials.strip() if kind.lower() == "bearer" else ""


def _is_own_origin() -> bool:
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _to_sign_in() -> Response:
    if request.method != "GET":
        raise Unauthorized("Sign in with the admin token first.")
    if learners.are_kept_apart():
        return redirect(url_for("pages.training.show"), 303)
    return redirect(url_for("pages.door.show", back=request.full_path.rstrip("?")), 303)


def _proof(token: str) -> str:
    """Return the content of the cookie: it proves that the token was given without revealing it."""
    return hmac.new(token.encode(), b"mockregister page", sha256).hexdigest()
