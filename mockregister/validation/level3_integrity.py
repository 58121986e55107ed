"""Level 3, INTEGRITY_CHECK: turn the violations of the draft and of the sent documents into findings (interface section 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mockregister import packing
from mockregister.document import templates as t
from mockregister.document.reader import Reading
from mockregister.errors import UnreadableDocument
from mockregister.finding import Finding, Level
from mockregister.model import SOR
from mockregister.register.codings import units
from mockregister.register.register import Draft
from mockregister.register.violation import Violation

# The sentence of each code; {0} and {1} are its first parameters.
TEXTS = {
    "AUTHOR_INSTITUTION_NOT_FOUND": "The submission set must name its authorInstitution as "
    "Name^^^^^&1.2.208.176.1.1&ISO^^^^<SOR id>",
    "CANNOT_REPLACE_MINOR_WITH_MAIN_CONDITION": "Minor condition {0} cannot become a main condition: the encounter has another "
    "one, which the ClinicalDocument does not nullify",
    "CUSTODIAN_NOT_FOUND": "Author institution and custodian are not registered as belonging together",
    "CLINICAL_DOCUMENT_NOT_FOUND": "The submission has no ClinicalDocument",
    "CLINICAL_DOCUMENT_ID_NOT_FOUND": "The ClinicalDocument has no id",
    "PARENT_DOCUMENT_ID_MISMATCH": "The parentDocument has extension {0}, but the latest document in the set has {1}",
    "PARENT_DOCUMENT_VERSION_MISMATCH": "Version {0} does not follow the latest document in the set, which has version {1}",
    "SET_ID_NOT_FOUND": "The ClinicalDocument has no setId",
    "SET_NOT_FOUND": "Set {0} not found in the registry, although the ClinicalDocument has a relatedDocument",
    "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT": "Set {0} already exists in the registry, and the ClinicalDocument has no "
    "relatedDocument",
    "NO_PATIENT_ID_IN_COMMON": "The documents of the submission have no patient id in common",
    "DUPLICATE_DOCUMENT": "The submission has the same document twice",
    "EXTENSION_ALREADY_USED": "Extension {0} is already in use",
    "SKS_CODE_NOT_FOUND": "SKS code {0} not found from {1} to {2}",
    "SOR_IDENTIFIER_EXPECTED": "The participant with templateIds {0} has no SOR id: its scopingEntity needs an id with root {1}",
    "SOR_IDENTIFIER_INVALID": "SOR id {0} is not a number",
    "SOR_ORG_UNIT_NOT_FOUND": "SOR unit {0} not found in the registry",
    "MYNDIGHED_CODE_NOT_FOUND": "Authority code (myndighedskode) {0} not found in the registry",
    "INTERNAL_EOC_NOT_FOUND": "Internal Episode of Care {0} not found",
    "EXTERNAL_EOC_NOT_FOUND": "External Episode of Care {0} not found",
    "EXTERNAL_EOC_NOT_PART_OF_SET": "External Episode of Care {0} is in the registry, but not in set {1}",
    "EOC_ALREADY_EXISTS": "Episode of Care {0} already exists in the registry",
    "EOC_SELF_REFERENCE": "Episode of Care {0} has a reference to itself",
    "EOC_MARKER_ALREADY_EXISTS": "Episode of Care Marker {0} already exists in the registry",
    "INTERNAL_EOC_MARKER_NOT_FOUND": "Internal Episode of Care Marker {0} not found",
    "INTERNAL_ENCOUNTER_NOT_FOUND": "Internal Encounter {0} not found",
    "EXTERNAL_ENCOUNTER_NOT_FOUND": "External Encounter {0} not found",
    "ENCOUNTER_ALREADY_EXISTS": "Encounter {0} already exists in the registry",
    "EXTERNAL_OBSERVATION_ORGANIZER_NOT_FOUND": "External Observation Organizer {0} not found",
    "EXTERNAL_CONDITION_OBSERVATION_NOT_FOUND": "External Condition Observation {0} not found",
    "INTERNAL_CONDITION_OBSERVATION_NOT_FOUND": "Internal Condition Observation {0} not found",
    "EXTERNAL_PROCEDURE_NOT_FOUND": "External Procedure {0} not found",
    "EXTERNAL_EPISODE_OF_CARE_MARKER_NOT_FOUND": "External Episode of Care Marker {0} not found",
    "INTERNAL_PROCEDURE_NOT_FOUND": "Internal Procedure {0} not found",
    "PROCEDURE_ALREADY_EXISTS": "Procedure {0} already exists in the registry",
    "CONDITION_OBSERVATION_ALREADY_EXISTS": "Condition Observation {0} already exists in the registry",
    "OBSERVATION_ORGANIZER_ALREADY_EXISTS": "Observation Organizer {0} already exists in the registry",
    "OBSERVATION_ORGANIZER_HAS_NO_REFERENCE": "Observation Organizer {0} does not say which Episode of Care, Marker, Encounter, "
    "Condition or Procedure gave rise to it",
    "GENDERS_MISMATCH": "The administrativeGenderCode is not the gender in the CPR number",
    "BIRTH_DATES_MISMATCH": "The birthTime is not the birth date in the CPR number",
    "CPR_NUMBER_MISSING": "The patientRole needs a CPR number and has none",
    "INVALID_CPR_NUMBER": "The patient's CPR number is invalid: it must be ten digits that begin with a date that exists",
    "INVALID_REPLACEMENT_CPR_NUMBER": "The patient's administrative CPR number (erstatningspersonnummer) is invalid: it must be "
    "ten digits that begin with a date that exists, with 60 added to the day",
    "INVALID_CVR_NUMBER": "The custodian's CVR number is invalid: the last of its eight digits must fit the others (modulus 11)",
    "ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION": "Main condition {0} cannot be added: the encounter has one already",
    "WEBSERVICE_CHANGE_NOT_ALLOWED": "Episode of Care {0} was edited by hand in the registry, so no document may change it",
    "CPR_AND_ALTERNATIVE_IDENTIFICATION_NOT_ALLOWED": "The patientRole cannot have a CPR number and an alternative id at once",
    "MULTIPLE_ALTERNATIVE_IDENTIFIERS_NOT_ALLOWED": "The patientRole cannot have more than one alternative id",
    "INVALID_REPLACEMENT_NUMBER": "The alternative id is not a replacement number of the system that its root names",
    "ALTERNATIVE_IDENTIFIER_WITH_CPR_SYSTEMID_NOT_ALLOWED": "The alternative id has the root of the CPR system",
    "MALFORMED_DOCUMENT_FOUND": "The document is malformed",
    "ELEMENT_CAN_NOT_BE_MOVED_FROM_DELETED_EOC": "{0} was nullified with its Episode of Care and cannot be moved",
}


def check(readings: Sequence[Reading], draft: Draft) -> list[Finding]:
    """Return the violations of each document, in the order sent."""
    # what only the document shows: the model does not store the template or the system of a number
    as_sent = [
        Violation(code, params, number, at, attribute)
        for number, reading in enumerate(readings)
        for code, params, at, attribute in (*_patient_role(reading), *_foreign_units(reading))
    ]
    # a number of another system is not also reported as unknown to SOR
    foreign = {(id(violation.at), violation.attribute) for violation in as_sent if violation.code == "SOR_IDENTIFIER_EXPECTED"}
    found = [violation for violation in draft.violations if (id(violation.at), violation.attribute) not in foreign] + as_sent
    found.sort(key=lambda violation: violation.document)
    return [_finding(each, readings[each.document]) for each in found]


def malformed(error: UnreadableDocument, content: bytes) -> Finding:
    """Return the finding that a document is not readable XML; it has a line, but no XPath."""
    text = f"{TEXTS['MALFORMED_DOCUMENT_FOUND']}: {packing.mistaken(content) or error}"
    return Finding(Level.INTEGRITY_CHECK, text, code="MALFORMED_DOCUMENT_FOUND", line=error.line)


Wrong = tuple[str, tuple[str, ...], object, str]


def _patient_role(reading: Reading) -> Iterator[Wrong]:
    """Check that the patient has the ids that the template of the role is for (fact 34)."""
    patient, roles = reading.document.patient, reading.places.sent_templates(reading.document.patient)
    names_both = t.CPR_AND_ALTERNATIVELY_IDENTIFIED_PATIENT_ROLE in roles or {
        t.CPR_IDENTIFIED_PATIENT_ROLE,
        t.ALTERNATIVELY_IDENTIFIED_PATIENT_ROLE,
    } <= set(roles)
    if patient.cpr and patient.alternative_ids and not names_both:
        yield "CPR_AND_ALTERNATIVE_IDENTIFICATION_NOT_ALLOWED", (), patient, ""
    if len(patient.alternative_ids) > 1:
        yield "MULTIPLE_ALTERNATIVE_IDENTIFIERS_NOT_ALLOWED", (), patient, ""
    if not patient.cpr and patient.alternative_ids and (names_both or t.CPR_IDENTIFIED_PATIENT_ROLE in roles):
        yield "CPR_NUMBER_MISSING", (), patient, ""


def _foreign_units(reading: Reading) -> Iterator[Wrong]:
    """Yield units that have a number of another system than SOR, or of no system."""
    for unit in (unit for entry in reading.document.entries() for unit in units(entry)):
        if reading.places.sent_root(unit.at, unit.attribute) != SOR:
            templates = reading.places.sent_templates(unit.at, unit.attribute, around="participant")
            yield "SOR_IDENTIFIER_EXPECTED", (",".join(templates), SOR), unit.at, unit.attribute


def _finding(violation: Violation, reading: Reading) -> Finding:
    identifier = reading.document.id
    shown = [param or "(none)" for param in violation.params] or ["(none)"]
    return Finding(
        Level.INTEGRITY_CHECK,
        TEXTS[violation.code].format(*shown),
        code=violation.code,
        params=violation.params,
        where=reading.places.location(violation.at, violation.attribute),
        document=f"{identifier.root}^{identifier.extension}",
        line=reading.places.line(violation.at, violation.attribute),
    )
