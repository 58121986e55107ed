"""The columns of LPR_A's tables, as Statistics Denmark and research programs name them."""

from __future__ import annotations

from datetime import date, datetime


def _columns(text: str) -> dict[str, type]:
    """Return the type of each column by its name: the names of moments, dates and numbers show it, all others are texts."""
    return {name: _type_of(name) for name in text.split()}


def _type_of(name: str) -> type:
    if name.endswith("tidspunkt"):
        return datetime
    if name.endswith("dato"):
        return date
    if name.startswith(("borger_alder", "antal")):
        return int
    return float if name.endswith("_tal") else str


_OWNER = "{0}_ans {0}_ans_inst {0}_inst_ejertype {0}_ans_geo_reg {0}_ans_geo_reg_tekst {0}_ans_org_reg {0}_ans_org_reg_tekst"
_REFERRED = (
    "{0}_henv_tidspunkt {0}_henv_maade {0}_henv_maade_tekst {0}_henv_aarsag {0}_henv_aarsag_tekst {0}_henv_instans "
    "{0}_fritvalg {0}_fritvalg_tekst"
)
COLUMNS = {
    "lpr_a_kontakt": _columns(
        "dw_ek_kontakt dw_ek_forloeb dw_ek_helbredsforloeb dw_sk_sygehusophold dw_ek_borger pnr cprtjek cprtype "
        "kont_starttidspunkt kont_sluttidspunkt beh_starttidspunkt kont_indb_tidspunkt kont_type kont_type_tekst "
        "kont_patient_type kont_patient_type_tekst prioritet prioritet_tekst kont_aarsag kont_aarsag_tekst adiag adiag_tekst "
        f"{_REFERRED.format('kont')} {_OWNER.format('kont')} kont_ans_hovedspec kont_ans_hovedspec_shak kont_fir_kode "
        "kont_fir_tekst flag_kont_afsluttet borger_koen borger_foedselsdato borger_doedsdato borger_alder_aar_ind "
        "borger_alder_aar_ud borger_bo_kom borger_bo_kom_tekst borger_bo_reg borger_bo_reg_tekst kont_lpr_entity_id "
        "lprindberetningssystem"
    ),
    "lpr_a_diagnose": _columns(
        "dw_ek_kontakt diag_kode diag_kode_tekst diag_kode_type diag_kode_type_tekst diag_parent_kode diag_parent_kode_tekst "
        "diag_parent_kode_type diag_parent_kode_type_tekst senere_afkraeftet lprindberetningssystem"
    ),
    "lpr_a_procregistrering": _columns(
        "dw_ek_procedureregistrering dw_ek_kontakt dw_ek_forloeb dw_sk_sygehusophold proc_starttidspunkt proc_sluttidspunkt "
        "proc_indb_tidspunkt proc_kode proc_kode_tekst proc_kode_type proc_kode_type_tekst proc_parent_kode "
        "proc_parent_kode_tekst proc_parent_kode_type proc_parent_kode_type_tekst prod_enh prod_inst "
        "flag_proc_uden_kont proc_lpr_entity_id "
        "lprindberetningssystem"
    ),
    "lpr_a_forloeb": _columns(
        "dw_ek_forloeb pnr dw_ek_borger cprtjek cprtype dw_ek_forloeb_forrige dw_ek_helbredsforloeb helbredsforl_starttidspunkt "
        "helbredsforl_sluttidspunkt forl_starttidspunkt forl_sluttidspunkt forl_indb_tidspunkt forl_label forl_label_tekst "
        "forl_ref_type forl_ref_type_tekst forl_afslut_maade forl_afslut_maade_tekst "
        f"{_REFERRED.format('forl')} {_OWNER.format('forl')} forl_lpr_entity_id lprindberetningssystem"
    ),
    "lpr_a_forloebsmarkoer": _columns(
        "dw_ek_markoerregistrering dw_ek_forloeb dw_ek_helbredsforloeb markoer markoer_tekst markoer_sks_type markoer_tidspunkt "
        "markoer_indb_tidspunkt lprindberetningssystem"
    ),
    "lpr_a_resultater": _columns(
        "dw_ek_resultatindberetning dw_ek_forloeb dw_ek_kontakt dw_ek_procedureregistrering triggertype triggerkode "
        "triggerkode_tekst res_indb res_indb_tekst res_indb_status res_indb_status_tekst res_indb_ans res_indb_ans_inst "
        "res_indb_tidspunkt res_type res_type_tekst res_udfoert_tidspunkt res_vaerdi_pnr res_vaerdi_tal res_vaerdi_tekst "
        "res_vaerdi_tidspunkt res_indb_lpr_entity_id lprindberetningssystem"
    ),
    "lpr_a_sghophold": _columns(
        "dw_ek_sygehusophold dw_sk_sygehusophold pnr dw_ek_borger cprtjek cprtype borger_koen borger_alder_aar_ind "
        "borger_bo_reg_ud sgh_oph_org_reg_ud sgh_oph_starttidspunkt sgh_oph_sluttidspunkt sgh_oph_type sgh_oph_prioritet "
        "beh_type_sgh_oph flag_beh_type_psykiatri flag_beh_type_somatik flag_sgh_type_hosp flag_sgh_type_off flag_sgh_type_prv "
        "flag_sgh_oph_finansiering_off flag_sgh_oph_finansiering_prv antal_kont_sgh_oph dw_ek_kontakt_foerste "
        "dw_ek_kontakt_sidste"
    ),
    "lpr_a_betalingsoplysninger": _columns(
        "dw_ek_betalingsoplysning dw_ek_kontakt dw_ek_procedureregistrering flag_bet_opl_kont bet_opl_starttidspunkt "
        "bet_opl_sluttidspunkt bet_opl_indb_tidspunkt bet_aftale bet_aftale_tekst betaler betaler_tekst bet_opl_spec_niv "
        "bet_opl_spec_niv_tekst"
    ),
    "lpr_a_kontaktlokation": _columns(
        "dw_ek_kontaktlokation dw_ek_kontakt kont_lok_starttidspunkt kont_lok_sluttidspunkt kont_lok_indb_tidspunkt "
        "kont_lok_enh kont_lok_enh_hovedspec kont_lok_inst flag_fravaer kont_lok_fravaer kont_lok_fravaer_tekst"
    ),
    "lpr_a_henvisning_tillaeg": _columns(
        "dw_ek_forloeb dw_ek_kontakt henv_aarsag_till henv_aarsag_till_tekst lprindberetningssystem"
    ),
    "lpr_a_mor_barn_relation": _columns(
        "dw_ek_mor_barn_relation pnr_barn pnr_mor dw_ek_borger_barn dw_ek_borger_mor borger_koen_barn dw_ek_forloeb_barn "
        "dw_ek_forloeb_mor forl_label_barn forl_label_barn_tekst forl_label_mor forl_label_mor_tekst forl_ref_type_barn "
        "forl_ref_type_barn_tekst cprtjek cprtype"
    ),
}
