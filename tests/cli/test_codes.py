"""The command ``mockregister codes``."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from mockregister import settings
from mockregister.cli import main
from mockregister.codes.tables import CodeTables


def run(*words: str, expected: int = 0) -> str:
    outcome = CliRunner().invoke(main, ["codes", *words])
    assert outcome.exit_code == expected, outcome.output
    return outcome.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("list", "ALGA"), "ALGA01"),
        (("list", "--text", "brystkræft"), "DC509"),
        (("list", "--list", "resindb.status"), "RAS00"),
        (("list", "--lists", "forl"), "forloeb.label  Forløbslabel (known in part)"),
        (("list", "--sor", "--text", "nordjylland"), "6071000016008  Region Nordjylland"),
        (("list", "--authorities", "075"), "0751  Aarhus"),
        (("list", "D", "--limit", "1"), "raise --limit above 1"),
        (("show", "ALCA00"), "admin.konttype.fysfr"),
        (("show", "KAAA00"), "may be in: "),
        (("show", "6071000016008"), "owner's CVR: 29190941"),
        (("show", "7141000016000"), "under: 311000016009"),
        (("show", "751"), "0751  Aarhus (municipality)"),
        (("show", "admin.prioritet"), "codes of the form ATA* are assumed to be members"),
    ],
)
def test_codes_are_shown_and_searched(words: tuple[str, ...], said: str) -> None:
    assert said in run(*words)


def test_an_unknown_code_is_an_error_that_says_what_to_do() -> None:
    assert "No table has 'DZZ999'" in run("show", "DZZ999", expected=2)


def test_a_misspelt_name_of_a_list_is_an_error() -> None:
    assert "no code list 'admin.kontype'" in run("list", "--list", "admin.kontype", expected=2)


def test_skscomplete_is_imported_into_a_file_that_serve_can_use(tmp_path: Path) -> None:
    source, made = tmp_path / "SKScomplete.txt", tmp_path / "codes.csv"
    source.write_bytes((f"admALCA00{' ' * 14}2017010120170101" + "25000101" + "fysisk fremmøde\r\n").encode("cp1252"))
    assert "1 rows" in run("import", str(source), "-o", str(made))
    row = CodeTables.load(made).sks.rows("ALCA00")[0]
    assert (row.term, "admin.konttype.fysfr" in row.lists) == ("fysisk fremmøde", True)
    assert "1 rows" in run("import", str(made), "-o", str(tmp_path / "again.csv"))
    assert (tmp_path / "again.csv").read_text() == made.read_text()


def test_sor_and_authority_files_are_recognised(tmp_path: Path) -> None:
    sor, authorities, made = tmp_path / "sor.csv", tmp_path / "a.csv", tmp_path / "made.csv"
    sor.write_text("SorId;EntityName\n10001;Enhed\n")
    authorities.write_text("0101;København\n")
    run("import", str(sor), "-o", str(made))
    assert "10001" in CodeTables.load(sor=made).sor
    run("import", str(authorities), "-o", str(made))
    tables = CodeTables.of(settings.load({"authorities": made}, {}))
    assert [authority.name for authority in tables.authorities] == ["København"]


def test_rows_of_a_later_file_replace_earlier_ones_and_no_row_of_the_last_file_is_lost(tmp_path: Path) -> None:
    header, made = "code,term,valid_from,valid_to,lists\n", tmp_path / "made.csv"
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text(header + "DA00,old,1994-01-01,,\nATA1,akut,,2011-12-31,\nATA1,akut,,,admin.prioritet\n")
    new.write_text(header + "DA00,new,1994-01-01,2020-12-31,\n")
    run("import", str(old), str(new), "-o", str(made))
    assert made.read_text().splitlines()[1:] == [
        "ATA1,akut,,2011-12-31,",
        "ATA1,akut,,,admin.prioritet",
        "DA00,new,1994-01-01,2020-12-31,",
    ]


@pytest.mark.parametrize("content", [b"", "0101;København\n".encode("utf-16")])
def test_a_file_with_nothing_to_import_is_an_error(tmp_path: Path, content: bytes) -> None:
    source, made = tmp_path / "authorities.csv", tmp_path / "made.csv"
    source.write_bytes(content)
    assert "has no authorities; give the kind of file with --kind" in run("import", str(source), "-o", str(made), expected=2)
    assert not made.exists()
