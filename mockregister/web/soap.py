"""The SOAP services: six paths, a policy row each, and their description by ``?wsdl``."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, g, request

from mockregister.envelope import dgws, soap, wsdl, xdr
from mockregister.envelope.soap import Message
from mockregister.errors import UnreadableRequest
from mockregister.register.register import Register
from mockregister.safexml import NAMESPACES
from mockregister.submission import Service, submit
from mockregister.web import body
from mockregister.web.description import describe
from mockregister.web.registers import namespace, registers

blueprint = Blueprint("soap", __name__)

# Path of each family of services, and the namespace of its medcom header (facts 157, 174).
FAMILIES = {
    "/cda-ws/DocumentRepository_Service/": NAMESPACES["dgws"],
    "/cda-ws/medcom-1.0.1/DocumentRepository_Service/": NAMESPACES["dgws101"],
}


def handler(service: Service, header_namespace: str) -> Callable[[], Response]:
    """The view of one path: describes itself to GET, takes submissions by POST."""

    def view() -> Response:
        if request.method == "POST":
            return take(service, header_namespace)
        return describe(wsdl.DESCRIPTION, "submission", header_namespace)

    return view


def take(service: Service, header_namespace: str) -> Response:
    """Receive a submission, hand it to the register, answer. ``outcome`` is left in ``g`` for those who note exchanges."""
    register, message = namespace().register, opened()
    admit(message, register)
    g.outcome = submit(register, service, g.submission, g.get("imposed", ()))
    kind, answer = xdr.write_answer(g.caller, g.outcome.status, g.outcome.findings, header_namespace)
    return Response(answer, content_type=kind)


def opened() -> Message:
    """The request's envelope, read once.

    What becomes known on the way is left in ``g`` for those who answer or tell of failures: ``caller``, ``body``,
    ``submission``. Raises UnreadableRequest.
    """
    if "message" not in g:
        kind = request.headers.get("Content-Type", "")
        g.caller = soap.guess(kind, "SOAPAction" in request.headers)
        g.body = _received()
        message = soap.read(kind, g.body)
        g.caller = message.caller
        g.submission = xdr.read(message)
        g.message = message
    opened: Message = g.message
    return opened


def _received() -> bytes:
    """The body; what kept it from coming is told again, since it cannot be received twice. Raises UnreadableRequest."""
    if "missed" in g:
        raise g.missed
    try:
        received: bytes = g.get("body") or body.receive(request, registers().settings)
    except UnreadableRequest as missed:
        g.missed = missed
        raise
    return received


def admit(message: Message, register: Register) -> None:
    """What the auth dial asks for. Raises AccessDenied."""
    if register.settings.auth == "headers":
        dgws.check(message, register.clock.now(), register.codes.producers.has_owner)


@blueprint.after_request
def compress(response: Response) -> Response:
    """Compress the answer when the caller allows it."""
    return body.compress(request, response)


for path, medcom in FAMILIES.items():
    for row in Service:
        blueprint.add_url_rule(
            path + row.url_name,
            f"{row.name}-{medcom.rpartition('/')[2].replace('.', '-')}",
            handler(row, medcom),
            methods=["GET", "POST"],
        )
