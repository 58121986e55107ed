"""Explain findings after the submission was answered, from what the register has stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from mockregister.clock import Clock
from mockregister.document import reader
from mockregister.finding import Finding, Level
from mockregister.model import ClinicalDocument, EpisodeLink, Submission
from mockregister.register.elements import Document
from mockregister.register.memory_store import MemoryStore
from mockregister.register.query import Reader
from mockregister.register.register import Register
from mockregister.register.rows import patient_keys
from mockregister.safexml import parse
from mockregister.validation.edition import Edition
from mockregister.validation.explaining.explain import explain
from mockregister.validation.explaining.explanation import ExplainedFinding
from mockregister.validation.pipeline import Examination


def explain_afterwards(
    findings: Sequence[Finding], sent: Submission, register: Register, edition: Edition, at: datetime, language: str = "en"
) -> list[ExplainedFinding]:
    """Return the findings of a submission that was answered at the moment ``at`` of the register's clock, each with its reasons.

    Business rules are tested on the episodes of care as they were then, built again from the documents that the register had
    received before. Integrity codes are explained by what the register has now.
    """
    if not findings:
        return []
    with Examination(sent, register, edition) as examination:
        if findings[0].level is not Level.BUSINESS_RULE or not examination.readings:
            return explain(findings, examination, language)
        documents = [reading.document for reading in examination.readings]
    with Examination(sent, _as_it_was(register, documents, at), edition) as examination:
        return explain(findings, examination, language)


def _as_it_was(register: Register, documents: Sequence[ClinicalDocument], at: datetime) -> Register:
    """Return a register in memory with the sets of the documents' patients and those they link to, as they were at ``at``."""
    before = Register(MemoryStore(), register.codes, Clock(frozen_at=at), register.settings)
    with register.look() as rows:
        kept = list(_kept_before(Reader(rows, register.codes, at), documents, at))
    for document in sorted(kept, key=lambda document: document.row.received):
        with before.draft([reader.read(parse(document.content)).document]) as draft:
            draft.commit(Submission.of([document.content]), ())
    return before


def _kept_before(look: Reader, documents: Sequence[ClinicalDocument], at: datetime) -> Iterator[Document]:
    own = {document.id.key for document in documents}
    versions = {document.set_id.lower(): document.version for document in documents}
    for key in dict.fromkeys(_sets(look, documents)):
        for document in look.documents_of_set(key):
            follows = document.row.version >= versions.get(key, document.row.version + 1)
            if document.key not in own and not follows and document.row.received <= at:
                yield document


def _sets(look: Reader, documents: Iterable[ClinicalDocument]) -> Iterator[str]:
    """Yield the sets that matter for the rules, those of other patients first."""
    for document in documents:
        for link in filter(None, (episode.link for episode in document.episodes)):
            yield from _linked(look, link)
        for key in sorted(patient_keys(document.patient)):
            known = look.patient(key)
            yield from known.sets if known is not None else ()
        yield document.set_id.lower()


def _linked(look: Reader, link: EpisodeLink) -> Iterator[str]:
    target = link.target.id
    element = look.element(target.extension or target.root)
    if element is not None:
        yield element.row.set
