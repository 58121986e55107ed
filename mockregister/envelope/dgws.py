"""The Danish SOAP headers beside the ID card: the medcom Header of Den Gode Webservice, and the HSUID header."""

from __future__ import annotations

from uuid import uuid4

from lxml import etree

from mockregister.safexml import qname

FINALIZED = "flow_finalized_succesfully"  # the register's spelling


def message_id(header: etree._Element | None) -> str:
    """Return ``Linking/MessageID`` of the medcom Header, in either namespace; empty if there is none."""
    for prefix in ("dgws", "dgws101"):
        linking = None if header is None else header.find(f"{qname(prefix, 'Header')}/{qname(prefix, 'Linking')}")
        if linking is not None:
            return (linking.findtext(qname(prefix, "MessageID")) or "").strip()
    return ""


def system_name(header: etree._Element | None) -> str:
    """Return the sending system's name and version from the HSUID header (facts 23, 61); empty if there is none."""
    hsuid = None if header is None else header.find(qname("hsuid", "HsuidHeader"))
    said = {} if hsuid is None else _attributes(hsuid, "hsuid")
    return f"{said.get('nsi:SystemName', '')} {said.get('nsi:SystemVersion', '')}".strip()


def answer_header(namespace: str) -> str:
    """Return the medcom Header of an answer, in the namespace of the path called (facts 43, 79)."""
    return (
        f'<Header xmlns="{namespace}"><SecurityLevel>3</SecurityLevel><Linking><MessageID>{uuid4().hex}</MessageID></Linking>'
        f"<FlowStatus>{FINALIZED}</FlowStatus></Header>"
    )


def _attributes(parent: etree._Element, prefix: str) -> dict[str, str]:
    return {
        attribute.get("Name", ""): (attribute.findtext(qname(prefix, "AttributeValue")) or "").strip()
        for attribute in parent.iter(qname(prefix, "Attribute"))
    }
