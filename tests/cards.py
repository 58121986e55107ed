"""ID cards for tests: a PKI folder that is made once, cards signed with its STS key, and SOAP headers with a card."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from lxml import etree

from mockregister.safexml import NAMESPACES
from mockregister.security import idcard, pki, sts
from mockregister.security.asking import METHODS
from mockregister.security.pki import Pki
from mockregister.security.signature import sign
from mockregister.security.trust import Identity

NOON = datetime(2019, 6, 1, 12, tzinfo=UTC)
CVR = "29190623"


@cache
def pki_folder() -> Path:
    """Make a folder as ``mockregister pki init`` does. Tests only read it."""
    folder = Path(mkdtemp(prefix="mockregister-pki"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    pki.init(folder)
    return folder


@cache
def the_pki() -> Pki:
    """Load the PKI of that folder."""
    return Pki.load(pki_folder())


@cache
def identity(name: str) -> Identity:
    """Load a certificate of that folder, with its key."""
    return Identity.load(pki_folder(), name)


def a_card(
    care_provider: str = CVR,
    *,
    begin: datetime = NOON - timedelta(minutes=5),
    user: bool = False,
    signer: str | None = "sts",
    methods: str = "sha256",
    indented: bool = False,
) -> etree._Element:
    """Return an ID card, signed with a key of the PKI folder or not signed."""
    digest = sts.certificate_hashes(identity("user" if user else "system").certificate)[1]
    card = etree.fromstring(idcard.write(care_provider, begin, user=user, certificate_hash=digest))
    if indented:
        etree.indent(card)
    if signer:
        sign(card, identity(signer), METHODS[methods])
    return card


def as_text(element: etree._Element) -> str:
    """Return the XML text of an element."""
    return etree.tostring(element, encoding="unicode", with_tail=False)


def a_header(card: etree._Element | str | None = None, level: str = "3", created: str = "2019-06-01T12:00:00Z") -> str:
    """Return the content of a SOAP Header: a Security header with a card, and a medcom Header."""
    text = card if isinstance(card, str) else as_text(a_card() if card is None else card)
    return (
        f'<wsse:Security xmlns:wsse="{NAMESPACES["wsse"]}"><wsu:Timestamp xmlns:wsu="{NAMESPACES["wsu"]}"><wsu:Created>{created}'
        f"</wsu:Created></wsu:Timestamp>{text}</wsse:Security>"
        f'<medcom:Header xmlns:medcom="{NAMESPACES["dgws"]}"><medcom:SecurityLevel>{level}</medcom:SecurityLevel></medcom:Header>'
    )


def opened(header: str, body: str = "<body/>") -> etree._Element:
    """Parse an envelope that contains ``header``, and return its SOAP Header."""
    soap = NAMESPACES["soap12"]
    root = etree.fromstring(f'<s:Envelope xmlns:s="{soap}"><s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>')
    return root[0]


def elements(card: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Yield the elements of a card that have these local names."""
    return (element for element in card.iter("*") if etree.QName(element).localname in names)
