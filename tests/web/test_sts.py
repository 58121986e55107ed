"""Clients get a card from the STS over HTTP and submit with it. Faults, journal and each register's clock apply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from lxml import etree

from mockregister.client import Client, Sending, Server
from mockregister.errors import NoCard
from mockregister.security.asking import HEADERS, Holder
from mockregister.security.idcard import STS_PATH
from mockregister.testing import Lpr3, server
from tests.builders import CUSTODIAN, a_document, an_episode, as_xml
from tests.cards import NOON, pki_folder

DOCUMENT = as_xml(a_document(episodes=[an_episode()]))
SERVICE = "NewSecurityTokenService"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with server(auth="signed", pki=pki_folder(), clock=NOON) as url:
        yield url


@pytest.fixture
def lpr3(url: str) -> Iterator[Lpr3]:
    register = Lpr3(url)
    yield register
    register.delete()


def a_client(lpr3: Lpr3, holder: str = "system", **how: str) -> Client:
    return Client(lpr3.url, pki=pki_folder(), holder=holder, **how)


@pytest.mark.parametrize("holder", ["system", "user"])
@pytest.mark.parametrize("digest", ["sha1", "sha256"])
@pytest.mark.parametrize("soap", ["1.1", "1.2"])
def test_a_client_with_a_card_of_the_sts_is_admitted(lpr3: Lpr3, holder: str, digest: str, soap: str) -> None:
    answer = a_client(lpr3, holder, digest=digest, soap=soap).submit([DOCUMENT])
    assert (answer.status, answer.fault) == ("Success", None)


def test_a_card_with_a_changed_byte_is_refused(lpr3: Lpr3) -> None:
    client = a_client(lpr3)
    card = client.id_card(Sending(care_provider=CUSTODIAN))
    answer = client.submit([DOCUMENT], card=card.replace("mockregister test", "mockregister tesT", 1))
    assert answer.fault is not None
    assert (answer.fault.reason, answer.fault.medcom_code) == ("Validation Failed.", "invalid_signature")
    assert lpr3.stored()["documents"] == 0


def test_a_card_that_the_sts_did_not_sign_is_refused(lpr3: Lpr3) -> None:
    own = Holder.load(pki_folder()).card(CUSTODIAN, NOON)
    answer = lpr3.submit(DOCUMENT, card=own)
    assert answer.fault is not None
    assert answer.fault.reason == "The certificate that signed the security token is not trusted!"
    assert lpr3.submit(DOCUMENT).fault is not None


@pytest.mark.parametrize("holder", ["expired", "revoked", "untrusted"])
def test_the_sts_refuses_bad_certificates(lpr3: Lpr3, holder: str) -> None:
    with pytest.raises(NoCard):
        a_client(lpr3, holder).submit([DOCUMENT])


def test_the_client_renews_a_card_that_expired_by_the_registers_clock(lpr3: Lpr3) -> None:
    client = a_client(lpr3)
    client.submit([DOCUMENT], service="validate")
    client.submit([DOCUMENT], service="validate")
    assert lpr3.requests.count(service="sts") == 1
    lpr3.clock.freeze("2022-01-01T12:00:00Z")
    assert client.submit([DOCUMENT], service="validate").fault is None
    assert lpr3.requests.count(service="sts") == 2


def test_exchanges_with_the_sts_are_in_the_journal(lpr3: Lpr3) -> None:
    a_client(lpr3).submit([DOCUMENT])
    found = lpr3.requests.find(service=SERVICE, cvr=CUSTODIAN)
    assert [(exchange["outcome"], exchange["status"], exchange["stored"]) for exchange in found] == [("Success", 200, False)]
    exchange = lpr3.requests.get(found[0]["id"])
    assert "RequestSecurityToken" in str(exchange["request"])


def test_a_fault_for_the_sts_affects_only_the_sts(lpr3: Lpr3) -> None:
    lpr3.faults.add("http_status", {"service": "sts"}, times=1, status=503)
    with pytest.raises(NoCard):
        a_client(lpr3).submit([DOCUMENT])
    lpr3.faults.add("soap_fault", {"service": "sts"}, times=1, name="id_card_timeout")
    with pytest.raises(NoCard, match="timeout"):
        a_client(lpr3).submit([DOCUMENT])
    lpr3.faults.add("registry_errors", {"service": "sts"}, errors=[{"code": "05.53"}])
    assert a_client(lpr3).submit([DOCUMENT]).status == "Success"


def test_a_fault_of_the_sts_has_the_requested_status(url: str) -> None:
    request = Holder.load(pki_folder(), "revoked").request(CUSTODIAN)
    assert Server(url).exchange("POST", STS_PATH, HEADERS, request).status == 500
    with server(pki=pki_folder(), sts_fault_status=200) as other:
        answer = Server(other).exchange("POST", STS_PATH, HEADERS, request)
    fault = etree.fromstring(answer.data)
    assert (answer.status, fault.findtext(".//faultcode")) == (200, "wst:FailedAuthentication")
    assert fault.findtext(".//{*}FaultCode") == "invalid_certificate"


def test_answers_and_faults_have_what_the_seal_library_reads(url: str) -> None:
    asked = etree.fromstring(Holder.load(pki_folder()).request(CUSTODIAN))
    good = Server(url).exchange("POST", STS_PATH, HEADERS, etree.tostring(asked))
    refused = Server(url).exchange("POST", STS_PATH, HEADERS, Holder.load(pki_folder(), "revoked").request(CUSTODIAN))
    unreadable = Server(url).exchange("POST", STS_PATH, HEADERS, b"<a/>")
    ids = []
    for answer in (good, refused, unreadable):
        envelope = etree.fromstring(answer.data)
        security = envelope.find("{*}Header/{*}Security")
        assert (security.findtext("{*}Timestamp/{*}Created") or "").endswith("Z")
        ids.append(security.get("id"))
        if answer is not good:
            assert envelope.findtext("{*}Body/{*}Fault/faultactor") == STS_PATH
    assert ids[0] == asked.find("{*}Header/{*}Security").get("id")
    assert all(ids)


def test_hostile_requests_are_refused_in_one_sentence(url: str) -> None:
    request = Holder.load(pki_folder()).request(CUSTODIAN)
    head = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    bad = (b"", b"<a/>", request[:-9], head + request, request.replace(b"mockregister test", b"x" * 1_000_000))
    for body in bad:
        answer = Server(url).exchange("POST", STS_PATH, HEADERS, body)
        fault = etree.fromstring(answer.data)
        reason = fault.findtext(".//faultstring") or ""
        assert answer.status == 500
        assert 20 < len(reason) < 400
        assert "\n" not in reason


@pytest.mark.parametrize("kind", ["application/json", "", "application/xml", "multipart/mixed; boundary=b"])
def test_the_fault_for_another_media_type_says_what_the_sts_accepts(url: str, kind: str) -> None:
    answer = Server(url).exchange("POST", STS_PATH, {"Content-Type": kind}, Holder.load(pki_folder()).request(CUSTODIAN))
    reason = "".join(etree.fromstring(answer.data).itertext())
    assert "send the SOAP envelope as text/xml (SOAP 1.1)" in reason
    assert "MTOM" not in reason


def test_a_test_suite_gets_a_card_from_the_fixture(lpr3: Lpr3) -> None:
    assert lpr3.submit(DOCUMENT, card=lpr3.id_card(pki_folder(), care_provider=CUSTODIAN)).status == "Success"
    with pytest.raises(NoCard, match="revoked"):
        lpr3.id_card(pki_folder(), "revoked")


def test_a_card_that_the_caller_chose_is_sent_unchanged(lpr3: Lpr3) -> None:
    sending = Sending(register="", care_provider="99999993")
    card = a_client(lpr3).id_card(sending)
    assert "99999993" in card
    assert replace(sending, card=card).card == card
