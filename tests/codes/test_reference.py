"""Checks against reference material outside of the repository. They are skipped if it is absent."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from mockregister.codes.tables import CodeTables

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"

pytestmark = pytest.mark.skipif(not REFERENCE.is_dir(), reason="no reference material beside the repository")


def rows(*path: str) -> list[dict[str, str]]:
    with REFERENCE.joinpath(*path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_code_file_of_the_cases_loads_and_says_what_its_rows_say() -> None:
    tables = CodeTables.load(REFERENCE / "cases" / "codes.csv", REFERENCE / "cases" / "sor.csv")
    for row in rows("cases", "codes.csv"):
        found = [known.lists for known in tables.sks.rows(row["code"])]
        assert set(filter(None, row["lists"].split(";"))) in found
    assert {row["sor_id"] for row in rows("cases", "sor.csv")} == {unit.sor_id for unit in tables.sor}


def test_every_list_that_a_condition_names_exists_except_the_misspelt_one() -> None:
    lists = CodeTables.load().lists
    conditions = " ".join(row["condition"] for row in rows("rules", "rules.csv"))
    named = set(re.findall(r"contains '([^']+)'", conditions))
    assert {name for name in named if lists.get(name) is None} == {"diagn.abor.samraad.subb"}


def test_every_code_of_the_material_is_known_and_in_its_lists() -> None:
    sks = CodeTables.load(strict=True).sks
    for row in rows("codes", "codes.csv"):
        listed = {name.rstrip("?") for name in row["lists"].split(";") if name}
        assert listed <= {name for known in sks.rows(row["code"]) for name in known.lists}


def test_the_code_table_has_no_invented_codes() -> None:
    seen = {row["code"] for row in (*rows("codes", "codes.csv"), *rows("codes", "extra_sks_all.csv"))}
    assert set(CodeTables.load().sks.codes) == seen


def test_every_sks_code_and_unit_of_the_published_examples_is_known() -> None:
    tables = CodeTables.load()
    for path in (REFERENCE / "examples").glob("*.xml"):
        text = path.read_text(encoding="utf-8")
        for code in re.findall(r'code="([A-Z0-9]+)" codeSystem="1\.2\.208\.176\.2\.4"', text):
            assert tables.sks.known(code), (path.name, code)
        for unit in re.findall(r'extension="(\d{13,16})"', text):
            assert unit in tables.sor, (path.name, unit)
        for county in re.findall(r"<county>([^<]+)", text):
            assert tables.authorities.known(county)


def test_every_sor_identifier_of_the_material_is_known() -> None:
    sor = CodeTables.load().sor
    seen = (REFERENCE / "rules" / "sor_identifiers.txt").read_text().split()
    assert all(sor_id in sor for sor_id in seen)
