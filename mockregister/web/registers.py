"""The register of a request: ``/r/<name>/…`` names one, any other path is for the default one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from flask import current_app, request

from mockregister.mocking.registers import Namespace, Registers
from mockregister.register.store import Rows
from mockregister.web.visit import visit

if TYPE_CHECKING:
    from mockregister.register.query import Reader

Asked = ParamSpec("Asked")
Answered = TypeVar("Answered")


def registers() -> Registers:
    """Return the registers of the running server."""
    found: Registers = current_app.extensions["mockregister"]
    return found


def namespace() -> Namespace:
    """Return the current request's register, the same one throughout the request.

    A request that a page of another site made a browser send does not make a register. Raise InvalidRequest or NotFound as
    ``Registers.get`` does.
    """
    current = visit()
    if current.namespace is None:
        is_cross_site = request.headers.get("Sec-Fetch-Site") == "cross-site"
        current.namespace = (registers().find if is_cross_site else registers().get)(current.register_name)
    return current.namespace


def changing(view: Callable[Asked, Answered]) -> Callable[Asked, Answered]:
    """Let a view change the register's controls, locked against every other change in this or another process."""

    @wraps(view)
    def alone(*args: Asked.args, **kwargs: Asked.kwargs) -> Answered:
        with namespace().changing():
            return view(*args, **kwargs)

    return alone


def reader() -> Reader:
    """Return the reader of the current request's register; it shows the same moment throughout the request."""
    from mockregister.register.query import Reader  # imported here: no submission needs it

    register = namespace().register
    return Reader(rows(), register.codes, register.clock.now())


def rows() -> Rows:
    """Return the rows of the current request's register, of the same moment throughout the request."""
    current = visit()
    if current.rows is None:
        current.rows = current.looking.enter_context(namespace().register.look())
    return current.rows
