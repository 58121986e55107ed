"""A diagnosis that is reported without a visit, because a test result came in (diagnoseindberetning)."""

from __future__ import annotations

from datetime import timedelta

from mockregister.synthetic.chart import DIAGNOSIS_REPORT
from mockregister.synthetic.stage import Scenario, Stage, aged


def play(stage: Stage) -> None:
    """The encounter takes one minute, as the guide requires."""
    chart, unit = stage.chart(), stage.unit("medical")
    start = stage.at(0)
    episode = chart.episode(start, unit, "ALAL99", origin="ALDA00")
    minute = start + timedelta(minutes=1)
    chart.condition(chart.encounter(episode, start, minute, unit, DIAGNOSIS_REPORT), stage.one_of("DE119", "DB182", "DI109"))
    chart.close(episode, minute)
    chart.send(start + timedelta(minutes=30))


SCENARIO = Scenario("diagnosis-report", "Diagnoseindberetning", 6, 4, play, aged(40))
