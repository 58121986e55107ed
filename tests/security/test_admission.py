"""The setting ``auth``: what ``headers`` and ``signed`` accept, what they refuse, and with which answer."""

from __future__ import annotations

import base64
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from mockregister.clock import COPENHAGEN
from mockregister.errors import AccessDenied, SettingError, UnreadableRequest
from mockregister.safexml import NAMESPACES, qname
from mockregister.security import idcard
from mockregister.security.admission import Admission
from mockregister.security.idcard import IdCard
from mockregister.settings import Settings
from tests.cards import CVR, NOON, a_card, a_header, as_text, elements, identity, opened, pki_folder, the_pki

DIALS = ("headers", "signed")
EXPIRED = datetime(2019, 5, 1, tzinfo=UTC)


def anyone(_: str) -> bool:
    return True


def nothing(href: str) -> bytes:
    raise UnreadableRequest(f"The xop:Include names '{href}', but no part has that Content-ID.")


def check(
    header: etree._Element | str | None,
    dial: str = "signed",
    now: datetime = NOON,
    is_producer: Callable[[str], bool] = anyone,
    *,
    attached: Callable[[str], bytes] = nothing,
    precise: bool = False,
) -> IdCard:
    found = opened(header) if isinstance(header, str) else header
    return Admission(dial, the_pki().trust, precise=precise).check(found, attached, now, is_producer)


def refused(header: etree._Element | str | None, dial: str = "signed", **how: object) -> AccessDenied:
    with pytest.raises(AccessDenied) as refusal:
        check(header, dial, **how)  # type: ignore[arg-type]
    assert "\n" not in f"{refusal.value}{refusal.value.hint}"
    return refusal.value


# admitted requests


@pytest.mark.parametrize("dial", DIALS)
@pytest.mark.parametrize("user", [False, True])
@pytest.mark.parametrize("methods", ["sha1", "sha256"])
def test_a_card_of_the_sts_is_admitted(dial: str, user: bool, methods: str) -> None:
    asked: list[str] = []
    assert check(a_header(a_card(user=user, methods=methods)), dial, is_producer=lambda cvr: not asked.append(cvr))
    assert asked == [CVR]


def test_with_off_no_header_is_checked() -> None:
    assert Admission.of(Settings(auth="off")) is None


def test_with_headers_the_signer_is_not_checked() -> None:
    assert check(a_header(a_card(signer="untrusted")), "headers")


def test_a_card_that_is_valid_by_the_registers_clock_is_admitted() -> None:
    begin = datetime(2050, 1, 1, tzinfo=UTC)
    assert check(a_header(a_card(begin=begin)), now=begin)
    assert check(a_header(a_card(begin=begin)), now=begin + timedelta(hours=24) - timedelta(seconds=1))


@pytest.mark.parametrize("created", ["2019-06-01T00:00:00", "2019-06-01T00:00:00.123+02:00", " 2019-06-01T00:00:00Z "])
def test_moments_are_read_with_and_without_an_offset(created: str) -> None:
    assert check(a_header(created=created))


@pytest.mark.parametrize("level", ["1", "2", "3", " 3 "])
def test_the_header_may_name_a_lower_level_than_the_card(level: str) -> None:
    assert check(a_header(level=level))


def test_the_medcom_header_of_the_other_edition_is_accepted() -> None:
    assert check(a_header().replace(NAMESPACES["dgws"], NAMESPACES["dgws101"]))


def test_a_security_header_for_another_role_is_ignored() -> None:
    role = f'<w:Security xmlns:w="{NAMESPACES["wsse"]}" xmlns:s="{NAMESPACES["soap12"]}" s:role="urn:other"/>'
    assert check(role + a_header())


@pytest.mark.parametrize("name", ["X509Certificate", "SignatureValue", "DigestValue"])
def test_base64_that_a_soap_stack_moved_to_an_attachment_is_put_back(name: str) -> None:
    card = a_card()
    element = next(elements(card, name))
    content = base64.b64decode(element.text or "")
    element.text = None
    etree.SubElement(element, qname("xop", "Include"), href="cid:part")
    assert check(a_header(card), attached=lambda href: content)
    assert "probably" not in refused(a_header(card), attached=lambda href: content[:-1]).hint


def test_all_base64_values_may_be_attachments() -> None:
    card, parts = a_card(), {}
    for element in elements(card, "X509Certificate", "SignatureValue", "DigestValue"):
        name = etree.QName(element).localname
        parts[f"cid:{name}"] = base64.b64decode(element.text or "")
        element.text = "\n  "
        etree.SubElement(element, qname("xop", "Include"), href=f"cid:{name}").tail = "\n"
    assert check(a_header(card), attached=parts.__getitem__)


