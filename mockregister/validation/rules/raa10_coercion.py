"""RAA10, coercive measures (tvangsforanstaltning), caused by a procedure."""

from __future__ import annotations

from mockregister.validation.rules.expression import both, the
from mockregister.validation.rules.facts import Procedure
from mockregister.validation.rules.reporting import ReportKind, ResultKind
from mockregister.validation.rules.rule import Rule

COERCION = ReportKind("RAA10", "tvangsforanstaltning")
GROUNDS = ResultKind("RDA96", "begrundelse")
PLACE = ResultKind("RDA97", "behandlingssted")
LAST_TREATED = ResultKind("RDA98", "seneste behandlingsdato")

RULES = (
    Rule(
        "RAA10.1",
        91001,
        "Proceduren er i kodelisten proc.tvangsforanst, og en komplet RAA10 (tvangsforanstaltning) mangler.",
        on=Procedure,
        violated=both(
            the.code.inside("proc.tvangsforanst", at=the.start),
            COERCION.lacks_complete(the.reports, at=the.cause_start),
        ),
    ),
    COERCION.holds_only("RAA10.2", 91002, "RDA96", "RDA97", "RDA98"),
    COERCION.comes_from_procedure_in("RAA10.3", 91000, "proc.tvangsforanst"),
    COERCION.value_in("RAA10.RDA96-1", 90961, GROUNDS, "res.tvangsbegrund", at=the.cause_start),
    COERCION.exactly_one("RAA10.RDA96", 9096, GROUNDS),
    COERCION.value_in("RAA10.RDA97-1", 90971, PLACE, "res.tvangsbehsted", at=the.cause_start),
    COERCION.exactly_one("RAA10.RDA97", 9097, PLACE),
    LAST_TREATED.must_be_a_moment("RAA10.RDA98-1", 90981),
    COERCION.exactly_one("RAA10.RDA98", 9098, LAST_TREATED),
)
