"""The DGWS ID card (a ``saml:Assertion``): found in a SOAP header, read, written.

Den Gode Webservice 1.0 and 1.0.1. Nothing is verified here; ``admission`` makes the checks that the setting ``auth`` asks for.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from mockregister.clock import COPENHAGEN
from mockregister.errors import MockRegisterError, shown
from mockregister.safexml import NAMESPACES, NOT_XML, qname, whole_text

ID = "IDCard"
MOST_ID = 200  # characters of a message id that the answer repeats
VERSION = "1.0.1"
STS_PATH = "/sts/services/NewSecurityTokenService"
NOT_IN_FORCE = "The ID card is valid from"  # the beginning of the hint about a card that is not in force
CVR_FORMAT, CPR_FORMAT = "medcom:cvrnumber", "medcom:cprnumber"
CARE_PROVIDER, CERTIFICATE_HASH = "medcom:CareProviderID", "sosi:OCESCertHash"
LIFE = timedelta(hours=24)
SET_BACK = timedelta(minutes=5)  # an ID card is valid from before it is issued, because clocks differ
LARGEST = 64 * 1024  # bytes of an ID card; with a certificate it has about 6,000
MOST_ATTRIBUTES = 100
MOST_XML_ATTRIBUTES = 20  # of one element; the time of canonicalisation grows with the square of their number
LEVELS = ("3", "4")
ASSERTIONS = f"{qname('wsse', 'Security')}/{qname('saml', 'Assertion')}"
ATTRIBUTES = f"{qname('saml', 'AttributeStatement')}/{qname('saml', 'Attribute')}"  # the card's own statements, which are signed
ATTRIBUTE_VALUE, CONDITIONS = qname("saml", "AttributeValue"), qname("saml", "Conditions")
SAME_ID = etree.XPath("count(//@*[translate(local-name(), 'ID', 'id') = 'id'][. = $id])")
FOR_OTHERS = (f"{{{NAMESPACES['soap11']}}}actor", f"{{{NAMESPACES['soap12']}}}role")
FOR_US = (
    "",
    "http://schemas.xmlsoap.org/soap/actor/next",
    f"{NAMESPACES['soap12']}/role/next",
    f"{NAMESPACES['soap12']}/role/ultimateReceiver",
)
# xs:dateTime; DGWS 1.0 has local times without a zone
XML_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


class IllFormedCard(MockRegisterError):
    """An assertion does not have the form of a DGWS ID card; the message says where."""


@dataclass(frozen=True, slots=True)
class IdCard:
    """A DGWS ID card as it was sent; times are ISO 8601 texts or None if absent; other absent values are empty.

    ``names`` are the names of its attributes, repeated as often as they occur.
    """

    id: str
    version: str
    type: str
    level: str
    care_provider: str
    care_provider_format: str
    certificate_hash: str
    not_before: str | None
    not_on_or_after: str | None
    names: tuple[str, ...]


def security_headers(header: etree._Element | None) -> list[etree._Element]:
    """Return the ``wsse:Security`` headers of a SOAP header that are addressed to the register."""
    found = [] if header is None else header.findall(qname("wsse", "Security"))
    return [block for block in found if is_for_us(block)]


def is_for_us(block: etree._Element) -> bool:
    """Return whether a SOAP header block is addressed to the receiver of the message (SOAP 1.1 actor, SOAP 1.2 role)."""
    return all(block.get(name, "").strip() in FOR_US for name in FOR_OTHERS)


def id_card(header: etree._Element | None) -> IdCard | None:
    """Return the ID card of a SOAP header; None if there is none. The header may hold other assertions, too."""
    found = [] if header is None else header.findall(ASSERTIONS)
    cards = [assertion for assertion in found if ID in (assertion.get("id"), assertion.get("ID"))]
    return next((read(assertion) for assertion in cards or found), None)


def read(assertion: etree._Element) -> IdCard:
    """Return the ID card in an assertion, without any check."""
    conditions, attributes = assertion.find(CONDITIONS), assertion.findall(ATTRIBUTES)
    elements = {attribute.get("Name", ""): attribute.find(ATTRIBUTE_VALUE) for attribute in attributes}
    values = {name: "" if element is None else whole_text(element).strip() for name, element in elements.items()}
    formats = {attribute.get("Name", ""): attribute.get("NameFormat", "") for attribute in attributes}
    return IdCard(
        id=assertion.get("id", assertion.get("ID", "")),
        version=values.get("sosi:IDCardVersion", ""),
        type=values.get("sosi:IDCardType", ""),
        level=values.get("sosi:AuthenticationLevel", ""),
        care_provider=values.get(CARE_PROVIDER, ""),
        care_provider_format=formats.get(CARE_PROVIDER, ""),
        certificate_hash=values.get(CERTIFICATE_HASH, ""),
        not_before=None if conditions is None else conditions.get("NotBefore"),
        not_on_or_after=None if conditions is None else conditions.get("NotOnOrAfter"),
        names=tuple(attribute.get("Name", "") for attribute in attributes),
    )


def read_strictly(assertion: etree._Element) -> IdCard:
    """Return the ID card in an assertion. Raise IllFormedCard unless it is well-formed and unambiguous.

    Its id must be unique in the whole envelope, so that no other element can be taken for the card.
    """
    card, size = read(assertion), len(etree.tostring(assertion))
    if size > LARGEST or len(card.names) > MOST_ATTRIBUTES:
        most = f"at most {LARGEST} bytes and {MOST_ATTRIBUTES} attributes"
        raise IllFormedCard(f"The ID card has {size} bytes and {len(card.names)} attributes; it may have {most}.")
    if any(len(element.attrib) > MOST_XML_ATTRIBUTES for element in assertion.iter("*")):
        raise IllFormedCard(f"An element of the ID card has more than {MOST_XML_ATTRIBUTES} XML attributes.")
    if card.id != ID:
        raise IllFormedCard(f"The saml:Assertion has the id '{shown(card.id)}'; it must be '{ID}'.")
    if SAME_ID(assertion, id=ID) != 1:
        raise IllFormedCard(f"The envelope has the id '{ID}' more than once; only the ID card may have it.")
    if repeated := _repeated(assertion, card):
        raise IllFormedCard(f"The ID card has '{shown(repeated)}' more than once.")
    if assertion.get("Version") != "2.0" or card.version != VERSION or card.type not in ("system", "user"):
        found = f"Version '{assertion.get('Version', '')}', sosi:IDCardVersion '{card.version}', sosi:IDCardType '{card.type}'"
        raise IllFormedCard(f"The ID card has {shown(found)}; they must be 2.0, {VERSION} and system or user.")
    for path in ("Issuer", "Subject", "Subject/NameID", "Conditions"):
        if len(assertion.findall("/".join(qname("saml", step) for step in path.split("/")))) != 1:
            raise IllFormedCard(f"The ID card must have one saml:{path.replace('/', '/saml:')}.")
    _check_attributes(assertion)
    return card


def _check_attributes(assertion: etree._Element) -> None:
    """Raise IllFormedCard for an attribute that has several values or is not in one of the card's own statements."""
    for attribute in assertion.iter(qname("saml", "Attribute")):
        name, statement = shown(attribute.get("Name", "")), attribute.getparent()
        if statement is None or statement.tag != qname("saml", "AttributeStatement") or statement.getparent() is not assertion:
            raise IllFormedCard(f"The saml:Attribute '{name}' must stand in a saml:AttributeStatement of the ID card.")
        if (count := len(attribute.findall(qname("saml", "AttributeValue")))) > 1:
            raise IllFormedCard(f"The saml:Attribute '{name}' has {count} saml:AttributeValue; give it one.")


