"""Measure hostile requests: each kind of bad input, and the same kind twice as large.

    python bench/hostile.py [KIND ...]

Requests go to the application in this process, without a network. Each line has the CPU seconds per megabyte, and the factor for
twice the input. bench/README.md explains the figures.
"""

from __future__ import annotations

import gc
import gzip
import json
import logging
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import resources
from time import process_time

from flask.testing import FlaskClient

from mockregister import safexml
from mockregister.app import create_app
from mockregister.client import Sending, write_request
from mockregister.document import reader, writer
from mockregister.model import CPR, Identifier, PersonName, Residence
from mockregister.settings import Settings

EXAMPLE = (resources.files("mockregister.document") / "examples" / "1-first-visit.xml").read_bytes()
PROCEDURE = re.findall(rb"<entry .*?</entry>", EXAMPLE, re.DOTALL)[2]
PERFORMER = re.findall(rb"<participant .*?</participant>", PROCEDURE, re.DOTALL)[0]
REFERENCE = re.findall(rb"<entryRelationship .*?</entryRelationship>", PROCEDURE, re.DOTALL)[0]
SETTINGS = Settings(clock=datetime(2019, 6, 1, 10, tzinfo=UTC), journal=10)
ROUNDS = 3
MOST = 2.2
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Post:
    """A request."""

    path: str
    headers: Mapping[str, str]
    body: bytes


def soap(*documents: bytes, compressed: bool = False) -> Post:
    """Return a submission over SOAP."""
    sending = Sending("validate", author="440631000016007", care_provider="29190925", compressed=compressed)
    headers, body = write_request(documents, sending)
    return Post(sending.path, headers, body)


def model(body: object) -> Post:
    """Return a submission over the JSON API."""
    return Post("/api/v1/submissions", JSON, json.dumps(body).encode())


def before(tag: bytes, more: bytes) -> Post:
    """Return the example with more content before a tag."""
    return soap(EXAMPLE.replace(tag, more + tag, 1))


def within(tag: bytes, more: bytes) -> Post:
    """Return the example with more content after a start tag."""
    start = EXAMPLE.index(b">", EXAMPLE.index(tag)) + 1
    return soap(EXAMPLE[:start] + more + EXAMPLE[start:])


def part(tag: bytes) -> bytes:
    """Return the first element of this name in the example."""
    return EXAMPLE[EXAMPLE.index(b"<" + tag) : EXAMPLE.index(b"</" + tag + b">") + len(tag) + 3]


def attributes(form: str, number: int) -> bytes:
    """Return this many attributes or namespace declarations."""
    return b"".join(b" " + (form % count).encode() for count in range(number))


def patients(number: int) -> bytes:
    """Return this many ids of patients."""
    return b"".join(b'<id root="1.2.208.176.1.2" extension="%010d"/>' % count for count in range(number))


def numbered(content: bytes, number: int) -> bytes:
    """Return this many copies, each with its own id."""
    return b"".join(re.sub(rb'(?<=extension=")[0-9A-F]{8}(?=-)', b"%08X" % count, content, count=1) for count in range(number))


def with_patient_ids(number: int) -> bytes:
    """Return the example about a patient with this many alternative ids, each of which only level 3 reports."""
    document = reader.read(safexml.parse(EXAMPLE)).document
    ids = tuple(Identifier(CPR, f"{count:010}") for count in range(number))
    home = Residence(("Prøvevej 1",), "9000", "Aalborg", "0851", "5100")
    name = PersonName("Prøvesen", ("Petra",))
    patient = replace(document.patient, cpr="", alternative_ids=ids, name=name, gender="F", residences=(home,))
    return writer.write(replace(document, patient=patient))


