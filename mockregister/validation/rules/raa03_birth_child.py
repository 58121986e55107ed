"""RAA03, report of birth for the child (fødselsindberetning barn), caused by the main condition of the birth."""

from __future__ import annotations

from mockregister.validation.rules.checks import result
from mockregister.validation.rules.expression import both, either, the
from mockregister.validation.rules.facts import Encounter
from mockregister.validation.rules.reporting import COMPLETE, COMPLETE_STATUS, ReportKind, ResultKind, due

CHILD = ReportKind("RAA03", "fødselsindberetning barn")
GESTATION = ResultKind("RDA20", "gestationsalder")
TIME_OF_BIRTH = ResultKind("RDA31", "fødselstidspunkt")
LITTER = ResultKind("RDA32", "antal børn i fødslen")
NUMBER_IN_LITTER = ResultKind("RDA33", "nummer blandt flere børn")
PRESENTATION = ResultKind("RDA34", "fosterpræsentation")
APGAR = ResultKind("RDA35", "apgar efter fem minutter")
HEAD = ResultKind("RDA36", "hovedomfang i cm")
ABDOMEN = ResultKind("RDA37", "maveomfang i cm")
PLACENTA = ResultKind("RDA38", "placentavægt i gram")
WEIGHT = ResultKind("RDA39", "fødselsvægt i gram")
LENGTH = ResultKind("RDA40", "længde ved fødslen i cm")
PLACE_OF_BIRTH = ResultKind("RDA41", "fødested")
TRANSFER = ResultKind("RDA42", "overførsel")
ARTERIAL_PH = ResultKind("RDA46", "pH, navlesnorsarterie")
VENOUS_PH = ResultKind("RDA47", "pH, navlesnorsvene")
ARTERIAL_BASE_EXCESS = ResultKind("RDA48", "base excess, navlesnorsarterie")
VENOUS_BASE_EXCESS = ResultKind("RDA49", "base excess, navlesnorsvene")

