"""The checks of a submission's security headers.

The setting ``auth`` says what is checked: ``off`` nothing, ``headers`` the form of the headers, ``signed`` the signature, too.
The checks run in order, and the first that fails is answered. Reasons are the real register's texts where they are known
(facts 18, 24, 26, 27, 48, 49, 163), which say little; the FaultCode is DGWS's, and the hint says what was found.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from mockregister.errors import AccessDenied, SettingError, UnreadableRequest, shown
from mockregister.safexml import held, qname, whole_text
from mockregister.security import idcard
from mockregister.security.idcard import IdCard
from mockregister.settings import Settings

if TYPE_CHECKING:  # imported lazily: a server with auth = off starts without cryptography
    from mockregister.security.trust import Trust

PROCESSING_PROBLEM, NOT_AUTHORIZED = "processing_problem", "not_authorized"
FAILED = "Validation Failed."
NO_SIGNATURE = "Validation Failed (1): Unable to find signature."
NO_CERTIFICATE = "Unable to get certificate from dom"
NOT_TRUSTED = "The certificate that signed the security token is not trusted!"
LONGEST_LIFE = idcard.LIFE + idcard.SET_BACK
DIGEST_SIZES = {20: "sha1", 32: "sha256"}

Header = etree._Element | None
Attached = Callable[[str], bytes]
IsProducer = Callable[[str], bool]


class Admission:
    """The checks of one server, with ``auth`` = headers or signed, and whom the server trusts.

    If ``precise``, faults have DGWS's FaultCode for the case also where the real register was observed with another code.
    """

    def __init__(self, auth: str, trust: Trust | None = None, *, precise: bool = False) -> None:
        self.auth, self.trust, self.precise = auth, trust, precise

    @classmethod
    def of(cls, settings: Settings) -> Admission | None:
        """Return the checks for these settings, None for ``off``. Raise SettingError if ``signed`` has nobody to trust."""
        folder = settings.trust or settings.pki
        if settings.auth == "signed" and folder is None:
            raise SettingError("auth = signed needs someone to trust: name a folder with --trust, or with --pki for tests.")
        trust = _trust(folder)
        return None if settings.auth == "off" else cls(settings.auth, trust, precise=settings.fault_codes == "dgws")

    def check(self, header: Header, attached: Attached, now: datetime, is_producer: IsProducer) -> IdCard:
        """Return the checked ID card.

        ``attached`` returns the bytes that an ``xop:Include`` names; ``is_producer`` tells whether a CVR number is that of a data
        producer. Raise AccessDenied if the headers fail a check at ``now``.
        """
        try:
            return self._checked(header, attached, now, is_producer)
        except AccessDenied as refused:
            if not self.precise or not refused.precise_code:
                raise
            code = refused.precise_code
            raise AccessDenied(str(refused), sender=refused.sender, fault_code=code, hint=refused.hint) from refused

    def _checked(self, header: Header, attached: Attached, now: datetime, is_producer: IsProducer) -> IdCard:
        security, assertion = _the_card(header)
        _put_back(security, attached)
        try:
            card = idcard.read_strictly(assertion)
        except idcard.IllFormedCard as ill_formed:
            raise _wrong(str(ill_formed)) from ill_formed
        begin, end = _check_times(security, card)
        if assertion.find(qname("ds", "Signature")) is None:
            hint = "The ID card has no ds:Signature of its own; send the card that the STS issued."
            raise AccessDenied(NO_SIGNATURE, fault_code="invalid_signature", hint=hint)
        if self.auth == "signed" and self.trust is not None:
            _check_signature(assertion, self.trust, now)
        _check_certificate_hash(security, card)
        _check_in_force(begin, end, now)
        _check_level(security.getparent(), card)
        _check_producer(card, is_producer)
        return card


def _trust(folder: Path | None) -> Trust | None:
    if folder is None:
        return None
    from mockregister.security.trust import Trust

    return Trust.load(folder)


def _the_card(header: Header) -> tuple[etree._Element, etree._Element]:
    """Return the one Security header and the one ID card in it (check 1)."""
    security = idcard.security_headers(header)
    cards = [card for block in security for card in block.findall(qname("saml", "Assertion"))]
    if not cards:
        raise AccessDenied(
            NO_SIGNATURE,
            fault_code="missing_required_header",
            hint=f"{_instead_of_card(header, security)}; send the ID card that the STS issued.",
        )
    blocks = [] if header is None else [block for block in header.iterchildren("*") if idcard.is_for_us(block)]
    everywhere = [card for block in blocks for card in block.iter(qname("saml", "Assertion"))]
    if len(security) > 1 or len(everywhere) > 1:
        found = f"{len(security)} wsse:Security with {len(everywhere)} saml:Assertion"
        raise _wrong(f"The SOAP header has {found}; send one Security header with one ID card.")
    return security[0], cards[0]


def _instead_of_card(header: Header, security: list[etree._Element]) -> str:
    """Return what the message has instead of the ID card, as a sentence without its end."""
    if header is None:
        return "The SOAP envelope has no Header with a wsse:Security"
    if not security:
        return f"The SOAP header has no wsse:Security ({qname('wsse', 'Security')}), it holds {held(header)}"
    return f"The wsse:Security has no saml:Assertion of SAML 2.0 ({qname('saml', 'Assertion')}), it holds {held(security[0])}"


def _put_back(security: etree._Element, attached: Attached) -> None:
    """Replace each ``xop:Include``, for which a SOAP toolkit made an attachment, with the attachment's base64, as it was signed.

    Facts 22, 25 and 49. Raise AccessDenied for attachments that do not exist, or are together larger than an ID card may be.
    """
    room = idcard.LARGEST
    for include in list(security.iter(qname("xop", "Include"))):
        try:
            content = attached(include.get("href", ""))
        except UnreadableRequest as error:
            raise AccessDenied(NO_CERTIFICATE, fault_code="invalid_signature", hint=str(error)) from error
        room -= len(content)
        if room < 0:
            raise _wrong(f"The xop:Includes of the wsse:Security name more than {idcard.LARGEST} bytes; an ID card has fewer.")
        parent = include.getparent()
        if parent is not None:
            parent[:] = []
            parent.text = base64.b64encode(content).decode()


def _check_times(security: etree._Element, card: IdCard) -> tuple[datetime, datetime]:
    """Return when the ID card's life begins and ends. Raise AccessDenied for a malformed time or too long a life (check 2)."""
    created = security.findtext(f"{qname('wsu', 'Timestamp')}/{qname('wsu', 'Created')}")
    try:
        idcard.moment(created, "wsse:Security/wsu:Timestamp/wsu:Created")
        begin = idcard.moment(card.not_before, "saml:Conditions/@NotBefore")
        end = idcard.moment(card.not_on_or_after, "saml:Conditions/@NotOnOrAfter")
    except ValueError as error:
        raise _wrong(str(error)) from error
    if not timedelta() < end - begin <= LONGEST_LIFE:
        span = f"from {begin.isoformat()} to {end.isoformat()}"
        raise _wrong(f"The ID card is valid {span}; its life must begin before it ends and last at most 24 hours.")
    return begin, end


