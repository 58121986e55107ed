"""``mockregister demo`` shows a first-time user a submission and its answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from click import unstyle
from click.testing import CliRunner

from mockregister.cli import demo, gunicorn_server, main, printing
from mockregister.finding import Finding, Level
from mockregister.settings import Settings
from mockregister.testing import Lpr3, server
from tests.serving import head, running


@pytest.fixture
def url() -> Iterator[str]:
    with server() as found:
        yield found


def test_the_request_the_answer_and_the_stored_episode_are_shown(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    demo.play(url)
    said = capsys.readouterr().out
    places = [
        said.index(words)
        for words in (
            f"POST {url}/cda-ws/DocumentRepository_Service/PatientHealthcareSaveIfNoErrorsReportingService",
            "<ClinicalDocument ",
            "RegistryResponse",
            "What it says: Success",
            "id 80C36CDD-D7B3-5AD3-9C0D-0DEC4C500D94",
            "code DI109 Essentiel hypertension",
            "1 documents",
            f"{url}/patients lists them",
            f"try {url}/ in a browser",
        )
    ]
    assert places == sorted(places)
    assert Lpr3(url, "default").stored()["episodes"] == 1


def test_an_example_that_is_already_stored_is_reported(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    demo.play(url)
    demo.play(url)
    assert "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT" in capsys.readouterr().out


def test_an_episode_that_is_not_found_is_reported(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    Lpr3(url, "default").faults.add("http_status", status=503)
    demo.play(url)
    said = capsys.readouterr()
    assert ("HTTP 503" in said.out, "\nnone: There is no" in said.out) == (True, True)
    assert said.err == "What it says: HTTP 503, no SOAP\n"


@pytest.mark.parametrize(("words", "seed"), [((), "demo"), (("--seed", "birth"), "birth"), (("--seed", "none"), "none")])
def test_the_register_starts_with_the_seed_demo_unless_another_is_chosen(
    words: tuple[str, ...], seed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Settings] = []
    monkeypatch.setattr(gunicorn_server, "serve", lambda settings, *_: started.append(settings))
    assert CliRunner().invoke(main, ["demo", *words]).exit_code == 0
    assert started == [Settings(seed=seed)]


def test_the_server_runs_until_it_is_told_to_stop() -> None:
    with running("--seed", "birth", command="demo") as shown:
        assert shown.process.stdout is not None
        for line in shown.process.stdout:
            if line.startswith("Ctrl-C"):
                break
        assert shown.send(head("/readyz", "Connection: close", method="GET")).status == 200
        assert shown.end() == 0


def test_an_outline_leaves_out_elements_without_information() -> None:
    code, id = {"code": "D", "display": "", "system": "s"}, {"root": "r", "extension": "x"}
    value = {"a": None, "b_c": 1, "d": code, "e": [{"id": id}], "f": {}}
    assert list(printing.outline(value)) == ["b c 1", "d D", "e", "  -", "    id x"]


def test_a_long_line_is_shortened_to_the_width_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert len(printing.fitting("x" * 500)) == 80
    assert printing.fitting("short") == "short"


def test_a_finding_is_shown_in_a_few_lines() -> None:
    finding = Finding(Level.XSD, "What", where="1:2", line=1)
    assert [unstyle(line) for line in printing.lines(finding)] == ["  Error XSD", "    What", "    at 1:2 (line 1)"]
