"""LPR3 as analysts get it: the tables and column names of Sundhedsdatastyrelsen's LPR_F delivery.

Keys (``dw_ek_forloeb``, ``dw_ek_kontakt``) are the UUIDs of the entries, in lower case. What the mock does not know (a unit's
region) is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time

from mockregister.codes.tables import CodeTables
from mockregister.export.cells import additions, clock, code, day, number, trees
from mockregister.export.frame import Cell, Frame
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

SYSTEM = "LPR3"
SAME_COURSE = "ALAA01"
MAIN, MINOR, SUPPLEMENTARY, PRIMARY = "A", "B", "+", "P"
Row = tuple[Cell, ...]


def _columns(text: str) -> dict[str, type]:
    """Columns by name; those that begin with dato are dates, with tidspunkt times, with nummer numbers."""
    kinds = {"dato": date, "tidspunkt": time, "resultatnummer": int}
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
}


def frames(rows: Rows, codes: CodeTables) -> Iterator[Frame]:
    """Yield the tables of everything that is live in a register."""
    known = list(trees(rows))
    writing = _CourseTables(codes, {key_of(tree): key_of(tree.linked) for tree in known if tree.linked and _is_same_course(tree)})
    for tree in known:
        writing.episode(tree)
    for name, columns in COLUMNS.items():
        yield Frame(name, columns, writing.rows[name])


class _CourseTables:
    """Rows of all tables, gathered episode by episode; ``before`` has the one that came before another in the same illness."""

    def __init__(self, codes: CodeTables, before: Mapping[str, str]) -> None:
        self.codes, self.before = codes, before
        self.rows: dict[str, list[Row]] = {name: [] for name in COLUMNS}

    def episode(self, tree: EpisodeTree) -> None:
        """A course, and everything below it."""
        entry, key = tree.entry, key_of(tree)
        self._add(
            "forloeb", key, self._health_course(key), number(tree.patient), *self._unit(entry.responsible_unit),
            *_span(entry.start, entry.end), *self._referral(entry.referral), code(entry.completion), code(entry.label),
        )  # fmt: skip
        for marker in entry.markers:
            self._add("forloebsmarkoerer", key, day(marker.time), clock(marker.time), code(marker.code))
        self._referral_codes(key, "", entry.referral)
        for encounter in tree.encounters:
            self._encounter(encounter, tree, key)
        self._procedures(tree.procedures, key, "")
        self._results(tree.organizers, key, "")

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
        indication = (entry.indication.code, *entry.indication.supplementary) if entry.indication else ()
        more: tuple[Code | None, ...] = (*entry.supplementary, entry.side, entry.contrast, entry.action, entry.staff, *indication)
        for addition in filter(None, more):
            self._add(table, *keys, addition.code, SUPPLEMENTARY, entry.code.code, PRIMARY, *rest)

    def _results(self, nodes: Iterable[OrganizerNode], course: str, encounter: str) -> None:
        for node in nodes:
            entry, cause = node.entry, _cause(node)
            for place, result in enumerate(entry.results, 1):
                self._add(
                    "resultater", encounter, course, *cause, entry.name.code, code(entry.status), result.type.code, result.value,
                    place, *self._unit(entry.responsible_unit), day(result.time), clock(result.time),
                )  # fmt: skip

    def _health_course(self, key: str) -> str:
        """Return the first episode of the chain that this one is in."""
        seen = {key}
        while self.before.get(key, key) not in seen:
            key = self.before[key]
            seen.add(key)
        return key

    def _add(self, table: str, *cells: Cell) -> None:
        self.rows[table].append((*cells, SYSTEM))

    def _unit(self, sor_id: str) -> tuple[str, str, str, str]:
        """Return a unit's SOR id, type, main speciality and region, as far as the table knows them."""
        unit = self.codes.sor.unit(sor_id) if sor_id else None
        return (sor_id, unit.unit_type, next(iter(unit.specialities), ""), "") if unit else (sor_id, "", "", "")

    def _referral(self, referral: Referral | None) -> tuple[Cell, ...]:
        if referral is None:
            return (*self._unit(""), None, None, "", "", "")
        reason = referral.reason.code if referral.reason else None
        when = day(referral.time), clock(referral.time)
        return (*self._unit(referral.referrer), *when, code(reason), code(referral.origin), code(referral.free_choice))

    def _referral_codes(self, course: str, encounter: str, referral: Referral | None) -> None:
        for addition in referral.reason.supplementary if referral and referral.reason else ():
            self._add("henvisning_tillaeg", course, encounter, addition.code)


def _span(start: datetime | None, end: datetime | None) -> tuple[Cell, ...]:
    return day(start), clock(start), day(end), clock(end)


def key_of(tree: EpisodeTree) -> str:
    """Return the key of an episode of care."""
    return tree.entry.id.extension.lower()


def _is_same_course(tree: EpisodeTree) -> bool:
    """Return whether the link leads on in the same illness; those of mother and child, and of a new illness, do not."""
    return tree.entry.link is not None and tree.entry.link.code.code == SAME_COURSE


def _cause(node: OrganizerNode) -> tuple[str, str]:
    """Return what gave rise to a report: its Danish name and its code."""
    if node.condition:
        return "diagnose", node.condition.entry.code.code
    if node.procedure:
        return "procedure", node.procedure.entry.code.code
    if node.encounter:
        return "kontakt", code(node.encounter.entry.type)
    if node.marker:
        return "forløbsmarkør", node.marker.code.code
    return "forløbselement", code(node.episode.entry.label) if node.episode else ""
