"""SOAP 1.1 and 1.2: opening an envelope, writing one, faults, WS-Addressing.

The answer has the version of the request (fact 3), and WS-Addressing headers when the request had them (facts 86, 203).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum
from uuid import uuid4
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from mockregister import packing, safexml
from mockregister.envelope import mime
from mockregister.errors import UnreadableDocument, UnreadableRequest, shown
from mockregister.safexml import NAMESPACES, NOT_XML, held
from mockregister.security.idcard import is_for_us

ACTION = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
ANSWER_ACTION = ACTION + "Response"
FAULT_ACTION = "urn:ihe:iti:xds-b:2007:DocumentRepository_PortType:DocumentRepository_ProvideAndRegisterDocumentSet-b:Fault:"
ANONYMOUS = {
    NAMESPACES["wsa"]: NAMESPACES["wsa"] + "/anonymous",
    "http://schemas.xmlsoap.org/ws/2004/08/addressing": "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous",
}
UNDERSTOOD = {NAMESPACES[prefix] for prefix in ("wsse", "wsu", "saml", "dgws", "dgws101", "hsuid")} | {"urn:lpr", *ANONYMOUS}
CHARSETS = {"utf-16", "utf-16le", "utf-16be", "iso-8859-1", "latin1", "iso-8859-15", "windows-1252", "us-ascii"}
XML_DECLARATION = re.compile(r"\A\ufeff?<\?xml[^>]*\?>")


class Version(Enum):
    """The two versions of SOAP: namespace, media type, and names of elements and attributes as ``{namespace}name``."""

    SOAP11 = (NAMESPACES["soap11"], "text/xml")
    SOAP12 = (NAMESPACES["soap12"], "application/soap+xml")

    def __init__(self, namespace: str, media_type: str) -> None:
        self.namespace, self.media_type = namespace, media_type
        self.header, self.body, self.must_understand = map(self.tag, ("Header", "Body", "mustUnderstand"))

    def tag(self, name: str) -> str:
        """Return ``{namespace}name``."""
        return f"{{{self.namespace}}}{name}"


@dataclass(frozen=True, slots=True)
class Addressing:
    """WS-Addressing as a request used it: its edition, and the message id that the answer relates to."""

    namespace: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Caller:
    """What an answer needs to know of the request.

    That is its SOAP version, its WS-Addressing if it has any, and whether it was multipart (``packaged``).
    """

    version: Version
    addressing: Addressing | None = None
    packaged: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """An opened envelope: the caller, the Header (None if there is none), the Body's one element, and the package."""

    caller: Caller
    header: etree._Element | None
    payload: etree._Element
    package: mime.Package


@dataclass(frozen=True, slots=True)
class SoapFault:
    """A SOAP fault. ``code`` is the one of SOAP 1.2: Sender, Receiver, VersionMismatch or MustUnderstand.

    ``medcom_code`` is the DGWS FaultCode; ``hint`` is a detail that this mock adds where the real text says little;
    ``thrown`` is the end of the WS-Addressing action (fact 203). ``trust_code`` is a code of WS-Trust, which replaces
    SOAP 1.1's own code and is the Subcode in SOAP 1.2. ``actor`` is who found the fault, in SOAP 1.1 only.
    """

    code: str
    reason: str
    medcom_code: str = ""
    hint: str = ""
    thrown: str = "SoapFault"
    trust_code: str = ""
    actor: str = ""

    @property
    def code11(self) -> str:
        """Return the code of SOAP 1.1."""
        return {"Sender": "Client", "Receiver": "Server"}.get(self.code, self.code)


def read(content_type: str, body: bytes, *, packaged: bool = True) -> Message:
    """Return the opened envelope of a message's body, which is MTOM, or the envelope alone if not ``packaged``.

    Raise UnreadableRequest.
    """
    alone = mime.Package(mime.Part({"content-type": content_type}, body), {}, False)
    package = mime.read(content_type, body) if packaged else alone
    root = _parse(package.root)
    version = _version(root)
    headers, bodies = root.findall(version.header), root.findall(version.body)
    for found in (headers, bodies):
        if len(found) > 1:  # nobody would look at the second, whatever it holds
            raise UnreadableRequest(f"The SOAP envelope has {len(found)} {found[0].tag}; send one.")
    if not bodies:
        raise UnreadableRequest(f"The SOAP envelope has no {version.body}, it holds {held(root)}; send one.")
    payload = list(bodies[0].iterchildren("*"))
    if len(payload) != 1:
        which = f": {held(bodies[0])}" if payload else ""
        raise UnreadableRequest(f"The SOAP Body must hold one element and holds {len(payload)}{which}.")
    header = headers[0] if headers else None
    return Message(Caller(version, _addressing(header), packaged), header, payload[0], package)


