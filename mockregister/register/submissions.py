"""A submission as a whole: what its documents need together, what is wrong between them, and the rows that record it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from mockregister.finding import Finding, as_reported
from mockregister.model import ClinicalDocument, Submission
from mockregister.register.compressed import compress
from mockregister.register.indexes import ENTRIES_OF_SET, OWNED
from mockregister.register.proposal import statements
from mockregister.register.rows import (
    DocumentRow,
    Happening,
    SubmissionRow,
    Table,
    event_key,
    key_of,
    patient_keys,
)
from mockregister.register.store import Rows
from mockregister.register.violation import Violation
from mockregister.sharing import shared


def claims(documents: Sequence[ClinicalDocument]) -> frozenset[str]:
    """Return what no other submission may work on meanwhile: patients, sets, and the ids of documents and entries."""
    claimed: set[str] = set()
    for document in documents:
        claimed |= {document.set_id.lower(), document.id.key, *patient_keys(document.patient)}
        claimed.update(key_of(entry.id) for entry in document.entries())
        claimed.update(key_of(marker.id) for episode in document.episodes for marker in episode.markers if marker.id)
    return frozenset(claimed)


def fetch_named(rows: Rows, documents: Sequence[ClinicalDocument], submission: str) -> None:
    """Fetch what the documents name, then everything that belongs to the entries of their sets, before work begins."""
    sets = dict.fromkeys(document.set_id.lower() for document in documents)
    owners = (key_of(entry.id) for document in documents for entry in document.entries())
    rows.fetch(
        chain(_named(documents), [(Table.SUBMISSIONS, submission)]),
        chain(((ENTRIES_OF_SET, key) for key in sets), ((OWNED, key) for key in owners)),
    )
    rows.fetch((), ((OWNED, key) for set_key in sets for key in rows.find(ENTRIES_OF_SET, set_key)))


def _named(documents: Sequence[ClinicalDocument]) -> Iterator[tuple[Table, str]]:
    """Yield the tables and keys of the rows that documents name."""
    for document in documents:
        yield Table.SETS, document.set_id.lower()
        yield Table.DOCUMENTS, document.id.key
        yield from ((Table.LINKS, identifier.key) for identifier in document.patient.alternative_ids)
        stated = tuple(statements(document))
        keys = dict.fromkeys(key for statement in stated for key in (statement.key, statement.owner_key) if key)
        keys.update((key_of(nullification.target.id), None) for nullification in document.nullified)
        yield from ((table, key) for key in keys for table in (Table.ENTRIES, Table.EPISODES))
        yield from ((Table.EVENTS, event_key(document.id.key, happening)) for happening in Happening)


def together(documents: Sequence[ClinicalDocument]) -> Iterator[Violation]:
    """Yield what is wrong between the documents: ids that repeat (fact 91), and the first with another patient (fact 92)."""
    sent = set[str]()
    for number, document in enumerate(documents):
        if document.id.key in sent:
            yield Violation("DUPLICATE_DOCUMENT", (), number, document.id)
        sent.add(document.id.key)
    common = patient_keys(documents[0].patient) if documents else frozenset()
    for number, document in enumerate(documents):
        common &= patient_keys(document.patient)
        if not common and number:
            yield Violation("NO_PATIENT_ID_IN_COMMON", (), number, document.patient)
            return


def document_row(document: ClinicalDocument, content: bytes, submission: str, received: datetime) -> DocumentRow:
    """Return a document as it is stored."""
    parent = document.parent
    return DocumentRow(
        document.id,
        shared(document.set_id.lower()),
        document.version,
        parent.relation if parent else None,
        shared(parent.id.key) if parent else "",
        submission,
        received,
        document.effective_time,
        document.patient,
        document.author,
        document.custodian,
        document.title,
        compress(content),
    )


def submission_row(
    sent: Submission,
    documents: Sequence[ClinicalDocument],
    findings: Sequence[Finding],
    received: datetime,
    service: str,
    seconds: Mapping[str, float],
) -> SubmissionRow:
    """Return a submission as it is stored."""
    return SubmissionRow(
        received,
        service,
        sent.author.sor_id if sent.author else "",
        sent.author.name if sent.author else "",
        sent.care_provider,
        tuple(shared(document.id.key) for document in documents),
        as_reported(findings),
        dict(seconds),
        sent.unique_id,
        sent.source_id,
    )
