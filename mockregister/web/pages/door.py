"""Who may see the page: everybody, or, where an admin token is set, who has given it."""

from __future__ import annotations

import hmac
from hashlib import sha256

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response
from werkzeug.exceptions import Unauthorized

from mockregister.web import admin
from mockregister.web.pages.preferences import back
from mockregister.web.registers import registers

COOKIE = "mockregister_admin"
OPEN = ("pages.static", "pages.door.show", "pages.door.sign_in", "pages.preferences.choose")

blueprint = Blueprint("door", __name__)


def guard() -> Response | None:
    """Lead to the sign-in who has not given the token. Raises Forbidden for what other origins send."""
    if request.method == "POST":
        admin.refuse_other_origins()
    if is_signed_in() or request.endpoint in OPEN:
        return None
    if request.method == "GET":
        return redirect(url_for("pages.door.show", back=request.full_path.rstrip("?")), 303)
    raise Unauthorized("Sign in with the admin token first.")


def is_signed_in() -> bool:
    """Whether the browser has given the admin token, or none is set."""
    token = registers().settings.admin_token
    return not token or hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), _proof(token).encode())


@blueprint.get("/sign-in")
def show() -> str:
    """The form that asks for the token."""
    return render_template("sign_in.html", back=request.args.get("back", "/"), refused=False)


@blueprint.post("/sign-in")
def sign_in() -> Response | tuple[str, int]:
    """Take the token, and remember until the browser closes that it was given."""
    if not admin.is_admin_token(request.form.get("token", "")):
        return render_template("sign_in.html", back=request.form.get("back", "/"), refused=True), 403
    response = back()
    proof = _proof(registers().settings.admin_token)
    response.set_cookie(COOKIE, proof, samesite="Strict", httponly=True, secure=request.is_secure, path="/")
    return response


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """Forget the token."""
    response = redirect(url_for("pages.door.show"), 303)
    response.delete_cookie(COOKIE, path="/")
    return response


def _proof(token: str) -> str:
    """What the cookie holds: it shows that the token was given, and does not tell it."""
    return hmac.new(token.encode(), b"mockregister page", sha256).hexdigest()