def read_any(content_type: str, body: bytes) -> Message:
    """Return the opened envelope of a request's body, which is MTOM or the envelope alone. Raise UnreadableRequest."""
    kind = mime.content_type(content_type)[0]
    if kind == "multipart/related":
        return read(content_type, body)
    if kind not in (version.media_type for version in Version):
        advice = "send the SOAP envelope as text/xml (SOAP 1.1) or application/soap+xml (SOAP 1.2), or in multipart/related"
        raise UnreadableRequest(f"The request is '{shown(kind) or 'of no type'}'; {advice}.", 415)
    return read(content_type, body, packaged=False)


def guess(content_type: str, has_soap_action: bool = False, body: bytes = b"") -> Caller:
    """Return the caller of a request that could not be opened, guessed from its body if it is an envelope, or its HTTP headers.

    If nothing shows the SOAP version, it is 1.2 for multipart, and otherwise 1.1, which every toolkit reads.
    """
    kind, parameters = mime.content_type(content_type)
    packaged = kind.startswith("multipart/")
    if not packaged and body:
        with suppress(UnreadableRequest):
            root = _parse(mime.Part({"content-type": content_type}, body))
            version = _version(root)
            return Caller(version, _addressing(root.find(version.header)), packaged)
    declared = f"{kind} {parameters.get('type', '')} {parameters.get('start-info', '')}".lower()
    if Version.SOAP12.media_type in declared:
        return Caller(Version.SOAP12, packaged=packaged)
    is_11 = has_soap_action or Version.SOAP11.media_type in declared or not packaged
    return Caller(Version.SOAP11 if is_11 else Version.SOAP12, packaged=packaged)


def refuse_unknown_headers(message: Message) -> None:
    """Raise UnreadableRequest for an unknown header that must be understood (SOAP 1.2 part 1, section 2.4)."""
    header, must_understand = message.header, message.caller.version.must_understand
    for block in () if header is None else header.iterchildren("*"):
        must = block.get(must_understand, "0").strip() in ("1", "true")
        if must and etree.QName(block).namespace not in UNDERSTOOD and is_for_us(block):
            raise UnreadableRequest(
                f"The header {shown(block.tag)} must be understood, and LPR3 does not know it; leave it out.",
                500,
                "MustUnderstand",
            )


def write(
    caller: Caller, header: str, body: str, action: str = ANSWER_ACTION, attachments: Sequence[tuple[str, bytes]] = ()
) -> tuple[str, bytes]:
    """Return Content-Type and body of an answer, with WS-Addressing headers before ``header`` if the caller used them.

    It is packaged as the request was. ``attachments`` are (Content-ID, bytes), for callers whose request was multipart.
    """
    addressing = _addressing_headers(caller.addressing, action) if caller.addressing else ""
    envelope = (
        f'<soap:Envelope xmlns:soap="{caller.version.namespace}"><soap:Header>{addressing}{header}'
        f"</soap:Header><soap:Body>{body}</soap:Body></soap:Envelope>"
    ).encode()
    media_type = caller.version.media_type
    if caller.packaged:
        return mime.write(envelope, media_type, attachments)
    parameter = f'; action="{action}"' if caller.version is Version.SOAP12 else ""
    return f"{media_type}; charset=UTF-8{parameter}", envelope


def write_plain(caller: Caller, header: str, body: str, action: str) -> tuple[str, bytes]:
    """Return Content-Type and body of an answer that is the envelope alone."""
    return write(replace(caller, packaged=False), header, body, action)


def write_fault(caller: Caller, fault: SoapFault, header: str = "", *, packaged: bool = True) -> tuple[str, bytes]:
    """Return Content-Type and body of a fault: multipart if the request was (fact 214), with WS-Addressing before ``header``.

    ``packaged`` is False for services that the real register lacks; their faults are never multipart, and have the action of
    WS-Addressing 1.0.
    """
    body = f"<soap:Fault>{_fault11(fault) if caller.version is Version.SOAP11 else _fault12(fault)}</soap:Fault>"
    if packaged:
        return write(caller, header, body, FAULT_ACTION + fault.thrown)
    return write_plain(caller, header, body, f"{NAMESPACES['wsa']}/soap/fault")


def text(value: str) -> str:
    """Return ``value`` as XML text, without the characters that XML cannot hold."""
    return escape(NOT_XML.sub("\ufffd", value))


def attribute(value: str) -> str:
    """Return ``value`` as a quoted XML attribute value."""
    return quoteattr(NOT_XML.sub("\ufffd", value))


