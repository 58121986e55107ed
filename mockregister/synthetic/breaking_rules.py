"""The documents that break a business rule of an edition, from the case written for it or from one that a search finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from mockregister.clock import COPENHAGEN, Clock
from mockregister.codes.tables import CodeTables
from mockregister.document import writer
from mockregister.document.reader import read_submission
from mockregister.errors import NotFound
from mockregister.finding import Finding
from mockregister.model import ClinicalDocument
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.synthetic.breaking_search import MOST_CASES, cases_breaking
from mockregister.synthetic.cases import Case, cases_of
from mockregister.synthetic.code_books import CodeBook, ListedBook, PracticeBook
from mockregister.validation.edition import Edition
from mockregister.validation.editions import NEWEST
from mockregister.validation.rules import is_declared

MOST_LISTED = 500  # cases tried with a register's own tables, which rarely have the codes for a rule of a published list
MOST_TRIED = 5  # cases that are tried for a rule without a written case, because level 3 may refuse the first ones
SHIFTS = (0, 1, -1)  # days by which a case is shifted: if it depends on the time of day, it breaks the rule on one of them


@dataclass(frozen=True)
class Breaking:
    """What breaks a rule: documents to submit in order, and what the register needs first.

    ``practice`` are tables that it needs; ``others`` are rules that the same mistake also breaks, to be switched off to find this
    rule alone.
    """

    documents: list[ClinicalDocument]
    practice: PracticeBook | None = None
    others: tuple[str, ...] = ()


def document_for(
    rule_id: str, tables: CodeTables | None = None, now: datetime | None = None, edition: Edition = NEWEST
) -> list[ClinicalDocument]:
    """Return the documents that break a rule at the moment ``now``, to be submitted in order, with codes of ``tables``.

    Without ``tables`` the built-in ones are used. Raise NotFound for an id that no rule of the edition has, and for a rule that
    cannot be broken with the codes and units of those tables.
    """
    return _listed(rule_id, tables or CodeTables.load(), now or datetime.now(COPENHAGEN), edition).documents


def breaking(rule_id: str, tables: CodeTables | None = None, now: datetime | None = None, edition: Edition = NEWEST) -> Breaking:
    """Return what breaks a rule of an edition, with practice tables if it cannot be broken with the codes of ``tables``.

    Raise NotFound for an id that no rule of the edition has, and for a rule without a known document that breaks it.
    """
    moment = now or datetime.now(COPENHAGEN)
    try:
        return _listed(rule_id, tables or CodeTables.load(), moment, edition)
    except NotFound:
        return practised(rule_id, moment, edition)


def _listed(rule_id: str, tables: CodeTables, now: datetime, edition: Edition) -> Breaking:
    """Return what breaks a rule with codes of these tables. Raise NotFound."""
    for case, shift in _breaking_cases(edition, rule_id, now, MOST_LISTED):
        try:
            found = _documents(case, now, ListedBook(tables), shift)
        except NotFound:
            continue
        broken = _broken_by(found, tables, now, edition)
        if rule_id in broken:
            return Breaking(found, others=_in_order(broken - {rule_id}, edition))
    raise NotFound(f"These code tables know too little to break rule {rule_id}; use practice tables.")


def practised(
    rule_id: str, now: datetime, edition: Edition = NEWEST, book: PracticeBook | None = None, most: int = MOST_CASES
) -> Breaking:
    """Return what breaks a rule of an edition, with codes and units of a practice book. Raise NotFound.

    For a rule that is not declared, ``most`` cases are tried.
    """
    for case, shift in _breaking_cases(edition, rule_id, now, most):
        practice = book or PracticeBook()
        found = _documents(case, now, practice, shift)
        broken = _broken_by(found, practice.tables(), now, edition)
        if rule_id in broken:
            return Breaking(found, practice, _in_order(broken - {rule_id}, edition))
    raise NotFound(f"No document is known that breaks rule {rule_id} of edition {edition.name} at {now:%Y-%m-%d %H:%M}.")


def _breaking_cases(edition: Edition, rule_id: str, now: datetime, most: int = MOST_CASES) -> Iterator[tuple[Case, int]]:
    """Yield the case written for a rule, with days to shift it by; without one, up to ``MOST_TRIED`` that are found."""
    if rule_id not in edition.rules:
        raise NotFound(f"There is no rule '{rule_id}' in edition {edition.name}; mockregister rules list shows them all.")
    rule = edition.rules[rule_id]
    if not rule.reported:
        raise NotFound(f"Rule {rule_id} of edition {edition.name} is listed and not reported, so nothing breaks it.")
    with suppress(NotFound):  # there is no written case
        yield from ((cases_of(rule_id)[0], shift) for shift in SHIFTS)
    if not is_declared(rule):
        yield from ((case, 0) for case in islice(cases_breaking(rule, now, most), MOST_TRIED))


def _in_order(broken: set[str], edition: Edition) -> tuple[str, ...]:
    return tuple(rule.id for rule in edition.rules if rule.id in broken)


def _documents(case: Case, now: datetime, book: CodeBook, shift: int) -> list[ClinicalDocument]:
    return case.documents(now.astimezone(COPENHAGEN).date() - timedelta(days=case.days - shift), now, book)


def _broken_by(documents: list[ClinicalDocument], tables: CodeTables, now: datetime, edition: Edition) -> set[str]:
    """Return the rules that the documents break, submitted in order to a register with these tables and this edition."""
    register = Register(MemoryStore(), tables, Clock(frozen_at=now), Settings())
    found: list[Finding] = []
    for document in documents:
        sent = read_submission([writer.write(document)])
        found += submit(register, Service.REPORTING, sent, edition=edition).findings
    return {finding.code for finding in found}
