"""Who may come in, by the entry of the surface that is called.

An admin token, where one is set, is sent as ``Authorization: Bearer <token>``, or given once on the sign-in page, which leaves a
cookie. Pages of other origins are refused whatever they send, since a browser would send it for them.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from urllib.parse import urlsplit

from flask import redirect, request, url_for
from werkzeug import Response
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from mockregister.web.registers import registers
from mockregister.web.surfaces import Entry
from mockregister.web.visit import visit

COOKIE = "mockregister_admin"


def admit() -> Response | None:
    """Let in who may call the view that was found. Raises Forbidden for other origins, Unauthorized without the token."""
    entry = visit().surface.entry
    if request.endpoint is None or entry in (Entry.ANYONE, Entry.ID_CARD):
        return None
    refuse_other_origins()
    if entry is Entry.TOKEN and not is_admin_token(_bearer()):
        raise Unauthorized("Send the admin token as 'Authorization: Bearer <token>'.", www_authenticate=WWWAuthenticate("bearer"))
    return _to_sign_in() if entry is Entry.SIGNED_IN and not is_signed_in() else None


def refuse_other_origins() -> None:
    """Raise Forbidden for what a page of another origin makes a browser send."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Forbidden(f"Pages of {origin[:80]} may not use this server; CORS is off here.")


def is_admin_token(said: str) -> bool:
    """Return whether ``said`` is the admin token; anything is where none is set."""
    token = registers().settings.admin_token
    return not token or hmac.compare_digest(said.encode(), token.encode())


def is_signed_in() -> bool:
    """Return whether the browser has given the admin token, or none is set."""
    token = registers().settings.admin_token
    return not token or hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), _proof(token).encode())


def remember(response: Response) -> Response:
    """Have the browser remember, until it closes, that it has given the token."""
    proof = _proof(registers().settings.admin_token)
    response.set_cookie(COOKIE, proof, samesite="Strict", httponly=True, secure=request.is_secure, path="/")
    return response


def forget(response: Response) -> Response:
    """Have the browser forget that it has given the token."""
    response.delete_cookie(COOKIE, path="/")
    return response


def _bearer() -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _to_sign_in() -> Response:
    if request.method != "GET":
        raise Unauthorized("Sign in with the admin token first.")
    return redirect(url_for("pages.door.show", back=request.full_path.rstrip("?")), 303)


def _proof(token: str) -> str:
    """What the cookie holds: it shows that the token was given, and does not tell it."""
    return hmac.new(token.encode(), b"mockregister page", sha256).hexdigest()
