"""Rules on the report as a whole, the patient (patient) and the unofficial residence (uofficiel bopæl)."""

from __future__ import annotations

from mockregister.validation.rules.expression import both, either, the
from mockregister.validation.rules.facts import Episode, Referral, Residence
from mockregister.validation.rules.rule import Rule

RULES = (
    Rule(
        "00.01",
        1,
        "Intet tidspunkt i det indberettede må ligge senere end indberetningens eget tidsstempel, og tidsstemplet må ikke "
        "ligge i fremtiden.",
        on=Episode,
        violated=either(the.reported.missing, the.reported > the.now, the.latest_time > the.reported),
    ),
    Rule(
        "01.01",
        101,
        "Forløbselementet starter før den dag, hvor patienten er født.",
        on=Episode,
        violated=the.start.day() < the.patient.born,
        stands_at=the.patient,
    ),
    Rule(
        "01.11",
        111,
        "Henvisningen er dateret før den dag, hvor patienten er født.",
        on=Referral,
        violated=the.time.day() < the.patient.born,
        stands_at=the.patient,
    ),
    Rule(
        "01.a",
        10011,
        "Bopælens landekode findes ikke: den skal være 5100 til 5799, 5902 eller 5999.",
        on=Residence,
        violated=either(
            the.country < "5100",
            both(the.country > "5799", the.country.is_not("5902"), the.country.is_not("5999")),
        ),
    ),
    Rule(
        "01.b",
        10021,
        "Bopælens kommunekode findes ikke: den skal være 0009, 0101 til 0860 eller 0956 til 0961.",
        on=Residence,
        violated=both(
            the.municipality.is_not("0009"),
            either(the.municipality < "0101", the.municipality > "0860"),
            either(the.municipality < "0956", the.municipality > "0961"),
        ),
    ),
)
