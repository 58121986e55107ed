"""LPR3's and LPR2's tables are made from the documents of a register."""

from __future__ import annotations

import csv
import sys
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.document.reader import read_submission
from mockregister.errors import SettingError
from mockregister.export import frame, lpr2, lpr_a, lpr_f
from mockregister.export.frame import Frame
from mockregister.model import Patient
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.synthetic import seeds
from mockregister.synthetic.generator import Recipe, generate
from tests.builders import (
    a_condition,
    a_document,
    a_minor_condition,
    a_procedure,
    an_alternatively_identified_patient,
    an_encounter,
    an_episode,
    an_sks_code,
    as_xml,
    at,
)
from tests.snapshots import snapshot

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def tables() -> CodeTables:
    return CodeTables.load()


def exported(layout: Any, tables: CodeTables, *scenarios: str, patients: int = 1) -> dict[str, Rows]:
    """Return the tables of a register with one such course for each patient. Each row is a dictionary by column name."""
    register = Register(MemoryStore(), tables, Clock(), Settings())
    generated = generate(Recipe(patients, 3, seeds.UNTIL, scenarios=scenarios))
    first = {course.person.cpr: course for course in reversed(generated.courses)}
    seeds.load(register, replace(generated, courses=tuple(first.values())))
    return rows_of(layout, register)


def told(layout: Any, tables: CodeTables, patient: Patient | None = None, **entries: Any) -> dict[str, Rows]:
    """Return the tables of a register with a document that has an encounter and these entries."""
    register = Register(MemoryStore(), tables, Clock(), Settings())
    about = {"patient": patient} if patient else {}
    document = a_document(**{"episodes": [an_episode()], "encounters": [an_encounter()], **entries, **about})
    with register.draft([document]) as draft:
        draft.commit(read_submission([as_xml(document)]), ())
    return rows_of(layout, register)


def rows_of(layout: Any, register: Register) -> dict[str, Rows]:
    frames = layout.frames(snapshot(register.store), register.codes)
    return {frame.name: [dict(zip(frame.columns, row, strict=True)) for row in frame.rows] for frame in frames}


def test_an_encounter_names_its_course_its_patient_and_its_main_condition(tables: CodeTables) -> None:
    found = exported(lpr_f, tables, "injury")
    [course], [visit] = found["forloeb"], found["kontakter"]
    assert visit["dw_ek_forloeb"] == course["dw_ek_forloeb"]
    assert visit["cpr"] == course["cpr"]
    assert visit["aktionsdiagnose"].startswith("DS")
    assert (visit["kontaktaarsag"], visit["prioritet"], visit["kontakttype"]) == ("ALCC02", "ATA1", "ALCA00")
    assert isinstance(visit["dato_start"], date)
    assert isinstance(visit["tidspunkt_start"], time)


def test_diagnoses_are_of_kind_a_or_b_and_additional_codes_are_of_kind_plus_with_a_parent(tables: CodeTables) -> None:
    rows = exported(lpr_f, tables, "cancer")["diagnoser"]
    assert {row["diagnosetype"] for row in rows} == {"A", "B", "+"}
    assert all(row["diagnosekode_parent"].startswith("DC") for row in rows if row["diagnosetype"] == "+")


def test_a_refuted_diagnosis_is_marked(tables: CodeTables) -> None:
    refuted = a_condition(code=an_sks_code("DC509"), negated=True, supplementary=[an_sks_code("AZCA1")])
    rows = told(lpr_f, tables, conditions=[refuted, a_minor_condition()])["diagnoser"]
    assert [row["senere_afkraeftet"] for row in rows] == ["Ja", "Ja", "Nej"]
    former = told(lpr2, tables, conditions=[refuted, a_minor_condition()])["t_diag"]
    assert [row["c_tildiag"] for row in former] == ["AZCA1", "ZDW73", ""]


