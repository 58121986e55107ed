"""Everything about a patient, a set or a reporter is deleted, and nothing else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest

from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.model import Author, ClinicalDocument, SentDocument, Submission
from mockregister.register.indexes import INDEXES
from mockregister.register.memory_store import MemoryStore
from mockregister.register.purge import PurgeScope, purge
from mockregister.register.register import Register
from mockregister.register.rows import Table
from mockregister.register.state import State
from mockregister.settings import Settings
from tests.builders import (
    a_document,
    a_patient,
    an_alternatively_identified_patient,
    an_episode,
    an_id,
    the_next_document,
    uuid,
)
from tests.snapshots import snapshot

CODES = CodeTables.load()


@pytest.fixture
def register() -> Register:
    return Register(MemoryStore(), CODES, Clock(), Settings())


def keep(register: Register, *documents: ClinicalDocument) -> None:
    """Store documents as one submission without validating them."""
    sent = Submission(tuple(SentDocument(str(number), b"<x/>") for number, _ in enumerate(documents)))
    with register.draft(documents) as draft:
        draft.commit(sent, ())


def another(name: str, **fields: object) -> ClinicalDocument:
    """Return a document of the set called ``name``, with its own episode."""
    set_id = uuid(name)
    episode = replace(an_episode(), id=an_id(f"episode of {name}", set_id))
    return a_document(set_id=set_id, name=f"document of {name}", episodes=[episode], **fields)


def counts(register: Register) -> dict[str, int]:
    return {table.label: count for table in Table if (count := snapshot(register.store).count(table))}


def postings(register: Register) -> dict[tuple[str, str], int]:
    """Return how many entries every index has, by key."""
    state = snapshot(register.store)
    return {(index.name, key): state.postings(index, key) for index in INDEXES for key in state.keys(index)}


def remove(register: Register, **scope: str) -> None:
    register.change(lambda state: purge(state, PurgeScope(**scope)))


def test_a_set_is_deleted_with_all_its_versions_entries_and_events(register: Register) -> None:
    keep(register, another("other"))
    before = counts(register)
    keep(register, a_document(episodes=[an_episode()]))
    keep(register, the_next_document(episodes=[an_episode("second")]))
    remove(register, set=uuid("set").lower())
    assert counts(register) == before


def test_a_submission_stays_while_it_has_a_document(register: Register) -> None:
    keep(register, another("one"), another("two"))
    remove(register, set=uuid("one").lower())
    assert counts(register)["submissions"] == 1
    remove(register, set=uuid("two").lower())
    assert counts(register) == {}


def test_deleted_documents_leave_no_index_entries(register: Register) -> None:
    keep(register, another("other"))
    before = postings(register)
    for _ in range(3):
        keep(register, a_document(episodes=[an_episode()]))
        keep(register, the_next_document(episodes=[an_episode("second")]))
        remove(register, set=uuid("set").lower())
    assert postings(register) == before


def test_the_remaining_documents_are_found_in_their_order(register: Register) -> None:
    names = ("one", "two", "three")
    for name in names:
        keep(register, another(name))
    remove(register, set=uuid("two").lower())
    assert [id for id, _ in snapshot(register.store).rows(Table.SETS)] == [uuid("one").lower(), uuid("three").lower()]


@pytest.mark.parametrize("known_as", ["251248aag1", "2512489996"])
def test_a_patient_is_deleted_under_every_id(register: Register, known_as: str) -> None:
    alternative = an_alternatively_identified_patient("251248AAG1")
    keep(register, another("before", patient=alternative))
    keep(register, another("link", patient=replace(a_patient("2512489996"), alternative_ids=alternative.alternative_ids)))
    keep(register, another("stranger", patient=a_patient("0101011234")))
    assert counts(register)["links"] == 1
    remove(register, patient=known_as)
    assert (counts(register)["sets"], counts(register).get("links", 0)) == (1, 0)


@pytest.mark.parametrize(("scope", "left"), [({"author": "1"}, 1), ({"cvr": "2"}, 1), ({"author": "1", "cvr": "3"}, 2)])
def test_a_reporter_is_identified_by_author_or_custodian(register: Register, scope: dict[str, str], left: int) -> None:
    keep(register, another("one", author=Author("1"), custodian="2"))
    keep(register, another("two", author=Author("4"), custodian="3"))
    remove(register, **scope)
    assert counts(register)["sets"] == left


def test_a_reset_waits_for_running_submissions(register: Register) -> None:
    document, waiting = a_document(episodes=[an_episode()]), Event()

    def reset() -> None:
        waiting.set()
        register.store.fill(State())

    with ThreadPoolExecutor(1) as pool:
        with register.draft([document]) as draft:
            done = pool.submit(reset)
            assert waiting.wait(60)
            draft.commit(Submission((SentDocument("1", b"<x/>"),)), ())
        done.result(60)
    assert counts(register) == {}
