"""``/__admin/exams`` starts, judges, resets and ends exam sittings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from mockregister.builders.terms import sks
from mockregister.document import writer
from mockregister.exam.answering import answers
from mockregister.mocking.sitting import Sitting
from mockregister.model import ClinicalDocument
from mockregister.model.plain import from_plain
from tests import postgresql
from tests.exam.conftest import VISIT
from tests.web.admin.conftest import Bench, bench_of

QUICK = ["diagnosis-report", "late-report"]
NOON = datetime.fromisoformat("2026-06-17T12:00:00+02:00")


@pytest.fixture(scope="module")
def sitters() -> Iterator[Bench]:
    """Start a server on a date on which every story is possible."""
    yield from bench_of(clock=NOON)


def story_of(bench: Bench, name: str) -> dict[str, list[ClinicalDocument]]:
    """Return the documents of a model answer, story by story."""
    told = bench.get(f"exams/{name}/sitting")
    return dict(answers(from_plain(Sitting, told["sitting"]), datetime.fromisoformat(told["now"])))


def sit(bench: Bench, name: str) -> None:
    """Submit all documents of our own generator."""
    for documents in story_of(bench, name).values():
        for document in documents:
            assert bench.submit(writer.write(document), register=name, service="save").status == "Success"


def standings(bench: Bench, name: str) -> set[str]:
    report = bench.get(f"exams/{name}")
    return {each["standing"] for story in report["stories"] for each in story["expectations"]}


def test_a_sitting_is_started_and_passed(sitters: Bench) -> None:
    told = sitters.post("exams", name="north", stories=QUICK)
    assert told == {"name": "north", "url": "http://localhost/r/north/", "day0": "2026-06-17", "stories": 2, "reported_before": 0}
    assert standings(sitters, "north") == {"not yet tried"}
    sit(sitters, "north")
    assert standings(sitters, "north") == {"met"}
    progress = next(each for each in sitters.get("exams")["exams"] if each["register"] == "north")
    assert (progress["stories"], progress["met"], progress["missed"], progress["untried"]) == (2, 12, 0, 0)


def test_a_report_states_its_time_its_edition_and_the_sent_documents(sitters: Bench) -> None:
    sitters.post("exams", name="filed", stories=["late-report"])
    sit(sitters, "filed")
    report = sitters.get("exams/filed")
    assert (report["edition"], report["at"][:10], report["day0"]) == ("2023-09-18", "2026-06-17", "2026-06-17")
    (sent,) = report["sent"]
    assert (sent["story"], sent["person"], sent["version"], len(sent["sha256"])) == ("late-report", "patient", 1, 64)
    page = sitters.call("GET", "exams/filed", query_string={"format": "html", "language": "da"})
    assert sent["sha256"] in page.text
    assert "Bestået" in page.text


def test_a_mistake_is_found_and_reported_with_its_line(sitters: Bench) -> None:
    sitters.post("exams", name="mistaken", stories=["late-report"])
    (document,) = story_of(sitters, "mistaken")["late-report"]
    wrong = replace(document, conditions=(replace(document.conditions[0], side=sks("TUL2")),))
    sitters.submit(writer.write(wrong), register="mistaken", service="save")
    (story,) = sitters.get("exams/mistaken")["stories"]
    (missed,) = [each for each in story["expectations"] if each["standing"] != "met"]
    assert missed["found"] == "condition found, but side TUL2 instead of TUL1"
    assert missed["place"]["line"] > 1
    text = sitters.call("GET", "exams/mistaken", query_string={"format": "text"}).text
    assert f"document version 1, line {missed['place']['line']}" in text


def test_refused_submissions_count_and_a_reset_starts_the_sitting_again(sitters: Bench) -> None:
    sitters.post("exams", name="again", stories=["late-report"])
    (document,) = story_of(sitters, "again")["late-report"]
    bad = writer.write(replace(document, conditions=(replace(document.conditions[0], code=sks("XX999")),)))
    for _ in range(3):
        assert sitters.submit(bad, register="again").status == "Failure"
    (refused,) = [each for each in every(sitters, "again") if each["kind"] == "refused"]
    assert (refused["standing"], refused["found"]) == ("missed", "3 refused")
    patients = sitters.get("exams/again/sitting")["sitting"]["patients"]
    Bench(sitters.http, "again").post("reset")
    assert standings(sitters, "again") == {"not yet tried"}
    assert sitters.get("exams/again/sitting")["sitting"]["patients"] == patients
    sit(sitters, "again")
    assert standings(sitters, "again") == {"met"}


def every(bench: Bench, name: str) -> list[Any]:
    return [each for story in bench.get(f"exams/{name}")["stories"] for each in story["expectations"]]


def test_junit_has_a_suite_for_each_story(sitters: Bench) -> None:
    sitters.post("exams", name="junit", stories=QUICK)
    told = sitters.call("GET", "exams/junit", query_string={"format": "junit"})
    root = etree.fromstring(told.data)
    assert [suite.get("name") for suite in root] == QUICK
    assert root[0].get("skipped") == root[0].get("tests") == "6"


def test_the_sheet_names_people_units_and_dates(sitters: Bench) -> None:
    sitters.post("exams", name="sheet", stories=["late-report"], roles={"acute": ["6071000016008"]})
    page = sitters.call("GET", "exams/sheet/sheet", query_string={"language": "da"})
    patient = sitters.get("exams/sheet/sitting")["sitting"]["patients"][0]
    assert f"{patient['cpr'][:6]}-{patient['cpr'][6:]}" in page.text
    assert "2026-05-03 20:00" in page.text
    assert "6071000016008" in page.text
    assert "{patient}" not in page.text
    assert "sha256-" in page.headers["Content-Security-Policy"]


def test_ten_sittings_at_once_share_nothing(sitters: Bench) -> None:
    names = [f"team-{number}" for number in range(10)]
    for name in names:
        sitters.post("exams", name=name, stories=["diagnosis-report"])
    sit(sitters, "team-3")
    assert [standings(sitters, name) == {"met"} for name in names] == [name == "team-3" for name in names]
    numbers = {sitters.get(f"exams/{name}/sitting")["sitting"]["patients"][0]["cpr"] for name in names}
    assert len(numbers) == 10


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        ({"name": "no/name"}, 422, "cannot name a register"),
        ({"name": ".."}, 422, "cannot name a register"),
        ({"name": "x", "stories": ["nothing"]}, 404, "There is no story 'nothing'"),
        ({"name": "x", "roles": {"mars": ["6071000016008"]}}, 422, "There is no role 'mars'"),
        ({"name": "x", "roles": {"acute": ["DI109"]}}, 422, "The role 'acute' needs a SOR id, not 'DI109'."),
        ({"name": "x", "own": [{"file": "a.yml", "text": "a: ["}]}, 422, "a.yml:"),
        ({"name": "x", "own": [{"file": "late-report.yml", "text": VISIT}], "stories": ["late-report"]}, 422, "two stories"),
        (
            {"name": "x", "own": [{"file": "a.yml", "text": f"{VISIT}  - error_list: empty\n"}]},
            422,
            "No mistake makes only this expectation fail",
        ),
        ({"stories": []}, 422, "name"),
    ],
)
def test_a_sitting_that_cannot_be_started_is_reported_and_leaves_no_register(
    sitters: Bench, body: dict[str, Any], status: int, sentence: str
) -> None:
    problem = sitters.problem("POST", "exams", json=body)
    assert problem["status"] == status
    assert sentence in json.dumps(problem, ensure_ascii=False)
    assert "x" not in [each["name"] for each in sitters.get("registers")["registers"]]


def test_a_sitting_must_be_ended_before_its_name_is_used_again(sitters: Bench) -> None:
    sitters.post("exams", name="once", stories=["diagnosis-report"])
    assert sitters.problem("POST", "exams", json={"name": "once"})["status"] == 409
    assert sitters.call("DELETE", "exams/once").status_code == 204
    assert sitters.problem("GET", "exams/once")["status"] == 404
    assert sitters.problem("DELETE", "exams/once")["status"] == 404
    sitters.post("exams", name="once", stories=["diagnosis-report"])


def test_a_sitting_says_how_many_reports_of_an_earlier_sitting_its_verdict_counts(sitters: Bench) -> None:
    sitters.post("exams", name="twice", stories=["late-report"])
    (document,) = story_of(sitters, "twice")["late-report"]
    bad = writer.write(replace(document, conditions=(replace(document.conditions[0], code=sks("XX999")),)))
    assert sitters.submit(bad, register="twice").status == "Failure"
    sit(sitters, "twice")
    assert sitters.call("DELETE", "exams/twice").status_code == 204
    assert sitters.post("exams", name="twice", stories=["late-report"])["reported_before"] == 2
    assert "met" in standings(sitters, "twice")


def test_a_story_that_needs_the_journal_is_refused_without_one() -> None:
    with closing(bench_of(clock=NOON, journal=0)) as server:
        problem = next(server).problem("POST", "exams", json={"name": "x", "stories": ["late-report"]})
    assert "late-report.yml:44: This cannot fail: 2 may be refused, and the journal remembers only 0" in problem["detail"]


def test_a_sitting_that_is_stored_in_a_folder_continues_after_a_restart(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"clock": NOON, "store": f"tinydb:{tmp_path}"}
    with closing(bench_of(**settings)) as server:
        bench = next(server)
        bench.post("exams", name="kept", stories=["diagnosis-report"])
        sit(bench, "kept")
    with closing(bench_of(**settings)) as server:
        bench = next(server)
        assert [each["register"] for each in bench.get("exams")["exams"]] == ["kept"]
        assert standings(bench, "kept") == {"met"}
        assert bench.call("DELETE", "exams/kept").status_code == 204
        assert bench.call("DELETE", "registers/kept").status_code == 204
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["default"]


def test_two_servers_on_a_database_share_a_sitting(tmp_path: Path) -> None:
    store = postgresql.url_for(tmp_path)
    with closing(bench_of(clock=NOON, store=store)) as first, closing(bench_of(clock=NOON, store=store)) as second:
        here, there = next(first), next(second)
        here.post("exams", name="shared", stories=QUICK, own=[{"file": "own.yml", "text": VISIT}])
        assert standings(there, "shared") == {"not yet tried"}
        assert there.problem("POST", "exams", json={"name": "shared"})["status"] == 409
        sit(there, "shared")
        assert standings(here, "shared") == {"met"}
        assert [each["register"] for each in there.get("exams")["exams"]] == ["shared"]
        Bench(there.http, "shared").post("reset")
        assert standings(here, "shared") == {"not yet tried"}
        assert here.call("DELETE", "exams/shared").status_code == 204
        assert there.problem("GET", "exams/shared")["status"] == 404


def test_people_on_the_sheet_live_where_their_story_says(sitters: Bench) -> None:
    sitters.post("exams", name="homes", stories=["faroese", "unknown-residence"])
    page = sitters.call("GET", "exams/homes/sheet").text
    assert re.search(r"<td>[^<,]+ \(5902\)</td>", page)
    assert re.search(r"<td>[^<]+, \d{4} [^<]+ \(0009\)</td>", page)