@pytest.mark.parametrize("dial", DIALS)
def test_the_total_size_of_a_cards_attachments_is_limited(dial: str) -> None:
    card = a_card()
    for value in elements(card, "AttributeValue"):
        value[:] = [etree.Element(qname("xop", "Include"), href="cid:large")]
    assert "more than 65536 bytes" in refused(a_header(card), dial, attached=lambda href: b"x" * 20_000).hint


def test_a_comment_in_a_value_does_not_change_it() -> None:
    header = a_header(as_text(a_card("99000023")).replace("99000023", "99<!-- -->000023"))
    asked: list[str] = []
    assert check(header, is_producer=lambda cvr: not asked.append(cvr))
    assert asked == ["99000023"]
    card = idcard.id_card(opened(header))
    assert card is not None
    assert card.care_provider == "99000023"


def test_the_hash_of_a_card_must_be_that_of_the_certificate_that_signed_the_message() -> None:
    def signed_by(name: str) -> str:
        signature = as_text(next(elements(a_card(signer=name), "Signature")))
        return a_header().replace("</wsse:Security>", f"{signature}</wsse:Security>")

    assert check(signed_by("system"))
    refusal = refused(signed_by("user"))
    assert refusal.fault_code == "invalid_idcard"
    assert "OCESCertHash" in refusal.hint


# refused requests


@pytest.mark.parametrize("dial", DIALS)
@pytest.mark.parametrize("header", ["", "<x/>", a_header("")])
def test_a_request_without_a_card_is_answered_as_unsigned(dial: str, header: str) -> None:
    refusal = refused(header, dial)
    assert str(refusal) == "Validation Failed (1): Unable to find signature."
    assert (refusal.sender, refusal.fault_code) == (False, "missing_required_header")
    assert "ID card" in refusal.hint
    assert str(refused(None, dial)) == str(refusal)


@pytest.mark.parametrize("dial", DIALS)
def test_an_unsigned_request_card_is_refused(dial: str) -> None:
    refusal = refused(a_header(a_card(signer=None)), dial)
    assert str(refusal) == "Validation Failed (1): Unable to find signature."
    assert refusal.fault_code == "invalid_signature"


@pytest.mark.parametrize("dial", DIALS)
@pytest.mark.parametrize("now", [EXPIRED, datetime(2030, 1, 1, tzinfo=COPENHAGEN), NOON + timedelta(hours=23, minutes=55)])
def test_an_expired_or_future_card_is_answered_with_a_processing_problem(dial: str, now: datetime) -> None:
    refusal = refused(a_header(), dial, now=now)
    assert (str(refusal), refusal.fault_code, refusal.sender) == ("Internal server error", "processing_problem", False)
    assert "2019-06-02" in refusal.hint
    assert refused(a_header(), dial, now=now, precise=True).fault_code == "expired_idcard"


@pytest.mark.parametrize("signer", ["system", "user", "ca", "untrusted", "revoked", "expired", "tls"])
def test_a_card_that_no_trusted_sts_signed_is_not_trusted(signer: str) -> None:
    refusal = refused(a_header(a_card(signer=signer)))
    assert str(refusal) == "The certificate that signed the security token is not trusted!"
    assert refusal.fault_code == "invalid_certificate"


def test_a_changed_card_fails_validation() -> None:
    refusal = refused(a_header().replace(CVR, "11111111"))
    assert (str(refusal), refusal.fault_code, refusal.sender) == ("Validation Failed.", "invalid_signature", False)
    assert "changed after it was signed" in refusal.hint


def test_the_refusal_of_a_pretty_printed_card_says_so() -> None:
    header = opened(a_header())
    etree.indent(header.getroottree())
    assert "probably by pretty-printing" in refused(header).hint


@pytest.mark.parametrize("dial", DIALS)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<wsu:Created>2019-06-01T12:00:00Z", "<wsu:Created>yesterday"),
        ("wsu:Timestamp", "wsu:Time"),
        ("NotOnOrAfter=", "Until="),
        ('NotOnOrAfter="2019-06-02', 'NotOnOrAfter="2019-06-03'),
        ('NotOnOrAfter="2019-06-02', 'NotOnOrAfter="2019-05-02'),
        ("saml:Conditions", "saml:Terms"),
        ('Version="2.0"', 'Version="1.0"'),
        ('id="IDCard"', 'id="Card"'),
        ("1.0.1", "1.0"),
        (">system<", ">machine<"),
        ("saml:NameID", "saml:BaseID"),
        ("medcom:ITSystemName", "medcom:CareProviderID"),
        ('id="SystemLog"', 'id="IDCardData"'),
        ('id="SystemLog"', 'id="IDCard"'),
        ("<saml:Issuer>", f"<saml:Issuer>{'x' * 1_000_000}"),
    ],
)
def test_a_malformed_card_is_answered_with_a_syntax_error(dial: str, old: str, new: str) -> None:
    header = a_header()
    assert old in header
    refusal = refused(header.replace(old, new), dial)
    assert (str(refusal), refusal.fault_code) == ("Validation Failed.", "syntax_error")
    assert len(refusal.hint) < 400


