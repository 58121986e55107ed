"""RAA09, complications of surgery (komplikationsoplysninger), caused by a procedure."""

from __future__ import annotations

from mockregister.finding import Severity
from mockregister.validation.rules.checks import result
from mockregister.validation.rules.expression import both, the
from mockregister.validation.rules.facts import Procedure
from mockregister.validation.rules.reporting import ReportKind, ResultKind
from mockregister.validation.rules.rule import Rule

COMPLICATION = ReportKind("RAA09", "komplikationsoplysninger")
CLAVIEN = ResultKind("RDA85", "Clavien-grad")

OPERATION = the.code.inside("proc.opr.komplikat", at=the.start)
DEADLINE = the.encounter.end.plus(days=3)
NOW = the.encounter.episode.now
TEXT = (
    "Operationen er i kodelisten proc.opr.komplikat; senest tre dage efter kontakten skal en komplet RAA09 "
    "(komplikationsoplysninger) foreligge."
)

RULES = (
    Rule(
        "RAA09.1-w",
        9901,
        TEXT,
        on=Procedure,
        violated=both(OPERATION, DEADLINE > NOW, COMPLICATION.lacks_complete(the.reports, at=the.cause_start)),
        stands_at=the.encounter,
        severity=Severity.WARNING,
        error_by=DEADLINE,
    ),
    Rule(
        "RAA09.1",
        9901,
        TEXT,
        on=Procedure,
        violated=both(OPERATION, DEADLINE <= NOW, COMPLICATION.absent_or_incomplete(the.reports, at=the.cause_start)),
        stands_at=the.encounter,
    ),
    COMPLICATION.holds_only("RAA09.2", 9902, "RDA85"),
    COMPLICATION.comes_from_procedure_in("RAA09.3", 9900, "proc.opr.komplikat"),
    COMPLICATION.rule(
        "RAA09.RDA85-1",
        90851,
        f"Resultatet {CLAVIEN} skal angives med en kode fra kodelisten res.clavien.",
        both(the.procedure.given, result(CLAVIEN.code).outside("res.clavien", at=the.procedure.start)),
        stands_at=the.procedure,
    ),
    COMPLICATION.exactly_one("RAA09.RDA85", 9085, CLAVIEN),
)
