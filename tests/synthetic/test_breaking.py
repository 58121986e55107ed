"""For each integrity code there is a document that provokes it, and the finding points at a single element of that document."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.document import writer
from mockregister.envelope.author_institution import read_xon
from mockregister.errors import NotFound
from mockregister.finding import Finding, Level
from mockregister.model import ClinicalDocument, SentDocument, Submission
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.synthetic import error_docs
from mockregister.synthetic.breaking import PROVOCATIONS, Provocation, document_for
from mockregister.validation.level3_integrity import TEXTS
from tests.register.desk import code_tables

REACHABLE = sorted(code for code, provocation in PROVOCATIONS.items() if not provocation.unreachable)
WITHOUT_A_PLACE = {"AUTHOR_INSTITUTION_NOT_FOUND", "MALFORMED_DOCUMENT_FOUND"}


def provoke(provocation: Provocation) -> tuple[bytes, tuple[Finding, ...]]:
    """Submit everything, and return the last document and the findings of the last submission."""
    codes = CodeTables.load(listed=True) if provocation.producers == "listed" else code_tables()
    register = Register(MemoryStore(), codes, Clock(), Settings(producers=provocation.producers))
    *before, last = provocation.submissions
    for documents in before:
        assert submit(register, Service.REPORTING, sent(provocation, documents)).stored
        if provocation.by_hand:
            register.edit_by_hand(provocation.by_hand)
    submission = sent(provocation, last, alter=True)
    return submission.documents[-1].content, submit(register, Service.REPORTING, submission).findings


def sent(provocation: Provocation, documents: tuple[ClinicalDocument, ...], *, alter: bool = False) -> Submission:
    """Return a submission of the documents as XML. ``alter`` changes the last of them."""
    contents = [writer.write(document) for document in documents]
    if alter:
        contents[-1] = provocation.alter(contents[-1])
    author, documents = read_xon(provocation.author), tuple(SentDocument(str(n), content) for n, content in enumerate(contents))
    return Submission(documents, author, instead_of_author="" if author else "it is none")


def test_every_code_has_a_text_and_a_provocation() -> None:
    assert PROVOCATIONS.keys() == TEXTS.keys()


@pytest.mark.parametrize("code", REACHABLE)
def test_the_document_of_a_code_provokes_only_that_code_with_its_parameters(code: str) -> None:
    provocation = document_for(code)
    _, findings = provoke(provocation)
    assert [finding.code for finding in findings] == [code]
    assert findings[0].level is Level.INTEGRITY_CHECK
    assert len(findings[0].params) == len(provocation.params)


@pytest.mark.parametrize("code", sorted({*REACHABLE} - WITHOUT_A_PLACE))
def test_the_location_selects_exactly_one_element(code: str) -> None:
    content, [finding] = provoke(document_for(code))
    root = etree.fromstring(content)
    selected = root.xpath(finding.where)
    assert isinstance(selected, list)
    assert len(selected) == 1


@pytest.mark.parametrize("code", REACHABLE)
def test_the_text_names_every_parameter(code: str) -> None:
    _, [finding] = provoke(document_for(code))
    assert all(param in finding.text for param in finding.params)


def test_an_unknown_code_has_no_document() -> None:
    with pytest.raises(NotFound):
        document_for("NO_SUCH_CODE")


def test_docs_errors_md_is_up_to_date() -> None:
    page = Path(__file__).parents[2] / "docs" / "errors.md"
    assert page.read_text("utf-8") == error_docs.page(), "run: python -m mockregister.synthetic.error_docs > docs/errors.md"
