"""Make and verify the signature of a DGWS ID card.

XML signatures can be written in many ways, and most attacks use a way that the verifier did not expect. So this is not a
general verifier: it knows the one form that DGWS has (an enveloped signature with one reference to the ID card itself,
exclusive canonicalisation, RSA), and refuses every other form before it computes anything. That is why it is our own code on lxml
and cryptography: signxml refuses DGWS's lower-case ``id`` and SHA-1 unless its checks are loosened, and xmlsec brings a second
libxml2 into the process. The verified element is the one that was passed in, never one that was looked up by id.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from mockregister.errors import MockRegisterError, shown
from mockregister.safexml import NAMESPACES, qname, whole_text
from mockregister.security.trust import Identity

ENVELOPED = NAMESPACES["ds"] + "enveloped-signature"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE_NAMESPACES = f"{{{EXCLUSIVE}}}InclusiveNamespaces"
DIGEST_METHODS = {
    NAMESPACES["ds"] + "sha1": hashes.SHA1,
    "http://www.w3.org/2001/04/xmlenc#sha256": hashes.SHA256,
}
SIGNATURE_METHODS = {
    NAMESPACES["ds"] + "rsa-sha1": hashes.SHA1,
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256": hashes.SHA256,
}
IDS = ("id", "Id", "ID")  # of DGWS, of XML signatures, of SAML
OCES_SIGNATURE = "OCESSignature"
KEY_NAME = "/".join(
    qname(prefix, name)
    for prefix, name in (
        ("saml", "Subject"),
        ("saml", "SubjectConfirmation"),
        ("saml", "SubjectConfirmationData"),
        ("ds", "KeyInfo"),
        ("ds", "KeyName"),
    )
)
KEY_SIZES = range(1024, 8193)  # bits; a larger key takes too long to verify
INDENTS = ("  ", "    ", "\t")  # what pretty-printers write
DEEPEST = 8  # levels of an ID card below the root of a pretty-printed envelope
LAID_OUT_UP_TO = 300  # nodes; an ID card has about 60, and trying one layout takes as long as reading the card


class SignatureRefused(MockRegisterError):
    """The signature of an ID card is missing, not in DGWS's form, or wrong; the message says which.

    ``lacks_certificate`` is True if the signature has no readable certificate.
    """

    def __init__(self, sentence: str, *, lacks_certificate: bool = False) -> None:
        super().__init__(sentence)
        self.lacks_certificate = lacks_certificate


@dataclass(frozen=True, slots=True)
class Methods:
    """The algorithms of a signature, as URIs."""

    digest: str
    signature: str


SHA1, SHA256 = (Methods(*uris) for uris in zip(DIGEST_METHODS, SIGNATURE_METHODS, strict=True))


@dataclass(frozen=True, slots=True)
class _Form:
    """The parts of a signature that has DGWS's form."""

    element: etree._Element
    signed_info: etree._Element
    info_prefixes: Sequence[str]
    card_prefixes: Sequence[str]
    methods: Methods
    digest: bytes
    value: bytes
    certificate: x509.Certificate


def verify(card: etree._Element) -> tuple[x509.Certificate, Methods]:
    """Return the certificate that ``card`` is signed with, and the algorithms. Raise SignatureRefused if it is not signed.

    The caller has to check whether the certificate is trusted. ``card`` is not changed.
    """
    form = _form(card)
    if not _holds(form, _canonical(form.signed_info, form.info_prefixes)):
        variants = (_canonical(variant, form.info_prefixes) for variant in _as_before_printing(form.signed_info))
        if _is_digest(form, _unsigned(card, form)) and not any(_holds(form, variant) for variant in variants):
            raise SignatureRefused("The SignatureValue was not made with the key of the certificate in the signature.")
        raise _changed(card, form, "the SignatureValue does not fit its SignedInfo")
    if not _is_digest(form, _unsigned(card, form)):
        raise _changed(card, form, "its digest is not the one that was signed")
    return form.certificate, form.methods


