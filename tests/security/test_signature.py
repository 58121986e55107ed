"""The verifier of signatures: the signatures that it accepts, and a test for each attack that it refuses."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from mockregister.safexml import NAMESPACES
from mockregister.security.asking import METHODS
from mockregister.security.signature import ENVELOPED, EXCLUSIVE, LAID_OUT_UP_TO, SignatureRefused, sign, verify
from tests.cards import a_card, a_header, as_text, elements, identity, opened, pki_folder

DS = f"{{{NAMESPACES['ds']}}}"
SIGNED = as_text(a_card(user=True))
Change = Callable[[etree._Element], None]


def refused(card: etree._Element) -> str:
    with pytest.raises(SignatureRefused) as refusal:
        assert verify(card)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


def the(card: etree._Element, name: str) -> etree._Element:
    return next(elements(card, name))


@pytest.mark.parametrize("methods", ["sha1", "sha256"])
@pytest.mark.parametrize("user", [False, True])
def test_an_unchanged_card_verifies(user: bool, methods: str) -> None:
    assert verify(a_card(user=user, methods=methods)) == (identity("sts").certificate, METHODS[methods])


def test_verifying_does_not_change_the_card() -> None:
    card = a_card(indented=True)
    before = as_text(card)
    assert verify(card)
    assert as_text(card) == before


@pytest.mark.parametrize("indented", [False, True])
def test_a_card_verifies_in_any_envelope(indented: bool) -> None:
    header = opened(f'<x xmlns="urn:default" xmlns:unused="urn:unused">{as_text(a_card(indented=indented))}</x>')
    assert verify(header[0][0])


def test_the_id_attribute_has_three_spellings() -> None:
    for name in ("id", "Id", "ID"):
        card = a_card(signer=None)
        card.set(name, card.attrib.pop("id"))
        sign(card, identity("sts"))
        assert verify(card)


def test_base64_may_be_broken_into_lines() -> None:
    card = a_card()
    for element in elements(card, "SignatureValue", "X509Certificate"):
        text = element.text or ""
        element.text = "\r\n" + "\r\n".join(text[start : start + 76] for start in range(0, len(text), 76)) + "\r\n"
    assert verify(card)


def test_inclusive_namespaces_of_exclusive_canonicalisation_are_respected() -> None:
    text = as_text(a_card(signer=None)).replace("<saml:Assertion ", '<saml:Assertion xmlns:xs="urn:xs" ', 1)
    card = etree.fromstring(text)
    _sign_keeping(card, "xs")
    assert verify(card)
    header = opened(as_text(card).replace(' xmlns:xs="urn:xs"', "", 1))
    assert "changed after it was signed" in refused(header[0])


def _sign_keeping(card: etree._Element, prefix: str) -> None:
    """Sign a card with an InclusiveNamespaces in the transform."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    content = etree.tostring(card, method="c14n", exclusive=True, with_comments=False, inclusive_ns_prefixes=[prefix])
    sign(card, identity("sts"))
    digest = hashes.Hash(hashes.SHA256())
    digest.update(content)
    the(card, "DigestValue").text = base64.b64encode(digest.finalize()).decode()
    transform = list(elements(card, "Transform"))[1]
    etree.SubElement(transform, f"{{{EXCLUSIVE}}}InclusiveNamespaces", PrefixList=prefix)
    info = etree.tostring(the(card, "SignedInfo"), method="c14n", exclusive=True)
    value = identity("sts").key.sign(info, padding.PKCS1v15(), hashes.SHA256())
    the(card, "SignatureValue").text = base64.b64encode(value).decode()


@pytest.mark.skipif(shutil.which("xmlsec1") is None, reason="xmlsec1 is not installed")
@pytest.mark.parametrize("methods", ["sha1", "sha256"])
def test_xmlsec_verifies_our_signatures(tmp_path: Path, methods: str) -> None:
    file, certificate = tmp_path / "card.xml", tmp_path / "sts.pem"
    file.write_text(as_text(a_card(methods=methods)))
    certificate.write_bytes((pki_folder() / "sts.pem").read_bytes())
    options = ["--id-attr:id", f"{NAMESPACES['saml']}:Assertion", "--pubkey-cert-pem", str(certificate)]
    told = subprocess.run(["xmlsec1", "--verify", *options, str(file)], capture_output=True, text=True)
    assert told.returncode == 0, told.stderr