@pytest.mark.parametrize("dial", DIALS)
def test_hundreds_of_attributes_are_refused(dial: str) -> None:
    many = "".join(f'<saml:Attribute Name="x{number}"/>' for number in range(300))
    header = a_header().replace("</saml:AttributeStatement>", f"{many}</saml:AttributeStatement>", 1)
    assert "attributes" in refused(header, dial).hint


@pytest.mark.parametrize("dial", DIALS)
def test_two_cards_or_two_security_headers_are_refused(dial: str) -> None:
    good, other = as_text(a_card()), as_text(a_card("99999999", signer=None))
    both = (a_header(good + other), a_header(other + good), a_header(good + good))
    headers = (*both, a_header(good) + a_header(other), a_header() * 2)
    for header in headers:
        assert refused(header, dial).fault_code == "syntax_error"


@pytest.mark.parametrize("dial", DIALS)
def test_a_card_hidden_elsewhere_is_refused(dial: str) -> None:
    forged, real = as_text(a_card("99999999")), as_text(a_card())
    wrapped = f'<x:wrapper xmlns:x="urn:x">{real}</x:wrapper>'
    assert refused(a_header(forged) + wrapped, dial).fault_code == "syntax_error"
    assert refused(a_header(forged + wrapped), dial).fault_code == "syntax_error"
    assert refused(opened(a_header(forged), body=real), dial).fault_code == "syntax_error"


def test_the_id_of_a_card_must_be_unique_in_the_envelope() -> None:
    for attribute in ('id="IDCard"', 'Id="IDCard"', 'ID="IDCard"', f'w:Id="IDCard" xmlns:w="{NAMESPACES["wsu"]}"'):
        assert "has the id 'IDCard' more than once" in refused(opened(a_header(), body=f"<x {attribute}/>")).hint


def test_the_refusal_of_another_id_names_the_right_id() -> None:
    assert "has the id 'Card'; it must be 'IDCard'" in refused(a_header().replace('id="IDCard"', 'id="Card"')).hint


CERTIFICATE = identity("sts").certificate.public_bytes(Encoding.DER)


@given(at=st.integers(0, len(CERTIFICATE) - 1), byte=st.integers(1, 255))
@example(at=CERTIFICATE.index(b"\x06\x03\x55\x04\x03") - 2, byte=0x43)  # a byte of the subject, which cryptography reads late
@example(at=CERTIFICATE.rindex(b"SOSI"), byte=ord("S") ^ ord("\n"))  # a line break in the subject
@settings(max_examples=150, deadline=None)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_any_changed_byte_of_the_certificate_is_refused_in_one_sentence(at: int, byte: int) -> None:
    changed = bytearray(CERTIFICATE)
    changed[at] ^= byte
    card = a_card()
    next(elements(card, "X509Certificate")).text = base64.b64encode(changed).decode()
    assert refused(a_header(card)).fault_code in ("invalid_signature", "invalid_certificate")


@pytest.mark.parametrize("dial", DIALS)
def test_an_attribute_must_have_one_value(dial: str) -> None:
    two = f"<saml:AttributeValue>{CVR}</saml:AttributeValue><saml:AttributeValue>99999999</saml:AttributeValue>"
    header = a_header().replace(f"<saml:AttributeValue>{CVR}</saml:AttributeValue>", two)
    refusal = refused(header, dial)
    assert refusal.fault_code == "syntax_error"
    assert "'medcom:CareProviderID' has 2 saml:AttributeValue" in refusal.hint


@pytest.mark.parametrize("dial", DIALS)
@pytest.mark.parametrize("place", ["<saml:Issuer>", "<saml:Subject>", '<saml:Attribute Name="medcom:UserRole">'])
def test_an_attribute_must_be_in_an_attribute_statement(dial: str, place: str) -> None:
    attribute = '<saml:Attribute Name="medcom:Other"><saml:AttributeValue>x</saml:AttributeValue></saml:Attribute>'
    refusal = refused(a_header(a_card(user=True)).replace(place, place + attribute, 1), dial)
    assert "'medcom:Other' must stand in a saml:AttributeStatement" in refusal.hint


@pytest.mark.parametrize("dial", DIALS)
def test_an_element_with_many_xml_attributes_is_refused(dial: str) -> None:
    many = " ".join(f'a{number}="x"' for number in range(30))
    assert "XML attributes" in refused(a_header().replace("<saml:Subject>", f"<saml:Subject {many}>"), dial).hint


