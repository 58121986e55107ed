"""The page that asks for the admin token, where one is set."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from mockregister.web import door
from mockregister.web.pages.preferences import back

blueprint = Blueprint("door", __name__)


@blueprint.get("/sign-in")
def show() -> str:
    """Return the page with the form that asks for the token."""
    return render_template("sign_in.html", back=request.args.get("back", "/"), refused=False)


@blueprint.post("/sign-in")
def sign_in() -> Response | tuple[str, int]:
    """Check the token, and remember until the browser closes that it was given."""
    if not door.is_admin_token(request.form.get("token", "").encode()):
        return render_template("sign_in.html", back=request.form.get("back", "/"), refused=True), 403
    return door.remember(back())


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """Forget that the browser gave the token, and return to the form."""
    return door.forget(redirect(url_for("pages.door.show"), 303))
