"""A desk takes documents as model objects, submits them to a register, and returns the codes of the violations."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache

from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.finding import Finding
from mockregister.model import SOR, AuthorInstitution, ClinicalDocument, EntryKind, EpisodeTree, SentDocument, Submission
from mockregister.register.indexes import EVENTS_OF_ENTRY
from mockregister.register.register import Register
from mockregister.register.rows import EntryRow, EventRow, Table
from mockregister.register.store import Rows, Store
from mockregister.register.trees import tree_of
from mockregister.register.view import View
from mockregister.register.violation import Violation
from mockregister.settings import Settings
from tests.builders import AUTHOR_UNIT, uuid
from tests.snapshots import snapshot

AUTHOR = AuthorInstitution("Region Nordjylland", SOR, AUTHOR_UNIT)


@cache
def code_tables() -> CodeTables:
    """Load the built-in tables once for all tests."""
    return CodeTables.load()


class Desk:
    """Submit documents to a register, and read what it stores."""

    def __init__(self, store: Store, settings: Settings | None = None) -> None:
        settings = settings or Settings()
        self.register = Register(store, code_tables(), Clock(), settings)
        self.looks = ExitStack()

    def hand_in(self, *documents: ClinicalDocument, findings: Sequence[Finding] = ()) -> list[str]:
        """Store the documents if there are no violations, and return the codes of the violations."""
        return [violation.code for violation in self.violations(*documents, keep=True, findings=findings)]

    def violations(self, *documents: ClinicalDocument, keep: bool = False, findings: Sequence[Finding] = ()) -> list[Violation]:
        """Return the violations of the documents."""
        sent = Submission(tuple(SentDocument(str(n), b"<CDA/>") for n, _ in enumerate(documents)), AUTHOR)
        with self.register.draft(documents) as draft:
            if keep and not draft.violations:
                draft.commit(sent, findings)
            return draft.violations

    def touched(self, *documents: ClinicalDocument) -> dict[str, EpisodeTree]:
        """Return the episode trees that the documents would touch, by key. Nothing is stored."""
        with self.register.draft(documents) as draft:
            assert not draft.violations
            return {tree.entry.id.extension.lower(): tree for tree in draft.touched()}

    def look(self) -> Rows:
        """Return the rows that are stored now. They can be read as long as the desk exists."""
        return self.looks.enter_context(self.register.look())

    def entry(self, name: str) -> EntryRow | None:
        """Return the entry that the builders call ``name``, live or not."""
        return self.view.entry(key(name))

    def live(self) -> set[str]:
        """Return the keys of all live entries."""
        rows = snapshot(self.register.store).rows(Table.ENTRIES)
        return {id for id, row in rows if isinstance(row, EntryRow) and row.is_live}

    def tree(self, name: str = "episode") -> EpisodeTree | None:
        """Return the stored episode of care that the builders call ``name``."""
        return tree_of(self.view, key(name))

    def history(self, name: str) -> list[str]:
        """Return what happened to an entry, oldest first."""
        state = snapshot(self.register.store)
        events = (state.get(Table.EVENTS, EventRow, id) for id in state.find(EVENTS_OF_ENTRY, key(name)))
        return [event.happening.value for event in events if event is not None]

    @property
    def view(self) -> View:
        """Return a view of what is stored now."""
        return View(snapshot(self.register.store))


def key(name: str) -> str:
    """Return the key of the object that the builders call ``name``."""
    return uuid(name).lower()


EPISODE, ENCOUNTER = EntryKind.EPISODE_OF_CARE, EntryKind.ENCOUNTER
CONDITION, PROCEDURE = EntryKind.CONDITION, EntryKind.PROCEDURE
MARKER, ORGANIZER = EntryKind.MARKER, EntryKind.OBSERVATION_ORGANIZER
