"""Friendly and hostile clients submit documents over TCP to ``mockregister serve`` with a store on disk."""

from __future__ import annotations

import gzip
import re
import socket
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockregister.cli.demo import example
from mockregister.client import SERVICES, Answer, Client, Sending, read_answer, write_request
from tests.builders import a_document, a_parent, a_patient, an_episode, an_id, as_xml, uuid
from tests.serving import Answered, Running, answered, head, request, running

SHARED = Path(__file__).parents[2] / "shared"
LIMIT = 1_000_000
SENDING = Sending(service="save-if-no-errors")
PATH = SENDING.path
HEADERS, BODY = write_request([example()], SENDING)
BOUNDARY = re.search(r'boundary="([^"]+)"', HEADERS["Content-Type"])[1].encode()  # type: ignore[index]
ROOT, ATTACHMENT = BODY.split(b"--" + BOUNDARY)[1:3]
CONTENT_ID = re.compile(rb"(?i)content-id: [^\r]*\r\n")
SENDERS = 8
SOAP = ("multipart/related", "application/soap+xml", "text/xml")
NOON = "2019-06-01T12:00:00+02:00"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("store")
    flags = ("--store", f"tinydb:{folder}", "--max-body", str(LIMIT), "--clock", NOON)
    with running(*flags, "--fault-status", "http") as found:
        yield found


@pytest.fixture
def unchanged(server: Running) -> Iterator[Running]:
    """Return the server, and assert at the end that its content has not changed."""
    before = server.stored
    yield server
    assert server.stored == before


def fault(answer: Answered) -> tuple[int, str]:
    """Return the HTTP status and the sentence of a fault."""
    read = read_answer(answer.status, answer.headers, answer.body)
    assert read.fault is not None, answer
    assert answer.kind in SOAP
    assert re.fullmatch(r"\S[^\n]+\.", read.fault.reason)
    return read.http_status, read.fault.reason


def enveloped(envelope: bytes) -> bytes:
    """Return the body with another envelope."""
    return BODY.replace(ROOT.split(b"\r\n\r\n", 1)[1].rstrip(b"\r\n"), envelope)


def within(old: str, new: str) -> bytes:
    """Return the body with a text of its envelope replaced."""
    changed = re.sub(old.encode(), new.encode(), BODY, count=1, flags=re.DOTALL)
    assert changed != BODY
    return changed


NO_MULTIPART = {"Content-Type": "application/soap+xml"}
NO_BOUNDARY = {"Content-Type": 'multipart/related; type="application/xop+xml"'}


