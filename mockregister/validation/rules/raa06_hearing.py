"""RAA06, result of a hearing test of the newborn (neonatal hørescreening), caused by a procedure."""

from __future__ import annotations

from mockregister.validation.rules.expression import both, the
from mockregister.validation.rules.facts import Procedure
from mockregister.validation.rules.reporting import ReportKind, ResultKind
from mockregister.validation.rules.rule import Rule

HEARING = ReportKind("RAA06", "neonatal hørescreening")
OUTCOME = ResultKind("RDA80", "udfald af hørescreening")

RULES = (
    Rule(
        "RAA06.1",
        9601,
        "Barnet er hørescreenet inden for 90 dage efter fødslen (proc.hoerescreen), og en komplet RAA06 med udfaldet mangler.",
        on=Procedure,
        violated=both(
            the.code.inside("proc.hoerescreen", at=the.start),
            the.start.plus(days=-90).day() <= the.patient.born,
            HEARING.absent_or_incomplete(the.reports, at=the.cause_start),
        ),
        stands_at=the.patient,
    ),
    HEARING.holds_only("RAA06.2", 9602, "RDA80"),
    HEARING.comes_from_procedure_in("RAA06.3", 9600, "proc.hoerescreen"),
    HEARING.value_in("RAA06.RDA80-1", 90801, OUTCOME, "res.hoerescreen", at=the.cause_start),
    HEARING.exactly_one("RAA06.RDA80", 9080, OUTCOME),
)