def _parse(root: mime.Part) -> etree._Element:
    charset = mime.content_type(root.headers.get("content-type", ""))[1].get("charset", "utf-8").lower()
    content = root.content
    is_utf8 = charset in ("utf-8", "utf8") or content.startswith(b"\xef\xbb\xbf")
    try:
        return safexml.parse(content if is_utf8 else _as_utf8(content, charset))
    except UnreadableDocument as error:
        mistaken = packing.mistaken(content)
        raise UnreadableRequest(f"The SOAP envelope cannot be read: {f'{mistaken}.' if mistaken else error}") from error


def _as_utf8(content: bytes, charset: str) -> bytes:
    """Return the envelope in UTF-8, decoded with the part's charset, which overrules the XML declaration (RFC 7303)."""
    if charset not in CHARSETS:
        raise UnreadableRequest(f"The root part has the charset '{shown(charset)}'; use UTF-8.", 415)
    try:
        return XML_DECLARATION.sub("", content.decode(charset)).encode()
    except UnicodeError as error:
        raise UnreadableRequest(f"The root part is not in the charset '{charset}' that it names; use UTF-8.") from error


def _version(root: etree._Element) -> Version:
    name = etree.QName(root)
    if name.localname != "Envelope":
        raise UnreadableRequest(f"The root part is {shown(root.tag)}; send a SOAP envelope.")
    for version in Version:
        if name.namespace == version.namespace:
            return version
    raise UnreadableRequest(
        f"The envelope's namespace '{shown(name.namespace or '')}' is not a known SOAP version; use SOAP 1.2 or 1.1.",
        500,
        "VersionMismatch",
    )


def _addressing(header: etree._Element | None) -> Addressing | None:
    if header is None:
        return None
    namespaces = (etree.QName(block).namespace for block in header.iterchildren("*"))
    namespace = next((namespace for namespace in namespaces if namespace in ANONYMOUS), None)
    return None if namespace is None else Addressing(namespace, header.findtext(f"{{{namespace}}}MessageID", "").strip())


def _addressing_headers(addressing: Addressing, action: str) -> str:
    namespace, relates_to = addressing.namespace, addressing.message_id
    blocks: Sequence[tuple[str, str]] = (
        ("Action", action),
        ("MessageID", uuid4().urn),
        ("To", ANONYMOUS[namespace]),
        ("RelatesTo", relates_to),
    )
    return "".join(f'<{name} xmlns="{namespace}">{text(value)}</{name}>' for name, value in blocks if value)


def _fault11(fault: SoapFault) -> str:
    detail = _detail(fault)
    trust = f'<faultcode xmlns:wst="{NAMESPACES["wst"]}">wst:{fault.trust_code}</faultcode>'
    code = trust if fault.trust_code else f"<faultcode>soap:{fault.code11}</faultcode>"
    actor = f"<faultactor>{text(fault.actor)}</faultactor>" if fault.actor else ""
    return f"{code}<faultstring>{text(fault.reason)}</faultstring>{actor}{f'<detail>{detail}</detail>' if detail else ''}"


def _fault12(fault: SoapFault) -> str:
    detail = _detail(fault)
    subcode = _subcode(fault)
    language = "en-DK" if fault.code == "Sender" and fault.medcom_code else "en"
    return (
        f"<soap:Code><soap:Value>soap:{fault.code}</soap:Value>"
        f"{f'<soap:Subcode>{subcode}</soap:Subcode>' if subcode else ''}</soap:Code>"
        f'<soap:Reason><soap:Text xml:lang="{language}">{text(fault.reason)}</soap:Text></soap:Reason>'
        f"{f'<soap:Detail>{detail}</soap:Detail>' if detail else ''}"
    )


def _subcode(fault: SoapFault) -> str:
    """Return WS-Trust's code, or the Subcode that the real register sends with two of the FaultCodes (facts 27, 28)."""
    if fault.trust_code:
        return f'<soap:Value xmlns:wst="{NAMESPACES["wst"]}">wst:{fault.trust_code}</soap:Value>'
    seen = fault.code == "Receiver" and fault.medcom_code in ("processing_problem", "not_authorized")
    return "<soap:Value>soap:Server</soap:Value>" if seen else ""


def _detail(fault: SoapFault) -> str:
    medcom = f'<medcom:FaultCode xmlns:medcom="{NAMESPACES["dgws"]}">{text(fault.medcom_code)}</medcom:FaultCode>'
    hint = f'<hint xmlns="urn:mockregister">{text(fault.hint)}</hint>'
    return (medcom if fault.medcom_code else "") + (hint if fault.hint else "")
