"""A client's side of the exchange with an STS: the request, and the ID card in the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from mockregister import safexml
from mockregister.errors import MockRegisterError, UnreadableDocument, shown
from mockregister.safexml import NAMESPACES, qname, whole_text
from mockregister.security import idcard, sts
from mockregister.security.signature import SHA1, SHA256, sign
from mockregister.security.trust import Identity

HEADERS = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '"Issue"'}
METHODS = {"sha1": SHA1, "sha256": SHA256}


class NoCard(MockRegisterError):
    """The STS issued no ID card; the sentence is what it said."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a certificate and a key who asks for ID cards; ``user`` asks for a user's, else for a system's."""

    identity: Identity
    user: bool = False
    methods: str = "sha256"

    @classmethod
    def load(cls, folder: Path, name: str = "system", methods: str = "sha256") -> Holder:
        """Return the holder called ``name`` in a PKI folder. Raise SettingError."""
        return cls(Identity.load(folder, name), user=name == "user", methods=methods)

    def request(self, care_provider: str, now: datetime | None = None) -> bytes:
        """Return the signed request for a card of a care provider (a CVR number)."""
        now = now or datetime.now(UTC)
        sha1, sha256 = sts.certificate_hashes(self.identity.certificate)
        digest = sha1 if self.methods == "sha1" else sha256
        card = etree.fromstring(idcard.write(care_provider, now - idcard.SET_BACK, user=self.user, certificate_hash=digest))
        sign(card, self.identity, METHODS[self.methods])
        return (
            f'<soap:Envelope xmlns:soap="{NAMESPACES["soap11"]}"><soap:Header>{sts.header(now)}</soap:Header><soap:Body>'
            f'<wst:RequestSecurityToken xmlns:wst="{NAMESPACES["wst"]}" Context="{sts.CONTEXT}">'
            f"<wst:TokenType>{sts.TOKEN_TYPES[0]}</wst:TokenType><wst:RequestType>{sts.ISSUE}</wst:RequestType>"
            f"<wst:Claims>{etree.tostring(card, encoding='unicode')}</wst:Claims></wst:RequestSecurityToken></soap:Body>"
            "</soap:Envelope>"
        ).encode()


def read_answer(answer: bytes) -> str:
    """Return the ID card in an answer of an STS, as XML. Raise NoCard."""
    try:
        root = safexml.parse(answer)
    except UnreadableDocument as error:
        raise NoCard(f"The STS answered with no SOAP: {shown(answer.decode('utf-8', 'replace'))}") from error
    card = next(root.iter(qname("saml", "Assertion")), None)
    if card is None:
        said = [whole_text(one).strip() for one in root.iter("faultstring", "{*}Text", "{urn:mockregister}hint")]
        raise NoCard(f"The STS issued no ID card: {' '.join(filter(None, said)) or 'its answer has none'}")
    card.tail = None
    return etree.tostring(card, encoding="unicode")
