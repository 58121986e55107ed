"""A desk in front of a register: it takes documents as model objects, and returns the codes of what is wrong with them."""

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
from mockregister.register.trees import Trees
from mockregister.register.view import View
from mockregister.register.violation import Violation
from mockregister.settings import Settings
from tests.builders import AUTHOR_UNIT, uuid
from tests.snapshots import snapshot

AUTHOR = AuthorInstitution("Region Nordjylland", SOR, AUTHOR_UNIT)


@cache
def code_tables() -> CodeTables:
    """The built-in tables, read once for all tests."""
    return CodeTables.load()


class Desk:
    """Hands documents in as one submission, and looks at what the register keeps."""

    def __init__(self, store: Store, settings: Settings | None = None) -> None:
        settings = settings or Settings()
        self.register = Register(store, code_tables(), Clock(), settings)
        self.looks = ExitStack()

    def hand_in(self, *documents: ClinicalDocument, findings: Sequence[Finding] = ()) -> list[str]:
        """Keep the documents if nothing is wrong with them; gives the codes of what is."""
        return [violation.code for violation in self.violations(*documents, keep=True, findings=findings)]

    def violations(
        self, *documents: ClinicalDocument, keep: bool = False, findings: Sequence[Finding] = ()
    ) -> list[Violation]:
        """What is wrong with the documents."""
        sent = Submission(tuple(SentDocument(str(n), b"<CDA/>") for n, _ in enumerate(documents)), AUTHOR)
        with self.register.draft(documents) as draft:
            if keep and not draft.violations:
                draft.commit(sent, findings)
            return draft.violations

    def touched(self, *documents: ClinicalDocument) -> dict[str, EpisodeTree]:
        """The trees that the documents would touch, by key; nothing is kept."""
        with self.register.draft(documents) as draft:
            assert not draft.violations
            return {tree.entry.id.extension.lower(): tree for tree in draft.touched()}

    def look(self) -> Rows:
        """What is kept now, for as long as the desk is there."""
        return self.looks.enter_context(self.register.look())

    def entry(self, name: str) -> EntryRow | None:
        """The entry that the builders know by ``name``, whatever became of it."""
        return self.view.entry(key(name))

    def live(self) -> set[str]:
        """The keys of all live entries."""
        rows = snapshot(self.register.store).rows(Table.ENTRIES)
        return {id for id, row in rows if isinstance(row, EntryRow) and row.is_live}

    def tree(self, name: str = "episode") -> EpisodeTree | None:
        """The stored episode of care that the builders know by ``name``."""
        return Trees(self.view).tree(key(name))

    def history(self, name: str) -> list[str]:
        """What happened to an entry, oldest first."""
        state = snapshot(self.register.store)
        events = (state.get(Table.EVENTS, EventRow, id) for id in state.find(EVENTS_OF_ENTRY, key(name)))
        return [event.happening.value for event in events if event is not None]

    @property
    def view(self) -> View:
        """What is kept now."""
        return View(snapshot(self.register.store))


def key(name: str) -> str:
    """The key of what the builders know by ``name``."""
    return uuid(name).lower()


EPISODE, ENCOUNTER = EntryKind.EPISODE_OF_CARE, EntryKind.ENCOUNTER
CONDITION, PROCEDURE = EntryKind.CONDITION, EntryKind.PROCEDURE
MARKER, ORGANIZER = EntryKind.MARKER, EntryKind.OBSERVATION_ORGANIZER
