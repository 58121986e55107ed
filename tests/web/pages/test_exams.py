"""The page of exams starts, shows, prints and ends a sitting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest

from mockregister.document import writer
from mockregister.exam import library
from mockregister.exam.answering import answers
from tests.web.admin.conftest import Bench
from tests.web.pages.conftest import Reader, reader_of


@pytest.fixture(scope="module")
def sitter() -> Iterator[Reader]:
    """Return a reader of a server on a date on which every story is possible."""
    yield from reader_of(clock=datetime.fromisoformat("2026-06-17T12:00:00+02:00"))


def begun(reader: Reader, name: str, **form: Any) -> Reader:
    response = reader.send("/exams", name=name, stories=["diagnosis-report"], **form)
    assert "The sitting has begun" in response.text
    return Reader(reader.http, name)


def sit(reader: Reader) -> None:
    sitting = reader.namespace.sitting
    assert sitting is not None
    bench = Bench(reader.http, reader.register)
    for _, documents in answers(sitting, reader.namespace.register.clock.now()):
        for document in documents:
            bench.submit(writer.write(document), service="save")


def test_a_sitting_is_started_and_watched(sitter: Reader) -> None:
    team = begun(sitter, "watched", units="role,sor_id\nmedical,6071000016008")
    assert "0 of 6" in sitter.text("/exams/watched")
    before = sitter.ask("GET", "/exams/watched/live")
    headers = {"If-None-Match": before.headers["ETag"]}
    assert sitter.ask("GET", "/exams/watched/live", headers=headers).status_code == 304
    sit(team)
    assert "6 of 6" in sitter.ask("GET", "/exams/watched/live", headers=headers).text
    row = sitter.page("/exams").xpath("//tr[td/a='watched']/td")
    assert [cell.text_content() for cell in row][2:] == ["1", "6", "0", "0"]


def test_own_stories_can_be_uploaded(sitter: Reader) -> None:
    story = (BytesIO(library.template().encode()), "ours.yml")
    assert "The sitting has begun" in sitter.send("/exams", name="ours", own=[story]).text
    sitting = Reader(sitter.http, "ours").namespace.sitting
    assert [written.file for written in sitting.stories] == ["ours.yml"]  # type: ignore[union-attr]


def test_the_sheet_and_the_report_are_in_the_readers_language(sitter: Reader) -> None:
    begun(sitter, "printed")
    danish = {"headers": {"Accept-Language": "da"}}
    assert "Historier, der skal indberettes" in sitter.ask("GET", "/exams/printed/sheet", **danish).text
    assert "Ikke bestået" in sitter.ask("GET", "/exams/printed/report", **danish).text


def test_a_sitting_is_ended_and_its_register_stays(sitter: Reader) -> None:
    team = begun(sitter, "over")
    assert "The sitting is over" in sitter.send("/exams/over/end").text
    assert sitter.ask("GET", "/exams/over").status_code == 404
    assert team.namespace.sitting is None


def test_a_sitting_that_counts_reports_of_an_earlier_one_says_so(sitter: Reader) -> None:
    sit(begun(sitter, "twice"))
    sitter.send("/exams/twice/end")
    page = sitter.send("/exams", name="twice", stories=["diagnosis-report"]).text
    assert "The register already has reports about its people, and the verdict counts them" in page


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"name": "a b"}, "cannot name a register"),
        ({"name": "units", "units": "role,sor_id\nmars,6071000016008"}, "units:2: There is no role &#39;mars&#39;"),
        ({"name": "units", "units": "x"}, "units:1: The first line must be"),
        ({"name": "own", "own": (BytesIO(b"\xff"), "ours.yml")}, "ours.yml is not UTF-8 text"),
        ({"name": "own", "own": (BytesIO(b"title: x\n"), "ours.yml")}, "ours.yml:1: "),
    ],
)
def test_a_sitting_that_cannot_be_started_is_reported_on_a_page(sitter: Reader, form: dict[str, Any], sentence: str) -> None:
    response = sitter.send("/exams", **form)
    assert response.status_code == 422
    assert sentence in response.text
