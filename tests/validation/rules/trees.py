"""Courses are submitted to a register, and the rules check the episodes of care."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.finding import Finding
from mockregister.model import SOR, AuthorInstitution, ClinicalDocument, EpisodeTree, SentDocument, Submission
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.register.rule_settings import RuleSettings
from mockregister.settings import Settings
from mockregister.synthetic.cases import LATER, Case
from mockregister.synthetic.code_books import PracticeBook
from mockregister.validation.editions import NEWEST
from mockregister.validation.level4_rules import Surroundings, evaluate
from mockregister.validation.rules import RuleBook

DAY = date(2018, 9, 10)
AUTHOR = AuthorInstitution("Prøvehospitalet", SOR, "999011000016000")


def touched(documents: Sequence[ClinicalDocument], tables: CodeTables, now: datetime) -> list[EpisodeTree]:
    """Store the earlier documents, and return the episodes of care that the last one touches."""
    register = Register(MemoryStore(), tables, Clock(frozen_at=now), Settings())
    *before, last = documents
    for document in before:
        with register.draft([document]) as draft:
            draft.commit(Submission((SentDocument("1", b"<CDA/>"),), AUTHOR), ())
    with register.draft([last]) as draft:
        return draft.touched()


def found(
    documents: Sequence[ClinicalDocument], book: PracticeBook, now: datetime, rules: RuleBook = NEWEST.rules, **settings: object
) -> list[Finding]:
    """Return the findings of the rules on the last document's episodes of care."""
    tables = book.tables()
    around = Surroundings(tables, now, RuleSettings(**settings), rules)
    return [finding for tree in touched(documents, tables, now) for finding in evaluate(tree, around)]


def findings_of(case: Case, rules: RuleBook = NEWEST.rules, **settings: object) -> list[Finding]:
    """Return the findings of the rules in a case. Day 0 is a Monday in September 2018."""
    book, now = PracticeBook(), case.now(DAY)
    return found(case.documents(DAY, now, book), book, now, rules, **settings)


def a_case(course: str = "planned", moment: str = LATER, **changes: object) -> Case:
    """Return a course with changes. Dots in their names are written as double underscores."""
    return Case("00.01", False, course, moment, {place.replace("__", "."): value for place, value in changes.items()})


def codes(findings: Sequence[Finding]) -> list[str]:
    """Return the rule ids of findings."""
    return [finding.code for finding in findings]
