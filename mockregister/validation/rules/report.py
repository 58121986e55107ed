"""Rules on any result report (resultatindberetning): its name, its status and its unit, depending on its cause."""

from __future__ import annotations

from mockregister.validation.rules.checks import invalid_at, invalid_during
from mockregister.validation.rules.expression import either, the
from mockregister.validation.rules.facts import Encounter, Episode, MainCondition, Marker, MinorCondition, Procedure, Report
from mockregister.validation.rules.rule import Rule

RULES = (
    Rule(
        "15.01",
        1501,
        "Resultatindberetningens navn er en SKS-kode, der ikke gælder, når det udløsende forløbselement starter.",
        on=Report,
        cause=Episode,
        violated=invalid_at(the.name, the.cause_start),
    ),
    Rule(
        "15.02",
        1502,
        "Resultatindberetningens navn er en SKS-kode, der ikke gælder, når den udløsende forløbsmarkør sættes.",
        on=Report,
        cause=Marker,
        violated=invalid_at(the.name, the.cause_start),
    ),
    Rule(
        "15.03",
        1503,
        "Resultatindberetningens navn er en SKS-kode, der ikke gælder, når den udløsende kontakt starter.",
        on=Report,
        cause=Encounter,
        violated=invalid_at(the.name, the.cause_start),
    ),
    Rule(
        "15.05",
        1505,
        "Resultatindberetningens navn er en SKS-kode, der ikke gælder på noget tidspunkt i den udløsende diagnoses kontakt.",
        on=Report,
        cause=MainCondition,
        violated=invalid_during(the.name, the.cause_period),
        stands_at=the.condition.encounter,
    ),
    Rule(
        "15.06",
        1506,
        "Resultatindberetningens navn er en SKS-kode, der ikke gælder, når den udløsende procedure starter.",
        on=Report,
        cause=Procedure,
        violated=invalid_at(the.name, the.cause_start),
    ),
    Rule(
        "15.11",
        1511,
        "Resultatindberetningens status er en SKS-kode, der ikke gælder, når det udløsende forløbselement starter.",
        on=Report,
        cause=Episode,
        violated=invalid_at(the.status, the.cause_start),
    ),
    Rule(
        "15.12",
        1512,
        "Resultatindberetningens status er en SKS-kode, der ikke gælder, når den udløsende forløbsmarkør sættes.",
        on=Report,
        cause=Marker,
        violated=invalid_at(the.status, the.cause_start),
    ),
    Rule(
        "15.13",
        1513,
        "Resultatindberetningens status er en SKS-kode, der ikke gælder, når den udløsende kontakt starter.",
        on=Report,
        cause=Encounter,
        violated=invalid_at(the.status, the.cause_start),
    ),
    Rule(
        "15.15-1",
        1515,
        "Resultatindberetningens status er en SKS-kode, der ikke gælder på noget tidspunkt i den udløsende bidiagnoses kontakt.",
        on=Report,
        cause=MinorCondition,
        violated=invalid_during(the.status, the.cause_period),
        stands_at=the.condition.encounter,
    ),
    Rule(
        "15.15",
        1515,
        "Resultatindberetningens status er en SKS-kode, der ikke gælder på noget tidspunkt i den udløsende aktionsdiagnoses "
        "kontakt.",
        on=Report,
        cause=MainCondition,
        violated=invalid_during(the.status, the.cause_period),
        stands_at=the.condition.encounter,
    ),
    Rule(
        "15.16",
        1516,
        "Resultatindberetningens status er en SKS-kode, der ikke gælder, når den udløsende procedure starter.",
        on=Report,
        cause=Procedure,
        violated=invalid_at(the.status, the.cause_start),
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
