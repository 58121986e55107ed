"""Rules on the episode of care (forløbselement)."""

from __future__ import annotations

from mockregister.validation.rules.checks import invalid_at, invalid_during
from mockregister.validation.rules.expression import both, the
from mockregister.validation.rules.facts import Episode
from mockregister.validation.rules.rule import Rule

RULES = (
    Rule("02.01", 201, "Forløbselementet skal slutte senere, end det starter.", on=Episode, violated=the.end <= the.start),
    Rule(
        "02.02",
        202,
        "Forløbselementet har et sluttidspunkt, men det er ikke oplyst, hvordan det blev afsluttet.",
        on=Episode,
        violated=both(the.completion.missing, the.end.given),
    ),
    Rule(
        "02.03",
        203,
        "Forløbselementet skal starte senere end det forløbselement, som det henviser til.",
        on=Episode,
        violated=the.start <= the.link.episode.start,
    ),
    Rule(
        "02.41",
        241,
        "Forløbselementets ansvarlige enhed var endnu ikke åbnet i SOR, da forløbselementet startede.",
        on=Episode,
        violated=the.unit.opened > the.start,
    ),
    Rule(
        "02.42",
        242,
        "Forløbselementets ansvarlige enhed var allerede lukket i SOR, da forløbselementet startede.",
        on=Episode,
        violated=the.start > the.unit.closed,
    ),
    Rule(
        "02.43",
        243,
        "Forløbselementets ansvarlige enhed er lukket; forløbselementet skal slutte senest, når enheden lukker.",
        on=Episode,
        violated=the.unit.closed < the.end,
    ),
    Rule(
        "02.44",
        244,
        "Forløbselementets ansvarlige enhed findes ikke længere i SOR ved forløbselementets slutning.",
        on=Episode,
        violated=the.unit.closed < the.end,
    ),
    Rule(
        "02.51",
        251,
        "Forløbselementets label er en SKS-kode, der ikke gælder på noget tidspunkt i forløbselementet.",
        on=Episode,
        violated=invalid_during(the.label, the.period),
    ),
    Rule(
        "02.55",
        255,
        "Afslutningsmåden er en SKS-kode, der ikke gælder, når forløbselementet slutter.",
        on=Episode,
        violated=invalid_at(the.completion, the.end),
    ),
    Rule(
        "02.a",
        2001,
        "Forløbselementets label hører ikke til kodelisten forloeb.label, da forløbselementet startede.",
        on=Episode,
        violated=both(the.start.given, the.label.outside("forloeb.label", at=the.start)),
    ),
    Rule(
        "02.b",
        2002,
        "Afslutningsmåden hører ikke til kodelisten admin.afslutmaade i forløbselementets periode.",
        on=Episode,
        violated=the.completion.outside("admin.afslutmaade", during=the.period),
    ),
)
