"""The Danish SOAP headers: the DGWS ID card in ``wsse:Security``, the medcom Header, the HSUID header.

Den Gode Webservice 1.0 and 1.0.1. The ID card is read whatever the auth dial says, since the care provider in it belongs to
the submission; it is checked only when the dial says ``headers``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from lxml import etree

from mockregister.clock import COPENHAGEN
from mockregister.envelope.mime import shown
from mockregister.envelope.soap import Message, held
from mockregister.errors import AccessDenied, UnreadableRequest
from mockregister.safexml import qname

FINALIZED = "flow_finalized_succesfully"  # the register's spelling
PROCESSING_PROBLEM, NOT_AUTHORIZED = "processing_problem", "not_authorized"


@dataclass(frozen=True, slots=True)
class IdCard:
    """A DGWS ID card as it was sent, nothing verified.

    ``not_before`` and ``not_on_or_after`` are ISO 8601 texts, None if absent.
    """

    care_provider: str
    not_before: str | None
    not_on_or_after: str | None


def id_card(header: etree._Element | None) -> IdCard | None:
    """The ID card of a SOAP header, None where there is none."""
    assertion = _assertion(header)
    if assertion is None:
        return None
    conditions = assertion.find(qname("saml", "Conditions"))
    return IdCard(
        care_provider=_attributes(assertion, "saml").get("medcom:CareProviderID", ""),
        not_before=None if conditions is None else conditions.get("NotBefore"),
        not_on_or_after=None if conditions is None else conditions.get("NotOnOrAfter"),
    )


def message_id(header: etree._Element | None) -> str:
    """``Linking/MessageID`` of the medcom Header, in either namespace; empty where there is none."""
    for prefix in ("dgws", "dgws101"):
        linking = None if header is None else header.find(f"{qname(prefix, 'Header')}/{qname(prefix, 'Linking')}")
        if linking is not None:
            return (linking.findtext(qname(prefix, "MessageID")) or "").strip()
    return ""


def system_name(header: etree._Element | None) -> str:
    """The sending system's name and version from the HSUID header (facts 23, 61); empty where there is none."""
    hsuid = None if header is None else header.find(qname("hsuid", "HsuidHeader"))
    said = {} if hsuid is None else _attributes(hsuid, "hsuid")
    return f"{said.get('nsi:SystemName', '')} {said.get('nsi:SystemVersion', '')}".strip()


def answer_header(namespace: str) -> str:
    """The medcom Header of an answer, in the namespace of the path called (facts 43, 79)."""
    return (
        f'<Header xmlns="{namespace}"><SecurityLevel>3</SecurityLevel><Linking><MessageID>{uuid4().hex}</MessageID></Linking>'
        f"<FlowStatus>{FINALIZED}</FlowStatus></Header>"
    )


def check(message: Message, now: datetime, is_producer: Callable[[str], bool]) -> None:
    """Raise AccessDenied unless the security headers are there, well-formed, in force at ``now``, and a producer's.

    The texts and codes are the register's own (facts 18, 24, 26, 27, 48, 49); signatures are not verified.
    """
    card = id_card(message.header)
    if card is None:
        raise AccessDenied(
            "Validation Failed (1): Unable to find signature.",
            hint=f"{_instead_of_card(message.header)}; send the ID card that the STS issued.",
        )
    _check_timestamp(message.header)
    _check_period(card, now)
    _check_certificate(message)
    _check_producer(card, is_producer)


def _instead_of_card(header: etree._Element | None) -> str:
    """What stands where the ID card should, as a sentence without its end."""
    if header is None:
        return "The SOAP envelope has no Header with a wsse:Security"
    security = header.find(qname("wsse", "Security"))
    if security is None:
        return f"The SOAP header has no wsse:Security ({qname('wsse', 'Security')}), it holds {held(header)}"
    return f"The wsse:Security has no saml:Assertion of SAML 2.0 ({qname('saml', 'Assertion')}), it holds {held(security)}"


def _check_timestamp(header: etree._Element | None) -> None:
    path = "/".join((qname("wsse", "Security"), qname("wsu", "Timestamp"), qname("wsu", "Created")))
    _moment(None if header is None else header.findtext(path), "wsse:Security/wsu:Timestamp/wsu:Created")


def _check_period(card: IdCard, now: datetime) -> None:
    begin = _moment(card.not_before, "saml:Conditions/@NotBefore")
    end = _moment(card.not_on_or_after, "saml:Conditions/@NotOnOrAfter")
    if not begin <= now < end:
        raise AccessDenied(
            "Internal server error",
            fault_code=PROCESSING_PROBLEM,
            hint=f"The ID card is valid from {begin.isoformat()} to {end.isoformat()}; the register's clock says "
            f"{now.isoformat(timespec='seconds')}. Get a new ID card, or move the register's clock.",
        )


def _check_certificate(message: Message) -> None:
    """A certificate that is sent as an attachment must be there (fact 49)."""
    for include in message.header.iter(qname("xop", "Include")) if message.header is not None else ():
        try:
            message.package.attached(include.get("href", ""))
        except UnreadableRequest as error:
            raise AccessDenied("Unable to get certificate from dom", hint=str(error)) from error


def _check_producer(card: IdCard, is_producer: Callable[[str], bool]) -> None:
    if not card.care_provider or not is_producer(card.care_provider):
        raise AccessDenied(
            "The care provider is not registered as a data producer in LPR "
            f"(medcom:CareProviderID = {shown(card.care_provider)})",
            sender=True,
            fault_code=NOT_AUTHORIZED,
            hint="" if card.care_provider else "The ID card's medcom:CareProviderID is absent or empty; "
            "write the CVR number of the care provider as its saml:AttributeValue.",
        )


def _assertion(header: etree._Element | None) -> etree._Element | None:
    """The ID card's assertion; other assertions may stand beside it."""
    found = [] if header is None else header.findall(f"{qname('wsse', 'Security')}/{qname('saml', 'Assertion')}")
    cards = [assertion for assertion in found if "IDCard" in (assertion.get("id"), assertion.get("ID"))]
    return next(iter(cards or found), None)


def _attributes(parent: etree._Element, prefix: str) -> dict[str, str]:
    return {
        one.get("Name", ""): (one.findtext(qname(prefix, "AttributeValue")) or "").strip()
        for one in parent.iter(qname(prefix, "Attribute"))
    }


def _moment(value: str | None, where: str) -> datetime:
    if value is None:
        raise AccessDenied("Validation Failed.", hint=f"{where} is absent; write it as 2019-06-01T12:00:00Z.")
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError as error:
        hint = f"{where} is '{shown(value)}', which is no date and time; write it as 2019-06-01T12:00:00Z."
        raise AccessDenied("Validation Failed.", hint=hint) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=COPENHAGEN)
