"""The calls whose answers are stored in ``golden/``: what is sent to a server, and the settings of that server.

The register of every call has a single document and nothing else, so that no call depends on another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from typing import Any

from mockregister.client import FAMILIES, SERVICES
from mockregister.envelope.soap import Version
from mockregister.model import EntryKind
from mockregister.safexml import NAMESPACES
from mockregister.security import sts
from mockregister.security.idcard import STS_PATH
from mockregister.web.xds.metadata import REPOSITORY_ID
from mockregister.web.xds.stored_queries import QUERIES
from tests.builders import (
    CPR_NUMBER,
    CUSTODIAN,
    SET_ID,
    a_condition,
    an_encounter,
    an_sks_code,
    as_xml,
    external,
    internal,
    the_next_document,
    uuid,
)
from tests.cards import a_card, a_header, as_text, pki_folder
from tests.envelope.stacks import Built, cxf, multipart, plain

MAX_BODY = 50_000
OTHER = "<other/>"
FROM_A_FRONT_END = ("503", "stored_then_fault")
VERSIONS = {"soap11": Version.SOAP11, "soap12": Version.SOAP12}
OPEN, LOCKED, GUARDED, HTTP_STATUS, ISSUING = "open", "locked", "guarded", "http-status", "issuing"
SERVERS: dict[str, dict[str, Any]] = {
    OPEN: {},
    LOCKED: {"admin_token": "s3cret"},
    GUARDED: {"auth": "headers"},
    HTTP_STATUS: {"fault_status": "http"},
    ISSUING: {"pki": pki_folder()},
}
BROWSER = {"Accept": "text/html"}
FIND_DOCUMENTS = next(id for id, query in QUERIES.items() if query.name == "FindDocuments")
ADDRESSING = (
    f'<wsa:Action xmlns:wsa="{NAMESPACES["wsa"]}">urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b</wsa:Action>'
    f'<wsa:MessageID xmlns:wsa="{NAMESPACES["wsa"]}">urn:uuid:00000000-0000-0000-0000-000000000001</wsa:MessageID>'
)


@dataclass(frozen=True)
class Sent:
    """A request, and the server that it goes to."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    server: str = OPEN


def submission(service: str = "save", medcom: str = "1.0") -> str:
    """Return the path of a service."""
    return FAMILIES[medcom][0] + SERVICES[service]


def posted(path: str, built: Built, server: str = OPEN, **headers: str) -> Sent:
    """Return a SOAP request as a toolkit builds it."""
    named = {name.replace("_", "-"): said for name, said in headers.items()}
    return Sent("POST", path, {"Content-Type": built[0], **named}, built[1], server)


def asked(payload: str, version: Version, header: str = "", mtom: bool = False) -> Built:
    """Return an envelope with a query."""
    envelope = (
        f'<s:Envelope xmlns:s="{version.namespace}"><s:Header>{header}</s:Header><s:Body>{payload}</s:Body></s:Envelope>'
    ).encode()
    if not mtom:
        return f"{version.media_type}; charset=UTF-8", envelope
    media = version.media_type
    root = ([f'Content-Type: application/xop+xml; charset=UTF-8; type="{media}"'], envelope)
    return f'multipart/related; boundary=b; type="application/xop+xml"; start-info="{media}"', multipart(b"b", [root])


def stored_query(returns: str = "LeafClass", id: str = FIND_DOCUMENTS) -> str:
    """Return a query for the documents of a patient."""
    patient = f"'{CPR_NUMBER}^^^&amp;1.2.208.176.1.2&amp;ISO'"
    approved = "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')"
    slots = "".join(
        f'<Slot name="$XDSDocumentEntry{name}"><ValueList><Value>{said}</Value></ValueList></Slot>'
        for name, said in (("PatientId", patient), ("Status", approved))
    )
    return (
        f'<q:AdhocQueryRequest xmlns:q="{NAMESPACES["query"]}" xmlns="{NAMESPACES["rim"]}">'
        f'<q:ResponseOption returnType="{returns}" returnComposedObjects="true"/>'
        f'<AdhocQuery id="{id}">{slots}</AdhocQuery></q:AdhocQueryRequest>'
    )


def retrieval(*names: str) -> str:
    """Return a request for documents."""
    wanted = "".join(
        f"<DocumentRequest><RepositoryUniqueId>{REPOSITORY_ID}</RepositoryUniqueId>"
        f"<DocumentUniqueId>{SET_ID}^{uuid(name)}</DocumentUniqueId></DocumentRequest>"
        for name in names
    )
    return f'<RetrieveDocumentSetRequest xmlns="{NAMESPACES["xds"]}">{wanted}</RetrieveDocumentSetRequest>'


def calls() -> dict[str, Sent]:
    """Return every call by the name of its file."""
    return dict((*submissions(), *refusals(), *imposed(), *queries(), *machine_calls(), *browser_calls()))


