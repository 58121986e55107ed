"""What EHRs do to what they have sent: late additions, corrections, removals, and a set told all over again."""

from __future__ import annotations

from datetime import timedelta

from mockregister.synthetic.chart import VIRTUAL, sks
from mockregister.synthetic.stage import Scenario, Stage, aged


def play(stage: Stage) -> None:
    """Two visits; a procedure is added late, a diagnosis corrected, a visit removed; in the end the set may start over."""
    chart, unit, disease = stage.chart(), stage.unit("medical"), stage.one_of("DI109", "DJ449", "DE119")
    episode = chart.episode(stage.at(0, 9), unit, "ALAL99", reason=disease)
    first = chart.encounter(episode, start := stage.at(3), start + timedelta(minutes=40), unit)
    wrong = chart.condition(first, "DR101" if stage.chance(0.5) else "DZ039")
    chart.send(start + timedelta(hours=2))
    chart.procedure(first, "UXUC80", start + timedelta(minutes=10), 20, unit)
    chart.change(wrong, code=sks(disease))
    chart.send(stage.at(9))
    mistaken = chart.encounter(episode, call := stage.at(12), call + timedelta(minutes=10), unit, VIRTUAL)
    chart.condition(mistaken, disease)
    chart.procedure(mistaken, "BVAA33A", call, 10, unit)
    chart.send(call + timedelta(hours=1))
    chart.remove(mistaken)
    chart.send(stage.at(15))
    if stage.chance(0.4):
        chart.end(first, start + timedelta(minutes=55))
        chart.start_over(stage.at(18))


SCENARIO = Scenario("corrections", "Rettelser, sene tilføjelser og sletninger", 21, 9, play, aged(40), planned=True)
