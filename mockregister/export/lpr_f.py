"""LPR3 as analysts got it before LPR_A: the tables and column names of Sundhedsdatastyrelsen's LPR_F delivery.

Keys (``dw_ek_forloeb``, ``dw_ek_kontakt``) are the UUIDs of the entries, in lower case. Specialities are SHAK's names, regions
authority codes; what the SOR table does not say about a unit is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time

from mockregister.codes.sks import SksTable
from mockregister.codes.sor import SorUnit, shak_specialities
from mockregister.codes.tables import CodeTables
from mockregister.export.cells import Units, additions, clock, code, day, number, trees
from mockregister.export.frame import Cell, Frame
from mockregister.model import (
    Code,
    ConditionNode,
    EncounterNode,
    EpisodeTree,
    Marker,
    OrganizerNode,
    Procedure,
    ProcedureNode,
    Referral,
)
from mockregister.register.store import Rows

SYSTEM = "LPR3"
SAME_COURSE, NEW_COURSE, MOTHER_AND_CHILD = "ALAA01", "ALAA02", "ALAA03"
LEVELS, CODE_LEVELS = 12, 9  # how many levels of organisational units and of codes the tables have columns for
MAIN, MINOR, SUPPLEMENTARY, PRIMARY = "A", "B", "+", "P"
Row = tuple[Cell, ...]


def _columns(text: str) -> dict[str, type]:
    """Return the type of each column by the first word of its name: dato and gyldig for dates, tidspunkt for times."""
    kinds = {"dato": date, "tidspunkt": time, "resultatnummer": int, "gyldig": date}
    return {name: kinds.get(name.partition("_")[0], str) for name in text.split()}


_UNIT = "sorenhed_{0} enhedstype_{0} hovedspeciale_{0} region_{0}"
_SPAN = "dato_start tidspunkt_start dato_slut tidspunkt_slut"
_REFERRED = f"{_UNIT.format('hen')} dato_henvisning tidspunkt_henvisning henvisningsaarsag henvisningsmaade henvisning_fritvalg"
_PROCEDURE = _columns(
    "dw_ek_forloeb dw_ek_kontakt procedureregistrering_id procedurekode proceduretype procedurekode_parent proceduretype_parent "
    f"{_UNIT.format('pro')} {_SPAN} lprindberetningssystem"
)
COLUMNS = {
    "forloeb": _columns(
        f"dw_ek_forloeb dw_ek_helbredsforloeb cpr {_UNIT.format('ans')} {_SPAN} {_REFERRED} afslutningsmaade forloeblabel "
        "lprindberetningssystem"
    ),
    "kontakter": _columns(
        f"dw_ek_kontakt dw_ek_forloeb cpr {_UNIT.format('ans')} {_SPAN} dato_behandling_start tidspunkt_behandling_start "
        f"aktionsdiagnose kontaktaarsag prioritet kontakttype {_REFERRED} lprindberetningssystem"
    ),
    "diagnoser": _columns(
        "dw_ek_kontakt diagnosekode diagnosetype senere_afkraeftet diagnosekode_parent diagnosetype_parent lprindberetningssystem"
    ),
    "procedurer_kirurgi": _PROCEDURE,
    "procedurer_andre": _PROCEDURE,
    "resultater": _columns(
        "dw_ek_kontakt dw_ek_forloeb triggertype triggerkode indberetningstype indberetningsstatus resultattype resultatvaerdi "
        f"resultatnummer {_UNIT.format('ans')} dato_resultat tidspunkt_resultat lprindberetningssystem"
    ),
    "kontaktlokationer": _columns(
        f"dw_ek_kontakt sorenhed enhedstype hovedspeciale region fravaer {_SPAN} lprindberetningssystem"
    ),
    "forloebsmarkoerer": _columns("dw_ek_forloeb dato_markoer tidspunkt_markoer markoer lprindberetningssystem"),
    "henvisning_tillaeg": _columns("dw_ek_forloeb dw_ek_kontakt tillaegskode lprindberetningssystem"),
    "helbredsforloeb": _columns(
        "dw_ek_helbredsforloeb indirekte_fejl_helbredsforloeb dw_ek_forloeb dw_ek_forloeb_forrige fejl_forloeb_forrige "
        f"referencehierarki referencemaade {_SPAN} helbredsforloeblabel lprindberetningssystem"
    ),
    "morbarnforloeb": _columns(
        "dw_ek_morbarnforloeb dw_ek_forloeb_mor dw_ek_forloeb_barn forloeblabel_mor forloeblabel_barn dato_start_barn "
        "lprindberetningssystem"
    ),
    "nyt_helbredsforloeb": _columns(
        "dw_ek_nyt_helbredsforloeb dw_ek_forloeb_forrige dw_ek_forloeb_nyt forloeblabel_forrige forloeblabel_nyt "
        "henvisningsaarsag_nyt dato_henvisning_nyt tidspunkt_henvisning_nyt lprindberetningssystem"
    ),
    "organisationer": _columns(
        "kode kodetype region region_tekst sorenhed sorenhed_tekst sorenhed_type institutionsejer institutionsejer_tekst "
        "institutionsejer_type sundhedsinstitution sundhedsinstitution_tekst "
        + " ".join(f"org_enhed_niveau{level} org_enhed_niveau{level}_tekst" for level in range(1, LEVELS + 1))
        + " hovedspeciale speciale2 speciale3 speciale4 speciale5 speciale6 speciale7 speciale8 speciale_samlet dato_lukket "
        "shak_sgh shak_sgh_tekst shak_afd shak_afd_tekst shak_afs shak_afs_tekst ydernummer gyldig_fra gyldig_til"
    ),
    "koder": _columns(
        "kodetype kode kode_tekst "
        + " ".join(f"niveau{level} niveau{level}_tekst" for level in range(1, CODE_LEVELS + 1))
        + " koen min_alder max_alder gyldig_fra gyldig_til"
    ),
}
CODED = (
    *("aktionsdiagnose", "diagnosekode", "procedurekode", "kontaktaarsag", "kontakttype", "prioritet", "henvisningsaarsag"),
    *("henvisningsmaade", "henvisning_fritvalg", "tillaegskode", "fravaer", "afslutningsmaade", "forloeblabel", "referencemaade"),
    *("markoer", "triggerkode", "indberetningstype", "indberetningsstatus", "resultattype"),
)  # the columns with SKS codes


def frames(rows: Rows, codes: CodeTables) -> Iterator[Frame]:
    """Yield the tables of everything that is live in a register."""
    known = list(trees(rows))
    writing = _CourseTables(codes, known)
    for tree in known:
        writing.episode(tree)
        writing.course(tree)
    writing.organisations()
    writing.classification(codes.sks)
    for name, columns in COLUMNS.items():
        yield Frame(name, columns, writing.rows[name])


class _CourseTables:
    """Rows of all tables, gathered episode by episode."""

    def __init__(self, codes: CodeTables, known: Sequence[EpisodeTree]) -> None:
        self.units, self.chains, self.named = Units(codes.sor), Chains(known), dict[str, None]()
        self.rows: dict[str, list[Row]] = {name: [] for name in COLUMNS}

    def episode(self, tree: EpisodeTree) -> None:
        """Add a course, and everything that belongs to it."""
        entry, key = tree.entry, key_of(tree)
        self._add(
            "forloeb", key, self.chains.first(key), number(tree.patient), *self._unit(entry.responsible_unit),
            *_span(entry.start, entry.end), *self._referral(entry.referral), code(entry.completion), code(entry.label),
        )  # fmt: skip
        for marker in entry.markers:
            self._add("forloebsmarkoerer", key, day(marker.time), clock(marker.time), code(marker.code))
        self._referral_codes(key, "", entry.referral)
        for encounter in tree.encounters:
            self._encounter(encounter, tree, key)
        self._procedures(tree.procedures, key, "")
        self._results(tree.organizers, key, "")

    def course(self, tree: EpisodeTree) -> None:
        """Add how an episode is linked to others: to those of the same illness, the mother's, or the one before a new illness."""
        key, entry, before = key_of(tree), tree.entry, tree.linked
        kind = entry.link.code.code if entry.link else ""
        first, depth, start, end = self.chains.about(key)
        previous = key_of(before) if before and kind == SAME_COURSE else ""
        self._add("helbredsforloeb", first, "", key, previous, "", str(depth), kind, *_span(start, end), self.chains.label(first))
        if before is None:
            return
        labels, link = (code(before.entry.label), code(entry.label)), (key_of(before), key)
        if kind == MOTHER_AND_CHILD:
            self._add("morbarnforloeb", key, *link, *labels, day(entry.start))
        elif kind == NEW_COURSE:
            reason, when = (entry.referral.reason, entry.referral.time) if entry.referral else (None, None)
            self._add("nyt_helbredsforloeb", key, *link, *labels, code(reason.code if reason else None), day(when), clock(when))

    def organisations(self) -> None:
        """Add every unit that the other tables name, with the units above it."""
        for sor_id in self.named:
            if (unit := self.units.sor.unit(sor_id)) is not None:
                self.rows["organisationer"].append(self._organisation(unit))

    def classification(self, sks: SksTable) -> None:
        """Add every code that the other tables name: a row for each period of validity, with the codes above it."""
        named: set[Cell] = set()
        for table, columns in COLUMNS.items():
            for place in (place for place, column in enumerate(columns) if column in CODED):
                named.update(row[place] for row in self.rows[table])
        for name in sorted(str(cell) for cell in named - {""}):
            levels = _levels(name, sks)
            for row in sks.rows(name):
                span = day(row.valid_from), day(row.valid_to)
                self.rows["koder"].append(("", name, row.term, *levels, "", "", "", *span))

    def _organisation(self, unit: SorUnit) -> Row:
        line, institution = self.units.line(unit.sor_id), self.units.institution(unit.sor_id)
        owner = line[0] if line and line[0].is_owner else None
        below = [part for part in line if part.unit_type == "OE"]
        levels = [cell for part in below[:LEVELS] for cell in (part.sor_id, part.name)]
        names = [shak_specialities().get(speciality, ("", ""))[1] for speciality in unit.specialities]
        closed, opened = day(unit.valid_to), day(unit.valid_from)
        return (
            unit.sor_id, "SOR", *self.units.region(unit.sor_id), unit.sor_id, unit.name, unit.unit_type,
            *((owner.sor_id, owner.name, owner.unit_type) if owner else ("", "", "")),
            *((institution.sor_id, institution.name) if institution else ("", "")),
            *levels, *[""] * (2 * LEVELS - len(levels)), *names[:8], *[""] * (8 - len(names)), "; ".join(names), closed,
            *[""] * 7, opened, closed,
        )  # fmt: skip

    def _encounter(self, node: EncounterNode, tree: EpisodeTree, course: str) -> None:
        entry, key = node.entry, node.entry.id.extension.lower()
        main = node.main_condition
        self._add(
            "kontakter", key, course, number(tree.patient), *self._unit(entry.responsible_unit), *_span(entry.start, entry.end),
            day(entry.treatment_start), clock(entry.treatment_start), code(main.entry.code if main else None),
            code(entry.reason), code(entry.priority), code(entry.type), *self._referral(entry.referral),
        )  # fmt: skip
        for stay in entry.stays:
            where = *self._unit(stay.unit), code(stay.absence), *_span(stay.start, stay.end)
            self._add("kontaktlokationer", key, *where)
        self._referral_codes("", key, entry.referral)
        for condition in node.conditions:
            self._condition(condition, course, key)
        self._procedures(node.procedures, course, key)
        self._results(node.organizers, course, key)

    def _condition(self, node: ConditionNode, course: str, encounter: str) -> None:
        entry = node.entry
        kind, refuted = MAIN if entry.main else MINOR, "Ja" if entry.negated else "Nej"
        self._add("diagnoser", encounter, entry.code.code, kind, refuted, "", "")
        for addition in additions(entry):
            self._add("diagnoser", encounter, addition.code, SUPPLEMENTARY, refuted, entry.code.code, kind)
        self._results(node.organizers, course, encounter)

    def _procedures(self, nodes: Iterable[ProcedureNode], course: str, encounter: str) -> None:
        for node in nodes:
            self._procedure(node.entry, course, encounter)
            self._results(node.organizers, course, encounter)

    def _procedure(self, entry: Procedure, course: str, encounter: str) -> None:
        table = "procedurer_kirurgi" if entry.code.code.startswith("K") else "procedurer_andre"
        keys = course, encounter, entry.id.extension.lower()
        rest = *self._unit(entry.producer), *_span(entry.start, entry.end)
        self._add(table, *keys, entry.code.code, PRIMARY, "", "", *rest)
        for addition in added_to(entry):
            self._add(table, *keys, addition.code, SUPPLEMENTARY, entry.code.code, PRIMARY, *rest)

    def _results(self, nodes: Iterable[OrganizerNode], course: str, encounter: str) -> None:
        for node in nodes:
            entry, cause = node.entry, cause_of(node)
            for place, result in enumerate(entry.results, 1):
                self._add(
                    "resultater", encounter, course, *cause, entry.name.code, code(entry.status), result.type.code, result.value,
                    place, *self._unit(entry.responsible_unit), day(result.time), clock(result.time),
                )  # fmt: skip

    def _add(self, table: str, *cells: Cell) -> None:
        self.rows[table].append((*cells, SYSTEM))

    def _unit(self, sor_id: str) -> tuple[str, str, str, str]:
        """Return a unit's SOR id, type, main speciality and region, as far as the table knows them."""
        unit = self.units.sor.unit(sor_id)
        if unit is None:
            return sor_id, "", "", ""
        self.named[sor_id] = None
        return sor_id, unit.unit_type, self.units.speciality(sor_id)[1], self.units.region(sor_id)[0]

    def _referral(self, referral: Referral | None) -> tuple[Cell, ...]:
        if referral is None:
            return (*self._unit(""), None, None, "", "", "")
        reason = referral.reason.code if referral.reason else None
        when = day(referral.time), clock(referral.time)
        return (*self._unit(referral.referrer), *when, code(reason), code(referral.origin), code(referral.free_choice))

    def _referral_codes(self, course: str, encounter: str, referral: Referral | None) -> None:
        for addition in referral.reason.supplementary if referral and referral.reason else ():
            self._add("henvisning_tillaeg", course, encounter, addition.code)


