"""Documents with a result report (resultatindberetning), RAA01 to RAA10, and with its cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mockregister.builders.documents import ACUTE, ILLNESS, a_visit, an_addendum
from mockregister.builders.elements import UNIT, an_organizer, uuid
from mockregister.builders.terms import sks
from mockregister.document.building import timestamp
from mockregister.errors import NotFound, did_you_mean
from mockregister.model import (
    ClinicalDocument,
    Code,
    Condition,
    Encounter,
    Entry,
    EntryKind,
    Identifier,
    ObservationOrganizer,
    Result,
    Scope,
)
from mockregister.model.document import reference_to

ACCIDENT = Code("ALCC02", "ulykke")
CONDITION, ENCOUNTER, PROCEDURE = EntryKind.CONDITION, EntryKind.ENCOUNTER, EntryKind.PROCEDURE


@dataclass(frozen=True, slots=True)
class ReportExample:
    """A complete result report: what causes it, and its results by type.

    ``{start}`` in a value is the time at which the encounter starts. ``condition`` is the code of the main condition, and
    ``further_codes`` its other codes by field of ``Condition``; ``procedure`` is the code of the procedure, if there is one.
    ``acute`` is the reason of an acute encounter; without it the encounter is planned.
    """

    cause: EntryKind
    results: Mapping[str, str]
    condition: str = "DI109"
    procedure: str = ""
    further_codes: Mapping[str, Any] = field(default_factory=dict)
    acute: Code | None = None


REPORTS = {
    "RAA01": ReportExample(
        CONDITION,
        {"RDA01": "AZCA1", "RDA02": "AZCK2", "RDA03": "AZCL3", "RDA04": "AZCD13", "RDA05": "AZCD30", "RDA06": "AZCD40"},
        condition="DC250",
        further_codes={"metastases": ("AZCD40",), "recurrences": ("ZDW10",)},
    ),
    "RAA02": ReportExample(
        CONDITION,
        {"RDA20": "RGAA3904", "RDA22": "1", "RDA23": "1", "RDA24": "0", "RDA25": "RGAB00", "RDA26": "170", "RDA27": "65"},
        condition="DO800",
        acute=ILLNESS,
    ),
    "RAA03": ReportExample(
        CONDITION,
        {
            "RDA31": "{start}",
            "RDA20": "RGAA3904",
            "RDA32": "1",
            "RDA34": "RGAD01",
            "RDA35": "10",
            "RDA36": "35",
            "RDA37": "33",
            "RDA38": "600",
            "RDA39": "3500",
            "RDA40": "52",
            "RDA41": "RGAE01",
            "RDA46": "7.25",
        },
        condition="DZ380",
        acute=ILLNESS,
    ),
    "RAA04": ReportExample(CONDITION, {"RDA20": "RGAA0803"}, condition="DO049"),
    "RAA05": ReportExample(
        ENCOUNTER,
        {"RDA60": "{start}", "RDA61": "EUHA1", "RDA62": "EUS50", "RDA63": "EUA2"},
        condition="DS525",
        further_codes={"side": "TUL1"},
        acute=ACCIDENT,
    ),
    "RAA06": ReportExample(PROCEDURE, {"RDA80": "ZPR01A"}, condition="DZ135", procedure="ZZ7306A"),
    "RAA07": ReportExample(
        PROCEDURE, {"RDA91": "BZBA1", "RDA92": "BZBD1", "RDA93": "BZBB2", "RDA94": "BZBC1"}, procedure="BRXY10"
    ),
    "RAA08": ReportExample(
        PROCEDURE,
        {"RDB02": "05700000000000", "RDB03": "PRØVE-10000", "RDB05": "GS1", "RDB06": "1", "RDB07": "{start}"},
        condition="DS720",
        procedure="KNFB02",
    ),
    "RAA09": ReportExample(PROCEDURE, {"RDA85": "ZDA03A1"}, condition="DS720", procedure="KNFB02"),
    "RAA10": ReportExample(
        PROCEDURE, {"RDA96": "BRTZ1", "RDA97": "BRTZ2", "RDA98": "{start}"}, condition="DF200", procedure="BRTA"
    ),
}


def a_report(
    name: str,
    *,
    after: ClinicalDocument | None = None,
    results: Mapping[str, str] | None = None,
    status: str = "RAS01",
    **how: Any,
) -> ClinicalDocument:
    """Return a document with a result report such as RAA05, and the visit that causes it.

    It is the first document of a set or, with ``after``, adds a visit to that set. ``results`` are values by result type, instead
    of those of the complete report in ``REPORTS``; ``status`` is an SKS code. ``how`` goes to ``a_visit`` or ``an_addendum``.
    Raise NotFound for an unknown name.
    """
    if name not in REPORTS:
        raise NotFound(f"There is no result report '{name}'; use one of {', '.join(REPORTS)}.{did_you_mean(name, REPORTS)}")
    example = REPORTS[name]
    procedures = [example.procedure] if example.procedure else []
    how = {"main_condition": example.condition, "procedures": procedures, **how}
    if example.acute:  # encounters at psychiatric units, where ``after`` may end, must not have a reason (rule 05.103)
        how.setdefault("unit", UNIT)
    visit = a_visit(**how) if after is None else an_addendum(after, **how)
    encounter, condition = visit.encounters[0], _condition(visit.conditions[0], example)
    if example.acute:
        encounter = replace(encounter, priority=ACUTE, reason=example.acute)
    causes: dict[EntryKind, Entry | None] = {ENCOUNTER: encounter, CONDITION: condition}
    causes |= zip([PROCEDURE], visit.procedures, strict=False)
    organizer = _organizer(name, encounter, causes.get(example.cause), results or example.results, status)
    conditions = (condition, *visit.conditions[1:])
    return replace(visit, encounters=(encounter,), conditions=conditions, organizers=(organizer,))


def _condition(condition: Condition, example: ReportExample) -> Condition:
    further: dict[str, Any] = {
        name: sks(code) if isinstance(code, str) else tuple(map(sks, code)) for name, code in example.further_codes.items()
    }
    return replace(condition, **further)


def _organizer(
    name: str, encounter: Encounter, cause: Entry | None, results: Mapping[str, str], status: str
) -> ObservationOrganizer:
    start = timestamp(encounter.start) if encounter.start else ""
    return an_organizer(
        id=Identifier(encounter.id.root, uuid(f"{encounter.id.extension} {name}")),
        cause=reference_to(cause, Scope.INTERNAL) if cause else None,
        name=sks(name),
        status=Code(status),
        responsible_unit=encounter.responsible_unit,
        results=[Result(sks(type), value.format(start=start)) for type, value in results.items()],
    )