def entries(number: int, wrong: bytes = b"") -> Post:
    """Return this many entries, with a wrong entry in the middle."""
    entry = part(b"entry")
    bad = entry.replace(b'<id root="', b'<id root="' + wrong, 1) if wrong else b""
    return before(b"<entry", entry * (number // 2) + bad + entry * (number // 2))


def envelope(more: str) -> Post:
    """Return a submission with additional content at the end of its SOAP Body."""
    post = soap(EXAMPLE)
    end = b"</xds:ProvideAndRegister"
    return Post(post.path, post.headers, post.body.replace(end, more.encode() + end, 1))


def query(values: int) -> Post:
    """Return a stored query for this many documents."""
    text = ",".join(f"'1.2.{count}'" for count in range(values))
    body = (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
        '<q:AdhocQueryRequest xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0">'
        '<q:ResponseOption returnComposedObjects="true" returnType="LeafClass"/>'
        '<AdhocQuery xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0" id="urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4">'
        f'<Slot name="$XDSDocumentEntryUniqueId"><ValueList><Value>({text})</Value></ValueList></Slot>'
        "</AdhocQuery></q:AdhocQueryRequest></s:Body></s:Envelope>"
    )
    return Post("/xds/registry", {"Content-Type": "application/soap+xml; charset=UTF-8"}, body.encode())


def upload(document: bytes) -> Post:
    """Return the upload of a file that is dropped on the page."""
    head = '--x\r\nContent-Disposition: form-data; name="service"\r\n\r\nvalidate\r\n'
    head += '--x\r\nContent-Disposition: form-data; name="documents"; filename="a.xml"\r\n\r\n'
    body = head.encode() + document + b"\r\n--x--\r\n"
    return Post("/documents", {"Content-Type": "multipart/form-data; boundary=x"}, body)


def of_one_part(number: int) -> Post:
    """Return a submission of this many documents that all name the same part, which is well-formed and no document."""
    post = soap(b"<a>" + b"x" * 100_000 + b"</a>")
    [element] = re.findall(rb"<xds:Document .*?</xds:Document>", post.body)
    return Post(post.path, post.headers, post.body.replace(element, element * number))


def members(number: int) -> Post:
    """Return a body with this many empty gzip members before the real member."""
    post = soap(EXAMPLE, compressed=True)
    return Post(post.path, post.headers, gzip.compress(b"", mtime=0) * number + post.body)


KINDS: dict[str, tuple[int, Callable[[int], Post]]] = {
    "level 1: errors": (40_000, lambda n: before(b"<title", b'<id root="?"/>' * n)),
    "level 1: one bad entry": (1_000, lambda n: entries(n, b"?")),
    "level 1: unknown elements": (200_000, lambda n: before(b"<title", b"<a/>" * n)),
    "one element, wide": (400_000, lambda n: soap(b"<a>" + b"<a/>" * n + b"</a>")),
    "one element, deep": (4_000, lambda n: soap(b"<a>" + (b"<a>" * 200 + b"</a>" * 200) * n + b"</a>")),
    "attributes": (40, lambda n: before(b"<title", (b"<a" + attributes('a%d=""', 5_000) + b"/>") * n)),
    "declarations of namespaces": (40, lambda n: before(b"<title", (b"<a" + attributes('xmlns:p%d="u"', 2_000) + b"/>") * n)),
    "long text": (4_000_000, lambda n: within(b"<title", b"x" * n)),
    "comments": (200_000, lambda n: before(b"<title", b"<!---->" * n)),
    "entries": (1_000, entries),
    "patient ids": (10_000, lambda n: before(b'<id root="1.2.208.176.1.2"', patients(n))),
    "alternative patient ids": (10_000, lambda n: soap(with_patient_ids(n))),
    "template ids": (10_000, lambda n: before(b"<templateId", b'<templateId root="1.2.3"/>' * n)),
    "authors": (2_000, lambda n: before(b"<author", part(b"author") * n)),
    "participants": (2_000, lambda n: before(PERFORMER, PERFORMER * n)),
    "references": (2_000, lambda n: before(REFERENCE, REFERENCE * n)),
    "references to nothing": (2_000, lambda n: before(REFERENCE, numbered(REFERENCE, n))),
    "procedures": (400, lambda n: before(PROCEDURE, numbered(PROCEDURE, n))),
    "documents": (250, lambda n: soap(*[EXAMPLE] * n)),
    "documents of errors": (20, lambda n: soap(*[EXAMPLE.replace(b"<title", b'<id root="?"/>' * 2_000 + b"<title")] * n)),
    "elements in the envelope": (100_000, lambda n: envelope("<a/>" * n)),
    "documents of one part": (200, of_one_part),
    "gzip members": (50_000, members),
    "JSON: empty episodes": (50_000, lambda n: model({"episodes": [{}] * n})),
    "JSON: unknown fields": (50_000, lambda n: model({f"a{count}": 1 for count in range(n)})),
    "JSON: nested": (200_000, lambda n: Post("/api/v1/submissions", JSON, b"[" * n + b"]" * n)),
    "query: values": (20_000, query),
    "page: unknown elements": (50_000, lambda n: upload(EXAMPLE.replace(b"<title", b"<a/>" * n + b"<title"))),
}


def seconds(http: FlaskClient, post: Post) -> tuple[float, str]:
    """Return the CPU seconds of the fastest of some rounds, and the answer."""
    fastest, told = float("inf"), ""
    for _ in range(ROUNDS):
        gc.collect()
        gc.disable()  # the garbage collector would add more to a short request than the request costs
        started = process_time()
        answer = http.post(post.path, headers=dict(post.headers), data=post.body)
        fastest = min(fastest, process_time() - started)
        gc.enable()
        told = f"{answer.status_code}, {len(answer.data) / 1e3:.0f} kB"
        if fastest > 5:
            break
    return fastest, told


def main(wanted: list[str]) -> None:
    """Measure each kind at its size and at twice its size."""
    logging.disable(logging.CRITICAL)
    app = create_app(SETTINGS)
    gc.freeze()
    http = app.test_client()
    seconds(http, soap(EXAMPLE))
    for name, (size, post_of) in KINDS.items():
        if wanted and not any(word in name for word in wanted):
            continue
        posts = post_of(size), post_of(2 * size)
        (once, told), (twice, _) = (seconds(http, post) for post in posts)
        megabytes = len(posts[0].body) / 1e6
        verdict = "" if twice <= MOST * once or twice < 0.1 else f"  over {MOST}"
        print(
            f"{name:<28}{megabytes:>7.2f} MB{once:>8.2f} s{once / megabytes:>8.2f} s/MB   twice {twice / once:>5.2f} x"
            f"   answer {told}{verdict}",
            flush=True,
        )
    app.extensions["mockregister"].close()


if __name__ == "__main__":
    main(sys.argv[1:])