# what was changed


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_card_with_any_changed_text_or_attribute_does_not_verify(data: st.DataObject) -> None:
    card = etree.fromstring(SIGNED)
    places = [element for element in card.iter("*") if element.text and element.tag != f"{DS}X509Certificate"]
    element = data.draw(st.sampled_from(places))
    text = element.text or ""
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("aB9 é"))
    assume(letter != text[at])
    element.text = text[:at] + letter + text[at + 1 :]
    assert refused(card)


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_card_with_any_doubled_removed_or_moved_element_does_not_verify(data: st.DataObject) -> None:
    card = etree.fromstring(SIGNED)
    element = data.draw(st.sampled_from([element for element in card.iter("*") if element is not card]))
    parent = element.getparent()
    assert parent is not None
    what = data.draw(st.sampled_from(["double", "remove", "wrap"]))
    if what == "double":
        parent.append(deepcopy(element))
    elif what == "remove":
        parent.remove(element)
    else:
        wrapper = etree.SubElement(parent, "wrapper")
        wrapper.append(element)
    assert refused(card)


@given(content=st.binary(max_size=200))
@settings(deadline=None)
def test_any_text_as_certificate_or_value_is_refused_in_one_sentence(content: bytes) -> None:
    for name, why in (
        ("X509Certificate", "is not an X.509 certificate"),
        ("SignatureValue", "was not made with the key of the certificate"),
        ("DigestValue", "changed after it was signed"),
    ):
        card = a_card()
        the(card, name).text = base64.b64encode(content).decode()
        assert why in refused(card)


@pytest.mark.parametrize("indent", ["  ", "    ", "\t"])
@pytest.mark.parametrize("was_indented", [False, True])
@pytest.mark.parametrize("whole", [False, True])
def test_a_card_that_was_pretty_printed_after_signing_is_recognised(indent: str, was_indented: bool, whole: bool) -> None:
    header = opened(a_header(a_card(indented=was_indented)))
    if whole:
        etree.indent(header.getroottree(), indent)
    else:
        etree.indent(header[0][1], indent + " ")
    assert "changed after it was signed, probably by pretty-printing" in refused(header[0][1])


def test_a_card_with_changed_content_is_not_reported_as_pretty_printed() -> None:
    card = a_card()
    the(card, "NameID").text = "11111111"
    etree.indent(card)
    assert "pretty-printing" not in refused(card)


def test_text_after_the_signature_does_not_verify() -> None:
    card = a_card()
    the(card, "Signature").tail = "x"
    assert "pretty-printing" not in refused(card)


def test_for_a_very_large_card_no_pretty_printing_is_tried() -> None:
    card = a_card(signer=None)
    for _ in range(LAID_OUT_UP_TO):
        etree.SubElement(the(card, "Subject"), "x")
    sign(card, identity("sts"))
    etree.indent(card)
    told = refused(card)
    assert "changed after it was signed" in told
    assert "pretty-printing" not in told


@pytest.mark.parametrize(("name", "value"), [("id", "OCESSignaturf"), ("hd", "OCESSignature")])
def test_an_unsigned_attribute_of_the_signature_is_refused(name: str, value: str) -> None:
    card = a_card()
    signature = the(card, "Signature")
    signature.attrib.clear()
    assert verify(card)
    signature.set(name, value)
    assert "as the card's KeyName has it" in refused(card)
    signature.attrib.clear()
    signature.set("Id", "OCESSignature")
    assert verify(card)


def test_other_ways_to_write_the_same_base64_are_refused() -> None:
    card = a_card()
    value = the(card, "SignatureValue")
    text = value.text or ""
    assert text.endswith("==")
    value.text = f"{text[:-3]}{chr(ord(text[-3]) + 1)}=="
    assert base64.b64decode(value.text) == base64.b64decode(text)
    assert "ends with unused base64 bits" in refused(card)


# attacks


def test_a_card_without_a_signature_is_refused() -> None:
    assert "0 ds:Signature" in refused(a_card(signer=None))


def test_two_signatures_are_refused() -> None:
    card = a_card()
    card.append(deepcopy(the(card, "Signature")))
    assert "2 ds:Signature" in refused(card)


def test_a_signature_deeper_in_the_card_is_refused() -> None:
    card = a_card()
    the(card, "Subject").append(the(card, "Signature"))
    assert "as its own child" in refused(card)


def test_a_forged_card_around_the_signed_one_is_refused() -> None:
    forged = a_card("99999999", signer=None)
    the(forged, "Subject").append(a_card())
    assert "as its own child" in refused(forged)


def test_the_signed_card_inside_the_signature_is_refused() -> None:
    forged, real = a_card("99999999", signer=None), a_card()
    signature = the(real, "Signature")
    forged.append(signature)
    etree.SubElement(signature, f"{DS}Object").append(real)
    assert "it must hold SignedInfo, SignatureValue, KeyInfo and no more" in refused(forged)


def test_a_signature_of_another_card_is_refused() -> None:
    forged, real = a_card("99999999", signer=None), a_card()
    forged.append(the(real, "Signature"))
    assert "changed after it was signed" in refused(forged)


def test_two_ids_are_refused() -> None:
    card = a_card()
    card.set("ID", "other")
    assert "needs one id" in refused(card)


def test_two_references_are_refused() -> None:
    card = a_card()
    the(card, "SignedInfo").append(deepcopy(the(card, "Reference")))
    assert "Reference, Reference" in refused(card)


