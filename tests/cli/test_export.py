"""``mockregister export``."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from mockregister.app import create_app
from mockregister.cli import main
from mockregister.settings import Settings
from mockregister.testing import server


def run(*words: str, expected: int = 0) -> str:
    outcome = CliRunner().invoke(main, ["export", *words])
    assert outcome.exit_code == expected, outcome.output
    return outcome.output


def lines_of(folder: Path) -> dict[str, list[str]]:
    return {file.name: sorted(file.read_text("utf-8").splitlines()) for file in folder.iterdir()}


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


def test_lpr2_tables_are_written(tmp_path: Path) -> None:
    output = run("--format", "lpr2", "--store", seeded_store(tmp_path), "--no-parquet", str(tmp_path / "out"))
    names = {Path(line).name for line in output.splitlines()}
    assert names == {"t_adm.csv", "t_diag.csv", "t_sksopr.csv", "t_sksube.csv", "t_bes.csv"}


def test_a_source_is_wanted(tmp_path: Path) -> None:
    assert "either --store tinydb:DIR or --url URL" in run("--format", "lpr3", str(tmp_path), expected=2)


def test_a_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    said = run("--format", "lpr3", "--store", f"tinydb:{tmp_path}", str(tmp_path), expected=1)
    assert "There is no register named 'default'" in said


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    said = run("--format", "lpr3", "--url", "http://127.0.0.1:9", str(tmp_path), expected=1)
    assert "No answer from http://127.0.0.1:9" in said
