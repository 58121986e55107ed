"""zeep, a standard SOAP toolkit, loads the WSDL and calls the service, with a transport that sends XOP."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import zeep
from flask.testing import FlaskClient
from lxml import etree

from mockregister.app import create_app
from mockregister.client import FAMILIES
from mockregister.envelope import mime
from mockregister.envelope.author_institution import SCHEME
from mockregister.envelope.mime import decode_base64
from mockregister.envelope.xdr import DOCUMENT, INCLUDE
from mockregister.finding import Finding, Level
from mockregister.model import Submission
from mockregister.settings import Settings
from mockregister.submission import Outcome, Service

ADDRESS = "http://register.example"
PORTS = {"DocumentRepository_Port_Soap11": "text/xml", "DocumentRepository_Port_Soap12": "application/soap+xml"}
OPERATION = "DocumentRepository_ProvideAndRegisterDocumentSet-b"


class Wire(zeep.Transport):
    """A transport over Flask's test client. zeep sends no attachments itself, so ``mtom`` makes them."""

    def __init__(self, http: FlaskClient, mtom: bool = True) -> None:
        super().__init__()
        self.http, self.mtom = http, mtom

    def load(self, url: str) -> bytes:
        assert url.startswith(ADDRESS)
        return self.http.get(url.removeprefix(ADDRESS), base_url=ADDRESS).data

    def post(self, address: str, message: bytes, headers: dict[str, str]) -> Any:
        kind = headers["Content-Type"]
        if self.mtom:
            kind, message = attached(message, mime.content_type(kind)[0])
        path = address.removeprefix(ADDRESS)
        response = self.http.post(path, data=message, headers={**headers, "Content-Type": kind})
        return SimpleNamespace(
            status_code=response.status_code, headers=response.headers, content=response.data, encoding="utf-8"
        )


def attached(message: bytes, media_type: str) -> tuple[str, bytes]:
    """Return the message as a package, with each document as an attachment."""
    root, attachments = etree.fromstring(message), []
    for number, element in enumerate(root.iter(DOCUMENT)):
        attachments.append((f"{number}@zeep", decode_base64((element.text or "").encode(), "the document")))
        element.text = None
        etree.SubElement(element, INCLUDE, href=f"cid:{number}@zeep")
    return mime.write(etree.tostring(root), media_type, attachments)


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> list[Submission]:
    received: list[Submission] = []
    finding = Finding(Level.BUSINESS_RULE, "Noget", code="05.53", rule_set="sds:lpr:3.0.6", document="R^E", where="//x")

    def submit(_: object, service: Service, sent: Submission, *more: object) -> Outcome:
        received.append(sent)
        return Outcome("Failure", False, (finding,), {})

    monkeypatch.setattr("mockregister.web.soap.submit", submit)
    return received


@pytest.fixture(scope="module")
def http() -> Iterator[FlaskClient]:
    app = create_app(Settings())
    yield app.test_client()
    app.extensions["mockregister"].close()


def loaded(http: FlaskClient, medcom: str = "1.0", mtom: bool = True) -> zeep.Client:
    url = f"{ADDRESS}{FAMILIES[medcom][0]}{Service.VALIDATE.url_name}?wsdl"
    return zeep.Client(url, transport=Wire(http, mtom))


def a_request() -> dict[str, Any]:
    slot = {"name": "authorInstitution", "ValueList": {"Value": ["Prøve^^^^^&1.2.208.176.1.1&ISO^^^^999011000016000"]}}
    author = {"id": "Author", "classificationScheme": SCHEME, "classifiedObject": "Set", "Slot": [slot]}
    objects = [{"RegistryPackage": {"id": "Set", "Classification": [author]}}]
    return {
        "SubmitObjectsRequest": {"RegistryObjectList": {"_value_1": objects}},
        "Document": [{"id": "Document01", "_value_1": b"<ClinicalDocument/>"}],
    }


@pytest.mark.parametrize("medcom", FAMILIES)
def test_zeep_loads_the_wsdl_without_warnings(http: FlaskClient, medcom: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "zeep"):
        client = loaded(http, medcom)
    assert [record for record in caplog.records if record.name.startswith("zeep")] == []
    [service] = client.wsdl.services.values()
    assert service.name == "DocumentRepository_Service"
    assert set(service.ports) == set(PORTS)


def test_the_binding_has_its_published_name(http: FlaskClient, received: list[Submission]) -> None:
    client = loaded(http)
    address = f"{ADDRESS}{FAMILIES['1.0'][0]}{Service.REPORTING.url_name}"
    service = client.create_service("{urn:ihe:iti:xds-b:2007}DocumentRepository_Binding", address)
    assert service[OPERATION](**a_request()).body.status.endswith(":Failure")
    assert len(received) == 1


@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize("medcom", FAMILIES)
def test_zeep_calls_the_service_and_reads_the_answer(
    http: FlaskClient, received: list[Submission], medcom: str, port: str
) -> None:
    service = loaded(http, medcom).bind("DocumentRepository_Service", port)
    answer = service[OPERATION](**a_request())
    assert received[0].documents[0].content == b"<ClinicalDocument/>"
    assert received[0].author is not None
    assert answer.body.status.endswith(":Failure")
    assert answer.header.medcom_header.FlowStatus == "flow_finalized_succesfully"
    [error] = answer.body.RegistryErrorList.RegistryError
    assert error.location == "R^E|||//x|||sds:lpr:3.0.6|||05.53"


def test_headers_are_sent(http: FlaskClient, received: list[Submission]) -> None:
    client = loaded(http)
    header = {"medcom_header": {"SecurityLevel": 3, "Linking": {"MessageID": "abc"}}}
    client.service[OPERATION](**a_request(), _soapheaders=header)
    assert received[0].message_id == "abc"


@pytest.mark.parametrize("port", PORTS)
def test_zeep_without_mtom_gets_a_fault_that_says_what_was_expected(
    http: FlaskClient, received: list[Submission], port: str
) -> None:
    service = loaded(http, mtom=False).bind("DocumentRepository_Service", port)
    with pytest.raises(zeep.exceptions.Fault, match="xop:Include"):
        service[OPERATION](**a_request())
    assert received == []
