"""RAA02, report of birth for the mother (fødselsindberetning mor), caused by the main condition of the birth."""

from __future__ import annotations

from mockregister.validation.rules.expression import both, either, the
from mockregister.validation.rules.facts import Encounter
from mockregister.validation.rules.reporting import ReportKind, ResultKind, due

MOTHER = ReportKind("RAA02", "fødselsindberetning mor")
GESTATION = ResultKind("RDA20", "gestationsalder")
PARITY = ResultKind("RDA22", "paritet")
LIVE_BIRTHS = ResultKind("RDA23", "antal levendefødte")
STILLBIRTHS = ResultKind("RDA24", "antal dødfødte")
TOBACCO = ResultKind("RDA25", "tobaksforbrug i graviditeten")
HEIGHT = ResultKind("RDA26", "højde før graviditeten")
WEIGHT = ResultKind("RDA27", "vægt før graviditeten")

RULES = (
    *due(
        "RAA02.1",
        9201,
        "Aktionsdiagnosen er en fødsel (diag.foedmor); senest syv dage efter kontakten skal en komplet RAA02 "
        "(fødselsindberetning mor) foreligge.",
        on=Encounter,
        end=the.end,
        now=the.episode.now,
        days=7,
        violated=both(
            the.main_condition.code.inside("diag.foedmor", at=the.end),
            MOTHER.lacks_complete(the.main_condition.reports, during=the.cause_period),
        ),
    ),
    MOTHER.holds_only("RAA02.2", 9202, "RDA20", "RDA22", "RDA23", "RDA24", "RDA25", "RDA26", "RDA27"),
    MOTHER.comes_from(
        "RAA02.3",
        9200,
        "en aktionsdiagnose fra kodelisten diag.foedmor",
        either(
            the.condition.missing,
            the.condition.kind.outside("admin.diagart.aktdia", during=the.cause_period),
            the.condition.code.outside("diag.foedmor", during=the.cause_period),
        ),
    ),
    MOTHER.value_in("RAA02.RDA20-1", 902021, GESTATION, "res.gestald"),
    MOTHER.at_most_one("RAA02.RDA20-2", 902022, GESTATION),
    MOTHER.complete_needs("RAA02.RDA20", 90202, GESTATION),
    PARITY.must_be_whole("RAA02.RDA22-1", 90221, at_least=1),
    MOTHER.at_most_one("RAA02.RDA22-2", 90222, PARITY),
    MOTHER.complete_needs("RAA02.RDA22", 9022, PARITY),
    LIVE_BIRTHS.must_be_whole("RAA02.RDA23-1", 90231, at_least=0),
    MOTHER.at_most_one("RAA02.RDA23-2", 90232, LIVE_BIRTHS),
    MOTHER.complete_needs("RAA02.RDA23", 9023, LIVE_BIRTHS),
    STILLBIRTHS.must_be_whole("RAA02.RDA24-1", 90241, at_least=0),
    MOTHER.at_most_one("RAA02.RDA24-2", 90242, STILLBIRTHS),
    MOTHER.complete_needs("RAA02.RDA24", 9024, STILLBIRTHS),
    MOTHER.value_in("RAA02.RDA25-1", 90251, TOBACCO, "res.tobakgrav"),
    MOTHER.at_most_one("RAA02.RDA25-2", 90252, TOBACCO),
    MOTHER.complete_needs("RAA02.RDA25", 9025, TOBACCO),
    HEIGHT.must_be_whole("RAA02.RDA26-1", 90261, at_least=50, at_most=219),
    MOTHER.at_most_one("RAA02.RDA26-2", 90262, HEIGHT),
    MOTHER.complete_needs("RAA02.RDA26", 9026, HEIGHT),
    WEIGHT.must_be_whole("RAA02.RDA27-1", 90271, at_least=30),
    MOTHER.at_most_one("RAA02.RDA27-2", 90272, WEIGHT),
    MOTHER.complete_needs("RAA02.RDA27", 9027, WEIGHT),
)
