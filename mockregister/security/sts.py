"""The security token service (STS): it answers a client's signed card with a card signed by the STS (WS-Trust 2005/02)."""

from __future__ import annotations

import base64
import hashlib
from copy import deepcopy
from datetime import datetime
from xml.sax.saxutils import quoteattr

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from mockregister.errors import IssueRefused, shown
from mockregister.safexml import NAMESPACES, qname, whole_text
from mockregister.security import idcard
from mockregister.security.idcard import IdCard, IllFormedCard
from mockregister.security.pki import Pki
from mockregister.security.signature import Methods, SignatureRefused, sign, verify
from mockregister.security.trust import Untrusted, is_ca, named

NAME = "mockregister-STS"
ISSUE = f"{NAMESPACES['wst']}/Issue"
TOKEN_TYPES = ("urn:oasis:names:tc:SAML:2.0:assertion:", "urn:oasis:names:tc:SAML:2.0:assertion")
CONTEXT = "www.sosi.dk"
OF_A_USER = {"medcom:UserGivenName", "medcom:UserSurName", "medcom:UserRole"}
FAILED_AUTHENTICATION, INVALID_REQUEST, BAD_REQUEST = "FailedAuthentication", "InvalidRequest", "BadRequest"


def issue(pki: Pki, request: etree._Element, now: datetime) -> str:
    """Return the RequestSecurityTokenResponse to a RequestSecurityToken, issued at ``now``. Raise IssueRefused.

    The issued card has the attributes of the requested one. Its times come from ``now``, not from the request.
    """
    token_type = _check_request(request)
    assertion, card = _asked(request)
    methods = _check_client(pki, assertion, card, now)
    return _answer(_issued(pki, assertion, now, methods), token_type, request.get("Context", CONTEXT))


def care_provider(request: etree._Element) -> str:
    """Return the care provider of the requested card, as it was sent; empty if there is none."""
    card = next(request.iter(qname("saml", "Assertion")), None)
    return "" if card is None else idcard.read(card).care_provider


def _check_request(request: etree._Element) -> str:
    """Return the requested token type. Raise IssueRefused."""
    if request.tag != qname("wst", "RequestSecurityToken"):
        sentence = f"The SOAP Body holds {shown(request.tag)}; send {qname('wst', 'RequestSecurityToken')}."
        raise IssueRefused(sentence, INVALID_REQUEST, "syntax_error")
    asked = (request.find(qname("wst", name)) for name in ("TokenType", "RequestType"))
    token_type, request_type = ("" if element is None else whole_text(element).strip() for element in asked)
    if request_type != ISSUE:
        sentence = f"The wst:RequestType is '{shown(request_type)}'; this STS knows {ISSUE} only."
        raise IssueRefused(sentence, BAD_REQUEST, "syntax_error")
    if token_type not in TOKEN_TYPES:
        sentence = f"The wst:TokenType is '{shown(token_type)}'; this STS issues {TOKEN_TYPES[0]} only."
        raise IssueRefused(sentence, BAD_REQUEST, "syntax_error")
    return token_type


def _asked(request: etree._Element) -> tuple[etree._Element, IdCard]:
    """Return the requested card, as an XML element and as an IdCard. Raise IssueRefused."""
    cards = request.findall(f"{qname('wst', 'Claims')}/{qname('saml', 'Assertion')}")
    if len(cards) != 1 or len(list(request.iter(qname("saml", "Assertion")))) != 1:
        sentence = f"wst:Claims holds {len(cards)} saml:Assertion; send one ID card, signed with your own key."
        raise IssueRefused(sentence, INVALID_REQUEST, "syntax_error")
    try:
        card = idcard.read_strictly(cards[0])
    except IllFormedCard as error:
        raise IssueRefused(str(error), INVALID_REQUEST, "syntax_error") from error
    if card.level not in idcard.LEVELS or not card.care_provider or card.care_provider_format != idcard.CVR_FORMAT:
        sentence = (
            f"The ID card has the sosi:AuthenticationLevel '{shown(card.level)}' and the medcom:CareProviderID "
            f"'{shown(card.care_provider)}' ({shown(card.care_provider_format)}); send level 3 or 4 and a {idcard.CVR_FORMAT}."
        )
        raise IssueRefused(sentence, INVALID_REQUEST, "invalid_idcard")
    if card.type == "user" and (missing := sorted(OF_A_USER.difference(card.names))):
        raise IssueRefused(f"The ID card of a user lacks {', '.join(missing)}.", INVALID_REQUEST, "invalid_idcard")
    return cards[0], card