RULES = (
    *due(
        "RAA03.1",
        9301,
        "Aktionsdiagnosen er et barns fødsel (diag.foedbarn); senest syv dage efter kontakten skal en komplet RAA03 "
        "(fødselsindberetning barn) foreligge.",
        on=Encounter,
        end=the.end,
        now=the.episode.now,
        days=7,
        violated=both(
            the.main_condition.code.inside("diag.foedbarn", at=the.end),
            CHILD.lacks_complete(the.main_condition.reports, at=the.condition.encounter.end),
        ),
    ),
    CHILD.holds_only(
        "RAA03.2", 9302, "RDA20", *(f"RDA{number}" for number in range(31, 43)), *(f"RDA{number}" for number in range(46, 50))
    ),
    CHILD.comes_from(
        "RAA03.3",
        9300,
        "en aktionsdiagnose fra kodelisten diag.foedbarn",
        either(
            the.condition.missing,
            the.condition.kind.outside("admin.diagart.aktdia", during=the.cause_period),
            the.condition.code.outside("diag.foedbarn", during=the.cause_period),
        ),
    ),
    CHILD.value_in(
        "RAA03.RDA20-1",
        902031,
        GESTATION,
        "res.gestald",
        at=the.cause_start,
        when=COMPLETE,
        where="når indberetningen er komplet",
    ),
    CHILD.at_most_one("RAA03.RDA20-2", 902032, GESTATION),
    CHILD.needs(
        "RAA03.RDA20",
        90203,
        GESTATION,
        the.status.inside(COMPLETE_STATUS, at=the.cause_start),
        "når indberetningen er komplet",
    ),
    TIME_OF_BIRTH.must_be_a_moment("RAA03.RDA31-1", 90311),
    CHILD.exactly_one("RAA03.RDA31", 9031, TIME_OF_BIRTH),
    LITTER.must_be_whole("RAA03.RDA32-1", 90321, at_least=1),
    CHILD.at_most_one("RAA03.RDA32-2", 90322, LITTER),
    CHILD.complete_needs("RAA03.RDA32", 9032, LITTER),
    CHILD.value_in("RAA03.RDA33-1", 90331, NUMBER_IN_LITTER, "res.flernr"),
    CHILD.at_most_one("RAA03.RDA33-2", 90332, NUMBER_IN_LITTER),
    CHILD.needs(
        "RAA03.RDA33",
        9033,
        NUMBER_IN_LITTER,
        both(COMPLETE, result(LITTER.code).above(1)),
        "når indberetningen er komplet og der er født flere børn (RDA32)",
    ),
    CHILD.value_in("RAA03.RDA34-1", 90341, PRESENTATION, "res.praesent"),
    CHILD.at_most_one("RAA03.RDA34-2", 90342, PRESENTATION),
    CHILD.complete_needs("RAA03.RDA34", 9034, PRESENTATION),
    APGAR.must_be_whole("RAA03.RDA35-1", 90351, at_least=0, at_most=10),
    CHILD.at_most_one("RAA03.RDA35-2", 90352, APGAR),
    CHILD.complete_needs("RAA03.RDA35", 9035, APGAR),
    HEAD.must_be_whole("RAA03.RDA36-1", 90361, at_least=10, at_most=99),
    CHILD.at_most_one("RAA03.RDA36-2", 90362, HEAD),
    CHILD.complete_needs("RAA03.RDA36", 9036, HEAD),
    ABDOMEN.must_be_whole("RAA03.RDA37-1", 90371, at_least=10, at_most=99),
    CHILD.at_most_one("RAA03.RDA37-2", 90372, ABDOMEN),
    CHILD.complete_needs("RAA03.RDA37", 9037, ABDOMEN),
    PLACENTA.must_be_whole("RAA03.RDA38-1", 90381, at_least=100, at_most=3999),
    CHILD.at_most_one("RAA03.RDA38-2", 90382, PLACENTA),
    CHILD.complete_needs("RAA03.RDA38", 9038, PLACENTA),
    WEIGHT.must_be_whole("RAA03.RDA39-1", 90391, at_least=100, at_most=9999),
    CHILD.at_most_one("RAA03.RDA39-2", 90392, WEIGHT),
    CHILD.complete_needs("RAA03.RDA39", 9039, WEIGHT),
    LENGTH.must_be_whole("RAA03.RDA40-1", 90401, at_least=11, at_most=99),
    CHILD.at_most_one("RAA03.RDA40-2", 90402, LENGTH),
    CHILD.complete_needs("RAA03.RDA40", 9040, LENGTH),
    CHILD.value_in("RAA03.RDA41-1", 90411, PLACE_OF_BIRTH, "res.foedested"),
    CHILD.at_most_one("RAA03.RDA41-2", 90412, PLACE_OF_BIRTH),
    CHILD.complete_needs("RAA03.RDA41", 9041, PLACE_OF_BIRTH),
    CHILD.at_most_one("RAA03.RDA42-1", 90421, TRANSFER),
    CHILD.value_in("RAA03.RDA42", 9042, TRANSFER, "res.overfoert"),
    CHILD.at_most_one("RAA03.RDA46-1", 90461, ARTERIAL_PH),
    ARTERIAL_PH.must_be_between("RAA03.RDA46", 9046, above=5, below=9),
    CHILD.at_most_one("RAA03.RDA47-1", 90471, VENOUS_PH),
    VENOUS_PH.must_be_between("RAA03.RDA47", 9047, above=5, below=9),
    CHILD.at_most_one("RAA03.RDA48-1", 90481, ARTERIAL_BASE_EXCESS),
    ARTERIAL_BASE_EXCESS.must_be_between("RAA03.RDA48", 9048, above=-20, below=10),
    CHILD.at_most_one("RAA03.RDA49-1", 90491, VENOUS_BASE_EXCESS),
    VENOUS_BASE_EXCESS.must_be_between("RAA03.RDA49", 9049, above=-20, below=10),
)
