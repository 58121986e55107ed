"""2018-09-12: four rules fewer than at go-live, seven rules that differ, and the integrity codes and profile of that day."""

from __future__ import annotations

from datetime import date

from mockregister.validation.editions.go_live import GO_LIVE
from mockregister.validation.integrity_codes import documented
from mockregister.validation.level2_profile import Profile
from mockregister.validation.profile import in_force
from mockregister.validation.rules.checks import result
from mockregister.validation.rules.expression import both, the
from mockregister.validation.rules.facts import Episode, Procedure, Report
from mockregister.validation.rules.raa08_implant import COUNT, IMPLANT, PRODUCT, STANDARD
from mockregister.validation.rules.rule import Rule

CHANGED = (
    Rule(
        "02.b",
        2002,
        "Afslutningsmåden hører ikke til kodelisten admin.afslutmaade, da forløbselementet sluttede.",
        on=Episode,
        violated=both(the.end.given, the.completion.outside("admin.afslutmaade", at=the.end)),
    ),
    Rule(
        "11.107",
        11107,
        "Når en somatisk inhabil patient holdes tilbage eller føres tilbage, skal beslutningstagerens personalekategori oplyses.",
        on=Procedure,
        violated=both(the.code.inside("proc.inhabil.subb", at=the.start), the.staff.missing),
    ),
    Rule(
        "11.43",
        1143,
        "Procedurens producent er lukket; proceduren kræver et sluttidspunkt og skal slutte senest, når producenten lukker.",
        on=Procedure,
        violated=both(the.producer.closed < the.end, the.code.inside("proc.sluttid", at=the.start)),
    ),
    IMPLANT.exactly_one("RAA08.RDB02", 900002, PRODUCT),
    IMPLANT.exactly_one("RAA08.RDB05", 900005, STANDARD),
    IMPLANT.exactly_one("RAA08.RDB06", 900006, COUNT),
    Rule(  # in spite of its id, the published list names RAA09, the report of complications
        "RAA08.RDB09",
        900009,
        "RAA09 (komplikationsoplysninger) har resultatet RDB09 (tidspunkt for udløb) flere gange; én er det højeste.",
        on=Report,
        key="RAA09",
        violated=result("RDB09").repeated,
    ),
)

SEPTEMBER_2018 = GO_LIVE.changed(
    "2018-09-12",
    version="sds:lpr:3.0.5",
    rule_list="2018-09-12",
    profile=Profile(in_force(date(2018, 9, 12))),
    rules=GO_LIVE.rules.without("00.01", "RAA08.RDB02-1", "RAA08.RDB05-1", "RAA08.RDB06-2").changed(*CHANGED),
    integrity=documented(date(2018, 9, 12)),
)
