"""A small ITI-41 client, with which the command line, our tests and other test suites send documents.

    answer = Client("http://127.0.0.1:8080").submit([document], service="validate")
    answer.status, answer.findings, answer.fault

It needs no WSDL and no SOAP toolkit. Its requests look like those of Apache CXF.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import uuid4

from mockregister import safexml
from mockregister.envelope import author_institution, mime, soap, xdr
from mockregister.envelope.soap import SoapFault, Version, attribute, text
from mockregister.errors import UnreadableDocument, UnreadableRequest
from mockregister.finding import Finding, Level, Severity
from mockregister.safexml import NAMESPACES, qname
from mockregister.security import idcard
from mockregister.security.idcard import NOT_IN_FORCE, STS_PATH
from mockregister.server import NoAnswer as NoAnswer
from mockregister.server import Server
from mockregister.tls import client_side

if TYPE_CHECKING:  # imported lazily: the server only uses the constants of this module
    from mockregister.model import ClinicalDocument
    from mockregister.security.asking import Cards

SERVICES = {
    "save": "PatientHealthcareReportingService",
    "save-if-no-errors": "PatientHealthcareSaveIfNoErrorsReportingService",
    "validate": "PatientHealthcareValidateReportingService",
}
FAMILIES = {
    "1.0": ("/cda-ws/DocumentRepository_Service/", NAMESPACES["dgws"]),
    "1.0.1": ("/cda-ws/medcom-1.0.1/DocumentRepository_Service/", NAMESPACES["dgws101"]),
}
VERSIONS = {"1.1": Version.SOAP11, "1.2": Version.SOAP12}
AUTHOR = "author/assignedAuthor/representedOrganization/id"
CUSTODIAN = "custodian/assignedCustodian/representedCustodianOrganization/id"


@dataclass(frozen=True, slots=True)
class Sending:
    """How a submission is sent.

    ``service`` is a key of ``SERVICES``, ``register`` the name of a register (empty: the default one). ``author`` is the SOR
    id of the author institution and ``care_provider`` a CVR number; None means the first document's own author and custodian,
    an empty text leaves them out. ``soap`` is 1.1 or 1.2. ``medcom`` is the edition of the MedCom header, 1.0 or 1.0.1, which
    also decides the path. ``addressing`` adds WS-Addressing headers, ``compressed`` compresses the body with gzip. ``card`` is
    an ID card as XML; if empty, an unsigned card is made up, issued at the moment ``at`` (None: now). ``id_card`` False sends
    no card. ``headers`` are further HTTP headers.
    """

    service: str = "save"
    register: str = ""
    author: str | None = None
    care_provider: str | None = None
    soap: str = "1.2"
    medcom: str = "1.0"
    addressing: bool = False
    compressed: bool = False
    id_card: bool = True
    card: str = ""
    at: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def version(self) -> Version:
        """The SOAP version."""
        return VERSIONS[self.soap]

    @property
    def base(self) -> str:
        """The beginning of the register's paths: ``/r/<name>``, or empty for the default register."""
        return f"/r/{quote(self.register, safe='')}" if self.register else ""

    @property
    def path(self) -> str:
        """The service's path."""
        return f"{self.base}{FAMILIES[self.medcom][0]}{SERVICES[self.service]}"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the register.

    ``status`` is Success or Failure; it is empty if the answer was not a RegistryResponse. Then ``fault`` says more, or, for a
    page of a front end, ``http_status`` and ``raw``. ``objects`` is the number of documents, entries or references in the
    answer to a query (ITI-18) or a retrieval (ITI-43).
    """

    http_status: int
    headers: Mapping[str, str]
    raw: bytes
    status: str = ""
    findings: tuple[Finding, ...] = ()
    fault: SoapFault | None = None
    objects: int = 0


class Client:
    """Sends submissions to one server, from any number of threads; ``defaults`` are fields of ``Sending`` for every call.

    With ``pki``, a folder made by ``mockregister pki init``, the client fetches ID cards from the STS of that server as
    ``holder`` (system, user, expired, revoked or untrusted) with the algorithms of ``digest`` (sha1 or sha256). It keeps a card
    and renews it when it expires. The client trusts the CA of that folder for the server's certificate, and shows the folder's
    system certificate if the server asks for a certificate. ``client_cert`` is a PEM file with a certificate and its key to
    show instead. ``token`` is the admin token, which the header X-Mock-Outcome may need; ``timeout`` is in seconds. Raise
    SettingError if the folder or the file cannot be used.
    """

    def __init__(
        self,
        url: str,
        timeout: float = 60,
        *,
        token: str = "",
        pki: str | Path | None = None,
        holder: str = "system",
        digest: str = "sha256",
        client_cert: str | Path | None = None,
        **defaults: Any,
    ) -> None:
        self._server = Server(url, token=token, timeout=timeout, context=client_side(url, pki, client_cert))
        self._cards = self._card_keeper(Path(pki), holder, digest) if pki else None
        self.url, self.sending = url, Sending(**defaults)

    def submit(self, documents: Sequence[bytes | str | ClinicalDocument], **changes: Any) -> Answer:
        """Send documents as one submission: XML, or the model, which is written as XML.

        ``changes`` are fields of ``Sending``. Raise NoAnswer and NoCard.
        """
        contents = [_as_bytes(document) for document in documents]
        sending = _completed(replace(self.sending, **changes), contents)
        if self._cards is None or sending.card or not sending.id_card:
            return self._send(sending, contents)
        answer = self._send(replace(sending, card=self.id_card(sending)), contents)
        if _card_is_over(answer):
            answer = self._send(replace(sending, card=self.id_card(sending, renewed=True)), contents)
        return answer

    def id_card(self, sending: Sending, *, renewed: bool = False) -> str:
        """Return the ID card, as XML, that submissions are sent with. Raise NoAnswer, and NoCard if the STS refuses."""
        if self._cards is None:
            return sending.card
        return self._cards.get(sending.base + STS_PATH, sending.care_provider or "", renewed=renewed)

    def explanations(self, exchange: str, language: str = "en") -> list[dict[str, Any]]:
        """Return explanations of an exchange's findings from the register's journal; none if the journal is not available.

        ``exchange`` is the value of the header X-Mock-Exchange in its answer. Raise NoAnswer.
        """
        path = f"{self.sending.base}/__admin/requests/{quote(exchange, safe='')}?explain={quote(language)}"
        answer = self._server.exchange("GET", path, {})
        found: list[dict[str, Any]] = json.loads(answer.data)["findings"] if answer.status == HTTPStatus.OK else []
        return found

    def _card_keeper(self, pki: Path, holder: str, digest: str) -> Cards:
        from mockregister.security import asking

        def send(path: str, request: bytes) -> bytes:
            return self._server.exchange("POST", path, asking.HEADERS, request).data

        return asking.Cards(asking.Holder.load(pki, holder, digest), send)

    def _send(self, sending: Sending, contents: Sequence[bytes]) -> Answer:
        headers, body = write_request(contents, sending)
        return self.post(sending.path, headers, body)

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send headers and body, as ``write_request`` returns them, to ``path`` below the server's URL. Raise NoAnswer."""
        response = self._server.exchange("POST", path, headers, body)
        return read_answer(response.status, response.headers, response.data)


