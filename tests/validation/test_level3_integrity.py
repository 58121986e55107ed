"""Level 3 words the violations of the register, with parameters and places, and checks what is only in the document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mockregister import safexml
from mockregister.clock import Clock
from mockregister.document import reader
from mockregister.errors import UnreadableDocument
from mockregister.finding import Finding, Level, Severity
from mockregister.model import SOR, ClinicalDocument, Code, Identifier
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.validation import level3_integrity
from tests.builders import (
    a_condition,
    a_document,
    a_patient,
    a_referral,
    an_alternatively_identified_patient,
    an_encounter,
    an_episode,
    as_xml,
    uuid,
)
from tests.register.desk import code_tables

SPECIFIED = """
AUTHOR_INSTITUTION_NOT_FOUND CANNOT_REPLACE_MINOR_WITH_MAIN_CONDITION CUSTODIAN_NOT_FOUND CLINICAL_DOCUMENT_NOT_FOUND
CLINICAL_DOCUMENT_ID_NOT_FOUND PARENT_DOCUMENT_ID_MISMATCH PARENT_DOCUMENT_VERSION_MISMATCH SET_ID_NOT_FOUND SET_NOT_FOUND
SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT NO_PATIENT_ID_IN_COMMON DUPLICATE_DOCUMENT EXTENSION_ALREADY_USED
SKS_CODE_NOT_FOUND SOR_IDENTIFIER_EXPECTED SOR_IDENTIFIER_INVALID SOR_ORG_UNIT_NOT_FOUND MYNDIGHED_CODE_NOT_FOUND
INTERNAL_EOC_NOT_FOUND EXTERNAL_EOC_NOT_FOUND EXTERNAL_EOC_NOT_PART_OF_SET EOC_ALREADY_EXISTS EOC_SELF_REFERENCE
EOC_MARKER_ALREADY_EXISTS INTERNAL_EOC_MARKER_NOT_FOUND INTERNAL_ENCOUNTER_NOT_FOUND EXTERNAL_ENCOUNTER_NOT_FOUND
ENCOUNTER_ALREADY_EXISTS EXTERNAL_OBSERVATION_ORGANIZER_NOT_FOUND EXTERNAL_CONDITION_OBSERVATION_NOT_FOUND
INTERNAL_CONDITION_OBSERVATION_NOT_FOUND EXTERNAL_PROCEDURE_NOT_FOUND EXTERNAL_EPISODE_OF_CARE_MARKER_NOT_FOUND
INTERNAL_PROCEDURE_NOT_FOUND PROCEDURE_ALREADY_EXISTS CONDITION_OBSERVATION_ALREADY_EXISTS
OBSERVATION_ORGANIZER_ALREADY_EXISTS OBSERVATION_ORGANIZER_HAS_NO_REFERENCE GENDERS_MISMATCH BIRTH_DATES_MISMATCH
CPR_NUMBER_MISSING INVALID_CPR_NUMBER INVALID_REPLACEMENT_CPR_NUMBER INVALID_CVR_NUMBER
ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION WEBSERVICE_CHANGE_NOT_ALLOWED CPR_AND_ALTERNATIVE_IDENTIFICATION_NOT_ALLOWED
MULTIPLE_ALTERNATIVE_IDENTIFIERS_NOT_ALLOWED INVALID_REPLACEMENT_NUMBER ALTERNATIVE_IDENTIFIER_WITH_CPR_SYSTEMID_NOT_ALLOWED
MALFORMED_DOCUMENT_FOUND ELEMENT_CAN_NOT_BE_MOVED_FROM_DELETED_EOC
""".split()  # noqa: SIM905


def findings(
    *documents: ClinicalDocument,
    alter: Callable[[bytes], bytes] = lambda content: content,
) -> list[Finding]:
    """Return what level 3 finds in documents for an empty register."""
    readings = [reader.read(safexml.parse(alter(as_xml(document)))) for document in documents]
    register = Register(MemoryStore(), code_tables(), Clock(), Settings())
    with register.draft([reading.document for reading in readings]) as draft:
        return level3_integrity.check(readings, draft)


def codes_of(found: list[Finding]) -> list[str]:
    """Return the codes in order."""
    return [finding.code for finding in found]


def test_every_code_of_the_specification_has_its_own_text() -> None:
    assert level3_integrity.TEXTS.keys() == set(SPECIFIED)
    assert len(set(level3_integrity.TEXTS.values())) == len(SPECIFIED)


def test_a_finding_has_every_part_that_an_answer_needs() -> None:
    document = a_document(encounters=[an_encounter()])
    [finding] = findings(document)
    assert (finding.level, finding.severity) == (Level.INTEGRITY_CHECK, Severity.ERROR)
    assert finding.text == f"Internal Episode of Care {uuid('episode').lower()} not found"
    assert finding.params == (uuid("episode").lower(),)
    assert finding.document == f"{document.id.root}^{document.id.extension}"
    assert uuid("episode") in finding.where
    assert "1.2.208.176.7.1.10.72" in finding.where
    assert finding.line > 1


def test_all_violations_are_reported_together() -> None:
    document = a_document(
        episodes=[an_episode(label=Code("???"), responsible_unit="1x")],
        conditions=[a_condition()],
        custodian="12345678",
        patient=a_patient("3102489996"),
    )
    assert sorted(codes_of(findings(document))) == [
        "INTERNAL_ENCOUNTER_NOT_FOUND",
        "INVALID_CPR_NUMBER",
        "INVALID_CVR_NUMBER",
        "SKS_CODE_NOT_FOUND",
        "SOR_IDENTIFIER_INVALID",
    ]


def test_findings_come_document_by_document() -> None:
    second = a_document(set_id=uuid("other set"), name="second", encounters=[an_encounter()])
    found = findings(a_document(conditions=[a_condition()], custodian="12345678"), second)
    assert [finding.document.partition("^")[0] for finding in found] == [uuid("set")] * 2 + [uuid("other set")]


def test_a_document_that_is_not_xml_is_reported_with_its_line() -> None:
    finding = level3_integrity.malformed(UnreadableDocument("The XML is not well-formed: no element found.", 3, 1), b"<a>")
    assert (finding.level, finding.code, finding.line) == (Level.INTEGRITY_CHECK, "MALFORMED_DOCUMENT_FOUND", 3)
    assert "no element found" in finding.text


# checks of the document itself


def without_template(last_arc: str) -> Callable[[bytes], bytes]:
    """Return a function that removes a template of the profile from a document."""
    return lambda content: content.replace(b'<templateId root="1.2.208.176.7.1.10.%s"/>' % last_arc.encode(), b"")


def a_patient_with_both_ids() -> ClinicalDocument:
    """Return a document about a patient with a CPR number and an alternative id."""
    return a_document(patient=replace(an_alternatively_identified_patient(), cpr="2512489996"))


def test_both_kinds_of_id_need_the_template_for_both_fact_34() -> None:
    assert findings(a_patient_with_both_ids()) == []
    assert findings(a_patient_with_both_ids(), alter=without_template("133")) == []
    only_cpr = findings(a_patient_with_both_ids(), alter=lambda xml: without_template("107")(without_template("133")(xml)))
    assert codes_of(only_cpr) == ["CPR_AND_ALTERNATIVE_IDENTIFICATION_NOT_ALLOWED"]


def test_a_role_for_cpr_numbers_must_have_one() -> None:
    document = a_document(patient=an_alternatively_identified_patient())
    altered = findings(document, alter=lambda xml: xml.replace(b"7.1.10.107", b"7.1.10.106"))
    assert codes_of(altered) == ["CPR_NUMBER_MISSING"]


def test_a_patient_may_have_only_an_alternative_id() -> None:
    patient = an_alternatively_identified_patient()
    both = (*patient.alternative_ids, Identifier("2.16.840.1.113883.4.3", "X24483652"))
    document = a_document(patient=replace(patient, alternative_ids=both))
    assert codes_of(findings(document)) == ["MULTIPLE_ALTERNATIVE_IDENTIFIERS_NOT_ALLOWED"]


def test_a_unit_of_another_system_is_reported_with_the_templates_of_its_participant() -> None:
    document = a_document(episodes=[an_episode(referral=a_referral(referrer="4001"))])
    number, of_sor = b' extension="4001"', b'root="1.2.208.176.1.1"'
    [finding] = findings(document, alter=lambda xml: xml.replace(of_sor + number, b'root="1.2.3"' + number))
    assert finding.code == "SOR_IDENTIFIER_EXPECTED"
    assert finding.params == ("1.2.208.176.7.1.10.52,2.16.840.1.113883.10.12.321", SOR)


EXAMPLES = Path(__file__).parents[3] / "shared/reference/examples"


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the register's own examples are not beside the project")
@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.xml")), ids=lambda path: path.stem)
def test_the_registers_own_examples_have_known_violations_facts_41_43_101(path: Path) -> None:
    reading = reader.read(safexml.parse(path.read_bytes()))
    expected = {"ALTERNATIVE_IDENTIFIER_WITH_CPR_SYSTEMID_NOT_ALLOWED"}
    if reading.document.parent is not None:
        expected.add("SET_NOT_FOUND")
    if reading.document.encounters:
        expected.add("SKS_CODE_NOT_FOUND")  # a priority in words, a SOR number as payer
    with Register(MemoryStore(), code_tables(), Clock(), Settings()).draft([reading.document]) as draft:
        assert set(codes_of(level3_integrity.check([reading], draft))) == expected
