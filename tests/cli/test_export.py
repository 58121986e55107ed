"""The command ``mockregister export``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from mockregister.app import create_app
from mockregister.cli import main
from mockregister.client import Client
from mockregister.model import Relation
from mockregister.settings import Settings
from mockregister.testing import Lpr3, assert_stored, server
from tests.builders import a_document, an_episode, an_id, as_xml, at, the_next_document, uuid


def run(*words: str, expected: int = 0) -> str:
    outcome = CliRunner().invoke(main, ["export", *words])
    assert outcome.exit_code == expected, outcome.output
    return outcome.output


def lines_of(folder: Path) -> dict[str, list[str]]:
    return {file.name: file.read_text("utf-8").splitlines() for file in folder.iterdir()}


def seeded_store(folder: Path, seed: str = "birth") -> str:
    store = f"tinydb:{folder / 'store'}"
    app = create_app(Settings(store=store, seed=seed))
    app.extensions["mockregister"].close()
    return store


def test_a_store_and_the_server_that_serves_it_give_the_same_tables(tmp_path: Path) -> None:
    store = seeded_store(tmp_path)
    run("--format", "lpr3", "--store", store, "--no-parquet", str(tmp_path / "kept"))
    with server(store=store) as url:
        run("--format", "lpr3", "--url", url, "--no-parquet", str(tmp_path / "told"))
    kept, told = lines_of(tmp_path / "kept"), lines_of(tmp_path / "told")
    assert kept == told
    assert len(kept["kontakter.csv"]) == 7


def test_the_later_document_counts_even_if_the_clock_was_set_back(tmp_path: Path) -> None:
    with server() as url:
        first, instead = a_document(episodes=[an_episode()]), the_next_document(Relation.REPLACE)
        for day, document in (("2021-01-01", first), ("2020-01-01", instead)):
            Lpr3(url).clock.freeze(f"{day}T12:00:00+01:00")
            assert_stored(Client(url).submit([as_xml(document)]))
        run("--format", "lpr3", "--url", url, "--no-parquet", str(tmp_path / "out"))
    assert len(lines_of(tmp_path / "out")["forloeb.csv"]) == 1, "only the header"


def test_documents_are_exported_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    with server(clock=at("2020-01-01 12:00")) as url:
        for name in ("one", "two"):
            document = a_document(set_id=uuid(name), episodes=[an_episode(id=an_id(name, uuid(name)))])
            assert_stored(Client(url).submit([as_xml(document)]))
        run("--format", "lpr3", "--url", url.removeprefix("http://"), "--no-parquet", str(tmp_path / "out"))
    _, *courses = lines_of(tmp_path / "out")["forloeb.csv"]
    assert [line.partition(",")[0] for line in courses] == [uuid("one").lower(), uuid("two").lower()]


def test_an_address_that_is_not_a_mockregister_is_reported(tmp_path: Path) -> None:
    with server() as url:
        said = run("--format", "lpr3", "--url", f"{url}/elsewhere", str(tmp_path), expected=2)
    assert f"{url}/elsewhere/api/v1/documents?page=1&page_size=1000 answered 404" in said


def test_lpr_a_tables_are_written_and_lpr3_is_another_name_for_lpr_f(tmp_path: Path) -> None:
    store = seeded_store(tmp_path)
    for layout in ("lpr_a", "lpr_f", "lpr3"):
        run("--format", layout, "--store", store, "--no-parquet", str(tmp_path / layout))
    assert lines_of(tmp_path / "lpr3") == lines_of(tmp_path / "lpr_f")
    [header, first, *_] = lines_of(tmp_path / "lpr_a")["lpr_a_kontakt.csv"]
    started = dict(zip(header.split(","), first.split(","), strict=True))["kont_starttidspunkt"]
    assert datetime.fromisoformat(started).tzinfo is None


def test_lpr2_tables_are_written(tmp_path: Path) -> None:
    output = run("--format", "lpr2", "--store", seeded_store(tmp_path), "--no-parquet", str(tmp_path / "out"))
    names = {Path(line).name for line in output.splitlines()}
    somatic = {"t_adm.csv", "t_diag.csv", "t_sksopr.csv", "t_sksube.csv"}
    assert names == {*somatic, *(name.replace("t_", "t_psyk_") for name in somatic), "t_bes.csv"}


def test_without_a_source_the_register_of_this_machine_is_exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with server() as url:
        monkeypatch.setenv("MOCKREGISTER_URL", url)
        run("--format", "lpr3", "--no-parquet", str(tmp_path / "out"))
    assert len(lines_of(tmp_path / "out")) == 14
    assert "Give either --url" in run("--format", "lpr3", "--url", "x", "--store", "tinydb:y", str(tmp_path), expected=2)


def test_a_store_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    said = run("--format", "lpr3", "--store", f"tinydb:{tmp_path}", str(tmp_path), expected=2)
    assert "There is no register named 'default'" in said


def test_a_server_that_does_not_answer_is_reported(tmp_path: Path) -> None:
    said = run("--format", "lpr3", "--url", "http://127.0.0.1:9", str(tmp_path), expected=2)
    assert "No answer from 127.0.0.1:9: " in said
