"""A training server shows a banner, gives each visitor a register, and lists them for the instructor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from lxml import html

from mockregister.web.pages.pieces import SIZE
from mockregister.web.pages.training import as_register_name
from tests import postgresql
from tests.web.pages.conftest import Reader, document_with_a_violation, reader_of
from tests.web.pages.test_exams import sit


@pytest.fixture
def trainer() -> Iterator[Reader]:
    """Return a reader of a training server."""
    yield from reader_of(training="on")


def test_every_page_says_that_the_server_is_for_training(trainer: Reader, reader: Reader) -> None:
    for path in ("/", "/exchanges", "/control"):
        assert trainer.page(path).xpath("//aside[@class='training']")
        assert not reader.page(path).xpath("//aside[@class='training']")


def test_a_visitor_gets_a_register_and_can_return_to_it(trainer: Reader) -> None:
    for _ in range(2):
        response = trainer.ask("POST", "/training", data={"name": "Åse Bjørn", "seed": "empty"})
        assert (response.status_code, response.headers["Location"]) == (303, "/r/aase-bjoern/")
    learner = Reader(trainer.http, "aase-bjoern")
    learner.drop(document_with_a_violation(), service="validate")
    assert "aase-bjoern" in learner.page("/").xpath("//aside")[0].text_content()
    row = trainer.page("/training").xpath("//tbody/tr")[0]
    assert row.xpath("th/a/@href") == ["/r/aase-bjoern/"]
    assert row.xpath("td[@class='number']/a/text()")[:2] == ["1", "1"]


def test_an_instructor_can_reset_the_register_of_a_learner() -> None:
    with closing(reader_of(training="on", seed="birth")) as trainers:  # this seed is loaded fast
        trainer = next(trainers)
        trainer.send("/training", name="bo", seed="empty")
        learner = Reader(trainer.http, "bo")
        learner.drop(document_with_a_violation())
        page = html.fromstring(trainer.send("/training/again", name="bo").data.decode())
    assert page.xpath("//tbody/tr/td[1]//text()") == ["0"]


@pytest.mark.parametrize("name", ["", "  ", "default", "!!!"])
def test_a_missing_name_is_reported(trainer: Reader, name: str) -> None:
    response = trainer.send("/training", name=name)
    assert response.status_code == 422
    assert "Say who you are" in response.text


@pytest.mark.parametrize(
    ("said", "name"),
    [("Åse Bjørn", "aase-bjoern"), ("Zoë", "zoe"), ("a/../b", "a-b"), ("x" * 99, "x" * 40)],
)
def test_the_name_of_a_visitor_becomes_the_name_of_a_register(said: str, name: str) -> None:
    assert as_register_name(said) == name


def test_a_server_that_is_not_for_training_has_no_such_page(reader: Reader) -> None:
    assert reader.ask("GET", "/training").status_code == 404
    assert reader.ask("POST", "/training", data={"name": "bo"}).status_code == 404


def test_the_instructor_sees_the_progress_of_a_visitors_exam() -> None:
    with closing(reader_of(training="on", seed="empty", clock=datetime.fromisoformat("2026-06-17T12:00+02:00"))) as trainers:
        trainer = next(trainers)
        page = trainer.page("/training?stories=diagnosis-report,late-report")
        assert page.xpath("//input[@name='stories']/@value") == ["diagnosis-report", "late-report"]
        for name in ("ada", "bo"):
            form = {"name": name, "exam": "yes", "stories": ["diagnosis-report"]}
            assert trainer.ask("POST", "/training", data=form).headers["Location"] == f"/r/{name}/exams/{name}"
        learner = Reader(trainer.http, "ada")
        sit(learner)
        assert exams(trainer) == {"ada": "6 of 6", "bo": "0 of 6"}
        trainer.send("/training/again", name="ada")
        assert exams(trainer)["ada"] == "0 of 6"
        assert "0 of 6" in learner.text("/exams/ada")


def test_two_servers_on_a_database_share_the_learners(tmp_path: Path) -> None:
    how = {"training": "on", "seed": "empty", "store": postgresql.url_for(tmp_path)}
    how["clock"] = datetime.fromisoformat("2026-06-17T12:00+02:00")
    with closing(reader_of(**how)) as some, closing(reader_of(**how)) as others:
        first, second = next(some), next(others)
        form = {"name": "ada", "exam": "yes", "stories": ["diagnosis-report"]}
        for trainer in (first, second):
            assert trainer.ask("POST", "/training", data=form).headers["Location"] == "/r/ada/exams/ada"
        assert "0 of 6" in Reader(second.http, "ada").text("/exams/ada")
        sit(Reader(second.http, "ada"))
        assert exams(first) == {"ada": "6 of 6"}
        second.send("/training/again", name="ada")
        assert exams(first) == {"ada": "0 of 6"}
        assert first.ask("POST", "/control/registers/remove", data={"name": "ada"}).status_code < 400
        assert exams(second) == {}


def test_an_instructor_sees_many_learners_a_page_at_a_time(tmp_path: Path) -> None:
    how = {"training": "on", "seed": "empty", "store": postgresql.url_for(tmp_path)}
    with closing(reader_of(**how)) as some, closing(reader_of(**how)) as others:
        first, second = next(some), next(others)
        for number in range(SIZE + 1):
            first.http.application.extensions["mockregister"].make(f"learner-{number:03}")
        [row] = second.page("/training?page=2").xpath("//tbody/tr")
        assert row.xpath("string(th/a)") == f"learner-{SIZE:03}"
        assert len(second.http.application.extensions["mockregister"].at_rest()) == SIZE
        assert len(second.page("/training").xpath("//tbody/tr")) == SIZE


def exams(trainer: Reader) -> dict[str, str]:
    """Return the progress of each exam in the instructor's list."""
    return {row.xpath("string(th)"): row.xpath("string(td[6])").strip() for row in trainer.page("/training").xpath("//tbody/tr")}
