"""The test STS issues ID cards, and refuses invalid requests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from mockregister import safexml
from mockregister.errors import IssueRefused, NoCard
from mockregister.safexml import NAMESPACES, qname
from mockregister.security import idcard, sts
from mockregister.security.asking import METHODS, Holder, read_answer
from mockregister.security.signature import sign, verify
from mockregister.security.sts import issue
from tests.cards import CVR, NOON, a_card, as_text, elements, identity, pki_folder, the_pki


def asked(name: str = "system", methods: str = "sha256") -> etree._Element:
    """Return a RequestSecurityToken that is signed with a key of the PKI folder."""
    envelope = safexml.parse(Holder.load(pki_folder(), name, methods).request(CVR, datetime(2030, 1, 1, tzinfo=UTC)))
    return next(envelope.iter(qname("wst", "RequestSecurityToken")))


def with_card(card: etree._Element) -> etree._Element:
    request = asked()
    claims = request.find(qname("wst", "Claims"))
    assert claims is not None
    claims[:] = [card]
    return request


def issued(request: etree._Element, now: datetime = NOON) -> etree._Element:
    answer = etree.fromstring(issue(the_pki(), request, now))
    card = answer.find(f"{qname('wst', 'RequestedSecurityToken')}/{qname('saml', 'Assertion')}")
    assert card is not None
    return card


def refused(request: etree._Element, now: datetime = NOON) -> tuple[str, str, str]:
    with pytest.raises(IssueRefused) as refusal:
        issue(the_pki(), request, now)
    assert "\n" not in str(refusal.value)
    return refusal.value.code, refusal.value.fault_code, str(refusal.value)


@pytest.mark.parametrize("methods", METHODS)
@pytest.mark.parametrize("name", ["system", "user"])
def test_the_issued_card_is_signed_by_the_sts_with_the_algorithms_of_the_request(name: str, methods: str) -> None:
    assert verify(issued(asked(name, methods))) == (identity("sts").certificate, METHODS[methods])


def test_the_issued_card_keeps_its_attributes_and_gets_the_times_of_the_registers_clock() -> None:
    request = asked("user")
    before = idcard.read(next(request.iter(qname("saml", "Assertion"))))
    card = issued(request)
    after = idcard.read_strictly(card)
    assert (after.names, after.care_provider, after.certificate_hash, after.type, after.level) == (
        before.names,
        CVR,
        before.certificate_hash,
        "user",
        "4",
    )
    assert (after.not_before, after.not_on_or_after) == ("2019-06-01T11:55:00Z", "2019-06-02T11:55:00Z")
    assert card.get("IssueInstant") == after.not_before
    assert card.findtext(qname("saml", "Issuer")) == sts.NAME


def test_the_answer_has_the_form_of_ws_trust() -> None:
    answer = etree.fromstring(issue(the_pki(), asked(), NOON))
    assert answer.tag == qname("wst", "RequestSecurityTokenResponse")
    assert answer.get("Context") == "www.sosi.dk"
    assert [etree.QName(child).localname for child in answer] == ["TokenType", "RequestedSecurityToken", "Status", "Issuer"]
    assert answer.findtext(f"{qname('wst', 'Status')}/{qname('wst', 'Code')}") == f"{NAMESPACES['wst']}/status/valid"
    assert len(answer.xpath("//@*[.='IDCard']")) == 1


def test_a_request_that_is_indented_before_signing_is_answered() -> None:
    assert verify(issued(with_card(a_card(signer="system", indented=True))))


def test_a_hostile_context_is_escaped_in_the_answer() -> None:
    request = asked()
    request.set("Context", '"><x/>')
    assert etree.fromstring(issue(the_pki(), request, NOON)).get("Context") == '"><x/>'


@pytest.mark.parametrize(
    ("name", "why"),
    [("expired", "valid from"), ("revoked", "revoked"), ("untrusted", "none of the trusted CAs"), ("ca", "signed by the CA")],
)
def test_an_untrusted_sender_gets_no_card(name: str, why: str) -> None:
    code, fault_code, sentence = refused(asked(name))
    assert (code, fault_code) == ("FailedAuthentication", "invalid_certificate")
    assert why in sentence


def _set(name: str, text: str) -> Callable[[etree._Element], None]:
    def change(card: etree._Element) -> None:
        next(elements(card, name)).text = text

    return change


def test_a_card_changed_after_it_was_signed_is_refused() -> None:
    request = asked()
    next(elements(request, "NameID")).text = "11111111"
    code, fault_code, sentence = refused(request)
    assert (code, fault_code) == ("FailedAuthentication", "invalid_signature")
    assert "changed after it was signed" in sentence


def test_an_unsigned_card_is_refused() -> None:
    assert refused(with_card(a_card(signer=None)))[:2] == ("FailedAuthentication", "invalid_signature")


def test_a_hash_of_another_certificate_is_refused() -> None:
    card = a_card(signer=None, user=True)
    sign(card, identity("system"))
    code, fault_code, sentence = refused(with_card(card))
    assert (code, fault_code) == ("FailedAuthentication", "invalid_idcard")
    assert "OCESCertHash" in sentence


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [("RequestType", "Renew", "BadRequest"), ("TokenType", "urn:other", "BadRequest"), ("RequestType", "", "BadRequest")],
)
def test_anything_but_issuing_an_id_card_is_refused(name: str, text: str, code: str) -> None:
    request = asked()
    _set(name, text)(request)
    assert refused(request)[0] == code


def test_a_request_without_a_card_or_with_two_is_refused() -> None:
    request = asked()
    claims = request[2]
    claims.append(a_card(signer="system"))
    assert "holds 2 saml:Assertion" in refused(request)[2]
    claims[:] = []
    assert refused(request)[:2] == ("InvalidRequest", "syntax_error")
    assert refused(etree.fromstring("<x/>"))[0] == "InvalidRequest"


def _add_attribute(card: etree._Element, name: str) -> None:
    etree.SubElement(next(elements(card, "AttributeStatement")), qname("saml", "Attribute"), Name=name)


@pytest.mark.parametrize(
    "change",
    [
        lambda card: card.set("Version", "1.1"),
        lambda card: card.set("id", "Other"),
        lambda card: next(elements(card, "NameID")).set("Id", "IDCard"),
        lambda card: card.remove(next(elements(card, "Conditions"))),
        lambda card: next(elements(card, "Attribute")).set("Name", "sosi:IDCardVersion"),
        lambda card: [_add_attribute(card, str(number)) for number in range(300)],
        lambda card: _set("Issuer", "x" * 1_000_000)(card),
        lambda card: [attribute.set("NameFormat", "medcom:ynumber") for attribute in elements(card, "Attribute")],
        lambda card: [element.set("Name", "x") for element in elements(card, "Attribute") if "Level" in element.get("Name", "")],
    ],
)
def test_a_card_that_is_not_a_dgws_card_is_refused(change: Callable[[etree._Element], None]) -> None:
    card = a_card(signer=None)
    change(card)
    assert refused(with_card(card))[0] == "InvalidRequest"


def test_a_users_card_names_the_user() -> None:
    card = etree.fromstring(as_text(a_card(user=True, signer=None)).replace("medcom:UserRole", "medcom:Other"))
    assert "medcom:UserRole" in refused(with_card(card))[2]


@pytest.mark.parametrize("now", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)])
def test_a_clock_outside_of_the_certificates_validity_is_reported(now: datetime) -> None:
    assert "the register's clock says" in refused(asked(), now)[2]


def test_the_client_reads_the_card_from_the_answer() -> None:
    body = issue(the_pki(), asked(), NOON)
    card = etree.fromstring(read_answer(f"<e><b>{body}</b></e>".encode()))
    assert verify(card)


@pytest.mark.parametrize(
    ("answer", "said"),
    [(b"<html/>", "its answer has none"), (b"no XML", "with SOAP: no XML"), (b"<e><faultstring>why</faultstring></e>", "why")],
)
def test_the_client_reports_the_refusal_of_the_sts(answer: bytes, said: str) -> None:
    with pytest.raises(NoCard, match=said):
        read_answer(answer)


def test_a_card_is_valid_for_a_day() -> None:
    assert timedelta(days=1) == idcard.LIFE