def test_operations_and_other_procedures_have_different_tables(tables: CodeTables) -> None:
    found = exported(lpr_f, tables, "hip-fracture")
    operations = [row["procedurekode"] for row in found["procedurer_kirurgi"] if row["proceduretype"] == "P"]
    others = [row["procedurekode"] for row in found["procedurer_andre"] if row["proceduretype"] == "P"]
    assert all(code.startswith("K") for code in operations)
    assert others == ["UXRG15"]


def test_a_procedure_on_the_course_itself_has_no_encounter(tables: CodeTables) -> None:
    rows = exported(lpr_f, tables, "cancer")["procedurer_andre"]
    assert [row["procedurekode"] for row in rows if not row["dw_ek_kontakt"]] == ["ZZ0190D1"]


def test_results_name_the_entry_that_caused_them(tables: CodeTables) -> None:
    rows = exported(lpr_f, tables, "birth")["resultater"]
    assert {(row["triggertype"], row["indberetningstype"]) for row in rows} == {("diagnose", "RAA02"), ("diagnose", "RAA03")}
    assert {row["indberetningsstatus"] for row in rows} == {"RAS01"}


def test_linked_episodes_are_one_illness(tables: CodeTables) -> None:
    rows = exported(lpr_f, tables, "referral-chain")["forloeb"]
    assert len(rows) == 3
    assert {row["dw_ek_helbredsforloeb"] for row in rows} == {rows[0]["dw_ek_forloeb"]}


def test_mother_and_child_are_two_illnesses(tables: CodeTables) -> None:
    rows = exported(lpr_f, tables, "birth")["forloeb"]
    assert [row["dw_ek_helbredsforloeb"] for row in rows] == [row["dw_ek_forloeb"] for row in rows]


def test_absences_are_rows_of_the_table_of_locations(tables: CodeTables) -> None:
    rows = exported(lpr_f, tables, "absence")["kontaktlokationer"]
    assert [row["fravaer"] for row in rows] == ["", "", "ALCF02", ""]


def test_nullified_entries_are_in_no_table(tables: CodeTables) -> None:
    assert {row["kontakttype"] for row in exported(lpr_f, tables, "corrections")["kontakter"]} == {"ALCA00"}


def test_a_long_acute_stay_is_an_admission_with_bed_days(tables: CodeTables) -> None:
    [row] = exported(lpr2, tables, "absence")["t_adm"]
    assert (row["c_pattype"], row["c_indm"], row["v_behdage"]) == ("0", "1", None)
    assert row["v_alder"] == row["v_alddg"] * 100 // 36525
    assert row["v_sengdage"] == (row["d_uddto"] - row["d_inddto"]).days == 10


def test_visits_of_one_unit_are_one_outpatient_course(tables: CodeTables) -> None:
    found = exported(lpr2, tables, "outpatient")
    [row] = found["t_adm"]
    visits = [visit["d_ambdto"] for visit in found["t_bes"]]
    assert row["c_pattype"] == "2"
    assert row["v_behdage"] == len(visits) + 1, "the last visit was by telephone"
    assert visits == sorted(visits)


def test_procedures_and_diagnoses_name_their_record(tables: CodeTables) -> None:
    found = exported(lpr2, tables, "hip-fracture", "outpatient", patients=4)
    records = {row["recnum"] for row in found["t_adm"]}
    for name in ("t_diag", "t_sksopr", "t_sksube", "t_bes"):
        assert {row["recnum"] for row in found[name]} <= records
    assert any(row["c_oprart"] == "V" for row in found["t_sksopr"])


def test_the_last_main_condition_of_a_course_counts(tables: CodeTables) -> None:
    visit, call = an_encounter(), an_encounter("call", start=at("2019-05-03 08:00"), end=at("2019-05-03 08:10"))
    conditions = [
        a_condition(code=an_sks_code("DC509", "brystkræft")),
        a_minor_condition(code=an_sks_code("DC509", "cancer mammae")),
    ]
    found = told(lpr2, tables, encounters=[visit, call], conditions=conditions)
    assert [row["c_adiag"] for row in found["t_adm"]] == ["DC509"]
    assert [(row["c_diag"], row["c_diagtype"]) for row in found["t_diag"]] == [("DC509", "A")]


