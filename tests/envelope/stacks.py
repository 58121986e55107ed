"""Requests as the SOAP stacks of real senders write them, with their boundaries, Content-IDs, headers and peculiarities.

``request("axis2", [document])`` returns the Content-Type and the body. The envelope is always the same. Only the packaging
differs, because that is what the tests are about.
"""

from __future__ import annotations

from base64 import b64encode, encodebytes
from collections.abc import Callable, Sequence
from email.encoders import encode_base64
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from urllib.parse import quote

from mockregister.envelope.soap import Version
from mockregister.safexml import NAMESPACES

XDS = NAMESPACES["xds"]
XON = "Prøvehospitalet^^^^^&amp;1.2.208.176.1.1&amp;ISO^^^^999011000016000"
CVR = "99999993"
V11, V12 = Version.SOAP11, Version.SOAP12
Built = tuple[str, bytes]


def security(begin: str = "2019-06-01T00:00:00Z", end: str = "2019-06-02T00:00:00Z", cvr: str = CVR, inside: str = "") -> str:
    """Return a wsse:Security header with an ID card. ``inside`` takes the place of the signature."""
    return (
        f'<wsse:Security xmlns:wsse="{NAMESPACES["wsse"]}" xmlns:wsu="{NAMESPACES["wsu"]}">'
        f"<wsu:Timestamp><wsu:Created>{begin}</wsu:Created></wsu:Timestamp>"
        f'<saml:Assertion xmlns:saml="{NAMESPACES["saml"]}" id="IDCard"><saml:Issuer>TEST</saml:Issuer>'
        f'<saml:Conditions NotBefore="{begin}" NotOnOrAfter="{end}"/><saml:AttributeStatement>'
        f'<saml:Attribute Name="medcom:CareProviderID"><saml:AttributeValue>{cvr}</saml:AttributeValue></saml:Attribute>'
        f"</saml:AttributeStatement>{inside}</saml:Assertion></wsse:Security>"
    )


def include(href: str) -> str:
    """Return an xop:Include of a cid URL."""
    return f'<xop:Include xmlns:xop="{NAMESPACES["xop"]}" href="cid:{href}"/>'


def metadata(xon: str = XON) -> str:
    """Return a SubmitObjectsRequest whose submission set has this authorInstitution."""
    return (
        f'<lcm:SubmitObjectsRequest xmlns:lcm="{NAMESPACES["lcm"]}" xmlns="{NAMESPACES["rim"]}"><RegistryObjectList>'
        '<RegistryPackage id="Set"><Classification classificationScheme="urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d" '
        'id="Author" classifiedObject="Set" nodeRepresentation=""><Slot name="authorInstitution"><ValueList>'
        f"<Value>{xon}</Value></ValueList></Slot></Classification>"
        '<ExternalIdentifier id="Unique" registryObject="Set" value="1.2.3.4" '
        'identificationScheme="urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8"/></RegistryPackage>'
        "</RegistryObjectList></lcm:SubmitObjectsRequest>"
    )


def envelope(
    contents: Sequence[str], version: Version = V12, header: str = "", about: str | None = None, namespace: str = ""
) -> bytes:
    """Return an ITI-41 envelope. ``contents`` are the contents of its Document elements."""
    documents = "".join(f'<xds:Document id="Document{n:02}">{content}</xds:Document>' for n, content in enumerate(contents, 1))
    return (
        f'<soap:Envelope xmlns:soap="{namespace or version.namespace}"><soap:Header>{header}</soap:Header><soap:Body>'
        f'<xds:ProvideAndRegisterDocumentSetRequest xmlns:xds="{XDS}">{metadata() if about is None else about}{documents}'
        "</xds:ProvideAndRegisterDocumentSetRequest></soap:Body></soap:Envelope>"
    ).encode()


def multipart(boundary: bytes, parts: Sequence[tuple[Sequence[str], bytes]], end: bytes = b"\r\n", first: bytes = b"") -> bytes:
    """Return parts between boundary lines. Each part is its header lines and its content. ``first`` is the preamble."""
    body = b"".join(
        b"--" + boundary + end + end.join(line.encode() for line in lines) + end * 2 + content + end for lines, content in parts
    )
    return first + body + b"--" + boundary + b"--" + end


