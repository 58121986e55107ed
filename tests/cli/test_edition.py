"""``mockregister edition`` makes an edition of a published list and shows which documents it would refuse."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from mockregister.builders import internal
from mockregister.cli import main
from mockregister.codes import sources
from mockregister.errors import SettingError
from mockregister.mocking.editions import edition_of
from mockregister.model import EntryKind
from mockregister.settings import Settings
from tests.builders import a_condition, an_encounter, an_episode, as_xml

HEADER = ["ErrorType", "Rulename", "ErrorNumber", "ErrorText", "Rulesource"]
UNCHANGED = ["ERROR", "05.11", 511, "Kontaktens sluttidspunkt", "when Kontakt( slutTidspunkt <= ( startTidspunkt ) ) then"]
NEW = ["ERROR", "05.91", 591, "Kontakter er forbudt", "when Kontakt( type != null ) then"]
BAD = ["ERROR", "05.92", 592, "Kan ikke læses", "when Kontakt( slut == null ) then"]
CLOCK = ("--clock", "2019-06-01T12:00:00+02:00")


def a_list(path: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)
    book.save(path)
    return path


def run(*arguments: object, expected: int = 0) -> str:
    result = CliRunner().invoke(main, ["edition", *map(str, arguments)])
    assert result.exit_code == expected, result.output
    return result.output


@pytest.fixture
def march(tmp_path: Path) -> Path:
    """Make an edition from a list with a known rule and a new rule."""
    listed = a_list(tmp_path / "list.xlsx", UNCHANGED, NEW)
    run("make", tmp_path / "2019-03", "--based-on", "2019-02-01", "--rules", listed, "--version", "sds:lpr:3.0.7")
    return tmp_path / "2019-03"


def test_the_built_in_editions_are_listed():
    assert run("list").splitlines()[0] == "2023-09-18  sds:lpr:3.0.6  399 rules, 52 integrity codes"


def test_an_edition_is_made_from_a_list(march):
    edition = edition_of(str(march))
    assert (edition.name, edition.version) == ("2019-03", "sds:lpr:3.0.7")
    assert [rule.id for rule in edition.rules] == ["05.11", "05.91"]
    assert edition.integrity == edition_of("2019-02-01").integrity


def test_the_edition_toml_names_the_base_and_the_rules(march):
    said = (march / "edition.toml").read_text("utf-8")
    assert 'based_on = "2019-02-01"' in said
    assert 'rules = "rules.csv"' in said


def test_making_an_edition_prints_how_many_rules_are_new_gone_and_changed(tmp_path):
    told = run("make", tmp_path / "e", "--based-on", "2019-02-01", "--rules", a_list(tmp_path / "l.xlsx", UNCHANGED, NEW))
    assert "2 rules (1 new, 398 gone, 1 changed); start the register with --edition" in told


def test_no_edition_is_made_if_a_condition_cannot_be_read(tmp_path):
    told = run("make", tmp_path / "e", "--based-on", "2019-02-01", "--rules", a_list(tmp_path / "l.xlsx", BAD), expected=2)
    assert "Rule 05.92 (l.xlsx, sheet Sheet, row 2): its condition cannot be read: expected a field of Kontakt" in told
    assert not (tmp_path / "e").exists()


def test_rules_that_cannot_be_read_are_left_out_on_demand(tmp_path):
    listed = a_list(tmp_path / "l.xlsx", UNCHANGED, BAD)
    told = run("make", tmp_path / "e", "--based-on", "2019-02-01", "--rules", listed, "--skip-unreadable")
    assert "left out: Rule 05.92" in told
    assert [rule.id for rule in edition_of(str(tmp_path / "e")).rules] == ["05.11"]


@pytest.mark.parametrize(
    ("folder", "options", "said"),
    [
        ("e", ("--based-on", "2017-01-01"), "There is no edition '2017-01-01'"),
        ("e e", ("--based-on", "2019-02-01"), "cannot name an edition"),
        (
            "2019-02-01",
            ("--based-on", "2019-02-01"),
            "2019-02-01 is the name of a built-in edition; give the folder another name",
        ),
        ("e", ("--based-on", "2019-02-01", "--version", "a|b"), "'a|b' is not a version"),
        ("e", ("--based-on", "."), ". is not an edition: it has no edition.toml, which mockregister edition make writes."),
        ("e", ("--based-on", "2019-02-01", "--rules", "none.xlsx"), "File 'none.xlsx' does not exist"),
    ],
)
def test_options_that_make_no_valid_edition_are_refused(tmp_path, folder, options, said):
    assert said in run("make", tmp_path / folder, *options, expected=2)


def test_a_folder_that_would_hide_a_built_in_edition_is_refused(march):
    march.rename(march.parent / "2018-09-12")
    with pytest.raises(SettingError, match="give the folder another name, such as 2018-09-12-own"):
        edition_of(str(march.parent / "2018-09-12"))


def test_rules_without_a_document_that_breaks_them_are_named_on_demand(tmp_path, monkeypatch):
    monkeypatch.setattr("mockregister.synthetic.broken.CASES_OF_SEED", 20)
    impossible = ["ERROR", "05.93", 593, "Aldrig", "when Kontakt( type == null && type != null ) then"]
    listed = a_list(tmp_path / "l.xlsx", UNCHANGED, NEW, impossible)
    told = run("make", tmp_path / "e", "--based-on", "2019-02-01", "--rules", listed, "--try-rules")
    assert "2 rules are broken by a document that generate --breaking writes" in told
    assert "no document was found that breaks 05.93; these rules apply all the same" in told


def test_an_existing_edition_is_not_overwritten(march):
    assert "is an edition already" in run("make", march, "--based-on", "2019-02-01", expected=2)


def test_an_editions_own_code_table_replaces_that_of_its_base(tmp_path):
    table = tmp_path / "codes.csv"
    table.write_text("code,term,valid_from,valid_to,lists\nALCA00,fremmøde,,,admin.konttype\n", "utf-8")
    run("make", tmp_path / "e", "--based-on", "2019-02-01", "--codes", table)
    assert edition_of(str(tmp_path / "e")).codes.codes == tmp_path / "e" / "codes.csv"


SKS = "".join(
    f"{kind}{code:<20}20170101{changed}25000101{term:<120}\r\n"
    for kind, code, changed, term in (("adm", "ALCA00", "20181101", "fremmøde"), ("dia", "DI109", "20190105", "Hypertension"))
)


def test_an_official_file_becomes_a_code_table_with_the_date_of_its_last_change(tmp_path):
    source = tmp_path / "SKScomplete.txt"
    source.write_bytes(SKS.encode("cp1252"))
    run("make", tmp_path / "e", "--based-on", "2019-02-01", "--codes", source)
    edition = edition_of(str(tmp_path / "e"))
    assert edition.code_days == {"codes": "2019-01-05"}
    (row,) = edition.codes.tables(Settings()).sks.rows("ALCA00")
    assert (row.term, "admin.konttype.fysfr" in row.lists) == ("fremmøde", True)


def test_an_edition_keeps_the_date_of_the_source_that_its_codes_were_imported_from(tmp_path):
    source = tmp_path / "fhir.json"
    source.write_text('{"resourceType": "CodeSystem", "date": "2026-06-16T00:00:00Z", "concept": [{"code": "DI109"}]}', "utf-8")
    imported = CliRunner().invoke(main, ["codes", "import", str(source), "-o", str(tmp_path / "codes.csv")])
    assert "1 rows of 2026-06-16" in imported.output
    run("make", tmp_path / "e", "--based-on", "2019-02-01", "--codes", tmp_path / "codes.csv")
    assert 'codes_day = "2026-06-16"' in (tmp_path / "e" / "edition.toml").read_text("utf-8")


def test_official_codes_are_downloaded(tmp_path, monkeypatch):
    source = tmp_path / "SKScomplete.txt"
    source.write_bytes(SKS.encode("cp1252"))
    monkeypatch.setitem(sources.ADDRESSES, "codes", source.as_uri())
    run("make", tmp_path / "e", "--based-on", "2019-02-01", "--codes", "official")
    assert edition_of(str(tmp_path / "e")).codes.tables(Settings()).sks.known("DI109")
    monkeypatch.setitem(sources.ADDRESSES, "codes", "http://localhost:9/SKScomplete.txt")
    told = run("make", tmp_path / "f", "--based-on", "2019-02-01", "--codes", "official", expected=2)
    assert "SKScomplete.txt cannot be fetched" in told
    assert "download it and give its path" in told


def test_the_folder_of_a_base_is_found_relative_to_the_edition(march, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("make", "april", "--based-on", "2019-03", "--version", "sds:lpr:3.0.8")
    monkeypatch.chdir("/")
    assert [rule.id for rule in edition_of(str(tmp_path / "april")).rules] == ["05.11", "05.91"]


def test_no_edition_is_made_from_a_list_without_a_readable_rule(tmp_path):
    options = ("--based-on", "2019-02-01", "--rules", a_list(tmp_path / "l.xlsx", BAD), "--skip-unreadable")
    assert "has no rule whose condition can be read" in run("make", tmp_path / "e", *options, expected=2)


def test_an_unusable_table_is_reported_by_its_name_and_leaves_no_folder(tmp_path):
    (tmp_path / "mine.csv").write_text("hi\n", "utf-8")
    told = run("make", tmp_path / "e", "--based-on", "2019-02-01", "--codes", tmp_path / "mine.csv", expected=2)
    assert "mine.csv, line 1: add the column code" in told
    assert not (tmp_path / "e").exists()


def test_the_difference_names_rules_and_codes():
    told = run("diff", "2018-09-12", "2019-02-01")
    assert "version: sds:lpr:3.0.5 → sds:lpr:3.0.6" in told
    assert "new rule 00.01" in told
    assert "changed rule 02.b, condition:" in told
    assert "new integrity code EXTERNAL_EPISODE_OF_CARE_MARKER_NOT_FOUND" in told
    assert "changed rule 05.11" not in told
    assert "new template DKAlternativePatientIdentifier" in told
    assert "changed template DKNullifySection: 2017-12-22 → 2018-10-09" in told


def test_new_gone_and_changed_codes_are_listed_one_by_one(tmp_path):
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    header = "code,term,valid_from,valid_to,lists\n"
    many = "".join(f"ZZ{number:04},ny,,,\n" for number in range(60))
    first.write_text(f"{header}ALCA00,fremmøde,,,admin.konttype\nALCA10,ude,,,admin.konttype\n", "utf-8")
    second.write_text(f"{header}ALCA00,fremmøde,,2019-06-30,admin.konttype\n{many}", "utf-8")
    for name, table in (("a", first), ("b", second)):
        run("make", tmp_path / name, "--based-on", "2019-02-01", "--codes", table)
    told = run("diff", tmp_path / "a", tmp_path / "b")
    assert "changed code ALCA00: fremmøde admin.konttype → fremmøde [..2019-06-30] admin.konttype" in told
    assert "gone code ALCA10: ude admin.konttype" in told
    assert "… and 12 more codes" in told
    found = json.loads(run("diff", tmp_path / "a", tmp_path / "b", "--format", "json"))["codes"]
    assert [code["change"] for code in found] == ["changed", "gone", *["new"] * 60]


def test_an_edition_does_not_differ_from_itself():
    assert run("diff", "2019-02-01", "2019-02-01").strip() == "2019-02-01 → 2019-02-01"


def test_documents_that_would_be_answered_differently_are_named(march, tmp_path):
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "contact.xml").write_bytes(
        as_xml(
            episodes=[an_episode()],
            encounters=[an_encounter(), an_encounter("again")],
            conditions=[a_condition(), a_condition("another", encounter=internal(EntryKind.ENCOUNTER, "again"))],
        )
    )
    (documents / "episode.xml").write_bytes(as_xml(episodes=[an_episode("other")]))
    told = json.loads(run("diff", "2019-02-01", march, "--documents", documents, "--format", "json", *CLOCK, expected=1))
    answers = {judged["document"]: [finding["code"] for finding in judged["after"]] for judged in told["documents"]}
    assert answers["contact.xml"] == ["05.91", "05.91"]
    table = run("diff", "2019-02-01", march, "--documents", documents, "--format", "markdown", *CLOCK, expected=1)
    assert "| contact.xml |" in table
    assert "| Error `05.91`: Kontakter er forbudt (2 places) |" in table
    assert table.strip().endswith("would be refused |")


def test_every_draft_of_a_document_is_judged(march, tmp_path):
    documents = tmp_path / "documents"
    documents.mkdir()
    entries = {"episodes": [an_episode()], "encounters": [an_encounter()], "conditions": [a_condition()]}
    for name in ("draft-1", "draft-2"):
        (documents / f"{name}.xml").write_bytes(as_xml(**entries))
    told = json.loads(run("diff", "2019-02-01", march, "--documents", documents, "--format", "json", *CLOCK, expected=1))
    assert [judged["document"] for judged in told["documents"]] == ["draft-1.xml", "draft-2.xml"]


def test_the_documents_of_a_seed_can_be_judged():
    assert "documents answered differently: none" in run("diff", "2019-02-01", "2023-09-18", "--documents", "abortion")


def test_documents_that_are_neither_a_folder_nor_a_seed_are_reported():
    assert "'nothing' is not a file, a folder, an address or a seed" in run(
        "diff", "2019-02-01", "2023-09-18", "--documents", "nothing", expected=2
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "has no based_on; write which edition this one is based on"),
        ("based_on = 3", "'based_on' is 3; write it as a text in quotes"),
        ('based_on = "2019-02-01"\nrule = "x"', "'rule' is unknown; an edition has "),
        ('based_on = "2019-02-01"\nrules = "none.csv"', "none.csv cannot be read"),
        ("=", "cannot be read"),
        ('based_on = "."', "it is based on itself"),
        ('based_on = "2019-02-01"\nversion = "a|||b"', "'a|||b' is not a version"),
    ],
)
def test_a_folder_without_a_valid_edition_is_reported(tmp_path, content, said):
    (tmp_path / "edition.toml").write_text(content, "utf-8")
    assert said in run("diff", "2019-02-01", tmp_path, expected=2)


def test_an_editions_own_profile_replaces_that_of_its_base(tmp_path):
    export = tmp_path / "decor.xml"
    export.write_text(
        '<decor><template id="1.1" name="Only" effectiveDate="2019-01-01T00:00:00">'
        '<element name="hl7:ClinicalDocument"/></template></decor>'
    )
    run("make", tmp_path / "2019-03", "--based-on", "2019-02-01", "--profile", export)
    edition = edition_of(str(tmp_path / "2019-03"))
    assert "Only" in [template.name for template in edition.profile.templates]
    assert "new template Only" in run("diff", "2019-02-01", tmp_path / "2019-03")


def test_an_edition_keeps_the_date_of_its_profile_when_its_folder_is_renamed(tmp_path):
    export = tmp_path / "decor.xml"
    days = "2018-01-01", "2019-01-01"
    versions = "".join(f'<template id="1.1" name="V{day}" effectiveDate="{day}T00:00:00"/>' for day in days)
    export.write_text(f"<decor>{versions}</decor>")
    run("make", tmp_path / "2018-06-01", "--based-on", "2019-02-01", "--profile", export)
    (tmp_path / "2018-06-01").rename(tmp_path / "june")
    names = [template.name for template in edition_of(str(tmp_path / "june")).profile.templates]
    assert ("V2018-01-01" in names, "V2019-01-01" in names) == (True, False)
