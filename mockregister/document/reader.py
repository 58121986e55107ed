"""Read a CDA document into the logical model, keeping the place of everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from lxml import etree

from mockregister.document import entries, header
from mockregister.document import templates as t
from mockregister.document.markup import (
    COMPONENT,
    EFFECTIVE_TIME,
    SET_ID,
    TITLE,
    VERSION_NUMBER,
    attribute,
    below,
    cda,
    first,
    moment,
    number,
    templates,
    text,
)
from mockregister.document.places import Places
from mockregister.document.values import own_id
from mockregister.errors import UnreadableDocument
from mockregister.model import ClinicalDocument, ProcedureForm, Submission
from mockregister.sharing import shared

_ENTRIES = (COMPONENT, cda("structuredBody"), COMPONENT, cda("section"), cda("entry"))

_READERS: dict[str, tuple[str, Callable[[etree._Element, Places], object]]] = {
    t.EPISODE_OF_CARE: ("episodes", entries.episode),
    t.ENCOUNTER: ("encounters", entries.encounter),
    t.PROCEDURE_ACT: ("procedures", partial(entries.procedure, form=ProcedureForm.ACT)),
    t.PROCEDURE_OBSERVATION: ("procedures", partial(entries.procedure, form=ProcedureForm.OBSERVATION)),
    t.PROCEDURE_PROCEDURE: ("procedures", partial(entries.procedure, form=ProcedureForm.PROCEDURE)),
    t.MAIN_CONDITION: ("conditions", partial(entries.condition, main=True)),
    t.MINOR_CONDITION: ("conditions", partial(entries.condition, main=False)),
    t.OBSERVATION_ORGANIZER_ENTRY: ("organizers", entries.organizer),
    t.NULLIFY: ("nullified", entries.nullification),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as the logical model, and the places of its parts in the XML."""

    document: ClinicalDocument
    places: Places


def read(root: etree._Element) -> Reading:
    """Return the reading of a clinical document, template .71, given by its root element.

    Every well-formed document can be read: missing or unintelligible parts become None or empty, extra parts are skipped. The
    validation levels report what is wrong.
    """
    places = Places(root)
    set_id, version, custodian = first(root, SET_ID), first(root, VERSION_NUMBER), first(root, *header.CUSTODIAN_ID)
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
        **_entries(root, places),
    )
    return Reading(places.put(document, root, set_id=set_id, version=version, custodian=custodian), places)


def _entries(root: etree._Element, places: Places) -> dict[str, tuple[Any, ...]]:
    """Return the entries of a document, in whatever section they are, as the fields of ``ClinicalDocument`` that hold them.

    An entry's own template says what it is. The section's template is ignored, because senders get it wrong more often, and the
    profile was checked before.
    """
    found: dict[str, list[object]] = {field: [] for field, _ in _READERS.values()}
    for entry in below(root, *_ENTRIES):
        for statement in entry.iterchildren("*"):
            reader = next((_READERS[template] for template in templates(statement) if template in _READERS), None)
            if reader is not None:
                field, make = reader
                found[field].append(make(statement, places))
    return {field: tuple(entry for entry in read if entry is not None) for field, read in found.items()}


def read_submission(contents: Sequence[bytes]) -> Submission:
    """Return documents as a submission, sent by the author of the first one.

    It has no author institution if there is no document, or the first one is not XML.
    """
    sent = Submission.of(contents)
    try:
        return sent.by_author_of(read(sent.documents[0].root).document)
    except (UnreadableDocument, IndexError):
        return sent
