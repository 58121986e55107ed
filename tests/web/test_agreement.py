"""Requests of others: a raw client that imitates five stacks, and a real sender's request. Skipped if they are missing."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from flask.testing import FlaskClient

from mockregister.app import create_app
from mockregister.client import Answer, read_answer
from mockregister.settings import Settings
from tests.envelope.stacks import multipart

SHARED = Path(__file__).parents[3] / "shared"
CLIENT = SHARED / "tools/agreement/client.py"
WIRE = SHARED / "reference/wire"
VALIDATE = "/cda-ws/DocumentRepository_Service/PatientHealthcareValidateReportingService"
pytestmark = pytest.mark.skipif(not CLIENT.is_file(), reason="the shared material is not beside the project")


@pytest.fixture(scope="module")
def client() -> ModuleType:
    spec = importlib.util.spec_from_file_location("agreement_client", CLIENT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look up their module there
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def http() -> Iterator[FlaskClient]:
    app = create_app(Settings())
    yield app.test_client()
    app.extensions["mockregister"].close()


def sent(http: FlaskClient, path: str, headers: dict[str, str], body: bytes) -> Answer:
    response = http.post(path, data=body, headers=headers)
    return read_answer(response.status_code, dict(response.headers), response.data)


VARIETIES = [
    {},
    {"cid": "percent"},
    {"cid": "bare"},
    {"cid": "quoted"},
    {"medcom": "1.0.1"},
    {"medcom": None},
    {"addressing": True},
    {"gzip": True},
    {"accept_gzip": True},
    {"id_card": False},
    {"hsuid": False},
    {"certificate_part": True},
    {"inline": True},
]


@pytest.mark.parametrize("documents", [1, 3])
@pytest.mark.parametrize("soap", ["1.1", "1.2"])
@pytest.mark.parametrize("style", ["cxf", "axis2", "soapui", "dotnet", "metro"])
def test_every_style_gets_the_same_answer(client: ModuleType, http: FlaskClient, style: str, soap: str, documents: int) -> None:
    answers = []
    for options in VARIETIES:
        built = client.build_request([b"<ClinicalDocument/>"] * documents, style=style, soap=soap, **options)
        answers.append(sent(http, VALIDATE, *built))
    assert {answer.http_status for answer in answers} == {200}
    assert {answer.status for answer in answers} == {"Failure"}
    assert len({answer.findings for answer in answers}) == 1
    assert answers[0].findings


@pytest.mark.parametrize("soap", ["1.1", "1.2"])
def test_its_request_without_multipart_is_refused(client: ModuleType, http: FlaskClient, soap: str) -> None:
    headers, body = client.build_request([b"<ClinicalDocument/>"], soap=soap, multipart=False)
    answer = sent(http, VALIDATE, headers, body)
    assert answer.http_status == 500
    assert answer.fault is not None


@pytest.mark.parametrize("soap", ["1.1", "1.2"])
def test_it_reads_our_answers(client: ModuleType, http: FlaskClient, soap: str) -> None:
    headers, body = client.build_request([b"<ClinicalDocument/>"], soap=soap, addressing=True)
    response = http.post(VALIDATE, data=body, headers=headers)
    answer = client.read_answer(response.status_code, dict(response.headers), response.data)
    assert (answer.soap, answer.parts, answer.status, answer.fault) == (soap, 1, "Failure", None)
    assert answer.errors[0].level == "XSD"
    assert answer.medcom["FlowStatus"] == "flow_finalized_succesfully"
    assert set(answer.addressing) == {"Action", "MessageID", "To", "RelatesTo"}


def test_a_real_senders_request_is_answered(http: FlaskClient) -> None:
    """It is SOAP 1.1 with an attached certificate and an author that is not an XON (facts 25, 33, 119)."""
    parts = [
        (
            ['Content-Type: application/xop+xml; charset=UTF-8; type="text/xml"', "Content-ID: <rootpart@soapui.org>"],
            "soapui-request-soap11.xml",
        ),
        (["Content-Type: application/octet-stream", "Content-ID: <sds-test-cert.bin>"], "sds-test-cert.bin"),
    ]
    read = [(lines, (WIRE / name).read_bytes()) for lines, name in parts]
    read.append((["Content-ID: <cda>"], b"<ClinicalDocument/>"))
    headers = {"Content-Type": 'multipart/related; type="application/xop+xml"; start="<rootpart@soapui.org>"; boundary="b"'}
    answer = sent(http, VALIDATE, headers, multipart(b"b", read))
    assert (answer.http_status, answer.status) == (200, "Failure")
    assert answer.findings
