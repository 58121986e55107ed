"""The schemas that the WSDL names compile, and messages of client and register are valid by them."""

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
    """Resolve ``ADDRESS?xsd=…`` as the service does."""

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
    """Return the header blocks and the payload of an envelope."""
    message = soap.read(kind, body)
    return [*([] if message.header is None else message.header), message.payload]


def test_every_schema_can_be_reached_from_the_wsdl() -> None:
    assert wsdl.description(ADDRESS, NAMESPACES["dgws"]).count(f'"{ADDRESS}?xsd='.encode()) == len(wsdl.SCHEMAS)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_requests_of_the_client_are_valid(schema: etree.XMLSchema, version: str) -> None:
    headers, body = write_request([b"<a/>", b"<b/>"], Sending(soap=version, author="999011000016000"))
    for element in contents(headers["Content-Type"], body):
        for include in element.iter(xdr.INCLUDE):
            include.getparent().remove(include)  # it stands for base64 text, which may be empty
        assert schema.validate(element), schema.error_log


def test_answers_of_the_register_are_valid(schema: etree.XMLSchema) -> None:
    findings = [Finding(Level.XSD, "cvc", document="R^E", where="1:2"), Finding(Level.INTEGRITY_CHECK, "no author", code="X")]
    kind, body = xdr.write_answer(Caller(Version.SOAP12), "Failure", findings, NAMESPACES["dgws"])
    for element in contents(kind, body):
        assert schema.validate(element), schema.error_log


def test_an_unknown_schema_is_not_found() -> None:
    with pytest.raises(NotFound, match=r"rim\.xsd"):
        wsdl.schema("document_repository.wsdl", ADDRESS, "")


def test_a_hostile_address_is_escaped_in_its_attribute() -> None:
    assert etree.fromstring(wsdl.description('http://x"><evil>&/', "urn:medcom")).tag.endswith("definitions")


def test_code_generators_map_a_document_to_a_stream() -> None:
    """JAXB reads expectedContentTypes on the element if its type has a name, else on the type. XJC warns of it elsewhere."""
    types = etree.fromstring(wsdl.schema("xds.b.xsd", ADDRESS, NAMESPACES["dgws"]))
    marked = types.xpath("//*[@*[local-name()='expectedContentTypes']]")
    assert [(etree.QName(mark).localname, mark.get("type"), mark.getparent().get("name")) for mark in marked] == [
        ("complexType", None, "Document"),
        ("element", "xs:base64Binary", None),
    ]
