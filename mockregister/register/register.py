"""The register: what it keeps, and what it would become if a submission were kept."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.envelope.xdr import Submission
from mockregister.finding import Finding
from mockregister.model import ClinicalDocument, EpisodeTree
from mockregister.register.locks import KeyLocks
from mockregister.register.rows import DocumentRow, SetRow, SubmissionRow, Table, document_key, patient_keys
from mockregister.register.state import Change, State
from mockregister.register.store import Store
from mockregister.register.violation import Violation
from mockregister.settings import Settings


class Register:
    """One register: a store, the code tables it looks things up in, its clock and its settings."""

    def __init__(self, store: Store, codes: CodeTables, clock: Clock, settings: Settings) -> None:
        self.store, self.codes, self.clock, self.settings = store, codes, clock, settings
        self._locks = KeyLocks()

    @contextmanager
    def draft(self, documents: Sequence[ClinicalDocument]) -> Iterator[Draft]:
        """The register as it will be when a submission of these documents is kept.

        Until the draft is left, no other draft has its patients, sets or ids.
        """
        with self._locks.hold(_claims(documents)):
            yield Draft(self, documents)

    @property
    def state(self) -> State:
        """What is kept now."""
        return self.store.state

    def restore(self, state: State) -> None:
        """Go (back) to a state, when no submission is under way. Raises StoreError."""
        with self._locks.hold_all():
            self.store.restore(state)

    def change(self, changes: Callable[[State], Sequence[Change]]) -> None:
        """Make the changes that ``changes`` finds needed, when no submission is under way. Raises StoreError."""
        with self._locks.hold_all():
            self.store.commit(changes(self.store.state))

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()


class Draft:
    """What a submission would make of the register: what it violates, which episodes it touches, and how it is kept."""

    def __init__(self, register: Register, documents: Sequence[ClinicalDocument]) -> None:
        self._register, self._documents = register, documents
        self.violations = list(self._violations())

    def _violations(self) -> Iterator[Violation]:
        for number, document in enumerate(self._documents):
            if document.parent is None and self._register.state.get(Table.SETS, SetRow, document.set_id.lower()):
                yield Violation(
                    "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT", (document.set_id.lower(),), number, document
                )

    def touched(self) -> list[EpisodeTree]:
        """Every episode of care that the submission touches, as it will be."""
        return []

    def commit(self, sent: Submission, findings: Sequence[Finding]) -> str:
        """Keep the submission and the findings that stand against it; gives its id. Raises StoreError."""
        submission = uuid4().hex
        changes: list[Change] = []
        for document, attached in zip(self._documents, sent.documents, strict=True):
            key, set_key = document_key(document.id), document.set_id.lower()
            row = DocumentRow(
                document.id,
                set_key,
                document.version,
                document.parent.relation if document.parent else None,
                document_key(document.parent.id) if document.parent else "",
                submission,
                self._register.clock.now(),
                document.effective_time,
                document.patient,
                document.author,
                document.custodian,
                document.title,
                zlib.compress(attached.content),
            )
            set_row = SetRow(document.set_id, key, document.version, key, document.patient, document.custodian)
            changes += [Change(Table.DOCUMENTS, key, row), Change(Table.SETS, set_key, set_row)]
        changes.append(
            Change(
                Table.SUBMISSIONS,
                submission,
                SubmissionRow(
                    self._register.clock.now(),
                    "",
                    sent.author.sor_id if sent.author else "",
                    sent.author.name if sent.author else "",
                    sent.care_provider,
                    tuple(change.id for change in changes if change.table is Table.DOCUMENTS),
                    tuple(findings),
                    {},
                ),
            )
        )
        self._register.store.commit(changes)
        return submission


def _claims(documents: Sequence[ClinicalDocument]) -> frozenset[str]:
    """What nobody else may work on meanwhile: patients, sets, and the ids of documents and entries."""
    claimed: set[str] = set()
    for document in documents:
        claimed |= {document.set_id.lower(), document_key(document.id), *patient_keys(document.patient)}
        claimed.update(entry.id.extension.lower() for entry in document.entries())
    return frozenset(claimed)
