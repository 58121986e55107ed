"""A screening of a newborn child's hearing (RAA06)."""

from __future__ import annotations

from datetime import timedelta

from mockregister.builders.terms import sks
from mockregister.synthetic.stage import Scenario, Stage, aged


def play(stage: Stage) -> None:
    """The child is screened in one short visit in its first weeks.

    If it was restless, an addendum reports the second ear.
    """
    mother, child = stage.person, stage.newborn()
    chart = stage.chart(about=child)
    unit, start = stage.unit("audiology"), stage.at(stage.between(5, 20))
    episode = chart.episode(stage.at(2, 9), unit, "ALAL52", origin="ALDA20", referrer=mother.region.units["birth"])
    visit = chart.encounter(episode, start, start + timedelta(minutes=25), unit)
    chart.condition(visit, "DZ135")
    for ear in ("TUL1", "TUL2"):
        screening = chart.procedure(visit, "ZZ7306A", start + timedelta(minutes=5), 10, unit, side=sks(ear))
        chart.report(screening, "RAA06", unit, {"RDA80": "ZPR01A"})
        if ear == "TUL1" and stage.chance(0.3):
            chart.send(start + timedelta(hours=1))
    chart.close(episode, start + timedelta(minutes=25))
    chart.send(start + timedelta(hours=3))


SCENARIO = Scenario("hearing", "Neonatal hørescreening", 26, 4, play, aged(20, 43, "F"), group="pregnancy")
