"""RAA01, report of cancer (canceranmeldelse), caused by a condition."""

from __future__ import annotations

from mockregister.validation.rules.checks import named, result
from mockregister.validation.rules.expression import both, either, none_of, the
from mockregister.validation.rules.facts import MainCondition, MinorCondition
from mockregister.validation.rules.reporting import COMPLETE, ReportKind, ResultKind
from mockregister.validation.rules.rule import Rule

CANCER = ReportKind("RAA01", "canceranmeldelse")
STATUS = ResultKind("RDA01", "anmeldelsesstatus")
MACROSCOPY = ResultKind("RDA02", "makroskopisk grundlag")
MICROSCOPY = ResultKind("RDA03", "mikroskopisk grundlag")
T_STAGE = ResultKind("RDA04", "T-stadie")
N_STAGE = ResultKind("RDA05", "N-stadie")
M_STAGE = ResultKind("RDA06", "M-stadie")
LYMPHOMA_SITE = ResultKind("RDA07", "lymfomets lokalisation")
ANN_ARBOR = ResultKind("RDA08", "Ann Arbor-stadie")

NOT_REPORTED = both(
    the.code.inside("diag.car", during=the.encounter.period),
    none_of(the.reports, named(CANCER.code)),
)
FIRST_REPORT = result(STATUS.code).inside("res.statuscar.suba")
FINAL_REPORT = result(STATUS.code).inside("res.statuscar.subb")
STAGED = both(the.condition.code.inside("diag.car.tnm", during=the.cause_period), FINAL_REPORT)
LYMPHOMA = both(the.condition.code.inside("diag.car.lymfom", during=the.cause_period), FINAL_REPORT)
WHEN_STAGED = "når diagnosen er i diag.car.tnm og anmeldelsesstatus i res.statuscar.subb"
WHEN_LYMPHOMA = "når diagnosen er i diag.car.lymfom og anmeldelsesstatus i res.statuscar.subb"


def _t_stage(rule_id: str, number: int, stage: str) -> Rule:
    """Return the rule for a group of conditions with T stages of its own: the result must be one of these stages."""
    cancer = both(the.condition.code.inside(f"diag.car.{stage}", during=the.cause_period), FINAL_REPORT)
    where = f"når diagnosen er i diag.car.{stage} og anmeldelsesstatus i res.statuscar.subb"
    return CANCER.value_in(rule_id, number, T_STAGE, f"res.tcstad.{stage}", when=cancer, where=where)


RULES = (
    Rule(
        "RAA01.1",
        9101,
        "Aktionsdiagnosen er en anmeldelsespligtig kræft (diag.car) og mangler en RAA01 (canceranmeldelse).",
        on=MainCondition,
        violated=NOT_REPORTED,
        stands_at=the.encounter,
    ),
    Rule(
        "RAA01.2",
        9101,
        "En bidiagnose er en anmeldelsespligtig kræft (diag.car) og mangler en RAA01 (canceranmeldelse).",
        on=MinorCondition,
        violated=NOT_REPORTED,
        stands_at=the.encounter,
    ),
    CANCER.holds_only("RAA01.5", 9103, "RDA01", "RDA02", "RDA03", "RDA04", "RDA05", "RDA06", "RDA07", "RDA08"),
    CANCER.comes_from(
        "RAA01.6",
        9100,
        "en diagnose fra kodelisten diag.car",
        either(the.condition.missing, the.condition.code.outside("diag.car", during=the.cause_period)),
    ),
    CANCER.value_in("RAA01.RDA01-1", 90011, STATUS, "res.statuscar"),
    CANCER.value_in(
        "RAA01.RDA01-2",
        90012,
        STATUS,
        "res.statuscar.subd",
        when=the.status.inside("resindb.status.subb", during=the.cause_period),
        where="når indberetningen er inkomplet",
    ),
    CANCER.value_in(
        "RAA01.RDA01-3",
        90013,
        STATUS,
        "res.statuscar.subb",
        "res.statuscar.subc",
        when=COMPLETE,
        where="når indberetningen er komplet",
    ),
    CANCER.exactly_one("RAA01.RDA01", 90010, STATUS),
    CANCER.value_in("RAA01.RDA02-1", 90021, MACROSCOPY, "res.makrogr"),
    CANCER.needs("RAA01.RDA02", 9002, MACROSCOPY, FIRST_REPORT, "når anmeldelsesstatus er i res.statuscar.suba"),
    CANCER.value_in("RAA01.RDA03-1", 90031, MICROSCOPY, "res.mikrogr"),
    CANCER.needs("RAA01.RDA03", 9003, MICROSCOPY, FIRST_REPORT, "når anmeldelsesstatus er i res.statuscar.suba"),
    CANCER.value_in("RAA01.RDA04-1", 90041, T_STAGE, "res.tcstad"),
    _t_stage("RAA01.RDA04-2", 90042, "t0"),
    _t_stage("RAA01.RDA04-3", 90043, "ta"),
    _t_stage("RAA01.RDA04-4", 90044, "tis"),
    CANCER.at_most_one("RAA01.RDA04-5", 90045, T_STAGE),
    CANCER.needs("RAA01.RDA04", 9004, T_STAGE, STAGED, WHEN_STAGED),
    CANCER.value_in("RAA01.RDA05-1", 90051, N_STAGE, "res.ncstad"),
    CANCER.at_most_one("RAA01.RDA05-2", 90052, N_STAGE),
    CANCER.needs("RAA01.RDA05", 9005, N_STAGE, STAGED, WHEN_STAGED),
    CANCER.value_in("RAA01.RDA06-1", 90061, M_STAGE, "res.mcstad"),
    CANCER.at_most_one("RAA01.RDA06-2", 90062, M_STAGE),
    CANCER.needs("RAA01.RDA06", 9006, M_STAGE, STAGED, WHEN_STAGED),
    CANCER.value_in("RAA01.RDA07-1", 90071, LYMPHOMA_SITE, "res.loklymf"),
    CANCER.at_most_one("RAA01.RDA07-2", 90072, LYMPHOMA_SITE),
    CANCER.needs("RAA01.RDA07", 9007, LYMPHOMA_SITE, LYMPHOMA, WHEN_LYMPHOMA),
    CANCER.value_in("RAA01.RDA08-1", 90081, ANN_ARBOR, "res.aastad"),
    CANCER.at_most_one("RAA01.RDA08-2", 90082, ANN_ARBOR),
    CANCER.needs("RAA01.RDA08", 9008, ANN_ARBOR, LYMPHOMA, WHEN_LYMPHOMA),
)
