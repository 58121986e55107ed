"""RAA05, report of injury (skadeindberetning), caused by an encounter."""

from __future__ import annotations

from mockregister.validation.rules.checks import of_type_beyond, result
from mockregister.validation.rules.expression import both, either, the
from mockregister.validation.rules.facts import Encounter
from mockregister.validation.rules.reporting import COMPLETE, COMPLETE_STATUS, ReportKind, ResultKind, due

INJURY = ReportKind("RAA05", "skadeindberetning")
TIME = ResultKind("RDA60", "skadetidspunkt")
MECHANISM = ResultKind("RDA61", "skademekanisme")
PLACE = ResultKind("RDA62", "skadested")
ACTIVITY = ResultKind("RDA63", "aktivitet")
TRANSPORT = ResultKind("RDA64", "den tilskadekomnes transportform")
COUNTERPART = ResultKind("RDA65", "modpartens transportform")
ROAD_USER = ResultKind("RDA66", "den tilskadekomnes trafikantrolle")
SITUATION = ResultKind("RDA67", "uheldssituation")
TRADE = ResultKind("RDA68", "branche")
ASSAILANT = ResultKind("RDA69", "modpart ved vold")
SPORT = ResultKind("RDA70", "sportsaktivitet")
SAFETY = ResultKind("RDA71", "anvendt sikkerhedsudstyr")
X = ResultKind("RDA72", "X-koordinat")
Y = ResultKind("RDA73", "Y-koordinat")
PRECISION = ResultKind("RDA74", "koordinaternes præcision")
ZONE = ResultKind("RDA75", "UTM-zone")
PRODUCT = ResultKind("RDA76", "produkt")

ACUTE_INJURY = both(
    the.reason.inside("admin.kontaarsag.skade", at=the.end),
    the.type.inside("admin.konttype.fysfr", at=the.end),
    the.priority.inside("admin.prioritet.akut", at=the.end),
)
BY_TRANSPORT = both(
    COMPLETE,
    the.encounter.reason.inside("admin.kontaarsag.skade.subb", during=the.cause_period),
    result(ACTIVITY.code).inside("res.skadeakt.transp"),
)
WHEN_BY_TRANSPORT = (
    "når indberetningen er komplet, kontaktårsagen er i admin.kontaarsag.skade.subb og aktiviteten i res.skadeakt.transp"
)

RULES = (
    *due(
        "RAA05.1",
        9501,
        "Kontakten er et akut fysisk fremmøde på grund af en skade; senest tre dage efter kontakten skal en komplet RAA05 "
        "(skadeindberetning) foreligge.",
        on=Encounter,
        end=the.end,
        now=the.episode.now,
        days=3,
        violated=both(ACUTE_INJURY, INJURY.absent_or_incomplete(the.reports, at=the.cause_end)),
    ),
    INJURY.holds_only("RAA05.2", 9502, "RDA60 til RDA76", violated=of_type_beyond("RDA60", "RDA76")),
    INJURY.comes_from(
        "RAA05.3",
        9500,
        "en kontakt, der er et akut fysisk fremmøde på grund af en skade",
        either(
            the.encounter.missing,
            the.encounter.reason.outside("admin.kontaarsag.skade", during=the.cause_period),
            the.encounter.reason.missing,
            the.encounter.type.outside("admin.konttype.fysfr", during=the.cause_period),
            the.encounter.priority.outside("admin.prioritet.akut", during=the.cause_period),
        ),
    ),
    TIME.must_be_a_moment("RAA05.RDA60-1", 90601),
    INJURY.exactly_one("RAA05.RDA60", 9060, TIME),
    INJURY.value_in("RAA05.RDA61-1", 90611, MECHANISM, "res.skademek"),
    INJURY.at_most_one("RAA05.RDA61-2", 90612, MECHANISM),
    INJURY.complete_needs("RAA05.RDA61", 9061, MECHANISM),
    INJURY.value_in("RAA05.RDA62-1", 90621, PLACE, "res.skadested"),
    INJURY.at_most_one("RAA05.RDA62-2", 90622, PLACE),
    INJURY.needs(
        "RAA05.RDA62",
        9062,
        PLACE,
        the.status.inside(COMPLETE_STATUS, at=the.encounter.end),
        "når indberetningen er komplet ved kontaktens slutning",
        stands_at=the.encounter,
    ),
    INJURY.value_in("RAA05.RDA63-1", 90631, ACTIVITY, "res.skadeakt"),
    INJURY.at_most_one("RAA05.RDA63-2", 90632, ACTIVITY),
    INJURY.needs(
        "RAA05.RDA63",
        9063,
        ACTIVITY,
        both(COMPLETE, the.encounter.reason.inside("admin.kontaarsag.skade.suba", during=the.cause_period)),
        "når indberetningen er komplet og kontaktårsagen er i admin.kontaarsag.skade.suba",
    ),
    INJURY.value_in("RAA05.RDA64-1", 90641, TRANSPORT, "res.tfskadede"),
    INJURY.at_most_one("RAA05.RDA64-2", 90642, TRANSPORT),
    INJURY.needs("RAA05.RDA64", 9064, TRANSPORT, BY_TRANSPORT, WHEN_BY_TRANSPORT),
    INJURY.value_in("RAA05.RDA65-1", 90651, COUNTERPART, "res.tfmodpart"),
    INJURY.at_most_one("RAA05.RDA65-2", 90652, COUNTERPART),
    INJURY.needs("RAA05.RDA65", 9065, COUNTERPART, BY_TRANSPORT, WHEN_BY_TRANSPORT),
    INJURY.at_most_one("RAA05.RDA66-1", 90661, ROAD_USER),
    INJURY.value_in("RAA05.RDA66", 9066, ROAD_USER, "res.trafikrolle"),
    INJURY.at_most_one("RAA05.RDA67-1", 90671, SITUATION),
    INJURY.value_in("RAA05.RDA67", 9067, SITUATION, "res.uheldssituation"),
    INJURY.at_most_one("RAA05.RDA68-1", 90681, TRADE),
    INJURY.value_in("RAA05.RDA68", 9068, TRADE, "res.branche"),
    INJURY.at_most_one("RAA05.RDA69-1", 90691, ASSAILANT),
    INJURY.value_in("RAA05.RDA69", 9069, ASSAILANT, "res.modpvold"),
    INJURY.at_most_one("RAA05.RDA70-1", 90701, SPORT),
    INJURY.value_in("RAA05.RDA70", 9070, SPORT, "res.sport"),
    INJURY.at_most_one("RAA05.RDA71-1", 90711, SAFETY),
    INJURY.value_in("RAA05.RDA71", 9071, SAFETY, "res.sikkuds"),
    INJURY.at_most_one("RAA05.RDA72-1", 90721, X),
    X.must_be_whole("RAA05.RDA72", 9072, at_least=400_000, at_most=1_000_000),
    INJURY.at_most_one("RAA05.RDA73-1", 90731, Y),
    Y.must_be_whole("RAA05.RDA73", 9073, at_least=6_000_000, at_most=6_500_000),
    INJURY.at_most_one("RAA05.RDA74-1", 90741, PRECISION),
    INJURY.value_in("RAA05.RDA74", 9074, PRECISION, "res.stedpraec"),
    INJURY.at_most_one("RAA05.RDA75-1", 90751, ZONE),
    ZONE.must_be_whole("RAA05.RDA75", 9075, at_least=32, at_most=33),
    INJURY.value_in("RAA05.RDA76", 9076, PRODUCT, "res.skadeprod"),
)
