"""The Danish SOAP headers beside the ID card: the medcom Header of Den Gode Webservice, and the HSUID header."""

from __future__ import annotations

from uuid import uuid4

from lxml import etree

from mockregister.safexml import qname

LINKINGS = [
    (f"{qname(prefix, 'Header')}/{qname(prefix, 'Linking')}", qname(prefix, "MessageID")) for prefix in ("dgws", "dgws101")
]
HSUID_HEADER, ATTRIBUTE, ATTRIBUTE_VALUE = (qname("hsuid", name) for name in ("HsuidHeader", "Attribute", "AttributeValue"))
FINALIZED = "flow_finalized_succesfully"  # the register's spelling


def message_id(header: etree._Element | None) -> str:
    """Return ``Linking/MessageID`` of the medcom Header, in either namespace; empty if there is none."""
    for path, name in LINKINGS:
        linking = None if header is None else header.find(path)
        if linking is not None:
            return (linking.findtext(name) or "").strip()
    return ""


def system_name(header: etree._Element | None) -> str:
    """Return the sending system's name and version from the HSUID header (facts 23, 61); empty if there is none."""
    hsuid = None if header is None else header.find(HSUID_HEADER)
    attributes = () if hsuid is None else hsuid.iter(ATTRIBUTE)
    values = {attribute.get("Name", ""): (attribute.findtext(ATTRIBUTE_VALUE) or "").strip() for attribute in attributes}
    return f"{values.get('nsi:SystemName', '')} {values.get('nsi:SystemVersion', '')}".strip()


def answer_header(namespace: str) -> str:
    """Return the medcom Header of an answer; its namespace depends on the path that was called (facts 43, 79)."""
    return (
        f'<Header xmlns="{namespace}"><SecurityLevel>3</SecurityLevel><Linking><MessageID>{uuid4().hex}</MessageID></Linking>'
        f"<FlowStatus>{FINALIZED}</FlowStatus></Header>"
    )
