"""Official files of codes, units and authorities are read as the registers distribute them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockregister.codes import official
from mockregister.codes.tables import CodeTables
from mockregister.errors import SettingError

TABLES = CodeTables.load()


def sks_line(code: str, first: str, last: str, term: str, register: str = "adm") -> str:
    return f"{register}{code:<20}{first}20180605{last}{term:<120}".ljust(214)


def saved(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def test_the_line_of_fact_113_is_read() -> None:
    record = official.sks_record(sks_line("ATA3", "19960101", "20180630", "Elektiv"))
    assert record == ("adm", "ATA3", "1996-01-01", "2018-06-30", "Elektiv")


def test_the_year_2500_means_no_end_date() -> None:
    assert official.sks_record(sks_line("ATA1", "19960101", "25000101", "Akut")).valid_to == ""


@pytest.mark.parametrize("line", ["", "ATA3", "admATA3 Elektiv", sks_line("ATA 3", "19960101", "25000101", "x"), "x" * 214])
def test_a_line_of_another_layout_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="the line does not begin"):
        official.sks_record(line)


def test_skscomplete_becomes_a_code_file_with_the_lists_known_here(tmp_path: Path) -> None:
    lines = [
        sks_line("DO046A", "19940101", "25000101", "Fødsel", "dia"),
        sks_line("ALCA00", "20170101", "25000101", "fysisk fremmøde"),
        sks_line("ALCA00", "20170101", "25000101", "fysisk fremmøde", "til"),
    ]
    path = saved(tmp_path / "SKScomplete.txt", "\r\n".join(lines) + "\r\n", "cp1252")
    rows = official.sks_rows(path, TABLES.sks, TABLES.lists)
    assert [row[0] for row in rows] == ["ALCA00", "DO046A"]
    assert "admin.konttype.fysfr" in rows[0][4].split(";")
    assert (rows[1][1], rows[1][3]) == ("Fødsel", "")
    assert "diag.abort.prov" in rows[1][4].split(";")


def test_a_code_of_two_registers_is_valid_while_it_is_valid_in_one_of_them(tmp_path: Path) -> None:
    lines = [
        sks_line("KZYM00", "19960101", "25000101", "Åben", "opr"),
        sks_line("KZYM00", "19960101", "20100101", "Lukket", "til"),
        sks_line("KZYM00", "20150101", "20151231", "Genåbnet", "til"),
    ]
    path = saved(tmp_path / "SKScomplete.txt", "\n".join(lines), "cp1252")
    rows = official.sks_rows(path, TABLES.sks, TABLES.lists)
    assert [row[2:4] for row in rows] == [("1996-01-01", ""), ("2015-01-01", "2015-12-31")]


def test_a_register_whose_codes_are_numbers_does_not_stop_the_import() -> None:
    assert official.sks_record(sks_line("39", "19960101", "25000101", "Speciale", "spc")).code == "39"


def test_a_bad_line_is_refused_with_its_number(tmp_path: Path) -> None:
    path = saved(tmp_path / "SKScomplete.txt", sks_line("ATA1", "19960101", "25000101", "Akut") + "\nnonsense\n")
    with pytest.raises(SettingError, match="line 2: the line does not begin"):
        official.sks_rows(path, TABLES.sks, TABLES.lists)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("20180630", "2018-06-30"),
        ("2018-06-30 00:00:00", "2018-06-30"),
        ("30-06-2018", "2018-06-30"),
        ("9999-12-31", ""),
        ("", ""),
    ],
)
def test_dates_in_the_forms_of_all_editions_are_read(text: str, told: str) -> None:
    assert official.iso(text) == told


def test_a_sor2_csv_is_read(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "SorEntity.csv",
        "SorId;SorType;EntityName;CvrNumberId;FromDate;ToDate;PrioritizedEntitySpeciality1Id;"
        "PrioritizedEntitySpeciality2Id;HealthInstitutionSorId\n"
        '"=""276231000016004""";OE;Gammelt navn;29190941;2005-01-01;2010-12-31;394579002;;6071000016008\n'
        '"=""276231000016004""";OE;Nyt navn;29190941;2011-01-01;;394587001;394579002;6071000016008\n',
    )
    assert official.sor_rows(path) == [
        ("276231000016004", "Nyt navn", "OE", "29190941", "2005-01-01", "", "394587001;394579002", "6071000016008")
    ]


def entity(kind: str, sor_id: int, inner: str = "", *, flat: bool = False) -> str:
    own = (
        f"<SorIdentifier>{sor_id}</SorIdentifier><EntityName>Enhed {sor_id}</EntityName>"
        "<SorStatus><FromDate>2005-01-01</FromDate><ToDate>2500-01-01</ToDate></SorStatus>"
    )
    return f"<{kind}Entity>{own if flat else f'<{kind}>{own}</{kind}>'}{inner}</{kind}Entity>"


