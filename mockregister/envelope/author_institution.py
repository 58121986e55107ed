"""The author institution of a submission set, or what a sender wrote instead (Danish profile of the XDS metadata)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from mockregister.errors import shown
from mockregister.model import AuthorInstitution
from mockregister.safexml import NAMESPACES, held, qname

SCHEME = "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d"  # XDSSubmissionSet.author
DOCUMENT_ENTRY_SCHEME = "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d"  # XDSDocumentEntry.author
SLOT = "authorInstitution"
SUBMIT_OBJECTS_REQUEST, SLOT_ELEMENT = qname("lcm", "SubmitObjectsRequest"), qname("rim", "Slot")
CLASSIFICATION, VALUE = qname("rim", "Classification"), qname("rim", "Value")


def read(request: etree._Element) -> AuthorInstitution | None:
    """Return the first well-formed institution among the submission set's authors."""
    return next(filter(None, map(read_xon, _values(request))), None)


def read_xon(text: str) -> AuthorInstitution | None:
    """Return the institution in an XON such as ``Name^^^^^&1.2.208.176.1.1&ISO^^^^<SOR id>``; None for any other form.

    Name, assigning authority (an OID) and id are required, as in the Danish profile of the XDS metadata.
    """
    fields = [field.strip() for field in text.split("^")] + [""] * 10
    name, authority, sor_id = fields[0], [part.strip() for part in fields[5].split("&")], fields[9]
    has_authority = authority[2:3] == ["ISO"] and authority[1].replace(".", "").isdigit()
    return AuthorInstitution(name, authority[1], sor_id) if name and has_authority and sor_id and "&amp;" not in text else None


def instead(request: etree._Element) -> str:
    """Return what the request has instead of an author institution, as the end of a sentence."""
    written = next(_values(request), None)
    if written is not None:
        return f"it {_flaw(written)}"
    slot = next((slot for slot in request.iter("{*}Slot") if slot.get("name", "").strip().lower() == SLOT.lower()), None)
    return f"its Slot {_misplaced(slot)}" if slot is not None else _without_slot(request)


def _values(request: etree._Element) -> Iterator[str]:
    for classification in _authors(request):
        for slot in classification.findall(SLOT_ELEMENT):
            if slot.get("name") == SLOT:
                yield from (str(value.xpath("string()")) for value in slot.iter(VALUE))


def _authors(request: etree._Element) -> Iterator[etree._Element]:
    """Return the classifications with the submission set's authors."""
    found = request.iter(CLASSIFICATION)
    return (each for each in found if each.get("classificationScheme", "").strip().lower() == SCHEME)


def _flaw(xon: str) -> str:
    """Return why a text is not the XON of an institution, as the end of a sentence."""
    found = f"is '{shown(xon.strip())}'"
    fields = [*map(str.strip, xon.split("^")), *[""] * 5]
    name, authority = fields[0], fields[5]
    if not xon.strip():
        return "is empty"
    if "^" not in xon:
        return f"{found}, {'a number alone' if xon.strip().isdecimal() else 'which has no fields between ^'}"
    if "&amp;" in xon:
        return f"{found}, whose & is escaped twice"
    if not name:
        return f"{found}, which has no name before the first ^ (XON.1)"
    if read_xon(f"{name}^^^^^{authority}^^^^id") is None:
        return f"{found}, whose sixth field (XON.6) is '{shown(authority.rstrip('&'))}'"
    return f"{found}, which has no id in the tenth field (XON.10)"


def _misplaced(slot: etree._Element) -> str:
    around = slot.getparent()
    if slot.tag != SLOT_ELEMENT:
        return f"is in the namespace '{shown(etree.QName(slot).namespace or '')}' instead of '{NAMESPACES['rim']}'"
    if around is None or around.tag != CLASSIFICATION:
        return f"stands in {shown('nothing' if around is None else around.tag)} instead of a Classification"
    scheme = around.get("classificationScheme", "")
    if scheme.strip().lower() != SCHEME:
        whose = " of a document entry's author" if scheme.strip().lower() == DOCUMENT_ENTRY_SCHEME else ""
        return f"stands under the classificationScheme '{shown(scheme)}'{whose} instead of '{SCHEME}'"
    if slot.get("name") != SLOT:
        return f"is named '{shown(slot.get('name', ''))}'"
    return f"has no Value in a ValueList, it holds {held(slot)}"


def _without_slot(request: etree._Element) -> str:
    if request.find(SUBMIT_OBJECTS_REQUEST) is None:
        return f"the request has no {SUBMIT_OBJECTS_REQUEST}, it holds {held(request)}"
    author = next(_authors(request), None)
    if author is None:
        return f"nothing in its SubmitObjectsRequest is a Classification with the classificationScheme '{SCHEME}'"
    names = ", ".join(slot.get("name", "") for slot in author.findall(SLOT_ELEMENT))
    return f"the Classification of its author has {f'only the Slot {shown(names)}' if names else 'no Slot'}"
