"""A patient without a home: an unofficial residence in an unknown municipality."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from mockregister.model import Residence
from mockregister.synthetic.chart import ACUTE, ILLNESS
from mockregister.synthetic.stage import Scenario, Stage, aged

UNKNOWN, DENMARK = "0009", "5100"


def play(stage: Stage) -> None:
    """The patient comes with a wound that does not heal; the report is sent anew when the address of a shelter is known."""
    start = stage.at(0, stage.between(9, 22))
    end, home = start + timedelta(hours=3), stage.person.home
    nowhere = Residence(("Uden fast bopæl",), home.postal_code, home.town, UNKNOWN, DENMARK, start=start)
    chart, unit = stage.chart(stage.person.named(residence=nowhere)), stage.unit("acute")
    episode = chart.episode(start, unit, "ALAL99", origin="ALDA00")
    visit = chart.encounter(episode, start, end, unit, priority=ACUTE, reason=ILLNESS)
    condition = chart.condition(visit, stage.one_of("DL031", "DL984", "DL979"))
    chart.procedure(visit, "BNPA", start + timedelta(minutes=50), 20, unit)
    chart.close(episode, end)
    chart.send(end + timedelta(hours=1))
    if stage.chance(0.5):
        shelter = replace(nowhere, street=(stage.person.address,), municipality=home.code)
        chart.patient = stage.person.named(residence=shelter)
        chart.change(condition)
        chart.send(stage.at(2))


SCENARIO = Scenario("unknown-residence", "Ukendt bopæl", 8, 2, play, aged(18, 80))