def cxf(documents: Sequence[bytes], version: Version = V12, **more: str) -> Built:
    """Write percent-encoded ids in header and href (fact 91)."""
    ids = [f"7f04-{n}@urn%3Aihe%3Aiti%3Axds-b%3A2007" for n in range(len(documents))]
    media = version.media_type
    root = (
        [
            f'Content-Type: application/xop+xml; charset=UTF-8; type="{media}"',
            "Content-Transfer-Encoding: binary",
            "Content-ID: <root.message@cxf.apache.org>",
        ],
        envelope([include(i) for i in ids], version, **more),
    )
    lines = ["Content-Type: text/xml", "Content-Transfer-Encoding: binary"]
    parts = [([*lines, f"Content-ID: <{i}>"], document) for i, document in zip(ids, documents, strict=True)]
    return (
        'multipart/related; type="application/xop+xml"; boundary="uuid:1b0c"; start="<root.message@cxf.apache.org>"; '
        f'start-info="{media}"',
        multipart(b"uuid:1b0c", [root, *parts]),
    )


def axis2(documents: Sequence[bytes], version: Version = V12, **more: str) -> Built:
    """Write an unquoted boundary, and the attachments before the root part."""
    ids = [f"{n}.urn:uuid:A9E5@apache.org" for n in range(1, len(documents) + 1)]
    media = version.media_type
    parts = [
        (["Content-Type: application/octet-stream", f"Content-ID: <{i}>"], document)
        for i, document in zip(ids, documents, strict=True)
    ]
    root = (
        [f'Content-Type: application/xop+xml; charset=UTF-8; type="{media}"', "Content-ID: <0.urn:uuid:A9E5@apache.org>"],
        envelope([include(i) for i in ids], version, **more),
    )
    return (
        'multipart/related; boundary=MIMEBoundaryurn_uuid_A9E51; type="application/xop+xml"; '
        f'start="<0.urn:uuid:A9E5@apache.org>"; start-info="{media}"; action="urn:x;y"',
        multipart(b"MIMEBoundaryurn_uuid_A9E51", [*parts, root]),
    )


def soapui(documents: Sequence[bytes], version: Version = V12, **more: str) -> Built:
    """Write a boundary with '=', an empty line first, folded headers, Content-Disposition, ids without an '@' (facts 25, 49)."""
    media = version.media_type
    ids = [f"cda{n}" for n in range(1, len(documents) + 1)]
    root = (
        [f'Content-Type: application/xop+xml; charset=UTF-8;\r\n\ttype="{media}"', "Content-ID: <rootpart@soapui.org>"],
        envelope([include(i) for i in ids], version, **more),
    )
    parts = [
        (
            [
                "Content-Type: application/octet-stream; name=cda.bin",
                "Content-Transfer-Encoding: binary",
                f"Content-ID:\r\n <{i}>",
                'Content-Disposition: attachment; name="cda.bin"; filename="cda.bin"',
            ],
            document,
        )
        for i, document in zip(ids, documents, strict=True)
    ]
    return (
        f'multipart/related; type="application/xop+xml"; start="<rootpart@soapui.org>"; start-info="{media}"; '
        'boundary="----=_Part_7_12.15"',
        multipart(b"----=_Part_7_12.15", [root, *parts], first=b"\r\n"),
    )


def dotnet(documents: Sequence[bytes], version: Version = V12, **more: str) -> Built:
    """Write URLs as ids, percent-encoded in the href only, and no blanks after semicolons."""
    media = version.media_type
    ids = [f"http://tempuri.org/{n}/6365512" for n in range(1, len(documents) + 1)]
    root = (
        [
            "Content-ID: <http://tempuri.org/0>",
            "Content-Transfer-Encoding: 8bit",
            f'Content-Type: application/xop+xml;charset=utf-8;type="{media}"',
        ],
        envelope([include(quote(i, safe="")) for i in ids], version, **more),
    )
    parts = [
        ([f"Content-ID: <{i}>", "Content-Transfer-Encoding: binary", "Content-Type: application/octet-stream"], document)
        for i, document in zip(ids, documents, strict=True)
    ]
    return (
        'multipart/related; type="application/xop+xml";start="<http://tempuri.org/0>";boundary="uuid:8b+id=1";'
        f'start-info="{media}"',
        multipart(b"uuid:8b+id=1", [root, *parts], first=b"\r\n"),
    )


