"""Registry objects of XDS.b and their XML: document entries, submission sets and associations (IHE ITI TF-3, section 4.2).

This module writes only what a registry shows of them; it does not know where their values come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from mockregister.envelope import author_institution, xdr
from mockregister.envelope.soap import attribute, text
from mockregister.safexml import NAMESPACES

ASSOCIATION = "urn:ihe:iti:2007:AssociationType:"
APPENDS, REPLACES = ASSOCIATION + "APND", ASSOCIATION + "RPLC"
STATUS = "urn:oasis:names:tc:ebxml-regrep:StatusType:"
APPROVED, DEPRECATED = STATUS + "Approved", STATUS + "Deprecated"
OBJECT_TYPE = "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:"
NAMESPACE = NAMESPACES["rim"]

ENTRY_PATIENT_ID = "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427"
ENTRY_UNIQUE_ID = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
SET_CONTENT_TYPE = "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500"
ENTRY_SCHEMES = {
    "classCode": "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a",
    "confidentialityCode": "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f",
    "formatCode": "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d",
    "healthcareFacilityTypeCode": "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1",
    "practiceSettingCode": "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead",
    "typeCode": "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983",
}


@dataclass(frozen=True, slots=True)
class MetadataCode:
    """A coded value of the metadata: code, coding scheme and display name."""

    code: str
    scheme: str
    name: str


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """An XDSDocumentEntry. ``patient_id`` is a CX, as is ``source_patient_id``, which the sender wrote; ``institution`` is
    an XON, times are UTC as ``YYYYMMDDhhmmss``.

    The keys of ``codes`` are attribute names, the keys of ``ENTRY_SCHEMES``.
    """

    id: str
    unique_id: str
    patient_id: str
    source_patient_id: str
    status: str
    repository_id: str
    creation_time: str
    institution: str
    title: str
    size: int
    hash: str
    mime_type: str = "text/xml"
    language: str = "da-DK"
    codes: Mapping[str, MetadataCode] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SubmissionSet:
    """An XDSSubmissionSet; its values have the same forms as those of ``DocumentEntry``."""

    id: str
    unique_id: str
    source_id: str
    patient_id: str
    submission_time: str
    institution: str
    content_type: MetadataCode
    status: str = APPROVED


@dataclass(frozen=True, slots=True)
class Association:
    """The relation of a source to a target, such as a document to the one it replaces; ``type`` is the whole URN."""

    id: str
    type: str
    source: str
    target: str


RegistryObject = DocumentEntry | SubmissionSet | Association


def leaf_classes(objects: Iterable[RegistryObject]) -> str:
    """Return the objects with all their metadata, as XML."""
    return "".join(_written(registry_object) for registry_object in objects)


def object_refs(objects: Iterable[RegistryObject]) -> str:
    """Return only the ids of the objects, as XML."""
    return "".join(f"<ObjectRef id={attribute(registry_object.id)}/>" for registry_object in objects)


def _written(registry_object: RegistryObject) -> str:
    if isinstance(registry_object, DocumentEntry):
        return _document_entry(registry_object)
    return _submission_set(registry_object) if isinstance(registry_object, SubmissionSet) else _association(registry_object)


def _document_entry(entry: DocumentEntry) -> str:
    slots = {
        "creationTime": entry.creation_time,
        "hash": entry.hash,
        "languageCode": entry.language,
        "repositoryUniqueId": entry.repository_id,
        "size": str(entry.size),
        "sourcePatientId": entry.source_patient_id,
    }
    ids = {
        ENTRY_PATIENT_ID: ("XDSDocumentEntry.patientId", entry.patient_id),
        ENTRY_UNIQUE_ID: ("XDSDocumentEntry.uniqueId", entry.unique_id),
    }
    content = _slots(slots), _name(entry.title), "".join(_entry_classifications(entry)), _external_ids(entry.id, ids)
    return (
        f'<ExtrinsicObject id={attribute(entry.id)} lid={attribute(entry.id)} objectType="{xdr.DOCUMENT_ENTRY}"'
        f' mimeType={attribute(entry.mime_type)} status="{entry.status}">{"".join(content)}</ExtrinsicObject>'
    )


def _entry_classifications(entry: DocumentEntry) -> Iterator[str]:
    slot = _slots({author_institution.SLOT: entry.institution})
    yield _classification(entry.id, author_institution.DOCUMENT_ENTRY_SCHEME, "", slot)
    for name, code in entry.codes.items():
        yield _coded(entry.id, ENTRY_SCHEMES[name], code)


def _submission_set(submission_set: SubmissionSet) -> str:
    entry_id = submission_set.id
    ids = {
        xdr.PATIENT_ID: ("XDSSubmissionSet.patientId", submission_set.patient_id),
        xdr.SOURCE_ID: ("XDSSubmissionSet.sourceId", submission_set.source_id),
        xdr.UNIQUE_ID: ("XDSSubmissionSet.uniqueId", submission_set.unique_id),
    }
    is_set = (
        f'<Classification id="{entry_id}-set" objectType="{OBJECT_TYPE}Classification" classifiedObject="{entry_id}"'
        f' classificationNode="{xdr.SUBMISSION_SET}"/>'
    )
    author = _classification(
        entry_id, author_institution.SCHEME, "", _slots({author_institution.SLOT: submission_set.institution})
    )
    content = (
        _slots({"submissionTime": submission_set.submission_time}),
        is_set,
        author,
        _coded(entry_id, SET_CONTENT_TYPE, submission_set.content_type),
    )
    return (
        f'<RegistryPackage id={attribute(entry_id)} lid={attribute(entry_id)} objectType="{OBJECT_TYPE}RegistryPackage"'
        f' status="{submission_set.status}">{"".join(content)}{_external_ids(entry_id, ids)}</RegistryPackage>'
    )


def _association(association: Association) -> str:
    original = _slots({"SubmissionSetStatus": "Original"}) if association.type == xdr.HAS_MEMBER else ""
    return (
        f'<Association id={attribute(association.id)} lid={attribute(association.id)} objectType="{OBJECT_TYPE}Association"'
        f' status="{APPROVED}" associationType={attribute(association.type)} sourceObject={attribute(association.source)}'
        f" targetObject={attribute(association.target)}>{original}</Association>"
    )


def _coded(owner: str, scheme: str, code: MetadataCode) -> str:
    return _classification(owner, scheme, code.code, _slots({"codingScheme": code.scheme}) + _name(code.name))


def _classification(owner: str, scheme: str, node: str, content: str) -> str:
    return (
        f'<Classification id={attribute(f"{owner}-{scheme[-12:]}")} objectType="{OBJECT_TYPE}Classification"'
        f' classificationScheme="{scheme}" classifiedObject={attribute(owner)} nodeRepresentation={attribute(node)}>'
        f"{content}</Classification>"
    )


def _external_ids(owner: str, ids: Mapping[str, tuple[str, str]]) -> str:
    return "".join(
        f'<ExternalIdentifier id={attribute(f"{owner}-{scheme[-12:]}")} objectType="{OBJECT_TYPE}ExternalIdentifier"'
        f' registryObject={attribute(owner)} identificationScheme="{scheme}" value={attribute(value)}>{_name(name)}'
        "</ExternalIdentifier>"
        for scheme, (name, value) in ids.items()
    )


def _slots(values: Mapping[str, str]) -> str:
    return "".join(
        f'<Slot name="{name}"><ValueList><Value>{text(value)}</Value></ValueList></Slot>'
        for name, value in values.items()
        if value
    )


def _name(value: str) -> str:
    return f'<Name><LocalizedString value={attribute(value)} xml:lang="da-DK"/></Name>' if value else ""
