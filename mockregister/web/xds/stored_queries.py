"""The stored queries of ITI-18 (IHE ITI TF-2, section 3.18.4.1.2.3.7).

Each is a row in ``QUERIES``, with its parameters and the function that finds its result. There are no folders, so queries for
folders find nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from mockregister.envelope.ebrim import Association, RegistryObject
from mockregister.envelope.registry_query import StoredQuery
from mockregister.register.elements import Document
from mockregister.register.query import Reader
from mockregister.web.xds import metadata
from mockregister.web.xds.asked import CODE_PARAMETERS, ENTRY, NEVER_MET, SET, Asked, QueryRefused

FOLDER = "$XDSFolder"


def _find_documents(asked: Asked) -> Iterator[RegistryObject]:
    yield from asked.entries(asked.documents_of(asked.value(f"{ENTRY}PatientId")))


def _find_submission_sets(asked: Asked) -> Iterator[RegistryObject]:
    yield from asked.sets(asked.submissions_of(asked.value(f"{SET}PatientId")))


def _get_all(asked: Asked) -> Iterator[RegistryObject]:
    """Yield a patient's documents and submission sets, and all associations of those that are found."""
    patient = asked.value("$patientId")
    documents, submissions = list(asked.documents_of(patient)), list(asked.submissions_of(patient))
    found: list[RegistryObject] = [*asked.sets(submissions), *asked.entries(documents)]
    given = {registry_object.id for registry_object in found}
    yield from found
    yield from (tie for tie in _once(_ties(asked, documents)) if not given.isdisjoint((tie.source, tie.target)))


def _get_documents(asked: Asked) -> Iterator[RegistryObject]:
    yield from map(asked.entry, _documents(asked, *asked.values(ENTRY_IDS[0]), *asked.values(ENTRY_IDS[1])))


def _get_documents_and_associations(asked: Asked) -> Iterator[RegistryObject]:
    documents = _documents(asked, *asked.values(ENTRY_IDS[0]), *asked.values(ENTRY_IDS[1]))
    yield from map(asked.entry, documents)
    yield from _once(_ties(asked, documents))


def _get_submission_sets(asked: Asked) -> Iterator[RegistryObject]:
    """Yield the submission sets that the named entries came with, and the associations between them."""
    documents = _documents(asked, *asked.values("$uuid"))
    ids = dict.fromkeys(document.row.submission for document in documents)
    yield from asked.sets(submission for submission in map(asked.reader.submission, ids) if submission is not None)
    yield from (metadata.membership(document.row.submission, document) for document in documents)


def _get_associations(asked: Asked) -> Iterator[RegistryObject]:
    """Yield all associations of the named documents and submission sets."""
    named = asked.values("$uuid")
    submissions = filter(None, map(asked.submission, named))
    members = (metadata.membership(sent.key, kept) for sent in submissions for kept in filter(asked.shows, sent.documents))
    yield from _once(chain(_ties(asked, _documents(asked, *named)), members))


def _get_submission_set_and_contents(asked: Asked) -> Iterator[RegistryObject]:
    submission = asked.submission(_single(asked, SET_IDS))
    if submission is not None:
        shown = list(filter(asked.shows, submission.documents))
        entries = list(asked.entries(shown))
        given = {entry.id for entry in entries}
        yield from asked.sets([submission])
        yield from entries
        yield from (metadata.membership(submission.key, document) for document in shown if metadata.entry_id(document) in given)


def _get_related_documents(asked: Asked) -> Iterator[RegistryObject]:
    """Yield the named document and all documents with one of the requested associations to it; nothing if there are none."""
    types = asked.values("$AssociationTypes")
    for document in _documents(asked, _single(asked, ENTRY_IDS)):
        found = [(tie, other) for tie, other in asked.successions(document) if tie.type in types]
        yield from map(asked.entry, (document, *(other for _, other in found)) if found else ())
        yield from (tie for tie, _ in found)


def _no_folders(asked: Asked) -> Iterator[RegistryObject]:
    yield from ()


def _single(asked: Asked, names: tuple[str, str]) -> str:
    """Return the value of the one of two alternative parameters that is given."""
    return asked.value(names[0]) or asked.value(names[1])


def _documents(asked: Asked, *ids: str) -> list[Document]:
    """Return the documents with these entryUUIDs or unique ids, if they exist."""
    return [document for document in map(asked.document, dict.fromkeys(ids)) if document is not None]


def _ties(asked: Asked, documents: Iterable[Document]) -> Iterator[Association]:
    """Yield the associations of documents with their submission sets and with each other."""
    for document in documents:
        yield metadata.membership(document.row.submission, document)
        yield from (tie for tie, _ in asked.successions(document))


def _once(ties: Iterable[Association]) -> Iterable[Association]:
    return {tie.id: tie for tie in ties}.values()


