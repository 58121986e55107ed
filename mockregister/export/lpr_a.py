"""LPR3 as analysts get it today: the tables and column names of the LPR_A delivery, which took the place of LPR_F.

One row of ``lpr_a_kontakt`` is a contact (an encounter). Rows of other tables name their contact in ``dw_ek_kontakt``, or their
course (episode of care) in ``dw_ek_forloeb``. Moments are Danish time without a zone. Each code has its term beside it
(``…_tekst``). Values are those that public programs expect: ``senere_afkraeftet`` Ja or Nej, ``diag_kode_type`` A, B or +,
specialities by SHAK's names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mockregister.codes.tables import CodeTables
from mockregister.export.cells import additions, age, birth, day, moment, municipality, number, sex, trees
from mockregister.export.frame import Cell, Frame
from mockregister.export.hospital_stays import HospitalStay, stays
from mockregister.export.lpr_a_cells import NO, YES, CodedCells, value
from mockregister.export.lpr_a_columns import COLUMNS
from mockregister.export.lpr_f import (
    MAIN,
    MINOR,
    MOTHER_AND_CHILD,
    PRIMARY,
    SUPPLEMENTARY,
    SYSTEM,
    Chains,
    added_to,
    cause_of,
    key_of,
)
from mockregister.model import (
    Code,
    ConditionNode,
    Encounter,
    EncounterNode,
    EpisodeTree,
    OrganizerNode,
    Payment,
    Procedure,
    ProcedureNode,
    Referral,
)
from mockregister.register.store import Rows


def frames(rows: Rows, codes: CodeTables) -> Iterator[Frame]:
    """Yield the tables of everything that is live in a register."""
    known = list(trees(rows))
    writing = _ContactTables(codes, Chains(known))
    for stay in stays(known, writing.cells.units):
        writing.stay(stay)
    for tree in known:
        writing.course(tree)
    for name, columns in COLUMNS.items():
        yield Frame(name, columns, writing.rows[name])


class _ContactTables:
    """Rows of all tables, gathered stay by stay and episode by episode."""

    def __init__(self, codes: CodeTables, chains: Chains) -> None:
        self.cells, self.chains = CodedCells(codes), chains
        self.stay_of: dict[str, str] = {}
        self.rows: dict[str, list[tuple[Cell, ...]]] = {name: [] for name in COLUMNS}

    def stay(self, stay: HospitalStay) -> None:
        """Add a hospital stay; rows that are added later for its visits and their procedures name it."""
        first, last = stay.visits[0].entry, stay.visits[-1].entry
        psychiatric = {self.cells.units.is_psychiatric(node.entry.responsible_unit) for node in stay.visits}
        self.stay_of.update({node.entry.id.extension.lower(): stay.key for node in stay.visits})
        self._add(
            "lpr_a_sghophold",
            dw_ek_sygehusophold=stay.key,
            dw_sk_sygehusophold=stay.key,
            pnr=number(stay.patient),
            borger_koen=sex(stay.patient),
            borger_alder_aar_ind=age(stay.patient, day(stay.start)),
            sgh_oph_org_reg_ud=self.cells.units.region(last.responsible_unit)[0],
            sgh_oph_starttidspunkt=moment(stay.start),
            sgh_oph_sluttidspunkt=moment(stay.end),
            sgh_oph_type="Indlæggelse" if stay.is_admission else "Ambulant ophold",
            sgh_oph_prioritet=first.priority.code if first.priority else "",
            flag_beh_type_psykiatri=YES if True in psychiatric else NO,
            flag_beh_type_somatik=YES if False in psychiatric else NO,
            antal_kont_sgh_oph=len(stay.visits),
            dw_ek_kontakt_foerste=stay.key,
            dw_ek_kontakt_sidste=last.id.extension.lower(),
        )

    def course(self, tree: EpisodeTree) -> None:
        """Add a course, and everything that belongs to it."""
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
            **self.cells.with_term("forl_label", entry.label),
            **self.cells.with_term("forl_ref_type", link),
            **self.cells.with_term("forl_afslut_maade", entry.completion),
            **self.cells.referral("forl", entry.referral),
            **self.cells.owner("forl", entry.responsible_unit),
        )
        for marker in entry.markers:
            self._add(
                "lpr_a_forloebsmarkoer",
                dw_ek_markoerregistrering=marker.id.extension.lower() if marker.id else "",
                dw_ek_forloeb=key,
                dw_ek_helbredsforloeb=first,
                markoer_tidspunkt=moment(marker.time),
                **self.cells.with_term("markoer", marker.code),
            )
        for encounter in tree.encounters:
            self._contact(encounter, tree, first)
        self._referral_codes(key, "", entry.referral)
        if tree.linked and link and link.code == MOTHER_AND_CHILD:
            self._mother_and_child(tree, tree.linked, link)
        self._procedures(tree.procedures, key, "")
        self._results(tree.organizers, key, "")

    def _mother_and_child(self, child: EpisodeTree, mother: EpisodeTree, link: Code) -> None:
        self._add(
            "lpr_a_mor_barn_relation",
            dw_ek_mor_barn_relation=key_of(child),
            pnr_barn=number(child.patient),
            pnr_mor=number(mother.patient),
            borger_koen_barn=sex(child.patient),
            dw_ek_forloeb_barn=key_of(child),
            dw_ek_forloeb_mor=key_of(mother),
            **self.cells.with_term("forl_label_barn", child.entry.label),
            **self.cells.with_term("forl_label_mor", mother.entry.label),
            **self.cells.with_term("forl_ref_type_barn", link),
        )

    def _contact(self, node: EncounterNode, tree: EpisodeTree, health_course: str) -> None:
        entry, key, main, patient = node.entry, node.entry.id.extension.lower(), node.main_condition, tree.patient
        shak, speciality = self.cells.units.speciality(entry.responsible_unit)
        self._add(
            "lpr_a_kontakt",
            dw_ek_kontakt=key,
            dw_ek_forloeb=key_of(tree),
            dw_ek_helbredsforloeb=health_course,
            dw_sk_sygehusophold=self.stay_of.get(key, ""),
            pnr=number(patient),
            kont_starttidspunkt=moment(entry.start),
            kont_sluttidspunkt=moment(entry.end),
            beh_starttidspunkt=moment(entry.treatment_start),
            **self.cells.with_term("kont_type", entry.type),
            **self.cells.with_term("prioritet", entry.priority),
            **self.cells.with_term("kont_aarsag", entry.reason),
            **self.cells.with_term("adiag", main.entry.code if main else None),
            **self.cells.referral("kont", entry.referral),
            **self.cells.owner("kont", entry.responsible_unit),
            kont_ans_hovedspec=speciality,
            kont_ans_hovedspec_shak=shak,
            flag_kont_afsluttet=YES if entry.end else NO,
            borger_koen=sex(patient),
            borger_foedselsdato=birth(patient),
            borger_alder_aar_ind=age(patient, day(entry.start)),
            borger_alder_aar_ud=age(patient, day(entry.end)),
            borger_bo_kom=municipality(patient),
            borger_bo_kom_tekst=self.cells.municipality(municipality(patient)),
        )
        self._whereabouts(entry, key)
        self._referral_codes("", key, entry.referral)
        for payment in entry.payments:
            self._payment(payment, YES, dw_ek_kontakt=key)
        for condition in node.conditions:
            self._condition(condition, key_of(tree), key)
        self._procedures(node.procedures, key_of(tree), key)
        self._results(node.organizers, key_of(tree), key)

    def _whereabouts(self, entry: Encounter, contact: str) -> None:
        """Add where the patient was during a contact: a row for each unit and each absence."""
        for place, stay in enumerate(entry.stays, 1):
            institution = self.cells.units.institution(stay.unit)
            self._add(
                "lpr_a_kontaktlokation",
                dw_ek_kontaktlokation=f"{contact}-{place}",
                dw_ek_kontakt=contact,
                kont_lok_starttidspunkt=moment(stay.start),
                kont_lok_sluttidspunkt=moment(stay.end),
                kont_lok_enh=stay.unit,
                kont_lok_enh_hovedspec=self.cells.units.speciality(stay.unit)[1],
                kont_lok_inst=institution.sor_id if institution else "",
                flag_fravaer=YES if stay.absence else NO,
                **self.cells.with_term("kont_lok_fravaer", stay.absence),
            )

    def _referral_codes(self, course: str, contact: str, referral: Referral | None) -> None:
        for addition in referral.reason.supplementary if referral and referral.reason else ():
            coded = self.cells.with_term("henv_aarsag_till", addition)
            self._add("lpr_a_henvisning_tillaeg", dw_ek_forloeb=course, dw_ek_kontakt=contact, **coded)

    def _payment(self, payment: Payment, of_contact: str, **owner: Cell) -> None:
        """Add who pays for a contact, or for a procedure on a course."""
        table = "lpr_a_betalingsoplysninger"
        self._add(
            table,
            dw_ek_betalingsoplysning=str(len(self.rows[table]) + 1),
            flag_bet_opl_kont=of_contact,
            bet_opl_starttidspunkt=moment(payment.start),
            bet_opl_sluttidspunkt=moment(payment.end),
            **owner,
            **self.cells.with_term("bet_aftale", payment.agreement),
            **self.cells.with_term("betaler", payment.payer),
            **self.cells.with_term("bet_opl_spec_niv", payment.specialisation),
        )

    def _condition(self, node: ConditionNode, course: str, contact: str) -> None:
        entry, kind = node.entry, MAIN if node.entry.main else MINOR
        refuted = "Ja" if entry.negated else "Nej"
        own = {"dw_ek_kontakt": contact, "senere_afkraeftet": refuted}
        self._add("lpr_a_diagnose", **own, **self.cells.coded("diag", entry.code, kind))
        for addition in additions(entry):
            parent = self.cells.coded("diag_parent", entry.code, kind)
            self._add("lpr_a_diagnose", **own, **self.cells.coded("diag", addition, SUPPLEMENTARY), **parent)
        self._results(node.organizers, course, contact)

    def _procedures(self, nodes: Iterable[ProcedureNode], course: str, contact: str) -> None:
        for node in nodes:
            self._procedure(node.entry, course, contact)
            self._results(node.organizers, course, contact)

    def _procedure(self, entry: Procedure, course: str, contact: str) -> None:
        institution = self.cells.units.institution(entry.producer)
        own: dict[str, Cell] = {
            "dw_ek_procedureregistrering": entry.id.extension.lower(),
            "dw_ek_kontakt": contact,
            "dw_ek_forloeb": course,
            "dw_sk_sygehusophold": self.stay_of.get(contact, ""),
            "proc_starttidspunkt": moment(entry.start),
            "proc_sluttidspunkt": moment(entry.end),
            "prod_enh": entry.producer,
            "prod_inst": institution.sor_id if institution else "",
            "flag_proc_uden_kont": NO if contact else YES,
        }
        self._add("lpr_a_procregistrering", **own, **self.cells.coded("proc", entry.code, PRIMARY))
        for addition in added_to(entry):
            parent = self.cells.coded("proc_parent", entry.code, PRIMARY)
            self._add("lpr_a_procregistrering", **own, **self.cells.coded("proc", addition, SUPPLEMENTARY), **parent)
        if entry.payment is not None:
            self._payment(entry.payment, NO, dw_ek_procedureregistrering=entry.id.extension.lower())

    def _results(self, nodes: Iterable[OrganizerNode], course: str, contact: str) -> None:
        for node in nodes:
            entry, (kind, cause) = node.entry, cause_of(node)
            procedure = node.cause.entry.id.extension.lower() if isinstance(node.cause, ProcedureNode) else ""
            institution = self.cells.units.institution(entry.responsible_unit)
            own: dict[str, Cell] = {
                "dw_ek_resultatindberetning": entry.id.extension.lower(),
                "dw_ek_forloeb": course,
                "dw_ek_kontakt": contact,
                "dw_ek_procedureregistrering": procedure,
                "triggertype": kind,
                **self.cells.with_term("triggerkode", Code(cause) if cause else None),
                **self.cells.with_term("res_indb", entry.name),
                **self.cells.with_term("res_indb_status", entry.status),
                "res_indb_ans": entry.responsible_unit,
                "res_indb_ans_inst": institution.sor_id if institution else "",
            }
            for result in entry.results:
                found = self.cells.with_term("res_type", result.type)
                when = moment(result.time)
                self._add("lpr_a_resultater", **own, **found, **value(result.value), res_udfoert_tidspunkt=when)

    def _add(self, table: str, **cells: Cell) -> None:
        """Add a row. A column without a value is empty; a value for an unknown column is a programming error."""
        columns = COLUMNS[table]
        assert cells.keys() <= columns.keys(), cells.keys() - columns.keys()
        told: Mapping[str, Cell] = {**cells, "lprindberetningssystem": SYSTEM}
        self.rows[table].append(tuple(told.get(name, "" if kind is str else None) for name, kind in columns.items()))
