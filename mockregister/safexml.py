"""The guarded XML parser and the namespace map.

The parser uses no network, DTD or entities, and bounds depth and size: its time is proportional to the size of the document,
and no document can make it reveal anything of this machine.
"""

from __future__ import annotations

import codecs
import re
from itertools import count
from typing import Any, cast
from xml.parsers import expat

from lxml import etree

from mockregister.errors import UnreadableDocument, shown

CDA = "urn:hl7-org:v3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NAMESPACES = {
    "cda": CDA,
    "xsi": XSI,
    "soap11": "http://schemas.xmlsoap.org/soap/envelope/",
    "soap12": "http://www.w3.org/2003/05/soap-envelope",
    "wsse": "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
    "wsu": "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd",
    "wsa": "http://www.w3.org/2005/08/addressing",
    "wsa04": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "wst": "http://schemas.xmlsoap.org/ws/2005/02/trust",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "dgws": "http://www.medcom.dk/dgws/2006/04/dgws-1.0.xsd",
    "dgws101": "http://svn.medcom.dk/svn/releases/Standarder/DGWS/Schemas/medcom-1.0.1.xsd",
    "hsuid": "http://www.nsi.dk/hsuid/2016/08/hsuid-1.1.xsd",
    "xop": "http://www.w3.org/2004/08/xop/include",
    "xds": "urn:ihe:iti:xds-b:2007",
    "rs": "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0",
    "rim": "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0",
    "lcm": "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0",
    "query": "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0",
}

MAX_ATTRIBUTES = 10_000  # of one element, as in Java's own parser; lxml's time to list them grows with the square of their number
MAX_NAMESPACES = 256  # in scope at once; an element that is serialised alone has to declare all of them
ELEMENTS = etree.XPath("count(descendant-or-self::*)")
TOO_MANY_ATTRIBUTES = etree.XPath(f"boolean(descendant-or-self::*/@*[{MAX_ATTRIBUTES + 1}])")
PARSERS_OWN_ADVICE = re.compile(r",? (use|try) XML_PARSE_HUGE( option)?|\n")
NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # a character that is not allowed in XML
DECLARED_ENCODING = re.compile(r"<\?xml\s[^>]*?\sencoding\s*=\s*[\"']([^\"']*)")
VERSIONS = ("1.0", "1.1")

# The first bytes of a document and the encoding in which its XML declaration is read. Longer marks come first, because the
# little-endian mark of UTF-32 begins with that of UTF-16.
BEGINNINGS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    b"<\0\0\0": "UTF-32",
    b"\0\0\0<": "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16LE",
    codecs.BOM_UTF16_BE: "UTF-16BE",
    b"<\0": "UTF-16LE",
    b"\0<": "UTF-16BE",
}
# The encodings beside UTF-16 that both libxml2 and Xerces (Java) read. Xerces refuses others that libxml2 reads, such as UTF-7.
EIGHT_BITS = re.compile(
    r"utf-?8|(us-)?ascii|iso[-_]?8859-([1-9]|11|13|15|16)|l(atin)?[1-5]|(windows-|cp)125[0-8]"
    r"|(cp|ibm)(367|819|850|862|866)|koi8-[ru]|gb2312|gbk|gb18030|big5(-hkscs)?|euc-(jp|kr)|shift_jis|iso-2022-(jp|kr)|tis-620",
    re.IGNORECASE,
)


# the settings of every parser; each document gets a new one, because threads do not share lxml parsers
GUARDS: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_blank_text": False,
    "collect_ids": False,
}


def parse(content: bytes) -> etree._Element:
    """Return the root element of an XML document, read as Xerces reads it.

    Raise UnreadableDocument, with line and column if known, for bytes that are not well-formed, a version other than 1.0 and
    1.1, an encoding that is wrong or that Xerces does not read, a DTD, an element with more than 10,000 attributes, or one in the
    scope of more than 256 namespace declarations.
    """
    unmarked = content.removeprefix(codecs.BOM_UTF8)  # libxml2 would believe the mark and not the declaration
    _check_encoding(unmarked)
    try:
        root = _well_formed(unmarked)
    except (ValueError, LookupError) as error:
        raise UnreadableDocument(f"The XML cannot be read: {error}.") from error
    document = root.getroottree().docinfo
    if document.xml_version not in VERSIONS:
        raise UnreadableDocument(f"The document is in XML {str(document.xml_version)[:80]}; write it in XML 1.0.", 1)
    if document.internalDTD is not None:
        raise UnreadableDocument("A document type declaration is not allowed; send the document without DOCTYPE.")
    if content.count(b"=") > MAX_ATTRIBUTES and TOO_MANY_ATTRIBUTES(root):
        raise UnreadableDocument(f"An element has more than {MAX_ATTRIBUTES} attributes.")
    if content.count(b"xmlns") + content.count(b"x\0m\0l\0n\0s") > MAX_NAMESPACES:  # the latter is UTF-16
        _check_namespaces(root)
    return root


