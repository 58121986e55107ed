"""Rules on a link from one episode of care to another (reference mellem forløbselementer)."""

from __future__ import annotations

from mockregister.validation.rules.checks import invalid_at
from mockregister.validation.rules.expression import both, the
from mockregister.validation.rules.facts import Episode
from mockregister.validation.rules.rule import Rule

RULES = (
    Rule(
        "03.101",
        3101,
        "Referencetypen kræver, at de to forløbselementer handler om samme patient, men de har intet patient-id til fælles.",
        on=Episode,
        violated=both(
            the.link.code.inside("forloeb.reftype.ident_id", at=the.start), the.link.episode.given, the.link.other_patient
        ),
    ),
    Rule(
        "03.102",
        3102,
        "Referencetypen kræver, at de to forløbselementer handler om to patienter, men de har et patient-id til fælles.",
        on=Episode,
        violated=both(the.link.code.inside("forloeb.reftype.diff_id", at=the.start), the.link.same_patient),
    ),
    Rule(
        "03.51",
        351,
        "Referencetypen er en SKS-kode, der ikke gælder, når forløbselementet starter.",
        on=Episode,
        violated=invalid_at(the.link.code, the.start),
    ),
    Rule(
        "03.a",
        3001,
        "Referencetypen hører ikke til kodelisten forloeb.reftype, da forløbselementet startede.",
        on=Episode,
        violated=both(the.start.given, the.link.code.outside("forloeb.reftype", at=the.start)),
    ),
)
