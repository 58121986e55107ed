"""2018-06-13: no rules on implant reports, other rules on cancer stages, and four rules that are listed but never reported."""

from __future__ import annotations

from datetime import date
from functools import partial

from mockregister.validation.editions.september_2018 import SEPTEMBER_2018
from mockregister.validation.integrity_codes import documented
from mockregister.validation.level2_profile import Profile
from mockregister.validation.profile import in_force
from mockregister.validation.rules.expression import Condition, both, the
from mockregister.validation.rules.facts import AnyCondition, MainCondition, MinorCondition, Result
from mockregister.validation.rules.raa01_cancer import CANCER, FINAL_REPORT, M_STAGE, N_STAGE, T_STAGE
from mockregister.validation.rules.reporting import ResultKind, due
from mockregister.validation.rules.rule import Rule

PATHOLOGICAL_T = ResultKind("RDA11", "pT-stadie")
PATHOLOGICAL_N = ResultKind("RDA12", "pN-stadie")
PATHOLOGICAL_M = ResultKind("RDA13", "pM-stadie")
STAGES = ("RDA01", "RDA02", "RDA03", "RDA04", "RDA05", "RDA06", "RDA07", "RDA08", "RDA11", "RDA12", "RDA13")


def _due(rule_id: str, which: str, on: type[AnyCondition], warned: Condition, wrong: Condition) -> tuple[Rule, Rule]:
    """Return the two rules on a cancer report due 30 days after the encounter.

    The first is a warning until then, violated when ``warned`` holds; the second an error from then on, when ``wrong`` holds.
    """
    text = (
        f"{which} er en anmeldelsespligtig kræft (diag.car); senest 30 dage efter kontakten skal en komplet {CANCER} foreligge."
    )
    cancer = the.code.inside("diag.car", at=the.encounter.end)
    rules = partial(
        due, rule_id, 9102, text, on=on, end=the.encounter.end, now=the.encounter.episode.now, days=30, stands_at=the.encounter
    )
    return rules(violated=both(cancer, warned))[0], rules(violated=both(cancer, wrong))[1]


def _t_stage(rule_id: str, number: int, stage: str) -> Rule:
    cancer = both(the.condition.code.inside(f"diag.car.{stage}", during=the.cause_period), FINAL_REPORT)
    where = f"når diagnosen er i diag.car.{stage} og anmeldelsesstatus i res.statuscar.subb"
    return CANCER.value_in(rule_id, number, T_STAGE, f"res.ctcstad.{stage}", when=cancer, where=where)


NONE_COMPLETE_IN_TIME = CANCER.lacks_complete(the.reports, during=the.cause_period)
NONE_COMPLETE_AT_THE_END = CANCER.lacks_complete(the.reports, at=the.cause_end)

CHANGED = (
    *_due("RAA01.3", "En bidiagnose", MinorCondition, NONE_COMPLETE_IN_TIME, NONE_COMPLETE_AT_THE_END),
    *_due("RAA01.4", "Aktionsdiagnosen", MainCondition, NONE_COMPLETE_AT_THE_END, NONE_COMPLETE_AT_THE_END),
    CANCER.holds_only("RAA01.5", 9103, *STAGES),
    CANCER.value_in("RAA01.RDA04-1", 90041, T_STAGE, "res.ctcstad"),
    _t_stage("RAA01.RDA04-2", 90042, "t0"),
    _t_stage("RAA01.RDA04-3", 90043, "ta"),
    _t_stage("RAA01.RDA04-4", 90044, "tis"),
    CANCER.value_in("RAA01.RDA05-1", 90051, N_STAGE, "res.cncstad"),
    CANCER.value_in("RAA01.RDA06-1", 90061, M_STAGE, "res.cmcstad"),
    Rule(  # applies to results of every report, because the published condition does not name the cancer report
        "RAA01.RDA11",
        9011,
        f"Resultatet {PATHOLOGICAL_T} skal angives med en kode fra kodelisten res.ptcstad.",
        on=Result,
        key=PATHOLOGICAL_T.code,
        violated=the.value.outside("res.ptcstad", during=the.report.cause_period),
    ),
    CANCER.at_most_one("RAA01.RDA11-1", 90111, PATHOLOGICAL_T),
    CANCER.value_in("RAA01.RDA12", 9012, PATHOLOGICAL_N, "res.pncstad"),
    CANCER.at_most_one("RAA01.RDA12-1", 90121, PATHOLOGICAL_N),
    CANCER.value_in("RAA01.RDA13", 9013, PATHOLOGICAL_M, "res.pmcstad"),
    CANCER.at_most_one("RAA01.RDA13-1", 90131, PATHOLOGICAL_M),
)

JUNE_2018 = SEPTEMBER_2018.changed(
    "2018-06-13",
    version="sds:lpr:3.0.4",
    rule_list="2018-06-13",
    profile=Profile(in_force(date(2018, 6, 13))),
    rules=SEPTEMBER_2018.rules.without(
        "05.52",
        "RAA03.1",
        *(rule.id for rule in SEPTEMBER_2018.rules if rule.id.startswith("RAA08.")),
    )
    .changed(*CHANGED)
    .listed_only("05.11", "15.16", "RAA01.RDA04-3", "RAA01.RDA04-4"),
    integrity=documented(date(2018, 6, 13)),
)