def _form(card: etree._Element) -> _Form:
    """Return the parts of the signature of ``card``.

    Raise SignatureRefused for any form but DGWS's, before anything is computed.
    """
    signatures = list(card.iter(qname("ds", "Signature")))
    if len(signatures) != 1 or signatures[0].getparent() is not card:
        raise SignatureRefused(f"The ID card holds {len(signatures)} ds:Signature elements; one is wanted, as its own child.")
    _check_name(card, signatures[0])
    signed_info, value, key_info = _children(signatures[0], "SignedInfo", "SignatureValue", "KeyInfo")
    canonicalization, signature_method, reference = _children(
        signed_info, "CanonicalizationMethod", "SignatureMethod", "Reference"
    )
    transforms, digest_method, digest = _children(reference, "Transforms", "DigestMethod", "DigestValue")
    enveloped, exclusive = _children(transforms, "Transform", "Transform")
    if reference.get("URI") != f"#{card_id(card)}":
        raise SignatureRefused(f"The Reference has the URI '{shown(reference.get('URI', ''))}'; it must be '#{card_id(card)}'.")
    _algorithm(enveloped, ENVELOPED)
    return _Form(
        signatures[0],
        signed_info,
        _prefixes(canonicalization),
        _prefixes(exclusive),
        Methods(_algorithm(digest_method, *DIGEST_METHODS), _algorithm(signature_method, *SIGNATURE_METHODS)),
        decode(digest),
        decode(value),
        _certificate(key_info),
    )


def _check_name(card: etree._Element, signature: etree._Element) -> None:
    """Raise SignatureRefused unless the signature's only attributes are ids that the card's KeyName names.

    These attributes are not signed, so anything else in them could have been added later.
    """
    names = [whole_text(name).strip() for name in card.iterfind(KEY_NAME)] or [OCES_SIGNATURE]
    for attribute, value in signature.attrib.items():
        if attribute not in IDS or value not in names:
            said = f"{shown(str(attribute))}='{shown(str(value))}'"
            raise SignatureRefused(f"The ds:Signature has {said}; write id='{shown(names[0])}', as the card's KeyName has it.")


def card_id(card: etree._Element) -> str:
    """Return the id of an ID card, whose attribute is called ``id`` by DGWS and ``ID`` by SAML. Raise SignatureRefused."""
    ids = {card.get(name, "") for name in IDS if name in card.attrib}
    if len(ids) != 1 or not all(ids):
        raise SignatureRefused("The saml:Assertion needs one id, such as id='IDCard'.")
    return ids.pop()


def _children(parent: etree._Element, *names: str) -> list[etree._Element]:
    """Return the children of ``parent``, which must be exactly these names of the signature's namespace, in this order."""
    found = list(parent.iterchildren("*"))
    if [child.tag for child in found] != [qname("ds", name) for name in names]:
        there = shown(", ".join(etree.QName(child).localname for child in found) or "nothing")
        raise SignatureRefused(f"{etree.QName(parent).localname} holds {there}; it must hold {', '.join(names)} and no more.")
    return found


def _algorithm(method: etree._Element, *allowed: str) -> str:
    algorithm = method.get("Algorithm", "")
    if algorithm not in allowed or next(method.iterchildren("*"), None) is not None:
        name = etree.QName(method).localname
        raise SignatureRefused(f"{name} is '{shown(algorithm)}'; use {' or '.join(allowed)}, without parameters.")
    return algorithm


def _prefixes(method: etree._Element) -> Sequence[str]:
    """Return the inclusive prefixes of an exclusive canonicalisation (its section 3.1). Raise SignatureRefused."""
    parameters = list(method.iterchildren("*"))
    if method.get("Algorithm") != EXCLUSIVE or [parameter.tag for parameter in parameters] not in ([], [INCLUSIVE_NAMESPACES]):
        name = etree.QName(method).localname
        raise SignatureRefused(f"{name} is '{shown(method.get('Algorithm', ''))}'; use exclusive C14N, {EXCLUSIVE}.")
    return [prefix for parameter in parameters for prefix in parameter.get("PrefixList", "").split()]


def _certificate(key_info: etree._Element) -> x509.Certificate:
    """Return the one certificate of the signature. Raise SignatureRefused for a bare key (KeyValue) or a reference to a key."""
    inside = list(key_info.iter("*"))
    if [element.tag for element in inside] != [qname("ds", name) for name in ("KeyInfo", "X509Data", "X509Certificate")]:
        sentence = "The KeyInfo of the signature must hold one X509Data with one X509Certificate, and no other key."
        raise SignatureRefused(sentence, lacks_certificate=True)
    try:
        certificate = x509.load_der_x509_certificate(decode(inside[-1]))
        key = certificate.public_key()
        for name in ("subject", "issuer", "not_valid_before_utc", "not_valid_after_utc"):
            getattr(certificate, name)  # cryptography parses each only on access
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise SignatureRefused("The X509Certificate is not an X.509 certificate.", lacks_certificate=True) from error
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size not in KEY_SIZES:
        raise SignatureRefused("The key of the certificate is not an RSA key of 1024 to 8192 bits.")
    return certificate


def _holds(form: _Form, signed_info: bytes) -> bool:
    key = form.certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    try:
        key.verify(form.value, signed_info, padding.PKCS1v15(), SIGNATURE_METHODS[form.methods.signature]())
    except InvalidSignature:
        return False
    return True


