"""Rules on the referral (henvisning) of an episode of care or of an encounter."""

from __future__ import annotations

from mockregister.validation.rules.checks import invalid_at
from mockregister.validation.rules.expression import the
from mockregister.validation.rules.facts import Referral
from mockregister.validation.rules.rule import Rule

RULES = (
    Rule(
        "06.01",
        601,
        "Henvisningen til forløbselementet er dateret senere, end forløbselementet starter.",
        on=Referral,
        violated=the.time > the.episode.start,
    ),
    Rule(
        "06.02",
        602,
        "Henvisningen til kontakten skal være dateret tidligere, end kontakten starter.",
        on=Referral,
        violated=the.time >= the.encounter.start,
    ),
    Rule(
        "06.51",
        651,
        "Henvisningsårsagen er en SKS-kode, der ikke gælder på henvisningens tidspunkt.",
        on=Referral,
        violated=invalid_at(the.reason, the.time),
    ),
    Rule(
        "06.53",
        653,
        "Henvisningsmåden er en SKS-kode, der ikke gælder på henvisningens tidspunkt.",
        on=Referral,
        violated=invalid_at(the.origin, the.time),
    ),
    Rule(
        "06.59",
        659,
        "Henvisningsårsagen har en tillægskode, der ikke gælder på henvisningens tidspunkt.",
        on=Referral,
        violated=invalid_at(the.reason.supplementary, the.time),
    ),
    Rule(
        "06.a",
        6001,
        "Henvisningsårsagen er hverken en diagnose (diag) eller en procedure (proc.act, proc.opr, proc.und).",
        on=Referral,
        violated=the.reason.outside("diag", "proc.act", "proc.opr", "proc.und", at=the.time),
    ),
    Rule(
        "06.b",
        6002,
        "Henvisningsmåden hører ikke til kodelisten admin.henvmaade på henvisningens tidspunkt.",
        on=Referral,
        violated=the.origin.outside("admin.henvmaade", at=the.time),
    ),
    Rule(
        "06.c",
        6003,
        "Fritvalgskoden hører ikke til kodelisten admin.fritvalg på henvisningens tidspunkt.",
        on=Referral,
        violated=the.free_choice.outside("admin.fritvalg", at=the.time),
    ),
)
