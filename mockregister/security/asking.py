"""A client's side of the exchange with an STS: the request, and the ID card in the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from uuid import uuid4

from lxml import etree

from mockregister import safexml
from mockregister.errors import NoCard, UnreadableDocument, shown
from mockregister.safexml import NAMESPACES, qname, whole_text
from mockregister.security import idcard, sts
from mockregister.security.pki import Pki
from mockregister.security.signature import SHA1, SHA256, sign
from mockregister.security.trust import Identity

KEPT = idcard.LIFE - timedelta(hours=1)  # measured with our own timer: the STS may have another clock
HEADERS = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '"Issue"'}
METHODS = {"sha1": SHA1, "sha256": SHA256}


@dataclass(frozen=True, slots=True)
class Holder:
    """The holder of a certificate and its key, who asks for ID cards: those of a user if ``user``, else those of a system.

    ``methods`` names the algorithms of the holder's signature: sha1 or sha256.
    """

    identity: Identity
    user: bool = False
    methods: str = "sha256"

    @classmethod
    def load(cls, folder: Path, name: str = "system", methods: str = "sha256") -> Holder:
        """Return the holder called ``name`` in a PKI folder. Raise SettingError."""
        return cls(Identity.load(folder, name), user=name == "user", methods=methods)

    def card(self, care_provider: str, now: datetime) -> str:
        """Return the card, as XML, that the STS is asked for: for a care provider (a CVR number), signed by the holder."""
        sha1, sha256 = sts.certificate_hashes(self.identity.certificate)
        digest = sha1 if self.methods == "sha1" else sha256
        card = etree.fromstring(idcard.write(care_provider, now - idcard.SET_BACK, user=self.user, certificate_hash=digest))
        sign(card, self.identity, METHODS[self.methods])
        return etree.tostring(card, encoding="unicode")

    def request(self, care_provider: str, now: datetime | None = None) -> bytes:
        """Return the request to an STS, made at ``now``; None is the machine's time."""
        now = now or datetime.now(UTC)
        return (
            f'<soap:Envelope xmlns:soap="{NAMESPACES["soap11"]}">'
            f"<soap:Header>{idcard.security_header(now, uuid4().hex)}</soap:Header><soap:Body>"
            f'<wst:RequestSecurityToken xmlns:wst="{NAMESPACES["wst"]}" Context="{sts.CONTEXT}">'
            f"<wst:TokenType>{sts.TOKEN_TYPES[0]}</wst:TokenType><wst:RequestType>{sts.ISSUE}</wst:RequestType>"
            f"<wst:Claims>{self.card(care_provider, now)}</wst:Claims></wst:RequestSecurityToken></soap:Body>"
            "</soap:Envelope>"
        ).encode()


class Cards:
    """The ID cards of one holder, one for each care provider at each STS; a card that is about to expire is renewed.

    ``send`` posts a request to an STS, given by its path, and returns the body of the answer.
    """

    def __init__(self, holder: Holder, send: Callable[[str, bytes], bytes]) -> None:
        self._holder, self._send = holder, send
        self._kept: dict[tuple[str, str], tuple[str, float]] = {}

    def get(self, sts_path: str, care_provider: str, *, renewed: bool = False) -> str:
        """Return a card, as XML; ``renewed`` always asks for a new one. Raise NoCard."""
        key = (sts_path, care_provider)
        card, until = self._kept.get(key, ("", 0.0))
        if renewed or monotonic() >= until:
            card = read_answer(self._send(sts_path, self._holder.request(care_provider)))
            self._kept[key] = card, monotonic() + KEPT.total_seconds()
        return card


def issued_by(folder: Path, holder: Holder, care_provider: str, now: datetime) -> str:
    """Return the card, as XML, that the STS of a PKI folder issues to a holder, without a server.

    Raise SettingError for an unusable folder, IssueRefused if the STS refuses the request.
    """
    request = safexml.parse(holder.request(care_provider, now))
    return read_answer(sts.issue(Pki.load(folder), next(request.iter(qname("wst", "RequestSecurityToken"))), now).encode())


def read_answer(answer: bytes) -> str:
    """Return the ID card in an answer of an STS, as XML. Raise NoCard."""
    try:
        root = safexml.parse(answer)
    except UnreadableDocument as error:
        raise NoCard(f"The STS did not answer with SOAP: {shown(answer.decode('utf-8', 'replace'))}") from error
    card = next(root.iter(qname("saml", "Assertion")), None)
    if card is None:
        said = [whole_text(element).strip() for element in root.iter("faultstring", "{*}Text", "{urn:mockregister}hint")]
        raise NoCard(f"The STS issued no ID card: {' '.join(filter(None, said)) or 'its answer has none'}")
    card.tail = None
    return etree.tostring(card, encoding="unicode")
