"""Stored documents are read: the same on all stores, consistent while others write, and with work in proportion to the result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest

from mockregister.finding import Finding, Level, Severity, Subject
from mockregister.model import Code, EntryKind, Relation
from mockregister.register.elements import DocumentStanding, Standing
from mockregister.register.filters import Filter
from mockregister.register.indexes import BY_CODE, BY_STANDING, INDEXES, Index, codes_in, units_in
from mockregister.register.overlay import Overlay
from mockregister.register.purge import PurgeScope, purge
from mockregister.register.query import Reader
from mockregister.register.store import Rows
from tests.builders import (
    SET_ID,
    UNIT,
    a_condition,
    a_document,
    a_marker,
    a_nullification,
    a_patient,
    a_procedure,
    a_referral,
    a_stay,
    an_encounter,
    an_episode,
    an_id,
    an_organizer,
    at,
    external,
    internal,
    the_next_document,
    uuid,
)
from tests.register.desk import CONDITION, ENCOUNTER, EPISODE, MARKER, ORGANIZER, PROCEDURE, Desk, key


def reader(desk: Desk, **moved: Any) -> Reader:
    return Reader(desk.look(), desk.register.codes, desk.register.clock.now() + timedelta(**moved))


def keys(desk: Desk, kind: EntryKind, **wanted: Any) -> list[str]:
    return [element.key for element in reader(desk).elements(kind, Filter(**wanted))]


def names(*some: str) -> list[str]:
    return [key(name) for name in some]


def a_set(name: str, **fields: Any) -> Any:
    """Return a document in its own set, with an episode of care of the same name."""
    root = uuid(f"set of {name}")
    fields.setdefault("episodes", [an_episode(id=an_id(name, root))])
    return a_document(set_id=root, name=f"document of {name}", **fields)


def keep(desk: Desk, *documents: Any, **how: Any) -> None:
    assert desk.hand_in(*documents, **how) == []


def a_finding(rule: str = "05.53", kind: str = "encounter", at: str = "encounter", **fields: Any) -> Finding:
    subject = Subject((SET_ID, uuid("episode")), kind, (SET_ID, uuid(at)))
    return Finding(Level.BUSINESS_RULE, "Noget", code=rule, subject=subject, **fields)


def test_the_codes_of_an_entry_are_all_codes_in_it() -> None:
    referral = a_referral(origin=Code("alda30"))
    episode = an_episode(referral=referral, markers=[a_marker(code=Code("AFB1"))])
    assert codes_in(episode) == {"ALDB00", "ALDA30", "ALAL02", "AFB1"}


def test_the_units_of_an_entry_do_not_include_the_referring_unit() -> None:
    assert units_in(an_episode(referral=a_referral(referrer="1"), responsible_unit="2")) == {"2"}
    assert units_in(an_encounter(responsible_unit="2", stays=[a_stay(unit="3")])) == {"2", "3"}
    assert units_in(a_procedure(producer="4")) == {"4"}
    assert units_in(a_condition()) == frozenset()


def test_indexes_have_different_names() -> None:
    assert len({index.name for index in INDEXES}) == len(INDEXES)


def test_the_newest_elements_are_found_first(desk: Desk) -> None:
    for name in ("first", "second", "third"):
        keep(desk, a_set(name))
    assert keys(desk, EPISODE) == keys(desk, EPISODE, code="ALAL02") == names("third", "second", "first")


def test_an_element_must_match_all_filters(desk: Desk) -> None:
    keep(desk, a_document(episodes=[an_episode()], encounters=[an_encounter()], conditions=[a_condition()]))
    assert keys(desk, CONDITION, code="DI1*", label="ALAL02", type="ALCA00", sor=UNIT) == names("condition")
    assert keys(desk, CONDITION, code="DI1*", label="ALAL99") == []


@pytest.mark.parametrize("pattern", ["DI109", "di109", "DI10*", "DI*", "D*", "*"])
def test_elements_are_found_by_a_whole_code_or_its_beginning(desk: Desk, pattern: str) -> None:
    keep(desk, a_document(episodes=[an_episode()], encounters=[an_encounter()], conditions=[a_condition()]))
    assert keys(desk, CONDITION, code=pattern) == names("condition")


@pytest.mark.parametrize("pattern", ["DI10", "DI1090", "DI2*", "I109", ""])
def test_elements_are_not_found_by_other_parts_of_a_code(desk: Desk, pattern: str) -> None:
    keep(desk, a_document(episodes=[an_episode()], encounters=[an_encounter()], conditions=[a_condition()]))
    assert keys(desk, CONDITION, code=pattern) == []


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("2019-05-02 12:00", None, True),
        ("2019-05-02 12:01", None, False),
        (None, "2019-05-02 08:00", True),
        (None, "2019-05-02 07:59", False),
        ("2019-05-02 09:00", "2019-05-02 10:00", True),
    ],
)
def test_elements_that_overlap_a_period_are_found(desk: Desk, since: str | None, until: str | None, found: bool) -> None:
    keep(desk, a_document(episodes=[an_episode()], encounters=[an_encounter()], conditions=[a_condition()]))
    wanted = {"since": since and at(since), "until": until and at(until)}
    assert keys(desk, ENCOUNTER, **wanted) == (names("encounter") if found else [])
    assert keys(desk, CONDITION, **wanted) == (names("condition") if found else []), "it has the times of its encounter"


def test_an_element_without_an_end_overlaps_every_later_period(desk: Desk) -> None:
    keep(desk, a_document(episodes=[an_episode(end=None)]))
    assert keys(desk, EPISODE, since=at("2900-01-01 00:00")) == names("episode")


def test_an_element_without_its_own_end_is_open_as_long_as_its_owner(desk: Desk) -> None:
    organizer = an_organizer(cause=internal(CONDITION, "condition"))
    document = a_document(
        episodes=[an_episode()], encounters=[an_encounter()], conditions=[a_condition()], organizers=[organizer]
    )
    keep(desk, document)
    standing = {kind: reader(desk).element(key(name)) for kind, name in ((EPISODE, "episode"), (ORGANIZER, "organizer"))}
    assert [element.standing for element in standing.values() if element] == [Standing.OPEN, Standing.CLOSED]


def test_elements_are_found_by_the_time_of_their_last_document(desk: Desk) -> None:
    desk.register.clock.freeze(at("2019-05-01 10:00"))
    keep(desk, a_document(episodes=[an_episode()], encounters=[an_encounter()]))
    desk.register.clock.freeze(at("2019-05-03 10:00"))
    changed = an_encounter(episode=external(EPISODE, "episode"), stays=(), replaces=external(ENCOUNTER, "encounter"))
    keep(desk, the_next_document(encounters=[changed]))
    keep(desk, a_set("late"))
    since = at("2019-05-03 10:00")
    assert keys(desk, ENCOUNTER, submitted_since=since) == names("encounter")
    assert keys(desk, EPISODE, submitted_since=since) == names("late")
    assert keys(desk, EPISODE, submitted_since=since + timedelta(seconds=1)) == []
    assert len(keys(desk, EPISODE, submitted_since=at("0001-01-02 00:00"))) == 2
    found = reader(desk)
    assert {row.root for row in found.sets(Filter(submitted_since=since))} == {SET_ID, uuid("set of late")}
    assert len(list(found.documents(Filter(submitted_since=since)))) == 2
    assert len(list(found.submissions(Filter(submitted_since=since)))) == 2


def test_a_moved_element_is_found_at_its_new_place(desk: Desk) -> None:
    episodes = [an_episode(), an_episode("other", label=Code("ALAL03"))]
    keep(desk, a_document(episodes=episodes, encounters=[an_encounter()], conditions=[a_condition()]))
    moved = an_encounter(episode=external(EPISODE, "other"), replaces=external(ENCOUNTER, "encounter"))
    keep(desk, the_next_document(encounters=[moved]))
    assert keys(desk, CONDITION, label="ALAL02") == []
    assert keys(desk, CONDITION, label="ALAL03") == names("condition")


def test_an_element_that_left_an_index_and_came_back_is_found_once(desk: Desk) -> None:
    keep(desk, a_document(episodes=[an_episode()], encounters=[an_encounter()], conditions=[a_condition()]))
    for version, code in ((2, "DI119"), (3, "DI109")):
        owner = external(ENCOUNTER, "encounter")
        again = a_condition(code=Code(code), encounter=owner, replaces=external(CONDITION, "condition"))
        keep(desk, the_next_document(version=version, conditions=[again]))
    assert desk.look().postings(BY_CODE, "condition DI109") >= 1
    assert keys(desk, CONDITION, code="DI109") == names("condition")


def test_removed_elements_are_found_by_how_they_were_removed(desk: Desk) -> None:
    keep(desk, a_document(episodes=[an_episode()], encounters=[an_encounter()], conditions=[a_condition()]))
    keep(desk, the_next_document(nullified=[a_nullification(ENCOUNTER, "encounter")]))
    keep(desk, the_next_document(Relation.REPLACE, version=3, episodes=[an_episode("new")]))
    assert keys(desk, ENCOUNTER, status=Standing.NULLIFIED) == names("encounter")
    assert keys(desk, CONDITION, status=Standing.NULLIFIED, code="DI109") == names("condition")
    assert keys(desk, EPISODE, status=Standing.DROPPED) == names("episode")
    assert keys(desk, EPISODE) == names("new")


def test_elements_and_their_episode_are_found_by_their_findings(desk: Desk) -> None:
    keep(desk, a_document(episodes=[an_episode()], encounters=[an_encounter()]), findings=[a_finding()])
    assert keys(desk, ENCOUNTER, rule="05.53") == keys(desk, ENCOUNTER, has=Severity.ERROR) == names("encounter")
    assert keys(desk, EPISODE, rule="05.53", has=Severity.ERROR) == keys(desk, EPISODE, outstanding=True) == names("episode")
    assert keys(desk, EPISODE, rule="05.53", has=Severity.WARNING) == keys(desk, PROCEDURE, rule="05.53") == []


def test_findings_on_the_patient_belong_to_the_episode(desk: Desk) -> None:
    finding = a_finding("01.01", kind="patient", at="episode")
    keep(desk, a_document(episodes=[an_episode()], encounters=[an_encounter()]), findings=[finding])
    found = {name: reader(desk).element(key(name)) for name in ("episode", "encounter")}
    assert {name: [finding.code for finding in element.findings] for name, element in found.items() if element} == {
        "episode": ["01.01"],
        "encounter": [],
    }


def test_a_warning_is_an_error_after_its_deadline_fact_112(desk: Desk) -> None:
    deadline = desk.register.clock.now() + timedelta(days=1)
    warning = a_finding("05.01-w", severity=Severity.WARNING, error_by=deadline)
    keep(desk, a_document(episodes=[an_episode()], encounters=[an_encounter()]), findings=[warning])
    before, after = reader(desk), reader(desk, days=2)
    assert [each.key for each in before.elements(ENCOUNTER, Filter(has=Severity.WARNING, rule="05.01-w"))] == names("encounter")
    assert list(before.elements(ENCOUNTER, Filter(has=Severity.ERROR))) == []
    assert [element.key for element in after.elements(ENCOUNTER, Filter(has=Severity.ERROR, rule="05.01"))] == names("encounter")
    assert list(after.elements(ENCOUNTER, Filter(has=Severity.WARNING))) == []


def test_a_patient_with_many_sets_is_found_once(desk: Desk) -> None:
    for name in ("one", "two"):
        keep(desk, a_set(name))
    keep(desk, a_set("other", patient=a_patient("0101019999")))
    assert [element.key for element in reader(desk).patients(Filter())] == ["0101019999", "2512489996"]
    assert len(reader(desk).patient("2512489996").sets) == 2  # type: ignore[union-attr]
    assert reader(desk).patient("1") is None


def test_documents_say_whether_they_are_current_replaced_or_removed(desk: Desk) -> None:
    keep(desk, a_document(episodes=[an_episode()]))
    keep(desk, the_next_document(Relation.REPLACE, episodes=[an_episode()]))
    keep(desk, a_set("gone"))
    standing = {document.id: document.standing for document in reader(desk).documents(Filter())}
    assert standing == {
        key("document 1"): DocumentStanding.REPLACED,
        key("document 2"): DocumentStanding.CURRENT,
        key("document of gone"): DocumentStanding.CURRENT,
    }
    removal = the_next_document(version=3, nullified=[a_nullification(EPISODE, "episode")])
    keep(desk, removal)
    found = {document.id: document.standing for document in reader(desk).documents(Filter(set=SET_ID))}
    assert set(found.values()) == {DocumentStanding.REMOVED}


def test_a_reader_sees_the_state_of_one_moment(desk: Desk) -> None:
    keep(desk, a_set("before"))
    found = reader(desk)
    walk = found.elements(EPISODE, Filter())
    keep(desk, a_set("after"))
    assert [element.key for element in walk] == names("before")


class Watched(Overlay):
    """Rows that record which indexes are read, and which ids are taken from them."""

    def __init__(self, below: Rows) -> None:
        super().__init__(below)
        self.walked: list[Index] = []
        self.taken: list[str] = []

    def posted(self, index: Index, key: str, /) -> Iterator[str]:
        self.walked.append(index)
        for id in super().posted(index, key):
            self.taken.append(id)
            yield id


def watched(desk: Desk) -> tuple[Watched, Reader]:
    """Return a reader and the recording rows that it reads."""
    rows = Watched(desk.look())
    return rows, Reader(rows, desk.register.codes, desk.register.clock.now())


def test_a_page_reads_no_more_rows_than_it_shows(desk: Desk) -> None:
    for number in range(20):
        keep(desk, a_set(f"episode {number}"))
    rows, reading = watched(desk)
    assert len(list(islice(reading.elements(EPISODE, Filter()), 5))) == len(rows.taken) == 5


def test_the_index_with_the_fewest_rows_is_used(desk: Desk) -> None:
    for number in range(20):
        keep(desk, a_set(f"episode {number}"))
    rare = uuid("rare set")
    keep(desk, a_set("rare", episodes=[an_episode(id=an_id("rare", uuid("set of rare")), label=Code("ALAL99"))]))
    rows, reading = watched(desk)
    found = reading.elements(EPISODE, Filter(label="ALAL99", patient="2512489996"))
    assert [element.key for element in found] == names("rare")
    assert BY_STANDING not in rows.walked
    assert rare not in keys(desk, EPISODE, label="ALAL*", set=uuid("set of rare"))


def test_deleted_elements_are_not_found(desk: Desk) -> None:
    keep(desk, a_set("gone"))
    keep(desk, a_set("stays"))
    desk.register.change(lambda rows: purge(rows, PurgeScope(set=uuid("set of gone").lower())))
    assert keys(desk, EPISODE) == keys(desk, EPISODE, code="ALAL02") == keys(desk, EPISODE, sor=UNIT) == names("stays")
    keep(desk, a_set("gone"))
    assert keys(desk, EPISODE) == names("gone", "stays")


def test_markers_are_found_like_other_elements(desk: Desk) -> None:
    keep(desk, a_document(episodes=[an_episode(markers=[a_marker()])]))
    [marker] = reader(desk).elements(MARKER, Filter(code="AFB*", sor=UNIT))
    assert (marker.episode, marker.standing) == (key("episode"), Standing.OPEN)
    changed = replace(an_episode(markers=[]), replaces=external(EPISODE, "episode"))
    keep(desk, the_next_document(episodes=[changed]))
    assert keys(desk, MARKER) == []
    assert keys(desk, MARKER, status=Standing.DROPPED) == names("marker")
