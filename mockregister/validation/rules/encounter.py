"""Rules on the encounter (kontakt)."""

from __future__ import annotations

from mockregister.validation.rules.checks import invalid_at
from mockregister.validation.rules.expression import both, either, the
from mockregister.validation.rules.facts import Encounter
from mockregister.validation.rules.rule import Rule

RULES = (
    Rule(
        "05.102",
        5102,
        "Ved akut fremmøde på en enhed uden psykiatrisk speciale skal kontaktårsagen oplyses.",
        on=Encounter,
        violated=both(
            the.unit.somatic,
            the.reason.missing,
            the.priority.inside("admin.prioritet.akut", at=the.start),
            the.type.inside("admin.konttype.fysfr", at=the.start),
        ),
    ),
    Rule(
        "05.103",
        5103,
        "Kontakten har en kontaktårsag, men det må kontakter på en enhed med psykiatrisk speciale ikke have.",
        on=Encounter,
        violated=both(the.unit.psychiatric, the.reason.given),
    ),
    Rule(
        "05.104",
        5104,
        "Kontakten er planlagt og må derfor ikke have en kontaktårsag.",
        on=Encounter,
        violated=both(the.reason.given, the.priority.inside("admin.prioritet.plan", at=the.start)),
    ),
    Rule(
        "05.105",
        5105,
        "Patienten er mødt fysisk frem, så kontakten skal have mindst én opholdsadresse.",
        on=Encounter,
        violated=both(the.stays.empty, the.type.inside("admin.konttype.fysfr", at=the.start)),
    ),
    Rule(
        "05.106",
        5106,
        "Kontakten har en opholdsadresse, men det kan kun en kontakt med fysisk fremmøde have.",
        on=Encounter,
        violated=both(the.stays.filled, the.type.outside("admin.konttype.fysfr", at=the.start)),
    ),
    Rule(
        "05.107",
        5107,
        "En diagnoseindberetning skal slutte præcis ét minut efter sin start og være planlagt.",
        on=Encounter,
        violated=both(
            the.type.inside("admin.konttype.diagindb", at=the.start),
            either(
                the.start.plus(minutes=1).differs_from(the.end),
                the.priority.outside("admin.prioritet.plan", at=the.start),
            ),
        ),
    ),
    Rule(
        "05.108",
        5108,
        "En kontakt af typen død skal være akut og have en aktionsdiagnose, der siger, at patienten er død.",
        on=Encounter,
        violated=both(
            the.type.inside("admin.konttype.doed", at=the.start),
            either(
                the.priority.outside("admin.prioritet.akut", at=the.start),
                the.main_condition.missing,
                the.main_condition.code.outside("diag.doed", at=the.start),
            ),
        ),
    ),
    Rule("05.11", 511, "Kontakten skal slutte senere, end den starter.", on=Encounter, violated=the.end <= the.start),
    Rule(
        "05.12",
        512,
        "Behandlingen kan ikke starte, før kontakten gør.",
        on=Encounter,
        violated=the.treatment_start < the.start,
    ),
    Rule(
        "05.13",
        513,
        "Behandlingen skal starte, inden kontakten slutter.",
        on=Encounter,
        violated=the.end <= the.treatment_start,
    ),
    Rule(
        "05.14",
        514,
        "Kontakten er slut, men har ingen aktionsdiagnose.",
        on=Encounter,
        violated=both(the.main_condition.missing, the.end.given),
    ),
    Rule(
        "05.15",
        515,
        "Kontakten startede for over 30 dage siden og har stadig ingen aktionsdiagnose.",
        on=Encounter,
        violated=both(the.main_condition.missing, the.start.plus(days=30) < the.episode.now),
    ),
    Rule(
        "05.21",
        521,
        "Kontakten starter før det forløbselement, som den hører til.",
        on=Encounter,
        violated=the.start < the.episode.start,
    ),
    Rule(
        "05.22",
        522,
        "Kontakten starter først, når det forløbselement, som den hører til, er slut.",
        on=Encounter,
        violated=the.start >= the.episode.end,
    ),
    Rule(
        "05.24",
        524,
        "Kontakten slutter senere end det forløbselement, som den hører til.",
        on=Encounter,
        violated=the.end > the.episode.end,
    ),
    Rule(
        "05.31",
        531,
        "Forløbselementet er afsluttet, så kontakten skal også være det, og senest samtidig med forløbselementet.",
        on=Encounter,
        violated=both(the.episode.end.given, either(the.end.missing, the.end > the.episode.end)),
    ),
    Rule(
        "05.41",
        541,
        "Kontaktens ansvarlige enhed var endnu ikke åbnet i SOR, da kontakten startede.",
        on=Encounter,
        violated=the.unit.opened > the.start,
    ),
    Rule(
        "05.42",
        542,
        "Kontaktens ansvarlige enhed var allerede lukket i SOR, da kontakten startede.",
        on=Encounter,
        violated=the.unit.closed < the.start,
    ),
    Rule(
        "05.43",
        543,
        "Kontaktens ansvarlige enhed er lukket; kontakten skal slutte senest, når enheden lukker.",
        on=Encounter,
        violated=the.end > the.unit.closed,
    ),
    Rule(
        "05.44",
        544,
        "Kontaktens ansvarlige enhed findes ikke længere i SOR ved kontaktens slutning.",
        on=Encounter,
        violated=the.unit.closed < the.end,
    ),
    Rule(
        "05.51",
        551,
        "Kontakttypen er en SKS-kode, der ikke gælder, når kontakten starter.",
        on=Encounter,
        violated=invalid_at(the.type, the.start),
    ),
    Rule(
        "05.52",
        552,
        "Kontakttypens SKS-kode udløber, før kontakten slutter.",
        on=Encounter,
        violated=the.type.valid_to < the.end,
    ),
    Rule(
        "05.53",
        553,
        "Prioriteten er en SKS-kode, der ikke gælder, når kontakten starter.",
        on=Encounter,
        violated=invalid_at(the.priority, the.start),
    ),
    Rule(
        "05.a",
        5001,
        "Kontakttypen hører ikke til kodelisten admin.konttype, da kontakten startede.",
        on=Encounter,
        violated=the.type.outside("admin.konttype", at=the.start),
    ),
    Rule(
        "05.b",
        5002,
        "Prioriteten hører ikke til kodelisten admin.prioritet, da kontakten startede.",
        on=Encounter,
        violated=the.priority.outside("admin.prioritet", at=the.start),
    ),
    Rule(
        "07.51",
        751,
        "Kontaktårsagen er en SKS-kode, der ikke gælder, når kontakten starter.",
        on=Encounter,
        violated=invalid_at(the.reason, the.start),
    ),
    Rule(
        "07.a",
        7001,
        "Kontaktårsagen hører ikke til kodelisten admin.kontaarsag, da kontakten startede.",
        on=Encounter,
        violated=the.reason.outside("admin.kontaarsag", at=the.start),
    ),
)
