"""A register stores the documents of the builders. The code of every page in the cookbook is run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import mockregister.builders
from mockregister.builders import (
    REPORTS,
    a_correction,
    a_move,
    a_nullifying_document,
    a_replacement,
    a_report,
    a_visit,
    an_addendum,
    an_admission,
    an_episode,
    as_it_stands,
    at,
    cookbook,
    shortened,
    sks,
    with_new_ids,
)
from mockregister.builders.operations import OPERATIONS, Submissions
from mockregister.errors import NotFound
from mockregister.model import ClinicalDocument, Relation
from mockregister.testing import Lpr3, assert_refused, assert_stored, server

FOLDER = Path(__file__).parents[1] / "docs" / "cookbook"
CODE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with server() as address:
        yield address


@pytest.fixture
def lpr3(url: str) -> Iterator[Lpr3]:
    register = Lpr3(url)
    register.client.sending = replace(register.client.sending, service="save-if-no-errors")
    yield register
    register.delete()


def test_the_cookbook_is_up_to_date_with_the_operations() -> None:
    written = {page.name: page.read_text("utf-8") for page in FOLDER.iterdir()}
    assert written == cookbook.pages(), "run: python -m mockregister.builders.cookbook docs/cookbook"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.__name__)
def test_the_documents_of_an_operation_are_stored(operation: Callable[[], Submissions], lpr3: Lpr3) -> None:
    for sent in operation():
        assert_stored(lpr3.submit(*(sent if isinstance(sent, tuple) else (sent,))))


@pytest.mark.parametrize("page", sorted(FOLDER.glob("*.md")), ids=lambda page: page.stem)
def test_the_code_of_a_page_runs_without_changes(page: Path, lpr3: Lpr3) -> None:
    names = {name: getattr(mockregister.builders, name) for name in mockregister.builders.__all__}
    for code in CODE.findall(page.read_text("utf-8")):
        lpr3.reset()
        exec(code, {**names, "lpr3": lpr3, "replace": replace})
        exchanges = lpr3.requests.find()
        assert exchanges
        assert all(exchange["outcome"] == "Success" and not exchange["findings"] for exchange in exchanges)


def test_the_example_for_pytest_runs_without_changes(lpr3: Lpr3) -> None:
    page = (FOLDER.parent / "testing-with-pytest.md").read_text("utf-8")
    [code] = [code for code in CODE.findall(page) if "mockregister.builders" in code]
    names: dict[str, Any] = {"assert_stored": assert_stored}
    exec(code, names)
    names["test_a_shorter_visit"](lpr3)
    assert [exchange["outcome"] for exchange in lpr3.requests.find()] == ["Success", "Success"]


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_can_be_added_to_a_set(name: str, lpr3: Lpr3) -> None:
    visit = a_visit()
    assert_stored(lpr3.submit(visit))
    assert_stored(lpr3.submit(a_report(name, after=visit)))
    [report] = lpr3.api.find("results")
    assert report["name"]["code"] == name


def test_an_unknown_report_is_refused() -> None:
    with pytest.raises(NotFound, match="no result report 'RAA11'"):
        a_report("RAA11")


@pytest.mark.parametrize("made", [an_admission(end=None), a_visit(end=None), a_visit(minor_conditions=["DE119", "DI489"])])
def test_a_first_report_is_stored(made: ClinicalDocument, lpr3: Lpr3) -> None:
    assert_stored(lpr3.submit(made))


def test_arguments_are_put_into_the_document() -> None:
    visit = a_visit(main_condition="DJ189", start="2019-06-03 09:00", end="2019-06-03 09:30", unit="1", custodian="12345678")
    assert (visit.conditions[0].code.display, visit.custodian) == ("Pneumoni UNS", "12345678")
    assert (visit.encounters[0].stays[0].end, visit.encounters[0].stays[0].unit) == (at("2019-06-03 09:30"), "1")


def test_a_shared_register_accepts_the_same_document_with_new_ids(lpr3: Lpr3) -> None:
    visit = a_visit()
    assert_stored(lpr3.submit(visit))
    assert_refused(lpr3.submit(visit), "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT")
    first, second = with_new_ids(visit, an_addendum(visit))
    assert_stored(lpr3.submit(first, second))
    assert with_new_ids(visit, seed="a") == with_new_ids(visit, seed="a") != with_new_ids(visit, seed="b")


def test_as_it_stands_returns_the_live_entries_of_a_set(lpr3: Lpr3) -> None:
    visit = a_visit(minor_conditions=["DE119"], procedures=["UXUC80"])
    shorter = a_correction(visit, shortened(visit.encounters[0], end="2019-05-02 11:30"))
    further = an_addendum(as_it_stands(visit, shorter))
    without = a_nullifying_document(as_it_stands(visit, shorter, further), visit.conditions[1])
    chain = [visit, shorter, further, without]
    assert_stored(lpr3.submit(*chain))
    standing = as_it_stands(*chain)
    assert {entry.id.extension for entry in standing.entries()} == {
        element["id"]["extension"]
        for resource in ("episodes-of-care", "encounters", "procedures", "conditions")
        for element in lpr3.api.find(resource)
    }
    assert standing.encounters[0].end == at("2019-05-02 11:30")
    assert_stored(lpr3.submit(a_replacement(standing, *standing.entries())))


def test_as_it_stands_leaves_out_replaced_and_nullified_entries() -> None:
    visit = a_visit(procedures=["UXUC80"])
    gone = a_nullifying_document(visit, visit.encounters[0])
    assert [*as_it_stands(visit, gone).entries()] == list(visit.episodes)
    empty = a_replacement(visit)
    assert (empty.parent and empty.parent.relation, [*as_it_stands(visit, empty).entries()]) == (Relation.REPLACE, [])


def test_a_moved_encounter_keeps_its_id(lpr3: Lpr3) -> None:
    visit = a_visit()
    assert_stored(lpr3.submit(visit, a_move(visit, visit.encounters[0], onto=an_episode("new", start=at("2019-05-01 09:00")))))
    [encounter] = lpr3.api.find("encounters")
    assert encounter["id"]["extension"] == visit.encounters[0].id.extension
    assert encounter["meta"]["episode_of_care"] != visit.episodes[0].id.extension.lower()


@pytest.mark.parametrize("make", [an_addendum, lambda after: a_report("RAA08", after=after)], ids=["addendum", "report"])
def test_a_further_visit_after_the_end_of_the_episode_gets_a_new_episode(
    make: Callable[[ClinicalDocument], ClinicalDocument], lpr3: Lpr3
) -> None:
    visit = a_visit()
    ended = replace(visit.episodes[0], end=at("2019-05-02 12:00"), completion=sks("ALAC01"))
    closed = a_correction(visit, ended)
    assert_stored(lpr3.submit(visit, closed, make(as_it_stands(visit, closed))))
    assert len(lpr3.api.find("episodes-of-care")) == 2


def test_a_further_visit_in_an_empty_set_gets_a_new_episode(lpr3: Lpr3) -> None:
    visit = a_visit()
    empty = a_replacement(visit)
    assert_stored(lpr3.submit(visit, empty, an_addendum(empty)))


def test_a_following_document_needs_the_time_of_the_earlier_one() -> None:
    with pytest.raises(ValueError, match="has no time stamp"):
        an_addendum(a_visit(effective_time=None))
