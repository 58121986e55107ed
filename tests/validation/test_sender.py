"""Before level 1, the register checks whether the sender may report."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.document.reader import read_submission
from mockregister.finding import Finding, Level
from mockregister.model import SOR, AuthorInstitution, ClinicalDocument, Submission
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.validation import sender
from tests.builders import CUSTODIAN, a_document, an_episode, as_xml
from tests.register.desk import AUTHOR, code_tables

LISTED = CodeTables.load(listed=True)
NO_UNIT = AuthorInstitution("Stranger", SOR, "99999999999999")


def findings(
    *documents: ClinicalDocument,
    author: AuthorInstitution | None = AUTHOR,
    codes: CodeTables | None = None,
    care_provider: str = "",
) -> list[Finding]:
    """Return the findings on the sender of documents."""
    sent = replace(Submission.of(map(as_xml, documents)), author=author, care_provider=care_provider)
    return sender.check(sent, (codes or code_tables()).producers)


def codes_of(found: list[Finding]) -> list[str]:
    """Return the codes in order."""
    return [finding.code for finding in found]


@pytest.mark.parametrize(
    ("author", "found"),
    [
        (AuthorInstitution("Region", "1.2.208.176.1.4", AUTHOR.sor_id), "is '1.2.208.176.1.4' instead of SOR's 1.2.208.176.1.1"),
        (AuthorInstitution("Region", SOR, "no number"), "is 'no number', which is not a number"),
    ],
    ids=["not SOR", "no number"],
)
def test_the_author_institution_must_be_a_sor_unit_facts_31_119_200(author: AuthorInstitution | None, found: str) -> None:
    [finding] = findings(a_document(), author=author)
    assert (finding.level, finding.code, finding.params) == (Level.INTEGRITY_CHECK, "AUTHOR_INSTITUTION_NOT_FOUND", ())
    assert finding.missing_metadata
    assert (finding.document, finding.where) == ("", "")
    assert found in finding.text


def test_a_submission_must_have_a_document() -> None:
    assert codes_of(findings()) == ["CLINICAL_DOCUMENT_NOT_FOUND"]


def test_a_sender_that_is_not_a_listed_producer_is_reported_facts_166_182_198() -> None:
    assert findings(a_document(), codes=LISTED) == []
    assert codes_of(findings(a_document(), codes=LISTED, author=NO_UNIT)) == ["AUTHOR_INSTITUTION_NOT_FOUND"]
    document = a_document(custodian="99999993")
    [finding] = findings(document, codes=LISTED)
    assert finding.code == "CUSTODIAN_NOT_FOUND"
    assert finding.document == f"{document.id.root}^{document.id.extension}"
    assert "representedCustodianOrganization" in finding.where
    assert finding.line > 1
    assert f"the unit '{AUTHOR.sor_id}' does not report for the custodian '99999993'" in finding.text


def test_a_care_provider_that_is_not_a_producer_is_named() -> None:
    [finding] = findings(a_document(), codes=LISTED, care_provider="11111111")
    assert finding.code == "CUSTODIAN_NOT_FOUND"
    assert "the care provider '11111111' (medcom:CareProviderID) is not a data producer" in finding.text
    assert findings(a_document(), codes=LISTED, care_provider=CUSTODIAN) == []


def test_the_custodian_of_each_document_is_checked() -> None:
    documents = a_document(), a_document(custodian="99999993"), a_document(custodian="")
    assert codes_of(findings(*documents, codes=LISTED)) == ["CUSTODIAN_NOT_FOUND"] * 2


def test_any_producer_is_accepted_by_default() -> None:
    stranger = AuthorInstitution("Stranger", SOR, "324441000016005")
    assert findings(a_document(custodian="99999993"), author=stranger) == []


# the check comes after the parser, before schema and profile


def submitted(register: Register, content: bytes, author: AuthorInstitution | None = AUTHOR) -> list[tuple[Level, str]]:
    """Return the levels and codes of the findings in a document."""
    sent = replace(Submission.of([content]), author=author, instead_of_author="" if author else "it is empty")
    return [(found.level, found.code) for found in submit(register, Service.REPORTING, sent).findings]


@pytest.fixture
def listed() -> Register:
    return Register(MemoryStore(), LISTED, Clock(), Settings())


OF_NO_SCHEMA = as_xml(a_document(episodes=[an_episode()])).replace(b"<setId", b"<set").replace(b"<versionNumber", b"<version")
OF_NO_PROFILE = as_xml(a_document(episodes=[an_episode()])).replace(b'<templateId root="1.2.208.176.7.1.10.101"/>', b"")


@pytest.mark.parametrize("content", [OF_NO_SCHEMA, OF_NO_PROFILE], ids=["schema", "profile"])
def test_the_sender_is_checked_before_the_schema_and_the_profile_facts_60_98(listed: Register, content: bytes) -> None:
    assert {level for level, _ in submitted(listed, content)} <= {Level.XSD, Level.SCHEMATRON}
    assert submitted(listed, content, None) == [(Level.INTEGRITY_CHECK, "AUTHOR_INSTITUTION_NOT_FOUND")]
    assert submitted(listed, content, NO_UNIT) == [(Level.INTEGRITY_CHECK, "AUTHOR_INSTITUTION_NOT_FOUND")]
    elsewhere = content.replace(CUSTODIAN.encode(), b"99999993")
    assert submitted(listed, elsewhere) == [(Level.INTEGRITY_CHECK, "CUSTODIAN_NOT_FOUND")]


def test_a_document_that_is_not_xml_is_reported_before_the_sender(listed: Register) -> None:
    assert submitted(listed, b"<a>", None) == [(Level.INTEGRITY_CHECK, "MALFORMED_DOCUMENT_FOUND")]


def test_a_file_needs_no_metadata(listed: Register) -> None:
    found = submit(listed, Service.VALIDATE, read_submission([b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>'])).findings
    assert {finding.level for finding in found} == {Level.XSD}
