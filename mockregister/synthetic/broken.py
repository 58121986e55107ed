"""Submissions that break one thing each: an integrity code or a business rule.

Each is of a patient and of sets of its own, so that all of them fit into one register.
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
from mockregister.errors import NotFound
from mockregister.finding import Finding
from mockregister.model import SOR, AuthorInstitution, ClinicalDocument, Submission
from mockregister.register.register import Register
from mockregister.submission import Service, submit
from mockregister.synthetic import breaking, breaking_rules
from mockregister.synthetic.breaking import CUSTODIAN, OWNER, PROVOCATIONS, Provocation
from mockregister.synthetic.code_books import PracticeBook
from mockregister.synthetic.geography import AUTHORS
from mockregister.validation.rules import RULES

_UUID = re.compile(rb"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


@dataclass(frozen=True, slots=True)
class Broken:
    """What breaks an integrity code or a business rule: submissions to hand in one after the other, the last of which does.

    ``name`` is the code or the rule id. ``producers`` and ``by_hand`` are what the register must have been told before the last
    one, as a ``Provocation`` has it; ``practice`` has the tables that it must know, where its own are not enough. ``others`` are
    business rules that the same mistake breaks, too.
    """

    name: str
    submissions: tuple[Submission, ...]
    producers: str = "any"
    by_hand: str = ""
    practice: PracticeBook | None = None
    others: tuple[str, ...] = ()

    def contents(self) -> Iterator[bytes]:
        """The documents in order, as XML."""
        for submission in self.submissions:
            yield from (document.content for document in submission.documents)


def broken(name: str, tables: CodeTables, now: datetime) -> Broken:
    """What breaks a rule or an integrity code at the moment ``now``.

    Raises NotFound for a text that is neither, and for a code that no document can provoke.
    """
    if name in PROVOCATIONS:
        return _provoking(name, breaking.document_for(name))
    found = breaking_rules.breaking(name, tables, now)
    return Broken(name, _in_turn(name, found.documents), practice=found.practice, others=found.others)


def codes_broken() -> Iterator[Broken]:
    """Every integrity code that a submission can provoke; of the others level 2 leaves nothing."""
    yield Broken("CLINICAL_DOCUMENT_NOT_FOUND", (Submission((), AuthorInstitution(AUTHORS[OWNER], SOR, OWNER), CUSTODIAN),))
    for code, how in sorted(PROVOCATIONS.items()):
        if not how.unreachable:
            yield _provoking(code, how)


def rules_broken(now: datetime) -> tuple[CodeTables, list[Broken]]:
    """Every business rule broken at the moment ``now``, and the tables that a register must have to see that.

    They are practice tables: of many lists no member was ever published, and hardly any code is known to expire.
    """
    book = PracticeBook()
    found = [Broken(rule.id, _in_turn(rule.id, _practised(rule.id, now, book))) for rule in RULES]
    return book.tables(), found


def _practised(rule_id: str, now: datetime, book: PracticeBook) -> list[ClinicalDocument]:
    case = breaking_rules.cases_of(rule_id)[0]
    return case.documents(now.astimezone(COPENHAGEN).date() - timedelta(days=case.days), now, book)


def _in_turn(name: str, documents: Iterable[ClinicalDocument]) -> tuple[Submission, ...]:
    return tuple(_own(_submission((document,)), name) for document in documents)


def hand_in(register: Register, broken: Broken) -> tuple[Finding, ...]:
    """Submit it to the service that stores despite business errors; gives what the register finds, in all of its documents."""
    *before, last = broken.submissions
    found = [finding for sent in before for finding in submit(register, Service.REPORTING, sent).findings]
    if broken.by_hand:
        register.edit_by_hand(broken.by_hand)
    return (*found, *submit(register, Service.REPORTING, last).findings)


def _provoking(code: str, how: Provocation) -> Broken:
    if how.unreachable:
        raise NotFound(f"No document can provoke {code}: {how.unreachable}. The header X-Mock-Outcome: {code} does.")
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
    """The submission with ids that only this code or rule has."""
    documents = tuple(replace(document, content=_renamed(name, document.content)) for document in submission.documents)
    return replace(submission, documents=documents)


def _renamed(name: str, text: bytes) -> bytes:
    namespace = uuid5(NAMESPACE_OID, f"mockregister broken {name}")
    return _UUID.sub(lambda found: str(uuid5(namespace, str(UUID(found[0].decode())))).upper().encode(), text)
