"""Rules on where the patient was during an encounter (opholdsadresse)."""

from __future__ import annotations

from mockregister.validation.rules.checks import gap_or_overlap, invalid_at
from mockregister.validation.rules.expression import both, none_of, the
from mockregister.validation.rules.facts import Encounter, Stay
from mockregister.validation.rules.rule import Rule

RULES = (
    Rule("09.01", 901, "Opholdet skal slutte senere, end det starter.", on=Stay, violated=the.end <= the.start),
    Rule(
        "09.02",
        902,
        "Kontaktens ophold skal afløse hinanden uden huller og uden at overlappe.",
        on=Encounter,
        violated=gap_or_overlap(the.stays),
    ),
    Rule(
        "09.12",
        912,
        "Et ophold starter, før kontakten gør.",
        on=Stay,
        violated=the.start < the.encounter.start,
        stands_at=the.encounter,
    ),
    Rule(
        "09.13",
        913,
        "Et ophold starter først, når kontakten er slut.",
        on=Stay,
        violated=the.start >= the.encounter.end,
        stands_at=the.encounter,
    ),
    Rule(
        "09.15",
        915,
        "Et ophold slutter senere end kontakten.",
        on=Stay,
        violated=the.end > the.encounter.end,
        stands_at=the.encounter,
    ),
    Rule(
        "09.16a",
        916,
        "Kontakten er slut, men intet af dens ophold starter sammen med den.",
        on=Encounter,
        violated=both(the.end.given, the.stays.filled, none_of(the.stays, the.start.equals(the.encounter.start))),
    ),
    Rule(
        "09.16b",
        916,
        "Kontakten er slut, men intet af dens ophold slutter sammen med den.",
        on=Encounter,
        violated=both(the.end.given, the.stays.filled, none_of(the.stays, the.end.equals(the.encounter.end))),
    ),
    Rule(
        "09.41",
        941,
        "Opholdets enhed var endnu ikke åbnet i SOR, da opholdet startede.",
        on=Stay,
        violated=the.unit.opened > the.start,
    ),
    Rule(
        "09.42",
        942,
        "Opholdets enhed var allerede lukket i SOR, da opholdet startede.",
        on=Stay,
        violated=the.unit.closed < the.start,
    ),
    Rule(
        "09.43",
        943,
        "Opholdets enhed har en lukkedato i SOR, så opholdet skal have et sluttidspunkt.",
        on=Stay,
        violated=both(the.unit.closed.given, the.end.missing),
    ),
    Rule(
        "09.44",
        944,
        "Opholdets enhed findes ikke længere i SOR ved opholdets slutning.",
        on=Stay,
        violated=the.unit.closed < the.end,
    ),
    Rule(
        "09.51",
        951,
        "Fraværskoden er en SKS-kode, der ikke gælder, når fraværet starter.",
        on=Stay,
        violated=invalid_at(the.absence, the.start),
    ),
    Rule(
        "09.61",
        961,
        "Et ophold er enten på en enhed eller et fravær; her er begge dele oplyst.",
        on=Stay,
        violated=both(the.unit.given, the.absence.given),
    ),
    Rule(
        "09.a",
        9001,
        "Fraværskoden hører ikke til kodelisten admin.fravaer, da fraværet startede.",
        on=Stay,
        violated=the.absence.outside("admin.fravaer", at=the.start),
    ),
)
