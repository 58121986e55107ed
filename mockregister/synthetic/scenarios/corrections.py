"""How EHRs change what they have sent: late additions, corrections, removals, and a set that is sent anew."""

from __future__ import annotations

from datetime import timedelta

from mockregister.builders.terms import sks
from mockregister.synthetic.chart import VIRTUAL
from mockregister.synthetic.stage import Scenario, Stage, aged

FOUND = (("DR074", "DI109"), ("DR002", "DI489"), ("DR060", "DI509"))  # the symptom, and the disease that causes it


def play(stage: Stage) -> None:
    """A procedure is added late to the first visit, and its diagnosis is corrected or refuted; the second visit is removed.

    Sometimes the whole set is replaced.
    """
    chart, unit, (complaint, disease) = stage.chart(), stage.unit("medical"), stage.random.choice(FOUND)
    episode = chart.episode(stage.at(0, 9), unit, "ALAL99", reason=disease)
    first = chart.encounter(episode, start := stage.at(3), start + timedelta(minutes=40), unit)
    wrong = chart.condition(first, complaint if stage.chance(0.5) else "DZ039")
    chart.send(start + timedelta(hours=2))
    chart.procedure(first, "UXUC80", start + timedelta(minutes=10), 20, unit)
    if stage.chance(0.6):
        chart.change(wrong, code=sks(disease))
    else:
        chart.change(wrong, negated=True)
    chart.send(stage.at(9))
    mistaken = chart.encounter(episode, call := stage.at(16), call + timedelta(minutes=10), unit, VIRTUAL)
    chart.condition(mistaken, disease)
    chart.procedure(mistaken, "BVAA33A", call, 10, unit)
    chart.send(call + timedelta(hours=1))
    chart.remove(mistaken)
    chart.send(stage.at(22))
    if stage.chance(0.4):
        chart.end(first, start + timedelta(minutes=55))
        chart.start_over(stage.at(28))


SCENARIO = Scenario("corrections", "Rettelser, sene tilføjelser og sletninger", 34, 9, play, aged(40), planned=True)