def _levels(name: str, sks: SksTable) -> list[str]:
    """Return the cells of the levels: the beginnings of a code that are codes with a term, shortest first, each with its term."""
    above = [name[:length] for length in range(1, len(name) + 1)]
    terms = {code: rows[-1].term for code in above if (rows := sks.rows(code)) and rows[-1].term}
    found = [cell for pair in terms.items() for cell in pair][: 2 * CODE_LEVELS]
    return [*found, *[""] * (2 * CODE_LEVELS - len(found))]


def added_to(entry: Procedure) -> Iterator[Code]:
    """Yield the codes that say more about a procedure, its indication among them."""
    indication = (entry.indication.code, *entry.indication.supplementary) if entry.indication else ()
    more: tuple[Code | None, ...] = (*entry.supplementary, entry.side, entry.contrast, entry.action, entry.staff, *indication)
    yield from filter(None, more)


def _span(start: datetime | None, end: datetime | None) -> tuple[Cell, ...]:
    return day(start), clock(start), day(end), clock(end)


def key_of(tree: EpisodeTree) -> str:
    """Return the key of an episode of care."""
    return tree.entry.id.extension.lower()


class Chains:
    """Which episodes of care follow each other in the same illness (helbredsforløb)."""

    def __init__(self, known: Sequence[EpisodeTree]) -> None:
        self._trees = {key_of(tree): tree for tree in known}
        self._before = {key: key_of(tree.linked) for key, tree in self._trees.items() if tree.linked and _is_same_course(tree)}
        self._members: dict[str, list[EpisodeTree]] = {}
        for key, tree in self._trees.items():
            self._members.setdefault(self.first(key), []).append(tree)

    def first(self, key: str) -> str:
        """Return the key of the first episode in the chain of this one."""
        return self._back(key)[-1]

    def about(self, key: str) -> tuple[str, int, datetime | None, datetime | None]:
        """Return the key of the chain's first episode, the place of this one (from 1), and when the chain began and ended."""
        back = self._back(key)
        members = [tree.entry for tree in self._members[back[-1]]]
        starts, ends = [entry.start for entry in members if entry.start], [entry.end for entry in members]
        return back[-1], len(back), min(starts, default=None), None if None in ends else max(filter(None, ends))

    def label(self, first: str) -> str:
        """Return the label of the first episode of a chain."""
        tree = self._trees.get(first)
        return code(tree.entry.label) if tree else ""

    def _back(self, key: str) -> list[str]:
        """Return the keys of an episode and those before it, latest first; links in a circle end before the first repetition."""
        back = [key]
        while (before := self._before.get(back[-1], key)) not in back:
            back.append(before)
        return back


def _is_same_course(tree: EpisodeTree) -> bool:
    """Return whether the link leads on in the same illness; those of mother and child, and of a new illness, do not."""
    return tree.entry.link is not None and tree.entry.link.code.code == SAME_COURSE


def cause_of(node: OrganizerNode) -> tuple[str, str]:
    """Return what gave rise to a report: its Danish name and its code."""
    match node.cause:
        case ConditionNode(entry=condition):
            return "diagnose", condition.code.code
        case ProcedureNode(entry=procedure):
            return "procedure", procedure.code.code
        case EncounterNode(entry=encounter):
            return "kontakt", code(encounter.type)
        case Marker(code=marked):
            return "forløbsmarkør", marked.code
        case EpisodeTree(entry=episode):
            return "forløbselement", code(episode.label)
