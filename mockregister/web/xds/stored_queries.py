"""The stored queries of ITI-18 that make sense without folders (IHE ITI TF-2, section 3.18.4.1.2.3.7).

Each is a row in ``QUERIES``: which parameters it needs, and what it gives. Other parameters narrow what is found where the
register knows the attribute, and are passed over where it does not (author persons, service times).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from mockregister.envelope.ebrim import Association, RegistryObject
from mockregister.envelope.registry_query import StoredQuery
from mockregister.register.elements import Document
from mockregister.register.query import Reader
from mockregister.web.xds import metadata
from mockregister.web.xds.asked import ENTRY, SET, Asked, QueryRefused


def _find_documents(asked: Asked) -> Iterator[RegistryObject]:
    yield from asked.entries(asked.documents_of(asked.one(f"{ENTRY}PatientId")))


def _find_submission_sets(asked: Asked) -> Iterator[RegistryObject]:
    yield from asked.sets(asked.submissions_of(asked.one(f"{SET}PatientId")))


def _get_all(asked: Asked) -> Iterator[RegistryObject]:
    """Documents, submission sets and what ties those that are given."""
    patient = asked.one("$patientId")
    documents, submissions = list(asked.documents_of(patient)), list(asked.submissions_of(patient))
    entries, sets = list(asked.entries(documents)), list(asked.sets(submissions))
    given = {entry.id for entry in entries} | {one.id for one in sets}
    yield from sets
    yield from entries
    yield from (tie for tie in _ties(asked, documents) if tie.source in given and tie.target in given)


def _get_documents(asked: Asked) -> Iterator[RegistryObject]:
    yield from map(asked.entry, asked.named_documents())


def _get_documents_and_associations(asked: Asked) -> Iterator[RegistryObject]:
    documents = asked.named_documents()
    yield from map(asked.entry, documents)
    yield from _ties(asked, documents)


def _get_submission_sets(asked: Asked) -> Iterator[RegistryObject]:
    """The submission sets that the named entries came with."""
    documents = [one for one in map(asked.document, asked.values("$uuid")) if one is not None]
    ids = dict.fromkeys(one.row.submission for one in documents)
    yield from asked.sets(one for one in map(asked.reader.submission, ids) if one is not None)
    yield from (metadata.membership(one.row.submission, one) for one in documents)


def _get_associations(asked: Asked) -> Iterator[RegistryObject]:
    yield from _ties(asked, [one for one in map(asked.document, asked.values("$uuid")) if one is not None])


def _get_submission_set_and_contents(asked: Asked) -> Iterator[RegistryObject]:
    submissions = asked.named_submissions()
    yield from asked.sets(submissions)
    for submission in submissions:
        shown = list(filter(asked.shows, submission.documents))
        entries = list(asked.entries(shown))
        given = {entry.id for entry in entries}
        yield from entries
        yield from (metadata.membership(submission.key, one) for one in shown if metadata.entry_id(one) in given)


def _get_related_documents(asked: Asked) -> Iterator[RegistryObject]:
    """The named document and all that are tied to it in one of the ways asked for; nothing where none is."""
    types = asked.values("$AssociationTypes")
    for one in asked.named_documents()[:1]:
        found = [(tie, other) for tie, other in asked.successions(one) if tie.type in types]
        yield from map(asked.entry, (one, *(other for _, other in found)) if found else ())
        yield from (tie for tie, _ in found)


def _ties(asked: Asked, documents: Sequence[Document]) -> Iterator[Association]:
    """What ties documents to their submission sets and to each other, each tie once."""
    ties: dict[str, Association] = {}
    for one in documents:
        tied = (metadata.membership(one.row.submission, one), *(tie for tie, _ in asked.successions(one)))
        ties.update({tie.id: tie for tie in tied})
    yield from ties.values()


@dataclass(frozen=True, slots=True)
class Query:
    """A stored query: its name, what it gives, and the parameters that it cannot do without."""

    name: str
    run: Callable[[Asked], Iterator[RegistryObject]]
    needs: tuple[str, ...] = ()


QUERIES = {
    "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d": Query(
        "FindDocuments", _find_documents, (f"{ENTRY}PatientId", f"{ENTRY}Status")
    ),
    "urn:uuid:f26abbcb-ac74-4422-8a30-edb644bbc1a9": Query(
        "FindSubmissionSets", _find_submission_sets, (f"{SET}PatientId", f"{SET}Status")
    ),
    "urn:uuid:10b545ea-725c-446d-9b95-8aeb444eddf3": Query(
        "GetAll", _get_all, ("$patientId", f"{ENTRY}Status", f"{SET}Status", "$XDSFolderStatus")
    ),
    "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4": Query("GetDocuments", _get_documents),
    "urn:uuid:bab9529a-4a10-40b3-a01f-f68a615d247a": Query("GetDocumentsAndAssociations", _get_documents_and_associations),
    "urn:uuid:51224314-5390-4169-9b91-b1980040715a": Query("GetSubmissionSets", _get_submission_sets, ("$uuid",)),
    "urn:uuid:a7ae438b-4bc2-4642-93e9-be891f7bb155": Query("GetAssociations", _get_associations, ("$uuid",)),
    "urn:uuid:e8e3cb2c-e39c-46b9-99e4-c12f57260b83": Query("GetSubmissionSetAndContents", _get_submission_set_and_contents),
    "urn:uuid:d90e5407-b356-4d91-a89f-873917b4b0e6": Query(
        "GetRelatedDocuments", _get_related_documents, ("$AssociationTypes",)
    ),
}


def run(query: StoredQuery, reader: Reader, history: bool) -> list[RegistryObject]:
    """What a stored query finds. Raises QueryRefused for one that is not known or not as it has to be."""
    known = QUERIES.get(query.id.lower())
    if known is None:
        names = ", ".join(one.name for one in QUERIES.values())
        raise QueryRefused("XDSUnknownStoredQuery", f"There is no stored query '{query.id[:80]}' here; there are {names}.")
    if query.return_type not in ("LeafClass", "ObjectRef"):
        raise QueryRefused("XDSRegistryError", f"Ask for LeafClass or ObjectRef, not for '{query.return_type[:80]}'.")
    asked = Asked(query, reader, history)
    missing = [name for name in known.needs if not asked.values(name)]
    if missing:
        raise QueryRefused("XDSStoredQueryMissingParam", f"{known.name} needs {', '.join(missing)}.")
    return _of_one_patient(query, list(known.run(asked)))


def _of_one_patient(query: StoredQuery, found: list[RegistryObject]) -> list[RegistryObject]:
    """What was found, unless it would tell of several patients at once; ids alone may."""
    patients = {one.patient_id for one in found if not isinstance(one, Association)}
    if len(patients) > 1 and query.return_type == "LeafClass":
        raise QueryRefused("XDSResultNotSinglePatient", "The result is about several patients; ask for ObjectRef, or for fewer.")
    return found
