"""The SOAP message of a request: opened once, and let in by its security headers."""

from __future__ import annotations

from collections.abc import Callable

from flask import request

from mockregister.envelope import dgws
from mockregister.envelope.soap import Message
from mockregister.errors import UnreadableRequest
from mockregister.web import body
from mockregister.web.registers import namespace, registers
from mockregister.web.visit import visit


def opened(read: Callable[[str, bytes], Message]) -> Message:
    """Return the request's envelope, which ``read`` opens from Content-Type and body.

    The body cannot be received twice, so the visit keeps what came of it. Raises UnreadableRequest, the same each time.
    """
    current = visit()
    if current.unreadable is not None:
        raise current.unreadable
    if current.message is None:
        try:
            current.body = body.receive(request, registers().settings)
            current.message = read(request.headers.get("Content-Type", ""), current.body)
        except UnreadableRequest as error:
            current.unreadable = error
            raise
    return current.message


def admit(message: Message) -> None:
    """Check the ID card where the setting ``auth`` asks for one. Raises AccessDenied."""
    register = namespace().register
    if register.settings.auth == "headers":
        dgws.check(message, register.clock.now(), register.codes.producers.has_owner)
