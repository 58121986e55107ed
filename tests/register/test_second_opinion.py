"""Random chains of documents, played against the register and against ``naive.py``: both report the same and store the same."""

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
from tests.register.naive import Naive, Paper, Said
from tests.snapshots import snapshot

# A thread of the connection pool may use random while a document is drawn; what is drawn does not depend on it.
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
def statements(draw: st.DrawFn, naive: Naive, paper: Paper) -> list[Said]:
    """What a document may state: mostly what makes sense in its set, now and then anything."""
    said: list[Said] = []
    for kind in draw(st.lists(st.sampled_from(list(OWNERS)), max_size=6)):
        one = draw(wild_statements(kind) if draw(rarely) else sensible_statements(naive, paper, kind, said))
        if one is None:
            continue
        one.main = kind == "condition" and draw(st.booleans())
        said.append(one)
        if kind == "episode" and draw(st.booleans()):
            said.append(Said("marker", draw(st.sampled_from(NAMES["marker"])), ("episode", one.name, True)))
    return said


rarely = st.sampled_from([False] * 14 + [True])


@st.composite
def sensible_statements(draw: st.DrawFn, naive: Naive, paper: Paper, kind: str, said: list[Said]) -> Said | None:
    """A new entry, an update or a move, on something that is there; None where nothing is."""
    taken = {one.name for one in said}
    starts_anew = paper.follows is not None and paper.follows[0] == "replace"
    own = {name: known for name, known in naive.entries.items() if known.set == paper.set}
    fresh = [name for name in NAMES[kind] if name not in naive.entries.keys() | taken]
    again = [name for name, known in own.items() if known.kind == kind and known.status == "live" and name not in taken]
    owners: list[tuple[str, str, bool] | None] = [(one.kind, one.name, True) for one in said if one.kind in OWNERS[kind]]
    if not starts_anew:
        live = [(known.kind, name) for name, known in own.items() if known.status == "live"]
        owners += [(owner, name, False) for owner, name in live if owner in OWNERS[kind] and name not in taken]
    if kind == "episode":
        owners = [None]
    if not owners or not fresh + again:
        return None
    name = draw(st.sampled_from(fresh[:1] + again))
    return Said(kind, name, draw(st.sampled_from(owners)), name in again and not starts_anew)


@st.composite
def wild_statements(draw: st.DrawFn, kind: str) -> Said:
    """Any id, on anything, whether it is there or not."""
    owner = None
    if kind != "episode":
        wanted = draw(st.sampled_from(OWNERS[kind]))
        owner = (wanted, draw(st.sampled_from(NAMES[wanted] + STRANGERS)), draw(st.booleans()))
    return Said(kind, draw(st.sampled_from(NAMES[kind] * 3 + STRANGERS)), owner, draw(st.booleans()))


@st.composite
def papers(draw: st.DrawFn, naive: Naive, number: int) -> Paper:
    """The next document of a set, mostly as it should be."""
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
    """What a document may take back: mostly what is there."""
    if draw(st.integers(0, 3)):
        return []
    any_of_them = draw(rarely)
    said = {one.name for one in paper.said}
    known = [
        (one.kind, name)
        for name, one in naive.entries.items()
        if any_of_them or (one.set == paper.set and one.status == "live" and name not in said)
    ]
    return draw(st.lists(st.sampled_from(known), max_size=2, unique=True)) if known else []


