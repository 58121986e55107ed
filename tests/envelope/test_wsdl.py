"""The schemas that the WSDL names: they compile, and what client and register write is valid by them."""

import pytest
from lxml import etree

from mockregister.client import Sending, write_request
from mockregister.envelope import soap, wsdl, xdr
from mockregister.envelope.soap import Caller, Version
from mockregister.errors import NotFound
from mockregister.finding import Finding, Level
from mockregister.safexml import NAMESPACES

ADDRESS = "http://register.example/cda-ws/service"


class Served(etree.Resolver):
    """Answers ``ADDRESS?xsd=…`` as the service does."""

    def resolve(self, system_url: str, public_id: str, context: object) -> object:
        name = system_url.removeprefix(ADDRESS + "?xsd=")
        return self.resolve_string(wsdl.schema(name, ADDRESS, NAMESPACES["dgws"]), context, base_url=system_url)


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Served())
    description = etree.fromstring(wsdl.description(ADDRESS, NAMESPACES["dgws"]), parser)
    types = description.find(".//{http://www.w3.org/2001/XMLSchema}schema")
    assert types is not None
    return etree.XMLSchema(etree.fromstring(etree.tostring(types), parser))


def contents(kind: str, body: bytes) -> list[etree._Element]:
    """Header blocks and payload of an envelope."""
    message = soap.read(kind, body)
    return [*([] if message.header is None else message.header), message.payload]


def test_every_schema_is_reachable_from_the_description() -> None:
    assert wsdl.description(ADDRESS, NAMESPACES["dgws"]).count(f'"{ADDRESS}?xsd='.encode()) == len(wsdl.SCHEMAS)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_what_the_client_writes_is_valid(schema: etree.XMLSchema, version: str) -> None:
    headers, body = write_request([b"<a/>", b"<b/>"], Sending(soap=version, author="999011000016000"))
    for element in contents(headers["Content-Type"], body):
        for include in element.iter(xdr.INCLUDE):
            include.getparent().remove(include)  # what it stands for is base64 text, and so may be empty
        assert schema.validate(element), schema.error_log


def test_what_the_register_answers_is_valid(schema: etree.XMLSchema) -> None:
    findings = [Finding(Level.XSD, "cvc", document="R^E", where="1:2"), Finding(Level.INTEGRITY_CHECK, "no author", code="X")]
    kind, body = xdr.write_answer(Caller(Version.SOAP12), "Failure", findings, NAMESPACES["dgws"])
    for element in contents(kind, body):
        assert schema.validate(element), schema.error_log


def test_an_unknown_schema_is_not_found() -> None:
    with pytest.raises(NotFound, match=r"rim\.xsd"):
        wsdl.schema("document_repository.wsdl", ADDRESS, "")


def test_an_address_cannot_break_out_of_its_attribute() -> None:
    assert etree.fromstring(wsdl.description('http://x"><evil>&/', "urn:medcom")).tag.endswith("definitions")


def test_a_document_is_a_stream_to_code_generators() -> None:
    """The place that JAXB looks at: the element if its type has a name, else the type itself (XJC warns of any other)."""
    types = etree.fromstring(wsdl.schema("xds.b.xsd", ADDRESS, NAMESPACES["dgws"]))
    marked = types.xpath("//*[@*[local-name()='expectedContentTypes']]")
    assert [(etree.QName(one).localname, one.get("type"), one.getparent().get("name")) for one in marked] == [
        ("complexType", None, "Document"),
        ("element", "xs:base64Binary", None),
    ]