def _check_signature(assertion: etree._Element, trust: Trust, now: datetime) -> None:
    """Raise AccessDenied if the signature is missing, broken or not trusted (checks 3 to 5)."""
    from mockregister.security.signature import SignatureRefused, verify
    from mockregister.security.trust import Untrusted

    try:
        certificate, _ = verify(assertion)
        trust.check_sts(certificate, now)
    except SignatureRefused as refused:
        sentence = NO_CERTIFICATE if refused.lacks_certificate else FAILED
        raise AccessDenied(sentence, fault_code="invalid_signature", hint=str(refused)) from refused
    except Untrusted as untrusted:
        raise AccessDenied(NOT_TRUSTED, fault_code="invalid_certificate", hint=str(untrusted)) from untrusted


def _check_certificate_hash(security: etree._Element, card: IdCard) -> None:
    """Raise AccessDenied if ``sosi:OCESCertHash`` is not a digest, or not that of the certificate that signed the message."""
    if not card.certificate_hash:
        return
    said = _decoded(card.certificate_hash)
    if len(said) not in DIGEST_SIZES:
        hint = f"{idcard.CERTIFICATE_HASH} is '{shown(card.certificate_hash)}', not the base64 of a SHA-1 or SHA-256 digest."
        raise AccessDenied(FAILED, fault_code="invalid_idcard", hint=hint)
    for signature in security.findall(qname("ds", "Signature")):
        for certificate in signature.iter(qname("ds", "X509Certificate")):
            if _digest(_decoded(whole_text(certificate)), len(said)) != said:
                hint = f"{idcard.CERTIFICATE_HASH} is not that of the certificate that the message is signed with."
                raise AccessDenied(FAILED, fault_code="invalid_idcard", hint=hint)


