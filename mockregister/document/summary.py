"""What the header of a document says about it: enough to find it again, whatever else is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from mockregister import safexml
from mockregister.document.header import custodian_id
from mockregister.document.markup import ID, SET_ID, attribute, below, cda, first
from mockregister.document.places import document_id
from mockregister.errors import UnreadableDocument
from mockregister.model import SentDocument

_PATIENT_ID = (cda("recordTarget"), cda("patientRole"), ID)
_AUTHOR_UNIT = (cda("author"), cda("assignedAuthor"), cda("representedOrganization"), ID)


@dataclass(frozen=True, slots=True)
class Summary:
    """A document's id (as an answer's ``location`` writes it), its set, the extensions of its patient's ids, and who reported it.

    ``author_units`` are SOR ids, ``custodian`` is a CVR number. What the document does not say is empty; for bytes that are not
    XML, everything is empty.
    """

    id: str = ""
    set_id: str = ""
    patients: tuple[str, ...] = ()
    author_units: tuple[str, ...] = ()
    custodian: str = ""


def summarize(content: bytes) -> Summary:
    """Return the summary of the document with these bytes."""
    return summary_of(SentDocument("", content))


def summary_of(document: SentDocument) -> Summary:
    """Return the summary of a document."""
    try:
        root = document.root
    except UnreadableDocument:
        return Summary()
    return Summary(
        id=document_id(root),
        set_id=attribute(first(root, SET_ID), "root"),
        patients=tuple(filter(None, (attribute(element, "extension") for element in below(root, *_PATIENT_ID)))),
        author_units=tuple(filter(None, (attribute(element, "extension") for element in below(root, *_AUTHOR_UNIT)))),
        custodian=attribute(custodian_id(root), "extension"),
    )


def is_about(content: bytes, patient: str) -> bool:
    """Return whether a document names the patient by this ``root^extension``, in any letter case."""
    try:
        ids = below(safexml.parse(content), *_PATIENT_ID)
    except UnreadableDocument:
        return False
    return any(
        f"{attribute(identifier, 'root')}^{attribute(identifier, 'extension')}".lower() == patient.lower() for identifier in ids
    )
