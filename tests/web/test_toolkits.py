"""Each SOAP toolkit is imitated in how it reads an answer. docs/toolkits.md shows what its users see of a fault.

``pytest tests/web/test_toolkits.py --write-golden`` writes the page again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mockregister import safexml
from mockregister.app import create_app
from mockregister.client import read_answer
from mockregister.envelope import mime
from mockregister.envelope.soap import Version
from mockregister.settings import Settings
from tests.envelope.stacks import V11, V12, Built, cxf, plain

PAGE = Path(__file__).parents[2] / "docs" / "toolkits.md"
SERVICE = "/cda-ws/DocumentRepository_Service/PatientHealthcareReportingService"
DOCUMENT = b"<ClinicalDocument/>"
MAX_BODY = 20_000


@dataclass(frozen=True)
class Toolkit:
    """How a toolkit sends a request, and how it reads the answer.

    ``throws_away`` tells for which HTTP statuses it does not read the body; it shows ``status`` instead. ``fault`` is what it
    shows of a fault, whose sentence takes the place of ``{}``. ``package`` is what it shows of a multipart answer that it cannot
    read; empty if it can.
    """

    name: str
    version: Version
    mtom: bool
    does_not_read: str
    throws_away: Callable[[int], bool]
    fault: str = "{}"
    status: str = ""
    package: str = ""

    def send(self, http: FlaskClient, situation: Situation) -> TestResponse:
        """Send its request in a situation, and return the answer."""
        kind, body = situation.alter((cxf if self.mtom and situation.may_be_mtom else plain)([situation.document], self.version))
        headers = {"Content-Type": kind, **situation.headers}
        return http.post(situation.path, data=body, headers=headers)

    def shown(self, answer: TestResponse) -> str:
        """Return what a user of the toolkit sees of a fault."""
        if self.throws_away(answer.status_code):
            return self.status.format(code=answer.status_code, reason=answer.status.partition(" ")[2])
        content = answer.data
        if mime.content_type(answer.content_type)[0] == "multipart/related":
            if self.package:
                return self.package
            content = mime.read(answer.content_type, content).root.content
        root = safexml.parse(content)
        [sentence] = root.xpath("//*[local-name()='faultstring' or local-name()='Reason']")
        return self.fault.format("".join(sentence.itertext()))


@dataclass(frozen=True)
class Situation:
    """A situation in which a request is answered with a fault."""

    name: str
    path: str = SERVICE
    document: bytes = DOCUMENT
    headers: Mapping[str, str] = field(default_factory=dict)
    may_be_mtom: bool = True
    auth: str = "off"
    alter: Callable[[Built], Built] = lambda built: built


def another_payload(built: Built) -> Built:
    """Return the request with another payload in its Body."""
    return built[0], built[1].replace(b"ProvideAndRegisterDocumentSetRequest", b"SomethingElse")


TOOLKITS = [
    Toolkit(
        "JAX-WS (RI, Metro)", V12, True, "the body of a status other than 2xx, 400 (SOAP 1.2) and 500",
        lambda status: status >= 400 and status not in (400, 500),
        "Client received SOAP Fault from server: {} Please see the server log to find more detail regarding exact cause of the "
        "failure.",
        "The server sent HTTP status code {code}: {reason}",
    ),
    Toolkit(
        "Apache CXF", V12, True, "the body of a status from 400 on other than 500",
        lambda status: status >= 400 and status != 500,
        status="HTTP response '{code}: {reason}' when communicating with …",
    ),
    Toolkit(
        "WCF", V12, True, "the body of a status other than 2xx and 500", lambda status: status >= 300 and status != 500,
        status="The remote server returned an unexpected response: ({code}) {reason}.",
    ),
    Toolkit(
        "gSOAP", V11, True, "the body of 404, 413 and 415", lambda status: status in (404, 413, 415),
        'SOAP 1.1 fault: "{}"', 'Error {code} fault: "HTTP Error: {code} {reason}"',
    ),
    Toolkit(
        "PHP SoapClient", V11, False, "a multipart answer", lambda status: False, package="looks like we got no XML document",
    ),
    Toolkit(
        "suds", V11, False, "a multipart answer, and the body of a status other than 2xx and 500",
        lambda status: status >= 300 and status != 500,
        "Server raised fault: '{}'", "({code}, '{reason}')", "not well-formed (invalid token)",
    ),
    Toolkit("node-soap", V12, True, "nothing: it reads all", lambda status: False, "soap:Sender: undefined: {}"),
    Toolkit("zeep", V12, False, "nothing: it reads all", lambda status: False),
]  # fmt: skip
SITUATIONS = [
    Situation("a request without MTOM", may_be_mtom=False),
    Situation("another payload", alter=another_payload),
    Situation("an unknown service", path=SERVICE.removesuffix("ReportingService")),
    Situation("a body too large", document=b"x" * MAX_BODY),
    Situation("an unknown coding", headers={"Content-Encoding": "br"}),
    Situation("no ID card (`--auth headers`)", auth="headers"),
    Situation("a fault of the register (`X-Mock-Outcome`)", headers={"X-Mock-Outcome": "rolled_back"}),
]
Servers = dict[tuple[str, str], FlaskClient]


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """Return servers by ``fault_status`` and ``auth``."""
    apps = {
        (status, auth): create_app(Settings(fault_status=status, auth=auth, max_body=MAX_BODY))
        for status in ("real", "http")
        for auth in ("off", "headers")
    }
    yield {kind: app.test_client() for kind, app in apps.items()}
    for app in apps.values():
        app.extensions["mockregister"].close()


def told(servers: Servers, status: str, toolkit: Toolkit, situation: Situation) -> tuple[str, str]:
    """Return what a toolkit shows of a fault, and the sentence of the fault."""
    answer = toolkit.send(servers[status, situation.auth], situation)
    whole = read_answer(answer.status_code, dict(answer.headers), answer.data)
    assert whole.fault is not None
    return toolkit.shown(answer), whole.fault.reason


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
@pytest.mark.parametrize("toolkit", TOOLKITS, ids=lambda toolkit: toolkit.name)
def test_every_toolkit_shows_the_sentence_of_a_fault(servers: Servers, toolkit: Toolkit, situation: Situation) -> None:
    shown, sentence = told(servers, "real", toolkit, situation)
    assert sentence in shown


def test_the_page_of_toolkits_is_up_to_date(servers: Servers, pytestconfig: pytest.Config) -> None:
    page = "\n".join(written(servers)) + "\n"
    if pytestconfig.getoption("--write-golden"):
        PAGE.write_text(page, "utf-8")
    assert PAGE.read_text("utf-8") == page, "run: pytest tests/web/test_toolkits.py --write-golden"


def written(servers: Servers) -> Iterator[str]:
    """Yield the lines of the page."""
    yield from INTRODUCTION
    yield from ("| toolkit | sends | does not read | shows of a fault |", "|---|---|---|---|")
    for toolkit in TOOLKITS:
        sends = f"SOAP {'1.2' if toolkit.version is V12 else '1.1'}, {'MTOM' if toolkit.mtom else 'plain'}"
        yield f"| {toolkit.name} | {sends} | {toolkit.does_not_read} | {toolkit.fault.format('*the sentence*')} |"
    for status, introduction in TABLES.items():
        yield from ("", introduction, "")
        yield f"| toolkit | {' | '.join(situation.name for situation in SITUATIONS)} |"
        yield f"|---|{'---|' * len(SITUATIONS)}"
        for toolkit in TOOLKITS:
            cells = (told(servers, status, toolkit, situation) for situation in SITUATIONS)
            yield f"| {toolkit.name} | {' | '.join('the sentence' if told in shown else shown for shown, told in cells)} |"


INTRODUCTION = """\
# What toolkits show of a fault

Most toolkits drop the body of an answer whose HTTP status they do not expect, and some cannot read a multipart answer. Then the
sentence that says what was wrong is lost. So every SOAP fault has HTTP status 500, and a request that was not multipart gets an
answer that is not multipart (`--fault-status real`, the default). The tests behind this page imitate how each toolkit reads an
answer; JAX-WS RI 2.3, and clients in [PHP](testing-with-php.md) and [Node](testing-with-node.md), were run, too. Toolkits that
send plain requests always get the refusal of a request without MTOM.

This page is generated: `pytest tests/web/test_toolkits.py --write-golden`.

""".splitlines()
TABLES = {
    "real": "With `--fault-status real`:",
    "http": "With `--fault-status http`, where a fault has the HTTP status that fits it best:",
}
