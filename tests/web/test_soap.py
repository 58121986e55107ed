"""The SOAP services are called over HTTP: every stack, every path, gzip, the setting ``auth``, and bad input."""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from mockregister import safexml
from mockregister.client import FAMILIES, Answer, Sending, read_answer, write_request
from mockregister.envelope import soap
from mockregister.envelope.soap import Caller, Version
from mockregister.finding import Finding, Level
from mockregister.model import Submission
from mockregister.safexml import NAMESPACES
from mockregister.settings import Settings
from mockregister.submission import Outcome, Service
from tests.applications import application
from tests.builders import an_episode, as_xml
from tests.cards import a_card, a_header, elements, pki_folder
from tests.envelope.stacks import STACKS, V11, V12, Built, cxf, envelope, include, multipart, plain, security

SAVE = "/cda-ws/DocumentRepository_Service/PatientHealthcareReportingService"
DOCUMENT = b"<ClinicalDocument/>"
NOON = datetime(2019, 6, 1, 12, tzinfo=UTC)
SETTINGS = Settings(max_body=20_000, clock=NOON, fault_status="http")


class Register:
    """Replaces ``submit``, so that tests see what arrives and choose the answer."""

    def __init__(self) -> None:
        self.received: list[tuple[Service, Submission]] = []
        self.outcome = Outcome("Success", True, (), {})

    def submit(self, _: object, service: Service, sent: Submission, *more: object) -> Outcome:
        self.received.append((service, sent))
        return self.outcome


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Register:
    register = Register()
    monkeypatch.setattr("mockregister.web.soap.submit", register.submit)
    return register


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    with application(SETTINGS) as app:
        yield app


@pytest.fixture(scope="module")
def real() -> Iterator[FlaskClient]:
    with application(replace(SETTINGS, fault_status="real")) as app:
        yield app.test_client()


@pytest.fixture
def http(app: Flask, register: Register) -> FlaskClient:
    return app.test_client()


def post(http: FlaskClient, built: Built, path: str = SAVE, **headers: str) -> Answer:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    response = http.post(path, data=built[1], headers={"Content-Type": built[0], **names})
    return read_answer(response.status_code, dict(response.headers), response.data)


def refused(http: FlaskClient, register: Register, built: Built, **headers: str) -> Answer:
    answer = post(http, built, **headers)
    assert register.received == []
    assert answer.fault is not None
    assert "\n" not in answer.fault.reason
    return answer


# accepted requests


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_gets_the_same_answer(http: FlaskClient, register: Register, stack: str, version: Version) -> None:
    answer = post(http, STACKS[stack]([DOCUMENT, DOCUMENT], version))
    assert (answer.http_status, answer.status, answer.findings) == (200, "Success", ())
    assert soap.read(answer.headers["content-type"], answer.raw).caller.version is version
    assert [document.content for document in register.received[0][1].documents] == [DOCUMENT, DOCUMENT]


@pytest.mark.parametrize("medcom", FAMILIES)
@pytest.mark.parametrize("service", Service)
@pytest.mark.parametrize("prefix", ["", "/r/mine"])
def test_the_six_paths_have_three_policies_and_two_header_namespaces(
    http: FlaskClient, register: Register, prefix: str, service: Service, medcom: str
) -> None:
    path, namespace = FAMILIES[medcom]
    answer = post(http, cxf([DOCUMENT]), prefix + path + service.url_name)
    assert register.received[0][0] is service
    header = soap.read(answer.headers["content-type"], answer.raw).header
    assert header is not None
    assert header.find(f"{{{namespace}}}Header") is not None


def test_findings_are_in_the_answer(http: FlaskClient, register: Register) -> None:
    finding = Finding(Level.INTEGRITY_CHECK, "Set x not found", code="SET_NOT_FOUND", params=("x",), document="R^E")
    register.outcome = Outcome("Failure", False, (finding,), {})
    answer = post(http, cxf([DOCUMENT]))
    assert (answer.http_status, answer.status, answer.findings) == (200, "Failure", (finding,))


def test_ws_addressing_is_mirrored(http: FlaskClient, register: Register) -> None:
    headers, body = write_request([DOCUMENT], Sending(addressing=True))
    answer = post(http, (headers["Content-Type"], body))
    caller = soap.read(answer.headers["content-type"], answer.raw).caller
    assert caller.addressing is not None
    assert caller.addressing.namespace == NAMESPACES["wsa"]


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP", "deflate", "identity"])
def test_a_compressed_request_is_accepted(http: FlaskClient, register: Register, coding: str) -> None:
    kind, body = cxf([DOCUMENT])
    packed = {"deflate": zlib.compress, "identity": bytes}.get(coding, gzip.compress)(body)
    assert post(http, (kind, packed), Content_Encoding=coding).status == "Success"


