"""A patient who is dead on arrival."""

from __future__ import annotations

from datetime import timedelta

from mockregister.synthetic.chart import ACUTE, DEATH
from mockregister.synthetic.stage import Scenario, Stage, aged


def play(stage: Stage) -> None:
    """The patient is brought in and declared dead."""
    chart, unit = stage.chart(), stage.unit("acute")
    start = stage.at(0, stage.between(1, 22), stage.between(0, 59))
    end = start + timedelta(minutes=stage.between(20, 90))
    episode = chart.episode(start, unit, "ALAL02", origin="ALDA11")
    chart.condition(chart.encounter(episode, start, end, unit, DEATH, ACUTE), "DR992")
    chart.close(episode, end, "ALAC70")
    chart.send(end + timedelta(hours=2))


SCENARIO = Scenario("dead-on-arrival", "Død ved ankomst", 2, 1, play, aged(45), last=True)