def metro(documents: Sequence[bytes], version: Version = V12, **more: str) -> Built:
    """Write header names in another letter case, and a start-info that contains an escaped action."""
    media = version.media_type
    ids = [f"9c-{n}@example.jaxws.sun.com" for n in range(len(documents))]
    root = (
        ["Content-Id: <rootpart*9c@example.jaxws.sun.com>", f'content-type: application/xop+xml;charset=utf-8;type="{media}"'],
        envelope([include(i) for i in ids], version, **more),
    )
    parts = [([f"Content-Id: <{i}>", "Content-Type: text/xml"], document) for i, document in zip(ids, documents, strict=True)]
    return (
        'Multipart/Related;start="<rootpart*9c@example.jaxws.sun.com>";type="application/xop+xml";boundary="uuid:9c";'
        f'start-info="{media};action=\\"urn:ihe;x\\""',
        multipart(b"uuid:9c", [root, *parts]),
    )


def python_email(documents: Sequence[bytes], version: Version = V12, **more: str) -> Built:
    """Write as the recipes for zeep do, with Python's email package: bare line feeds, a preamble and base64 parts."""
    package = MIMEMultipart("related", boundary="===============42==")
    package.preamble = "This is a multi-part message in MIME format."
    ids = [f"doc{n}" for n in range(len(documents))]
    root = MIMEApplication(envelope([include(i) for i in ids], version, **more), "xop+xml", encode_base64)
    root.add_header("Content-ID", "<root>")
    package.attach(root)
    for i, document in zip(ids, documents, strict=True):
        part = MIMEApplication(document, "octet-stream", encode_base64)
        part.add_header("Content-ID", f"<{i}>")
        package.attach(part)
    body = package.as_bytes().partition(b"\n\n")[2]
    return (
        f'multipart/related; boundary="===============42=="; type="application/xop+xml"; start="<root>"; '
        f'start-info="{version.media_type}"',
        body,
    )


def node(documents: Sequence[bytes], version: Version = V12, **more: str) -> Built:
    """Write ids and start without brackets, no transfer encoding, and an unquoted boundary."""
    ids = [f"file_{n}" for n in range(len(documents))]
    root = (
        [f'Content-Type: application/xop+xml; charset=UTF-8; type="{version.media_type}"', "Content-ID: 0bfc-f82f"],
        envelope([include(i) for i in ids], version, **more),
    )
    parts = [([f"Content-ID: {i}"], document) for i, document in zip(ids, documents, strict=True)]
    return (
        f'multipart/related; type="application/xop+xml"; start="0bfc-f82f"; start-info="{version.media_type}"; boundary=8ebf53e7',
        multipart(b"8ebf53e7", [root, *parts]),
    )


def inline(documents: Sequence[bytes], version: Version = V12, **more: str) -> Built:
    """Write an XOP package without attachments: base64 in lines, and no start parameter."""
    contents = [encodebytes(document).decode() for document in documents]
    root = (
        [f'Content-Type: application/xop+xml; charset=UTF-8; type="{version.media_type}"'],
        envelope(contents, version, **more),
    )
    return 'multipart/related; boundary=x; type="application/xop+xml"', multipart(b"x", [root])


def plain(documents: Sequence[bytes], version: Version = V12, **more: str) -> Built:
    """Write a request without MTOM, which the register refuses (fact 149)."""
    contents = [b64encode(document).decode() for document in documents]
    return f"{version.media_type}; charset=UTF-8", envelope(contents, version, **more)


STACKS: dict[str, Callable[..., Built]] = {
    build.__name__: build for build in (cxf, axis2, soapui, dotnet, metro, python_email, node, inline)
}