def test_a_request_that_is_compressed_in_several_pieces_is_accepted(http: FlaskClient, register: Register) -> None:
    kind, body = cxf([DOCUMENT])
    packed = gzip.compress(body[:99], mtime=0) + gzip.compress(body[99:], mtime=0) + b"\0" * 8
    assert post(http, (kind, packed), Content_Encoding="gzip").status == "Success"


@pytest.mark.parametrize(
    ("accepted", "coding"), [("gzip", "gzip"), ("deflate, gzip;q=0.5", "gzip"), ("gzip;q=0", None), ("", None), ("br", None)]
)
def test_the_answer_is_compressed_if_the_caller_accepts_it(
    http: FlaskClient, register: Register, accepted: str, coding: str | None
) -> None:
    answer = post(http, cxf([DOCUMENT]), Accept_Encoding=accepted)
    assert answer.headers.get("content-encoding") == coding
    assert answer.status == "Success"


# refused requests


@pytest.mark.parametrize(("version", "code"), [(V11, "soap:Client"), (V12, "soap:Sender")])
def test_the_fault_for_a_request_without_mtom_says_what_was_expected(
    http: FlaskClient, register: Register, version: Version, code: str
) -> None:
    answer = refused(http, register, plain([DOCUMENT], version))
    assert answer.http_status == 415
    assert "xop:Include" in answer.fault.reason  # type: ignore[union-attr]
    assert soap.read_any(answer.headers["content-type"], answer.raw).caller == Caller(version, packaged=False)
    assert code.encode() in answer.raw


