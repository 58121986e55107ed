"""Rules on who pays (betalingsoplysning) for an encounter or a procedure."""

from __future__ import annotations

from mockregister.validation.rules.checks import gap_or_overlap, invalid_at
from mockregister.validation.rules.expression import both, none_of, the
from mockregister.validation.rules.facts import Encounter, Payment, Procedure
from mockregister.validation.rules.rule import Rule

RULES = (
    Rule("10.01", 1001, "Betalingsoplysningen skal slutte senere, end den starter.", on=Payment, violated=the.end <= the.start),
    Rule(
        "10.02",
        1002,
        "Kontaktens betalingsoplysninger skal afløse hinanden uden huller og uden at overlappe.",
        on=Encounter,
        violated=gap_or_overlap(the.payments),
    ),
    Rule(
        "10.12",
        1012,
        "En betalingsoplysning starter, før kontakten gør.",
        on=Payment,
        violated=the.start < the.encounter.start,
        stands_at=the.encounter,
    ),
    Rule(
        "10.13",
        1013,
        "En betalingsoplysning starter først, når kontakten er slut.",
        on=Payment,
        violated=the.start >= the.encounter.end,
        stands_at=the.encounter,
    ),
    Rule(
        "10.15",
        1015,
        "En betalingsoplysning slutter senere end kontakten.",
        on=Payment,
        violated=the.end > the.encounter.end,
        stands_at=the.encounter,
    ),
    Rule(
        "10.16a",
        1016,
        "Kontakten er slut, men ingen af dens betalingsoplysninger starter sammen med den.",
        on=Encounter,
        violated=both(the.end.given, none_of(the.payments, the.start.equals(the.encounter.start))),
    ),
    Rule(
        "10.16b",
        1016,
        "Kontakten er slut, men ingen af dens betalingsoplysninger slutter sammen med den.",
        on=Encounter,
        violated=both(the.end.given, none_of(the.payments, the.end.equals(the.encounter.end))),
    ),
    Rule(
        "10.32",
        1032,
        "Proceduren er slut, og dens betalingsoplysning skal slutte på samme tidspunkt.",
        on=Procedure,
        violated=both(the.end.given, the.payment.end.differs_from(the.end)),
    ),
    Rule(
        "10.51",
        1051,
        "Specialiseringsniveauet er en SKS-kode, der ikke gælder, når betalingsoplysningen starter.",
        on=Payment,
        violated=invalid_at(the.specialisation, the.start),
    ),
    Rule(
        "10.a",
        10001,
        "Betalingsaftalen hører ikke til kodelisten admin.betalaftale, da betalingsoplysningen startede.",
        on=Payment,
        violated=the.agreement.outside("admin.betalaftale", at=the.start),
    ),
    Rule(
        "10.b",
        10002,
        "Betaleren hører ikke til kodelisten admin.betaler, da betalingsoplysningen startede.",
        on=Payment,
        violated=the.payer.outside("admin.betaler", at=the.start),
    ),
    Rule(
        "10.c",
        10003,
        "Specialiseringsniveauet hører ikke til kodelisten admin.specialeniv, da betalingsoplysningen startede.",
        on=Payment,
        violated=the.specialisation.outside("admin.specialeniv", at=the.start),
    ),
)
