"""The command ``mockregister cut-over compare``."""

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
    """Write a folder with the documents of some patients."""
    found = tmp_path_factory.mktemp("documents")
    words = ["generate", "--patients", "3", "--scenario", "outpatient", "--until", "2026-06-30", "--out", str(found)]
    assert CliRunner().invoke(main, words).exit_code == 0
    return found


def test_documents_are_counted_in_lpr2_and_in_lpr3_form(folder: Path) -> None:
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


def test_a_running_register_is_compared_and_the_result_is_printed_as_json(tmp_path: Path) -> None:
    with server(seed="hip-fracture") as url:
        told = json.loads(run(str(tmp_path), "--url", url, "--format", "json"))
    operations = [count for count in told if count["measure"] == "operations"]
    assert sum(count["lpr2"] for count in operations) == sum(count["lpr3"] for count in operations) == 3
    assert all(count["name"] and not count["unexplained"] for count in told)


def test_parquet_files_give_the_same_result_as_csv_files(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    store = seeded_store(tmp_path, "hip-fracture")
    for layout in ("lpr2", "lpr_f"):
        words = ["export", "--format", layout, "--store", store, "--parquet", str(tmp_path / "out")]
        assert CliRunner().invoke(main, words).exit_code == 0
    before = run(str(tmp_path / "out"))
    for file in (tmp_path / "out").glob("*.csv"):
        file.unlink()
    assert run(str(tmp_path / "out")) == before


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_lpr_a_tables_are_used_on_demand_or_if_there_are_no_lpr_f_tables(tmp_path: Path, kind: str) -> None:
    pytest.importorskip("pyarrow")
    store, out = seeded_store(tmp_path, "hip-fracture"), tmp_path / "out"
    for layout in ("lpr2", "lpr_f", "lpr_a"):
        words = ["export", "--format", layout, "--store", store, "--parquet", str(out)]
        assert CliRunner().invoke(main, words).exit_code == 0
    for file in out.glob("*.csv" if kind == "parquet" else "*.parquet"):
        file.unlink()
    told = run(str(out))
    assert run(str(out), "--lpr3", "lpr_a") == told
    (out / f"kontakter.{kind}").unlink()
    assert run(str(out)) == told
    assert "has no table kontakter; write it with" in run(str(out), "--lpr3", "lpr_f", expected=2)


def test_a_users_own_tables_may_have_column_names_in_capitals_and_lack_psychiatry(tmp_path: Path) -> None:
    written = tmp_path / "tables"
    told = run(str(written), "--store", seeded_store(tmp_path, "hip-fracture"), "--lpr3", "lpr_a")
    for file in written.glob("t_psyk_*.csv"):
        file.unlink()
    for file in written.glob("*.csv"):
        header, rest = file.read_text().split("\n", 1)
        file.write_text(f"{header.upper()}\n{rest}")
    assert run(str(written)) == told
    adm = written / "t_adm.csv"
    adm.write_text(adm.read_text().replace("SORENHED", "AFDELING"))
    assert f"{adm} has no column sorenhed" in run(str(written), expected=2)


def test_the_error_for_a_folder_without_tables_says_what_to_do(tmp_path: Path) -> None:
    assert "mockregister export --format lpr2 and --format lpr_f" in run(str(tmp_path), expected=2)


def test_a_folder_that_does_not_exist_is_reported_by_name(tmp_path: Path) -> None:
    assert f"There is no folder {tmp_path / 'nowhere'};" in run(str(tmp_path / "nowhere"), expected=2)
