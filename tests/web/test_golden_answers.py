"""Whole answers, byte for byte: status, headers and body of each call of ``calls.py`` are those of a file in ``golden/``.

``pytest tests/web/test_golden_answers.py --write-golden`` writes the files again, and ``git diff`` then shows what callers would
notice. Only values that differ from run to run are replaced: random ids by ``{id 1}``, ``{id 2}``, … in the order in which
they first occur in the answer, the Date header, measured seconds, and the version of this package.

Every SOAP answer is valid by the schemas of the WSDL of its service, its envelope by those in ``schemas/``.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from lxml import etree
from werkzeug.test import TestResponse

from mockregister import __version__
from mockregister.app import create_app
from mockregister.client import FAMILIES
from mockregister.envelope import mime, wsdl
from mockregister.envelope.xdr import INCLUDE
from mockregister.settings import Settings
from tests.envelope.stacks import cxf
from tests.web.admin.conftest import clean_document
from tests.web.calls import FROM_A_FRONT_END, MAX_BODY, SERVERS, Sent, calls, posted, submission

HERE = Path(__file__).parent
GOLDEN, SCHEMAS = HERE / "golden", HERE / "schemas"
NOON = datetime(2019, 6, 1, 10, tzinfo=UTC)
HOST = "http://register.test"
RANDOM_ID = re.compile(rb"(?<![0-9a-f])[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}(?![0-9a-f])")
DATE = re.compile(rb"(?<=\nDate: )(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} 20\d\d \d\d:\d\d:\d\d GMT(?=\n)")
SECONDS = re.compile(rb'(?<="seconds":)\d+\.\d+(e-\d\d)?(?=[,}])')
VERSION = re.compile(rb'(?<=["=r ])%s(?="| \xc2\xb7)' % re.escape(__version__).encode())
CALLS = calls()
SOAP_CALLS = [
    name
    for name, sent in CALLS.items()
    if sent.path.startswith(("/cda-ws", "/xds")) and sent.headers.get("X-Mock-Outcome") not in FROM_A_FRONT_END
]
DESCRIPTIONS = {
    "/cda-ws/DocumentRepository_Service": (wsdl.DESCRIPTION, FAMILIES["1.0"][1]),
    "/cda-ws/medcom-1.0.1": (wsdl.DESCRIPTION, FAMILIES["1.0.1"][1]),
    "/xds/registry": (wsdl.REGISTRY, ""),
    "/xds/repository": (wsdl.REPOSITORY, ""),
}
OURS = {
    "soap11.xsd": "http://schemas.xmlsoap.org/soap/envelope/",
    "soap12.xsd": "http://www.w3.org/2003/05/soap-envelope",
    "addressing.xsd": "http://www.w3.org/2005/08/addressing",
}


class Served(etree.Resolver):
    """Resolve our own files, and ``?xsd=…`` as the service does."""

    def __init__(self, medcom: str) -> None:
        self.medcom = medcom

    def resolve(self, system_url: str, public_id: str, context: object) -> object:
        name = system_url.removeprefix(f"{HOST}?xsd=")
        if name == system_url:
            return self.resolve_filename(str(SCHEMAS / Path(system_url).name), context)
        return self.resolve_string(wsdl.schema(name, HOST, self.medcom), context, base_url=system_url)


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, Flask]]:
    with ExitStack() as stack:
        apps = {name: create_app(Settings(clock=NOON, max_body=MAX_BODY, **told)) for name, told in SERVERS.items()}
        for app in apps.values():
            stack.enter_context(closing(app.extensions["mockregister"]))
        yield apps


@pytest.fixture
def answered(servers: dict[str, Flask]) -> Callable[[Sent], TestResponse]:
    """Return a function that sends a call to a server with one document, and returns the answer."""

    def answer(sent: Sent) -> TestResponse:
        app = servers[sent.server]
        namespace = app.extensions["mockregister"].get()
        namespace.reset()
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(app.extensions, "mockregister.admission", None)
            first = open_with(app, posted(submission(), cxf([clean_document()])))
        assert b":Success" in first.data
        return open_with(app, sent)

    return answer


def open_with(app: Flask, sent: Sent) -> TestResponse:
    http = app.test_client()
    return http.open(sent.path, method=sent.method, headers=dict(sent.headers), data=sent.body, base_url=HOST, buffered=True)


@pytest.mark.parametrize("name", CALLS)
def test_an_answer_has_not_changed(name: str, answered: Callable[[Sent], TestResponse], pytestconfig: pytest.Config) -> None:
    answer, file = whole(answered(CALLS[name])), GOLDEN / f"{name}.http"
    if pytestconfig.getoption("--write-golden"):
        file.write_bytes(answer)
    assert answer == file.read_bytes()


@pytest.mark.parametrize("name", SOAP_CALLS)
def test_a_soap_answer_is_valid(name: str, answered: Callable[[Sent], TestResponse]) -> None:
    sent = CALLS[name]
    response = answered(sent)
    schema = schema_of(sent.path)
    assert schema.validate(envelope(response)), schema.error_log


def test_there_are_no_golden_files_of_removed_calls() -> None:
    assert {file.stem for file in GOLDEN.iterdir()} == set(CALLS)


def whole(response: TestResponse) -> bytes:
    """Return an answer as a file has it: status, sorted headers without the length, and body, with random values replaced."""
    assert response.headers.pop("Content-Length") == str(len(response.data))
    headers = "".join(f"{name}: {value}\n" for name, value in sorted(response.headers.items()))
    answer = f"{response.status}\n{headers}\n".encode() + response.data
    known: dict[bytes, bytes] = {}
    answer = RANDOM_ID.sub(lambda found: known.setdefault(found[0].replace(b"-", b""), b"{id %d}" % (len(known) + 1)), answer)
    for pattern, word in ((DATE, b"{date}"), (SECONDS, b"{seconds}"), (VERSION, b"{version}")):
        answer = pattern.sub(word, answer)
    return answer


def envelope(response: TestResponse) -> etree._Element:
    """Return the envelope of an answer, with each attachment in place of its reference, as XOP defines it."""
    if response.mimetype != "multipart/related":
        return etree.fromstring(response.data)
    package = mime.read(response.content_type, response.data)
    root = etree.fromstring(package.root.content)
    for include in list(root.iter(INCLUDE)):
        place = include.getparent()
        assert place is not None
        place.text = b64encode(package.attached(include.get("href", ""))).decode()
        place.remove(include)
    return root


def schema_of(path: str) -> etree.XMLSchema:
    """Return the schemas of the service at ``path`` with those of SOAP and WS-Addressing."""
    name, medcom = next((found for start, found in DESCRIPTIONS.items() if path.startswith(start)), (wsdl.REGISTRY, ""))
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Served(medcom))
    types = etree.fromstring(wsdl.description(HOST, medcom, name)).find(".//{*}schema")
    assert types is not None
    for file, namespace in OURS.items():
        etree.SubElement(types, f"{{{etree.QName(types).namespace}}}import", namespace=namespace, schemaLocation=file)
    return etree.XMLSchema(etree.fromstring(etree.tostring(types), parser))
