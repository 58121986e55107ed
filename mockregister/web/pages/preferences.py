"""The reader's language and colours, remembered in cookies."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, redirect, request, url_for
from werkzeug import Response

LANGUAGES = ("en", "da")
THEMES = ("auto", "light", "dark")
CHOICES = {"language": LANGUAGES, "theme": THEMES}
A_YEAR = 365 * 24 * 3600

blueprint = Blueprint("preferences", __name__)


def language() -> str:
    """Return ``da`` or ``en``: the reader's choice, or else what the browser prefers."""
    chosen = request.cookies.get("language", "")
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or "en"


def theme() -> str:
    """Return ``light`` or ``dark``, or ``auto`` for what the browser prefers."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in THEMES else "auto"


@blueprint.post("/preferences")
def choose() -> Response:
    """Save the reader's choice in a cookie, and go back."""
    response = back()
    for name, allowed in CHOICES.items():
        if request.form.get(name) in allowed:
            response.set_cookie(name, request.form[name], max_age=A_YEAR, samesite="Lax", httponly=True, path="/")
    return response


def back() -> Response:
    """Redirect to the page of this register that ``back`` names, or to the first one."""
    wanted = request.form.get("back", "")
    parts = urlsplit(wanted)
    is_here = wanted.startswith("/") and not wanted.startswith("//") and not parts.netloc and "\\" not in wanted
    address = request.script_root + wanted if is_here and wanted.isprintable() else url_for("pages.start.show")
    return redirect(address, 303)