def submissions() -> Iterator[tuple[str, Sent]]:
    """Yield submissions: Success, Failure and a fault, both families of paths, both versions, with and without WS-Addressing."""
    for medcom, (name, version), addressing in product(FAMILIES, VERSIONS.items(), ("", ADDRESSING)):
        kind = f"medcom-{medcom}-{name}{'-addressed' if addressing else ''}"
        yield f"success-{kind}", posted(submission("save", medcom), cxf([addendum()], version, header=addressing))
        failing = cxf([addendum(reason=an_sks_code("ALCC01"))], version, header=addressing)
        yield f"failure-{kind}", posted(submission("save-if-no-errors", medcom), failing)
        yield f"fault-{kind}", posted(submission("save", medcom), asked(OTHER, version, addressing, mtom=True))


def refusals() -> Iterator[tuple[str, Sent]]:
    """Yield requests that the services refuse, of every kind."""
    for name, version in VERSIONS.items():
        yield f"no-mtom-{name}", posted(submission(), plain([addendum()], version))
        yield f"too-large-{name}", posted(submission(), cxf([b"x" * MAX_BODY], version))
        yield f"no-mtom-http-status-{name}", posted(submission(), plain([addendum()], version), HTTP_STATUS)
        yield f"fault-http-status-{name}", posted(submission(), asked(OTHER, version, mtom=True), HTTP_STATUS)
        yield f"no-mtom-addressed-{name}", posted(submission(), asked(OTHER, version, ADDRESSING))
        yield f"imposed-no-mtom-{name}", posted(submission("validate"), plain([addendum()], version), X_Mock_Outcome="05.53")
        yield f"unknown-service-{name}", posted("/cda-ws/DocumentRepository_Service/Nothing", plain([], version))
        yield f"no-id-card-{name}", posted(submission(), cxf([addendum()], version), GUARDED)
        old_card = a_card(CUSTODIAN, begin=datetime(2019, 1, 1, tzinfo=UTC), signer="untrusted")
        old = cxf([addendum()], version, header=a_header(old_card))
        yield f"old-id-card-{name}", posted(submission(), old, GUARDED)
        card = f"<wst:Claims>{as_text(a_card(signer=None))}</wst:Claims>"
        yield f"sts-unsigned-card-{name}", posted(STS_PATH, asked(token_request(card), version), ISSUING)
        yield f"sts-not-started-{name}", posted(STS_PATH, asked(token_request(card), version))
    yield "sts-nowhere", posted("/sts/services/Other", asked(token_request(""), Version.SOAP11), ISSUING)
    yield "sts-other-request", posted(STS_PATH, asked(OTHER, Version.SOAP11), ISSUING)
    yield "cut-off", posted(submission(), (cxf([addendum()])[0], cxf([addendum()])[1][:-30]))
    yield "unknown-media-type", posted(submission(), ("application/json", b"{}"))
    yield "unknown-coding", posted(submission(), cxf([addendum()]), Content_Encoding="br")
    yield "validated", posted(submission("validate"), cxf([addendum()]))
    yield "no-cda-ws", posted("/DocumentRepository_Service/PatientHealthcareReportingService", cxf([addendum()]))
    yield "put-http-status", Sent("PUT", submission(), server=HTTP_STATUS)
    yield "put", Sent("PUT", submission())
    yield "delete", Sent("DELETE", submission())
    yield "bare-get", Sent("GET", submission())


def token_request(inside: str) -> str:
    """Return a RequestSecurityToken."""
    told = f"<wst:TokenType>{sts.TOKEN_TYPES[0]}</wst:TokenType><wst:RequestType>{sts.ISSUE}</wst:RequestType>"
    return f'<wst:RequestSecurityToken xmlns:wst="{NAMESPACES["wst"]}">{told}{inside}</wst:RequestSecurityToken>'


def imposed() -> Iterator[tuple[str, Sent]]:
    """Yield calls with an outcome that a header imposes."""
    findings, faults = ("05.53", "INVALID_CPR_NUMBER"), ("no_signature", "not_authorized", "rolled_back", "nonsense")
    for word, (name, version) in product((*findings, *faults, *FROM_A_FRONT_END), VERSIONS.items()):
        yield f"imposed-{word}-{name}", posted(submission("save-if-no-errors"), cxf([addendum()], version), X_Mock_Outcome=word)


def queries() -> Iterator[tuple[str, Sent]]:
    """Yield ITI-18 and ITI-43 requests that are answered or refused."""
    for (name, version), addressing in product(VERSIONS.items(), ("", ADDRESSING)):
        kind = f"{name}{'-addressed' if addressing else ''}"
        asking = {
            "query": ("registry", stored_query()),
            "query-object-refs": ("registry", stored_query("ObjectRef")),
            "query-unknown": ("registry", stored_query(id="urn:uuid:0")),
            "query-fault": ("registry", OTHER),
            "retrieval": ("repository", retrieval("document 1")),
            "retrieval-partial": ("repository", retrieval("document 1", "document 2")),
            "retrieval-failure": ("repository", retrieval("document 2")),
            "retrieval-fault": ("repository", OTHER),
        }
        for what, (where, payload) in asking.items():
            for mtom in (False, True):
                built = asked(payload, version, addressing, mtom)
                yield f"xds-{what}-{kind}{'-mtom' if mtom else ''}", posted(f"/xds/{where}", built)
    yield "xds-unknown-media-type", posted("/xds/registry", ("application/json", b"{}"))
    yield "xds-put", Sent("PUT", "/xds/registry")
    yield "xds-nowhere", posted("/xds/nowhere", asked(stored_query(), Version.SOAP12))
    yield "xds-with-a-token-set", posted("/xds/registry", asked(stored_query(), Version.SOAP12), LOCKED)


