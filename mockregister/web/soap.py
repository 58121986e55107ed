"""The SOAP services: six paths, a policy for each, and their description by ``?wsdl``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, Response, request

from mockregister.envelope import soap, wsdl, xdr
from mockregister.mocking.journal import HttpMessage
from mockregister.model import Submission
from mockregister.safexml import NAMESPACES
from mockregister.submission import Service, submit
from mockregister.web import body
from mockregister.web.description import describe
from mockregister.web.message import admit, opened
from mockregister.web.registers import namespace, registers
from mockregister.web.visit import visit

blueprint = Blueprint("soap", __name__)
blueprint.after_request(body.compress)

# Path of each family of services, and the namespace of its medcom header (facts 157, 174).
FAMILIES = {
    "/cda-ws/DocumentRepository_Service/": NAMESPACES["dgws"],
    "/cda-ws/medcom-1.0.1/DocumentRepository_Service/": NAMESPACES["dgws101"],
}


def handler(service: Service, header_namespace: str) -> Callable[[], Response]:
    """Return the view of one path.

    The view answers GET with a description of the service. On POST it reads a submission, hands it to the register, and answers.
    """

    def view() -> Response:
        if request.method != "POST":
            return describe(wsdl.DESCRIPTION, "submission", header_namespace)
        current, here, sent, message = visit(), namespace(), submitted(), opened(soap.read)
        if (card := admit(message)) is not None:
            current.submission = sent = replace(sent, care_provider=card.care_provider)  # from the checked card
        current.outcome = outcome = submit(here.register, service, sent, current.imposed, here.edition)
        kind, answer = xdr.write_answer(message.caller, outcome.status, outcome.findings, header_namespace)
        return Response(answer, content_type=kind)

    return view


def submitted() -> Submission:
    """Return the submission in the request, which is read once. Raise UnreadableRequest, the same each time."""
    current = visit()
    if current.submission is None:
        sent = xdr.read(opened(soap.read))
        body.limit_elements((document.content for document in sent.documents), registers().settings)
        current.submission = sent
    return current.submission


def sent_in(request: HttpMessage) -> Submission:
    """Return the submission in a request from the journal. Raise UnreadableRequest."""
    return xdr.read(soap.read(request.content_type, request.body))


for path, medcom in FAMILIES.items():
    for row in Service:
        blueprint.add_url_rule(
            path + row.url_name,
            f"{row.name}-{medcom.rpartition('/')[2].replace('.', '-')}",
            handler(row, medcom),
            methods=["GET", "POST"],
        )