def _repeated(assertion: etree._Element, card: IdCard) -> str:
    """Return an id or an attribute's name that occurs twice in the card; empty if none does."""
    ids = [
        value
        for element in assertion.iter("*")
        for name, value in element.attrib.items()
        if etree.QName(name).localname.lower() == "id"
    ]
    return next((str(value) for values in (ids, card.names) for value, count in Counter(values).items() if count > 1), "")


def moment(text: str | None, where: str) -> datetime:
    """Return the moment of a DGWS time; without an offset it is Danish time. Raise ValueError with ``where`` in its text."""
    if text is None:
        raise ValueError(f"{where} is absent; write it as 2019-06-01T12:00:00Z.")
    try:
        if not XML_TIME.fullmatch(text.strip()):
            raise ValueError(text)
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(f"{where} is '{shown(text)}', not a date and time; write it as 2019-06-01T12:00:00Z.") from error
    return found if found.tzinfo else found.replace(tzinfo=COPENHAGEN)


def time(at: datetime) -> str:
    """Return a moment as DGWS 1.0.1 writes it: UTC, whole seconds."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def security_header(at: datetime, message_id: str) -> str:
    """Return the Security header of a message to or from the STS; the library Seal reads id and time from it, also in faults."""
    return (
        f'<wsse:Security xmlns:wsse="{NAMESPACES["wsse"]}" id={quoteattr(message_id)}>'
        f'<wsu:Timestamp xmlns:wsu="{NAMESPACES["wsu"]}">'
        f"<wsu:Created>{time(at)}</wsu:Created></wsu:Timestamp></wsse:Security>"
    )


def message_id(header: etree._Element | None) -> str:
    """Return the id of a message to the STS, which its answer repeats; a new one if there is none."""
    security = None if header is None else header.find(qname("wsse", "Security"))
    found = "" if security is None else security.get("id", "")
    return found if 0 < len(found) <= MOST_ID and found != ID else uuid4().hex


def write(care_provider: str, begin: datetime, *, user: bool = False, certificate_hash: str = "") -> str:
    """Return an unsigned ID card, as XML, in force from ``begin`` for 24 hours; the holder and the names are made up.

    ``care_provider`` is a CVR number, ``certificate_hash`` the base64 of the digest of the client's certificate.
    """
    kind, level, holder = ("user", 4, TEST_CPR) if user else ("system", 3, care_provider)
    data = {
        "sosi:IDCardID": str(uuid4()),
        "sosi:IDCardVersion": VERSION,
        "sosi:IDCardType": kind,
        "sosi:AuthenticationLevel": str(level),
        **({CERTIFICATE_HASH: certificate_hash} if certificate_hash else {}),
    }
    system = {"medcom:ITSystemName": "mockregister", CARE_PROVIDER: care_provider, "medcom:CareProviderName": "mockregister test"}
    return (
        f'<saml:Assertion xmlns:saml="{NAMESPACES["saml"]}" IssueInstant="{time(begin)}" Version="2.0" id="{ID}">'
        f"<saml:Issuer>mockregister</saml:Issuer><saml:Subject>"
        f'<saml:NameID Format="{CPR_FORMAT if user else CVR_FORMAT}">{_text(holder)}</saml:NameID><saml:SubjectConfirmation>'
        f"<saml:ConfirmationMethod>urn:oasis:names:tc:SAML:2.0:cm:holder-of-key</saml:ConfirmationMethod>"
        f'<saml:SubjectConfirmationData><ds:KeyInfo xmlns:ds="{NAMESPACES["ds"]}"><ds:KeyName>OCESSignature</ds:KeyName>'
        "</ds:KeyInfo></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>"
        f'<saml:Conditions NotBefore="{time(begin)}" NotOnOrAfter="{time(begin + LIFE)}"/>'
        f"{_statement('IDCardData', data)}{_statement('UserLog', TEST_USER) if user else ''}{_statement('SystemLog', system)}"
        "</saml:Assertion>"
    )


TEST_CPR = "2512489996"
TEST_USER = {
    "medcom:UserCivilRegistrationNumber": TEST_CPR,
    "medcom:UserGivenName": "Test",
    "medcom:UserSurName": "Bruger",
    "medcom:UserRole": "7170",
}


def _statement(name: str, attributes: dict[str, str]) -> str:
    formats = {CARE_PROVIDER: f' NameFormat="{CVR_FORMAT}"'}
    inside = "".join(
        f"<saml:Attribute Name={quoteattr(key)}{formats.get(key, '')}><saml:AttributeValue>{_text(value)}</saml:AttributeValue>"
        "</saml:Attribute>"
        for key, value in attributes.items()
    )
    return f'<saml:AttributeStatement id="{name}">{inside}</saml:AttributeStatement>'


def _text(value: str) -> str:
    return escape(NOT_XML.sub("\ufffd", value))
