"""``/xds``: document queries for standard toolkits, which the real register does not answer.

``/xds/registry`` answers ITI-18 Registry Stored Query, ``/xds/repository`` ITI-43 Retrieve Document Set; each describes itself by
``?wsdl``. Documents of emptied sets are history: they are found only with ``?history=true``.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from mockregister.envelope import registry_query, soap, wsdl
from mockregister.envelope.registry_query import DocumentRequest, RegistryError, RetrievedDocument
from mockregister.envelope.soap import Message
from mockregister.register.elements import DocumentStanding
from mockregister.register.query import Reader
from mockregister.web import body
from mockregister.web.description import describe
from mockregister.web.message import admit, opened
from mockregister.web.registers import reader
from mockregister.web.xds import stored_queries
from mockregister.web.xds.asked import QueryRefused
from mockregister.web.xds.metadata import REPOSITORY_ID

blueprint = Blueprint("xds", __name__, url_prefix="/xds")
blueprint.after_request(body.compress)


@blueprint.post("/registry")
def registry() -> Response:
    """Answer a stored query."""
    message = _admitted()
    query = registry_query.read_query(message)
    try:
        found, errors = stored_queries.run(query, reader(), _history()), []
    except QueryRefused as refused:
        found, errors = [], [refused.error]
    kind, answer = registry_query.write_query_answer(message, found, errors, whole=query.return_type != "ObjectRef")
    return Response(answer, content_type=kind)


@blueprint.post("/repository")
def repository() -> Response:
    """Answer with the requested documents."""
    message = _admitted()
    answers = [_retrieved(reader(), wanted) for wanted in registry_query.read_retrieval(message)]
    found = [retrieved for retrieved in answers if isinstance(retrieved, RetrievedDocument)]
    errors = [retrieved for retrieved in answers if isinstance(retrieved, RegistryError)]
    kind, answer = registry_query.write_retrieval(message.caller, found, errors)
    return Response(answer, content_type=kind)


@blueprint.get("/registry", endpoint="describe_registry")
def describe_registry() -> Response:
    """Return the WSDL of the registry."""
    return describe(wsdl.REGISTRY, "query")


@blueprint.get("/repository", endpoint="describe_repository")
def describe_repository() -> Response:
    """Return the WSDL of the repository."""
    return describe(wsdl.REPOSITORY, "query")


def _admitted() -> Message:
    """Return the request's envelope, admitted like those of the submission services."""
    message = opened(soap.read_any)
    admit(message)
    return message


def _history() -> bool:
    return request.args.get("history", "").lower() in ("true", "1", "yes", "on")


def _retrieved(known: Reader, asked: DocumentRequest) -> RetrievedDocument | RegistryError:
    if asked.repository_id != REPOSITORY_ID:
        return RegistryError("XDSUnknownRepositoryId", f"This repository is {REPOSITORY_ID}.", asked.repository_id)
    found = known.document(asked.unique_id)
    if found is None or (found.standing is DocumentStanding.REMOVED and not _history()):
        return RegistryError("XDSDocumentUniqueIdError", f"There is no document {asked.unique_id}.", asked.unique_id)
    return RetrievedDocument(asked, found.content)