@pytest.mark.parametrize("flat", [False, True])
def test_a_sor_xml_is_read_with_its_hierarchy(tmp_path: Path, flat: bool) -> None:
    ward = entity("OrganizationalUnit", 4, flat=flat)
    unit = entity("OrganizationalUnit", 3, ward, flat=flat)
    owner = entity("InstitutionOwner", 1, entity("HealthInstitution", 2, unit, flat=flat), flat=flat)
    path = saved(tmp_path / "Sor.xml", f'<SorTree xmlns="urn:sor"><!-- x -->{owner}</SorTree>')
    rows = official.sor_rows(path)
    assert [(row.sor_id, row.unit_type, row.parent) for row in rows] == [
        ("1", "IO", ""),
        ("2", "SI", "1"),
        ("3", "OE", "2"),
        ("4", "OE", "3"),
    ]
    assert {(row.valid_from, row.valid_to) for row in rows} == {("2005-01-01", "")}


def test_broken_xml_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"Sor\.xml, line 2: The XML is not well-formed"):
        official.sor_rows(saved(tmp_path / "Sor.xml", "<a>\n</b>"))


def test_a_sor_file_without_ids_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="needs a column SorId"):
        official.sor_rows(saved(tmp_path / "x.csv", "name\nx\n"))


def test_authority_codes_are_read_from_any_table(tmp_path: Path) -> None:
    path = saved(tmp_path / "m.csv", "kode;navn\n0751;Århus\n101;København\n5100;Danmark\n\nslut\n", "cp1252")
    assert official.authority_rows(path) == [
        ("0101", "municipality", "København"),
        ("0751", "municipality", "Århus"),
        ("5100", "country", "Danmark"),
    ]


@given(st.text(max_size=80))
def test_any_line_is_either_read_or_refused(line: str) -> None:
    with suppress(ValueError):
        assert official.sks_record(line).code


CODES = st.from_regex(r"[A-Z][0-9A-Z]{1,9}", fullmatch=True)
TERMS = st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), max_size=60).map(str.strip)


@given(CODES, st.dates(), TERMS)
def test_a_valid_line_is_read_back_unchanged(code: str, first: object, term: str) -> None:
    day = str(first)
    record = official.sks_record(sks_line(code, day.replace("-", ""), "25000101", term))
    assert (record.code, record.term) == (code, term)
    assert record.valid_from == ("" if int(day[:4]) >= 2200 else day)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=120))
def test_any_file_is_either_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(content)
    for read in (official.sor_rows, official.authority_rows, lambda path: official.sks_rows(path, TABLES.sks, TABLES.lists)):
        with suppress(SettingError):
            assert all(read(path))


CODE_SYSTEM = """{"resourceType": "CodeSystem", "concept": [
  {"code": "DC61", "display": "Kræft", "property": [{"code": "status", "valueCode": "active"},
    {"code": "validFrom", "valueDateTime": "1994-01-01"}, {"code": "validTo", "valueDateTime": "2500-01-01"}],
   "concept": [{"code": "DC619", "display": "Kræft i prostata"}]}]}"""
VALUE_SET = """{"resourceType": "ValueSet", "expansion": {"contains": [
  {"display": "gruppe", "contains": [{"code": "DC61", "display": "Kræft"}]}]}}"""
COMPOSED = '{"resourceType": "ValueSet", "compose": {"include": [{"concept": [{"code": "DC61", "display": "Kræft"}]}]}}'


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (CODE_SYSTEM, [("DC61", "Kræft", "1994-01-01", ""), ("DC619", "Kræft i prostata", "", "")]),
        (VALUE_SET, [("DC61", "Kræft", "", "")]),
        (COMPOSED, [("DC61", "Kræft", "", "")]),
    ],
)
def test_sks_in_fhir_form_becomes_a_code_file(tmp_path: Path, content: str, expected: list[tuple[str, ...]]) -> None:
    (tmp_path / "sks.json").write_text(content, "utf-8")
    tables = CodeTables.load()
    rows = official.sks_rows(tmp_path / "sks.json", tables.sks, tables.lists)
    assert [row[:4] for row in rows] == expected
    assert "diag" in rows[0][4].split(";")


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        ("{", "Expecting property name"),
        ("{}", "it has no 'resourceType'"),
        ('{"resourceType": "Patient"}', "its resourceType is 'Patient'"),
        ('{"resourceType": "CodeSystem", "concept": [3]}', "one of its values is of another kind than that form has"),
    ],
)
def test_json_that_is_not_a_code_system_is_refused_in_words(tmp_path: Path, content: str, flaw: str) -> None:
    (tmp_path / "sks.json").write_text(content, "utf-8")
    tables = CodeTables.load()
    with pytest.raises(SettingError, match=f"is not a FHIR CodeSystem or ValueSet of SKS codes: {flaw}"):
        official.sks_rows(tmp_path / "sks.json", tables.sks, tables.lists)
