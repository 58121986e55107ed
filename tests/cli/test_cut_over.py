"""``mockregister cut-over compare``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mockregister.cli import main
from mockregister.testing import server
from tests.cli.test_export import seeded_store


def run(*words: str, expected: int = 0) -> str:
    outcome = CliRunner().invoke(main, ["cut-over", "compare", *words])
    assert outcome.exit_code == expected, outcome.output
    return outcome.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the documents of some patients."""
    found = tmp_path_factory.mktemp("documents")
    words = ["generate", "--patients", "3", "--scenario", "outpatient", "--until", "2026-06-30", "--out", str(found)]
    assert CliRunner().invoke(main, words).exit_code == 0
    return found


def test_documents_are_counted_in_both_forms(folder: Path) -> None:
    said = run(str(folder))
    for measure in ("contacts", "bed days", "operations", "diagnoses"):
        assert f"{measure}: " in said or measure == "operations"
    assert "no visit in LPR2: contacts of type ALCA03" in said
    assert "Ambulatorium (9999" in said or "Afdeling" in said or "afdelingen" in said, "units are called by their names"


def test_the_tables_of_a_register_are_written_and_counted(tmp_path: Path) -> None:
    written = tmp_path / "tables"
    told = run(str(written), "--store", seeded_store(tmp_path, "hip-fracture"))
    assert {"t_adm.csv", "kontakter.csv"} <= {file.name for file in written.iterdir()}
    assert run(str(written)) == told
    (written / "t_sksopr.csv").write_text("recnum,c_opr,c_tilopr,c_oprart,d_odto,v_otime,v_ominut,c_osgh,c_oafd\n")
    assert "for no known reason" in run(str(written), expected=1)


def test_a_running_register_is_asked_and_told_as_json(tmp_path: Path) -> None:
    with server(seed="hip-fracture") as url:
        told = json.loads(run(str(tmp_path), "--url", url, "--format", "json"))
    operations = [count for count in told if count["measure"] == "operations"]
    assert sum(count["lpr2"] for count in operations) == sum(count["lpr3"] for count in operations) == 3
    assert all(count["name"] and not count["unexplained"] for count in told)


def test_parquet_files_will_do(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    store = seeded_store(tmp_path, "hip-fracture")
    for layout in ("lpr2", "lpr_f"):
        words = ["export", "--format", layout, "--store", store, "--parquet", str(tmp_path / "out")]
        assert CliRunner().invoke(main, words).exit_code == 0
    before = run(str(tmp_path / "out"))
    for file in (tmp_path / "out").glob("*.csv"):
        file.unlink()
    assert run(str(tmp_path / "out")) == before


def test_a_folder_without_tables_is_told_what_to_do(tmp_path: Path) -> None:
    assert "mockregister export --format lpr2 and --format lpr_f" in run(str(tmp_path), expected=2)
