"""Rules on the conditions of an encounter (aktionsdiagnose, bidiagnose).

A rule on AnyCondition looks at both kinds. Most findings are reported at the encounter, as in the rule list.
"""

from __future__ import annotations

from mockregister.validation.rules.checks import invalid_during, never_valid_together
from mockregister.validation.rules.expression import both, either, the
from mockregister.validation.rules.facts import AnyCondition, MainCondition, MinorCondition
from mockregister.validation.rules.rule import Rule

AT_THE_TIME = the.encounter.period
NOT_FACE_TO_FACE = both(
    the.encounter.type.outside("admin.konttype.fysfr", during=AT_THE_TIME),
    the.encounter.type.outside("admin.konttype.udeko", during=AT_THE_TIME),
)
NOT_ACUTE = the.encounter.priority.outside("admin.prioritet.akut", during=AT_THE_TIME)

RULES = (
    Rule(
        "12.03.101",
        1203101,
        "Aktionsdiagnosen skal have diagnosearten aktionsdiagnose.",
        on=MainCondition,
        violated=the.kind.outside("admin.diagart.aktdia", during=AT_THE_TIME),
        stands_at=the.encounter,
    ),
    Rule(
        "12.03.103",
        1203103,
        "En aktionsdiagnose for fødsel kræver en akut kontakt med fysisk fremmøde eller en akut udekontakt.",
        on=MainCondition,
        violated=both(the.code.inside("diag.foedmor", during=AT_THE_TIME), either(NOT_ACUTE, NOT_FACE_TO_FACE)),
        stands_at=the.encounter,
    ),
    Rule(
        "12.03.105",
        1203105,
        "En aktionsdiagnose for et levendefødt barn kræver en akut kontakt med fysisk fremmøde eller en akut udekontakt.",
        on=MainCondition,
        violated=both(the.code.inside("diag.foedbarn.vital", during=AT_THE_TIME), either(NOT_ACUTE, NOT_FACE_TO_FACE)),
        stands_at=the.encounter,
    ),
    Rule(
        "12.03.106",
        1203106,
        "En aktionsdiagnose for et dødfødt barn kræver, at kontakten er af typen død.",
        on=MainCondition,
        violated=both(
            the.code.inside("diag.foedbarn.doed", during=AT_THE_TIME),
            the.encounter.type.outside("admin.konttype.doed", during=AT_THE_TIME),
        ),
        stands_at=the.encounter,
    ),
    Rule(
        "12.03.108",
        1203108,
        "Aktionsdiagnosen fortæller om et levendefødt barn efter provokeret abort; så skal en abortdiagnose være bidiagnose.",
        on=MainCondition,
        violated=both(
            the.code.inside("diag.foedmor.samraad", during=AT_THE_TIME),
            the.encounter.minor_codes.nowhere_in("diag.abort.samraad", during=AT_THE_TIME),
        ),
        stands_at=the.encounter,
    ),
    Rule(
        "12.03.109",
        1203109,
        "En aktionsdiagnose, der siger, at patienten er død, kræver, at kontakten er af typen død.",
        on=MainCondition,
        violated=both(
            the.code.inside("diag.doed", at=the.encounter.start),
            the.encounter.type.outside("admin.konttype.doed", at=the.encounter.start),
        ),
        stands_at=the.encounter,
    ),
    Rule(
        "12.04.101",
        1204101,
        "Bidiagnosen skal have diagnosearten bidiagnose.",
        on=MinorCondition,
        violated=the.kind.outside("admin.diagart.bidiag", during=AT_THE_TIME),
        stands_at=the.encounter,
    ),
    Rule(
        "12.101a",
        12101,
        "Aktionsdiagnosens kode hører ikke til kodelisten diag i kontaktens periode.",
        on=MainCondition,
        violated=the.code.outside("diag", during=AT_THE_TIME),
        stands_at=the.encounter,
    ),
    Rule(
        "12.101b",
        121011,
        "En bidiagnoses kode hører ikke til kodelisten diag i kontaktens periode.",
        on=MinorCondition,
        violated=the.code.outside("diag", during=AT_THE_TIME),
        stands_at=the.encounter,
    ),
    Rule(
        "12.102",
        12102,
        "Diagnosen findes i en højre og en venstre side, og siden skal oplyses.",
        on=AnyCondition,
        violated=both(the.code.inside("diag.lateral", during=AT_THE_TIME), the.side.missing),
        stands_at=the.encounter,
    ),
    Rule(
        "12.104",
        12104,
        "Barnets fødselsdiagnose er indberettet som bidiagnose; den skal være aktionsdiagnose.",
        on=MinorCondition,
        violated=the.code.inside("diag.foedbarn", during=AT_THE_TIME),
        stands_at=the.encounter,
    ),
    Rule(
        "12.105",
        12105,
        "Moderens fødselsdiagnose er indberettet som bidiagnose; den skal være aktionsdiagnose.",
        on=MinorCondition,
        violated=the.code.inside("diag.foedmor", during=AT_THE_TIME),
        stands_at=the.encounter,
    ),
    Rule(
        "12.107a",
        12107,
        "En diagnose for ydre årsag (DX, DY) kan ikke være aktionsdiagnose.",
        on=MainCondition,
        violated=the.code.inside("diag.ydreaarsag", during=AT_THE_TIME),
        stands_at=the.encounter,
    ),
    Rule(
        "12.107b",
        12107,
        "En bidiagnose for ydre årsag (DX, DY) kræver, at kontaktens ansvarlige enhed har et psykiatrisk speciale.",
        on=MinorCondition,
        violated=both(the.encounter.unit.somatic, the.code.inside("diag.ydreaarsag", during=AT_THE_TIME)),
        stands_at=the.encounter,
    ),
    Rule(
        "12.51",
        1251,
        "Diagnosearten er en SKS-kode, der ikke gælder på noget tidspunkt i kontakten.",
        on=AnyCondition,
        violated=invalid_during(the.kind, AT_THE_TIME),
    ),
    Rule(
        "12.52",
        1252,
        "Diagnosen er en SKS-kode, der ikke gælder på noget tidspunkt i kontakten.",
        on=AnyCondition,
        violated=invalid_during(the.code, AT_THE_TIME),
    ),
    Rule(
        "12.54",
        1254,
        "Diagnosens sideangivelse er en SKS-kode, der ikke gælder på noget tidspunkt i kontakten.",
        on=AnyCondition,
        violated=invalid_during(the.side, AT_THE_TIME),
    ),
    Rule(
        "12.59-1",
        1259,
        "Diagnosen har en tillægskode, der ikke gælder samtidig med diagnosekoden.",
        on=AnyCondition,
        violated=never_valid_together(the.code.supplementary, the.code),
    ),
    Rule(
        "12.59",
        1259,
        "Diagnosen har en tillægskode, der ikke gælder på noget tidspunkt i den afsluttede kontakt.",
        on=AnyCondition,
        violated=both(the.encounter.end.given, invalid_during(the.code.supplementary, AT_THE_TIME)),
    ),
    Rule(
        "12.a-1",
        12001,
        "Aktionsdiagnosens diagnoseart hører ikke til kodelisten admin.diagart i kontaktens periode.",
        on=MainCondition,
        violated=the.kind.outside("admin.diagart", during=AT_THE_TIME),
        stands_at=the.encounter,
    ),
    Rule(
        "12.a-2",
        12001,
        "En bidiagnoses diagnoseart hører ikke til kodelisten admin.diagart i kontaktens periode.",
        on=MinorCondition,
        violated=the.kind.outside("admin.diagart", during=AT_THE_TIME),
        stands_at=the.encounter,
    ),
    Rule(
        "12.c-1",
        12003,
        "Aktionsdiagnosens sideangivelse hører ikke til kodelisten spec.lateraldiag i kontaktens periode.",
        on=MainCondition,
        violated=the.side.outside("spec.lateraldiag", during=AT_THE_TIME),
        stands_at=the.encounter,
    ),
    Rule(
        "12.c-2",
        12003,
        "En bidiagnoses sideangivelse hører ikke til kodelisten spec.lateraldiag i kontaktens periode.",
        on=MinorCondition,
        violated=the.side.outside("spec.lateraldiag", during=AT_THE_TIME),
        stands_at=the.encounter,
    ),
)
