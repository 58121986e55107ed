"""Write the logical model as a CDA document that the schema and the LPR3 profile accept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from lxml import etree

from mockregister.document import templates as t
from mockregister.document import writer_entries as entries
from mockregister.document.building import (
    XSI_TYPE,
    Markup,
    element,
    identifier,
    null,
    often,
    organization_id,
    period,
    point,
    template_ids,
    text,
)
from mockregister.model import CPR, CVR, Author, ClinicalDocument, ParentDocument, Patient, PersonName, Residence
from mockregister.safexml import CDA, XSI, parse

Entry = TypeVar("Entry")

SET_AUTHORITY = "mockregister"
_GENDER_SYSTEM = "2.16.840.1.113883.5.1"
_LOINC = "2.16.840.1.113883.6.1"
_KIND = (
    element("realmCode", code="DK"),
    element("typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040"),
    template_ids(t.EPISODE_OF_CARE_SUMMARIES_DOCUMENT, t.CDA_STRUCTURED_DOCUMENT, t.CDA_DOCUMENT),
)
_CODE = element("code", code="34133-9", codeSystem=_LOINC, codeSystemName="LOINC", displayName="Summary of episode note")
_CONFIDENTIALITY = element("confidentialityCode", code="N", codeSystem="2.16.840.1.113883.5.25")
_DECLARATION = "<?xml version='1.0' encoding='UTF-8'?>\n"
_NAMESPACES = {"xmlns": CDA, "xmlns:xsi": XSI}


def write(document: ClinicalDocument, *, pretty: bool = True) -> bytes:
    """Return a clinical document, template .71, as UTF-8 XML; ``reader.read`` returns the same model again.

    Raise ValueError for a model that CDA cannot express: a text with control characters, or a reference without a template in
    the profile.
    """
    root = element("ClinicalDocument", *_parts(document), **_NAMESPACES)
    content = f"{_DECLARATION}{root}".encode()
    if not pretty:
        return content
    return etree.tostring(parse(content), encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _parts(document: ClinicalDocument) -> Iterable[Markup | None]:
    yield from _KIND
    yield identifier(document.id)
    yield _CODE
    yield element("title", text(document.title)) if document.title else None
    yield _required_moment("effectiveTime", document.effective_time)
    yield _CONFIDENTIALITY
    yield element("setId", root=document.set_id, assigningAuthorityName=SET_AUTHORITY)
    yield element("versionNumber", value=str(document.version))
    yield _record_target(document.patient)
    yield _author(document.author)
    yield _custodian(document.custodian)
    yield _related_document(document.parent)
    yield _component(element("structuredBody", *[_component(section) for section in _sections(document)]))


def _component(content: Markup) -> Markup:
    return element("component", content, contextConductionInd="true")


def _required_moment(name: str, moment: datetime | None) -> Markup:
    made = point(name, moment)
    return null(name) if made is None else made


def _record_target(patient: Patient) -> Markup:
    """Return the patient, template .101."""
    role = element("patientRole", template_ids(*_roles(patient)), *_role_content(patient), classCode="PAT")
    return element("recordTarget", template_ids(t.RECORD_TARGET, t.CDA_RECORD_TARGET), role)


def _roles(patient: Patient) -> tuple[str, ...]:
    """Return the templates of the patient's role, in the profile's order when all three apply."""
    if not patient.alternative_ids:
        return (t.CPR_IDENTIFIED_PATIENT_ROLE,)
    if not patient.cpr:
        return (t.ALTERNATIVELY_IDENTIFIED_PATIENT_ROLE,)
    linking = t.CPR_AND_ALTERNATIVELY_IDENTIFIED_PATIENT_ROLE
    return t.ALTERNATIVELY_IDENTIFIED_PATIENT_ROLE, t.CPR_IDENTIFIED_PATIENT_ROLE, linking


def _role_content(patient: Patient) -> Iterable[Markup | None]:
    if patient.cpr:
        yield element("id", root=CPR, extension=patient.cpr, assigningAuthorityName="CPR")
    elif not patient.alternative_ids:
        yield null("id")
    yield from map(identifier, patient.alternative_ids)
    yield from map(_residence, patient.residences)
    yield _person(patient)


def _residence(residence: Residence) -> Markup:
    """Return an unofficial residence, template .127."""
    return element(
        "addr",
        *[_required_text("streetAddressLine", line) for line in residence.street or ("",)],
        _required_text("postalCode", residence.postal_code),
        _required_text("city", residence.city),
        element("county", text(residence.municipality)) if residence.municipality else None,
        _required_text("country", residence.country),
        period("useablePeriod", residence.start, residence.end, **{XSI_TYPE: "IVL_TS"}),
        use=residence.use,
    )


def _required_text(name: str, value: str, flavor: str = "NI") -> Markup:
    return element(name, text(value)) if value else null(name, flavor)


def _person(patient: Patient) -> Markup | None:
    """Return name, sex and birth time; a patient with alternative ids must have a name, even one with null parts only."""
    required = bool(patient.alternative_ids)
    if not (patient.name or patient.gender or patient.birth_time or (required and not patient.cpr)):
        return None
    name = _name(patient.name or PersonName()) if patient.name or required else None
    gender = element("administrativeGenderCode", code=patient.gender, codeSystem=_GENDER_SYSTEM) if patient.gender else None
    return element("patient", name, gender, point("birthTime", patient.birth_time), classCode="PSN")


def _name(name: PersonName) -> Markup:
    family = _required_text("family", name.family, "NA")
    given = [_required_text("given", part, "NA") for part in name.given or ("",)]
    return element("name", family, *given, element("prefix", text(name.prefix)) if name.prefix else None)


def _author(author: Author) -> Markup:
    """Return the author of the document, template .102."""
    content = template_ids(t.AUTHOR, t.CDA_AUTHOR), _required_moment("time", author.time), _assigned_author(author.unit)
    return element("author", *content, typeCode="AUT")


@often
def _assigned_author(unit: str) -> Markup:
    organization = element("representedOrganization", organization_id(unit), classCode="ORG", determinerCode="INSTANCE")
    return element("assignedAuthor", null("id"), organization, classCode="ASSIGNED")


@often
def _custodian(cvr: str) -> Markup:
    """Return the reporting authority, template .103."""
    own_id = element("id", root=CVR, extension=cvr, assigningAuthorityName="Erhvervs- og Selskabsstyrelsen")
    authority = element("representedCustodianOrganization", own_id, classCode="ORG", determinerCode="INSTANCE")
    assigned = element("assignedCustodian", authority, classCode="ASSIGNED")
    return element("custodian", template_ids(t.CUSTODIAN, t.CDA_CUSTODIAN), assigned, typeCode="CST")


def _related_document(parent: ParentDocument | None) -> Markup | None:
    """Return the parent document, template .111."""
    if parent is None:
        return None
    version = None if parent.version is None else element("versionNumber", value=str(parent.version))
    set_id = element("setId", root=parent.set_id) if parent.set_id else None
    document = element("parentDocument", identifier(parent.id), set_id, version, classCode="DOCCLIN", moodCode="EVN")
    return element("relatedDocument", document, typeCode=parent.relation.value)


def _sections(document: ClinicalDocument) -> Iterable[Markup]:
    """Return the sections that have entries. CDA requires a section, so a document without entries gets an empty one."""
    sections = [
        _section(t.EPISODES_OF_CARE_SECTION, entries.episode, document.episodes),
        _section(t.ENCOUNTERS_SECTION, entries.encounter, document.encounters),
        _section(t.PROCEDURES_SECTION, entries.procedure, document.procedures),
        _section(t.CONDITIONS_SECTION, entries.condition, document.conditions),
        _section(t.OBSERVATION_ORGANIZERS_SECTION, entries.organizer, document.organizers),
        _section(t.NULLIFY_SECTION, entries.nullification, document.nullified),
    ]
    return [section for section in sections if section] or [_section_of(t.NULLIFY_SECTION)]


def _section(template: str, write_entry: Callable[[Entry], Markup], stated: Iterable[Entry]) -> Markup | None:
    written = [element("entry", write_entry(entry), typeCode="COMP") for entry in stated]
    return _section_of(template, written) if written else None


def _section_of(template: str, written: Iterable[Markup] = ()) -> Markup:
    return element("section", template_ids(template, t.CDA_SECTION), *written)
