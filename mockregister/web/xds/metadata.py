"""The register's data as XDS metadata: the one place that maps the values (table in docs/reading.md).

The entryUUID of a document is the extension of the document's id, so that each can be found from the other.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from mockregister.codes.sor import SorTable
from mockregister.envelope import xdr
from mockregister.envelope.ebrim import (
    APPENDS,
    APPROVED,
    DEPRECATED,
    REPLACES,
    Association,
    DocumentEntry,
    MetadataCode,
    SubmissionSet,
)
from mockregister.mocking.call import folded
from mockregister.model import CPR, SOR, Patient, Relation
from mockregister.register.elements import Document, DocumentStanding, KeptSubmission

REPOSITORY_ID = f"2.25.{uuid5(NAMESPACE_OID, 'mockregister').int}"
URN = "urn:uuid:"
SUMMARY = MetadataCode("34133-9", "2.16.840.1.113883.6.1", "Summary of episode note")
CODES = {
    "classCode": MetadataCode("001", "1.2.208.184.100.9", "Klinisk rapport"),
    "confidentialityCode": MetadataCode("N", "2.16.840.1.113883.5.25", "Normal"),
    "formatCode": MetadataCode("1.2.208.176.7.1.10.71", "urn:lpr3", "LPR3 Episode of Care Summaries Document"),
    "healthcareFacilityTypeCode": MetadataCode("22232009", "2.16.840.1.113883.6.96", "hospital"),
    "practiceSettingCode": MetadataCode("394658006", "2.16.840.1.113883.6.96", "klinisk speciale"),
    "typeCode": SUMMARY,
}
TYPES = {Relation.APPEND: APPENDS, Relation.REPLACE: REPLACES}


def document_entry(document: Document, sor: SorTable) -> DocumentEntry:
    """Return the entry of a document."""
    row, content = document.row, document.content
    return DocumentEntry(
        id=entry_id(document),
        unique_id=f"{row.id.root}^{row.id.extension}",
        patient_id=cx(document.patient),
        source_patient_id=cx(row.patient),
        status=APPROVED if document.standing is DocumentStanding.CURRENT else DEPRECATED,
        repository_id=REPOSITORY_ID,
        creation_time=dtm(row.effective_time or row.received),
        institution=xon(row.author.unit, sor),
        title=row.title or f"LPR3 {SUMMARY.name}",
        size=len(content),
        hash=hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        codes=CODES,
    )


def submission_set(submission: KeptSubmission, sor: SorTable) -> SubmissionSet:
    """Return a submission as a submission set, with the sender's own ids if it gave any."""
    row, number = submission.row, UUID(submission.key)
    patient = submission.documents[0].patient if submission.documents else Patient()
    return SubmissionSet(
        id=f"{URN}{number}",
        unique_id=row.unique_id or f"2.25.{number.int}",
        source_id=row.source_id or REPOSITORY_ID,
        patient_id=cx(patient),
        submission_time=dtm(row.received),
        institution=xon(row.author_unit, sor, row.author_name),
        content_type=SUMMARY,
    )


def membership(submission: str, document: Document) -> Association:
    """Return the association of a document with the submission of this id."""
    return association(xdr.HAS_MEMBER, f"{URN}{UUID(submission)}", entry_id(document))


def succession(document: Document, parent: Document) -> Association:
    """Return the association of a document with its parent, which it adds to or replaces."""
    return association(TYPES[document.row.relation or Relation.APPEND], entry_id(document), entry_id(parent))


def association(type: str, source: str, target: str) -> Association:
    """Return an association; its id is derived from its type, source and target."""
    return Association(f"{URN}{uuid5(NAMESPACE_OID, f'{type} {source} {target}')}", type, source, target)


def entry_id(document: Document) -> str:
    """Return the entryUUID of a document."""
    return f"{URN}{document.id}"


def bare(id: str) -> str:
    """Return an id without ``urn:uuid:``, in lower case."""
    return id.lower().removeprefix(URN)


def cx(patient: Patient) -> str:
    """Return a patient id: ``2512489996^^^&1.2.208.176.1.2&ISO``, or an alternative id with its own root."""
    root, number = CPR, patient.cpr
    if not number and patient.alternative_ids:
        root, number = patient.alternative_ids[0].root, patient.alternative_ids[0].extension
    return f"{number}^^^&{root}&ISO"


def from_cx(text: str) -> str:
    """Return ``root^extension`` of a patient id; only the number if it has no assigning authority."""
    number, _, rest = text.partition("^^^")
    root = [*rest.split("&"), ""][1]
    return folded(f"{root}^{number}" if root else number)


def xon(sor_id: str, sor: SorTable, name: str = "") -> str:
    """Return an institution: ``Name^^^^^&1.2.208.176.1.1&ISO^^^^6071000016008``."""
    unit = sor.unit(sor_id)
    return f"{name or (unit.name if unit else '') or sor_id}^^^^^&{SOR}&ISO^^^^{sor_id}"


def dtm(moment: datetime) -> str:
    """Return a moment in UTC as ``YYYYMMDDhhmmss``."""
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%S}"
