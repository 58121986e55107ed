"""Rules on cancer that spreads or returns: metastases (metastaser) and local recurrences (lokalrecidiver) of a condition."""

from __future__ import annotations

from mockregister.validation.rules.checks import invalid_during
from mockregister.validation.rules.expression import both, either, the
from mockregister.validation.rules.facts import AnyCondition, MainCondition, MinorCondition
from mockregister.validation.rules.rule import Rule

AT_THE_TIME = the.encounter.period
PRIMARY_CANCER = the.code.inside("diag.primkraeft", during=AT_THE_TIME)
NO_PRIMARY_CANCER = the.code.outside("diag.primkraeft", during=AT_THE_TIME)
MAIN_IS_NO_PRIMARY_CANCER = either(
    the.encounter.main_condition.missing,
    the.encounter.main_condition.code.outside("diag.primkraeft", during=AT_THE_TIME),
)

RULES = (
    Rule(
        "12.109",
        12109,
        "Aktionsdiagnosen er en metastase; så skal den primære kræft være bidiagnose på samme kontakt.",
        on=MainCondition,
        violated=both(
            the.code.inside("diag.metastase", during=AT_THE_TIME),
            the.encounter.minor_codes.nowhere_in("diag.primkraeft", during=AT_THE_TIME),
        ),
        stands_at=the.encounter,
    ),
    Rule(
        "12.109a",
        12109,
        "En bidiagnose er en metastase; så skal en anden diagnose på samme kontakt være den primære kræft.",
        on=MinorCondition,
        violated=both(
            MAIN_IS_NO_PRIMARY_CANCER,
            the.code.inside("diag.metastase", during=AT_THE_TIME),
            the.other_minor_codes.nowhere_in("diag.primkraeft", during=AT_THE_TIME),
        ),
        stands_at=the.encounter,
    ),
    Rule(
        "12.110",
        12110,
        "Aktionsdiagnosen er et lokalrecidiv; så skal den primære kræft være bidiagnose på samme kontakt.",
        on=MainCondition,
        violated=both(
            the.code.inside("diag.lokalrecidiv", during=AT_THE_TIME),
            the.encounter.minor_codes.nowhere_in("diag.primkraeft", during=AT_THE_TIME),
        ),
        stands_at=the.encounter,
    ),
    Rule(
        "12.110a",
        12110,
        "En bidiagnose er et lokalrecidiv; så skal en anden diagnose på samme kontakt være den primære kræft.",
        on=MinorCondition,
        violated=both(
            MAIN_IS_NO_PRIMARY_CANCER,
            the.code.inside("diag.lokalrecidiv", during=AT_THE_TIME),
            the.other_minor_codes.nowhere_in("diag.primkraeft", during=AT_THE_TIME),
        ),
        stands_at=the.encounter,
    ),
    Rule(
        "12.111",
        12111,
        "Aktionsdiagnosen er en primær kræft; så skal det oplyses, om den har metastaser eller ej.",
        on=MainCondition,
        violated=both(PRIMARY_CANCER, the.metastases.empty),
        stands_at=the.encounter,
    ),
    Rule(
        "12.111a",
        12111,
        "En bidiagnose er en primær kræft; så skal det oplyses, om den har metastaser eller ej.",
        on=MinorCondition,
        violated=both(PRIMARY_CANCER, the.metastases.empty),
        stands_at=the.encounter,
    ),
    Rule(
        "12.112",
        12112,
        "Aktionsdiagnosen er en primær kræft; så skal det oplyses, om der er lokalrecidiv eller ej.",
        on=MainCondition,
        violated=both(PRIMARY_CANCER, the.recurrences.empty),
        stands_at=the.encounter,
    ),
    Rule(
        "12.112a",
        12112,
        "En bidiagnose er en primær kræft; så skal det oplyses, om der er lokalrecidiv eller ej.",
        on=MinorCondition,
        violated=both(PRIMARY_CANCER, the.recurrences.empty),
        stands_at=the.encounter,
    ),
    Rule(
        "13.01",
        1301,
        "Metastasekoden er en SKS-kode, der ikke gælder på noget tidspunkt i kontakten.",
        on=AnyCondition,
        violated=invalid_during(the.metastases, AT_THE_TIME),
    ),
    Rule(
        "13.101",
        13101,
        "Diagnosens metastasekode hører ikke til kodelisten diag.metastase i kontaktens periode.",
        on=AnyCondition,
        violated=the.metastases.outside("diag.metastase", during=AT_THE_TIME),
    ),
    Rule(
        "13.102a",
        13102,
        "Aktionsdiagnosen har en metastasekode, men er ikke en anmeldelsespligtig primær kræft.",
        on=MainCondition,
        violated=both(the.metastases.filled, NO_PRIMARY_CANCER),
        stands_at=the.encounter,
    ),
    Rule(
        "13.102b",
        13102,
        "En bidiagnose har en metastasekode, men er ikke en anmeldelsespligtig primær kræft.",
        on=MinorCondition,
        violated=both(the.metastases.filled, NO_PRIMARY_CANCER),
        stands_at=the.encounter,
    ),
    Rule(
        "14.01",
        1401,
        "Lokalrecidivkoden er en SKS-kode, der ikke gælder på noget tidspunkt i kontakten.",
        on=AnyCondition,
        violated=invalid_during(the.recurrences, AT_THE_TIME),
    ),
    Rule(
        "14.101",
        14101,
        "Diagnosens lokalrecidivkode hører ikke til kodelisten diag.lokalrecidiv i kontaktens periode.",
        on=AnyCondition,
        violated=the.recurrences.outside("diag.lokalrecidiv", during=AT_THE_TIME),
    ),
    Rule(
        "14.102a",
        14102,
        "Aktionsdiagnosen har en lokalrecidivkode, men er ikke en anmeldelsespligtig primær kræft.",
        on=MainCondition,
        violated=both(the.recurrences.filled, NO_PRIMARY_CANCER),
        stands_at=the.encounter,
    ),
    Rule(
        "14.102b",
        14102,
        "En bidiagnose har en lokalrecidivkode, men er ikke en anmeldelsespligtig primær kræft.",
        on=MinorCondition,
        violated=both(the.recurrences.filled, NO_PRIMARY_CANCER),
        stands_at=the.encounter,
    ),
)
