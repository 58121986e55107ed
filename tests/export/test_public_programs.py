"""The tables have the columns, types and values that public programs read. The tests state facts about them, not their code.

osdc (Steno Diabetes Center Aarhus, R) classifies diabetes by LPR2, LPR_F and LPR_A. The SAS macros of the DARTER project load
LPR_F and LPR2. Fastreg (R) describes the columns of LPR_A and LPR2 as Statistics Denmark delivers them. The lymphoma programs of
DALY-CARE join LPR_F with its table of codes. MedCom's conversions name SHAK's codes of specialities.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from mockregister.clock import Clock
from mockregister.codes.sor import shak_specialities
from mockregister.codes.tables import CodeTables
from mockregister.export import frame, lpr2, lpr_a, lpr_f
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.synthetic import seeds
from mockregister.synthetic.generator import Recipe, generate
from tests.snapshots import snapshot

Tables = Mapping[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def register() -> Register:
    """Return a register with courses of every scenario."""
    made = Register(MemoryStore(), CodeTables.load(), Clock(), Settings())
    seeds.load(made, generate(Recipe(90, 1, seeds.UNTIL)))
    return made


def tables_of(layout: Any, register: Register) -> Tables:
    found = layout.frames(snapshot(register.store), register.codes)
    return {frame.name: [dict(zip(frame.columns, row, strict=True)) for row in frame.rows] for frame in found}


@pytest.fixture(scope="module")
def f(register: Register) -> Tables:
    return tables_of(lpr_f, register)


@pytest.fixture(scope="module")
def a(register: Register) -> Tables:
    return tables_of(lpr_a, register)


@pytest.fixture(scope="module")
def two(register: Register) -> Tables:
    return tables_of(lpr2, register)


OSDC = {
    lpr2: {"t_adm": "pnr c_spec recnum d_inddto", "t_diag": "recnum c_diag c_diagtype"},
    lpr_f: {
        "kontakter": "cpr dw_ek_kontakt dato_start hovedspeciale_ans",
        "diagnoser": "dw_ek_kontakt diagnosekode diagnosetype senere_afkraeftet",
    },
    lpr_a: {
        "lpr_a_kontakt": "pnr dw_ek_kontakt kont_starttidspunkt kont_ans_hovedspec",
        "lpr_a_diagnose": "dw_ek_kontakt diag_kode diag_kode_type senere_afkraeftet",
    },
}
OSDC_MEDICAL = {
    *("blandet medicin og kirurgi", "intern medicin", "geriatri", "hepatologi", "hæmatologi", "infektionsmedicin", "kardiologi"),
    *("medicinsk allergologi", "medicinsk gastroenterologi", "medicinsk lungesygdomme", "nefrologi", "reumatologi"),
    *("palliativ medicin", "akut medicin", "dermato-venerologi", "neurologi", "onkologi", "fysiurgi", "tropemedicin"),
}


@pytest.mark.parametrize("layout", OSDC, ids=lambda layout: layout.__name__.rpartition(".")[2])
def test_osdc_finds_the_columns_that_it_reads(layout: Any) -> None:
    for table, columns in OSDC[layout].items():
        assert set(columns.split()) <= layout.COLUMNS[table].keys()


def test_osdc_can_distinguish_endocrinology_from_other_medical_departments(f: Tables, a: Tables, two: Tables) -> None:
    diabetic = {row["dw_ek_kontakt"] for row in f["diagnoser"] if re.match("DE1[01]", row["diagnosekode"])}
    for named in (
        {row["hovedspeciale_ans"].lower() for row in f["kontakter"] if row["dw_ek_kontakt"] in diabetic},
        {row["kont_ans_hovedspec"].lower() for row in a["lpr_a_kontakt"] if row["dw_ek_kontakt"] in diabetic},
    ):
        assert "medicinsk endokrinologi" in named
    everywhere = {row["hovedspeciale_ans"].lower() for row in f["kontakter"]}
    assert {"intern medicin", "kardiologi", "onkologi"} <= everywhere & OSDC_MEDICAL
    assert "ortopædisk kirurgi" in everywhere - OSDC_MEDICAL
    codes = {row["c_spec"] for row in two["t_adm"]}
    assert {"08", "01", "06", "42"} <= codes
    assert all(re.fullmatch(r"\d\d", code) for code in codes)
    assert {row["c_spec"] for row in two["t_psyk_adm"]} == {"50", "52"}


MEDCOM = (
    "01 Intern medicin;02 Geriatri;03 Hepatologi;04 Hæmatologi;05 Infektionsmedicin;06 Kardiologi;07 Medicinsk allergologi;"
    "08 Medicinsk endokrinologi;09 Medicinsk gastroenterologi;10 Medicinsk lungesygdomme;11 Nefrologi;12 Reumatologi;"
    "18 Dermato-venerologi;20 Neurologi;22 Onkologi;30 Kirurgi;31 Karkirurgi;32 Kirurgisk gastroenterologi;33 Plastikkirurgi;"
    "34 Thoraxkirurgi;35 Urologi;38 Gynækologi og obstetrik;40 Neurokirurgi;42 Ortopædisk kirurgi;44 Oftalmologi;"
    "46 Oto-, rhino-, laryngologi;48 Hospitalsodontologi;50 Psykiatri;52 Børne- og ungdomspsykiatri;60 Klinisk biokemi;"
    "61 Klinisk fysiologi og nuclearmedicin;62 Klinisk immunologi;63 Klinisk mikrobiologi;64 Klinisk neurofysiologi;"
    "65 Patologisk anatomi;66 Diagnostisk radiologi;67 Klinisk farmakologi;68 Klinisk genetik;80 Pædiatri;84 Anæstesiologi;"
    "86 Arbejdsmedicin;90 Almen medicin;91 Samfundsmedicin;92 Retsmedicin"
)


def test_specialities_have_the_codes_that_medcom_has_and_the_names_that_osdc_has() -> None:
    expected = {tuple(pair.split(" ", 1)) for pair in MEDCOM.split(";")}
    assert set(shak_specialities().values()) - expected == {("26", "Tropemedicin")}
    assert expected <= set(shak_specialities().values())


def test_osdc_keeps_diagnoses_of_kind_a_and_b_that_were_not_refuted(f: Tables, a: Tables) -> None:
    for rows, kind in ((f["diagnoser"], "diagnosetype"), (a["lpr_a_diagnose"], "diag_kode_type")):
        assert {row["senere_afkraeftet"] for row in rows} == {"Ja", "Nej"}
        assert {row[kind] for row in rows} == {"A", "B", "+"}


def test_osdc_reads_the_start_of_a_contact_as_a_moment_in_lpr_a_and_as_a_date_in_lpr_f(f: Tables, a: Tables) -> None:
    assert {type(row["kont_starttidspunkt"]) for row in a["lpr_a_kontakt"]} == {datetime}
    assert {type(row["dato_start"]) for row in f["kontakter"]} == {date}
    starts = {row["dw_ek_kontakt"]: row["kont_starttidspunkt"] for row in a["lpr_a_kontakt"]}
    for row in f["kontakter"]:
        assert datetime.combine(row["dato_start"], row["tidspunkt_start"]) == starts[row["dw_ek_kontakt"]]


UNIT = "sorenhed_{0} enhedstype_{0} hovedspeciale_{0} region_{0} "
SPAN = "dato_start tidspunkt_start dato_slut tidspunkt_slut "
REFERRED = UNIT.format("hen") + "dato_henvisning tidspunkt_henvisning henvisningsaarsag henvisningsmaade henvisning_fritvalg "
PROCEDURE = (
    "dw_ek_forloeb dw_ek_kontakt procedurekode proceduretype procedurekode_parent proceduretype_parent procedureregistrering_id "
    + UNIT.format("pro")
    + SPAN
)
SAS = {
    "kontakter": UNIT.format("ans") + SPAN + REFERRED + "aktionsdiagnose cpr dato_behandling_start tidspunkt_behandling_start "
    "dw_ek_forloeb dw_ek_kontakt kontaktaarsag kontakttype prioritet",
    "diagnoser": "dw_ek_kontakt diagnosekode diagnosetype senere_afkraeftet diagnosekode_parent diagnosetype_parent",
    "procedurer_kirurgi": PROCEDURE,
    "procedurer_andre": PROCEDURE,
    "kontaktlokationer": "dw_ek_kontakt sorenhed enhedstype hovedspeciale region fravaer " + SPAN,
    "resultater": UNIT.format("ans") + "dw_ek_kontakt dw_ek_forloeb triggertype triggerkode indberetningstype "
    "indberetningsstatus resultattype resultatvaerdi resultatnummer dato_resultat tidspunkt_resultat",
    "forloeb": UNIT.format("ans") + SPAN + REFERRED + "dw_ek_forloeb dw_ek_helbredsforloeb cpr afslutningsmaade forloeblabel",
    "forloebsmarkoerer": "dw_ek_forloeb dato_markoer tidspunkt_markoer markoer",
    "henvisning_tillaeg": "dw_ek_forloeb dw_ek_kontakt tillaegskode",
    "helbredsforloeb": "dw_ek_helbredsforloeb indirekte_fejl_helbredsforloeb dw_ek_forloeb dw_ek_forloeb_forrige "
    "fejl_forloeb_forrige referencehierarki referencemaade helbredsforloeblabel " + SPAN,
    "morbarnforloeb": "dato_start_barn dw_ek_forloeb_barn dw_ek_forloeb_mor dw_ek_morbarnforloeb forloeblabel_barn "
    "forloeblabel_mor",
    "nyt_helbredsforloeb": "dato_henvisning_nyt dw_ek_forloeb_forrige dw_ek_forloeb_nyt dw_ek_nyt_helbredsforloeb "
    "forloeblabel_forrige forloeblabel_nyt henvisningsaarsag_nyt tidspunkt_henvisning_nyt",
}


def test_the_sas_loaders_find_every_table_and_column_of_lpr_f_and_no_other(f: Tables) -> None:
    assert f.keys() == {*SAS, "organisationer", "koder"}
    for table, columns in SAS.items():
        assert lpr_f.COLUMNS[table].keys() == {*columns.split(), "lprindberetningssystem"}, table
    named = "kode kodetype region region_tekst sorenhed sorenhed_tekst sorenhed_type institutionsejer sundhedsinstitution "
    levels = {f"org_enhed_niveau{level}{text}" for level in range(1, 13) for text in ("", "_tekst")}
    columns = lpr_f.COLUMNS["organisationer"].keys()
    assert {*named.split(), *levels, "hovedspeciale", "speciale8", "shak_sgh", "gyldig_til"} <= columns
    levels = {f"niveau{level}{text}" for level in range(1, 10) for text in ("", "_tekst")}
    named = "kodetype kode kode_tekst koen min_alder max_alder gyldig_fra gyldig_til"
    assert lpr_f.COLUMNS["koder"].keys() == {*named.split(), *levels}


def test_daly_care_joins_procedures_and_diagnoses_with_the_terms_of_the_codes_above_them(f: Tables) -> None:
    terms = {row["kode"]: row for row in f["koder"]}
    coded = {"procedurer_kirurgi": "procedurekode", "procedurer_andre": "procedurekode", "diagnoser": "diagnosekode"}
    for table, column in coded.items():
        assert all(terms[row[column]]["kode_tekst"] for row in f[table])
    hip = next(row for name, row in terms.items() if name.startswith("KNF"))
    levels = [hip[f"niveau{level}"] for level in range(1, 10) if hip[f"niveau{level}"]]
    assert levels == sorted(levels, key=len)
    assert levels[-1] == hip["kode"]
    assert all(hip["kode"].startswith(level) for level in levels)


def test_the_sas_loaders_can_join_the_lpr2_tables_by_recnum(two: Tables) -> None:
    wanted = "c_adiag c_afd c_pattype c_sgh d_inddto d_uddto v_sengdage c_indm c_udm v_indtime v_indminut v_udtime"
    assert set(wanted.split()) <= lpr2.COLUMNS["t_adm"].keys()
    operations = {"c_opr", "c_oafd", "c_oprart", "c_osgh", "c_tilopr", "d_odto", "v_otime", "v_ominut"}
    assert operations <= lpr2.COLUMNS["t_sksopr"].keys()


PSYCHIATRIC = {
    "t_psyk_adm": "pnr recnum c_pattype c_adiag d_inddto d_uddto c_indm c_udm c_sgh c_afd c_spec v_indtime v_indminut v_udtime "
    "c_hafd c_henm c_hsgh c_kom c_kontaars c_sex d_hendto v_alddg v_alder v_behdage v_sengdage",
    "t_psyk_diag": "recnum c_diag c_diagtype c_tildiag",
    "t_psyk_sksopr": "recnum c_opr c_oafd c_oprart c_osgh c_tilopr d_odto v_ominut v_otime",
    "t_psyk_sksube": "recnum c_opr c_oafd c_oprart c_osgh c_tilopr d_odto v_ominut v_otime",
}


def test_activity_of_psychiatric_units_has_its_own_lpr2_tables(two: Tables) -> None:
    for table, columns in PSYCHIATRIC.items():
        assert lpr2.COLUMNS[table].keys() - {"sorenhed"} == set(columns.split())
    records = {row["recnum"] for row in two["t_psyk_adm"]}
    assert records
    assert records.isdisjoint(row["recnum"] for row in two["t_adm"])
    assert {row["recnum"] for row in two["t_psyk_diag"]} <= records
    assert "DF" in {row["c_diag"][:2] for row in two["t_psyk_diag"]}


FASTREG = {
    "lpr_a_kontakt": "dw_ek_kontakt pnr kont_starttidspunkt kont_sluttidspunkt kont_type lprindberetningssystem adiag prioritet "
    "kont_ans_hovedspec dw_ek_forloeb dw_sk_sygehusophold dw_ek_helbredsforloeb dw_ek_borger adiag_tekst kont_type_tekst "
    "kont_patient_type kont_patient_type_tekst prioritet_tekst kont_aarsag kont_aarsag_tekst kont_henv_aarsag "
    "kont_henv_aarsag_tekst kont_henv_maade kont_henv_maade_tekst kont_henv_instans kont_henv_tidspunkt kont_indb_tidspunkt "
    "beh_starttidspunkt flag_kont_afsluttet kont_ans kont_ans_inst kont_ans_hovedspec_shak kont_ans_geo_reg "
    "kont_ans_geo_reg_tekst kont_ans_org_reg kont_ans_org_reg_tekst kont_inst_ejertype kont_fir_kode kont_fir_tekst "
    "kont_fritvalg kont_fritvalg_tekst kont_lpr_entity_id borger_koen borger_foedselsdato borger_doedsdato "
    "borger_alder_aar_ind borger_alder_aar_ud borger_bo_kom "
    "borger_bo_kom_tekst borger_bo_reg borger_bo_reg_tekst cprtjek cprtype",
    "lpr_a_diagnose": "dw_ek_kontakt diag_kode diag_kode_type senere_afkraeftet diag_kode_tekst diag_parent_kode "
    "lprindberetningssystem diag_kode_type_tekst diag_parent_kode_tekst diag_parent_kode_type diag_parent_kode_type_tekst",
    "lpr_a_procregistrering": "dw_ek_kontakt proc_kode proc_starttidspunkt proc_kode_type proc_sluttidspunkt proc_parent_kode "
    "dw_ek_forloeb flag_proc_uden_kont lprindberetningssystem dw_ek_procedureregistrering dw_sk_sygehusophold "
    "proc_indb_tidspunkt proc_kode_tekst proc_kode_type_tekst proc_parent_kode_tekst proc_parent_kode_type "
    "proc_parent_kode_type_tekst proc_lpr_entity_id prod_enh prod_inst",
    "lpr_a_forloeb": "dw_ek_forloeb pnr dw_ek_borger cprtjek cprtype dw_ek_forloeb_forrige dw_ek_helbredsforloeb "
    "helbredsforl_starttidspunkt helbredsforl_sluttidspunkt forl_starttidspunkt forl_sluttidspunkt forl_indb_tidspunkt "
    "forl_label forl_label_tekst forl_ref_type forl_ref_type_tekst forl_afslut_maade forl_afslut_maade_tekst forl_henv_tidspunkt "
    "forl_henv_maade forl_henv_maade_tekst forl_henv_aarsag forl_henv_aarsag_tekst forl_henv_instans forl_fritvalg "
    "forl_fritvalg_tekst forl_ans forl_ans_inst forl_inst_ejertype forl_ans_geo_reg forl_ans_geo_reg_tekst forl_ans_org_reg "
    "forl_ans_org_reg_tekst forl_lpr_entity_id lprindberetningssystem",
    "lpr_a_forloebsmarkoer": "dw_ek_forloeb markoer dw_ek_helbredsforloeb dw_ek_markoerregistrering lprindberetningssystem "
    "markoer_indb_tidspunkt markoer_sks_type markoer_tekst markoer_tidspunkt",
    "lpr_a_resultater": "res_indb dw_ek_forloeb dw_ek_kontakt dw_ek_procedureregistrering dw_ek_resultatindberetning "
    "lprindberetningssystem res_indb_ans res_indb_ans_inst res_indb_lpr_entity_id res_indb_status res_indb_status_tekst "
    "res_indb_tekst res_indb_tidspunkt res_type res_type_tekst res_udfoert_tidspunkt res_vaerdi_pnr res_vaerdi_tal "
    "res_vaerdi_tekst res_vaerdi_tidspunkt triggerkode triggerkode_tekst triggertype",
    "lpr_a_sghophold": "dw_ek_sygehusophold pnr dw_sk_sygehusophold dw_ek_borger cprtjek cprtype borger_koen "
    "borger_alder_aar_ind borger_bo_reg_ud sgh_oph_org_reg_ud sgh_oph_starttidspunkt sgh_oph_sluttidspunkt sgh_oph_type "
    "sgh_oph_prioritet beh_type_sgh_oph flag_beh_type_psykiatri flag_beh_type_somatik flag_sgh_type_hosp flag_sgh_type_off "
    "flag_sgh_type_prv flag_sgh_oph_finansiering_off flag_sgh_oph_finansiering_prv antal_kont_sgh_oph dw_ek_kontakt_foerste "
    "dw_ek_kontakt_sidste",
    "lpr_a_betalingsoplysninger": "betaler bet_aftale bet_opl_spec_niv betaler_tekst bet_aftale_tekst bet_opl_indb_tidspunkt "
    "bet_opl_sluttidspunkt bet_opl_spec_niv_tekst bet_opl_starttidspunkt dw_ek_betalingsoplysning dw_ek_kontakt "
    "dw_ek_procedureregistrering flag_bet_opl_kont",
    "lpr_a_kontaktlokation": "kont_lok_enh dw_ek_kontakt dw_ek_kontaktlokation flag_fravaer kont_lok_enh_hovedspec "
    "kont_lok_fravaer kont_lok_fravaer_tekst kont_lok_indb_tidspunkt kont_lok_inst kont_lok_sluttidspunkt "
    "kont_lok_starttidspunkt",
    "lpr_a_henvisning_tillaeg": "henv_aarsag_till dw_ek_forloeb dw_ek_kontakt henv_aarsag_till_tekst lprindberetningssystem",
    "lpr_a_mor_barn_relation": "dw_ek_mor_barn_relation pnr_barn pnr_mor dw_ek_borger_barn dw_ek_borger_mor borger_koen_barn "
    "dw_ek_forloeb_barn dw_ek_forloeb_mor forl_label_barn forl_label_barn_tekst forl_label_mor forl_label_mor_tekst "
    "forl_ref_type_barn forl_ref_type_barn_tekst cprtjek cprtype",
}


@pytest.mark.parametrize("table", FASTREG)
def test_fastreg_finds_the_columns_of_lpr_a_and_no_other(table: str) -> None:
    assert lpr_a.COLUMNS[table].keys() == set(FASTREG[table].split())


def test_fastreg_finds_the_values_that_it_documents(a: Tables) -> None:
    contacts = a["lpr_a_kontakt"]
    assert {row["lprindberetningssystem"] for row in contacts} == {"LPR3"}
    assert {row["borger_koen"] for row in contacts} == {"M", "F"}, "as the authority's own programs read it"
    assert all(len(row["kont_type"]) == len("ALCA00") and row["kont_type_tekst"] for row in contacts)
    assert {row["flag_kont_afsluttet"] for row in contacts} <= {"0", "1"}
    assert {row["kont_ans_org_reg_tekst"] for row in contacts} >= {"Region Hovedstaden", "Region Nordjylland"}
    procedures = a["lpr_a_procregistrering"]
    assert {row["proc_kode_type"] for row in procedures} == {"P", "+"}
    assert all(bool(row["dw_ek_kontakt"]) is (row["flag_proc_uden_kont"] == "0") for row in procedures)
    assert all(bool(row["proc_parent_kode"]) is (row["proc_kode_type"] == "+") for row in procedures)
    assert all(row["res_udfoert_tidspunkt"] for row in a["lpr_a_resultater"])


def test_stays_payments_and_locations_can_be_joined_with_contacts(a: Tables) -> None:
    contacts = {row["dw_ek_kontakt"]: row for row in a["lpr_a_kontakt"]}
    for stay in a["lpr_a_sghophold"]:
        first, last = (contacts[stay[f"dw_ek_kontakt_{which}"]] for which in ("foerste", "sidste"))
        assert first["dw_sk_sygehusophold"] == last["dw_sk_sygehusophold"] == stay["dw_sk_sygehusophold"]
        assert first["pnr"] == stay["pnr"]
    members = [row for row in contacts.values() if row["dw_sk_sygehusophold"]]
    assert sum(row["antal_kont_sgh_oph"] for row in a["lpr_a_sghophold"]) == len(members)
    assert {row["kont_type"] for row in members} == {"ALCA00"}
    procedures = {row["dw_ek_procedureregistrering"] for row in a["lpr_a_procregistrering"]}
    for row in a["lpr_a_betalingsoplysninger"]:
        assert bool(row["dw_ek_kontakt"]) is (row["flag_bet_opl_kont"] == "1") is not bool(row["dw_ek_procedureregistrering"])
        assert row["dw_ek_kontakt"] in contacts or row["dw_ek_procedureregistrering"] in procedures
        assert row["bet_aftale"]
    assert all(bool(row["kont_lok_fravaer"]) is (row["flag_fravaer"] == "1") for row in a["lpr_a_kontaktlokation"])
    assert {row["flag_fravaer"] for row in a["lpr_a_kontaktlokation"]} == {"0", "1"}
    assert all(row["pnr_barn"] != row["pnr_mor"] for row in a["lpr_a_mor_barn_relation"])
    assert a["lpr_a_mor_barn_relation"]


def test_every_unit_of_lpr_f_has_a_type_a_speciality_a_region_and_a_row_among_the_organisations(f: Tables) -> None:
    for row in f["kontakter"]:
        assert all(row[f"{name}_ans"] for name in ("sorenhed", "enhedstype", "hovedspeciale", "region"))
    known = {row["sorenhed"]: row for row in f["organisationer"]}
    assert known.keys() >= {row["sorenhed_ans"] for row in f["kontakter"]}
    ward = known[f["kontakter"][0]["sorenhed_ans"]]
    assert ward["org_enhed_niveau1"] == ward["sorenhed"]
    names = ("sorenhed_tekst", "region_tekst", "institutionsejer_tekst", "sundhedsinstitution_tekst")
    assert all(ward[column] for column in names)
    assert all(row["dato_resultat"] for row in f["resultater"])


def test_lpr_f_has_tables_of_illnesses_and_of_mothers_and_children(f: Tables) -> None:
    chains = {row["dw_ek_helbredsforloeb"]: int(row["referencehierarki"]) for row in f["helbredsforloeb"]}
    assert len(f["helbredsforloeb"]) == len(f["forloeb"])
    assert max(chains.values()) == 3
    pairs = {(row["dw_ek_forloeb_mor"], row["dw_ek_forloeb_barn"]) for row in f["morbarnforloeb"]}
    people = {row["dw_ek_forloeb"]: row["cpr"] for row in f["forloeb"]}
    assert pairs
    assert all(people[mother] != people[child] for mother, child in pairs)


def test_duckdb_can_read_the_parquet_files(register: Register, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    frame.write(lpr_a.frames(snapshot(register.store), register.codes), tmp_path, ["parquet"])
    asked = (
        "SELECT count(*), max(kont_starttidspunkt) FROM read_parquet(?) k JOIN read_parquet(?) d USING (dw_ek_kontakt) "
        "WHERE d.diag_kode LIKE 'DE11%' AND k.kont_ans_hovedspec = 'Medicinsk endokrinologi'"
    )
    files = [str(tmp_path / f"{name}.parquet") for name in ("lpr_a_kontakt", "lpr_a_diagnose")]
    number, latest = duckdb.execute(asked, files).fetchone()
    assert number > 0
    assert isinstance(latest, datetime)
