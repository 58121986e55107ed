"""Rules on the markers of an episode of care (forløbsmarkør)."""

from __future__ import annotations

from mockregister.validation.rules.checks import invalid_at
from mockregister.validation.rules.expression import the
from mockregister.validation.rules.facts import Marker
from mockregister.validation.rules.rule import Rule

RULES = (
    Rule(
        "04.01",
        401,
        "Forløbsmarkøren er sat, før forløbselementet starter.",
        on=Marker,
        violated=the.time < the.episode.start,
        stands_at=the.episode,
    ),
    Rule(
        "04.02",
        402,
        "Forløbsmarkøren er sat, efter at forløbselementet er slut.",
        on=Marker,
        violated=the.time > the.episode.end,
        stands_at=the.episode,
    ),
    Rule(
        "04.51",
        451,
        "Forløbsmarkøren er en SKS-kode, der ikke gælder, når markøren sættes.",
        on=Marker,
        violated=invalid_at(the.code, the.time),
    ),
    Rule(
        "04.a",
        4001,
        "Forløbsmarkøren hører ikke til kodelisten forloeb.markoer på markørens tidspunkt.",
        on=Marker,
        violated=the.code.outside("forloeb.markoer", at=the.time),
    ),
)
