"""An abortion before the end of the twelfth week, with its report (RAA04)."""

from __future__ import annotations

from datetime import timedelta

from mockregister.synthetic.stage import Scenario, Stage, aged


def play(stage: Stage) -> None:
    """The patient is treated in one visit and telephoned later; the second document has the report."""
    chart, unit = stage.chart(), stage.unit("gynaecology")
    start, call = stage.at(3), stage.at(17)
    end = start + timedelta(hours=2)
    episode = chart.episode(stage.at(0, 9), unit, "ALAL51", reason="DO049")
    visit = chart.encounter(episode, start, end, unit)
    abortion = chart.condition(visit, "DO049")
    chart.procedure(visit, stage.one_of("BKHD401A", "BKHD411", "KLCH03"), start + timedelta(minutes=30), 30, unit)
    chart.report(abortion, "RAA04", unit, {"RDA20": f"RGAA0{stage.between(7, 9)}0{stage.between(0, 6)}"})
    chart.send(end + timedelta(hours=1))
    talk = chart.encounter(episode, call, call + timedelta(minutes=10), unit, "ALCA03")
    chart.condition(talk, "DZ098")
    chart.procedure(talk, "BVAA33A", call, 10, unit)
    chart.close(episode, call + timedelta(minutes=10))
    chart.send(call + timedelta(hours=1))


SCENARIO = Scenario("abortion", "Provokeret abort", 24, 3, play, aged(16, 42, "F"), group="pregnancy", planned=True)
