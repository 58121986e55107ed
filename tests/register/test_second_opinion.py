"""Random chains of documents are submitted to the register and to ``naive.py``. Both report the same and store the same."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mockregister.model import ClinicalDocument, Identifier, Nullification, ParentDocument, Reference, Relation, Scope
from mockregister.register.memory_store import MemoryStore
from mockregister.register.rows import EntryRow, Table
from mockregister.register.store import Store
from tests.builders import (
    a_condition,
    a_document,
    a_marker,
    a_procedure,
    an_encounter,
    an_episode,
    an_organizer,
    uuid,
)
from tests.register.desk import CONDITION, ENCOUNTER, EPISODE, MARKER, ORGANIZER, PROCEDURE, Desk, key
from tests.register.every_store import DURABLE, Kind
from tests.register.naive import Naive, Paper, StatedEntry
from tests.snapshots import snapshot

# A thread of the connection pool may use random while a document is drawn. The drawn document does not depend on it.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the .random. module:hypothesis.errors.HypothesisDeprecationWarning")

KINDS = {
    "episode": EPISODE,
    "encounter": ENCOUNTER,
    "procedure": PROCEDURE,
    "condition": CONDITION,
    "report": ORGANIZER,
    "marker": MARKER,
}
OWNERS: dict[str, list[str]] = {
    "episode": [],
    "encounter": ["episode"],
    "procedure": ["episode", "encounter"],
    "condition": ["encounter"],
    "report": ["episode", "marker", "encounter", "condition", "procedure"],
}
SETS = ["set A", "set B"]
NAMES = {kind: [f"{kind} {number}" for number in range(8)] for kind in KINDS}
STRANGERS = [name for names in NAMES.values() for name in names[:2]]


@st.composite
def statements(draw: st.DrawFn, naive: Naive, paper: Paper) -> list[StatedEntry]:
    """Draw the entries of a document. Most of them make sense in its set, and some are arbitrary."""
    said: list[StatedEntry] = []
    for kind in draw(st.lists(st.sampled_from(list(OWNERS)), max_size=6)):
        entry = draw(wild_statements(kind) if draw(rarely) else sensible_statements(naive, paper, kind, said))
        if entry is None:
            continue
        entry.main = kind == "condition" and draw(st.booleans())
        said.append(entry)
        if kind == "episode" and draw(st.booleans()):
            said.append(StatedEntry("marker", draw(st.sampled_from(NAMES["marker"])), ("episode", entry.name, True)))
    return said


rarely = st.sampled_from([False] * 14 + [True])


@st.composite
def sensible_statements(draw: st.DrawFn, naive: Naive, paper: Paper, kind: str, said: list[StatedEntry]) -> StatedEntry | None:
    """Draw a new entry, an update or a move, with an existing owner. Return None if there is no possible owner."""
    taken = {entry.name for entry in said}
    starts_anew = paper.follows is not None and paper.follows[0] == "replace"
    own = {name: known for name, known in naive.entries.items() if known.set == paper.set}
    fresh = [name for name in NAMES[kind] if name not in naive.entries.keys() | taken]
    again = [name for name, known in own.items() if known.kind == kind and known.status == "live" and name not in taken]
    owners: list[tuple[str, str, bool] | None] = [(each.kind, each.name, True) for each in said if each.kind in OWNERS[kind]]
    if not starts_anew:
        live = [(known.kind, name) for name, known in own.items() if known.status == "live"]
        owners += [(owner, name, False) for owner, name in live if owner in OWNERS[kind] and name not in taken]
    if kind == "episode":
        owners = [None]
    if not owners or not fresh + again:
        return None
    name = draw(st.sampled_from(fresh[:1] + again))
    return StatedEntry(kind, name, draw(st.sampled_from(owners)), name in again and not starts_anew)


@st.composite
def wild_statements(draw: st.DrawFn, kind: str) -> StatedEntry:
    """Draw an entry with any id and any owner, existing or not."""
    owner = None
    if kind != "episode":
        wanted = draw(st.sampled_from(OWNERS[kind]))
        owner = (wanted, draw(st.sampled_from(NAMES[wanted] + STRANGERS)), draw(st.booleans()))
    return StatedEntry(kind, draw(st.sampled_from(NAMES[kind] * 3 + STRANGERS)), owner, draw(st.booleans()))


@st.composite
def papers(draw: st.DrawFn, naive: Naive, number: int) -> Paper:
    """Draw the next document of a set. It is usually a valid successor."""
    set_id = draw(st.sampled_from(SETS))
    paper = Paper(set_id, f"document {number}", number, None)
    latest = naive.sets.get(set_id)
    if latest is not None and not draw(rarely):
        relation = draw(st.sampled_from(["append", "append", "append", "replace"]))
        version = latest[1] - draw(rarely)
        paper.follows = (relation, "document lost" if draw(rarely) else latest[0], version)
    paper.said = draw(statements(naive, paper))
    paper.gone = draw(removals(naive, paper))
    return paper


@st.composite
def removals(draw: st.DrawFn, naive: Naive, paper: Paper) -> list[tuple[str, str]]:
    """Draw the entries that a document nullifies. Most of them are live."""
    if draw(st.integers(0, 3)):
        return []
    any_of_them = draw(rarely)
    said = {entry.name for entry in paper.said}
    known = [
        (entry.kind, name)
        for name, entry in naive.entries.items()
        if any_of_them or (entry.set == paper.set and entry.status == "live" and name not in said)
    ]
    return draw(st.lists(st.sampled_from(known), max_size=2, unique=True)) if known else []


def as_document(paper: Paper) -> ClinicalDocument:
    """Return the document as a model object."""
    root = uuid(paper.set)

    def an_id(name: str) -> Identifier:
        return Identifier(root, uuid(name))

    def reference(kind: str, name: str, internal: bool) -> Reference:
        return Reference(Scope.INTERNAL if internal else Scope.EXTERNAL, KINDS[kind], an_id(name))

    def of(kind: str) -> list[tuple[dict[str, object], StatedEntry]]:
        return [
            ({"id": an_id(entry.name), "replaces": reference(kind, entry.name, False) if entry.replaces else None}, entry)
            for entry in paper.said
            if entry.kind == kind
        ]

    parent = None
    if paper.follows is not None:
        relation, name, version = paper.follows
        parent = ParentDocument(Relation.APPEND if relation == "append" else Relation.REPLACE, an_id(name), root, version)
    markers = [(each.owner[1], a_marker(id=an_id(each.name))) for each in paper.said if each.kind == "marker" and each.owner]
    episodes, seen = [], set()
    for fields, entry in of("episode"):
        own = [marker for owner, marker in markers if owner == entry.name and entry.name not in seen]
        episodes.append(an_episode(markers=own, **fields))
        seen.add(entry.name)
    return a_document(
        set_id=root,
        id=an_id(paper.name),
        version=paper.version,
        parent=parent,
        episodes=episodes,
        encounters=[an_encounter(episode=reference(*entry.owner), **fields) for fields, entry in of("encounter") if entry.owner],
        procedures=[a_procedure(owner=reference(*entry.owner), **fields) for fields, entry in of("procedure") if entry.owner],
        conditions=[
            a_condition(encounter=reference(*entry.owner), main=entry.main, **fields)
            for fields, entry in of("condition")
            if entry.owner
        ],
        organizers=[an_organizer(cause=reference(*entry.owner), **fields) for fields, entry in of("report") if entry.owner],
        nullified=[Nullification(reference(kind, name, False)) for kind, name in paper.gone],
    )


def in_document_order(paper: Paper) -> Paper:
    """Sort the entries in the order in which a document has them. Markers follow the first of their episodes."""
    ordered = []
    for kind in ("episode", "encounter", "procedure", "condition", "report"):
        seen: set[str] = set()
        for entry in [each for each in paper.said if each.kind == kind]:
            ordered.append(entry)
            if kind == "episode" and entry.name not in seen:
                ordered += [mark for mark in paper.said if mark.kind == "marker" and mark.owner and mark.owner[1] == entry.name]
            seen.add(entry.name)
    paper.said = ordered
    return paper


class Chains(RuleBasedStateMachine):
    """Submit each document to the register and to the naive one, and compare their answers."""

    def __init__(self) -> None:
        super().__init__()
        self.naive, self.number, self.store = Naive(), 0, self.open()
        self.desk = Desk(self.store)

    def open(self) -> Store:
        """Return the store of the register."""
        return MemoryStore()

    @rule(data=st.data())
    def hand_in(self, data: st.DataObject) -> None:
        """Submit the next document, and compare the violations."""
        self.number += 1
        paper = in_document_order(data.draw(papers(self.naive, self.number)))
        assert Counter(self.desk.hand_in(as_document(paper))) == self.naive.hand_in(paper)

    @invariant()
    def the_same_is_kept(self) -> None:
        """Compare live entries, their owners, and the latest versions."""
        rows = (row for row in snapshot(self.desk.register.store).rows(Table.ENTRIES))
        kept = {id: row.owner for id, row in rows if isinstance(row, EntryRow) and row.is_live}
        assert kept == {key(name): key(owner) if owner else "" for name, owner in self.naive.live().items()}
        for name, (_, version) in self.naive.sets.items():
            row = self.desk.view.set(key(name))
            assert row is not None
            assert row.version == version

    def teardown(self) -> None:
        """Close the store."""
        self.store.close()


class DurableChains(Chains):
    """The same as ``Chains``, with a durable store that is sometimes closed and opened again."""

    kind: Kind

    def open(self) -> Store:
        self.folder = Path(tempfile.mkdtemp())
        return self.kind.opened(self.folder)

    @rule()
    def start_again(self) -> None:
        """Open the store again, as another process does."""
        self.store.close()
        self.store = self.kind.opened(self.folder)
        self.desk = Desk(self.store)

    def teardown(self) -> None:
        super().teardown()
        shutil.rmtree(self.folder)


PLAY = settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
TestChains = Chains.TestCase
TestChains.settings = PLAY
for name, kind in DURABLE.items():
    played = type(f"ChainsIn{name.title()}", (DurableChains,), {"kind": kind}).TestCase
    played.settings = settings(PLAY, max_examples=10)
    globals()[f"TestChainsIn{name.title()}"] = played


@pytest.mark.slow
@pytest.mark.timeout(600)
class TestManyChains(Chains.TestCase):  # type: ignore[name-defined]
    """The same as ``Chains``, with many more examples."""

    settings = settings(PLAY, max_examples=150)
