"""Read a CDA document into the logical model, keeping the place of everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from mockregister.document import header, sections
from mockregister.document.markup import EFFECTIVE_TIME, SET_ID, TITLE, VERSION_NUMBER, attribute, first, moment, number, text
from mockregister.document.places import Places
from mockregister.document.values import own_id
from mockregister.errors import UnreadableDocument
from mockregister.model import ClinicalDocument, Submission
from mockregister.sharing import shared


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as the logical model, and the places of its parts in the XML."""

    document: ClinicalDocument
    places: Places


def read(root: etree._Element) -> Reading:
    """Read a clinical document, template .71.

    Every well-formed document can be read: missing or unintelligible parts become None or empty, extra parts are skipped. The
    validation levels report what is wrong.
    """
    places = Places(root)
    set_id, version, custodian = first(root, SET_ID), first(root, VERSION_NUMBER), header.custodian_id(root)
    document = ClinicalDocument(
        id=own_id(root, places),
        set_id=shared(attribute(set_id, "root")),
        version=number(version) or 0,
        effective_time=moment(first(root, EFFECTIVE_TIME)),
        patient=header.patient(root, places),
        author=header.author(root, places),
        custodian=shared(attribute(custodian, "extension")),
        title=shared(text(first(root, TITLE))),
        parent=header.parent(root, places),
        **sections.body(root, places),
    )
    return Reading(places.put(document, root, set_id=set_id, version=version, custodian=custodian), places)


def read_submission(contents: Sequence[bytes]) -> Submission:
    """Return documents as a submission, sent by the author of the first one.

    It has no author institution if there is no document, or the first one is not XML.
    """
    sent = Submission.of(contents)
    try:
        return sent.by_author_of(read(sent.documents[0].root).document)
    except (UnreadableDocument, IndexError):
        return sent