def _digest(content: bytes, size: int) -> bytes:
    """Return the SHA-1 or SHA-256 digest of ``content``, whichever has this size in bytes."""
    import hashlib

    return hashlib.new(DIGEST_SIZES[size], content, usedforsecurity=False).digest()


def _decoded(text: str) -> bytes:
    """Return the bytes of a base64 text; empty for any other text."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _check_in_force(begin: datetime, end: datetime, now: datetime) -> None:
    """Raise AccessDenied if the card is not in force (check 6), with the text and code of facts 24 and 27."""
    if not begin <= now < end:
        raise AccessDenied(
            "Internal server error",
            fault_code=PROCESSING_PROBLEM,
            precise_code="expired_idcard",
            hint=f"{idcard.NOT_IN_FORCE} {begin.isoformat()} to {end.isoformat()}; the register's clock says "
            f"{now.isoformat(timespec='seconds')}. Get a new ID card, or move the register's clock.",
        )


def _check_level(header: Header, card: IdCard) -> None:
    """Raise AccessDenied if the card's level is too low for LPR3 or below that of the medcom Header (check 7)."""
    paths = [f"{qname(prefix, 'Header')}/{qname(prefix, 'SecurityLevel')}" for prefix in ("dgws", "dgws101")]
    said = [] if header is None else [level for path in paths for level in header.findall(path)]
    if not said:
        hint = "The SOAP header has no medcom Header with a SecurityLevel; send one."
        raise AccessDenied(FAILED, fault_code="missing_required_header", hint=hint)
    asked = max(whole_text(level).strip() for level in said)
    if card.level not in idcard.LEVELS or asked not in ("1", "2", *idcard.LEVELS) or asked > card.level:
        found = f"sosi:AuthenticationLevel '{shown(card.level)}' and the medcom Header SecurityLevel '{shown(asked)}'"
        hint = f"The ID card has {found}; the card's must be 3 or 4, and the header's no higher."
        raise AccessDenied(FAILED, fault_code="security_level_failed", hint=hint)


def _check_producer(card: IdCard, is_producer: IsProducer) -> None:
    """Raise AccessDenied if the card names no care provider by CVR number, or one that is no data producer (checks 8 and 9)."""
    if card.care_provider and card.care_provider_format != idcard.CVR_FORMAT:
        hint = f"{idcard.CARE_PROVIDER} has the NameFormat '{shown(card.care_provider_format)}'; use {idcard.CVR_FORMAT}."
        raise AccessDenied(FAILED, fault_code="invalid_idcard", hint=hint)
    if not card.care_provider or not is_producer(card.care_provider):
        raise AccessDenied(
            "The care provider is not registered as a data producer in LPR "
            f"(medcom:CareProviderID = {shown(card.care_provider)})",
            sender=True,
            fault_code=NOT_AUTHORIZED,
            hint=""
            if card.care_provider
            else f"The ID card's {idcard.CARE_PROVIDER} is absent or empty; "
            "write the CVR number of the care provider as its saml:AttributeValue.",
        )


def _wrong(hint: str) -> AccessDenied:
    """Return the failure for headers that cannot be understood."""
    return AccessDenied(FAILED, fault_code="syntax_error", hint=hint)