def write_request(documents: Sequence[bytes], sending: Sending) -> tuple[dict[str, str], bytes]:
    """Return the HTTP headers and the body that submit ``documents``."""
    attachments = [(f"{uuid4()}-{number}@mockregister", content) for number, content in enumerate(documents, 1)]
    envelope = _envelope(_completed(sending, documents), [name for name, _ in attachments])
    action = soap.ACTION if sending.version is Version.SOAP12 else ""
    kind, body = mime.write(envelope.encode(), sending.version.media_type, attachments, action)
    headers = {"Content-Type": kind, "Accept-Encoding": "gzip", **sending.headers}
    if sending.version is Version.SOAP11:
        headers["SOAPAction"] = f'"{soap.ACTION}"'
    if sending.compressed:
        headers["Content-Encoding"], body = "gzip", gzip.compress(body, mtime=0)
    return headers, body


def read_answer(http_status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    """Return an HTTP answer with what its SOAP envelope says; without an envelope, only status, headers and body are known."""
    headers = {name.lower(): value for name, value in headers.items()}
    if headers.get("content-encoding") == "gzip":
        with suppress(OSError, EOFError, zlib.error):  # an answer that was cut off on the way is shown as it came
            body = gzip.decompress(body)
    answer = Answer(http_status, headers, body)
    kind = headers.get("content-type", "")
    try:  # a front end answers with an envelope that is not multipart (fact 205)
        payload: Any = soap.read(kind, body, packaged=kind.lower().startswith("multipart/")).payload
    except UnreadableRequest:
        return answer
    response = next(payload.iter(qname("rs", "RegistryResponse"), qname("query", "AdhocQueryResponse")), None)
    if response is not None:
        findings = tuple(read_finding(error.attrib) for error in payload.iter(qname("rs", "RegistryError")))
        objects = sum(1 for _ in payload.iter("{*}ExtrinsicObject", "{*}ObjectRef", "{*}DocumentResponse"))
        return replace(answer, status=_last_word(response.get("status", "")), findings=findings, objects=objects)
    return replace(answer, fault=_fault(payload))


def read_finding(error: Mapping[str, str]) -> Finding:
    """Return the finding in the attributes of a RegistryError."""
    kind, *parts = error.get("codeContext", "").split(xdr.MARK)
    place = error.get("location", "").split(xdr.MARK)
    level = Level(kind) if kind in [known.value for known in Level] else Level.INTEGRITY_CHECK
    rule = level is Level.BUSINESS_RULE and len(place) >= 3
    return Finding(
        level,
        parts[0] if parts else kind,
        Severity(_last_word(error.get("severity", "Error"))),
        code=place[-1] if rule else "".join(parts[1:2]),
        params=tuple(parts[2:]),
        where=place[1] if len(place) in (2, 4) else "",
        document=place[0],
        rule_set=place[-2] if rule else "",
        missing_metadata=error.get("errorCode") == "XDSMissingDocumentMetadata",
    )


def _card_is_over(answer: Answer) -> bool:
    """Return whether the register refused the ID card as not in force, which either the FaultCode or only the hint says."""
    fault = answer.fault
    return fault is not None and (fault.medcom_code == "expired_idcard" or fault.hint.startswith(NOT_IN_FORCE))


def _as_bytes(document: bytes | str | ClinicalDocument) -> bytes:
    if isinstance(document, bytes | str):
        return document.encode() if isinstance(document, str) else document
    from mockregister.document import writer

    return writer.write(document, pretty=False)


def _last_word(urn: str) -> str:
    return urn.rpartition(":")[2]


def _fault(payload: Any) -> SoapFault | None:
    """Return a fault of either SOAP version, in the words of SOAP 1.2."""
    texts = {element.tag.rpartition("}")[2]: (element.text or "").strip() for element in payload.iter("*")}
    if "Fault" not in texts:
        return None
    code = next((element.text or "" for element in payload.iter("{*}Value", "faultcode")), "").rpartition(":")[2]
    reason = texts.get("Text", texts.get("faultstring", ""))
    return SoapFault(
        {"Client": "Sender", "Server": "Receiver"}.get(code, code), reason, texts.get("FaultCode", ""), texts.get("hint", "")
    )


def _completed(sending: Sending, documents: Sequence[bytes]) -> Sending:
    """Return ``sending`` with the first document's author and custodian where ``author`` or ``care_provider`` is None."""
    own_author, own_provider = _ids_in(documents, AUTHOR, CUSTODIAN)
    author = own_author if sending.author is None else sending.author
    provider = own_provider if sending.care_provider is None else sending.care_provider
    return replace(sending, author=author, care_provider=provider)


def _ids_in(documents: Sequence[bytes], *paths: str) -> list[str]:
    """Return the extensions of the ids at ``paths`` in the first document, empty if there is none."""
    try:
        root = safexml.parse(documents[0])
    except (IndexError, UnreadableDocument):
        return [""] * len(paths)
    found = [root.find("/".join(qname("cda", step) for step in path.split("/"))) for path in paths]
    return ["" if element is None else element.get("extension", "") for element in found]


def _envelope(sending: Sending, attachments: Sequence[str]) -> str:
    names = [f"Document{number:02}" for number in range(1, len(attachments) + 1)]
    documents = "".join(
        f'<xds:Document id="{name}"><xop:Include xmlns:xop="{NAMESPACES["xop"]}" href="cid:{quote(cid)}"/></xds:Document>'
        for name, cid in zip(names, attachments, strict=True)
    )
    return (
        f'<soap:Envelope xmlns:soap="{sending.version.namespace}"><soap:Header>{_header(sending)}</soap:Header><soap:Body>'
        f'<xds:ProvideAndRegisterDocumentSetRequest xmlns:xds="{NAMESPACES["xds"]}">{_metadata(sending, names)}{documents}'
        "</xds:ProvideAndRegisterDocumentSetRequest></soap:Body></soap:Envelope>"
    )


def _header(sending: Sending) -> str:
    medcom = (
        f'<Header xmlns="{FAMILIES[sending.medcom][1]}"><SecurityLevel>3</SecurityLevel><Linking><MessageID>{uuid4().hex}'
        "</MessageID></Linking><RequireNonRepudiationReceipt>no</RequireNonRepudiationReceipt></Header>"
    )
    return (_addressing() if sending.addressing else "") + (_security(sending) if sending.id_card else "") + medcom


def _addressing() -> str:
    return (
        f'<wsa:Action xmlns:wsa="{NAMESPACES["wsa"]}">{soap.ACTION}</wsa:Action>'
        f'<wsa:MessageID xmlns:wsa="{NAMESPACES["wsa"]}">{uuid4().urn}</wsa:MessageID>'
    )


def _security(sending: Sending) -> str:
    """Return a Security header with the ID card, or with an unsigned card of the same form."""
    now = sending.at or datetime.now(UTC)
    card = sending.card or idcard.write(sending.care_provider or "", now)
    return (
        f'<wsse:Security xmlns:wsse="{NAMESPACES["wsse"]}"><wsu:Timestamp xmlns:wsu="{NAMESPACES["wsu"]}">'
        f"<wsu:Created>{idcard.time(now)}</wsu:Created></wsu:Timestamp>{card}</wsse:Security>"
    )


def _metadata(sending: Sending, names: Sequence[str]) -> str:
    """Return the submission set with its author, and one entry per document (IHE ITI TF-3, section 4.2)."""
    institution = f"mockregister^^^^^&1.2.208.176.1.1&ISO^^^^{sending.author}"
    slot = f'<Slot name="authorInstitution"><ValueList><Value>{text(institution)}</Value></ValueList></Slot>'
    entries = "".join(
        f'<ExtrinsicObject id={attribute(name)} mimeType="text/xml" objectType="{xdr.DOCUMENT_ENTRY}"/>'
        f'<Association id="Member-{name}" associationType="{xdr.HAS_MEMBER}" sourceObject="Set" targetObject="{name}"/>'
        for name in names
    )
    return (
        f'<lcm:SubmitObjectsRequest xmlns:lcm="{NAMESPACES["lcm"]}" xmlns="{NAMESPACES["rim"]}"><RegistryObjectList>'
        f'<RegistryPackage id="Set"><Classification id="Author" classifiedObject="Set" nodeRepresentation="" '
        f'classificationScheme="{author_institution.SCHEME}">{slot if sending.author else ""}</Classification></RegistryPackage>'
        f'<Classification id="IsSet" classifiedObject="Set" classificationNode="{xdr.SUBMISSION_SET}"/>'
        f"{entries}</RegistryObjectList></lcm:SubmitObjectsRequest>"
    )
