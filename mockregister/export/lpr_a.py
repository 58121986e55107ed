"""LPR3 as analysts get it today: the tables and column names of the LPR_A delivery, which took the place of LPR_F.

One row of ``lpr_a_kontakt`` is a contact (an encounter); the other tables hang on it by ``dw_ek_kontakt``, or on the course by
``dw_ek_forloeb``. Moments are Danish time without a zone. Each code has its term beside it (``…_tekst``). Values are those that
public programs expect: ``senere_afkraeftet`` Ja or Nej, ``diag_kode_type`` A, B or +, specialities by SHAK's names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from mockregister.codes.tables import CodeTables
from mockregister.export.cells import Units, additions, age, birth, day, moment, municipality, number, sex, trees
from mockregister.export.frame import Cell, Frame
from mockregister.export.lpr_f import MAIN, MINOR, PRIMARY, SUPPLEMENTARY, SYSTEM, Chains, added_to, cause_of, key_of
from mockregister.model import (
    Code,
    ConditionNode,
    EncounterNode,
    EpisodeTree,
    OrganizerNode,
    Procedure,
    ProcedureNode,
    Referral,
)
from mockregister.register.store import Rows

KINDS = {MAIN: "Aktionsdiagnose", MINOR: "Bidiagnose", SUPPLEMENTARY: "Tillægskode", PRIMARY: "Procedure"}
SEXES = {"M": 1, "F": 2}
YES, NO = "1", "0"


def _columns(text: str) -> dict[str, type]:
    """Columns by name: moments, dates and numbers by what their names end in, all else text."""
    kinds: dict[str, type] = {"tidspunkt": datetime, "dato": date, "koen": int, "ind": int, "ud": int, "tal": float}
    return {name: kinds.get(_last(name), str) for name in text.split()}


def _last(name: str) -> str:
    word = name.rpartition("_")[2]
    return next((kind for kind in ("tidspunkt", "dato") if word.endswith(kind)), word)


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
}


def frames(rows: Rows, codes: CodeTables) -> Iterator[Frame]:
    """Yield the tables of everything that is live in a register."""
    known = list(trees(rows))
    writing = _ContactTables(codes, Chains(known))
    for tree in known:
        writing.course(tree)
    for name, columns in COLUMNS.items():
        yield Frame(name, columns, writing.rows[name])


class _ContactTables:
    """Rows of all tables, gathered episode by episode."""

    def __init__(self, codes: CodeTables, chains: Chains) -> None:
        self.codes, self.units, self.chains = codes, Units(codes.sor), chains
        self.rows: dict[str, list[tuple[Cell, ...]]] = {name: [] for name in COLUMNS}

    def course(self, tree: EpisodeTree) -> None:
        """A course, and everything below it."""
        entry, key = tree.entry, key_of(tree)
        first, _, start, end = self.chains.about(key)
        link = entry.link.code if entry.link else None
        self._add(
            "lpr_a_forloeb",
            dw_ek_forloeb=key,
            pnr=number(tree.patient),
            dw_ek_forloeb_forrige=key_of(tree.linked) if tree.linked else "",
            dw_ek_helbredsforloeb=first,
            helbredsforl_starttidspunkt=moment(start),
            helbredsforl_sluttidspunkt=moment(end),
            forl_starttidspunkt=moment(entry.start),
            forl_sluttidspunkt=moment(entry.end),
            **self._told("forl_label", entry.label),
            **self._told("forl_ref_type", link),
            **self._told("forl_afslut_maade", entry.completion),
            **self._referral("forl", entry.referral),
            **self._owner("forl", entry.responsible_unit),
        )
        for marker in entry.markers:
            self._add(
                "lpr_a_forloebsmarkoer",
                dw_ek_markoerregistrering=marker.id.extension.lower() if marker.id else "",
                dw_ek_forloeb=key,
                dw_ek_helbredsforloeb=first,
                markoer_tidspunkt=moment(marker.time),
                **self._told("markoer", marker.code),
            )
        for encounter in tree.encounters:
            self._contact(encounter, tree, first)
        self._procedures(tree.procedures, key, "")
        self._results(tree.organizers, key, "")

    def _contact(self, node: EncounterNode, tree: EpisodeTree, health_course: str) -> None:
        entry, key, main, patient = node.entry, node.entry.id.extension.lower(), node.main_condition, tree.patient
        shak, speciality = self.units.speciality(entry.responsible_unit)
        self._add(
            "lpr_a_kontakt",
            dw_ek_kontakt=key,
            dw_ek_forloeb=key_of(tree),
            dw_ek_helbredsforloeb=health_course,
            pnr=number(patient),
            kont_starttidspunkt=moment(entry.start),
            kont_sluttidspunkt=moment(entry.end),
            beh_starttidspunkt=moment(entry.treatment_start),
            **self._told("kont_type", entry.type),
            **self._told("prioritet", entry.priority),
            **self._told("kont_aarsag", entry.reason),
            **self._told("adiag", main.entry.code if main else None),
            **self._referral("kont", entry.referral),
            **self._owner("kont", entry.responsible_unit),
            kont_ans_hovedspec=speciality,
            kont_ans_hovedspec_shak=shak,
            flag_kont_afsluttet=YES if entry.end else NO,
            borger_koen=SEXES.get(sex(patient)),
            borger_foedselsdato=birth(patient),
            borger_alder_aar_ind=age(patient, day(entry.start)),
            borger_alder_aar_ud=age(patient, day(entry.end)),
            borger_bo_kom=municipality(patient),
            borger_bo_kom_tekst=self._municipality(municipality(patient)),
        )
        for condition in node.conditions:
            self._condition(condition, key_of(tree), key)
        self._procedures(node.procedures, key_of(tree), key)
        self._results(node.organizers, key_of(tree), key)

    def _condition(self, node: ConditionNode, course: str, contact: str) -> None:
        entry, kind = node.entry, MAIN if node.entry.main else MINOR
        refuted = "Ja" if entry.negated else "Nej"
        own = {"dw_ek_kontakt": contact, "senere_afkraeftet": refuted}
        self._add("lpr_a_diagnose", **own, **self._coded("diag", entry.code, kind))
        for addition in additions(entry):
            parent = self._coded("diag_parent", entry.code, kind)
            self._add("lpr_a_diagnose", **own, **self._coded("diag", addition, SUPPLEMENTARY), **parent)
        self._results(node.organizers, course, contact)

    def _procedures(self, nodes: Iterable[ProcedureNode], course: str, contact: str) -> None:
        for node in nodes:
            self._procedure(node.entry, course, contact)
            self._results(node.organizers, course, contact)

    def _procedure(self, entry: Procedure, course: str, contact: str) -> None:
        institution = self.units.institution(entry.producer)
        own: dict[str, Cell] = {
            "dw_ek_procedureregistrering": entry.id.extension.lower(),
            "dw_ek_kontakt": contact,
            "dw_ek_forloeb": course,
            "proc_starttidspunkt": moment(entry.start),
            "proc_sluttidspunkt": moment(entry.end),
            "prod_enh": entry.producer,
            "prod_inst": institution.sor_id if institution else "",
            "flag_proc_uden_kont": NO if contact else YES,
        }
        self._add("lpr_a_procregistrering", **own, **self._coded("proc", entry.code, PRIMARY))
        for addition in added_to(entry):
            parent = self._coded("proc_parent", entry.code, PRIMARY)
            self._add("lpr_a_procregistrering", **own, **self._coded("proc", addition, SUPPLEMENTARY), **parent)

    def _results(self, nodes: Iterable[OrganizerNode], course: str, contact: str) -> None:
        for node in nodes:
            entry, (kind, cause) = node.entry, cause_of(node)
            institution = self.units.institution(entry.responsible_unit)
            own: dict[str, Cell] = {
                "dw_ek_resultatindberetning": entry.id.extension.lower(),
                "dw_ek_forloeb": course,
                "dw_ek_kontakt": contact,
                "dw_ek_procedureregistrering": node.procedure.entry.id.extension.lower() if node.procedure else "",
                "triggertype": kind,
                **self._told("triggerkode", Code(cause) if cause else None),
                **self._told("res_indb", entry.name),
                **self._told("res_indb_status", entry.status),
                "res_indb_ans": entry.responsible_unit,
                "res_indb_ans_inst": institution.sor_id if institution else "",
            }
            for result in entry.results:
                found = self._told("res_type", result.type)
                when = moment(result.time)
                self._add("lpr_a_resultater", **own, **found, **_value(result.value), res_udfoert_tidspunkt=when)

    def _coded(self, name: str, coded: Code, kind: str) -> dict[str, Cell]:
        """Return a code, its term, and which kind of code it is."""
        return {**self._told(f"{name}_kode", coded), f"{name}_kode_type": kind, f"{name}_kode_type_tekst": KINDS[kind]}

    def _told(self, name: str, coded: Code | None) -> dict[str, Cell]:
        """Return a code and its term: that of the code table, else the one that the document displays."""
        if coded is None:
            return {}
        rows = self.codes.sks.rows(coded.code)
        return {name: coded.code, f"{name}_tekst": (rows[-1].term if rows else "") or coded.display}

    def _referral(self, name: str, referral: Referral | None) -> dict[str, Cell]:
        if referral is None:
            return {}
        return {
            f"{name}_henv_tidspunkt": moment(referral.time),
            f"{name}_henv_instans": referral.referrer,
            **self._told(f"{name}_henv_maade", referral.origin),
            **self._told(f"{name}_henv_aarsag", referral.reason.code if referral.reason else None),
            **self._told(f"{name}_fritvalg", referral.free_choice),
        }

    def _owner(self, name: str, sor_id: str) -> dict[str, Cell]:
        """Return the unit, its institution, the type of the owner, and the region: by place the same here as by owner."""
        institution, (region, text) = self.units.institution(sor_id), self.units.region(sor_id)
        line = self.units.line(sor_id)
        regions = {f"{name}_ans_{kind}_reg": region for kind in ("geo", "org")}
        return {
            f"{name}_ans": sor_id,
            f"{name}_ans_inst": institution.sor_id if institution else "",
            f"{name}_inst_ejertype": line[0].unit_type if line and line[0].is_owner else "",
            **regions,
            **{f"{column}_tekst": text for column in regions},
        }

    def _municipality(self, number: str) -> str:
        known = self.codes.authorities.get(number)
        return known.name if known else ""

    def _add(self, table: str, **cells: Cell) -> None:
        """Add a row. A column without a value is empty; a value for an unknown column is a programming error."""
        columns = COLUMNS[table]
        assert cells.keys() <= columns.keys(), cells.keys() - columns.keys()
        told: Mapping[str, Cell] = {**cells, "lprindberetningssystem": SYSTEM}
        self.rows[table].append(tuple(told.get(name, "" if kind is str else None) for name, kind in columns.items()))


def _value(text: str) -> dict[str, Cell]:
    """Return the value of a result in the column of its type: a number, or a text."""
    try:
        return {"res_vaerdi_tal": float(text)} if len(text) < len("20190501") else {"res_vaerdi_tekst": text}
    except ValueError:
        return {"res_vaerdi_tekst": text}
