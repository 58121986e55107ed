"""A stored query to a register: its parameters, the stored documents, and which of them match."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from mockregister.envelope.ebrim import APPROVED, DEPRECATED, Association, DocumentEntry, MetadataCode, SubmissionSet
from mockregister.envelope.registry_query import RegistryError, StoredQuery
from mockregister.envelope.xdr import DOCUMENT_ENTRY as STABLE
from mockregister.register.elements import Document, DocumentStanding, KeptSubmission
from mockregister.register.filters import Filter
from mockregister.register.query import Reader
from mockregister.web.xds import metadata

ENTRY, SET = "$XDSDocumentEntry", "$XDSSubmissionSet"
CODE_PARAMETERS = {
    f"{ENTRY}ClassCode": "classCode",
    f"{ENTRY}ConfidentialityCode": "confidentialityCode",
    f"{ENTRY}FormatCode": "formatCode",
    f"{ENTRY}HealthcareFacilityTypeCode": "healthcareFacilityTypeCode",
    f"{ENTRY}PracticeSettingCode": "practiceSettingCode",
    f"{ENTRY}TypeCode": "typeCode",
}
# Parameters for attributes that no document here has. A query for a person or an event therefore finds nothing; service times
# do not exclude a document that has none (ITI TF-2, section 3.18.4.1.2.3.3.1).
NEVER_MET = (f"{ENTRY}AuthorPerson", f"{ENTRY}EventCodeList")
STATUSES = (APPROVED, DEPRECATED)
DTM = re.compile(r"\d{4}(\d\d){0,5}")


class QueryRefused(Exception):
    """A stored query that cannot be answered; ``error`` says why."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.error = RegistryError(code, sentence)


class Asked:
    """A stored query to a register.

    ``known`` are the names of the parameters that the query has; others are ignored, as ebRS 3.0 requires (section 6.3.2.1).
    ``history`` tells whether removed documents are shown as well.
    """

    def __init__(self, query: StoredQuery, known: Collection[str], reader: Reader, history: bool) -> None:
        self.parameters = {name: slots for name, slots in query.parameters.items() if name in known}
        self.reader, self.history, self.sor = reader, history, reader.codes.sor

    # the parameters

    def values(self, name: str) -> tuple[str, ...]:
        """Return all values of a parameter, empty if it was not given. An unknown status counts as not given."""
        found = (value for values in self.parameters.get(name, ()) for value in values)
        return tuple(value for value in found if value in STATUSES or not name.endswith("Status"))

    def value(self, name: str) -> str:
        """Return the single value of a parameter, empty if it was not given. Raise QueryRefused for several."""
        values = self.values(name)
        if len(values) > 1:
            raise QueryRefused("XDSStoredQueryParamNumber", f"{name} takes one value, and {len(values)} were given.")
        return values[0] if values else ""

    def time(self, name: str) -> str:
        """Return the moment in a parameter, which may be truncated. Raise QueryRefused for anything else."""
        text = self.value(name)
        if text and DTM.fullmatch(text) is None:
            raise QueryRefused("XDSRegistryError", f"{name} is '{text[:40]}'; write a moment in UTC as YYYYMMDDhhmmss.")
        return text

    # the stored documents and submissions

    def document(self, id: str) -> Document | None:
        """Return the document with this entryUUID or unique id, if it is shown."""
        found = self.reader.document(metadata.bare(id))
        return found if found is not None and self.shows(found) else None

    def shows(self, document: Document) -> bool:
        """Return whether a document is shown; a removed document is history."""
        return self.history or document.standing is not DocumentStanding.REMOVED

    def documents_of(self, patient: str) -> Iterator[Document]:
        """Return the documents about a patient, a CX, that are shown."""
        return filter(self.shows, self.reader.documents(Filter(patient=metadata.from_cx(patient))))

    def submissions_of(self, patient: str) -> Iterator[KeptSubmission]:
        """Return the submissions about a patient, a CX, of which a document is shown."""
        found = self.reader.submissions(Filter(patient=metadata.from_cx(patient)))
        return (submission for submission in found if any(map(self.shows, submission.documents)))

    def submission(self, id: str) -> KeptSubmission | None:
        """Return the submission with this entryUUID or unique id."""
        bare = metadata.bare(id)
        if bare.startswith("2.25.") and bare[5:].isdecimal() and len(bare) <= 44:
            return self.reader.submission_of(id) or self.reader.submission(f"{int(bare[5:]):032x}")
        return self.reader.submission(bare.replace("-", "")) or self.reader.submission_of(id)

    # their metadata

    def entry(self, document: Document) -> DocumentEntry:
        """Return the entry of a document."""
        return metadata.document_entry(document, self.sor)

    def entries(self, documents: Iterable[Document], status: str = f"{ENTRY}Status") -> Iterator[DocumentEntry]:
        """Return the entries that match all parameters."""
        return (entry for entry in map(self.entry, documents) if self._fits(entry) and self._has(entry.status, status))

    def sets(self, submissions: Iterable[KeptSubmission]) -> Iterator[SubmissionSet]:
        """Yield the submission sets that match all parameters."""
        for submission_set in (metadata.submission_set(submission, self.sor) for submission in submissions):
            if self._fits_set(submission_set):
                yield submission_set

    def successions(self, document: Document) -> Iterator[tuple[Association, Document]]:
        """Yield the associations of a document with its parent and its successors, each with the other document."""
        for other in filter(self.shows, self.reader.documents_of_set(document.row.set)):
            if other.key == document.row.parent:
                yield metadata.succession(document, other), other
            elif other.row.parent == document.key:
                yield metadata.succession(other, document), other

    def _fits(self, entry: DocumentEntry) -> bool:
        coded = (self._is_one_of(entry.codes[attribute], name) for name, attribute in CODE_PARAMETERS.items())
        return (
            all(coded)
            and not any(map(self.values, NEVER_MET))
            and self._in_time(entry.creation_time, f"{ENTRY}CreationTime")
            and self._has(STABLE, f"{ENTRY}Type")
        )

    def _fits_set(self, submission_set: SubmissionSet) -> bool:
        return (
            self._has(submission_set.status, f"{SET}Status")
            and self._has(submission_set.source_id, f"{SET}SourceId")
            and self._is_one_of(submission_set.content_type, f"{SET}ContentType")
            and not self.values(f"{SET}AuthorPerson")
            and self._in_time(submission_set.submission_time, f"{SET}SubmissionTime")
        )

    def _has(self, value: str, name: str) -> bool:
        wanted = self.values(name)
        return not wanted or value in wanted

    def _is_one_of(self, code: MetadataCode, name: str) -> bool:
        """Return whether a code matches every Slot of this name; codes are written ``code^^scheme``."""
        written = f"{code.code}^^{code.scheme}"
        return all(written in wanted for wanted in self.parameters.get(name, ()))

    def _in_time(self, moment: str, name: str) -> bool:
        """Return whether a moment is in the range of two parameters: at or after ``…From``, and before ``…To``."""
        first, last = self.time(f"{name}From"), self.time(f"{name}To")
        return first <= moment and (not last or moment < last)