@pytest.mark.parametrize(
    ("headers", "body", "status", "word"),
    [
        (NO_MULTIPART, b"<a/>", 415, "MTOM"),
        ({}, b"hello", 415, "MTOM"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x--", 415, "MTOM"),
        ({"Content-Type": "\xff\xfe"}, b"hello", 415, "MTOM"),
        (NO_BOUNDARY, BODY, 400, "boundary"),
        (HEADERS, b"", 400, "boundary"),
        (HEADERS, BODY.replace(BOUNDARY, b"other"), 400, "boundary"),
        (HEADERS, BODY[: len(BODY) // 2], 400, "cut off"),
        (HEADERS, BODY[:-20], 400, "cut off"),
        (HEADERS, BODY.replace(ATTACHMENT, CONTENT_ID.sub(b"", ATTACHMENT)), 400, "Content-ID"),
        (HEADERS, BODY.replace(ROOT, CONTENT_ID.sub(b"", ROOT)), 400, "Content-ID"),
        (HEADERS, BODY.replace(ATTACHMENT, ATTACHMENT + b"--" + BOUNDARY + ATTACHMENT), 400, "Content-ID"),
        (HEADERS, enveloped(b"<a/>"), 400, "SOAP envelope"),
        (HEADERS, enveloped(b"<a>" * 5000), 400, "Excessive depth"),
        (HEADERS, enveloped(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), 400, "DOCTYPE"),
        (HEADERS, within("2003/05/soap-envelope", "2099/05/soap-envelope"), 500, "SOAP version"),
        (HEADERS, within("<soap:Body>.*</soap:Body>", ""), 400, "Body"),
        (HEADERS, within("<soap:Body>.*</soap:Body>", "<soap:Body><a/></soap:Body>"), 400, "ProvideAndRegister"),
        (HEADERS, within("<soap:Header>", '<soap:Header><a xmlns="urn:a" soap:mustUnderstand="true"/>'), 500, "understood"),
        (HEADERS | {"Content-Encoding": "gzip"}, BODY, 400, "gzip"),
        (HEADERS | {"Content-Encoding": "gzip"}, gzip.compress(BODY, mtime=0)[:-9], 400, "cut off"),
        (HEADERS | {"Content-Encoding": "gzip"}, gzip.compress(bytes(50 * LIMIT), mtime=0), 413, "limit"),
        (HEADERS | {"Content-Encoding": "gzip"}, gzip.compress(bytes(LIMIT), mtime=0) * 50, 413, "limit"),
        (HEADERS | {"Content-Encoding": "br"}, BODY, 415, "Content-Encoding"),
        (HEADERS, BODY + bytes(LIMIT), 413, "limit"),
    ],
)
def test_an_invalid_submission_is_answered_with_a_fault(
    unchanged: Running, headers: dict[str, str], body: bytes, status: int, word: str
) -> None:
    told, sentence = fault(unchanged.send(request(PATH, headers, body)))
    assert (told, word in sentence) == (status, True), sentence


def test_a_submission_without_a_document_is_answered_with_a_finding(unchanged: Running) -> None:
    sent = unchanged.send(request(PATH, HEADERS, within("<xds:Document .*</xds:Document>", "")))
    answer = read_answer(sent.status, sent.headers, sent.body)
    assert (answer.http_status, answer.status) == (200, "Failure")
    assert [finding.code for finding in answer.findings] == ["CLINICAL_DOCUMENT_NOT_FOUND"]


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"garbage",
        b"<a>" * 5000 + b"</a>" * 5000,
        b"<a %b/>" % b" ".join(b'a%d="b"' % number for number in range(20_000)),
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><ClinicalDocument xmlns="urn:hl7-org:v3">&b;</ClinicalDocument>',
        b"\xff\xfe" + "<a/>".encode("utf-16-be"),
        b"<ClinicalDocument/>",
        bytes(1000),
    ],
)
def test_an_invalid_document_is_answered_with_a_finding(unchanged: Running, document: bytes) -> None:
    answer = Client(unchanged.url).submit([document], service="save")
    assert (answer.http_status, answer.status) == (200, "Failure")
    assert answer.findings[0].code in ("MALFORMED_DOCUMENT_FOUND", "AUTHOR_INSTITUTION_NOT_FOUND")
    assert "passwd" not in str(answer.findings)


def length(number: int) -> str:
    return f"Content-Length: {number}"


@pytest.mark.parametrize(
    ("lines", "body", "ended", "status", "word"),
    [
        ((length(len(BODY)),), BODY[:1000], True, 400, "cut off"),
        ((length(10),), BODY, False, 400, "boundary"),
        ((length(10**12),), b"", True, 413, "limit"),
        (("Accept: */*",), b"", False, 400, "boundary"),
        (("Transfer-Encoding: chunked",), b"zz\r\n", True, 400, "broke"),
        (("Transfer-Encoding: chunked",), b"ffff\r\nabc", True, 400, "broke"),
        (("Transfer-Encoding: chunked",), b"%x\r\n%b\r\n" % (LIMIT, bytes(LIMIT)) * 2 + b"0\r\n\r\n", False, 413, "limit"),
    ],
)
def test_a_body_that_contradicts_its_headers_is_answered_with_a_fault(
    unchanged: Running, lines: Sequence[str], body: bytes, ended: bool, status: int, word: str
) -> None:
    told, sentence = fault(unchanged.send(request(PATH, HEADERS, body, *lines), ended=ended))
    assert (told, word in sentence) == (status, True), sentence


def test_a_body_that_stops_coming_is_a_fault() -> None:
    with running("--body-timeout", "1", "--fault-status", "http") as impatient:
        told, sentence = fault(impatient.send(request(PATH, HEADERS, BODY[:1000], length(len(BODY)))))
        assert (told, "1 seconds" in sentence) == (408, True), sentence
        assert impatient.stored["sets"] == 0


@pytest.mark.parametrize("path", ["/cda-ws/DocumentRepository_Service/None", "/cda-ws/", "/cda-ws/%ff%00", f"{PATH}/"])
def test_the_fault_for_an_unknown_service_names_the_known_ones(unchanged: Running, path: str) -> None:
    status, sentence = fault(unchanged.send(request(path, HEADERS, BODY)))
    assert status == 404
    assert all(service in sentence for service in SERVICES.values())


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
def test_the_fault_for_a_wrong_method_names_the_right_one(unchanged: Running, method: str) -> None:
    answer = unchanged.send(request(PATH, {}, b"", method=method))
    assert fault(answer)[0] == 405
    assert "POST" in answer.headers["allow"]


def test_no_changed_bytes_break_the_server(server: Running) -> None:
    """Every answer is SOAP or a problem, never a page, a stack trace or an internal error."""
    whole = request(PATH.replace("SaveIfNoErrors", "Validate"), HEADERS, BODY)

    @given(st.data())
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    def attack(data: st.DataObject) -> None:
        start = data.draw(st.integers(0, len(whole) - 1))
        end = data.draw(st.integers(start, min(start + 200, len(whole))))
        answer = server.send(whole[:start] + data.draw(st.binary(max_size=200)) + whole[end:], ended=True)
        assert answer.kind in (*SOAP, "application/problem+json", "application/json", "")
        assert not re.search(rb"(?i)<html|Traceback|Something broke", answer.body)

    attack()


def success(answer: Answered) -> bool:
    return read_answer(answer.status, answer.headers, answer.body).status == "Success"


def a_new_set(name: str) -> bytes:
    """Return the first document of a new set. All these sets are about the same patient."""
    return as_xml(a_document(set_id=uuid(name), episodes=[an_episode(id=an_id(f"episode {name}", uuid(name)))]))


def sent(document: bytes, **sending: str) -> tuple[str, dict[str, str], bytes]:
    how = Sending(service="save", **sending)  # type: ignore[arg-type]
    return how.path, *write_request([document], how)


@pytest.mark.parametrize("version", ["HTTP/1.0", "HTTP/1.1"])
def test_a_submission_is_stored_over_http_1_0_and_1_1(server: Running, version: str) -> None:
    path, headers, body = sent(a_new_set(version))
    assert success(server.send(request(path, headers, body, version=version)))


def test_a_chunked_body_after_100_continue_is_stored(server: Running) -> None:
    path, headers, body = sent(a_new_set("chunks"))
    lines = [f"{name}: {value}" for name, value in headers.items()]
    pieces = [body[start : start + 1000] for start in range(0, len(body), 1000)]
    with server.connect() as connection:
        connection.sendall(head(path, *lines, "Transfer-Encoding: chunked", "Expect: 100-continue", "Connection: close"))
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        for piece in [*pieces, b""]:
            connection.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
        assert success(answered(connection))


def test_pipelined_requests_are_answered_in_order(server: Running) -> None:
    path, headers, body = sent(a_new_set("pipelined"))
    first = request(path, headers, body).replace(b"Connection: close", b"Connection: keep-alive")
    with server.connect() as connection:
        connection.sendall(first + request(path, headers, body))
        with connection.makefile("rb") as answers:
            everything = gzip_free(answers.read())
    assert [found == b"Success" for found in re.findall(rb"ResponseStatusType:(\w+)", everything)] == [True, False]


def gzip_free(stream: bytes) -> bytes:
    """Read answers from a stream, and unpack each body."""
    found, rest = b"", stream
    while rest:
        header, _, rest = rest.partition(b"\r\n\r\n")
        size = int(re.search(rb"(?i)content-length: (\d+)", header)[1])  # type: ignore[index]
        body, rest = rest[:size], rest[size:]
        found += gzip.decompress(body) if b"gzip" in header else body
    return found


def at_once(server: Running, documents: Sequence[bytes]) -> list[Answer]:
    """Send all documents at the same time, and return their answers."""
    with ThreadPoolExecutor(SENDERS) as senders:
        return list(senders.map(lambda document: Client(server.url).submit([document]), documents))


def test_of_many_first_documents_of_a_set_only_one_is_stored(server: Running) -> None:
    answers = at_once(server, [a_new_set("contested")] * SENDERS)
    assert sorted(answer.status for answer in answers) == ["Failure"] * (SENDERS - 1) + ["Success"]
    codes = {finding.code for answer in answers for finding in answer.findings if answer.status == "Failure"}
    assert "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT" in codes


def test_of_many_documents_with_the_same_new_id_only_one_is_stored(server: Running) -> None:
    documents = [
        as_xml(
            a_document(
                set_id=uuid(f"user {number}"),
                patient=a_patient(f"25124{number}9996"),
                episodes=[an_episode(id=an_id("contested episode", uuid(f"user {number}")))],
            )
        )
        for number in range(SENDERS)
    ]
    answers = at_once(server, documents)
    assert sorted(answer.status for answer in answers) == ["Failure"] * (SENDERS - 1) + ["Success"]


def test_of_many_addenda_to_the_same_version_only_one_is_stored(server: Running) -> None:
    Client(server.url).submit([as_xml(a_document(episodes=[an_episode()]))])
    addenda = [
        as_xml(a_document(version=2, name=f"addendum {number}", parent=a_parent(), title=str(number)))
        for number in range(SENDERS)
    ]
    answers = at_once(server, addenda)
    assert sorted(answer.status for answer in answers) == ["Failure"] * (SENDERS - 1) + ["Success"]


def test_documents_that_are_sent_at_once_are_all_stored(server: Running) -> None:
    before = server.stored
    answers = at_once(server, [a_new_set(f"parallel {number}") for number in range(SENDERS * 4)])
    assert {answer.status for answer in answers} == {"Success"}
    assert server.stored["sets"] == before["sets"] + SENDERS * 4
    assert server.stored["documents"] == before["documents"] + SENDERS * 4


def test_slow_senders_do_not_delay_others(server: Running) -> None:
    slow = [server.connect() for _ in range(SENDERS)]
    try:
        for connection in slow:
            connection.sendall(request(PATH, HEADERS, BODY)[:-1])
        assert Client(server.url).submit([example()], service="validate").status == "Failure"
    finally:
        for connection in slow:
            connection.shutdown(socket.SHUT_RDWR)
            connection.close()


EXAMPLES = SHARED / "reference" / "examples"


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the register's own examples are not beside the project")
def test_the_registers_own_examples_are_read_to_level_3(server: Running) -> None:
    """Level 3 finds an alternative id with the root of CPR numbers, and sets that were never started."""
    files = sorted(EXAMPLES.glob("*.xml"))
    assert len(files) == 13
    for file in files:
        answer = Client(server.url).submit([file.read_bytes()])
        codes = {finding.code for finding in answer.findings}
        assert (answer.status, {finding.level.value for finding in answer.findings}) == ("Failure", {"INTEGRITY_CHECK"})
        assert "ALTERNATIVE_IDENTIFIER_WITH_CPR_SYSTEMID_NOT_ALLOWED" in codes
        assert ("SET_NOT_FOUND" in codes) == (b"<relatedDocument" in file.read_bytes())
