"""The register: what it stores, and what it would become if a submission were stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from uuid import uuid4

from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.errors import NotFound
from mockregister.finding import Finding
from mockregister.model import ClinicalDocument, EpisodeTree, Submission
from mockregister.register import lookups
from mockregister.register.amendment import amend, apply
from mockregister.register.proposal import Proposal
from mockregister.register.rows import Change, EpisodeRow, Table
from mockregister.register.rule_settings import RuleSettings
from mockregister.register.store import Rows, Store, Transaction
from mockregister.register.submissions import claims, document_row, fetch_named, submission_row, together
from mockregister.register.trees import tree_of
from mockregister.register.view import View
from mockregister.register.violation import Violation
from mockregister.register.workspace import Workspace
from mockregister.settings import Settings
from mockregister.sharing import shared


class Register:
    """One register: a store, the code tables for lookups, a clock and settings."""

    def __init__(self, store: Store, codes: CodeTables, clock: Clock, settings: Settings) -> None:
        self.store, self.codes, self.clock, self.settings = store, codes, clock, settings
        self.rule_settings = RuleSettings.of(settings)
        self._counted: tuple[object, int] = (None, 0)
        self._ordered: tuple[object, Sequence[str]] = (None, ())

    def look(self) -> AbstractContextManager[Rows]:
        """Return a context with the rows that are stored at this moment; they do not change in it. Raise StoreError."""
        return self.store.look()

    @contextmanager
    def draft(self, documents: Sequence[ClinicalDocument]) -> Iterator[Draft]:
        """Yield the register as it will be when a submission of these documents is stored.

        Until the block ends, no other draft can have one of its patients, sets or ids. Raise StoreError if nothing could be
        stored, Busy if the register is closed.
        """
        with self.store.transaction(claims(documents)) as transaction:
            yield Draft(self, documents, transaction)

    def change(self, changes: Callable[[Rows], Iterable[Change]]) -> None:
        """Compute changes from the stored rows and make them, while no submission is running. Raise StoreError and Busy."""
        with self.store.exclusive() as transaction:
            transaction.commit(tuple(changes(transaction)))

    def patients(self) -> int:
        """Return how many patients are known; they are counted again only after a change."""
        from mockregister.register.overview import patient_count  # imported here: no submission needs it

        version = self.store.version()
        if self._counted[0] != version:
            with self.look() as rows:
                self._counted = (version, patient_count(rows))
        return self._counted[1]

    def numbers(self) -> Sequence[str]:
        """Return the keys of all patients in the order of their numbers. They are ordered only when something has changed."""
        from mockregister.register.roster import patient_numbers  # imported here: no submission needs it

        version = self.store.version()
        if self._ordered[0] != version:
            with self.look() as rows:
                self._ordered = (version, patient_numbers(rows))
        return self._ordered[1]

    def edit_by_hand(self, episode: str) -> None:
        """Note that someone has edited an episode of care in the user interface: no document may change it any more.

        ``episode`` is the extension of its id. Raise NotFound and StoreError.
        """
        self.change(lambda rows: (_edited(View(rows), episode.lower()),))

    def close(self) -> None:
        """Close the store."""
        self.store.close()


def _edited(view: View, episode: str) -> Change:
    row = view.checked(episode)
    if row is None or view.live_entry(episode) is None:
        raise NotFound(f"There is no episode of care {episode}; it may have been nullified.")
    return Change(Table.EPISODES, episode, replace(row, by_hand=True))


class Draft:
    """What a submission would change: what it violates, which episodes it touches, and how it is stored.

    ``checked`` is False for documents that are known to violate nothing.
    """

    def __init__(
        self, register: Register, documents: Sequence[ClinicalDocument], transaction: Transaction, *, checked: bool = True
    ) -> None:
        self._register, self.documents, self._transaction, self._checked = register, documents, transaction, checked
        self._id = uuid4().hex
        fetch_named(transaction, documents, self._id)
        self._workspace = Workspace(transaction, register.clock.now())
        self.violations = list(self._amend())

    def _amend(self) -> Iterator[Violation]:
        """Apply the documents one after the other, in the order sent, and yield what is wrong with them."""
        yield from together(self.documents)
        applied = set[str]()
        for number, document in enumerate(self.documents):
            if document.id.key not in applied:
                applied.add(document.id.key)
                proposal = Proposal(document, number, self._workspace)
                if self._checked:
                    yield from amend(self._workspace, proposal)
                    yield from lookups.check(proposal, self._workspace, self._register.codes)
                else:
                    apply(self._workspace, proposal)

    @property
    def codes(self) -> CodeTables:
        """The code tables of the register."""
        return self._register.codes

    @property
    def before(self) -> Rows:
        """The register without the submission."""
        return self._transaction

    @property
    def view(self) -> View:
        """The register as it will be."""
        return self._workspace

    def touched(self) -> list[EpisodeTree]:
        """Return every episode of care that the submission touches, as it will be, in the order in which it was touched."""
        found = []
        sent = {document.id.key: document for document in reversed(self.documents)}
        for episode, document in self._workspace.touched.items():
            tree = tree_of(self._workspace, episode)
            if tree is not None:
                tree.reported = sent[document].effective_time
                found.append(tree)
        return found

    def commit(
        self,
        sent: Submission,
        findings: Sequence[Finding],
        service: str = "",
        seconds: Mapping[str, float] | None = None,
    ) -> str:
        """Store the submission and its findings, and return its id.

        ``service`` is the name of the service that received it, ``seconds`` has the seconds that each level took. Raise
        StoreError; then the register is unchanged, except that StoreInDoubt leaves open whether it was stored.
        """
        submission, now, put = self._id, self._workspace.now, self._workspace.rows.put
        for document, attached in zip(self.documents, sent.documents, strict=True):
            row = document_row(document, attached.content, submission, now)
            put(Table.DOCUMENTS, shared(document.id.key), row)
        put(Table.SUBMISSIONS, submission, submission_row(sent, self.documents, findings, now, service, seconds or {}))
        self._note_findings(findings)
        self._transaction.commit(self._workspace.changes())
        return submission

    def _note_findings(self, findings: Sequence[Finding]) -> None:
        """Record the findings against each touched episode; an episode that is gone has none."""
        sent = {document.id.key: document for document in reversed(self.documents)}
        for episode, document in self._workspace.touched.items():
            row = None
            if self._workspace.live_entry(episode) is not None:
                against = tuple(
                    finding for finding in findings if finding.subject and finding.subject.episode[1].lower() == episode
                )
                reported, by = sent[document].effective_time, sent[document].custodian
                row = EpisodeRow(document, reported, against, self._workspace.now, custodian=by)
            self._workspace.rows.put(Table.EPISODES, episode, row)