def as_document(paper: Paper) -> ClinicalDocument:
    """The paper as the model has it."""
    root = uuid(paper.set)

    def an_id(name: str) -> Identifier:
        return Identifier(root, uuid(name))

    def reference(kind: str, name: str, internal: bool) -> Reference:
        return Reference(Scope.INTERNAL if internal else Scope.EXTERNAL, KINDS[kind], an_id(name))

    def of(kind: str) -> list[tuple[dict[str, object], Said]]:
        return [
            ({"id": an_id(one.name), "replaces": reference(kind, one.name, False) if one.replaces else None}, one)
            for one in paper.said
            if one.kind == kind
        ]

    parent = None
    if paper.follows is not None:
        relation, name, version = paper.follows
        parent = ParentDocument(Relation.APPEND if relation == "append" else Relation.REPLACE, an_id(name), root, version)
    markers = [(one.owner[1], a_marker(id=an_id(one.name))) for one in paper.said if one.kind == "marker" and one.owner]
    episodes, seen = [], set()
    for fields, one in of("episode"):
        own = [marker for owner, marker in markers if owner == one.name and one.name not in seen]
        episodes.append(an_episode(markers=own, **fields))
        seen.add(one.name)
    return a_document(
        set_id=root,
        id=an_id(paper.name),
        version=paper.version,
        parent=parent,
        episodes=episodes,
        encounters=[an_encounter(episode=reference(*one.owner), **fields) for fields, one in of("encounter") if one.owner],
        procedures=[a_procedure(owner=reference(*one.owner), **fields) for fields, one in of("procedure") if one.owner],
        conditions=[
            a_condition(encounter=reference(*one.owner), main=one.main, **fields)
            for fields, one in of("condition")
            if one.owner
        ],
        organizers=[an_organizer(cause=reference(*one.owner), **fields) for fields, one in of("report") if one.owner],
        nullified=[Nullification(reference(kind, name, False)) for kind, name in paper.gone],
    )


def in_document_order(paper: Paper) -> Paper:
    """The paper with its entries in the order in which a document has them, markers with the first of their episodes."""
    ordered = []
    for kind in ("episode", "encounter", "procedure", "condition", "report"):
        seen: set[str] = set()
        for one in (one for one in paper.said if one.kind == kind):
            ordered.append(one)
            if kind == "episode" and one.name not in seen:
                ordered += [mark for mark in paper.said if mark.kind == "marker" and mark.owner and mark.owner[1] == one.name]
            seen.add(one.name)
    paper.said = ordered
    return paper


class Chains(RuleBasedStateMachine):
    """Hands each document to both."""

    def __init__(self) -> None:
        super().__init__()
        self.naive, self.number, self.store = Naive(), 0, self.open()
        self.desk = Desk(self.store)

    def open(self) -> Store:
        """The store that is played on."""
        return MemoryStore()

    @rule(data=st.data())
    def hand_in(self, data: st.DataObject) -> None:
        """The next document."""
        self.number += 1
        paper = in_document_order(data.draw(papers(self.naive, self.number)))
        assert Counter(self.desk.hand_in(as_document(paper))) == self.naive.hand_in(paper)

    @invariant()
    def the_same_is_kept(self) -> None:
        """Live entries, what they hang on, and the latest versions."""
        rows = (row for row in snapshot(self.desk.register.store).rows(Table.ENTRIES))
        kept = {id: row.owner for id, row in rows if isinstance(row, EntryRow) and row.is_live}
        assert kept == {key(name): key(owner) if owner else "" for name, owner in self.naive.live().items()}
        for name, (_, version) in self.naive.sets.items():
            row = self.desk.view.set(key(name))
            assert row is not None
            assert row.version == version

    def teardown(self) -> None:
        """Let go of the store."""
        self.store.close()


class DurableChains(Chains):
    """The same, with a new start now and then, of a store that outlives the process."""

    kind: Kind

    def open(self) -> Store:
        self.folder = Path(tempfile.mkdtemp())
        return self.kind.opened(self.folder)

    @rule()
    def start_again(self) -> None:
        """Another process takes over."""
        self.store.close()
        self.store = self.kind.opened(self.folder)
        self.desk = Desk(self.store)

    def teardown(self) -> None:
        super().teardown()
        shutil.rmtree(self.folder)


PLAY = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
TestChains = Chains.TestCase
TestChains.settings = PLAY
for name, kind in DURABLE.items():
    played = type(f"ChainsIn{name.title()}", (DurableChains,), {"kind": kind}).TestCase
    played.settings = settings(PLAY, max_examples=10)
    globals()[f"TestChainsIn{name.title()}"] = played


@pytest.mark.slow
@pytest.mark.timeout(600)
class TestManyChains(Chains.TestCase):  # type: ignore[name-defined]
    """Many more of them."""

    settings = settings(PLAY, max_examples=150)
