"""LPR2, the register before 2019: admissions and outpatient courses, with diagnoses, procedures and visits.

LPR3 does not say whether a patient was admitted. An acute visit of twelve hours or more becomes an admission (``c_pattype`` 0),
as in the authority's own comparisons; everything else that one unit does in one episode of care becomes one outpatient course
(2), with its visits in ``t_bes``. What psychiatric units did is in the tables ``t_psyk_…``. Units are known by SOR only, so
columns with SHAK's unit numbers are empty, and the column ``sorenhed`` is added; specialities have SHAK's codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mockregister.codes.tables import CodeTables
from mockregister.export.cells import Units, additions, age, bed_days, birth, clock, code, day, municipality, number, sex, trees
from mockregister.export.frame import Cell, Frame
from mockregister.model import EncounterNode, EpisodeTree
from mockregister.register.store import Rows

ADMISSION, OUTPATIENT = "0", "2"
ACUTE, PLANNED = "1", "2"
ACUTE_PRIORITY = "ATA1"
LONG = timedelta(hours=12)
MAIN, NEXT, ADDITIONAL = "V", "P", "+"  # c_oprart; blank for other procedures
REFUTED = "ZDW73"  # LPR2's additional code for what LPR3 has a field for (senere afkræftet)
_SEXES = {"M": "M", "F": "K"}
VISIT = "ALCA00"
_REASONS = {"ALCC01": "1", "ALCC02": "2", "ALCC03": "3", "ALCC04": "4", "ALCC05": "5", "ALCC08": "8"}

_PROCEDURES: dict[str, type] = {
    "recnum": int, "c_opr": str, "c_tilopr": str, "c_oprart": str, "d_odto": date, "v_otime": int, "v_ominut": int,
    "c_osgh": str, "c_oafd": str,
}  # fmt: skip
_RECORDS: dict[str, dict[str, type]] = {
    "adm": {
        "recnum": int, "pnr": str, "c_pattype": str, "c_adiag": str, "c_indm": str, "c_kontaars": str, "d_inddto": date,
        "v_indtime": int, "v_indminut": int, "d_uddto": date, "v_udtime": int, "d_hendto": date, "v_sengdage": int,
        "v_behdage": int, "c_sex": str, "v_alder": int, "v_alddg": int, "c_sgh": str, "c_afd": str, "c_spec": str, "c_udm": str,
        "c_henm": str, "c_hsgh": str, "c_hafd": str, "c_kom": str, "sorenhed": str,
    },
    "diag": {"recnum": int, "c_diag": str, "c_diagtype": str, "c_tildiag": str},
    "sksopr": _PROCEDURES,
    "sksube": _PROCEDURES,
}  # fmt: skip
SOMATIC, PSYCHIATRIC = "t_", "t_psyk_"
COLUMNS = {f"{prefix}{name}": columns for prefix in (SOMATIC, PSYCHIATRIC) for name, columns in _RECORDS.items()}
COLUMNS["t_bes"] = {"recnum": int, "d_ambdto": date}


@dataclass(frozen=True, slots=True)
class Record:
    """One row of ``t_adm`` or ``t_psyk_adm`` in LPR2: encounters of one unit in one episode of care, oldest first."""

    number: int
    tree: EpisodeTree
    encounters: Sequence[EncounterNode]
    kind: str

    @property
    def start(self) -> datetime | None:
        """When the first encounter began."""
        return self.encounters[0].entry.start

    @property
    def end(self) -> datetime | None:
        """The moment at which all encounters have ended; None while one goes on."""
        ends = [encounter.entry.end for encounter in self.encounters]
        return None if None in ends else max(filter(None, ends))

    @property
    def main(self) -> str:
        """The code of the main condition of the last encounter that has one."""
        conditions = (encounter.main_condition for encounter in reversed(self.encounters))
        return next((condition.entry.code.code for condition in conditions if condition), "")


def frames(stored: Rows, codes: CodeTables) -> Iterator[Frame]:
    """Yield the tables of everything that is live in a register; ``recnum`` counts from 1."""
    units = Units(codes.sor)
    rows: dict[str, list[tuple[Cell, ...]]] = {name: [] for name in COLUMNS}
    for record in records(stored):
        prefix = PSYCHIATRIC if units.is_psychiatric(record.encounters[0].entry.responsible_unit) else SOMATIC
        rows[f"{prefix}adm"].append(_admission(record, units))
        rows[f"{prefix}diag"].extend(_diagnoses(record))
        rows[f"{prefix}sksopr"].extend(_procedures(record, surgical=True))
        rows[f"{prefix}sksube"].extend(_procedures(record, surgical=False))
        rows["t_bes"].extend(_visits(record))
    for name, columns in COLUMNS.items():
        yield Frame(name, columns, rows[name])


def records(rows: Rows) -> Iterator[Record]:
    """Yield the admissions and outpatient courses, numbered."""
    count = 0
    for tree in trees(rows):
        for kind, encounters in _grouped(tree):
            count += 1
            yield Record(count, tree, encounters, kind)


def _grouped(tree: EpisodeTree) -> Iterator[tuple[str, list[EncounterNode]]]:
    outpatient: dict[str, list[EncounterNode]] = {}
    for node in sorted((encounter for encounter in tree.encounters if encounter.entry.start), key=_start):
        if _is_admission(node):
            yield ADMISSION, [node]
        else:
            outpatient.setdefault(node.entry.responsible_unit, []).append(node)
    for encounters in outpatient.values():
        yield OUTPATIENT, encounters


def _start(node: EncounterNode) -> datetime:
    assert node.entry.start is not None, "encounters without a start are left out"
    return node.entry.start


def _is_admission(node: EncounterNode) -> bool:
    entry = node.entry
    length = entry.end - _start(node) if entry.end else LONG
    return code(entry.type) == VISIT and code(entry.priority).startswith(ACUTE_PRIORITY) and length >= LONG


def _admission(record: Record, units: Units) -> tuple[Cell, ...]:
    first = record.encounters[0].entry
    arrived, left = clock(record.start), clock(record.end)
    patient, referral = record.tree.patient, record.tree.entry.referral
    born, came = birth(patient), day(record.start)
    return (
        record.number, number(patient), record.kind, record.main,
        ACUTE if code(first.priority).startswith(ACUTE_PRIORITY) else PLANNED, _REASONS.get(code(first.reason), ""), came,
        arrived.hour if arrived else None, arrived.minute if arrived else None, day(record.end), left.hour if left else None,
        day(referral.time) if referral else None, *_days(record), _SEXES.get(sex(patient), ""), age(patient, came),
        (came - born).days if came and born else None, "", "", units.speciality(first.responsible_unit)[0], "", "", "", "",
        municipality(patient).removeprefix("0"), first.responsible_unit,
    )  # fmt: skip


def _days(record: Record) -> tuple[int | None, int | None]:
    """Return bed days and days with treatment: an admission has only the former, an outpatient course only the latter."""
    if record.kind == OUTPATIENT:
        return None, len({day(node.entry.start) for node in record.encounters})
    return bed_days(day(record.start), day(record.end)), None


def _diagnoses(record: Record) -> Iterator[tuple[Cell, ...]]:
    """Return a row for each diagnosis and each of its additional codes: the record's main diagnosis as A, all others as B."""
    found: dict[tuple[str, str], str] = {}
    for condition in (minor.entry for node in record.encounters for minor in node.conditions):
        more = [*(addition.code for addition in additions(condition)), *([REFUTED] if condition.negated else [])] or [""]
        kind = "A" if condition.code.code == record.main else "B"
        found.update({(condition.code.code, addition): kind for addition in more})
    return ((record.number, name, kind, more) for (name, more), kind in found.items())


def _procedures(record: Record, *, surgical: bool) -> Iterator[tuple[Cell, ...]]:
    """Yield rows of the operations (K codes) or of all other procedures; those of additional codes follow their procedure's."""
    kind = MAIN if surgical else ""
    own = (procedure for node in record.encounters for procedure in node.procedures if procedure.entry.start)
    for node in sorted(own, key=lambda node: node.entry.start or datetime.max):
        entry, time = node.entry, clock(node.entry.start)
        if entry.code.code.startswith("K") is surgical:
            when = day(entry.start), time.hour if time else None, time.minute if time else None
            more = [(addition.code, ADDITIONAL) for addition in (*entry.supplementary, entry.side) if addition]
            for additional_code, its_kind in (("", kind), *more):
                yield record.number, entry.code.code, additional_code, its_kind, *when, "", ""
            kind = NEXT if surgical else ""


def _visits(record: Record) -> Iterator[tuple[Cell, ...]]:
    """Return the days of an outpatient course on which the patient came."""
    came = [node.entry.start for node in record.encounters if code(node.entry.type) == VISIT and record.kind == OUTPATIENT]
    return ((record.number, visited) for visited in dict.fromkeys(map(day, came)))