def _is_digest(form: _Form, content: bytes) -> bool:
    return _digest(content, form.methods) == form.digest


def _digest(content: bytes, methods: Methods) -> bytes:
    digest = hashes.Hash(DIGEST_METHODS[methods.digest]())
    digest.update(content)
    return digest.finalize()


def _unsigned(card: etree._Element, form: _Form) -> bytes:
    """Return the bytes to digest: the card without its signature, canonicalised in place so that it keeps its namespaces."""
    placeholder = etree.Comment("")  # canonicalisation drops it
    placeholder.tail = form.element.tail
    card.replace(form.element, placeholder)
    try:
        return _canonical(card, form.card_prefixes)
    finally:
        card.replace(placeholder, form.element)


def _canonical(element: etree._Element, prefixes: Sequence[str] = ()) -> bytes:
    kept = list(prefixes) or None
    try:
        return etree.tostring(element, method="c14n", exclusive=True, with_comments=False, inclusive_ns_prefixes=kept)
    except (etree.C14NError, ValueError) as error:  # such as a relative namespace
        raise SignatureRefused(f"The ID card has no canonical form: {error}.") from error


def _changed(card: etree._Element, form: _Form, symptom: str) -> SignatureRefused:
    """Return the failure for a card that was changed after it was signed, which says if pretty-printing is the likely change."""
    bare = deepcopy(card)
    bare.remove(next(bare.iter(qname("ds", "Signature"))))
    has_text = bool((form.element.tail or "").strip())  # text after the signature, which is removed with it
    variants = () if has_text else (bare, *_as_before_printing(bare))
    printed = any(_is_digest(form, _canonical(variant, form.card_prefixes)) for variant in variants)
    probably = ", probably by pretty-printing" if printed else ""
    return SignatureRefused(f"The card was changed after it was signed{probably}: {symptom}.")


def _as_before_printing(printed: etree._Element) -> Iterator[etree._Element]:
    """Yield what an element may have looked like before it was pretty-printed: without white space, or with other indents.

    Yield nothing for an element that is larger than any ID card.
    """
    if len(list(islice(printed.iter(), LAID_OUT_UP_TO + 1))) > LAID_OUT_UP_TO:
        return
    bare = deepcopy(printed)
    bare.tail = None
    for element in bare.iter("*"):
        if len(element) == 0:
            element.text = (element.text or "").strip()
        elif not (element.text or "").strip():
            element.text = None
        for child in element:
            child.tail = child.tail if (child.tail or "").strip() else None
    yield bare
    for indent in INDENTS:
        for level in range(DEEPEST):
            variant = deepcopy(bare)
            etree.indent(variant, indent, level=level)
            yield variant


def decode(element: etree._Element) -> bytes:
    """Return the bytes of an element whose text is base64, in one or more lines. Raise SignatureRefused.

    The element must not hold other elements: the content of a SignatureValue is not signed and must not be read as part of the
    card.
    """
    if element.find("*") is not None:
        raise SignatureRefused(f"{etree.QName(element).localname} holds elements; it must hold base64 alone.")
    text = "".join(whole_text(element).split())
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureRefused(f"{etree.QName(element).localname} is not base64: {error}.") from error
    if base64.b64encode(content).decode() != text:
        raise SignatureRefused(
            f"{etree.QName(element).localname} ends with unused base64 bits that are not zero (RFC 4648, 3.5)."
        )
    return content


def sign(card: etree._Element, identity: Identity, methods: Methods = SHA256) -> None:
    """Sign ``card`` with an identity's key as DGWS requires: ``ds:Signature id="OCESSignature"`` becomes the card's last child.

    Raise SignatureRefused for a card without an id.
    """
    digest = base64.b64encode(_digest(_canonical(card), methods)).decode()
    der = base64.b64encode(identity.certificate.public_bytes(Encoding.DER)).decode()
    ds = NAMESPACES["ds"]
    signature = etree.fromstring(
        f'<ds:Signature xmlns:ds="{ds}" id="{OCES_SIGNATURE}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>'
        f'<ds:SignatureMethod Algorithm="{methods.signature}"/><ds:Reference URI="#{card_id(card)}"><ds:Transforms>'
        f'<ds:Transform Algorithm="{ENVELOPED}"/><ds:Transform Algorithm="{EXCLUSIVE}"/></ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{methods.digest}"/><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>'
        f"<ds:SignatureValue/><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{der}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        "</ds:Signature>"
    )
    card.append(signature)
    value = identity.key.sign(_canonical(signature[0]), padding.PKCS1v15(), SIGNATURE_METHODS[methods.signature]())
    signature[1].text = base64.b64encode(value).decode()
