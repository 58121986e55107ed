"""The one guarded XML parser and the one namespace map.

No network, no DTD, no entities, bounded depth and size: whatever bytes arrive, parsing them costs what they weigh and
tells nothing of this machine.
"""

from __future__ import annotations

import codecs
import re

from lxml import etree

from mockregister.errors import UnreadableDocument

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

BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "UTF-8", codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}
MAX_ATTRIBUTES = 10_000  # of one element, as in Java's own parser; lxml needs the square of it to list them
TOO_MANY_ATTRIBUTES = etree.XPath(f"boolean(descendant-or-self::*[count(@*) > {MAX_ATTRIBUTES}])")
PARSERS_OWN_ADVICE = ", use XML_PARSE_HUGE option"
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # a character that no XML can hold
DECLARED_ENCODING = re.compile(r"\ufeff?<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]{1,40})")


def parser() -> etree.XMLParser:
    """A new parser with every guard on; lxml parsers are not shared between threads."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_blank_text=False,
        collect_ids=False,
    )


def parse(content: bytes) -> etree._Element:
    """The root element of an XML document.

    Raises UnreadableDocument, with line and column where they are known, for bytes that are not well-formed, whose encoding
    is not what they say, that bring a DTD, or an element with more than 10,000 attributes.
    """
    _refuse_contradicting_mark(content)
    try:
        root = etree.fromstring(content, parser())
    except etree.XMLSyntaxError as error:
        line, column = error.position if error.position else (0, 0)
        what = error.msg.replace(PARSERS_OWN_ADVICE, "")
        raise UnreadableDocument(f"The XML is not well-formed: {what}.", line or 0, column or 0) from error
    except (ValueError, LookupError) as error:
        raise UnreadableDocument(f"The XML cannot be read: {error}.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableDocument("A document type declaration is not allowed; send the document without DOCTYPE.")
    if content.count(b"=") > MAX_ATTRIBUTES and TOO_MANY_ATTRIBUTES(root):
        raise UnreadableDocument(f"An element has more than {MAX_ATTRIBUTES} attributes.")
    return root


def _refuse_contradicting_mark(content: bytes) -> None:
    """A byte order mark and a declaration that name different encodings: libxml2 believes the mark, Xerces believes neither."""
    marked = next((name for mark, name in BYTE_ORDER_MARKS.items() if content.startswith(mark)), "")
    declared = DECLARED_ENCODING.match(content[:200].decode(marked, "replace")) if marked else None
    if declared and not declared[1].upper().startswith(marked):
        raise UnreadableDocument(f"The document begins as {marked} but declares {declared[1]}; declare the encoding it is in.")


def indented(root: etree._Element) -> str:
    """A document as a person reads it; ``root`` is changed."""
    etree.indent(root)
    return etree.tostring(root, encoding="unicode")


def qname(prefix: str, name: str) -> str:
    """``{namespace}name`` for a prefix of the namespace map."""
    return f"{{{NAMESPACES[prefix]}}}{name}"
