"""Trainees on a server that is for training and has an admin token: each uses the register that they joined, and no other.

A register's key is derived from the admin token and the register's name. Joining gives it to the browser as a cookie for the
paths of that register; a program sends it as ``Authorization: Bearer <key>``. The instructor is whoever has the admin token.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from flask import request
from werkzeug import Response

from mockregister.mocking.registers import DEFAULT
from mockregister.web.registers import registers
from mockregister.web.visit import visit

COOKIE = "mockregister_learner"
# views that concern other registers too; those of exams name the register that they are about
SERVER_WIDE = (
    *("admin.registers.", "admin.editions.upload", "metrics."),
    *("pages.control.make_register", "pages.control.remove_register", "pages.training.again"),
)
OF_A_NAMED_REGISTER = ("admin.exams.", "pages.exams.")


def are_kept_apart() -> bool:
    """Return whether trainees may use only their own registers: with the settings ``training`` and ``admin-token``."""
    settings = registers().settings
    return settings.training == "on" and settings.admin_token != ""


def key_of(name: str) -> str:
    """Return the key of the register of this name."""
    token = registers().settings.admin_token.encode()
    return hmac.new(token, f"mockregister register {name}".encode(), sha256).hexdigest()[:32]


def is_key_of(key: str, name: str) -> bool:
    """Return whether this is the key of a register other than the default one."""
    return are_kept_apart() and name != DEFAULT and hmac.compare_digest(key.encode(), key_of(name).encode())


def may_use(key: str) -> bool:
    """Return whether ``key`` opens the requested view: one that concerns the request's register alone."""
    endpoint, own = request.endpoint or "", visit().register_name
    about = (request.view_args or {}).get("name", own) if endpoint.startswith(OF_A_NAMED_REGISTER) else own
    return is_key_of(key, own) and about == own and not endpoint.startswith(SERVER_WIDE)


def is_learner() -> bool:
    """Return whether the browser has joined the request's register."""
    return may_use(request.cookies.get(COOKIE, ""))


def remember(response: Response, name: str, path: str) -> Response:
    """Set the cookie that opens the register of this name, whose pages begin with ``path``."""
    response.set_cookie(COOKIE, key_of(name), samesite="Strict", httponly=True, secure=request.is_secure, path=path)
    return response