def test_two_signed_infos_are_refused() -> None:
    card = a_card()
    the(card, "Signature").insert(0, deepcopy(the(card, "SignedInfo")))
    assert "SignedInfo, SignedInfo" in refused(card)


@pytest.mark.parametrize(
    "uri", ["", "#Other", "#xpointer(/)", "#xpointer(id('IDCard'))", "http://localhost/card", "IDCard", None]
)
def test_a_reference_to_anything_else_is_refused(uri: str | None) -> None:
    card = a_card()
    reference = the(card, "Reference")
    reference.attrib.pop("URI")
    if uri is not None:
        reference.set("URI", uri)
    assert "must be '#IDCard'" in refused(card)


def _transform(algorithm: str) -> Change:
    def change(card: etree._Element) -> None:
        list(elements(card, "Transform"))[1].set("Algorithm", algorithm)

    return change


def _third_transform(card: etree._Element) -> None:
    etree.SubElement(the(card, "Transforms"), f"{DS}Transform", Algorithm=EXCLUSIVE)


def _xpath_inside(card: etree._Element) -> None:
    etree.SubElement(the(card, "Transform"), f"{DS}XPath").text = "not(ancestor-or-self::ds:Signature)"


def _set(name: str, algorithm: str) -> Change:
    return lambda card: the(card, name).set("Algorithm", algorithm)


def _hmac_length(card: etree._Element) -> None:
    etree.SubElement(the(card, "SignatureMethod"), f"{DS}HMACOutputLength").text = "0"


@pytest.mark.parametrize(
    "change",
    [
        _transform("http://www.w3.org/TR/1999/REC-xslt-19991116"),
        _transform("http://www.w3.org/TR/1999/REC-xpath-19991116"),
        _transform("http://www.w3.org/2002/06/xmldsig-filter2"),
        _transform("http://www.w3.org/2000/09/xmldsig#base64"),
        _transform("http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
        _transform("http://www.w3.org/2001/10/xml-exc-c14n#WithComments"),
        _transform(ENVELOPED),
        _third_transform,
        _xpath_inside,
        _set("CanonicalizationMethod", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
        _set("CanonicalizationMethod", "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"),
        _set("SignatureMethod", "http://www.w3.org/2000/09/xmldsig#hmac-sha1"),
        _set("SignatureMethod", "http://www.w3.org/2000/09/xmldsig#dsa-sha1"),
        _set("SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#rsa-md5"),
        _set("SignatureMethod", ""),
        _set("DigestMethod", "http://www.w3.org/2001/04/xmldsig-more#md5"),
        _hmac_length,
    ],
)
def test_any_other_algorithm_is_refused(change: Change) -> None:
    card = a_card()
    change(card)
    assert re.search("; use .*http://www.w3.org/|it must hold Transform, Transform and no more", refused(card))


@pytest.mark.parametrize("inside", ["KeyValue", "RetrievalMethod", "KeyName"])
def test_a_key_without_a_certificate_is_refused(inside: str) -> None:
    card = a_card()
    etree.SubElement(list(elements(card, "KeyInfo"))[-1], f"{DS}{inside}").text = "key"
    assert "one X509Certificate" in refused(card)


def test_two_certificates_are_refused() -> None:
    card = a_card()
    certificate = the(card, "X509Certificate")
    certificate.addnext(deepcopy(certificate))
    assert "one X509Certificate" in refused(card)


def test_a_certificate_that_was_exchanged_for_a_trusted_one_is_refused() -> None:
    forged, real = a_card("99999999", signer="untrusted"), a_card()
    the(forged, "X509Certificate").text = the(real, "X509Certificate").text
    assert "was not made with the key of the certificate" in refused(forged)


def test_a_comment_neither_cuts_a_value_nor_breaks_the_signature() -> None:
    card = etree.fromstring(as_text(a_card("99000023")).replace("99000023", "99<!-- -->000023"))
    assert verify(card)


@pytest.mark.parametrize("name", ["SignatureValue", "DigestValue"])
def test_base64_with_unsigned_content_is_refused(name: str) -> None:
    card = a_card()
    value = the(card, name)
    text = value.text or ""
    inside = etree.SubElement(value, f"{{{NAMESPACES['saml']}}}Attribute", Name="medcom:UserRole")
    value.text, inside.text, inside.tail = text[:8], text[8:12], text[12:]
    assert "holds elements" in refused(card)


def test_an_added_processing_instruction_does_not_verify() -> None:
    card = a_card()
    the(card, "Subject").append(etree.ProcessingInstruction("x", "y"))
    assert "changed after it was signed" in refused(card)


def test_a_namespace_that_cannot_be_canonical_is_refused() -> None:
    card = etree.fromstring(as_text(a_card()).replace("<saml:Issuer>", '<saml:Issuer xmlns:r="relative" r:a="1">'))
    assert "has no canonical form" in refused(card)