def machine_calls() -> Iterator[tuple[str, Sent]]:
    """Yield calls of the JSON API, ``/__admin`` and health."""
    cda, json = {"Content-Type": "application/xml"}, {"Content-Type": "application/json"}
    bearer = {"Authorization": "Bearer s3cret"}
    yield "api-patients", Sent("GET", "/api/v1/patients")
    yield "api-episode", Sent("GET", f"/api/v1/episodes-of-care/{uuid('episode')}")
    yield "api-nothing-of-that-id", Sent("GET", f"/api/v1/episodes-of-care/{uuid('nothing')}")
    yield "api-nowhere", Sent("GET", "/api/v1/nowhere")
    yield "api-unknown-parameter", Sent("GET", "/api/v1/patients?colour=red")
    yield "api-put", Sent("PUT", "/api/v1/patients")
    yield "api-submission-kept", Sent("POST", "/api/v1/submissions", cda, addendum())
    yield "api-submission-validated", Sent("POST", "/api/v1/submissions?service=validate", cda, addendum())
    yield "api-submission-wrong-fields", Sent("POST", "/api/v1/submissions", json, b'{"version": "x", "colour": "red"}')
    yield "api-submission-no-json", Sent("POST", "/api/v1/submissions", json, b"{")
    yield "api-submission-unknown-media-type", Sent("POST", "/api/v1/submissions", {"Content-Type": "text/plain"}, b"x")
    yield "api-in-a-register-that-cannot-be", Sent("GET", f"/r/{'x' * 200}/api/v1/patients")
    yield "admin-clock", Sent("GET", "/__admin/clock")
    yield "admin-no-token", Sent("GET", "/__admin/clock", server=LOCKED)
    yield "admin-token", Sent("GET", "/__admin/clock", bearer, server=LOCKED)
    yield "admin-other-origin", Sent("GET", "/__admin/clock", {"Origin": "http://evil.example"})
    yield "admin-nowhere", Sent("GET", "/__admin/nowhere")
    yield "admin-get-for-post", Sent("GET", "/__admin/reset")
    yield "admin-wrong-fields", Sent("PUT", "/__admin/clock", json, b'{"mode": "sideways"}')
    yield "admin-no-such-fault", Sent("GET", "/__admin/faults/nothing")
    yield "admin-default-register-deleted", Sent("DELETE", "/__admin/registers/default")
    yield "livez", Sent("GET", "/livez")
    yield "readyz", Sent("GET", "/readyz")
    yield "livez-of-a-register", Sent("GET", "/r/other/livez")


def browser_calls() -> Iterator[tuple[str, Sent]]:
    """Yield calls of pages that fail or redirect."""
    form = BROWSER | {"Content-Type": "application/x-www-form-urlencoded"}
    yield "page-nowhere", Sent("GET", "/nowhere", BROWSER)
    yield "page-nowhere-as-json", Sent("GET", "/nowhere")
    yield "page-no-such-exchange", Sent("GET", "/exchanges/nothing", BROWSER)
    yield "page-no-such-exchange-as-json", Sent("GET", "/exchanges/nothing", {"Accept": "application/json"})
    yield "page-no-file", Sent("POST", "/documents", form, b"service=save")
    yield "page-other-origin", Sent("POST", "/documents", form | {"Origin": "http://evil.example"}, b"service=save")
    yield "page-put", Sent("PUT", "/documents", BROWSER)
    yield "page-no-token", Sent("GET", "/patients", BROWSER, server=LOCKED)
    yield "page-no-token-posted", Sent("POST", "/control/reset", form, server=LOCKED)
    yield "page-wrong-token", Sent("POST", "/sign-in", form, b"token=wrong", LOCKED)
    yield "page-right-token", Sent("POST", "/sign-in", form, b"token=s3cret", LOCKED)
    yield "metrics-put", Sent("PUT", "/metrics")
    yield "api-to-its-page", Sent("GET", "/api/v1/", BROWSER)
    yield "api-page", Sent("GET", "/api/v1/docs/", BROWSER)


def addendum(**fields: Any) -> bytes:
    """Return a second version of the document, whose visit has these fields."""
    encounter = an_encounter("encounter 2", episode=external(EntryKind.EPISODE_OF_CARE, "episode"), **fields)
    condition = a_condition("condition 2", encounter=internal(EntryKind.ENCOUNTER, "encounter 2"))
    return as_xml(the_next_document(encounters=[encounter], conditions=[condition]))