def test_additional_codes_have_their_own_rows_and_do_not_count_as_operations(tables: CodeTables) -> None:
    procedures = [
        a_procedure("one", code=an_sks_code("KJKA21"), supplementary=[an_sks_code("ZPZA05"), an_sks_code("ZPB1")]),
        a_procedure("two", code=an_sks_code("KJAH01"), start=at("2019-05-02 11:00")),
        a_procedure("three", code=an_sks_code("UXRB00"), side=an_sks_code("TUL1")),
    ]
    found = told(lpr2, tables, procedures=procedures)
    said = {name: [(row["c_opr"], row["c_oprart"], row["c_tilopr"]) for row in found[name]] for name in ("t_sksopr", "t_sksube")}
    first = [("KJKA21", "V", ""), ("KJKA21", "+", "ZPZA05"), ("KJKA21", "+", "ZPB1")]
    assert said == {"t_sksopr": [*first, ("KJAH01", "P", "")], "t_sksube": [("UXRB00", "", ""), ("UXRB00", "+", "TUL1")]}


def test_sex_and_age_come_from_the_cpr_number_or_else_from_the_document(tables: CodeTables) -> None:
    [known] = told(lpr2, tables)["t_adm"]
    assert (known["pnr"], known["c_sex"], known["v_alder"]) == ("2512489996", "K", 70)
    foreigner = an_alternatively_identified_patient(gender="M", birth_time=at("1989-05-03 00:00"))
    [row] = told(lpr2, tables, foreigner)["t_adm"]
    assert (row["pnr"], row["c_sex"], row["v_alder"]) == ("2512480AG1", "M", 29)


COLUMNS = {"name": str, "born": date, "at": time, "number": int}
PEOPLE = Frame("people", COLUMNS, [("Æsel", date(2020, 1, 2), time(3, 4), 5), ("", None, None, None)])


def test_csv_has_a_header_iso_dates_and_empty_cells(tmp_path: Path) -> None:
    frame.write([PEOPLE], tmp_path / "new", ["csv"])
    with (tmp_path / "new" / "people.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [list(COLUMNS), ["Æsel", "2020-01-02", "03:04:00", "5"], ["", "", "", ""]]


def test_parquet_files_keep_types(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    [path] = frame.write([PEOPLE], tmp_path, ["parquet"])
    assert [tuple(row.values()) for row in parquet.read_table(path).to_pylist()] == [PEOPLE.rows[0], (None,) * 4]


def test_csv_and_parquet_hold_the_same_texts(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    texts = ["a,b;c", 'say "x"', "one\ntwo", "one\rtwo", "one\r\ntwo", "\r\n", " \u2028ø", "'=1+1"]
    table = Frame("texts", {"text": str, "number": int}, [(text, 1) for text in texts])
    written = frame.write([table], tmp_path, ["csv", "parquet"])
    with written[0].open(encoding="utf-8", newline="") as file:
        assert [row["text"] for row in csv.DictReader(file)] == texts
    assert parquet.read_table(written[1]).column("text").to_pylist() == texts


def test_an_empty_register_gives_tables_with_columns_and_types(tables: CodeTables, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    register = Register(MemoryStore(), tables, Clock(), Settings())
    for layout in (lpr_a, lpr_f, lpr2):
        for path in frame.write(layout.frames(snapshot(register.store), tables), tmp_path, ["csv", "parquet"]):
            columns = list(layout.COLUMNS[path.stem])
            if path.suffix == ".csv":
                assert path.read_text("utf-8") == ",".join(columns) + "\n"
            else:
                assert (parquet.read_schema(path).names, parquet.read_table(path).num_rows) == (columns, 0)


def test_parquet_is_refused_in_a_sentence_if_pyarrow_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SettingError, match=r"Parquet files need pyarrow: pip install 'mockregister\[parquet\]'"):
        frame.write([PEOPLE], tmp_path, ["parquet"])
