"""Asking a registry and a repository: ITI-18 Registry Stored Query and ITI-43 Retrieve Document Set (IHE ITI TF-2).

Errors in a query are answered with a RegistryErrorList; only a request that is not a query is answered with a SOAP fault.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lxml import etree

from mockregister.envelope import ebrim, soap
from mockregister.envelope.ebrim import RegistryObject
from mockregister.envelope.soap import Caller, Message, attribute, text
from mockregister.errors import UnreadableRequest, shown
from mockregister.safexml import NAMESPACES, held, qname

QUERY_REQUEST = qname("query", "AdhocQueryRequest")
RETRIEVE_REQUEST = qname("xds", "RetrieveDocumentSetRequest")
QUERY_ANSWER_ACTION = "urn:ihe:iti:2007:RegistryStoredQueryResponse"
RETRIEVE_ANSWER_ACTION = "urn:ihe:iti:2007:RetrieveDocumentSetResponse"
STATUS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:"
SEVERITY = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error"
PARTIAL = "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess"
QUOTED = re.compile(r"'((?:[^']|'')*)'")


@dataclass(frozen=True, slots=True)
class StoredQuery:
    """A stored query: its id, its return type, and its parameters by name, each with the values of every Slot of that name.

    ``return_type`` is LeafClass or ObjectRef.
    """

    id: str
    return_type: str
    parameters: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RegistryError:
    """An error in a query or retrieval: a code such as XDSUnknownStoredQuery, a sentence, and where it is, if known."""

    code: str
    sentence: str
    location: str = ""


@dataclass(frozen=True, slots=True)
class DocumentRequest:
    """A request for one document."""

    repository_id: str
    unique_id: str


@dataclass(frozen=True, slots=True)
class RetrievedDocument:
    """A document in an answer."""

    request: DocumentRequest
    content: bytes
    mime_type: str = "text/xml"


def read_query(message: Message) -> StoredQuery:
    """Return the stored query in an opened envelope. Raise UnreadableRequest for anything else."""
    query = _payload(message, QUERY_REQUEST).find(qname("rim", "AdhocQuery"))
    if query is None:
        there = f"{qname('rim', 'AdhocQuery')}, it holds {held(message.payload)}"
        raise UnreadableRequest(f"The AdhocQueryRequest has no {there}; name the stored query by its id.")
    option = message.payload.find(qname("query", "ResponseOption"))
    wanted = option.get("returnType", "") if option is not None else ""
    found = StoredQuery(query.get("id", "").strip(), wanted or "LeafClass")
    for slot in query.findall(qname("rim", "Slot")):
        values = [word for value in slot.iter(qname("rim", "Value")) for word in read_values(value.text or "")]
        found.parameters.setdefault(slot.get("name", ""), []).append(tuple(values))
    return found


def read_values(written: str) -> list[str]:
    """Return the values in a text such as ``'a'``, ``('a','b')`` or ``123`` (ITI TF-2, section 3.18.4.1.2.3.5)."""
    if "'" in written:
        return [quoted.replace("''", "'") for quoted in QUOTED.findall(written)]
    bare = written.strip().removeprefix("(").removesuffix(")")
    return [word.strip() for word in bare.split(",") if word.strip()]


def read_retrieval(message: Message) -> list[DocumentRequest]:
    """Return the documents that a request asks for, each once. Raise UnreadableRequest if it asks for none."""
    found = _payload(message, RETRIEVE_REQUEST).findall(qname("xds", "DocumentRequest"))
    if not found:
        there = f"{qname('xds', 'DocumentRequest')}, it holds {held(message.payload)}"
        raise UnreadableRequest(f"The RetrieveDocumentSetRequest has no {there}; name at least one document.")
    asked = (DocumentRequest(_text_of(each, "RepositoryUniqueId"), _text_of(each, "DocumentUniqueId")) for each in found)
    return list(dict.fromkeys(asked))


def write_query_answer(
    message: Message, found: Sequence[RegistryObject], errors: Sequence[RegistryError], *, whole: bool = True
) -> tuple[str, bytes]:
    """Return Content-Type and body of an AdhocQueryResponse, packaged as the request was.

    With ``whole`` it holds the objects with all their metadata, else only their ids.
    """
    objects = (ebrim.leaf_classes if whole else ebrim.object_refs)(found)
    answer = (
        f'<query:AdhocQueryResponse xmlns:query="{NAMESPACES["query"]}" xmlns:rs="{NAMESPACES["rs"]}"'
        f' xmlns="{ebrim.NAMESPACE}" status="{STATUS}{"Failure" if errors else "Success"}" totalResultCount="{len(found)}">'
        f"{_error_list(errors)}<RegistryObjectList>{objects}</RegistryObjectList></query:AdhocQueryResponse>"
    )
    return soap.write(message.caller, "", answer, QUERY_ANSWER_ACTION)


def write_retrieval(caller: Caller, found: Sequence[RetrievedDocument], errors: Sequence[RegistryError]) -> tuple[str, bytes]:
    """Return Content-Type and body of a RetrieveDocumentSetResponse.

    The documents are MTOM attachments, as IHE requires; a caller whose request was not multipart gets them as base64 text.
    """
    status = f"{STATUS}Success" if not errors else PARTIAL if found else f"{STATUS}Failure"
    attached = found if caller.packaged else ()
    attachments = [(f"{number}@mockregister", document.content) for number, document in enumerate(attached, 1)]
    includes = [f'<xop:Include xmlns:xop="{NAMESPACES["xop"]}" href="cid:{name}"/>' for name, _ in attachments]
    contents = includes or [b64encode(document.content).decode() for document in found]
    answer = (
        f'<xds:RetrieveDocumentSetResponse xmlns:xds="{NAMESPACES["xds"]}" xmlns:rs="{NAMESPACES["rs"]}">'
        f'<rs:RegistryResponse status="{status}">{_error_list(errors)}</rs:RegistryResponse>'
        f"{''.join(_document(document, content) for document, content in zip(found, contents, strict=True))}"
        "</xds:RetrieveDocumentSetResponse>"
    )
    return soap.write(caller, "", answer, RETRIEVE_ANSWER_ACTION, attachments)


def _document(document: RetrievedDocument, content: str) -> str:
    return (
        f"<xds:DocumentResponse><xds:RepositoryUniqueId>{text(document.request.repository_id)}</xds:RepositoryUniqueId>"
        f"<xds:DocumentUniqueId>{text(document.request.unique_id)}</xds:DocumentUniqueId>"
        f"<xds:mimeType>{text(document.mime_type)}</xds:mimeType><xds:Document>{content}</xds:Document></xds:DocumentResponse>"
    )


def _error_list(errors: Iterable[RegistryError]) -> str:
    written = "".join(
        f"<rs:RegistryError errorCode={attribute(error.code)} codeContext={attribute(error.sentence)}"
        f' location={attribute(error.location)} severity="{SEVERITY}"/>'
        for error in errors
    )
    return f'<rs:RegistryErrorList highestSeverity="{SEVERITY}">{written}</rs:RegistryErrorList>' if written else ""


def _payload(message: Message, wanted: str) -> etree._Element:
    if message.payload.tag != wanted:
        raise UnreadableRequest(f"The SOAP Body holds {shown(str(message.payload.tag))}; send {wanted}.")
    soap.refuse_unknown_headers(message)
    return message.payload


def _text_of(element: etree._Element, name: str) -> str:
    return (element.findtext(qname("xds", name)) or "").strip()
