"""Submissions that each break one integrity code or business rule.

Each has its own patient and sets, so that all of them fit into one register.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from mockregister.clock import COPENHAGEN
from mockregister.codes.tables import CodeTables
from mockregister.document import writer
from mockregister.errors import NotFound, did_you_mean
from mockregister.finding import Finding
from mockregister.model import SOR, AuthorInstitution, ClinicalDocument, Submission
from mockregister.register.register import Register
from mockregister.submission import Service, submit
from mockregister.synthetic import breaking, breaking_rules
from mockregister.synthetic.breaking import CUSTODIAN, OWNER, PROVOCATIONS, Provocation
from mockregister.synthetic.cases import cases_of
from mockregister.synthetic.code_books import PracticeBook
from mockregister.synthetic.geography import AUTHORS
from mockregister.validation.edition import Edition
from mockregister.validation.editions import NEWEST
from mockregister.validation.rules import Rule, is_declared

CASES_OF_SEED = 500  # cases that are tried for each rule of a published list
_UUID = re.compile(rb"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


@dataclass(frozen=True, slots=True)
class Broken:
    """What breaks an integrity code or a business rule: submissions in order, of which the last one breaks it.

    ``name`` is the code or the rule id. The register needs ``producers`` and ``by_hand`` before the last one, as in
    ``Provocation``, and the tables of ``practice`` if its own are not enough. ``others`` are business rules that the same mistake
    also breaks.
    """

    name: str
    submissions: tuple[Submission, ...]
    producers: str = "any"
    by_hand: str = ""
    practice: PracticeBook | None = None
    others: tuple[str, ...] = ()

    def contents(self) -> Iterator[bytes]:
        """Yield the documents in order, as XML."""
        for submission in self.submissions:
            yield from (document.content for document in submission.documents)


def broken(name: str, tables: CodeTables, now: datetime, edition: Edition = NEWEST) -> Broken:
    """Return what breaks a rule or an integrity code of an edition at the moment ``now``.

    Raise NotFound for a text that is neither, for a code that no document can provoke or that the edition does not check, and
    for a rule of which no document is known that breaks it.
    """
    if name in PROVOCATIONS:
        reported = edition.reported_code(name)
        if reported != name:
            instead = f"; it has {reported} instead" if reported else ""
            raise NotFound(f"Edition {edition.name} does not check {name}{instead}.")
        return _provoking(name, breaking.document_for(name))
    if name not in edition.rules:
        near = did_you_mean(name, [*PROVOCATIONS, *(rule.id for rule in edition.rules)])
        raise NotFound(f"There is no rule '{name}' in edition {edition.name}; mockregister rules list shows them all.{near}")
    found = breaking_rules.breaking(name, tables, now, edition)
    return Broken(name, _in_turn(name, found.documents), practice=found.practice, others=found.others)


def codes_broken(edition: Edition = NEWEST) -> Iterator[Broken]:
    """Yield what provokes each integrity code of an edition, except those whose documents level 2 always refuses first."""
    yield Broken("CLINICAL_DOCUMENT_NOT_FOUND", (Submission((), AuthorInstitution(AUTHORS[OWNER], SOR, OWNER), CUSTODIAN),))
    for code, how in sorted(PROVOCATIONS.items()):
        if not how.unreachable and edition.reported_code(code) == code:
            yield _provoking(code, how)


def rules_broken(now: datetime, edition: Edition = NEWEST) -> tuple[CodeTables, list[Broken], list[str]]:
    """Return practice tables, what breaks each reported business rule of an edition at ``now``, and the ids of the other rules.

    A register needs the tables to find what is broken: many lists have no published members, and hardly any code is known to
    expire. For the other rules no document was found that breaks them.
    """
    book, found, unbroken = PracticeBook(), [], []
    for rule in (rule for rule in edition.rules if rule.reported):
        try:
            documents = _practised(rule, now, book, edition)
        except NotFound:
            unbroken.append(rule.id)
        else:
            found.append(Broken(rule.id, _in_turn(rule.id, documents)))
    return book.tables(), found, unbroken


def _practised(rule: Rule, now: datetime, book: PracticeBook, edition: Edition) -> list[ClinicalDocument]:
    """Return the documents of the case written for a declared rule, without trying it; for another rule, those of a search."""
    if not is_declared(rule):
        return breaking_rules.practised(rule.id, now, edition, book, CASES_OF_SEED).documents
    case = cases_of(rule.id)[0]
    return case.documents(now.astimezone(COPENHAGEN).date() - timedelta(days=case.days), now, book)


def _in_turn(name: str, documents: Iterable[ClinicalDocument]) -> tuple[Submission, ...]:
    return tuple(_own(_submission((document,)), name) for document in documents)


def hand_in(register: Register, broken: Broken, edition: Edition = NEWEST) -> tuple[Finding, ...]:
    """Submit what ``broken`` holds to the service that stores despite business errors; return the findings in all documents."""
    *before, last = broken.submissions
    found = [finding for sent in before for finding in submit(register, Service.REPORTING, sent, edition=edition).findings]
    if broken.by_hand:
        register.edit_by_hand(broken.by_hand)
    return (*found, *submit(register, Service.REPORTING, last, edition=edition).findings)


def _provoking(code: str, how: Provocation) -> Broken:
    if how.unreachable:
        raise NotFound(f"No document can provoke {code}: {how.unreachable}. Use the header X-Mock-Outcome: {code} to get it.")
    submissions = [_submission(documents) for documents in how.submissions]
    submissions[-1] = _altered(submissions[-1], how)
    by_hand = _renamed(code, how.by_hand.encode()).decode() if how.by_hand else ""
    return Broken(code, tuple(_own(submission, code) for submission in submissions), how.producers, by_hand)


def _altered(submission: Submission, how: Provocation) -> Submission:
    *before, last = submission.documents
    name, _, sor_id = how.author.rpartition("^")
    author = AuthorInstitution(name.partition("^")[0], SOR, sor_id) if name else None
    documents = (*before, replace(last, content=how.alter(last.content)))
    return replace(submission, documents=documents, author=author, instead_of_author="" if name else f"it is '{how.author}'")


def _submission(documents: tuple[ClinicalDocument, ...]) -> Submission:
    first = documents[0]
    return Submission.of(map(writer.write, documents)).by_author_of(first, AUTHORS.get(first.author.unit, ""))


def _own(submission: Submission, name: str) -> Submission:
    """Return the submission with ids that only this code or rule has."""
    documents = tuple(replace(document, content=_renamed(name, document.content)) for document in submission.documents)
    return replace(submission, documents=documents)


def _renamed(name: str, text: bytes) -> bytes:
    namespace = uuid5(NAMESPACE_OID, f"mockregister broken {name}")
    return _UUID.sub(lambda found: str(uuid5(namespace, str(UUID(found[0].decode())))).upper().encode(), text)
