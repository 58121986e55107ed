"""Rules on any result report (resultatindberetning): its name, its status and its unit, by what caused it."""

from __future__ import annotations

from mockregister.validation.rules.checks import invalid_at, invalid_during
from mockregister.validation.rules.expression import both, either, the
from mockregister.validation.rules.facts import Report
from mockregister.validation.rules.rule import Rule

RULES = (
    Rule(
        "15.01",
        1501,
        "Resultatindberetningens navn er en SKS-kode, der ikke gælder, når det udløsende forløbselement starter.",
        on=Report,
        violated=invalid_at(the.name, the.episode.start),
    ),
    Rule(
        "15.02",
        1502,
        "Resultatindberetningens navn er en SKS-kode, der ikke gælder, når den udløsende forløbsmarkør sættes.",
        on=Report,
        violated=invalid_at(the.name, the.marker.time),
    ),
    Rule(
        "15.03",
        1503,
        "Resultatindberetningens navn er en SKS-kode, der ikke gælder, når den udløsende kontakt starter.",
        on=Report,
        violated=invalid_at(the.name, the.encounter.start),
    ),
    Rule(
        "15.05",
        1505,
        "Resultatindberetningens navn er en SKS-kode, der ikke gælder på noget tidspunkt i den udløsende diagnoses kontakt.",
        on=Report,
        violated=both(the.condition.main, invalid_during(the.name, the.condition.encounter.period)),
        stands_at=the.condition.encounter,
    ),
    Rule(
        "15.06",
        1506,
        "Resultatindberetningens navn er en SKS-kode, der ikke gælder, når den udløsende procedure starter.",
        on=Report,
        violated=invalid_at(the.name, the.procedure.start),
    ),
    Rule(
        "15.11",
        1511,
        "Resultatindberetningens status er en SKS-kode, der ikke gælder, når det udløsende forløbselement starter.",
        on=Report,
        violated=invalid_at(the.status, the.episode.start),
    ),
    Rule(
        "15.12",
        1512,
        "Resultatindberetningens status er en SKS-kode, der ikke gælder, når den udløsende forløbsmarkør sættes.",
        on=Report,
        violated=invalid_at(the.status, the.marker.time),
    ),
    Rule(
        "15.13",
        1513,
        "Resultatindberetningens status er en SKS-kode, der ikke gælder, når den udløsende kontakt starter.",
        on=Report,
        violated=invalid_at(the.status, the.encounter.start),
    ),
    Rule(
        "15.15-1",
        1515,
        "Resultatindberetningens status er en SKS-kode, der ikke gælder på noget tidspunkt i den udløsende bidiagnoses kontakt.",
        on=Report,
        violated=both(the.condition.minor, invalid_during(the.status, the.condition.encounter.period)),
        stands_at=the.condition.encounter,
    ),
    Rule(
        "15.15",
        1515,
        "Resultatindberetningens status er en SKS-kode, der ikke gælder på noget tidspunkt i den udløsende aktionsdiagnoses "
        "kontakt.",
        on=Report,
        violated=both(the.condition.main, invalid_during(the.status, the.condition.encounter.period)),
        stands_at=the.condition.encounter,
    ),
    Rule(
        "15.16",
        1516,
        "Resultatindberetningens status er en SKS-kode, der ikke gælder, når den udløsende procedure starter.",
        on=Report,
        violated=invalid_at(the.status, the.procedure.start),
    ),
    Rule(
        "15.a",
        15001,
        "Resultatindberetningens navn hører ikke til kodelisten resindb.navn i årsagens periode.",
        on=Report,
        violated=the.name.outside("resindb.navn", during=the.cause_period),
    ),
    Rule(
        "15.b",
        15002,
        "Resultatindberetningens status hører ikke til kodelisten resindb.status i årsagens periode.",
        on=Report,
        violated=the.status.outside("resindb.status", during=the.cause_period),
    ),
    Rule(
        "15.c",
        15003,
        "Resultatindberetningens ansvarlige enhed fandtes ikke i SOR på noget tidspunkt i årsagens periode.",
        on=Report,
        violated=either(the.unit.closed < the.cause_start, the.unit.opened > the.cause_end),
    ),
)
