"""A Faroese patient, who is sent to Denmark for treatment and has a replacement number instead of a CPR number."""

from __future__ import annotations

from datetime import timedelta

from mockregister.codes.cpr import D_ECPR
from mockregister.model import Identifier, Residence
from mockregister.synthetic import cpr
from mockregister.synthetic.stage import Scenario, Stage, aged

FAROE_ISLANDS = "5902"


def play(stage: Stage) -> None:
    """The patient is referred from abroad and has two visits at a specialised unit."""
    person = stage.person
    number = cpr.replacement_number(person.birth, person.sex, stage.random)
    home = Residence((person.address,), "100", "Tórshavn", country=FAROE_ISLANDS)
    chart = stage.chart(person.named(Identifier(D_ECPR, number), home))
    unit, disease = stage.unit("medical"), stage.one_of("DI489", "DE119", "DM809")
    episode = chart.episode(stage.at(0, 9), unit, "ALAL99", origin="ALDA50", reason=disease)
    for days in (4, 32):
        start = stage.at(days)
        end = start + timedelta(minutes=45)
        visit = chart.encounter(episode, start, end, unit)
        chart.condition(visit, disease)
        chart.procedure(visit, "UXUC80" if days == 4 else "BVAA20", start + timedelta(minutes=10), 20, unit)
        if days > 30:
            chart.close(episode, end)
        chart.send(end + timedelta(hours=1))


SCENARIO = Scenario("faroese", "Færøsk patient med erstatningsnummer", 39, 1, play, aged(45), planned=True)
