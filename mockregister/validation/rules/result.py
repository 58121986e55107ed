"""Rules on any result (resultat): its type and its time, depending on the cause of its report."""

from __future__ import annotations

from mockregister.validation.rules.checks import invalid_at, invalid_during
from mockregister.validation.rules.expression import both, the
from mockregister.validation.rules.facts import AnyCondition, Encounter, Episode, Marker, Procedure, Result
from mockregister.validation.rules.rule import Rule

RULES = (
    Rule(
        "16.01",
        1601,
        "Resultatets type er en SKS-kode, der ikke gælder, når det udløsende forløbselement starter.",
        on=Result,
        cause=Episode,
        violated=invalid_at(the.type, the.report.cause_start),
    ),
    Rule(
        "16.02",
        1602,
        "Resultatets type er en SKS-kode, der ikke gælder, når den udløsende forløbsmarkør sættes.",
        on=Result,
        cause=Marker,
        violated=invalid_at(the.type, the.report.cause_start),
    ),
    Rule(
        "16.03",
        1603,
        "Resultatets type er en SKS-kode, der ikke gælder, når den udløsende kontakt starter.",
        on=Result,
        cause=Encounter,
        violated=invalid_at(the.type, the.report.cause_start),
    ),
    Rule(
        "16.05",
        1605,
        "Resultatets type er en SKS-kode, der ikke gælder på noget tidspunkt i den udløsende diagnoses kontakt.",
        on=Result,
        cause=AnyCondition,
        violated=invalid_during(the.type, the.report.cause_period),
    ),
    Rule(
        "16.06",
        1606,
        "Resultatets type er en SKS-kode, der ikke gælder, når den udløsende procedure starter.",
        on=Result,
        cause=Procedure,
        violated=invalid_at(the.type, the.report.cause_start),
    ),
    Rule(
        "16.11",
        1611,
        "Resultatet er dateret før det forløbselement, der udløste det.",
        on=Result,
        cause=Episode,
        violated=the.time < the.report.cause_start,
    ),
    Rule(
        "16.12",
        1612,
        "Resultatet er dateret før den forløbsmarkør, der udløste det.",
        on=Result,
        cause=Marker,
        violated=the.time < the.report.cause_start,
    ),
    Rule(
        "16.13",
        1613,
        "Resultatet er dateret før den kontakt, der udløste det.",
        on=Result,
        cause=Encounter,
        violated=the.time < the.report.cause_start,
    ),
    Rule(
        "16.15",
        1615,
        "Resultatet er dateret før kontakten med den diagnose, der udløste det.",
        on=Result,
        cause=AnyCondition,
        violated=the.time < the.report.cause_start,
    ),
    Rule(
        "16.16",
        1616,
        "Resultatet er dateret før den procedure, der udløste det.",
        on=Result,
        cause=Procedure,
        violated=the.time < the.report.cause_start,
    ),
    Rule(
        "16.a-1",
        16001,
        "Resultatets type hører ikke til kodelisten res.type i årsagens periode.",
        on=Result,
        violated=the.type.outside("res.type", during=the.report.cause_period),
    ),
    Rule(
        "16.a",
        16001,
        "Resultatets type hører ikke til kodelisten res.type på resultatets tidspunkt.",
        on=Result,
        violated=both(the.time.given, the.type.outside("res.type", at=the.time)),
    ),
)