@dataclass(frozen=True, slots=True)
class Query:
    """A stored query.

    ``run`` finds its result. ``needs`` are the required parameters, ``either`` are two of which exactly one must be given, and
    ``takes`` are optional ones that narrow the result.
    """

    name: str
    run: Callable[[Asked], Iterator[RegistryObject]]
    needs: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        """Return all parameters."""
        return self.needs + self.either + self.takes

    def check(self, asked: Asked) -> None:
        """Raise QueryRefused if a parameter is missing or wrong, or both of two alternative ones are given."""
        missing = [name for name in self.needs if not asked.values(name)]
        given = [name for name in self.either if asked.values(name)]
        if missing or (self.either and not given):
            wanted = missing or [" or ".join(self.either)]
            raise QueryRefused("XDSStoredQueryMissingParam", f"{self.name} needs {', '.join(wanted)}.")
        if len(given) > 1:
            raise QueryRefused("XDSStoredQueryParamNumber", f"{self.name} takes either {' or '.join(given)}.")
        for name in self.takes:
            if name.endswith(("From", "To")):
                asked.time(name)


ENTRY_IDS = (f"{ENTRY}EntryUUID", f"{ENTRY}UniqueId")
SET_IDS = (f"{SET}EntryUUID", f"{SET}UniqueId")
FOLDER_IDS = (f"{FOLDER}EntryUUID", f"{FOLDER}UniqueId")
OF_CONTENT = (f"{ENTRY}FormatCode", f"{ENTRY}ConfidentialityCode", f"{ENTRY}Type")
OF_DOCUMENTS = (*CODE_PARAMETERS, *NEVER_MET, f"{ENTRY}CreationTimeFrom", f"{ENTRY}CreationTimeTo", f"{ENTRY}Type")
OF_SETS = tuple(f"{SET}{name}" for name in ("SourceId", "SubmissionTimeFrom", "SubmissionTimeTo", "AuthorPerson", "ContentType"))

QUERIES = {
    "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d": Query(
        "FindDocuments", _find_documents, (f"{ENTRY}PatientId", f"{ENTRY}Status"), takes=OF_DOCUMENTS
    ),
    "urn:uuid:f26abbcb-ac74-4422-8a30-edb644bbc1a9": Query(
        "FindSubmissionSets", _find_submission_sets, (f"{SET}PatientId", f"{SET}Status"), takes=OF_SETS
    ),
    "urn:uuid:958f3006-baad-4929-a4de-ff1114824431": Query("FindFolders", _no_folders, (f"{FOLDER}PatientId", f"{FOLDER}Status")),
    "urn:uuid:10b545ea-725c-446d-9b95-8aeb444eddf3": Query(
        "GetAll", _get_all, ("$patientId", f"{ENTRY}Status", f"{SET}Status", f"{FOLDER}Status"), takes=OF_CONTENT
    ),
    "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4": Query("GetDocuments", _get_documents, either=ENTRY_IDS),
    "urn:uuid:5737b14c-8a1a-4539-b659-e03a34a5e1e4": Query("GetFolders", _no_folders, either=FOLDER_IDS),
    "urn:uuid:a7ae438b-4bc2-4642-93e9-be891f7bb155": Query("GetAssociations", _get_associations, ("$uuid",)),
    "urn:uuid:bab9529a-4a10-40b3-a01f-f68a615d247a": Query(
        "GetDocumentsAndAssociations", _get_documents_and_associations, either=ENTRY_IDS
    ),
    "urn:uuid:51224314-5390-4169-9b91-b1980040715a": Query("GetSubmissionSets", _get_submission_sets, ("$uuid",)),
    "urn:uuid:e8e3cb2c-e39c-46b9-99e4-c12f57260b83": Query(
        "GetSubmissionSetAndContents", _get_submission_set_and_contents, either=SET_IDS, takes=OF_CONTENT
    ),
    "urn:uuid:b909a503-523d-4517-8acf-8e5834dfc4c7": Query("GetFolderAndContents", _no_folders, either=FOLDER_IDS),
    "urn:uuid:10cae35a-c7f9-4cf5-b61e-fc3278ffb578": Query("GetFoldersForDocument", _no_folders, either=ENTRY_IDS),
    "urn:uuid:d90e5407-b356-4d91-a89f-873917b4b0e6": Query(
        "GetRelatedDocuments", _get_related_documents, ("$AssociationTypes",), either=ENTRY_IDS
    ),
}


def run(query: StoredQuery, reader: Reader, history: bool) -> list[RegistryObject]:
    """Return the result of a stored query. Raise QueryRefused if it is unknown or invalid."""
    known = QUERIES.get(query.id.lower())
    if known is None:
        names = ", ".join(query.name for query in QUERIES.values())
        raise QueryRefused("XDSUnknownStoredQuery", f"There is no stored query '{query.id[:80]}' here; there are {names}.")
    if query.return_type not in ("LeafClass", "ObjectRef"):
        raise QueryRefused("XDSRegistryError", f"Ask for LeafClass or ObjectRef, not for '{query.return_type[:80]}'.")
    asked = Asked(query, known.parameters, reader, history)
    known.check(asked)
    return _of_one_patient(query, list(known.run(asked)))


def _of_one_patient(query: StoredQuery, found: list[RegistryObject]) -> list[RegistryObject]:
    """Return the result. Raise QueryRefused if it holds objects, not only ids, of several patients."""
    patients = {registry_object.patient_id for registry_object in found if not isinstance(registry_object, Association)}
    if len(patients) > 1 and query.return_type == "LeafClass":
        raise QueryRefused("XDSResultNotSinglePatient", "The result is about several patients; ask for ObjectRef, or for fewer.")
    return found