WRONG = {
    "no MTOM": ("POST", SAVE, plain([DOCUMENT])),
    "JSON": ("POST", SAVE, ("application/json", b"{}")),
    "nothing": ("POST", SAVE, ("", b"")),
    "cut off": ("POST", SAVE, (cxf([DOCUMENT])[0], cxf([DOCUMENT])[1][:-30])),
    "too large": ("POST", SAVE, cxf([b"x" * 20_001])),
    "another verb": ("PUT", SAVE, cxf([DOCUMENT])),
    "DELETE": ("DELETE", SAVE, ("", b"")),
    "no service": ("POST", "/cda-ws/nothing", cxf([DOCUMENT])),
    "no /cda-ws": ("POST", SAVE.removeprefix("/cda-ws"), cxf([DOCUMENT])),
    "no schema": ("GET", f"{SAVE}?xsd=nothing", ("", b"")),
    "xds": ("POST", "/xds/registry", ("application/json", b"{}")),
    "no query": ("POST", "/xds/nothing", cxf([DOCUMENT])),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("version", Version)
def test_every_fault_has_status_500_and_the_packaging_of_the_request(real: FlaskClient, wrong: str, version: Version) -> None:
    method, path, (kind, body) = WRONG[wrong]
    kind = kind.replace(V12.media_type, version.media_type)
    body = body.replace(V12.namespace.encode(), version.namespace.encode())
    response = real.open(path, method=method, data=body, headers={"Content-Type": kind})
    answer = read_answer(response.status_code, dict(response.headers), response.data)
    assert (answer.http_status, answer.fault is not None) == (500, True)
    told = soap.read_any(answer.headers["content-type"], answer.raw).caller
    assert told.packaged is (kind.startswith("multipart/") and not path.startswith("/xds"))
    assert told.version is (version if version.media_type in kind else V11)


@pytest.mark.parametrize(("version", "status"), [(V11, 500), (V12, 400)])
def test_a_fault_of_the_sender_has_the_http_status_of_the_soap_binding(
    http: FlaskClient, register: Register, version: Version, status: int
) -> None:
    kind, body = cxf([DOCUMENT], version)
    assert refused(http, register, (kind, body[:-30])).http_status == status


def test_a_fault_mirrors_ws_addressing(http: FlaskClient, register: Register) -> None:
    headers, body = write_request([], Sending(addressing=True))
    other = body.replace(b"ProvideAndRegisterDocumentSetRequest", b"OtherRequest")
    answer = refused(http, register, (headers["Content-Type"], other))
    assert b":Fault:" in answer.raw
    assert soap.read(answer.headers["content-type"], answer.raw).caller.addressing is not None


def test_a_body_over_the_limit_is_refused(http: FlaskClient, register: Register) -> None:
    assert refused(http, register, cxf([b"x" * 20_001])).http_status == 413


@pytest.mark.parametrize("bomb", [gzip.compress(bytes(2_000_000), mtime=0), gzip.compress(bytes(15_000), mtime=0) * 2])
def test_a_gzip_bomb_is_refused(http: FlaskClient, register: Register, bomb: bytes) -> None:
    assert refused(http, register, (cxf([])[0], bomb), Content_Encoding="gzip").http_status == 413


def test_the_total_size_of_documents_that_share_a_part_is_limited(http: FlaskClient, register: Register) -> None:
    part = (["Content-ID: <doc>", "Content-Transfer-Encoding: base64"], base64.b64encode(b"<a>" + b"x" * 6_000 + b"</a>"))
    root = (["Content-ID: <root>"], envelope([include("doc")] * 4))
    answer = refused(http, register, ('multipart/related; boundary=b; start="<root>"', multipart(b"b", [root, part])))
    assert answer.http_status == 413
    assert "4 documents of 24028 bytes" in str(answer.fault)


@pytest.mark.parametrize("members", [1, 60, 500])
def test_empty_gzip_members_are_ignored(http: FlaskClient, register: Register, members: int) -> None:
    kind, body = cxf([DOCUMENT])
    packed = gzip.compress(b"", mtime=0) * members + gzip.compress(body, mtime=0)
    assert post(http, (kind, packed), Content_Encoding="gzip").status == "Success"
    assert refused(http, Register(), (kind, packed[:-9]), Content_Encoding="gzip").http_status == 400


def many(number: int, encoding: str = "utf-8") -> bytes:
    return f"<a>{'<b></b>' * (number - 1)}</a>".encode(encoding)


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_more_elements_than_the_setting_allows_are_refused(stack: str, encoding: str) -> None:
    with application(Settings(clock=NOON, max_elements=1000)) as app:
        for documents in ([many(1001, encoding)], [many(501, encoding)] * 2):
            fault = post(app.test_client(), STACKS[stack](documents, V12)).fault
            assert fault is not None
            assert fault.reason == "The request has more than 1000 elements; send fewer documents, or less in each."
        assert post(app.test_client(), STACKS[stack]([many(900, encoding)], V12)).fault is None


def test_too_many_attributes_are_refused() -> None:
    attributes = " ".join(f"a{number}=''" for number in range(2000))
    with application(Settings(clock=NOON, max_elements=1000)) as app:
        answer = post(app.test_client(), cxf([f"<a {attributes}/>".encode()]))
    assert answer.fault is not None
    assert "more than 2000 attributes" in answer.fault.reason


@pytest.mark.parametrize(
    ("body", "coding", "status"),
    [
        (b"no gzip", "gzip", 400),
        (gzip.compress(b"x" * 99, mtime=0)[:-9], "gzip", 400),
        (b"x", "br", 415),
        (b"x", "gzip, gzip", 415),
    ],
)
def test_an_unknown_content_encoding_is_refused(
    http: FlaskClient, register: Register, body: bytes, coding: str, status: int
) -> None:
    assert refused(http, register, (cxf([])[0], body), Content_Encoding=coding).http_status == status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_the_answer_to_another_method_names_the_allowed_ones(http: FlaskClient, register: Register, method: str) -> None:
    response = http.open(SAVE, method=method)
    answer = read_answer(response.status_code, dict(response.headers), response.data)
    assert answer.http_status == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert answer.fault is not None
    assert answer.fault.reason.startswith(f"{method} is not allowed here")


def test_the_answer_to_a_get_says_to_use_post(http: FlaskClient) -> None:
    response = http.get(SAVE)
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "path",
    ["/cda-ws/", "/cda-ws/DocumentRepository_Service/Patient", SAVE + "/more", "/r/x/cda-ws/y", SAVE.replace("/Pat", "//Pat")],
)
def test_the_answer_for_an_unknown_service_names_the_known_ones(http: FlaskClient, path: str) -> None:
    response = http.post(path, data=b"")
    answer = read_answer(response.status_code, dict(response.headers), response.data)
    assert answer.http_status == 404
    assert answer.fault is not None
    assert Service.VALIDATE.url_name in answer.fault.reason


def test_details_of_an_internal_error_are_not_shown(
    http: FlaskClient, register: Register, caplog: pytest.LogCaptureFixture
) -> None:
    register.outcome = None  # type: ignore[assignment]
    answer = post(http, cxf([DOCUMENT]))
    assert answer.http_status == 500
    assert answer.fault is not None
    assert "AttributeError" not in answer.fault.reason
    assert "AttributeError" in caplog.text
    assert answer.fault.reason.rpartition(" ")[2].rstrip(".") in caplog.text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=50), st.booleans())