@pytest.mark.parametrize("dial", DIALS)
@pytest.mark.parametrize("level", ["4", "5", "0", "", "high", "33"])
def test_a_level_above_that_of_the_card_is_refused(dial: str, level: str) -> None:
    refusal = refused(a_header(level=level), dial)
    assert (str(refusal), refusal.fault_code) == ("Validation Failed.", "security_level_failed")


def test_the_level_of_the_card_must_be_3_or_4() -> None:
    card = etree.fromstring(as_text(a_card()).replace("<saml:AttributeValue>3<", "<saml:AttributeValue>2<"))
    assert refused(a_header(card, level="1"), "headers").fault_code == "security_level_failed"
    assert check(a_header(a_card(user=True), level="4"))


@pytest.mark.parametrize("dial", DIALS)
def test_a_medcom_header_is_required(dial: str) -> None:
    refusal = refused(a_header().partition("<medcom:Header")[0], dial)
    assert refusal.fault_code == "missing_required_header"


@pytest.mark.parametrize("name_format", ["medcom:ynumber", ""])
def test_the_care_provider_must_be_a_cvr_number(name_format: str) -> None:
    header = a_header().replace('NameFormat="medcom:cvrnumber"', f'NameFormat="{name_format}"')
    refusal = refused(header, "headers")
    assert (str(refusal), refusal.fault_code) == ("Validation Failed.", "invalid_idcard")
    assert "NameFormat" in refusal.hint


@pytest.mark.parametrize("dial", DIALS)
@pytest.mark.parametrize(("cvr", "is_producer"), [("78834412", lambda _: False), ("", anyone), ("  ", anyone)])
def test_a_care_provider_that_is_not_a_data_producer_is_refused(dial: str, cvr: str, is_producer: Callable[[str], bool]) -> None:
    refusal = refused(a_header(a_card(cvr)), dial, is_producer=is_producer)
    assert str(refusal) == (
        f"The care provider is not registered as a data producer in LPR (medcom:CareProviderID = {cvr.strip()})"
    )
    assert (refusal.sender, refusal.fault_code) == (True, "not_authorized")


@pytest.mark.parametrize("dial", DIALS)
def test_a_hash_that_is_not_a_digest_is_refused(dial: str) -> None:
    card = a_card(signer=None)
    next(value for value in elements(card, "AttributeValue") if (value.text or "").endswith("=")).text = "AAAA"
    from mockregister.security.signature import sign

    sign(card, identity("sts"))
    assert refused(a_header(card), dial).fault_code == "invalid_idcard"


@pytest.mark.parametrize("dial", DIALS)
def test_a_missing_attached_certificate_is_reported(dial: str) -> None:
    card = a_card()
    element = next(elements(card, "X509Certificate"))
    element.text = None
    etree.SubElement(element, qname("xop", "Include"), href="cid:certificate")
    refusal = refused(a_header(card), dial)
    assert str(refusal) == "Unable to get certificate from dom"
    assert "cid:certificate" in refusal.hint


def test_an_invalid_certificate_is_reported() -> None:
    card = a_card()
    next(elements(card, "X509Certificate")).text = "AAAA"
    assert str(refused(a_header(card))) == "Unable to get certificate from dom"


def test_the_first_failing_check_is_reported() -> None:
    forged = a_card("99999999", signer="untrusted")
    next(elements(forged, "Issuer")).text = "changed"
    assert refused(a_header(forged, level="4"), now=EXPIRED).fault_code == "invalid_signature"
    assert refused(a_header(a_card(signer="untrusted"), level="4"), now=EXPIRED).fault_code == "invalid_certificate"
    assert refused(a_header(level="4"), now=EXPIRED).fault_code == "processing_problem"
    assert refused(a_header(level="4"), is_producer=lambda _: False).fault_code == "security_level_failed"


# the setting ``auth``


def test_signed_without_trusted_certificates_prevents_the_start() -> None:
    with pytest.raises(SettingError, match="--trust"):
        Admission.of(Settings(auth="signed"))


def test_signed_trusts_a_folder_or_a_pki(tmp_path: Path) -> None:
    for how in ({"trust": pki_folder()}, {"pki": pki_folder()}):
        admission = Admission.of(Settings(auth="signed", **how))
        assert admission is not None
        assert admission.trust == the_pki().trust
    with pytest.raises(SettingError, match=r"ca\*\.pem"):
        Admission.of(Settings(auth="signed", trust=tmp_path))


def test_the_card_that_was_verified_is_the_one_that_is_read() -> None:
    header = opened(a_header())
    before = deepcopy(header)
    assert check(header)
    card, again = idcard.id_card(header), idcard.id_card(before)
    assert card == again
    assert card is not None
    assert card.care_provider == CVR
