"""The SOAP message of a request: opened once, and admitted by its security headers."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app, request

from mockregister.envelope.soap import Message
from mockregister.errors import UnreadableRequest
from mockregister.security.admission import Admission
from mockregister.security.idcard import IdCard
from mockregister.web import body
from mockregister.web.registers import namespace, registers
from mockregister.web.visit import visit


def opened(read: Callable[[str, bytes], Message]) -> Message:
    """Return the request's envelope, which ``read`` opens from Content-Type and body.

    The body cannot be received twice, so the visit keeps the result. Raise UnreadableRequest, the same each time.
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


def admit(message: Message) -> IdCard | None:
    """Return the checked ID card; None if the setting ``auth`` asks for none. Raise AccessDenied."""
    admission: Admission | None = current_app.extensions["mockregister.admission"]
    if admission is None:
        return None
    register = namespace().register
    is_producer = register.codes.producers.has_owner
    return admission.check(message.header, message.package.attached, register.clock.now(), is_producer)