def test_any_noise_is_answered_with_a_fault_of_the_sender(
    http: FlaskClient, register: Register, noise: bytes, kind: str, packed: bool
) -> None:
    answer = refused(http, register, (kind, noise), Content_Encoding="gzip" if packed else "")
    assert answer.http_status in (400, 413, 415, 500)
    assert b"Client" in answer.raw or b"Sender" in answer.raw


# the setting ``auth``


@pytest.fixture(params=["headers", "signed"])
def guarded(request: pytest.FixtureRequest, register: Register) -> Iterator[FlaskClient]:
    with application(replace(SETTINGS, auth=request.param, pki=pki_folder())) as app:
        yield app.test_client()


def test_a_request_with_an_id_card_is_admitted(guarded: FlaskClient, register: Register) -> None:
    assert post(guarded, cxf([DOCUMENT], header=a_header())).status == "Success"
    assert register.received[0][1].care_provider == "29190623"


@pytest.mark.parametrize(("version", "code"), [(V11, b"soap:Server"), (V12, b"soap:Receiver")])
def test_a_request_without_an_id_card_is_refused(guarded: FlaskClient, register: Register, version: Version, code: bytes) -> None:
    answer = refused(guarded, register, cxf([DOCUMENT], version))
    assert answer.http_status == 500
    assert code in answer.raw
    assert answer.fault is not None
    assert answer.fault.reason == "Validation Failed (1): Unable to find signature."


def test_the_registers_clock_decides_whether_an_id_card_is_valid(guarded: FlaskClient, register: Register) -> None:
    answer = refused(guarded, register, cxf([DOCUMENT], header=a_header(a_card(begin=datetime(2019, 5, 1, tzinfo=UTC)))))
    assert answer.fault is not None
    assert (answer.fault.reason, answer.fault.medcom_code) == ("Internal server error", "processing_problem")


def test_a_care_provider_that_is_sent_as_an_attachment_is_verified(guarded: FlaskClient, register: Register) -> None:
    card, content = a_card(), base64.b64decode("29190623")
    value = next(element for element in elements(card, "AttributeValue") if element.text == "29190623")
    value.text = None
    etree.SubElement(value, "{http://www.w3.org/2004/08/xop/include}Include", href="cid:cvr")
    kind, sent = cxf([DOCUMENT], header=a_header(card))
    part = b"--uuid:1b0c\r\nContent-ID: <cvr>\r\n\r\n" + content + b"\r\n--uuid:1b0c--"
    assert post(guarded, (kind, sent.replace(b"--uuid:1b0c--", part))).status == "Success"
    assert register.received[0][1].care_provider == "29190623"


def test_with_auth_off_security_headers_are_ignored(http: FlaskClient, register: Register) -> None:
    assert post(http, cxf([DOCUMENT], header=security("never", "never"))).status == "Success"


# the WSDL


@pytest.mark.parametrize("query", ["wsdl", "WSDL", "Wsdl=1"])
@pytest.mark.parametrize("medcom", FAMILIES)
def test_the_wsdl_has_the_address_and_the_namespace_of_the_called_path(http: FlaskClient, medcom: str, query: str) -> None:
    path, namespace = FAMILIES[medcom]
    response = http.get(f"/r/mine{path}{Service.VALIDATE.url_name}?{query}", headers={"Host": "register.example:81"})
    assert response.content_type == "text/xml; charset=utf-8"
    address = f'location="http://register.example:81/r/mine{path}{Service.VALIDATE.url_name}"'
    assert response.text.count(address) == 2
    assert f'xmlns:medcom="{namespace}"' in response.text


def test_the_answer_for_an_unknown_schema_names_the_known_ones(http: FlaskClient) -> None:
    response = http.get(SAVE + "?xsd=../../settings.py")
    assert response.status_code == 404
    assert "xds.b.xsd" in response.text


def test_envelope_and_document_are_parsed_only_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    document = as_xml(episodes=[an_episode()])
    headers, body = write_request([document], Sending())
    parsed: list[bytes] = []
    usual = safexml.parse
    monkeypatch.setattr(safexml, "parse", lambda content: parsed.append(content) or usual(content))  # type: ignore[func-returns-value]
    answer = app.test_client().post(SAVE, data=body, headers=headers)
    assert read_answer(answer.status_code, dict(answer.headers), answer.data).status == "Success"
    assert len(parsed) == 3  # this test parses the answer too
    assert parsed.count(document) == 1