def _check_client(pki: Pki, assertion: etree._Element, card: IdCard, now: datetime) -> Methods:
    """Return the algorithms of the client's signature, which the issued card will also have. Raise IssueRefused."""
    try:
        certificate, methods = verify(assertion)
        pki.trust.check_issued(certificate, now)
    except SignatureRefused as refused:
        raise IssueRefused(str(refused), FAILED_AUTHENTICATION, "invalid_signature") from refused
    except Untrusted as untrusted:
        raise IssueRefused(str(untrusted), FAILED_AUTHENTICATION, "invalid_certificate") from untrusted
    if is_ca(certificate):
        sentence = f"The ID card is signed by the CA {named(certificate)}; sign it with a client's key."
        raise IssueRefused(sentence, FAILED_AUTHENTICATION, "invalid_certificate")
    if card.certificate_hash and card.certificate_hash not in certificate_hashes(certificate):
        sentence = f"{idcard.CERTIFICATE_HASH} is not that of the certificate {named(certificate)} that signed the ID card."
        raise IssueRefused(sentence, FAILED_AUTHENTICATION, "invalid_idcard")
    return methods


def certificate_hashes(certificate: x509.Certificate) -> tuple[str, str]:
    """Return both valid values of ``sosi:OCESCertHash``: the base64 of the certificate's SHA-1, as Seal writes it, or SHA-256."""
    der = certificate.public_bytes(Encoding.DER)
    sha1, sha256 = hashlib.sha1(der, usedforsecurity=False), hashlib.sha256(der)
    return base64.b64encode(sha1.digest()).decode(), base64.b64encode(sha256.digest()).decode()


def _issued(pki: Pki, asked: etree._Element, now: datetime, methods: Methods) -> etree._Element:
    card, begin = deepcopy(asked), now - idcard.SET_BACK
    card.tail = None
    for signature in card.findall(qname("ds", "Signature")):
        card.remove(signature)
    issuer, conditions = (card.find(qname("saml", name)) for name in ("Issuer", "Conditions"))
    assert issuer is not None
    assert conditions is not None
    issuer[:], issuer.text = [], NAME
    conditions.attrib.update({"NotBefore": idcard.time(begin), "NotOnOrAfter": idcard.time(begin + idcard.LIFE)})
    card.set("IssueInstant", idcard.time(begin))
    etree.cleanup_namespaces(card)
    sign(card, pki.sts, methods)
    return card


def _answer(card: etree._Element, token_type: str, context: str) -> str:
    return (
        f'<wst:RequestSecurityTokenResponse xmlns:wst="{NAMESPACES["wst"]}" Context={quoteattr(context)}>'
        f"<wst:TokenType>{token_type}</wst:TokenType><wst:RequestedSecurityToken>{etree.tostring(card, encoding='unicode')}"
        f"</wst:RequestedSecurityToken><wst:Status><wst:Code>{NAMESPACES['wst']}/status/valid</wst:Code></wst:Status>"
        f'<wst:Issuer><wsa:Address xmlns:wsa="{NAMESPACES["wsa04"]}">{NAME}</wsa:Address></wst:Issuer>'
        "</wst:RequestSecurityTokenResponse>"
    )
