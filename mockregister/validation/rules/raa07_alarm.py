"""RAA07, decision on a personal alarm or tracking system (alarm- og pejlesystem), caused by a procedure."""

from __future__ import annotations

from mockregister.validation.rules.checks import result
from mockregister.validation.rules.expression import both, the
from mockregister.validation.rules.facts import Procedure
from mockregister.validation.rules.reporting import ReportKind, ResultKind
from mockregister.validation.rules.rule import Rule

ALARM = ReportKind("RAA07", "beslutning om alarm- og pejlesystem")
GROUNDS = ResultKind("RDA91", "begrundelse for indgrebet")
CONSENT = ResultKind("RDA92", "samtykke")
DECISION = ResultKind("RDA93", "beslutning")
CONSULTANT = ResultKind("RDA94", "overlægens stillingtagen")

RULES = (
    Rule(
        "RAA07.1",
        9701,
        "Proceduren er i kodelisten proc.inhabil.suba, og en komplet RAA07 (beslutning om alarm- og pejlesystem) mangler.",
        on=Procedure,
        violated=both(
            the.code.inside("proc.inhabil.suba", at=the.start),
            ALARM.absent_or_incomplete(the.reports, at=the.cause_start),
        ),
    ),
    ALARM.holds_only("RAA07.2", 9702, "RDA91", "RDA92", "RDA93", "RDA94"),
    ALARM.comes_from_procedure_in("RAA07.3", 9700, "proc.inhabil.suba"),
    ALARM.value_in("RAA07.RDA91-1", 90911, GROUNDS, "res.inhabbegrundelse", at=the.cause_start),
    ALARM.exactly_one("RAA07.RDA91", 9091, GROUNDS),
    ALARM.value_in("RAA07.RDA92-1", 90921, CONSENT, "res.inhabsamtykke", at=the.cause_start),
    ALARM.exactly_one("RAA07.RDA92", 9092, CONSENT),
    ALARM.value_in("RAA07.RDA93-1", 90931, DECISION, "res.inhabbeslutning", at=the.cause_start),
    ALARM.exactly_one("RAA07.RDA93", 9093, DECISION),
    ALARM.value_in("RAA07.RDA94-1", 90941, CONSULTANT, "res.inhabstilling", at=the.cause_start),
    ALARM.at_most_one("RAA07.RDA94-2", 90942, CONSULTANT),
    ALARM.needs(
        "RAA07.RDA94",
        9094,
        CONSULTANT,
        result(DECISION.code).inside("res.inhabbeslutning.suba", at=the.cause_start),
        "når beslutningen er i res.inhabbeslutning.suba",
    ),
)