def _well_formed(content: bytes) -> etree._Element:
    """Return the root element. Raise UnreadableDocument for what is not well-formed.

    Namespace names that are not URIs are allowed, as in XML and Xerces, although libxml2 objects to them.
    """
    reader = etree.XMLParser(**GUARDS)
    try:
        root = etree.fromstring(content, reader)
    except etree.XMLSyntaxError as error:
        _raise_first(reader.error_log)
        if not reader.error_log:
            raise _not_well_formed(error.msg) from error
        root = etree.fromstring(content, etree.XMLParser(recover=True, **GUARDS))
    if reader.error_log.filter_from_errors():  # lxml looks only at the last of several errors, so it may not have raised
        _raise_first(reader.error_log)
        _check_with_expat(content, int(cast("float", ELEMENTS(root))))
    return root


def _check_namespaces(root: etree._Element) -> None:
    in_scope = 0
    for event, _ in etree.iterwalk(root, events=("start-ns", "end-ns")):
        in_scope += 1 if event == "start-ns" else -1
        if in_scope > MAX_NAMESPACES:
            raise UnreadableDocument(f"An element is in the scope of more than {MAX_NAMESPACES} namespace declarations.")


def _raise_first(log: etree._ListErrorLog) -> None:
    """Raise UnreadableDocument for the first error that is also an error for Xerces."""
    for error in log.filter_from_errors():
        if error.type != etree.ErrorTypes.WAR_NS_URI:
            raise _not_well_formed(f"{error.message}, line {error.line}, column {error.column}", error.line, error.column)


def _check_with_expat(content: bytes, elements: int) -> None:
    """Raise UnreadableDocument for what libxml2 no longer reports after a namespace name that is not a URI.

    ``elements`` is the number of elements that libxml2 read; expat has to find as many.
    """
    started = count()
    reader = expat.ParserCreate(namespace_separator="\1")  # a character that is not allowed in names
    reader.StartElementHandler = lambda name, attributes: next(started)
    try:
        reader.Parse(content, True)
    except expat.ExpatError as error:
        where = f"line {error.lineno}, column {error.offset + 1}"
        raise _not_well_formed(f"{expat.ErrorString(error.code)}, {where}", error.lineno, error.offset + 1) from error
    if next(started) != elements:
        raise _not_well_formed("it cannot be read to its end")


def _not_well_formed(why: str, line: int = 0, column: int = 0) -> UnreadableDocument:
    return UnreadableDocument(f"The XML is not well-formed: {PARSERS_OWN_ADVICE.sub('', why)}.", line, column)


def _check_encoding(content: bytes) -> None:
    """Raise UnreadableDocument for an encoding that Xerces does not read, or that contradicts the first bytes.

    Where the declaration and the first bytes differ, libxml2 trusts the first bytes, and Xerces refuses the document.
    """
    if content.startswith(codecs.BOM_UTF8):
        raise UnreadableDocument("The document has two byte order marks; write it in UTF-8 without any.", 1)
    begins = next((name for mark, name in BEGINNINGS.items() if content.startswith(mark)), "UTF-8")
    if begins == "UTF-32":
        raise UnreadableDocument("The document is in UTF-32, which is not read; use UTF-8.")
    declaration = content[: content.find(b">") + 2].decode("latin-1" if begins == "UTF-8" else begins, "replace")
    found = DECLARED_ENCODING.match(declaration.removeprefix("\ufeff"))
    declared = found[1] if found else ""
    known = EIGHT_BITS if begins == "UTF-8" else re.compile(f"UTF-16|{begins}|ISO-10646-UCS-2", re.IGNORECASE)
    if declared and not known.fullmatch(declared):
        instead = "write it in UTF-8 and declare that"
        raise UnreadableDocument(f"The document begins as {begins} but declares {declared[:80]}; {instead}.", 1)


def indented(root: etree._Element) -> str:
    """Return a document as text, indented for people; this changes ``root``."""
    etree.indent(root)
    return etree.tostring(root, encoding="unicode")


def whole_text(element: etree._Element) -> str:
    """Return all text of an element; ``element.text`` would end at the first comment."""
    return str(element.xpath("string()")) if len(element) else element.text or ""


def held(parent: etree._Element) -> str:
    """Return the names of an element's children for use in a message; ``nothing`` if it has none."""
    return shown(", ".join(str(child.tag) for child in parent.iterchildren("*")), 240) or "nothing"


def qname(prefix: str, name: str) -> str:
    """Return ``{namespace}name`` for a prefix of the namespace map."""
    return f"{{{NAMESPACES[prefix]}}}{name}"
